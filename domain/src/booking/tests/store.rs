//! What infra does, in memory: reads an image for a batch, carries it out, writes the difference, runs due work.
//!
//! It reads as little as the contract allows: a window of the line, the bookings of the people that are locked.

use super::fixture::{p, somebody};
use super::invariants::{self, Seen};
use crate::booking::command::{Answer, Booking, Command, Due, DueKind, Outcome, Told, Verb};
use crate::booking::decide::carry_out;
use crate::booking::image::{Image, Person, Stretch};
use crate::booking::quota::{Quota, Status};
use crate::booking::state::{State, Step};
use crate::id::{BookingId, PersonId, QuotaId};
use crate::time::Instant;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    pub now: Instant,
    pub quotas: BTreeMap<QuotaId, Quota>,
    pub people: BTreeMap<PersonId, Person>,
    pub bookings: BTreeMap<BookingId, Booking>,
    pub due: BTreeSet<Due>,
    pub told: Vec<Told>,
    /// Waiting bookings read of a quota in one batch.
    pub window: usize,
    /// Bookings read of a called-off quota in one batch.
    pub freed_per_sweep: usize,
}

impl Store {
    /// These quotas and 300 people, at `now`.
    pub fn new(now: Instant, quotas: impl IntoIterator<Item = Quota>) -> Self {
        Self {
            now,
            quotas: quotas.into_iter().map(|quota| (quota.id(), quota)).collect(),
            people: (1..=300).map(|n| (p(n), somebody())).collect(),
            bookings: BTreeMap::new(),
            due: BTreeSet::new(),
            told: Vec::new(),
            window: usize::MAX,
            freed_per_sweep: usize::MAX,
        }
    }

    /// The same, reading so little of a line at a time.
    pub fn reading(mut self, window: usize) -> Self {
        self.window = window;
        self
    }

    pub fn quota(&self, id: QuotaId) -> &Quota {
        &self.quotas[&id]
    }

    pub fn edit(&mut self, id: QuotaId, change: impl FnOnce(&mut Quota)) {
        change(self.quotas.get_mut(&id).unwrap());
    }

    pub fn booking(&self, id: BookingId) -> &Booking {
        &self.bookings[&id]
    }

    pub fn state(&self, id: BookingId) -> State {
        self.booking(id).state
    }

    /// Bookings of `quota` in this state, by ticket.
    pub fn in_state(&self, quota: QuotaId, state: State) -> Vec<&Booking> {
        let mut found: Vec<&Booking> = self
            .bookings
            .values()
            .filter(|booking| booking.quota == quota && booking.state == state)
            .collect();
        found.sort_by_key(|booking| booking.seq);
        found
    }

    /// One command, a batch of its own.
    pub fn ask(&mut self, command: Command) -> Answer {
        self.batch(&[command]).remove(0)
    }

    /// One command that finds or makes a booking: as it stands then.
    pub fn get(&mut self, command: Command) -> Booking {
        match self.ask(command) {
            Ok(Outcome::Booking { booking, .. }) => *booking,
            other => panic!("no booking: {other:?}"),
        }
    }

    /// One transaction. Every invariant is held against every command of it and against what it leaves.
    pub fn batch(&mut self, commands: &[Command]) -> Vec<Answer> {
        let mut image = self.read(commands);
        let mut answers = Vec::new();
        for command in commands {
            let before = image.clone();
            let answer = carry_out(&mut image, command);
            let seen = Seen { store: self, before: &before, after: &image };
            invariants::of_command(&seen, command, &answer);
            answers.push(answer);
        }
        self.write(&image);
        invariants::at_rest(self);
        answers
    }

    /// What is recorded after the fact: the verbs of attendance and redemption come later.
    pub fn mark(&mut self, id: BookingId, step: Step) {
        let booking = self.booking(id);
        let mut image = self.image_of(&[booking.quota], &[booking.person], None);
        if image.apply(id, step, None).is_ok() {
            self.write(&image);
        }
        invariants::at_rest(self);
    }

    fn read(&self, commands: &[Command]) -> Image {
        let mut quotas: Vec<QuotaId> = Vec::new();
        let mut people: Vec<PersonId> = Vec::new();
        for command in commands {
            quotas.push(command.quota);
            people.extend(command.person);
            if let Verb::Take(take) = &command.verb {
                quotas.extend(take.instead_of.map(|(quota, _)| quota));
            }
        }
        let restarts = |command: &Command| match command.verb {
            Verb::Sweep { restart } => Some(restart),
            _ => None,
        };
        let sweep = commands.iter().find_map(restarts);
        assert!(sweep.is_none() || commands.len() == 1, "a sweep is a batch of its own");
        self.image_of(&quotas, &people, sweep)
    }

