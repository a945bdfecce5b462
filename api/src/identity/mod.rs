//! `/auth`, `/me`, `/organisations`: who somebody is and what they may do.

mod auth;
mod consents;
mod invitations;
mod me;
mod members;
mod organisations;
pub mod permission;
mod signed_in;

pub use signed_in::{KeyHeader, SignedIn};

use crate::app::App;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this context.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(auth::wechat))
        .routes(routes!(auth::refresh))
        .routes(routes!(auth::logout))
        .routes(routes!(me::read, me::replace))
        .routes(routes!(consents::read, consents::replace))
        .routes(routes!(organisations::create))
        .routes(routes!(organisations::read))
        .routes(routes!(members::list))
        .routes(routes!(members::remove))
        .routes(routes!(invitations::create))
        .routes(routes!(invitations::accept))
}
