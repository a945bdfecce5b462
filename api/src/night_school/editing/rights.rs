//! Who may edit a class or read its roster, as parameters of handlers: what they carry was looked up.

use crate::app::App;
use crate::http::{Id, Problem};
use crate::identity::SignedIn;
use crate::identity::permission::require;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::id::ClassId;
use domain::identity::permission::Action;
use domain::identity::role::Thing;
use infra::audit::Acting;
use infra::night_school::catalogue::Listed;

/// Somebody who may edit the class of the path; drafts of others do not exist for outsiders.
pub struct ClassEditor {
    /// The class.
    pub listed: Listed,
    /// As the audit will say it.
    pub acting: Acting,
}

/// Somebody who may publish the class of the path, or call it off.
pub struct ClassPublisher(pub ClassEditor);

/// Somebody who may read the roster of the class of the path.
pub struct ClassStaff(pub ClassEditor);

async fn entitled(parts: &mut Parts, app: &App, action: Action) -> Result<ClassEditor, Problem> {
    let me = SignedIn::from_request_parts(parts, app).await?;
    let Id(id) = Id::<ClassId>::from_request_parts(parts, app).await?;
    let listed = app.classes.unlisted(id).await?.ok_or_else(Problem::not_found)?;
    let organisation = listed.school.organisation;
    let public = app.classes.class(id).await?.is_some();
    require(app, me, action, organisation, Some(Thing::Class(id)), !public).await?;
    let acting = Acting { organisation: Some(organisation), ..me.acting(&parts.headers) };
    Ok(ClassEditor { listed, acting })
}

impl FromRequestParts<App> for ClassEditor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        entitled(parts, app, Action::Edit).await
    }
}

impl FromRequestParts<App> for ClassPublisher {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        entitled(parts, app, Action::Publish).await.map(Self)
    }
}

impl FromRequestParts<App> for ClassStaff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        entitled(parts, app, Action::SeeRoster).await.map(Self)
    }
}
