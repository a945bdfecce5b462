//! A quota: a limited number that people take from, its window, its admission, its line.

use crate::booking::eligibility::Rule;
use crate::booking::limit::Limit;
use crate::booking::slot::Slot;
use crate::booking::state::State;
use crate::id::QuotaId;
use crate::refusal::Refusal;
use crate::time::Instant;
use std::sync::Arc;
use uuid::Uuid;

/// What sort of thing a quota belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A night class.
    Class,
    /// An event.
    Event,
    /// An offer.
    Offer,
}

/// How a request becomes a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// In order of arrival.
    FirstCome,
    /// The host decides.
    Approval,
    /// All entries are drawn at `draw_at`.
    Lottery {
        /// When the draw is held.
        draw_at: Instant,
    },
    /// Whoever asks within the first minutes is drawn; later requests wait behind.
    FairOpen {
        /// How long entries are taken, in minutes.
        minutes: u16,
    },
}

/// Whether people can wait for a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waitlist {
    /// They cannot.
    Off,
    /// A freed seat is given at once.
    Instant,
    /// A freed seat is offered, to be accepted in time.
    Offer {
        /// How long an offer stands, in minutes.
        minutes: u16,
    },
}

/// Whether the thing can be asked for at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Not shown to the public.
    Draft,
    /// Published.
    Open,
    /// Called off: shut before anyone is freed.
    Cancelled,
}

/// How far a drawn quota has come. Others are always `Entering`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Takes entries.
    Entering,
    /// The list of entries is fixed.
    Frozen,
    /// The draw has been held.
    Drawn,
}

/// Seats per state (party sizes added up), and the parties in the line. Equal to the rows at all times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Seats `confirmed`.
    pub confirmed: u32,
    /// Seats `attended`.
    pub attended: u32,
    /// Seats `no_show`.
    pub no_show: u32,
    /// Seats `used`.
    pub used: u32,
    /// Seats `offered`.
    pub offered: u32,
    /// Seats asked for by the line.
    pub waitlisted: u32,
    /// Seats asked for by those who wait for the host.
    pub pending: u32,
    /// Seats asked for by the entries of a draw.
    pub entered: u32,
    /// Parties in the line.
    pub waiting_parties: u32,
}

impl Counts {
    /// Seats that are given: what invariant 1 counts.
    pub fn held(&self) -> u32 {
        self.confirmed + self.attended + self.no_show + self.used + self.offered
    }

    /// Moves a party of `seats` out of `from` and into `to`.
    pub fn shift(&mut self, seats: u32, from: Option<State>, to: Option<State>) {
        if let Some(count) = from.and_then(|state| self.of(state)) {
            *count = count.saturating_sub(seats);
        }
        if let Some(count) = to.and_then(|state| self.of(state)) {
            *count += seats;
        }
        match (from == Some(State::Waitlisted), to == Some(State::Waitlisted)) {
            (true, false) => self.waiting_parties = self.waiting_parties.saturating_sub(1),
            (false, true) => self.waiting_parties += 1,
            _ => {}
        }
    }

    fn of(&mut self, state: State) -> Option<&mut u32> {
        Some(match state {
            State::Confirmed => &mut self.confirmed,
            State::Attended => &mut self.attended,
            State::NoShow => &mut self.no_show,
            State::Used => &mut self.used,
            State::Offered => &mut self.offered,
            State::Waitlisted => &mut self.waitlisted,
            State::Pending => &mut self.pending,
            State::Entered => &mut self.entered,
            State::Cancelled | State::Declined | State::Expired | State::Rejected | State::NotDrawn => {
                return None;
            }
        })
    }
}

/// What of a quota changes only by edits: cached by `edition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The quota.
    pub id: QuotaId,
    /// What sort of thing it belongs to.
    pub kind: Kind,
    /// The class, event or offer.
    pub subject: Uuid,
    /// Bumped by every edit.
    pub edition: i64,
    /// The hours it occupies, sorted, not overlapping.
    pub slots: Vec<Slot>,
    /// The limits a seat of it counts towards.
    pub limits: Vec<Limit>,
    /// Who may ask.
    pub rule: Rule,
}

/// A quota as read under its lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// What only edits change.
    pub frame: Arc<Frame>,
    /// Whether it can be asked for at all.
    pub status: Status,
    /// Seats there are; none = unlimited.
    pub capacity: Option<u32>,
    /// Seats per state.
    pub counts: Counts,
    /// How a request becomes a seat.
    pub admission: Admission,
    /// How far a draw has come.
    pub phase: Phase,
    /// When requests are taken from.
    pub opens_at: Instant,
    /// When requests are no longer taken.
    pub closes_at: Instant,
    /// Live bookings one person may have.
    pub per_person: u16,
    /// Seats one booking may take.
    pub party_max: u16,
    /// Whether people can wait.
    pub waitlist: Waitlist,
    /// Parties that may wait.
    pub waitlist_max: u32,
    /// After this nobody is promoted.
    pub promote_until: Instant,
    /// After this the person's own cancel is too late, and a promotion is an offer.
    pub cancel_until: Instant,
    /// The line behind this ticket has not been looked at while seats are free; newcomers queue.
    pub sweep_after: Option<i64>,
    /// The last ticket given out: monotone, gaps allowed.
    pub seq: i64,
    /// Bumped by every write.
    pub version: i64,
}

