//! `/schools`, `/terms`, `/classes`.

pub mod card;
mod classes;
mod editing;
mod enrolment;
mod filter;
mod places;

use crate::app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this context.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(classes::list))
        .routes(routes!(classes::one))
        .routes(routes!(classes::lessons))
        .routes(routes!(enrolment::put, enrolment::delete))
        .routes(routes!(places::schools))
        .routes(routes!(places::school))
        .routes(routes!(places::terms))
        .merge(editing::router())
}
