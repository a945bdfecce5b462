//! What must hold, said again in the plainest way, over everything there is rather than over what was read.

use super::store::Store;
use crate::booking::command::{Answer, Booking, Command, DueKind, Outcome, Verb};
use crate::booking::image::Image;
use crate::booking::limit::Debits;
use crate::booking::line::settle;
use crate::booking::quota::{Counts, Quota};
use crate::booking::state::State;
use crate::id::{BookingId, PersonId};
use crate::time::Instant;
use std::collections::{BTreeMap, BTreeSet};

/// One command, seen from outside.
pub struct Seen<'a> {
    pub store: &'a Store,
    pub before: &'a Image,
    pub after: &'a Image,
}

type Rows = BTreeMap<BookingId, Booking>;

/// The rows as they would be if the batch ended here.
fn rows(store: &Store, image: &Image) -> Rows {
    let mut rows = store.bookings.clone();
    rows.extend(image.bookings().map(|entry| (entry.booking.id, entry.booking.clone())));
    rows
}

/// Whether the person may hold a seat of `quota`, counted from the rows alone.
fn may_hold(store: &Store, rows: &Rows, person: PersonId, quota: &Quota, now: Instant) -> bool {
    let held = || rows.values().filter(|row| row.person == person && row.state.holds_person());
    let meets = |row: &Booking| {
        let theirs = &store.quotas[&row.quota].frame.slots;
        theirs
            .iter()
            .any(|a| quota.frame.slots.iter().any(|b| a.starts_at < b.ends_at && b.starts_at < a.ends_at))
    };
    let clash = held().any(|row| row.quota != quota.id() && meets(row));
    let over = quota.frame.limits.iter().any(|limit| {
        let debit = limit.debit(now);
        let debited =
            |row: &&Booking| row.debits.as_deref().is_some_and(|text| Debits::parse(text).contains(&debit));
        held().filter(debited).count() >= usize::from(limit.max)
    });
    !clash && !over
}

/// What one command must not have done.
pub fn of_command(seen: &Seen<'_>, command: &Command, answer: &Answer) {
    if answer.is_err() {
        refusal_changed_nothing(seen, command);
    }
    told_the_truth(seen, command, answer);
    let (before, after) = (rows(seen.store, seen.before), rows(seen.store, seen.after));
    for entry in seen.after.quotas() {
        counters_equal_rows(&entry.quota, &after);
        nobody_overtook(seen, command, &entry.quota, &before, &after);
    }
}

/// A refusal leaves what the line would have done anyway.
fn refusal_changed_nothing(seen: &Seen<'_>, command: &Command) {
    let mut settled = seen.before.clone();
    if settle(&mut settled, command.quota).is_ok() {
        assert_eq!(&settled, seen.after, "the refusal of {command:?} changed something");
    }
}

/// The answer is what is there now.
fn told_the_truth(seen: &Seen<'_>, command: &Command, answer: &Answer) {
    let Ok(Outcome::Booking { booking, created, position, seats_left }) = answer else { return };
    assert_eq!(Some(booking.as_ref()), seen.after.booking(booking.id), "an old answer to {command:?}");
    assert_eq!(booking.quota, command.quota);
    assert_eq!(Some(booking.person), command.person);
    assert_eq!(*created, seen.before.booking(booking.id).is_none());
    let quota = &seen.after.quota(booking.quota).unwrap().quota;
    let live = seen.after.live_of(booking.person, booking.quota).len();
    assert!(!created || live <= usize::from(quota.per_person), "one more than the host allows: {booking:?}");
    assert_eq!(*seats_left, quota.capacity.map(|_| quota.free()), "seats left after {command:?}");
    if let Some(position) = position {
        let rows = rows(seen.store, seen.after);
        let waits = |row: &&Booking| row.quota == booking.quota && row.state == State::Waitlisted;
        let ahead = rows.values().filter(waits).filter(|row| row.seq < booking.seq).count();
        assert_eq!((booking.state, *position as usize), (State::Waitlisted, ahead + 1));
    }
}

/// Nobody got a seat past somebody before them in the line who fits and may hold it.
fn nobody_overtook(seen: &Seen<'_>, command: &Command, quota: &Quota, before: &Rows, after: &Rows) {
    let (store, now) = (seen.store, seen.after.now);
    // Who has got a limit or an hour back in another quota is seen by the look that is due, not by a sweep that
    // was under way.
    let look_comes =
        command.verb == (Verb::Sweep { restart: false }) && store.is_due(quota.id(), DueKind::Look);
    if !quota.promotes(now) || look_comes {
        return;
    }
    let of_quota = |row: &&Booking| row.quota == quota.id();
    let given = after.values().filter(of_quota).filter(|row| row.state.holds_seat()).filter_map(|row| {
        match before.get(&row.id).filter(|was| was.state.holds_seat()) {
            None => Some((row.seq, row.party)),
            Some(was) if row.party > was.party => Some((i64::MAX, row.party - was.party)),
            Some(_) => None,
        }
    });
    let waits = |row: &&Booking| {
        row.state == State::Waitlisted
            && before.get(&row.id).is_some_and(|was| was.state == State::Waitlisted)
    };
    for (seq, party) in given {
        for row in after.values().filter(of_quota).filter(waits).filter(|row| row.seq < seq) {
            let fits = u32::from(row.party) <= u32::from(party).saturating_add(quota.free());
            let may = [before, after].iter().all(|rows| may_hold(store, rows, row.person, quota, now));
            assert!(!fits || !may, "{command:?} gave ticket {seq} what {row:?} waited for");
        }
    }
}

