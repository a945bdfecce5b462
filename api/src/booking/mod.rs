//! `/me/bookings`, `/me/passes`, `/me/eligibility`: what somebody has of everything that is limited.

mod bookings;
mod eligibility;
mod passes;
pub mod view;

use crate::app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this context.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(bookings::list))
        .routes(routes!(bookings::one, bookings::cancel))
        .routes(routes!(bookings::accept))
        .routes(routes!(bookings::decline))
        .routes(routes!(passes::list))
        .routes(routes!(passes::one))
        .routes(routes!(eligibility::list))
}
