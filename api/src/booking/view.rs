//! A booking as it is answered: everything a screen shows of it, in one piece.

use crate::subject::Subject;
use chrono::{DateTime, FixedOffset};
use domain::booking::actions::{actions, poll_after_seconds};
use domain::booking::command::Booking;
use domain::booking::state::State;
use domain::time::{Instant, local};
use infra::booking::mine::Mine;
use serde::Serialize;
use utoipa::ToSchema;

/// One person's share of a class, an event or an offer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookingView {
    /// `bkg_…`
    pub id: String,
    /// `class`, later `event`, `offer`.
    pub kind: &'static str,
    /// `pending`, `entered`, `waitlisted`, `offered`, `confirmed`, `attended`, `no_show`, `used`, `cancelled`,
    /// `declined`, `expired`, `rejected`, `not_drawn`.
    pub state: &'static str,
    /// What it is a booking of.
    pub subject: Subject,
    /// People it is for.
    pub party: u16,
    /// The place in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<u32>,
    /// Why it ended, in the words of whoever ended it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why the line went past it: a problem code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passed_over: Option<String>,
    /// Until when an offered seat can be accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offer_expires_at: Option<DateTime<FixedOffset>>,
    /// Until when the person can give the seat up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_until: Option<DateTime<FixedOffset>>,
    /// `none`, `due` (paid on site) or `paid`.
    pub payment: &'static str,
    /// What can be done now: `accept`, `decline`, `cancel`, `pass`.
    pub actions: Vec<&'static str>,
    /// Seats left; absent where there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats_left: Option<u32>,
    /// Worth looking again after so many seconds, where waiting may change something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll_after_seconds: Option<u32>,
    /// When it was made.
    pub created_at: DateTime<FixedOffset>,
}

/// What surrounds a booking when it is shown.
pub struct Surroundings {
    /// What it is a booking of.
    pub subject: Subject,
    /// The place in the line.
    pub position: Option<u32>,
    /// Seats left.
    pub seats_left: Option<u32>,
    /// Until when the person can give the seat up.
    pub cancel_until: Instant,
    /// The end of the last hour.
    pub ends_at: Option<Instant>,
    /// Whether it was paid.
    pub paid: bool,
}

impl BookingView {
    /// The view of `booking` at `now`.
    pub fn new(booking: Booking, around: Surroundings, now: Instant) -> Self {
        let actions = actions(&booking, around.cancel_until, around.ends_at, now);
        let holds = matches!(booking.state, State::Confirmed | State::Attended);
        let payment = match (around.paid, around.subject.price_fen > 0 && holds) {
            (true, _) => "paid",
            (false, true) => "due",
            (false, false) => "none",
        };
        Self {
            id: booking.id.to_string(),
            kind: around.subject.kind.word(),
            state: booking.state.word(),
            party: booking.party,
            position: around.position,
            passed_over: booking.passed_over,
            offer_expires_at: booking.offer_expires_at.map(local),
            cancel_until: booking.state.is_live().then(|| local(around.cancel_until)),
            payment,
            actions: actions.into_iter().map(domain::booking::actions::Action::word).collect(),
            seats_left: around.seats_left,
            poll_after_seconds: poll_after_seconds(booking.state, around.position),
            created_at: local(booking.created_at),
            reason: booking.reason,
            subject: around.subject,
        }
    }

    /// The view of a booking that was read with its surroundings.
    pub fn of(mine: Mine, subject: Subject, now: Instant) -> Self {
        let around = Surroundings {
            subject,
            position: mine.position,
            seats_left: mine.seats_left,
            cancel_until: mine.cancel_until,
            ends_at: mine.ends_at,
            paid: mine.paid_at.is_some(),
        };
        Self::new(mine.booking, around, now)
    }
}