fn counters_equal_rows(quota: &Quota, rows: &Rows) {
    let of = |state: State| {
        let rows = rows.values().filter(|row| row.quota == quota.id() && row.state == state);
        rows.map(|row| u32::from(row.party)).sum::<u32>()
    };
    let waits = |row: &&Booking| row.quota == quota.id() && row.state == State::Waitlisted;
    let counted = Counts {
        confirmed: of(State::Confirmed),
        attended: of(State::Attended),
        no_show: of(State::NoShow),
        used: of(State::Used),
        offered: of(State::Offered),
        waitlisted: of(State::Waitlisted),
        pending: of(State::Pending),
        entered: of(State::Entered),
        waiting_parties: u32::try_from(rows.values().filter(waits).count()).unwrap(),
    };
    assert_eq!(quota.counts, counted, "counters of {:?}", quota.id());
    assert!(quota.capacity.is_none_or(|capacity| quota.counts.held() <= capacity), "oversold: {quota:?}");
}

/// What must hold between transactions.
pub fn at_rest(store: &Store) {
    for quota in store.quotas.values() {
        counters_equal_rows(quota, &store.bookings);
        tickets_are_unique(store, quota);
        work_is_under_way(store, quota);
    }
    for person in store.people.keys() {
        person_holds_what_they_may(store, *person);
    }
}

fn tickets_are_unique(store: &Store, quota: &Quota) {
    let mut tickets = BTreeSet::new();
    let mut places = BTreeSet::new();
    for row in store.bookings.values().filter(|row| row.quota == quota.id()) {
        assert!(tickets.insert(row.seq), "ticket {} twice", row.seq);
        assert!(row.seq <= quota.seq);
        assert!(!row.state.is_live() || places.insert((row.person, row.ordinal)), "one place twice: {row:?}");
        assert_eq!(row.state == State::Offered, row.offer_expires_at.is_some());
    }
}

/// Whatever still has to move will: nothing is left to chance.
fn work_is_under_way(store: &Store, quota: &Quota) {
    let due = |kind| store.is_due(quota.id(), kind);
    if quota.sweep_after.is_some() {
        assert!(due(DueKind::Continue), "nobody goes on with the line of {quota:?}");
    } else if !due(DueKind::Look) && !due(DueKind::Continue) {
        no_seat_waits_for_somebody(store, quota);
    }
    for offered in store.in_state(quota.id(), State::Offered) {
        let at = offered.offer_expires_at.unwrap();
        let comes = store
            .due
            .iter()
            .any(|due| due.quota == quota.id() && due.kind == DueKind::Expire && due.at == at);
        assert!(comes, "nobody runs out {offered:?}");
    }
}

/// No seat is free while a waiting party that fits may hold it.
pub fn no_seat_waits_for_somebody(store: &Store, quota: &Quota) {
    if !quota.promotes(store.now) {
        return;
    }
    for row in store.in_state(quota.id(), State::Waitlisted) {
        let may = || may_hold(store, &store.bookings, row.person, quota, store.now);
        assert!(u32::from(row.party) > quota.free() || !may(), "a free seat does not reach {row:?}");
    }
}

/// Limits and hours, over all quotas.
fn person_holds_what_they_may(store: &Store, person: PersonId) {
    let held: Vec<&Booking> =
        store.bookings.values().filter(|row| row.person == person && row.state.holds_person()).collect();
    let mut debits: BTreeMap<(i64, String), usize> = BTreeMap::new();
    for (place, row) in held.iter().enumerate() {
        let quota = &store.quotas[&row.quota];
        let debited = row.debits.as_deref().map(Debits::parse).unwrap_or_default();
        assert_eq!(debited.0.len(), quota.frame.limits.len(), "{row:?} debits not what it counts towards");
        for (debit, limit) in debited.0.into_iter().zip(&quota.frame.limits) {
            assert_eq!(debit.limit, limit.id);
            let count = debits.entry((debit.limit, debit.window)).or_default();
            *count += 1;
            assert!(*count <= usize::from(limit.max), "over the limit {limit:?}: {row:?}");
        }
        for other in held.iter().take(place).filter(|other| other.quota != row.quota) {
            let (a, b): (&[_], &[_]) = (&quota.frame.slots, &store.quotas[&other.quota].frame.slots);
            let meet = a.iter().any(|a| b.iter().any(|b| a.starts_at < b.ends_at && b.starts_at < a.ends_at));
            assert!(!meet, "two things at one hour: {row:?} and {other:?}");
        }
    }
}
