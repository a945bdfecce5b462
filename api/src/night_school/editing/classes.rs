//! `POST /classes`, `GET /classes/{id}/edit`, `PUT /classes/{id}`, publishing, calling off, an organisation's list.

use super::class_form::{ClassForm, EditableClass};
use super::rights::{ClassEditor, ClassPublisher};
use crate::app::App;
use crate::http::page::{List, Page};
use crate::http::problem::Answer;
use crate::http::{Body, Id, OptionalBody, Params, Problem, version};
use crate::identity::permission::require;
use crate::identity::{KeyHeader, SignedIn};
use crate::night_school::card::ClassCard;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use domain::booking::quota::Status;
use domain::geo::Datum;
use domain::id::{ClassId, OrganisationId};
use domain::identity::permission::{Action, Standing};
use domain::identity::role::Thing;
use infra::audit::Acting;
use infra::bus::Event;
use infra::identity::member;
use infra::night_school::edit::{Edited, Editing, TOPIC};
use infra::night_school::read::{self, Hold, OfOrganisation};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// Drafts and versions are for nobody to keep.
const NO_STORE: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Characters of a reason at most.
const REASON_CHARS_MAX: usize = 200;

/// Why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonRequest {
    /// Told to everybody who has a place (at most 200 characters).
    #[serde(default)]
    reason: Option<String>,
}

/// Which classes of an organisation.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StateQuery {
    /// `draft`, `open` or `cancelled`.
    state: Option<String>,
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A class in its organisation's list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnClass {
    /// What its card shows.
    #[serde(flatten)]
    card: ClassCard,
    /// `draft`, `open` or `cancelled`.
    state: &'static str,
}

fn editing<'a>(app: &'a App, acting: &'a Acting) -> Editing<'a> {
    Editing { database: &app.database, random: &app.random, acting, now: app.now() }
}

/// Tells everybody who keeps something of the class in memory.
fn told(app: &App, edited: &Edited) -> EditableClass {
    if edited.changed {
        app.bus.publish(Event::Edited(TOPIC.to_owned()));
        app.desk.edited(edited.class.quota);
    }
    EditableClass::new(&edited.class)
}

/// Make a class
///
/// A draft that nobody else sees. For managers of the school.
#[utoipa::path(post, path = "/api/v1/classes", operation_id = "createClass", tag = "night school editing",
    security(("bearer" = [])), request_body = ClassForm, responses((status = 201, body = EditableClass)))]
pub async fn create(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    key: KeyHeader,
    Body(form): Body<ClassForm>,
) -> Answer<(StatusCode, Json<EditableClass>)> {
    let spec = form.read()?;
    let school = read::schools(app.database.reader(), [spec.school], Hold::Free).await?.into_iter().next();
    let school =
        school.ok_or_else(|| Problem::invalid("/school", "没有这所学校", "there is no such school"))?;
    require(&app, me, Action::Edit, school.organisation, None, false).await?;
    let acting = Acting { organisation: Some(school.organisation), ..me.acting(&headers) };
    let key = key.bind(me.person, &form);
    let class = editing(&app, &acting).create(spec, key.as_ref()).await?;
    Ok((StatusCode::CREATED, Json(EditableClass::new(&class))))
}

/// A class to be edited
///
/// Drafts too. The version counts edits, never bookings.
#[utoipa::path(get, path = "/api/v1/classes/{id}/edit", operation_id = "getClassForEditing", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])),
    responses((status = 200, body = EditableClass)))]
pub async fn read(editor: ClassEditor) -> impl IntoResponse {
    (NO_STORE, Json(EditableClass::new(&editor.listed.class)))
}

/// Edit a class
///
/// Whole, with `If-Match: "<version>"` or `version` in the body. What is booked stays; a capacity below what is given out is
/// `too_small`.
#[utoipa::path(put, path = "/api/v1/classes/{id}", operation_id = "replaceClass", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])), request_body = ClassForm,
    responses((status = 200, body = EditableClass)))]
