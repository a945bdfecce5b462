//! A problem as it goes over the wire (RFC 9457), in the reader's language.

use super::Problem;
use super::detail::detail;
use super::title::title;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use domain::booking::quota::Kind;
use domain::id::{ClassId, EventId, OfferId};
use domain::language::Language;
use domain::refusal::{FieldError, Refusal};
use domain::time::{Instant, rfc3339};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

/// To whom a problem is told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// In which language.
    pub language: Language,
    /// About which request.
    pub request_id: &'a str,
}

/// The body of every answer that is not a success, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
#[serde(rename_all = "camelCase")]
pub struct Document<'a> {
    /// Names the kind of problem: `urn:changqing:problem:` and the code.
    r#type: String,
    /// What the kind of problem is called.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do.
    detail: Cow<'static, str>,
    /// Stable; what a client decides by.
    code: &'static str,
    /// Names the request in the server's log.
    request_id: &'a str,
    /// What is wrong, field by field.
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<Vec<WrongField<'a>>>,
    /// When the window opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    opens_at: Option<String>,
    /// When asking again may help.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    /// Which conditions are not met.
    #[serde(skip_serializing_if = "Option::is_none")]
    missing: Option<Vec<MissingCondition>>,
    /// Which limit is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<ReachedLimit>,
    /// When the limit counts anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    /// What stands at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    with: Option<Overlap>,
    /// When it had to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    deadline: Option<String>,
    /// The smallest capacity that is possible now.
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum: Option<u32>,
    /// The version now.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
}

/// One wrong field.
#[derive(Debug, Serialize, ToSchema)]
pub struct WrongField<'a> {
    /// RFC 6901 pointer into the body; a parameter's or header's name otherwise.
    pointer: &'a str,
    /// What is wrong with it.
    detail: &'a str,
}

/// One condition that is not met.
#[derive(Debug, Serialize, ToSchema)]
pub struct MissingCondition {
    /// The rule.
    rule: &'static str,
    /// What is missing.
    text: String,
    /// How to mend it; empty where nothing can be done.
    fix: &'static str,
}

/// A limit that is reached.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReachedLimit {
    /// Over what it counts: `person`, `quota`, `shop`, `school`.
    per: &'static str,
    /// In which stretch of time: `total`, `day`, `week`, `month`, `term`.
    window: &'static str,
    /// How many are allowed.
    max: u16,
}

/// What the person already has at that time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Overlap {
    /// `class`, `event` or `offer`.
    kind: &'static str,
    /// Its id.
    subject: String,
    /// When the hours in the way begin.
    starts_at: String,
    /// When they end.
    ends_at: String,
}

impl<'a> Document<'a> {
    /// `problem`, told.
    pub fn new(problem: &'a Problem, told: Told<'a>) -> Self {
        let (status, code) = problem.status_and_code();
        let mut document = Self {
            r#type: format!("urn:changqing:problem:{code}"),
            title: title(code, told.language),
            status: status.as_u16(),
            detail: detail(problem, told.language),
            code,
            request_id: told.request_id,
            errors: None,
            opens_at: None,
            retry_after_seconds: problem.retry_after_seconds(),
            missing: None,
            limit: None,
            until: None,
            with: None,
            deadline: None,
            minimum: None,
            version: None,
        };
        if let Problem::Refused(refusal) = problem {
            document.add(refusal, told.language);
        }
        document
    }

    fn add(&mut self, refusal: &'a Refusal, language: Language) {
        match refusal {
            Refusal::Invalid(errors) => self.errors = Some(wrong_fields(errors, language)),
            Refusal::ProfileIncomplete(missing) | Refusal::NotEligible(missing) => {
                let conditions = missing.iter().map(|one| MissingCondition {
                    rule: one.rule(),
                    text: one.text(language),
                    fix: one.fix(language),
                });
                self.missing = Some(conditions.collect());
            }
            Refusal::NotOpenYet { opens_at } => self.opens_at = Some(rfc3339(*opens_at)),
            Refusal::LimitReached(hit) => {
                self.limit =
                    Some(ReachedLimit { per: hit.per.word(), window: hit.window.word(), max: hit.max });
                self.until = hit.until.map(rfc3339);
            }
            Refusal::ScheduleConflict(clash) => {
                let (kind, subject) = match clash.kind {
                    Kind::Class => ("class", ClassId(clash.subject).to_string()),
                    Kind::Event => ("event", EventId(clash.subject).to_string()),
                    Kind::Offer => ("offer", OfferId(clash.subject).to_string()),
                };
                let said = |at: Instant| rfc3339(at);
                self.with = Some(Overlap {
                    kind,
                    subject,
                    starts_at: said(clash.slot.starts_at),
                    ends_at: said(clash.slot.ends_at),
                });
            }
            Refusal::DeadlinePassed { deadline } => self.deadline = Some(rfc3339(*deadline)),
            Refusal::TooSmall { minimum } => self.minimum = Some(*minimum),
            Refusal::VersionConflict { version } => self.version = Some(*version),
            _ => {}
        }
    }
}

fn wrong_fields(errors: &[FieldError], language: Language) -> Vec<WrongField<'_>> {
    errors
        .iter()
        .map(|error| WrongField {
            pointer: &error.pointer,
            detail: language.choose(&error.chinese, &error.english),
        })
        .collect()
}

/// The answer that tells `problem`. `headers` are those the answer already has, such as `Allow`.
pub fn write(problem: &Problem, told: Told<'_>, headers: HeaderMap) -> Response<Body> {
    let document = Document::new(problem, told);
    // Strings and numbers only: this cannot fail, and an empty body beside the status would still be an answer.
    let body = serde_json::to_vec(&document).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = problem.status_and_code().0;
    *response.headers_mut() = headers;
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(told.language.tag()));
    headers.insert(header::VARY, HeaderValue::from_static("accept-language"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(seconds) = document.retry_after_seconds {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if problem.status_and_code().0 == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}
