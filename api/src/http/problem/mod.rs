//! RFC 9457 problems: one type for every answer that is not a success.
//!
//! A handler returns a [`Problem`]; the layer around every route ([`crate::http::edge`]) writes it in the caller's
//! language with the request's id, and logs a 5xx once, with its chain. So a problem holds no text for people until
//! then.

mod detail;
mod document;
#[cfg(test)]
mod tests;
mod title;

pub use document::{Document, Told, write};

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::refusal::{FieldError, Refusal};
use infra::Error;
use std::sync::Arc;

/// Why a request was not answered with a success.
#[derive(Debug, Clone)]
pub enum Problem {
    /// A rule refused.
    Refused(Refusal),
    /// What was sent is not what it claims to be: no JSON, wrong type, cut short.
    Malformed(String),
    /// More bytes than are taken.
    TooLarge {
        /// Bytes at most, where it is known.
        bytes_max: Option<usize>,
    },
    /// A content type that is not taken here.
    UnsupportedMediaType,
    /// The method is not for this path.
    MethodNotAllowed,
    /// More is waiting than can be answered in time.
    Overloaded {
        /// When to try again, in seconds.
        retry_after_seconds: u32,
    },
    /// Something we depend on does not answer, or a defect; the chain is for the log alone.
    Unavailable(Arc<dyn std::error::Error + Send + Sync>),
    /// Stored or not: asking again finds out.
    OutcomeUnknown(String),
}

/// A server error that came without a reason.
#[derive(Debug, thiserror::Error)]
#[error("answered {0} without saying why")]
struct Unexplained(StatusCode);

/// The result of a handler.
pub type Answer<T> = Result<T, Problem>;

impl Problem {
    /// One wrong field.
    pub fn invalid(pointer: &str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self::Refused(Refusal::Invalid(vec![FieldError::new(pointer, chinese, english)]))
    }

    /// There is no such thing, or its existence is private.
    pub fn not_found() -> Self {
        Self::Refused(Refusal::NotFound)
    }

    /// Signed in, but without this right.
    pub fn forbidden() -> Self {
        Self::Refused(Refusal::Forbidden)
    }

    /// What a bare status means, for answers of the framework that carry no problem of ours.
    pub fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::Refused(Refusal::Unauthenticated),
            StatusCode::FORBIDDEN => Self::forbidden(),
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::UnsupportedMediaType,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge { bytes_max: None },
            StatusCode::NOT_FOUND => Self::not_found(),
            status if status.is_client_error() => Self::Malformed(status.to_string()),
            status => Self::Unavailable(Arc::new(Unexplained(status))),
        }
    }

    /// When asking again may help, in seconds, where that is known.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        match self {
            Self::Overloaded { retry_after_seconds }
            | Self::Refused(
                Refusal::Drawing { retry_after_seconds } | Refusal::RateLimited { retry_after_seconds },
            ) => Some(*retry_after_seconds),
            Self::OutcomeUnknown(_) => Some(1),
            _ => None,
        }
    }

    /// The status and the stable code of the HTTP contract.
    pub fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Refused(refusal) => refusal_code(refusal),
            Self::Malformed(_) => (StatusCode::BAD_REQUEST, "malformed"),
            Self::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, "too_large"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
            // The contract has no code of its own for it: to a client, that operation does not exist.
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "not_found"),
            Self::Overloaded { .. } => (StatusCode::SERVICE_UNAVAILABLE, "overloaded"),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
            Self::OutcomeUnknown(_) => (StatusCode::SERVICE_UNAVAILABLE, "outcome_unknown"),
        }
    }
}

fn refusal_code(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::Invalid(_) => (StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
        Refusal::IdempotencyKeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "idempotency_key_reused"),
        Refusal::ProfileIncomplete(_) => (StatusCode::UNPROCESSABLE_ENTITY, "profile_incomplete"),
        Refusal::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
        Refusal::TokenExpired => (StatusCode::UNAUTHORIZED, "token_expired"),
        Refusal::CodeInvalid => (StatusCode::UNAUTHORIZED, "code_invalid"),
        Refusal::RefreshInvalid => (StatusCode::UNAUTHORIZED, "refresh_invalid"),
        Refusal::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        Refusal::ConsentRequired => (StatusCode::FORBIDDEN, "consent_required"),
        Refusal::NotEligible(_) => (StatusCode::FORBIDDEN, "not_eligible"),
        Refusal::AccountBlocked => (StatusCode::FORBIDDEN, "account_blocked"),
        Refusal::NotFound => (StatusCode::NOT_FOUND, "not_found"),
        Refusal::SoldOut => (StatusCode::CONFLICT, "sold_out"),
        Refusal::NotOpenYet { .. } => (StatusCode::CONFLICT, "not_open_yet"),
        Refusal::Closed => (StatusCode::CONFLICT, "closed"),
        Refusal::Drawing { .. } => (StatusCode::CONFLICT, "drawing"),
        Refusal::LimitReached(_) => (StatusCode::CONFLICT, "limit_reached"),
        Refusal::ScheduleConflict(_) => (StatusCode::CONFLICT, "schedule_conflict"),
        Refusal::OfferExpired => (StatusCode::CONFLICT, "offer_expired"),
        Refusal::DeadlinePassed { .. } => (StatusCode::CONFLICT, "deadline_passed"),
        Refusal::WrongState => (StatusCode::CONFLICT, "wrong_state"),
        Refusal::TooSmall { .. } => (StatusCode::CONFLICT, "too_small"),
        Refusal::LastOwner => (StatusCode::CONFLICT, "last_owner"),
        Refusal::VersionConflict { .. } => (StatusCode::PRECONDITION_FAILED, "version_conflict"),
        Refusal::VersionRequired => (StatusCode::PRECONDITION_REQUIRED, "version_required"),
        Refusal::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::Overloaded { retry_after_seconds } => Self::Overloaded { retry_after_seconds },
            Error::OutcomeUnknown(why) => Self::OutcomeUnknown(why),
            other => Self::Unavailable(Arc::new(other)),
        }
    }
}

impl IntoResponse for Problem {
    /// The status, and the problem itself for the layer that writes it.
    fn into_response(self) -> Response {
        let mut response = self.status_and_code().0.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}
