//! What somebody may do with what belongs to an organisation, as parameters of handlers.

use crate::app::App;
use crate::http::Problem;
use crate::http::problem::Answer;
use crate::identity::SignedIn;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::id::OrganisationId;
use domain::identity::permission::Action;
use domain::identity::role::Thing;
use infra::audit::Acting;
use infra::identity::{member, operator};

/// An operator of the city.
#[derive(Debug, Clone)]
pub struct Operator {
    /// Who.
    pub me: SignedIn,
    /// As the audit will say it.
    pub acting: Acting,
}

impl FromRequestParts<App> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let me = SignedIn::from_request_parts(parts, app).await?;
        if !operator::is_operator(app.database.reader(), me.person).await? {
            return Err(Problem::forbidden());
        }
        Ok(Self { me, acting: me.acting(&parts.headers) })
    }
}

/// Whether `me` may do `action` on `subject` of `organisation`, by roles as they are now. An outsider is told what
/// `hidden` says: that there is no such thing, or that it is not theirs to do.
pub async fn require(
    app: &App,
    me: SignedIn,
    action: Action,
    organisation: OrganisationId,
    subject: Option<Thing>,
    hidden: bool,
) -> Answer<()> {
    let standing = member::standing(app.database.reader(), me.person, organisation).await?;
    let standing = standing.ok_or_else(Problem::not_found)?;
    if standing.authority(action, subject).is_some() {
        return Ok(());
    }
    Err(if hidden && !standing.is_inside() { Problem::not_found() } else { Problem::forbidden() })
}
