//! Making and editing schools, terms and classes; rosters.

mod class_form;
mod classes;
mod places;
mod rights;
mod roster;

use crate::app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this folder.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(classes::create))
        .routes(routes!(classes::read))
        .routes(routes!(classes::update))
        .routes(routes!(classes::publish))
        .routes(routes!(classes::cancel))
        .routes(routes!(classes::of_organisation))
        .routes(routes!(places::create_school))
        .routes(routes!(places::update_school))
        .routes(routes!(places::create_term))
        .routes(routes!(places::update_term))
        .routes(routes!(roster::json))
        .routes(routes!(roster::csv))
        .routes(routes!(roster::xlsx))
}
