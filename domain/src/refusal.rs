//! Why something is not done. The variants are the problem codes of the HTTP contract; no HTTP in them.
//!
//! Invariant: a refusal changes nothing.

use crate::booking::eligibility::Missing;
use crate::booking::limit::LimitHit;
use crate::booking::slot::Clash;
use crate::time::Instant;

/// One wrong field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// RFC 6901 pointer into the body, such as `/priceFen`; a parameter's name for a query.
    pub pointer: String,
    /// What is wrong, in Chinese.
    pub chinese: String,
    /// What is wrong, in English.
    pub english: String,
}

impl FieldError {
    /// An error at `pointer`, said in both languages.
    pub fn new(pointer: impl Into<String>, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), chinese: chinese.into(), english: english.into() }
    }
}

/// What a rule refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// Fields that cannot be meant.
    Invalid(Vec<FieldError>),
    /// The same `Idempotency-Key` with another body.
    IdempotencyKeyReused,
    /// The profile lacks what a rule asks about.
    ProfileIncomplete(Vec<Missing>),
    /// Nobody is signed in.
    Unauthenticated,
    /// The access token has run out.
    TokenExpired,
    /// The sign-in code is wrong or was used.
    CodeInvalid,
    /// The refresh token is unknown, ended, or was used before.
    RefreshInvalid,
    /// Signed in, but without this right.
    Forbidden,
    /// A consent is missing or out of date.
    ConsentRequired,
    /// The rule is not met; what is missing and how to mend it.
    NotEligible(Vec<Missing>),
    /// The account is blocked.
    AccountBlocked,
    /// There is no such thing, or its existence is private.
    NotFound,
    /// No seat is free and the waiting list takes nobody.
    SoldOut,
    /// The window is not open yet.
    NotOpenYet {
        /// When it opens.
        opens_at: Instant,
    },
    /// The window is over.
    Closed,
    /// A draw is under way; ask again.
    Drawing {
        /// When asking again may help, in seconds.
        retry_after_seconds: u32,
    },
    /// A limit is reached.
    LimitReached(LimitHit),
    /// The hours overlap with something the person has.
    ScheduleConflict(Clash),
    /// The offered seat was not taken in time.
    OfferExpired,
    /// Too late for this change.
    DeadlinePassed {
        /// When it was due.
        deadline: Instant,
    },
    /// The thing is in a state in which this cannot be done.
    WrongState,
    /// A capacity below what is given out.
    TooSmall {
        /// The smallest that is possible now, in seats.
        minimum: u32,
    },
    /// The last owner cannot leave.
    LastOwner,
    /// The thing was edited by somebody else meanwhile.
    VersionConflict {
        /// Its version now.
        version: i64,
    },
    /// An edit without saying which version it was made on.
    VersionRequired,
    /// Too many requests from one account or address.
    RateLimited {
        /// When to try again, in seconds.
        retry_after_seconds: u32,
    },
}
