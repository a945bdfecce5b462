//! `GET|PUT /me`: the profile, and what one is.

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::{Body, Problem, version};
use crate::identity::SignedIn;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use chrono::{DateTime, FixedOffset, NaiveDate};
use domain::identity::profile::Draft;
use domain::time::local;
use infra::identity::person::{self, Belonging, Person};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An organisation, in a word.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationRef {
    /// `org_…`
    id: String,
    /// `school`, `shop`, `host` or `city`.
    kind: &'static str,
    /// Its name.
    name: String,
    /// Its English name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name_en: Option<String>,
}

/// A role somewhere.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipView {
    /// Where.
    organisation: OrganisationRef,
    /// `owner`, `manager` or `staff`.
    role: &'static str,
    /// The one thing it is for, if it is narrowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// A person, to themselves.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    /// `prs_…`
    id: String,
    /// What others see.
    nickname: Option<String>,
    /// Asked for by classes with an age rule.
    birth_date: Option<NaiveDate>,
    /// Where they live.
    district_code: Option<String>,
    /// `zh-CN` or `en`.
    language: Option<&'static str>,
    /// Whether the consents that booking needs are given.
    consented: bool,
    /// Whether it is an operator of the city.
    is_operator: bool,
    /// Roles.
    memberships: Vec<MembershipView>,
    /// Sent back with a change.
    version: i64,
    /// Since when they have an account.
    created_at: DateTime<FixedOffset>,
}

impl From<Belonging> for MembershipView {
    fn from(belonging: Belonging) -> Self {
        Self {
            organisation: OrganisationRef {
                id: belonging.organisation.to_string(),
                kind: belonging.kind.word(),
                name: belonging.name,
                name_en: belonging.name_en,
            },
            role: belonging.membership.role.word(),
            scope: belonging.membership.scope.map(|scope| scope.to_string()),
        }
    }
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.to_string(),
            nickname: person.profile.nickname,
            birth_date: person.profile.birth_date,
            district_code: person.profile.district_code,
            language: person.profile.language.map(domain::language::Language::tag),
            consented: person.consented,
            is_operator: person.is_operator,
            memberships: person.memberships.into_iter().map(Into::into).collect(),
            version: person.version,
            created_at: local(person.created_at),
        }
    }
}

/// The whole profile; what is left out is emptied.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileRequest {
    /// At most 32 characters.
    nickname: Option<String>,
    /// From age 14.
    birth_date: Option<String>,
    /// A district's code.
    district_code: Option<String>,
    /// `zh-CN` or `en`.
    language: Option<String>,
    /// The version the change was made on, unless `If-Match` says it.
    version: Option<i64>,
}

/// Me
#[utoipa::path(get, path = "/api/v1/me", operation_id = "getMe", tag = "identity",
    security(("bearer" = [])), responses((status = 200, body = PersonView)))]
pub async fn read(State(app): State<App>, me: SignedIn) -> Answer<Json<PersonView>> {
    Ok(Json(person::read(app.database.reader(), me.person).await?.into()))
}

/// Change my profile
#[utoipa::path(put, path = "/api/v1/me", operation_id = "replaceMe", tag = "identity",
    security(("bearer" = [])), request_body = ProfileRequest, responses((status = 200, body = PersonView)))]
pub async fn replace(
    State(app): State<App>,
    me: SignedIn,
    headers: HeaderMap,
    Body(request): Body<ProfileRequest>,
) -> Answer<Json<PersonView>> {
    let version = version::edited(&headers, request.version)?;
    let birth_date = match request.birth_date {
        None => None,
        Some(text) => Some(text.parse::<NaiveDate>().map_err(|_| {
            Problem::invalid("/birthDate", "应为日期，如 2001-05-20", "a date such as 2001-05-20")
        })?),
    };
    let draft = Draft {
        nickname: request.nickname,
        birth_date,
        district_code: request.district_code,
        language: request.language,
    };
    let (now, profile) = (app.now(), draft.check(app.now())?);
    let person = person::set_profile(&app.database, &app.tokens, me.person, profile, version, now).await?;
    Ok(Json(person.into()))
}
