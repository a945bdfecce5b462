//! `GET|DELETE /organisations/{id}/members[/{personId}]`.

use crate::app::App;
use crate::http::page::{List, Page};
use crate::http::problem::Answer;
use crate::http::{Id, Params, Problem};
use crate::identity::SignedIn;
use crate::identity::permission::require;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, FixedOffset};
use domain::id::{OrganisationId, PersonId};
use domain::identity::permission::Action;
use domain::time::local;
use infra::audit::Acting;
use infra::identity::member;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MemberView {
    /// `prs_…`
    person: String,
    /// What others see of them.
    nickname: Option<String>,
    /// `owner`, `manager` or `staff`.
    role: &'static str,
    /// The one thing it is for, if it is narrowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// Since when.
    since: DateTime<FixedOffset>,
}

/// The members of an organisation
///
/// For its owners and operators; each look at them is in the audit log.
#[utoipa::path(get, path = "/api/v1/organisations/{id}/members", operation_id = "listMembers", tag = "identity",
    params(("id" = String, Path, description = "org_…"), PageQuery), security(("bearer" = [])),
    responses((status = 200, body = List<MemberView>)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Id(id): Id<OrganisationId>,
    Params(query): Params<PageQuery>,
) -> Answer<Json<List<MemberView>>> {
    require(&app, me, Action::ManageMembers, id, None, true).await?;
    let page = Page::parse(query.limit, query.cursor.as_deref())?;
    let after = page.after::<Uuid>()?;
    let acting = Acting { organisation: Some(id), ..me.acting(&headers) };
    acting.did("members.read", "organisation", id).record(&app.database, &app.random, app.now()).await?;
    let members = member::list(app.database.reader(), id, after, page.limit + 1).await?;
    let list = List::cut(members, &page, |member| member.id);
    Ok(Json(list.map(|member| MemberView {
        person: member.person.to_string(),
        nickname: member.nickname,
        role: member.membership.role.word(),
        scope: member.membership.scope.map(|scope| scope.to_string()),
        since: local(member.since),
    })))
}

/// Take all roles of a person away, or leave
///
/// At once. The last owner cannot leave.
#[utoipa::path(delete, path = "/api/v1/organisations/{id}/members/{personId}", operation_id = "removeMember",
    tag = "identity", params(("id" = String, Path, description = "org_…"), ("personId" = String, Path, description = "prs_…")),
    security(("bearer" = [])), responses((status = 204)))]
pub async fn remove(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Path((id, person)): Path<(String, String)>,
) -> Answer<StatusCode> {
    let id: OrganisationId = id.parse().map_err(|_| Problem::not_found())?;
    let person: PersonId = person.parse().map_err(|_| Problem::not_found())?;
    if person != me.person {
        require(&app, me, Action::ManageMembers, id, None, true).await?;
    }
    let acting = Acting { organisation: Some(id), ..me.acting(&headers) };
    member::remove(&app.database, &app.tokens, &app.random, (id, person), &acting, app.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
