//! Plain quotas, people and requests that a test changes where it matters.

use crate::booking::command::{By, Command, Take, Target, Verb};
use crate::booking::eligibility::{Facts, Rule};
use crate::booking::image::Person;
use crate::booking::limit::{Limit, Per, Window};
use crate::booking::quota::{Admission, Counts, Frame, Kind, Phase, Quota, Status, Waitlist};
use crate::booking::slot::Slot;
use crate::id::{BookingId, PersonId, QuotaId};
use crate::time::Instant;
use chrono::TimeDelta;
use std::sync::Arc;
use uuid::Uuid;

/// Tuesday 2026-11-24, 10:00 in Shanghai, and so many minutes.
pub fn t(minutes: i64) -> Instant {
    let ten: Instant = "2026-11-24T02:00:00Z".parse().unwrap();
    ten + TimeDelta::minutes(minutes)
}

/// Minutes of a day.
pub const DAY: i64 = 24 * 60;

pub fn q(n: u8) -> QuotaId {
    QuotaId(Uuid::from_u128(u128::from(n)))
}

pub fn p(n: u16) -> PersonId {
    PersonId(Uuid::from_u128(u128::from(n)))
}

pub fn b(n: u64) -> BookingId {
    BookingId(Uuid::from_u128(u128::from(n)))
}

/// First come, two seats, a line that moves at once, open since an hour for a week, no hours, no limits.
pub fn quota(n: u8) -> Quota {
    let frame = Frame {
        id: q(n),
        kind: Kind::Class,
        subject: Uuid::from_u128(1000 + u128::from(n)),
        edition: 1,
        slots: Vec::new(),
        limits: Vec::new(),
        rule: Rule::default(),
    };
    Quota {
        frame: Arc::new(frame),
        status: Status::Open,
        capacity: Some(2),
        counts: Counts::default(),
        admission: Admission::FirstCome,
        phase: Phase::Entering,
        opens_at: t(-60),
        closes_at: t(7 * DAY),
        per_person: 1,
        party_max: 3,
        waitlist: Waitlist::Instant,
        waitlist_max: 20,
        promote_until: t(10 * DAY),
        cancel_until: t(10 * DAY),
        sweep_after: None,
        seq: 0,
        version: 1,
    }
}

/// A quota of `seats` seats.
pub fn seats(n: u8, seats: u32) -> Quota {
    Quota { capacity: Some(seats), ..quota(n) }
}

impl Quota {
    /// The same, its frame changed.
    pub(super) fn framed(mut self, change: impl FnOnce(&mut Frame)) -> Self {
        change(Arc::make_mut(&mut self.frame));
        self
    }

    /// The same, at this hour of 1 March 2027.
    pub(super) fn at_hour(self, hour: i64) -> Self {
        let start = t(97 * DAY + hour * 60);
        let slot = Slot { starts_at: start, ends_at: start + TimeDelta::minutes(90) };
        self.framed(|frame| frame.slots.push(slot))
    }

    /// The same, counting towards `limit`.
    pub(super) fn limited(self, limit: Limit) -> Self {
        self.framed(|frame| frame.limits.push(limit))
    }
}

pub fn limit(id: i64, window: Window, max: u16) -> Limit {
    Limit { id, per: Per::Person, window, max }
}

/// Somebody who may book and gave no date of birth.
pub fn somebody() -> Person {
    Person { blocked: false, consented: true, facts: Facts::default() }
}

fn command(quota: QuotaId, person: PersonId, verb: Verb) -> Command {
    Command { quota, person: Some(person), verb }
}

/// A request for one seat, ready to wait.
pub fn take(id: BookingId, quota: QuotaId, person: PersonId) -> Command {
    let take = Take { id, party: 1, waitlist: true, instead_of: None, answers: None };
    command(quota, person, Verb::Take(take))
}

impl Command {
    fn with(mut self, change: impl FnOnce(&mut Take)) -> Self {
        let Verb::Take(take) = &mut self.verb else { panic!("not a request for a seat") };
        change(take);
        self
    }

    pub(super) fn party(self, party: u16) -> Self {
        self.with(|take| take.party = party)
    }

    /// Does not want to wait.
    pub(super) fn now_or_never(self) -> Self {
        self.with(|take| take.waitlist = false)
    }

    pub(super) fn instead_of(self, quota: QuotaId, booking: BookingId) -> Self {
        self.with(|take| take.instead_of = Some((quota, booking)))
    }
}

pub fn cancel(quota: QuotaId, person: PersonId) -> Command {
    command(quota, person, Verb::Cancel { target: Target::Own, by: By::Person, reason: None })
}

pub fn remove(quota: QuotaId, person: PersonId, reason: &str) -> Command {
    let verb = Verb::Cancel { target: Target::Own, by: By::Host, reason: Some(reason.to_owned()) };
    command(quota, person, verb)
}

pub fn accept(quota: QuotaId, person: PersonId, id: BookingId) -> Command {
    command(quota, person, Verb::Accept(id))
}

pub fn decline(quota: QuotaId, person: PersonId, id: BookingId) -> Command {
    command(quota, person, Verb::Decline(id))
}

pub fn approve(quota: QuotaId, person: PersonId, id: BookingId) -> Command {
    command(quota, person, Verb::Approve(id))
}

pub fn reject(quota: QuotaId, person: PersonId, id: BookingId, reason: &str) -> Command {
    command(quota, person, Verb::Reject(id, Some(reason.to_owned())))
}

pub fn resize(quota: QuotaId, person: PersonId, party: u16) -> Command {
    command(quota, person, Verb::Resize { target: Target::Own, party })
}

pub fn sweep(quota: QuotaId, restart: bool) -> Command {
    Command { quota, person: None, verb: Verb::Sweep { restart } }
}

pub fn freeze(quota: QuotaId) -> Command {
    Command { quota, person: None, verb: Verb::Freeze }
}
