//! What can be asked of the kernel, and what it answers.

use crate::booking::quota::Kind;
use crate::booking::state::State;
use crate::id::{BookingId, PersonId, QuotaId};
use crate::refusal::Refusal;
use crate::time::Instant;
use uuid::Uuid;

/// On whose behalf something is given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The person whose booking it is.
    Person,
    /// The host, who gives a reason.
    Host,
    /// The thing itself was called off.
    Subject,
}

/// Which booking of the person is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// This one.
    Booking(BookingId),
    /// Whatever live booking the person has of the quota.
    Own,
}

/// A request for a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    /// The id a new booking gets.
    pub id: BookingId,
    /// Seats wanted.
    pub party: u16,
    /// Whether to join the line when there is no seat.
    pub waitlist: bool,
    /// A booking to be given up if, and only if, a seat is won.
    pub instead_of: Option<(QuotaId, BookingId)>,
    /// What was answered or agreed, as JSON.
    pub answers: Option<String>,
}

/// The verb of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Ask for a seat. Asking again finds the booking.
    Take(Take),
    /// Give a booking up. Giving up nothing is done at once.
    Cancel {
        /// Which booking.
        target: Target,
        /// On whose behalf.
        by: By,
        /// Why, in the words of whoever did it.
        reason: Option<String>,
    },
    /// Accept an offered seat.
    Accept(BookingId),
    /// Decline an offered seat.
    Decline(BookingId),
    /// The host lets a pending booking in.
    Approve(BookingId),
    /// The host turns a pending booking away.
    Reject(BookingId, Option<String>),
    /// Change the party.
    Resize {
        /// Which booking.
        target: Target,
        /// Seats wanted.
        party: u16,
    },
    /// Let the line move, run out what is due, free what a called-off thing still holds. A batch of its own.
    Sweep {
        /// Whether to look at the line from its start again, rather than go on where the last sweep ended.
        restart: bool,
    },
    /// Fix the list of entries of a draw.
    Freeze,
}

/// One request to the kernel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// The quota it is about.
    pub quota: QuotaId,
    /// The person whose booking it is about; none for what is about the quota alone.
    pub person: Option<PersonId>,
    /// What to do.
    pub verb: Verb,
}

/// A booking, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id.
    pub id: BookingId,
    /// Of which quota.
    pub quota: QuotaId,
    /// Whose.
    pub person: PersonId,
    /// Which of the person's bookings of this quota, from 1.
    pub ordinal: u16,
    /// Seats.
    pub party: u16,
    /// The ticket: its place in order of arrival.
    pub seq: i64,
    /// Where it stands.
    pub state: State,
    /// Why it ended or was changed by somebody else.
    pub reason: Option<String>,
    /// What was answered or agreed, as JSON.
    pub answers: Option<String>,
    /// Limits it has debited, as text of [`crate::booking::limit::Debits`].
    pub debits: Option<String>,
    /// When an offered seat goes to the next.
    pub offer_expires_at: Option<Instant>,
    /// Why the line went past it: the problem code.
    pub passed_over: Option<String>,
    /// When it was made.
    pub created_at: Instant,
    /// When it last changed.
    pub changed_at: Instant,
}

/// What the kernel answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The booking as it stands now.
    Booking {
        /// The booking.
        booking: Box<Booking>,
        /// Whether this request made it.
        created: bool,
        /// Its place in the line, from 1, if it joined the line just now.
        position: Option<u32>,
        /// Seats left after it; none = unlimited.
        seats_left: Option<u32>,
    },
    /// There was nothing to do.
    Nothing,
}

/// The answer to one command.
pub type Answer = Result<Outcome, Refusal>;

/// What somebody is told who did not ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tell {
    /// A seat was given from the line, by approval or by a draw.
    SeatGiven,
    /// A seat is offered, until then.
    SeatOffered(Instant),
    /// The offer ran out.
    OfferExpired,
    /// The line went past the person.
    PassedOver,
    /// The request was approved, and waits in the line.
    Queued,
    /// The host rejected the request.
    Rejected,
    /// The host took the booking away.
    Removed,
    /// The thing was called off.
    SubjectCancelled,
}

impl Tell {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::SeatGiven => "seat_given",
            Self::SeatOffered(_) => "seat_offered",
            Self::OfferExpired => "offer_expired",
            Self::PassedOver => "passed_over",
            Self::Queued => "queued",
            Self::Rejected => "rejected",
            Self::Removed => "removed",
            Self::SubjectCancelled => "subject_cancelled",
        }
    }
}

/// A notice to be stored with the change that caused it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who is told.
    pub person: PersonId,
    /// What.
    pub tell: Tell,
    /// About which booking.
    pub booking: BookingId,
    /// Of what sort of thing.
    pub kind: Kind,
    /// The class, event or offer.
    pub subject: Uuid,
    /// The reason given, or the code of why the line went past.
    pub reason: Option<String>,
}

/// Why a quota is swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DueKind {
    /// Somebody who waits has got a limit or an hour back: look at the line from its start.
    Look,
    /// Go on with the line where the last sweep ended.
    Continue,
    /// An offer runs out.
    Expire,
    /// Free what a called-off thing still holds.
    CloseOut,
    /// Fix the entries of a draw.
    Freeze,
}

impl DueKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Look, Self::Continue, Self::Expire, Self::CloseOut, Self::Freeze];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Look => "look",
            Self::Continue => "continue",
            Self::Expire => "expire",
            Self::CloseOut => "close_out",
            Self::Freeze => "freeze",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What the desk is asked to do when it is due.
    pub fn verb(self) -> Verb {
        match self {
            Self::Freeze => Verb::Freeze,
            Self::Look => Verb::Sweep { restart: true },
            Self::Continue | Self::Expire | Self::CloseOut => Verb::Sweep { restart: false },
        }
    }
}

/// Work that becomes due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Due {
    /// The quota it is about.
    pub quota: QuotaId,
    /// What is to be done.
    pub kind: DueKind,
    /// From when on.
    pub at: Instant,
}
