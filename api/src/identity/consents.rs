//! `GET|PUT /me/consents`.

use crate::app::App;
use crate::http::Body;
use crate::http::problem::Answer;
use crate::identity::SignedIn;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset};
use domain::identity::consent::check;
use domain::time::local;
use infra::identity::consent::{self, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A consent that stands.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentView {
    /// What for.
    purpose: &'static str,
    /// To which version of its text.
    version: u32,
    /// Since when.
    given_at: DateTime<FixedOffset>,
}

/// All consents that stand.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentList {
    /// One per purpose. What can be asked is in `/config`.
    items: Vec<ConsentView>,
}

/// One consent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// What for.
    purpose: String,
    /// To which version of its text: only today's.
    version: u32,
}

/// All consents from now on; what is left out is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentsRequest {
    /// One per purpose.
    items: Vec<ConsentGiven>,
}

impl From<Vec<Standing>> for ConsentList {
    fn from(standing: Vec<Standing>) -> Self {
        let view = |standing: Standing| ConsentView {
            purpose: standing.given.purpose.word(),
            version: standing.given.version,
            given_at: local(standing.given_at),
        };
        Self { items: standing.into_iter().map(view).collect() }
    }
}

/// What I consent to
#[utoipa::path(get, path = "/api/v1/me/consents", operation_id = "getMyConsents", tag = "identity",
    security(("bearer" = [])), responses((status = 200, body = ConsentList)))]
pub async fn read(State(app): State<App>, me: SignedIn) -> Answer<Json<ConsentList>> {
    Ok(Json(consent::standing(app.database.reader(), me.person).await?.into()))
}

/// Change what I consent to
#[utoipa::path(put, path = "/api/v1/me/consents", operation_id = "replaceMyConsents", tag = "identity",
    security(("bearer" = [])), request_body = ConsentsRequest, responses((status = 200, body = ConsentList)))]
pub async fn replace(
    State(app): State<App>,
    me: SignedIn,
    Body(request): Body<ConsentsRequest>,
) -> Answer<Json<ConsentList>> {
    let sent: Vec<(String, u32)> =
        request.items.into_iter().map(|given| (given.purpose, given.version)).collect();
    let given = check(&sent)?;
    Ok(Json(consent::replace(&app.database, &app.tokens, me.person, &given, app.now()).await?.into()))
}
