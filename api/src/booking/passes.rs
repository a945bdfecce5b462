//! `GET /me/passes` and `GET /me/bookings/{id}/pass`: what a phone needs to show its passes without a network.

use crate::app::App;
use crate::http::problem::Answer;
use crate::http::{Id, Problem};
use crate::identity::SignedIn;
use crate::subject;
use axum::Json;
use axum::extract::State;
use chrono::{DateTime, FixedOffset};
use domain::booking::pass::{self, DIGITS, PERIOD_SECONDS, QuotaKey};
use domain::booking::state::State as BookingState;
use domain::id::BookingId;
use domain::refusal::Refusal;
use domain::time::{Instant, local};
use infra::booking::mine::{self, Filter, Mine, When};
use serde::Serialize;
use utoipa::ToSchema;

/// Passes shown at most; nobody has more live bookings.
const PASSES_MAX: u32 = 100;
/// How long before the next hour a pass is good for the door.
const EARLY_HOURS: i64 = 2;

/// A pass: the code is `prefix` and the digits of a TOTP (RFC 6238) over `secret`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PassView {
    /// The booking it proves.
    pub booking: String,
    /// What the code begins with: `CQ1.<booking>.`
    pub prefix: String,
    /// Base 32 (RFC 4648, without padding).
    pub secret: String,
    /// `SHA256`
    pub algorithm: &'static str,
    /// Digits of the code.
    pub digits: u8,
    /// Length of a step.
    pub period_seconds: u64,
    /// The server's time, to correct the phone's.
    pub server_now: DateTime<FixedOffset>,
    /// When it is of use: shortly before the next hour …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<DateTime<FixedOffset>>,
    /// … until its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<DateTime<FixedOffset>>,
    /// What it is a pass for.
    pub title: String,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// People it admits.
    pub party: u16,
    /// The whole code now.
    pub code: String,
}

/// All passes of a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct PassList {
    /// One for each confirmed booking that is not over.
    pub items: Vec<PassView>,
}

/// My passes
///
/// One for each confirmed booking that is not over. A phone stores them and shows the code without a network.
#[utoipa::path(get, path = "/api/v1/me/passes", operation_id = "listMyPasses", tag = "booking",
    security(("bearer" = [])), responses((status = 200, body = PassList)))]
pub async fn list(State(app): State<App>, me: SignedIn) -> Answer<Json<PassList>> {
    let now = app.now();
    let filter = Filter {
        states: vec![BookingState::Confirmed, BookingState::Attended],
        when: Some(When::Upcoming),
        limit: PASSES_MAX,
        ..Filter::default()
    };
    let bookings = mine::list(&app.database, me.person, &filter, now).await?;
    let mut items = Vec::with_capacity(bookings.len());
    for booking in bookings {
        items.push(pass(&app, booking, now).await?);
    }
    Ok(Json(PassList { items }))
}

/// The pass of one booking
#[utoipa::path(get, path = "/api/v1/me/bookings/{id}/pass", operation_id = "getMyPass", tag = "booking",
    params(("id" = String, Path, description = "bkg_…")), security(("bearer" = [])),
    responses((status = 200, body = PassView)))]
pub async fn one(State(app): State<App>, me: SignedIn, Id(id): Id<BookingId>) -> Answer<Json<PassView>> {
    let now = app.now();
    let booking = mine::one(&app.database, me.person, id, now).await?.ok_or_else(Problem::not_found)?;
    if !matches!(booking.booking.state, BookingState::Confirmed | BookingState::Attended) {
        return Err(Refusal::WrongState.into());
    }
    Ok(Json(pass(&app, booking, now).await?))
}

async fn pass(app: &App, mine: Mine, now: Instant) -> Answer<PassView> {
    let subject = subject::one(app, mine.kind, mine.subject).await?;
    let booking = &mine.booking;
    let secret = QuotaKey::derive(app.master_key.bytes(), booking.quota).secret(booking.id);
    let prefix = pass::prefix(booking.id);
    let hour = mine.next;
    Ok(PassView {
        booking: booking.id.to_string(),
        code: format!("{prefix}{}", secret.digits(now)),
        prefix,
        secret: secret.base32(),
        algorithm: "SHA256",
        digits: DIGITS,
        period_seconds: PERIOD_SECONDS,
        server_now: local(now),
        valid_from: hour.map(|(start, _)| local(start - chrono::TimeDelta::hours(EARLY_HOURS))),
        valid_until: hour.map(|(_, end)| local(end)),
        title: subject.title,
        title_en: subject.title_en,
        party: booking.party,
    })
}