/// The longest waiting list where the host does not say: twice the capacity, at least 20.
pub fn default_waitlist_max(capacity: Option<u32>) -> u32 {
    capacity.map_or(0, |seats| seats.saturating_mul(2)).max(20)
}

/// How long an offered seat stands where the host does not say, in minutes.
pub const OFFER_MINUTES_DEFAULT: u16 = 120;

/// A refusal that holds for everybody who is not a holder yet, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What a newcomer is answered.
    pub refusal: Refusal,
    /// The next instant that changes it; none = only a write does.
    pub until: Option<Instant>,
}

impl Quota {
    /// Its id.
    pub fn id(&self) -> QuotaId {
        self.frame.id
    }

    /// Seats that are free; `u32::MAX` when unlimited.
    pub fn free(&self) -> u32 {
        self.capacity.map_or(u32::MAX, |capacity| capacity.saturating_sub(self.counts.held()))
    }

    /// Whether a seat goes by order of arrival now: true too for what a draw has left over.
    pub fn is_first_come(&self) -> bool {
        match self.admission {
            Admission::FirstCome => true,
            Admission::Approval => false,
            Admission::Lottery { .. } | Admission::FairOpen { .. } => self.phase == Phase::Drawn,
        }
    }

    /// Whether the line may move at `now`.
    pub fn promotes(&self, now: Instant) -> bool {
        let drawn = match self.admission {
            Admission::FirstCome | Admission::Approval => true,
            Admission::Lottery { .. } | Admission::FairOpen { .. } => self.phase == Phase::Drawn,
        };
        drawn && self.status == Status::Open && now < self.promote_until
    }

    /// Whether one more party may join the line at `now`.
    pub fn line_takes(&self, now: Instant) -> bool {
        self.waitlist != Waitlist::Off
            && self.counts.waiting_parties < self.waitlist_max
            && now < self.promote_until
    }

    /// Whether a party of `seats` may queue at `now`: in the line, or past its maximum while a sweep looks for
    /// somebody who can take what is free. As many more as seats are free, if they fit: a full line of people who
    /// cannot take a seat must not keep it from everybody.
    pub fn may_queue(&self, seats: u16, now: Instant) -> bool {
        let fits = self.sweep_after.is_some() && u32::from(seats) <= self.free();
        let most = if fits { self.waitlist_max.saturating_add(self.free()) } else { self.waitlist_max };
        self.waitlist != Waitlist::Off && self.counts.waiting_parties < most && now < self.promote_until
    }

    /// When an offer made at `now` runs out.
    pub fn offer_expires(&self, now: Instant) -> Instant {
        let minutes = match self.waitlist {
            Waitlist::Offer { minutes } => minutes,
            Waitlist::Off | Waitlist::Instant => OFFER_MINUTES_DEFAULT,
        };
        (now + chrono::TimeDelta::minutes(i64::from(minutes))).min(self.promote_until)
    }

    /// Until when entries of a draw are taken.
    pub fn entries_until(&self) -> Option<Instant> {
        match self.admission {
            Admission::Lottery { .. } => Some(self.closes_at),
            Admission::FairOpen { minutes } => {
                Some((self.opens_at + chrono::TimeDelta::minutes(i64::from(minutes))).min(self.closes_at))
            }
            Admission::FirstCome | Admission::Approval => None,
        }
    }

    /// What every newcomer is refused with at `now`, whoever it is; nothing if it depends.
    pub fn verdict(&self, now: Instant) -> Option<Verdict> {
        match self.status {
            Status::Draft => return Some(Verdict { refusal: Refusal::NotFound, until: None }),
            Status::Cancelled => return Some(Verdict { refusal: Refusal::Closed, until: None }),
            Status::Open => {}
        }
        if now < self.opens_at {
            let refusal = Refusal::NotOpenYet { opens_at: self.opens_at };
            return Some(Verdict { refusal, until: Some(self.opens_at) });
        }
        if now >= self.closes_at {
            return Some(Verdict { refusal: Refusal::Closed, until: None });
        }
        let full = self.is_first_come() && self.free() == 0 && !self.line_takes(now);
        full.then_some(Verdict { refusal: Refusal::SoldOut, until: Some(self.closes_at) })
    }
}

/// Words for the database and HTTP.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// The word in the database and over HTTP.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(Kind { Class = "class", Event = "event", Offer = "offer" });
words!(Status { Draft = "draft", Open = "open", Cancelled = "cancelled" });
words!(Phase { Entering = "entering", Frozen = "frozen", Drawn = "drawn" });

impl Admission {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::FirstCome => "first_come",
            Self::Approval => "approval",
            Self::Lottery { .. } => "lottery",
            Self::FairOpen { .. } => "fair_open",
        }
    }
}

impl Waitlist {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Instant => "instant",
            Self::Offer { .. } => "offer",
        }
    }
}
