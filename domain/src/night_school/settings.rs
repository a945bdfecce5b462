//! What the booking kernel needs of a class: its quota, with nothing left open.

use super::class::ClassSpec;
use super::seating::Seating;
use super::timetable::Timetable;
use crate::booking::eligibility::Rule;
use crate::booking::quota::{Admission, Waitlist, default_waitlist_max};
use crate::booking::slot::Slot;
use crate::time::Instant;

/// A quota's settings: what edits change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaSettings {
    /// Seats there are; none = unlimited.
    pub capacity: Option<u32>,
    /// How a request becomes a seat.
    pub admission: Admission,
    /// When requests are taken from.
    pub opens_at: Instant,
    /// When requests are no longer taken.
    pub closes_at: Instant,
    /// Whether people can wait.
    pub waitlist: Waitlist,
    /// Parties that may wait; 0 where nobody can.
    pub waitlist_max: u32,
    /// After this nobody is promoted.
    pub promote_until: Instant,
    /// After this the person's own cancel is too late.
    pub cancel_until: Instant,
    /// Who may ask.
    pub rule: Rule,
    /// The hours it occupies, sorted.
    pub slots: Vec<Slot>,
}

impl QuotaSettings {
    /// The quota of a class.
    pub fn of(class: &ClassSpec) -> Self {
        let (seating, starts_at) = (&class.seating, class.timetable.starts_at());
        Self {
            capacity: seating.capacity,
            admission: seating.admission,
            opens_at: seating.opens_at,
            closes_at: seating.closes_at,
            waitlist: seating.waitlist,
            waitlist_max: match seating.waitlist {
                Waitlist::Off => 0,
                Waitlist::Instant | Waitlist::Offer { .. } => {
                    seating.waitlist_max.unwrap_or_else(|| default_waitlist_max(seating.capacity))
                }
            },
            promote_until: seating.promote_until.unwrap_or(starts_at),
            cancel_until: seating.cancel_until.unwrap_or(starts_at),
            rule: class.ages.rule(),
            slots: class.timetable.lessons(),
        }
    }

    /// What an editor said to get these settings. What equals its default was not said, and goes on following it.
    pub fn to_seating(&self, timetable: &Timetable) -> Seating {
        let starts_at = timetable.starts_at();
        let own = |at: Instant| (at != starts_at).then_some(at);
        let follows =
            self.waitlist == Waitlist::Off || self.waitlist_max == default_waitlist_max(self.capacity);
        Seating {
            capacity: self.capacity,
            admission: self.admission,
            opens_at: self.opens_at,
            closes_at: self.closes_at,
            waitlist: self.waitlist,
            waitlist_max: (!follows).then_some(self.waitlist_max),
            promote_until: own(self.promote_until),
            cancel_until: own(self.cancel_until),
        }
    }

    /// Until when entries of a draw are taken.
    pub fn entries_until(&self) -> Option<Instant> {
        self.admission.entries_until(self.opens_at, self.closes_at)
    }
}
