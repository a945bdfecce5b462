//! What one batch has read under its locks, and what it has changed of it.
//!
//! Owns the bookkeeping that must never be forgotten: a booking changes only through [`Image::apply`], which
//! moves the counters with it. What is not in the image was not locked, and cannot be decided on.

use crate::booking::command::{Booking, Due, DueKind, Tell, Told};
use crate::booking::eligibility::Facts;
use crate::booking::limit::Debits;
use crate::booking::quota::{Frame, Quota};
use crate::booking::slot::{Clash, overlap};
use crate::booking::state::{State, Step};
use crate::id::{BookingId, PersonId, QuotaId};
use crate::refusal::Refusal;
use crate::time::Instant;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A person as the kernel knows one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Whether the account is blocked.
    pub blocked: bool,
    /// Whether the consents that booking needs are given, in their current version.
    pub consented: bool,
    /// What rules ask about.
    pub facts: Facts,
}

/// The stretch of a line that was read: tickets in `(after, until]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Only tickets greater than this were read.
    pub after: i64,
    /// The last ticket that was read, if the line goes on behind it; none = read to its end.
    pub until: Option<i64>,
}

impl Stretch {
    /// The whole line.
    pub const WHOLE: Self = Self { after: 0, until: None };

    /// Whether the line was read to its end.
    pub fn reaches_end(self) -> bool {
        self.until.is_none()
    }

    fn covers(self, seq: i64) -> bool {
        seq > self.after && self.until.is_none_or(|until| seq <= until)
    }
}

/// A quota of the batch, its line and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotaImage {
    /// The quota as it stands now.
    pub quota: Quota,
    /// As it was read.
    pub before: Quota,
    /// The waiting bookings that were read, by ticket: a stretch without gaps.
    pub line: Vec<BookingId>,
    /// Which stretch of the line was read.
    pub stretch: Stretch,
    /// Whether something has happened since the line last moved as far as it goes.
    pub stirred: bool,
    /// Whether late offers have been run out; `now` stands still, so once is enough.
    pub offers_checked: bool,
    /// For a called-off thing: whether all its live bookings were read.
    pub all_read: bool,
}

/// A booking and what it was when it was read; none = made in this batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As it stands now.
    pub booking: Booking,
    /// As it was read.
    pub before: Option<Booking>,
}

/// Everything one batch decides on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// When the batch decides: read once, after the locks.
    pub now: Instant,
    quotas: BTreeMap<QuotaId, QuotaImage>,
    frames: HashMap<QuotaId, Arc<Frame>>,
    people: HashMap<PersonId, Person>,
    bookings: HashMap<BookingId, Entry>,
    of_person: HashMap<PersonId, Vec<BookingId>>,
    created: Vec<BookingId>,
    /// Notices to people who did not ask.
    pub told: Vec<Told>,
    /// Work that becomes due.
    pub due: BTreeSet<Due>,
}

impl Image {
    /// An empty image, deciding at `now`.
    pub fn new(now: Instant) -> Self {
        Self {
            now,
            quotas: BTreeMap::new(),
            frames: HashMap::new(),
            people: HashMap::new(),
            bookings: HashMap::new(),
            of_person: HashMap::new(),
            created: Vec::new(),
            told: Vec::new(),
            due: BTreeSet::new(),
        }
    }

    /// Adds a locked quota, of whose line `stretch` was read. The bookings in it follow with
    /// [`Image::add_booking`].
    pub fn add_quota(&mut self, quota: Quota, stretch: Stretch) {
        self.frames.insert(quota.id(), Arc::clone(&quota.frame));
        // A line that is being looked at from sweep to sweep goes on there, unless a seat is freed now.
        let stirred = quota.sweep_after.is_none();
        let before = quota.clone();
        let id = quota.id();
        let entry = QuotaImage {
            quota,
            before,
            line: Vec::new(),
            stretch,
            stirred,
            offers_checked: false,
            all_read: true,
        };
        self.quotas.insert(id, entry);
    }

    /// Says that a called-off quota has more live bookings than were read.
    pub fn more_live(&mut self, quota: QuotaId) {
        if let Some(entry) = self.quotas.get_mut(&quota) {
            entry.all_read = false;
        }
    }

    /// Adds the frame of a quota that is not locked, but that a person has a booking of.
    pub fn add_frame(&mut self, frame: Arc<Frame>) {
        self.frames.entry(frame.id).or_insert(frame);
    }

