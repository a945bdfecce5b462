//! All routes, and the document of them.

use crate::app::App;
use crate::http::edge::{Edge, EdgeLayer, EdgeLimits};
use crate::http::request_id::RequestIds;
use crate::http::{Problem, health};
use crate::{booking, home, identity, import, night_school, notice, page};
use axum::Router;
use axum::routing::get;
use std::sync::Arc;
use std::time::Duration;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;

/// What the document says of itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Changqing 常青", description = "A city's night classes, and later its events, offers and routes. \
        Errors are RFC 9457 problems with stable codes, in the language of `Accept-Language` (zh-CN, en)."),
    modifiers(&Bearer)
)]
struct Document;

struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = document.components.get_or_insert_with(utoipa::openapi::Components::default);
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// The routes that the document describes.
fn described() -> (Router<App>, utoipa::openapi::OpenApi) {
    OpenApiRouter::with_openapi(Document::openapi())
        .merge(health::router())
        .merge(identity::router())
        .merge(notice::router())
        .merge(booking::router())
        .merge(night_school::router())
        .merge(home::router())
        .merge(import::router())
        .split_for_parts()
}

/// The document, OpenAPI 3.1.
pub fn document() -> utoipa::openapi::OpenApi {
    described().1
}

/// The whole program as a service.
pub fn router(app: &App) -> Router {
    let (described, document) = described();
    let limits = EdgeLimits {
        time_max: Duration::from_secs(app.config.request_seconds_max),
        in_flight_max: app.config.requests_in_flight_max,
    };
    let edge = Edge::new(limits, RequestIds::new(&app.random), Arc::clone(&app.metrics.traffic));
    let mut router = described
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics));
    if !app.config.is_production() {
        router = router.route("/static/{bytes}", get(health::static_bytes));
    }
    let docs = utoipa_swagger_ui::SwaggerUi::new("/docs").url("/openapi.json", document);
    router
        .merge(page::router())
        .merge(docs)
        .fallback(|| async { Problem::not_found() })
        .layer(EdgeLayer(Arc::new(edge)))
        .with_state(app.clone())
}
