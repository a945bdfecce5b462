//! What the person can do with a booking now, and how soon it is worth looking again.

use crate::booking::command::Booking;
use crate::booking::state::State;
use crate::time::Instant;

/// Something the person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Take the offered seat.
    Accept,
    /// Leave the offered seat to the next.
    Decline,
    /// Give the booking up.
    Cancel,
    /// Show the pass.
    ShowPass,
}

impl Action {
    /// The word over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Decline => "decline",
            Self::Cancel => "cancel",
            Self::ShowPass => "pass",
        }
    }
}

/// What can be done with `booking` at `now`, of a thing whose own cancel ends at `cancel_until` and which is over at
/// `ends_at`.
pub fn actions(
    booking: &Booking,
    cancel_until: Instant,
    ends_at: Option<Instant>,
    now: Instant,
) -> Vec<Action> {
    let over = ends_at.is_some_and(|end| now >= end);
    match booking.state {
        State::Pending | State::Entered | State::Waitlisted => vec![Action::Cancel],
        State::Offered => match booking.offer_expires_at {
            Some(expires) if now < expires => vec![Action::Accept, Action::Decline],
            _ => Vec::new(),
        },
        State::Confirmed if over => Vec::new(),
        State::Confirmed if now < cancel_until => vec![Action::ShowPass, Action::Cancel],
        State::Confirmed | State::Attended if !over => vec![Action::ShowPass],
        _ => Vec::new(),
    }
}

/// After how many seconds it is worth looking again, where waiting may change something: longer the further back.
pub fn poll_after_seconds(state: State, position: Option<u32>) -> Option<u32> {
    match (state, position) {
        (State::Offered, _) | (State::Waitlisted, Some(0..=5)) => Some(30),
        (State::Waitlisted, Some(6..=50)) => Some(120),
        (State::Waitlisted | State::Pending, _) => Some(600),
        (State::Entered, _) => Some(900),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{BookingId, PersonId, QuotaId};
    use chrono::TimeDelta;
    use uuid::Uuid;

    fn booking(state: State, expires: Option<Instant>) -> Booking {
        let now = Instant::from_timestamp(1_790_000_000, 0).unwrap();
        Booking {
            id: BookingId(Uuid::nil()),
            quota: QuotaId(Uuid::nil()),
            person: PersonId(Uuid::nil()),
            ordinal: 1,
            party: 1,
            seq: 1,
            state,
            reason: None,
            answers: None,
            debits: None,
            offer_expires_at: expires,
            passed_over: None,
            created_at: now,
            changed_at: now,
        }
    }

    #[test]
    fn actions_follow_state_and_deadlines() {
        let now = Instant::from_timestamp(1_790_000_000, 0).unwrap();
        let (before, after) = (now - TimeDelta::hours(1), now + TimeDelta::hours(1));
        let of = |state, expires, cancel_until, ends_at| {
            let words = actions(&booking(state, expires), cancel_until, ends_at, now);
            words.into_iter().map(Action::word).collect::<Vec<_>>()
        };
        assert_eq!(of(State::Confirmed, None, after, Some(after)), ["pass", "cancel"]);
        assert_eq!(of(State::Confirmed, None, before, Some(after)), ["pass"]);
        assert_eq!(of(State::Confirmed, None, before, Some(before)), [""; 0]);
        assert_eq!(of(State::Attended, None, before, Some(after)), ["pass"]);
        assert_eq!(of(State::Offered, Some(after), after, Some(after)), ["accept", "decline"]);
        assert_eq!(of(State::Offered, Some(now), after, Some(after)), [""; 0]);
        assert_eq!(of(State::Waitlisted, None, before, None), ["cancel"]);
        assert_eq!(of(State::Cancelled, None, after, Some(after)), [""; 0]);
    }

    #[test]
    fn whoever_stands_further_back_looks_less_often() {
        let waits = |position| poll_after_seconds(State::Waitlisted, Some(position));
        assert!(waits(1) < waits(20) && waits(20) < waits(500));
        assert_eq!(poll_after_seconds(State::Confirmed, None), None);
    }
}
