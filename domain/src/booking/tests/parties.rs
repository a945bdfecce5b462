//! Parties: first that fits; smaller frees at once, larger needs the difference.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{Command, Outcome, Target, Verb};
use crate::booking::quota::Quota;
use crate::booking::state::State;
use crate::refusal::Refusal;

/// Five seats: 1 has three, 2 has two; 3 waits as three, 4 as one.
fn full() -> Store {
    let mut store = Store::new(t(0), [seats(1, 5)]);
    for (n, party) in [(1, 3), (2, 2), (3, 3), (4, 1)] {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())).party(party));
    }
    assert_eq!((store.state(b(2)), store.state(b(3))), (State::Confirmed, State::Waitlisted));
    store
}

#[test]
fn the_first_party_that_fits_not_the_first_party() {
    let mut store = full();
    store.get(cancel(q(1), p(2)));
    assert_eq!((store.state(b(3)), store.state(b(4))), (State::Waitlisted, State::Confirmed));
    assert_eq!(store.quota(q(1)).free(), 1);
    // A newcomer of one may take what the party of three cannot.
    assert_eq!(store.get(take(b(5), q(1), p(5))).state, State::Confirmed);
    assert_eq!(store.get(take(b(6), q(1), p(6))).state, State::Waitlisted);
    store.get(cancel(q(1), p(1)));
    assert_eq!((store.state(b(3)), store.state(b(6))), (State::Confirmed, State::Waitlisted));
}

#[test]
fn a_smaller_party_frees_at_once() {
    let mut store = full();
    let answer = store.ask(resize(q(1), p(1), 1));
    let Ok(Outcome::Booking { booking, created: false, seats_left, .. }) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!((booking.party, booking.state, seats_left), (1, State::Confirmed, Some(1)));
    assert_eq!(store.state(b(4)), State::Confirmed);
    assert_eq!(store.state(b(3)), State::Waitlisted, "three do not fit");
}

#[test]
fn a_larger_party_needs_the_difference_and_changes_nothing_without_it() {
    let mut store = full();
    store.get(cancel(q(1), p(4)));
    store.get(cancel(q(1), p(3)));
    assert_eq!(store.ask(resize(q(1), p(2), 3)), Err(Refusal::SoldOut));
    assert_eq!(store.booking(b(2)).party, 2);
    store.get(resize(q(1), p(1), 1));
    assert_eq!(store.get(resize(q(1), p(2), 3)).party, 3);
    assert_eq!(store.quota(q(1)).free(), 1);
    for party in [0, 4] {
        assert!(matches!(store.ask(resize(q(1), p(2), party)), Err(Refusal::Invalid(_))));
    }
    assert_eq!(store.ask(resize(q(1), p(9), 1)), Err(Refusal::WrongState), "whoever has nothing");
}

#[test]
fn nobody_grows_past_somebody_who_waits_and_fits() {
    let mut store = Store::new(t(0), [seats(1, 4), seats(2, 1).at_hour(19)]);
    store.edit(q(1), |quota| *quota = quota.clone().at_hour(19));
    store.get(take(b(1), q(1), p(1)).party(2));
    store.get(take(b(2), q(1), p(2)).party(2));
    store.get(take(b(3), q(1), p(3)));
    store.get(take(b(4), q(2), p(3)));
    // Three is busy at that hour: the seat goes past, and the party may grow into it.
    store.get(resize(q(1), p(2), 1));
    assert_eq!(store.booking(b(3)).passed_over.as_deref(), Some("schedule_conflict"));
    assert_eq!(store.get(resize(q(1), p(1), 3)).party, 3);
    // Free again, three comes first.
    store.get(resize(q(1), p(1), 2));
    store.get(cancel(q(2), p(3)));
    assert_eq!(store.ask(resize(q(1), p(1), 3)), Err(Refusal::SoldOut));
    assert_eq!(store.state(b(3)), State::Confirmed);
}

#[test]
fn who_waits_keeps_the_place_whatever_the_party() {
    let mut store = full();
    store.get(take(b(5), q(1), p(5)).party(2));
    let grown = store.get(resize(q(1), p(4), 3));
    assert_eq!((grown.seq, grown.state), (4, State::Waitlisted));
    assert_eq!(store.quota(q(1)).counts.waitlisted, 3 + 3 + 2);
    // One seat gets free: nobody fits. Then the first makes themselves fit.
    store.get(resize(q(1), p(1), 2));
    assert_eq!(store.quota(q(1)).free(), 1);
    let fits = store.get(resize(q(1), p(4), 1));
    assert_eq!(fits.state, State::Confirmed);
}

#[test]
fn with_several_bookings_the_one_that_is_meant() {
    let mut store = Store::new(t(0), [Quota { per_person: 2, ..seats(1, 6) }]);
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(1)));
    let verb = Verb::Resize { target: Target::Booking(b(2)), party: 3 };
    store.get(Command { quota: q(1), person: Some(p(1)), verb: verb.clone() });
    assert_eq!((store.booking(b(1)).party, store.booking(b(2)).party), (1, 3));
    let foreign = Command { quota: q(1), person: Some(p(2)), verb };
    assert_eq!(store.ask(foreign), Err(Refusal::WrongState));
}
