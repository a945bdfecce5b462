//! A thing that is called off: shut first, then everybody is freed and told, in portions.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{Due, DueKind, Tell};
use crate::booking::quota::{Quota, Status, Waitlist};
use crate::booking::state::{State, Step};
use crate::refusal::Refusal;

fn called_off(quota: Quota) -> Store {
    let mut store = Store::new(t(0), [quota, seats(2, 1)]);
    for n in 1..=7 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    store.mark(b(1), Step::Attend);
    store.edit(q(1), |quota| quota.status = Status::Cancelled);
    store.due.insert(Due { quota: q(1), kind: DueKind::CloseOut, at: t(0) });
    store
}

#[test]
fn everybody_is_freed_and_told_once_however_many_are_freed_at_a_time() {
    for portion in [1, 2, 3, 100] {
        let mut store = called_off(seats(1, 3));
        store.freed_per_sweep = portion;
        store.run_due();
        assert_eq!(store.in_state(q(1), State::Cancelled).len(), 6);
        assert_eq!(store.state(b(1)), State::Attended, "what has been is not undone");
        let mut told: Vec<_> = store.told.iter().map(|told| (told.person, told.tell)).collect();
        told.sort_by_key(|told| told.0);
        let expected: Vec<_> = (2..=7).map(|n| (p(n), Tell::SubjectCancelled)).collect();
        assert_eq!(told, expected, "{portion} at a time");
        assert!(store.due.is_empty());
    }
}

#[test]
fn between_the_portions_nobody_is_promoted_taken_in_or_accepted() {
    let mut store = called_off(Quota { waitlist: Waitlist::Offer { minutes: 30 }, ..seats(1, 3) });
    store.edit(q(1), |quota| quota.status = Status::Open);
    store.get(cancel(q(1), p(2)));
    assert_eq!(store.state(b(4)), State::Offered);
    store.edit(q(1), |quota| quota.status = Status::Cancelled);
    assert_eq!(store.ask(accept(q(1), p(4), b(4))), Err(Refusal::Closed));
    assert_eq!(store.ask(take(b(9), q(1), p(9))), Err(Refusal::Closed));
    store.get(cancel(q(1), p(3)));
    assert_eq!(store.state(b(5)), State::Waitlisted);
    store.run_to_the_end();
    assert_eq!(store.in_state(q(1), State::Cancelled).len(), 6);
}

#[test]
fn the_hours_it_took_are_returned() {
    let mut store = Store::new(t(0), [seats(1, 9).at_hour(19), seats(2, 1).at_hour(19)]);
    store.freed_per_sweep = 2;
    store.get(take(b(10), q(2), p(10)));
    for n in 1..=5 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    store.get(take(b(11), q(2), p(5)));
    store.get(cancel(q(2), p(10)));
    assert_eq!(store.quota(q(2)).free(), 1);
    store.edit(q(1), |quota| quota.status = Status::Cancelled);
    store.due.insert(Due { quota: q(1), kind: DueKind::CloseOut, at: t(0) });
    store.run_due();
    assert_eq!(store.state(b(11)), State::Confirmed);
}

#[test]
fn a_sweep_under_way_ends_with_the_thing() {
    let mut store = Store::new(t(0), [seats(1, 1).at_hour(19), seats(2, 9).at_hour(19)]).reading(1);
    for n in 1..=4 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        if n > 1 {
            store.get(take(b(100 + n), q(2), p(u16::try_from(n).unwrap())));
        }
    }
    store.get(cancel(q(1), p(1)));
    assert!(store.quota(q(1)).sweep_after.is_some());
    store.edit(q(1), |quota| quota.status = Status::Cancelled);
    store.due.insert(Due { quota: q(1), kind: DueKind::CloseOut, at: t(0) });
    store.run_due();
    assert_eq!(store.quota(q(1)).sweep_after, None);
    assert_eq!(store.in_state(q(1), State::Waitlisted).len(), 0);
}
