//! `POST|PUT` for schools and terms: an operator's.

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::{Body, Id, version};
use crate::identity::KeyHeader;
use crate::identity::permission::Operator;
use crate::night_school::places::{SchoolView, TermView};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::geo::Datum;
use domain::id::{OrganisationId, QuotaId, SchoolId, TermId};
use domain::night_school::check::Check;
use domain::night_school::school::{SchoolDraft, SchoolSpec};
use domain::night_school::term::{TermDraft, TermSpec};
use domain::refusal::Refusal;
use infra::audit::Acting;
use infra::bus::Event;
use infra::night_school::edit::{Editing, TOPIC};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A school, whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SchoolForm {
    /// `org_…`: whose members run it; stays.
    organisation: String,
    /// Its name.
    name: String,
    /// Its English name.
    name_en: Option<String>,
    /// What kind of school, in the city's words.
    kind: Option<String>,
    /// The venue.
    venue: Option<String>,
    /// A district's code.
    district_code: Option<String>,
    /// Street or town.
    street: Option<String>,
    /// The address.
    address: Option<String>,
    /// Degrees north, in `datum`.
    lat: Option<f64>,
    /// Degrees east.
    lng: Option<f64>,
    /// `gcj02` (default) or `wgs84`.
    datum: Option<String>,
    /// Classes one person may take here in a term.
    max_classes_per_person: Option<i64>,
    /// The version the edit was made on, unless `If-Match` says it.
    version: Option<i64>,
}

/// A term, whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TermForm {
    /// Its name.
    name: String,
    /// Its English name.
    name_en: Option<String>,
    /// Its first day.
    starts_on: String,
    /// Its last day.
    ends_on: String,
    /// Classes one person may take in it, over all schools (default 2).
    max_classes_per_person: Option<i64>,
    /// The version the edit was made on, unless `If-Match` says it.
    version: Option<i64>,
}

impl SchoolForm {
    fn read(&self, before: Option<&SchoolSpec>) -> Result<(Option<OrganisationId>, SchoolSpec), Refusal> {
        let mut check = Check::new();
        let organisation = self.organisation.parse().ok();
        check.that(organisation.is_some(), "/organisation", "不是机构的编号", "no id of an organisation");
        let datum = match self.datum.as_deref() {
            None => Some(Datum::default()),
            Some(word) => Datum::from_word(word),
        };
        check.that(datum.is_some(), "/datum", "应为 gcj02 或 wgs84", "gcj02 or wgs84");
        let draft = SchoolDraft {
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            kind: self.kind.clone(),
            venue: self.venue.clone(),
            venue_scene_code: before.and_then(|spec| spec.venue_scene_code.clone()),
            district_code: self.district_code.clone(),
            street: self.street.clone(),
            address: self.address.clone(),
            position: self.lat.zip(self.lng),
            datum,
            coord_precision: before.and_then(|spec| spec.coord_precision.clone()),
            nearest_metro_code: before.and_then(|spec| spec.nearest_metro_code.clone()),
            nearest_metro_m: before.and_then(|spec| spec.nearest_metro_m).map(i64::from),
            max_classes_per_person: self.max_classes_per_person,
        };
        Ok((organisation, draft.check(check)?))
    }
}

impl TermForm {
    fn read(&self) -> Result<TermSpec, Refusal> {
        let mut check = Check::new();
        let draft = TermDraft {
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            starts_on: check.date("/startsOn", &self.starts_on),
            ends_on: check.date("/endsOn", &self.ends_on),
            max_classes_per_person: self.max_classes_per_person,
        };
        draft.check(check)
    }
}

fn editing<'a>(app: &'a App, acting: &'a Acting) -> Editing<'a> {
    Editing { database: &app.database, random: &app.random, acting, now: app.now() }
}

fn told(app: &App, quotas: &[QuotaId]) {
    app.bus.publish(Event::Edited(TOPIC.to_owned()));
    for quota in quotas {
        app.desk.edited(*quota);
    }
}

/// Make a school
#[utoipa::path(post, path = "/api/v1/schools", operation_id = "createSchool", tag = "night school editing",
    security(("bearer" = [])), request_body = SchoolForm, responses((status = 201, body = SchoolView)))]
pub async fn create_school(
    State(app): State<App>,
    operator: Operator,
    key: KeyHeader,
    Body(form): Body<SchoolForm>,
) -> Answer<(StatusCode, Json<SchoolView>)> {
    let (organisation, spec) = form.read(None)?;
    let organisation = organisation.ok_or(Refusal::NotFound)?;
    let key = key.bind(operator.me.person, &form);
    let school = editing(&app, &operator.acting).create_school(organisation, spec, key.as_ref()).await?;
    told(&app, &[]);
    Ok((StatusCode::CREATED, Json(SchoolView::new(&school, Datum::Gcj02))))
}

/// Edit a school
///
/// A higher limit lets those who wait for it in.
#[utoipa::path(put, path = "/api/v1/schools/{id}", operation_id = "replaceSchool", tag = "night school editing",
    params(("id" = String, Path, description = "sch_…")), security(("bearer" = [])), request_body = SchoolForm,
    responses((status = 200, body = SchoolView)))]
pub async fn update_school(
    State(app): State<App>,
    operator: Operator,
    headers: HeaderMap,
    Id(id): Id<SchoolId>,
    Body(form): Body<SchoolForm>,
) -> Answer<Json<SchoolView>> {
    let version = version::edited(&headers, form.version)?;
    let snapshot = app.classes.snapshot().await?;
    let (_, spec) = form.read(snapshot.school(id).map(|school| &school.spec))?;
    let placed = editing(&app, &operator.acting).update_school(id, version, spec).await?;
    told(&app, &placed.quotas);
    Ok(Json(SchoolView::new(&placed.now, Datum::Gcj02)))
}

/// Make a term
#[utoipa::path(post, path = "/api/v1/terms", operation_id = "createTerm", tag = "night school editing",
    security(("bearer" = [])), request_body = TermForm, responses((status = 201, body = TermView)))]
pub async fn create_term(
    State(app): State<App>,
    operator: Operator,
    key: KeyHeader,
    Body(form): Body<TermForm>,
) -> Answer<(StatusCode, Json<TermView>)> {
    let spec = form.read()?;
    let key = key.bind(operator.me.person, &form);
    let term = editing(&app, &operator.acting).create_term(spec, key.as_ref()).await?;
    told(&app, &[]);
    Ok((StatusCode::CREATED, Json(TermView::from(&term))))
}

/// Edit a term
#[utoipa::path(put, path = "/api/v1/terms/{id}", operation_id = "replaceTerm", tag = "night school editing",
    params(("id" = String, Path, description = "trm_…")), security(("bearer" = [])), request_body = TermForm,
    responses((status = 200, body = TermView)))]
pub async fn update_term(
    State(app): State<App>,
    operator: Operator,
    headers: HeaderMap,
    Id(id): Id<TermId>,
    Body(form): Body<TermForm>,
) -> Answer<Json<TermView>> {
    let version = version::edited(&headers, form.version)?;
    let placed = editing(&app, &operator.acting).update_term(id, version, form.read()?).await?;
    told(&app, &placed.quotas);
    Ok(Json(TermView::from(&placed.now)))
}
