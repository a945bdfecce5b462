//! What a resident can do with a class now, in one word. Derived from its quota and the time, never stored.

use super::settings::QuotaSettings;
use crate::booking::quota::{self, Status, Waitlist};
use crate::time::Instant;

/// The word on a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not open yet.
    Upcoming,
    /// Takes entries of a draw.
    Entering,
    /// Has a seat for whoever asks.
    Open,
    /// Full; whoever asks waits.
    Waitlist,
    /// Full, and the line takes nobody.
    Full,
    /// Entries are fixed, the draw is not held yet.
    Drawing,
    /// The window is over.
    Closed,
    /// Called off.
    Cancelled,
    /// The last lesson is over.
    Over,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 9] = [
        Self::Upcoming,
        Self::Entering,
        Self::Open,
        Self::Waitlist,
        Self::Full,
        Self::Drawing,
        Self::Closed,
        Self::Cancelled,
        Self::Over,
    ];

    /// The word over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::Entering => "entering",
            Self::Open => "open",
            Self::Waitlist => "waitlist",
            Self::Full => "full",
            Self::Drawing => "drawing",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::Over => "over",
        }
    }

    /// The phase with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.word() == word)
    }

    /// Whether lists leave it out unless they are asked for it.
    pub fn is_past(self) -> bool {
        matches!(self, Self::Cancelled | Self::Over)
    }
}

/// What of a quota moves while people book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Draft, open or called off.
    pub status: Status,
    /// How far a draw has come.
    pub draw: quota::Phase,
    /// Seats that are given.
    pub held: u32,
    /// Parties in the line.
    pub waiting: u32,
}

impl Standing {
    /// Nobody has asked yet.
    pub fn untouched(status: Status) -> Self {
        Self { status, draw: quota::Phase::Entering, held: 0, waiting: 0 }
    }

    /// Seats that are free; none = unlimited.
    pub fn seats_left(&self, settings: &QuotaSettings) -> Option<u32> {
        settings.capacity.map(|capacity| capacity.saturating_sub(self.held))
    }

    /// The phase of a class at `now`. A draft is said to be what it would be if it were published.
    pub fn phase(&self, settings: &QuotaSettings, ends_at: Instant, now: Instant) -> Phase {
        if self.status == Status::Cancelled {
            return Phase::Cancelled;
        }
        if now >= ends_at {
            return Phase::Over;
        }
        if now < settings.opens_at {
            return Phase::Upcoming;
        }
        if let Some(until) = settings.entries_until().filter(|_| self.draw != quota::Phase::Drawn) {
            let enters = self.draw == quota::Phase::Entering && now < until;
            return if enters { Phase::Entering } else { Phase::Drawing };
        }
        if now >= settings.closes_at {
            return Phase::Closed;
        }
        if self.seats_left(settings).is_none_or(|seats| seats > 0) {
            return Phase::Open;
        }
        let takes = settings.waitlist != Waitlist::Off
            && self.waiting < settings.waitlist_max
            && now < settings.promote_until;
        if takes { Phase::Waitlist } else { Phase::Full }
    }
}