pub async fn update(
    State(app): State<App>,
    editor: ClassEditor,
    headers: HeaderMap,
    Body(form): Body<ClassForm>,
) -> Answer<Json<EditableClass>> {
    let version = version::edited(&headers, form.version)?;
    let spec = form.read()?;
    let edited = editing(&app, &editor.acting).update(editor.listed.class.id, version, spec).await?;
    Ok(Json(told(&app, &edited)))
}

/// Publish a class
///
/// Once more changes nothing.
#[utoipa::path(post, path = "/api/v1/classes/{id}/publish", operation_id = "publishClass", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])),
    responses((status = 200, body = EditableClass)))]
pub async fn publish(
    State(app): State<App>,
    ClassPublisher(editor): ClassPublisher,
) -> Answer<Json<EditableClass>> {
    let edited = editing(&app, &editor.acting).publish(editor.listed.class.id).await?;
    Ok(Json(told(&app, &edited)))
}

/// Call a class off
///
/// It is shut at once; everybody who has a place is freed and told. Once more changes nothing.
#[utoipa::path(post, path = "/api/v1/classes/{id}/cancel", operation_id = "cancelClass", tag = "night school editing",
    params(("id" = String, Path, description = "cls_…")), security(("bearer" = [])), request_body = ReasonRequest,
    responses((status = 200, body = EditableClass)))]
pub async fn cancel(
    State(app): State<App>,
    ClassPublisher(editor): ClassPublisher,
    OptionalBody(request): OptionalBody<ReasonRequest>,
) -> Answer<Json<EditableClass>> {
    let reason = request.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if reason.as_ref().is_some_and(|reason| reason.chars().count() > REASON_CHARS_MAX) {
        let (zh, en) =
            (format!("最多 {REASON_CHARS_MAX} 个字"), format!("{REASON_CHARS_MAX} characters at most"));
        return Err(Problem::invalid("/reason", zh, en));
    }
    let edited = editing(&app, &editor.acting).cancel(editor.listed.class.id, reason).await?;
    Ok(Json(told(&app, &edited)))
}

/// The classes of an organisation
///
/// Drafts included, newest first; for its members. Staff with a scope see the one class it names.
#[utoipa::path(get, path = "/api/v1/organisations/{id}/classes", operation_id = "listClassesOfOrganisation",
    tag = "night school editing", params(("id" = String, Path, description = "org_…"), StateQuery),
    security(("bearer" = [])), responses((status = 200, body = List<OwnClass>)))]
pub async fn of_organisation(
    State(app): State<App>,
    me: SignedIn,
    Id(id): Id<OrganisationId>,
    Params(query): Params<StateQuery>,
) -> Answer<Json<List<OwnClass>>> {
    let standing = member::standing(app.database.reader(), me.person, id).await?;
    let standing = standing.filter(Standing::is_inside).ok_or_else(Problem::not_found)?;
    let narrowed = standing.memberships.iter().map(|membership| membership.scope).collect::<Option<Vec<_>>>();
    let only = match narrowed.as_deref() {
        Some([Thing::Class(class), ..]) if !standing.is_operator => Some(*class),
        _ => None,
    };
    let status = query.state.as_deref().map(|word| {
        Status::from_word(word).ok_or_else(|| {
            Problem::invalid("state", "应为 draft、open 或 cancelled", "draft, open or cancelled")
        })
    });
    let page = Page::parse(query.limit, query.cursor.as_deref())?;
    let which = OfOrganisation {
        status: status.transpose()?,
        only,
        before: page.after::<ClassId>()?,
        limit: page.limit + 1,
    };
    let mut items = Vec::new();
    for class in read::classes_of(app.database.reader(), id, which).await? {
        if let Some(listed) = app.classes.unlisted(class.id).await? {
            let card = ClassCard::new(&listed, &class.standing, Datum::Gcj02, None, app.now());
            items.push((class.id, OwnClass { card, state: class.standing.status.word() }));
        }
    }
    Ok(Json(List::cut(items, &page, |(id, _)| *id).map(|(_, own)| own)))
}
