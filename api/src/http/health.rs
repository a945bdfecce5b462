//! ⌂ `/healthz`, `/readyz`, `/metrics`, and a static answer to measure with; `GET /api/v1/time` and `/config`.

use crate::app::App;
use crate::http::Problem;
use crate::http::problem::Answer;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use chrono::{DateTime, FixedOffset};
use domain::time::local;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// A static answer to measure with has so many bytes at most.
const STATIC_BYTES_MAX: usize = 64 * 1024;

/// The routes of this file that are part of the API.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(time)).routes(routes!(config))
}

/// Alive.
pub async fn healthz() -> &'static str {
    "ok"
}

/// Ready: started, the database reachable and migrated.
pub async fn readyz(State(app): State<App>) -> Response {
    let obstacle = match app.readiness.obstacle() {
        Some(obstacle) => Some(obstacle),
        None if app.database.ping().await.is_err() => Some("database"),
        None => None,
    };
    match obstacle {
        None => "ready".into_response(),
        Some(obstacle) => {
            let body = serde_json::json!({ "ready": false, "obstacle": obstacle }).to_string();
            let json = [(header::CONTENT_TYPE, "application/json")];
            (StatusCode::SERVICE_UNAVAILABLE, json, body).into_response()
        }
    }
}

/// The numbers of this process, as Prometheus reads them.
pub async fn metrics(State(app): State<App>) -> Answer<Response> {
    let text = app.metrics.text().map_err(|error| Problem::Unavailable(Arc::new(error)))?;
    let open_metrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, open_metrics)], text).into_response())
}

/// So many bytes, behind all layers: the yardstick of `changqing bench`. Embedded profile only.
pub async fn static_bytes(Path(bytes): Path<usize>) -> Answer<Bytes> {
    static ALL: [u8; STATIC_BYTES_MAX] = [b'x'; STATIC_BYTES_MAX];
    ALL.get(..bytes).map(Bytes::from_static).ok_or_else(Problem::not_found)
}

/// The server's time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Time {
    /// Now, to correct a phone's clock by.
    server_now: DateTime<FixedOffset>,
}

/// The server's time
///
/// For countdowns and passes: a phone's clock may be off.
#[utoipa::path(get, path = "/api/v1/time", operation_id = "getTime", tag = "platform",
    responses((status = 200, body = Time)))]
pub async fn time(State(app): State<App>) -> Json<Time> {
    Json(Time { server_now: local(app.now()) })
}

/// One consent and its current version.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConsentVersion {
    /// What it is for.
    purpose: &'static str,
    /// The version that counts now.
    version: u32,
    /// Whether nobody can book without it.
    needed_for_booking: bool,
    /// What is asked, in Chinese.
    text: &'static str,
    /// What is asked, in English.
    text_en: &'static str,
}

/// What a client needs to know before anybody signs in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClientConfig {
    /// Whether signing in is a rehearsal: codes are `sandbox:<who>:<anything new>`.
    sandbox: bool,
    /// Categories of classes.
    categories: Vec<&'static str>,
    /// Consents and their current versions.
    consents: Vec<ConsentVersion>,
}

/// What a client needs to know before anybody signs in
#[utoipa::path(get, path = "/api/v1/config", operation_id = "getConfig", tag = "platform",
    responses((status = 200, body = ClientConfig)))]
pub async fn config(State(app): State<App>) -> Json<ClientConfig> {
    let consents = domain::identity::consent::ASKED
        .iter()
        .map(|ask| ConsentVersion {
            purpose: ask.purpose.word(),
            version: ask.version,
            needed_for_booking: ask.needed_for_booking,
            text: ask.chinese,
            text_en: ask.english,
        })
        .collect();
    let categories =
        domain::night_school::category::Category::ALL.iter().map(|category| category.word()).collect();
    Json(ClientConfig { sandbox: app.sandboxed, categories, consents })
}
