//! `POST /organisations`, `GET /organisations/{id}`.

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::{Body, Id, Problem};
use crate::identity::{KeyHeader, SignedIn};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use domain::id::OrganisationId;
use domain::identity::organisation::{Draft, Kind, State as Confirmed};
use infra::identity::{member, organisation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An organisation to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationRequest {
    /// `school`, `shop`, `host` or (operators only) `city`.
    kind: String,
    /// Its name.
    name: String,
    /// Its English name.
    name_en: Option<String>,
}

/// An organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationView {
    /// `org_…`
    pub id: String,
    /// `school`, `shop`, `host` or `city`.
    pub kind: &'static str,
    /// `pending` until an operator decides, `active`, `closed`.
    pub state: &'static str,
    /// Its name.
    pub name: String,
    /// Its English name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
}

impl From<organisation::Organisation> for OrganisationView {
    fn from(organisation: organisation::Organisation) -> Self {
        Self {
            id: organisation.id.to_string(),
            kind: organisation.kind.word(),
            state: organisation.state.word(),
            name: organisation.name,
            name_en: organisation.name_en,
        }
    }
}

/// Make an organisation
///
/// By a resident it is pending until decided, and theirs; by an operator it is active.
#[utoipa::path(post, path = "/api/v1/organisations", operation_id = "createOrganisation", tag = "identity",
    security(("bearer" = [])), request_body = OrganisationRequest, responses((status = 201, body = OrganisationView)))]
pub async fn create(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    key: KeyHeader,
    Body(request): Body<OrganisationRequest>,
) -> Answer<(StatusCode, Json<OrganisationView>)> {
    let kind = Kind::from_word(&request.kind).ok_or_else(|| {
        Problem::invalid("/kind", "应为 school、shop、host 或 city", "school, shop, host or city")
    })?;
    let draft = Draft::check(kind, &request.name, request.name_en.as_deref())?;
    let (key, acting) = (key.bind(me.person, &request), me.acting(&headers));
    let by = (me.person, &acting);
    let made =
        organisation::create(&app.database, &app.tokens, &app.random, draft, by, key.as_ref(), app.now())
            .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// An organisation
///
/// One that is not active is seen by its members and operators only.
#[utoipa::path(get, path = "/api/v1/organisations/{id}", operation_id = "getOrganisation", tag = "identity",
    params(("id" = String, Path, description = "org_…")), security(("bearer" = [])),
    responses((status = 200, body = OrganisationView)))]
pub async fn read(
    State(app): State<App>,
    me: SignedIn,
    Id(id): Id<OrganisationId>,
) -> Answer<Json<OrganisationView>> {
    let found = organisation::read(app.database.reader(), id).await?.ok_or_else(Problem::not_found)?;
    if found.state != Confirmed::Active {
        let standing = member::standing(app.database.reader(), me.person, id).await?;
        if !standing.is_some_and(|standing| standing.is_inside()) {
            return Err(Problem::not_found());
        }
    }
    Ok(Json(found.into()))
}