    /// Adds a person whose ledger row is locked.
    pub fn add_person(&mut self, id: PersonId, person: Person) {
        self.people.insert(id, person);
    }

    /// Adds a booking that was read. Adding it again changes nothing.
    pub fn add_booking(&mut self, booking: Booking) {
        let (id, person) = (booking.id, booking.person);
        if self.bookings.contains_key(&id) {
            return;
        }
        let waits = booking.state == State::Waitlisted;
        let quota = booking.quota;
        self.bookings.insert(id, Entry { before: Some(booking.clone()), booking });
        self.of_person.entry(person).or_default().push(id);
        if waits {
            self.join_line(quota, id);
        }
    }

    fn join_line(&mut self, quota: QuotaId, id: BookingId) {
        let seq = |id: &BookingId| self.bookings.get(id).map_or(0, |entry| entry.booking.seq);
        let Some(place) = self
            .quotas
            .get(&quota)
            .filter(|entry| entry.stretch.covers(seq(&id)))
            .map(|entry| entry.line.partition_point(|other| seq(other) < seq(&id)))
        else {
            return;
        };
        if let Some(entry) = self.quotas.get_mut(&quota) {
            entry.line.insert(place, id);
        }
    }

    /// A quota of the batch; what was not locked does not exist here.
    pub fn quota(&self, id: QuotaId) -> Result<&QuotaImage, Refusal> {
        self.quotas.get(&id).ok_or(Refusal::NotFound)
    }

    /// A quota of the batch, to be changed.
    pub fn quota_mut(&mut self, id: QuotaId) -> Result<&mut QuotaImage, Refusal> {
        self.quotas.get_mut(&id).ok_or(Refusal::NotFound)
    }

    /// All quotas of the batch.
    pub fn quotas(&self) -> impl Iterator<Item = &QuotaImage> {
        self.quotas.values()
    }

    /// A person of the batch.
    pub fn person(&self, id: PersonId) -> Result<&Person, Refusal> {
        self.people.get(&id).ok_or(Refusal::Unauthenticated)
    }

    /// Whether the person's ledger row is locked by this batch.
    pub fn knows(&self, id: PersonId) -> bool {
        self.people.contains_key(&id)
    }

    /// A booking of the image.
    pub fn booking(&self, id: BookingId) -> Option<&Booking> {
        self.bookings.get(&id).map(|entry| &entry.booking)
    }

    /// All bookings of the image, in no order.
    pub fn bookings(&self) -> impl Iterator<Item = &Entry> {
        self.bookings.values()
    }

    /// Bookings made in this batch, in order of their making.
    pub fn created(&self) -> impl Iterator<Item = &Booking> {
        self.created.iter().filter_map(|id| self.booking(*id))
    }

    /// The person's live bookings of `quota`, by ordinal.
    pub fn live_of(&self, person: PersonId, quota: QuotaId) -> Vec<&Booking> {
        let mut live: Vec<&Booking> =
            self.of(person).filter(|booking| booking.quota == quota && booking.state.is_live()).collect();
        live.sort_by_key(|booking| booking.ordinal);
        live
    }

