//! `POST /organisations/{id}/invitations`, `POST /invitations/{code}/accept`.

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::{Body, Id, Problem};
use crate::identity::organisations::OrganisationView;
use crate::identity::permission::require;
use crate::identity::{KeyHeader, SignedIn};
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, FixedOffset};
use domain::id::OrganisationId;
use domain::identity::organisation::check_invitation;
use domain::identity::permission::Action;
use domain::identity::role::{Membership, Role, Thing};
use domain::time::{Instant, local};
use infra::audit::Acting;
use infra::identity::invitation::{self, Invitation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An invitation to be.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InvitationRequest {
    /// `owner`, `manager` or `staff`.
    role: String,
    /// The one class, event or shop it is for; left out = the whole organisation.
    scope: Option<String>,
    /// When it can no longer be taken up.
    expires_at: DateTime<FixedOffset>,
}

/// An invitation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// To be handed to whoever is invited.
    code: String,
    /// `owner`, `manager` or `staff`.
    role: &'static str,
    /// The one thing it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    /// When it can no longer be taken up.
    expires_at: DateTime<FixedOffset>,
}

impl InvitationRequest {
    /// What it gives, if it makes sense at `now`.
    fn check(&self, now: Instant) -> Answer<Membership> {
        let role = Role::from_word(&self.role).ok_or_else(|| {
            Problem::invalid("/role", "应为 owner、manager 或 staff", "owner, manager or staff")
        })?;
        let scope = self.scope.as_deref().map(str::parse::<Thing>).transpose();
        let scope = scope.map_err(|_| {
            Problem::invalid("/scope", "不是课程、活动或店铺的编号", "no id of a class, event or shop")
        })?;
        Ok(check_invitation(role, scope, self.expires_at.to_utc(), now)?)
    }
}

impl From<Invitation> for InvitationView {
    fn from(made: Invitation) -> Self {
        Self {
            code: made.code,
            role: made.membership.role.word(),
            scope: made.membership.scope.map(|scope| scope.to_string()),
            expires_at: local(made.expires_at),
        }
    }
}

/// What was taken up.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedView {
    /// Where.
    organisation: OrganisationView,
    /// As what.
    role: &'static str,
    /// The one thing it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// Invite somebody
#[utoipa::path(post, path = "/api/v1/organisations/{id}/invitations", operation_id = "createInvitation", tag = "identity",
    params(("id" = String, Path, description = "org_…")), security(("bearer" = [])), request_body = InvitationRequest,
    responses((status = 201, body = InvitationView)))]
pub async fn create(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Id(id): Id<OrganisationId>,
    key: KeyHeader,
    Body(request): Body<InvitationRequest>,
) -> Answer<(StatusCode, Json<InvitationView>)> {
    require(&app, me, Action::ManageMembers, id, None, true).await?;
    let membership = request.check(app.now())?;
    let expires_at = request.expires_at.to_utc();
    let acting = Acting { organisation: Some(id), ..me.acting(&headers) };
    let key = key.bind(me.person, &request);
    let wanted = (id, membership, expires_at);
    let made =
        invitation::create(&app.database, &app.random, wanted, (me.person, &acting), key.as_ref(), app.now())
            .await?;
    Ok((StatusCode::CREATED, Json(made.into())))
}

/// Take an invitation up
///
/// Once more answers the same; a code that somebody else has taken up is `wrong_state`, an old one `deadline_passed`.
#[utoipa::path(post, path = "/api/v1/invitations/{code}/accept", operation_id = "acceptInvitation", tag = "identity",
    params(("code" = String, Path)), security(("bearer" = [])), responses((status = 200, body = JoinedView)))]
pub async fn accept(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Answer<Json<JoinedView>> {
    let acting = me.acting(&headers);
    let by = (me.person, &acting);
    let (organisation, membership) =
        invitation::accept(&app.database, &app.tokens, &app.random, &code, by, app.now()).await?;
    Ok(Json(JoinedView {
        organisation: organisation.into(),
        role: membership.role.word(),
        scope: membership.scope.map(|scope| scope.to_string()),
    }))
}
