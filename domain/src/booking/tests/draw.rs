//! A draw held in the simplest way, so that histories go on after one.

use super::fixture::sweep;
use super::store::Store;
use crate::booking::command::Booking;
use crate::booking::quota::{Phase, Waitlist};
use crate::booking::state::{State, Step};
use crate::id::{PersonId, QuotaId};

impl Store {
    /// Holds a frozen draw: the entries in their order, turned by so many; who cannot have a
    /// seat waits, or is not drawn. The next tickets after the last request in time are theirs.
    pub fn draw(&mut self, id: QuotaId, turn: impl FnOnce(usize) -> usize) {
        let quota = self.quota(id).clone();
        let in_time = |row: &&Booking| row.quota == id && row.created_at < quota.entries_until().unwrap();
        let base = self.bookings.values().filter(in_time).map(|row| row.seq).max().unwrap_or(0);
        let mut entries: Vec<Booking> = self.in_state(id, State::Entered).into_iter().cloned().collect();
        if !entries.is_empty() {
            let turned = turn(entries.len());
            entries.rotate_left(turned);
        }
        let people: Vec<PersonId> = entries.iter().map(|entry| entry.person).collect();
        let mut image = self.image_of(&[id], &people, None);
        for (entry, seq) in entries.iter().zip(base + 1..) {
            image.amend(entry.id, |row| row.seq = seq);
            let fits = u32::from(entry.party) <= image.quota(id).unwrap().quota.free();
            match image.may_hold(entry.person, id, None) {
                Ok(debits) if fits => image.apply(entry.id, Step::Seat, Some(debits)).unwrap(),
                _ if quota.waitlist == Waitlist::Off => image.apply(entry.id, Step::PassBy, None).unwrap(),
                _ => image.apply(entry.id, Step::Queue, None).unwrap(),
            }
        }
        image.quota_mut(id).unwrap().quota.phase = Phase::Drawn;
        self.write(&image);
        self.ask(sweep(id, true)).unwrap();
    }
}