    /// All bookings of the person that are in the image.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = &Booking> {
        self.of_person.get(&person).into_iter().flatten().filter_map(|id| self.booking(*id))
    }

    /// Whether the person could hold a seat of `quota`: limits and hours, leaving `except` out of account.
    /// Gives what the seat would debit.
    pub fn may_hold(
        &self,
        person: PersonId,
        quota: QuotaId,
        except: Option<BookingId>,
    ) -> Result<Debits, Refusal> {
        let frame = &self.quota(quota)?.quota.frame;
        let held =
            || self.of(person).filter(|booking| booking.state.holds_person() && Some(booking.id) != except);
        for booking in held().filter(|booking| booking.quota != quota) {
            let Some(other) = self.frames.get(&booking.quota) else { continue };
            if let Some(slot) = overlap(&other.slots, &frame.slots) {
                let clash = Clash { quota: other.id, kind: other.kind, subject: other.subject, slot };
                return Err(Refusal::ScheduleConflict(clash));
            }
        }
        let mut debits = Debits::default();
        for limit in &frame.limits {
            let debit = limit.debit(self.now);
            let taken = held()
                .filter(|booking| {
                    booking.debits.as_deref().is_some_and(|text| Debits::parse(text).contains(&debit))
                })
                .count();
            if taken >= usize::from(limit.max) {
                return Err(Refusal::LimitReached(limit.hit(self.now)));
            }
            debits.0.push(debit);
        }
        Ok(debits)
    }

    /// The next ticket of `quota`.
    pub fn ticket(&mut self, quota: QuotaId) -> Result<i64, Refusal> {
        let quota = &mut self.quota_mut(quota)?.quota;
        quota.seq += 1;
        Ok(quota.seq)
    }

    /// Adds a booking made in this batch.
    pub fn create(&mut self, booking: Booking) -> Result<(), Refusal> {
        let (id, quota, state) = (booking.id, booking.quota, booking.state);
        self.quota_mut(quota)?.quota.counts.shift(u32::from(booking.party), None, Some(state));
        self.of_person.entry(booking.person).or_default().push(id);
        self.bookings.insert(id, Entry { booking, before: None });
        self.created.push(id);
        if state == State::Waitlisted {
            self.join_line(quota, id);
        }
        Ok(())
    }

    /// Takes `step` with a booking: the state, the counters, the line, and what it debits move together.
    pub fn apply(&mut self, id: BookingId, step: Step, debits: Option<Debits>) -> Result<(), Refusal> {
        let now = self.now;
        let entry = self.bookings.get_mut(&id).ok_or(Refusal::NotFound)?;
        let quota = self.quotas.get_mut(&entry.booking.quota).ok_or(Refusal::NotFound)?;
        let (from, to) = (entry.booking.state, entry.booking.state.after(step)?);
        quota.quota.counts.shift(u32::from(entry.booking.party), Some(from), Some(to));
        entry.booking.state = to;
        entry.booking.changed_at = now;
        entry.booking.passed_over = None;
        entry.booking.offer_expires_at = None;
        if let Some(debits) = debits {
            entry.booking.debits = (!debits.0.is_empty()).then(|| debits.to_string());
        }
        if from == State::Waitlisted {
            quota.line.retain(|waiting| *waiting != id);
        }
        if to == State::Waitlisted {
            self.join_line_of(id);
        } else if from.holds_seat() && !to.holds_seat() {
            quota.stirred = true;
        }
        Ok(())
    }

    fn join_line_of(&mut self, id: BookingId) {
        if let Some(quota) = self.booking(id).map(|booking| booking.quota) {
            self.join_line(quota, id);
        }
    }

    /// Changes fields of a booking that move no counter.
    pub fn amend(&mut self, id: BookingId, change: impl FnOnce(&mut Booking)) {
        let now = self.now;
        if let Some(entry) = self.bookings.get_mut(&id) {
            change(&mut entry.booking);
            entry.booking.changed_at = now;
        }
    }

    /// Changes the party of a booking, and the counters with it.
    pub fn resize(&mut self, id: BookingId, party: u16) -> Result<(), Refusal> {
        let now = self.now;
        let entry = self.bookings.get_mut(&id).ok_or(Refusal::NotFound)?;
        let quota = self.quotas.get_mut(&entry.booking.quota).ok_or(Refusal::NotFound)?;
        let state = entry.booking.state;
        quota.quota.counts.shift(u32::from(entry.booking.party), Some(state), None);
        quota.quota.counts.shift(u32::from(party), None, Some(state));
        quota.stirred |= party < entry.booking.party;
        entry.booking.party = party;
        entry.booking.changed_at = now;
        Ok(())
    }

    /// Tells the booking's person something they did not ask for.
    pub fn tell(&mut self, id: BookingId, tell: Tell, reason: Option<String>) {
        let Some(booking) = self.booking(id) else { return };
        let Some(frame) = self.frames.get(&booking.quota) else { return };
        let told = Told {
            person: booking.person,
            tell,
            booking: id,
            kind: frame.kind,
            subject: frame.subject,
            reason,
        };
        self.told.push(told);
    }

    /// The person has got a limit or an hour back: every other quota in which they wait looks again, those of
    /// this batch before they decide on anything else.
    pub fn look_again_elsewhere(&mut self, person: PersonId, quota: QuotaId) {
        let waits = |booking: &&Booking| booking.state == State::Waitlisted && booking.quota != quota;
        let lines: Vec<QuotaId> = self.of(person).filter(waits).map(|booking| booking.quota).collect();
        for line in lines {
            self.due.insert(Due { quota: line, kind: DueKind::Look, at: self.now });
            if let Some(entry) = self.quotas.get_mut(&line) {
                entry.stirred = true;
            }
        }
    }
}
