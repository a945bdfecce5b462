//! The state of a booking and the one table of its transitions.

use crate::refusal::Refusal;
use std::fmt;
use std::str::FromStr;

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Waits for the host's decision.
    Pending,
    /// Takes part in a draw that has not been held.
    Entered,
    /// Stands in the line.
    Waitlisted,
    /// Has been offered a freed seat and must answer.
    Offered,
    /// Has the seat.
    Confirmed,
    /// Was there.
    Attended,
    /// Had the seat and was not there.
    NoShow,
    /// A voucher that is used up.
    Used,
    /// Given up, taken away, or the thing was cancelled.
    Cancelled,
    /// Turned the offered seat down.
    Declined,
    /// Did not answer the offer in time.
    Expired,
    /// The host said no.
    Rejected,
    /// The draw was held without a seat or a place in the line.
    NotDrawn,
}

/// What can happen to a booking after it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A seat is given.
    Seat,
    /// It joins the line.
    Queue,
    /// A freed seat is offered.
    Offer,
    /// The offer is accepted.
    Accept,
    /// The offer is declined.
    Decline,
    /// The offer ran out.
    Expire,
    /// The host rejects.
    Reject,
    /// The draw passes it by.
    PassBy,
    /// It is given up.
    Cancel,
    /// The person was there.
    Attend,
    /// The person was not there.
    Miss,
    /// What was recorded after the fact was wrong.
    Correct,
    /// The voucher's last use.
    UseUp,
}

impl State {
    /// Every state, in the order in which they are declared.
    pub const ALL: [Self; 13] = [
        Self::Pending,
        Self::Entered,
        Self::Waitlisted,
        Self::Offered,
        Self::Confirmed,
        Self::Attended,
        Self::NoShow,
        Self::Used,
        Self::Cancelled,
        Self::Declined,
        Self::Expired,
        Self::Rejected,
        Self::NotDrawn,
    ];

    /// The state after `step`, or [`Refusal::WrongState`]: the only place where that is decided.
    pub fn after(self, step: Step) -> Result<Self, Refusal> {
        use State::{Attended, Cancelled, Confirmed, Entered, NoShow, Offered, Pending, Waitlisted};
        match (step, self) {
            (Step::Seat, Pending | Entered | Waitlisted)
            | (Step::Accept, Offered)
            | (Step::Correct, Attended | NoShow) => Ok(Confirmed),
            (Step::Queue, Pending | Entered) => Ok(Waitlisted),
            (Step::Offer, Waitlisted) => Ok(Offered),
            (Step::Decline, Offered) => Ok(Self::Declined),
            (Step::Expire, Offered) => Ok(Self::Expired),
            (Step::Reject, Pending) => Ok(Self::Rejected),
            (Step::PassBy, Entered) => Ok(Self::NotDrawn),
            (Step::Cancel, Pending | Entered | Waitlisted | Offered | Confirmed) => Ok(Cancelled),
            (Step::Attend, Confirmed | NoShow) => Ok(Attended),
            (Step::Miss, Confirmed | Attended) => Ok(NoShow),
            (Step::UseUp, Confirmed) => Ok(Self::Used),
            _ => Err(Refusal::WrongState),
        }
    }

    /// Counts towards `per_person`: while one is live, asking again finds it.
    pub fn is_live(self) -> bool {
        !matches!(
            self,
            Self::Used | Self::Cancelled | Self::Declined | Self::Expired | Self::Rejected | Self::NotDrawn
        )
    }

    /// Holds seats of the quota.
    pub fn holds_seat(self) -> bool {
        self.holds_person() || self == Self::Offered
    }

    /// Holds the person's limits and hours.
    pub fn holds_person(self) -> bool {
        matches!(self, Self::Confirmed | Self::Attended | Self::NoShow | Self::Used)
    }

    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Entered => "entered",
            Self::Waitlisted => "waitlisted",
            Self::Offered => "offered",
            Self::Confirmed => "confirmed",
            Self::Attended => "attended",
            Self::NoShow => "no_show",
            Self::Used => "used",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Expired => "expired",
            Self::Rejected => "rejected",
            Self::NotDrawn => "not_drawn",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no state of a booking: {0}")]
pub struct UnknownState(pub String);

impl FromStr for State {
    type Err = UnknownState;
    fn from_str(word: &str) -> Result<Self, UnknownState> {
        Self::ALL.into_iter().find(|state| state.word() == word).ok_or_else(|| UnknownState(word.to_owned()))
    }
}
