//! `GET /me/eligibility`: whether I may, and what is missing.

use super::bookings::subject_ids;
use crate::app::App;
use crate::http::Params;
use crate::http::problem::Answer;
use crate::identity::SignedIn;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use domain::booking::eligibility::{Facts, Missing, Rule};
use domain::booking::quota::Kind;
use domain::id::ClassId;
use domain::language::Language;
use infra::booking::mine;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Of what.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SubjectQuery {
    /// Ids of classes, separated by commas (at most 100).
    subject: String,
}

/// One thing that is missing.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingView {
    /// Which rule.
    rule: &'static str,
    /// What is missing.
    text: String,
    /// How to mend it; empty where nothing can be done.
    fix: &'static str,
}

/// Whether I may.
#[derive(Debug, Serialize, ToSchema)]
pub struct EligibilityView {
    /// `cls_…`
    subject: String,
    /// Whether every rule is met.
    eligible: bool,
    /// What is missing.
    missing: Vec<MissingView>,
}

/// One for each that exists.
#[derive(Debug, Serialize, ToSchema)]
pub struct EligibilityList {
    /// In the order of the question.
    items: Vec<EligibilityView>,
}

/// Whether I may
#[utoipa::path(get, path = "/api/v1/me/eligibility", operation_id = "getMyEligibility", tag = "booking",
    params(SubjectQuery), security(("bearer" = [])), responses((status = 200, body = EligibilityList)))]
pub async fn list(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Params(query): Params<SubjectQuery>,
) -> Answer<Json<EligibilityList>> {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|header| header.to_str().ok());
    let language = accepted.map_or_else(Language::default, Language::accepted);
    let facts = mine::facts(&app.database, me.person).await?;
    let mut items = Vec::new();
    for (kind, subject) in subject_ids(&query.subject)? {
        if let Some(rule) = rule(&app, kind, subject).await? {
            items.push(judge(&app, ClassId(subject).to_string(), &rule, &facts, language));
        }
    }
    Ok(Json(EligibilityList { items }))
}

async fn rule(app: &App, kind: Kind, subject: Uuid) -> Answer<Option<Rule>> {
    Ok(match kind {
        Kind::Class => app.classes.class(ClassId(subject)).await?.map(|listed| listed.settings.rule.clone()),
        Kind::Event | Kind::Offer => None,
    })
}

fn judge(app: &App, subject: String, rule: &Rule, facts: &Facts, language: Language) -> EligibilityView {
    let missing = rule.missing(facts, app.now());
    let view = |missing: Missing| MissingView {
        rule: missing.rule(),
        text: missing.text(language),
        fix: missing.fix(language),
    };
    EligibilityView {
        subject,
        eligible: missing.is_empty(),
        missing: missing.into_iter().map(view).collect(),
    }
}