    fn image_of(&self, quotas: &[QuotaId], people: &[PersonId], sweep: Option<bool>) -> Image {
        let quotas: BTreeSet<QuotaId> = quotas.iter().copied().collect();
        let mut people: BTreeSet<PersonId> = people.iter().copied().collect();
        let mut image = Image::new(self.now);
        let mut close_out: Vec<&Booking> = Vec::new();
        for quota in quotas.iter().filter_map(|id| self.quotas.get(id)) {
            let after = quota.sweep_after.filter(|_| sweep == Some(false)).unwrap_or(0);
            let mut line = self.in_state(quota.id(), State::Waitlisted);
            line.retain(|booking| booking.seq > after);
            let goes_on = line.len() > self.window;
            line.truncate(self.window);
            let until = line.last().map(|booking| booking.seq).filter(|_| goes_on);
            people.extend(line.iter().map(|booking| booking.person));
            image.add_quota(quota.clone(), Stretch { after, until });
            if sweep.is_some() && quota.status == Status::Cancelled {
                close_out = self.bookings.values().filter(|booking| booking.quota == quota.id()).collect();
                close_out.retain(|booking| booking.state.after(Step::Cancel).is_ok());
                if close_out.len() > self.freed_per_sweep {
                    image.more_live(quota.id());
                }
                close_out.truncate(self.freed_per_sweep);
            }
        }
        people.extend(close_out.iter().map(|booking| booking.person));
        for quota in self.quotas.values() {
            image.add_frame(Arc::clone(&quota.frame));
        }
        for (id, person) in self.people.iter().filter(|(id, _)| people.contains(id)) {
            image.add_person(*id, person.clone());
        }
        for booking in self.bookings.values() {
            let of_locked =
                people.contains(&booking.person) && (booking.state.is_live() || booking.state.holds_person());
            let ran_out = booking.state == State::Offered
                && quotas.contains(&booking.quota)
                && booking.offer_expires_at.is_some_and(|at| at <= self.now);
            if of_locked || ran_out {
                image.add_booking(booking.clone());
            }
        }
        image
    }

    fn write(&mut self, image: &Image) {
        for entry in image.bookings() {
            let stored = self.bookings.insert(entry.booking.id, entry.booking.clone());
            assert_eq!(stored, entry.before, "written over what was not read");
        }
        for entry in image.quotas() {
            let mut quota = entry.quota.clone();
            if quota != entry.before {
                quota.version += 1;
            }
            let stored = self.quotas.insert(quota.id(), quota);
            assert_eq!(stored.as_ref(), Some(&entry.before));
        }
        self.due.extend(image.due.iter().copied());
        self.told.extend(image.told.iter().cloned());
    }

    /// Work that is due now, the longest due first.
    pub fn due_now(&self) -> Vec<Due> {
        let mut due: Vec<Due> = self.due.iter().copied().filter(|due| due.at <= self.now).collect();
        due.sort_by_key(|due| (due.at, due.quota, due.kind));
        due
    }

    /// Whether work of this kind is due for `quota` now.
    pub fn is_due(&self, quota: QuotaId, kind: DueKind) -> bool {
        self.due.iter().any(|due| due.quota == quota && due.kind == kind && due.at <= self.now)
    }

    /// Does one piece of due work.
    pub fn do_due(&mut self, due: Due) {
        assert!(self.due.remove(&due));
        let answer = self.ask(Command { quota: due.quota, person: None, verb: due.kind.verb() });
        assert_eq!(answer, Ok(Outcome::Nothing));
    }

    /// Does what is due now, until nothing is.
    pub fn run_due(&mut self) {
        let mut rounds = 0;
        while let Some(due) = self.due_now().first().copied() {
            self.do_due(due);
            rounds += 1;
            assert!(rounds < 10_000, "due work without end: {:?}", self.due);
        }
    }

    /// Lets time pass until `to`, doing what becomes due when it does.
    pub fn wait_until(&mut self, to: Instant) {
        self.run_due();
        while let Some(next) = self.due.iter().map(|due| due.at).min().filter(|at| *at <= to) {
            self.now = next;
            self.run_due();
        }
        self.now = to;
    }

    /// Does all due work there is, whenever it becomes due.
    pub fn run_to_the_end(&mut self) {
        self.run_due();
        while let Some(next) = self.due.iter().map(|due| due.at).min() {
            self.now = next;
            self.run_due();
        }
    }
}
