//! Where the host decides.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{Outcome, Tell};
use crate::booking::limit::Window;
use crate::booking::quota::{Admission, Quota, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

fn asked(quota: Quota) -> Store {
    let quota = Quota { admission: Admission::Approval, ..quota };
    let mut store = Store::new(t(0), [quota, seats(2, 9).at_hour(19)]);
    for n in 1..=4 {
        let asked = store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        assert_eq!((asked.state, asked.debits), (State::Pending, None));
    }
    assert_eq!(store.quota(q(1)).counts.held(), 0, "who is pending holds nothing");
    store
}

fn told(store: &Store, person: u16) -> Vec<Tell> {
    store.told.iter().filter(|told| told.person == p(person)).map(|told| told.tell).collect()
}

#[test]
fn approved_is_a_seat_then_the_line() {
    let mut store = asked(seats(1, 1));
    let got = store.get(approve(q(1), p(2), b(2)));
    assert_eq!(got.state, State::Confirmed);
    assert_eq!(store.get(approve(q(1), p(2), b(2))), got, "approved again is the same answer");
    assert_eq!(store.get(approve(q(1), p(3), b(3))).state, State::Waitlisted);
    assert_eq!(store.get(approve(q(1), p(1), b(1))).state, State::Waitlisted);
    assert_eq!((told(&store, 2), told(&store, 3)), (vec![Tell::SeatGiven], vec![Tell::Queued]));
    // The line is by arrival of the request, not of the approval.
    store.get(cancel(q(1), p(2)));
    assert_eq!((store.state(b(1)), store.state(b(3))), (State::Confirmed, State::Waitlisted));
}

#[test]
fn rejected_ends_with_its_reason() {
    let mut store = asked(seats(1, 1));
    let rejected = store.get(reject(q(1), p(1), b(1), "名额留给新手"));
    assert_eq!((rejected.state, rejected.reason.as_deref()), (State::Rejected, Some("名额留给新手")));
    assert_eq!(told(&store, 1), [Tell::Rejected]);
    assert_eq!(store.ask(reject(q(1), p(1), b(1), "again")), Ok(Outcome::Nothing));
    assert_eq!(store.booking(b(1)).reason.as_deref(), Some("名额留给新手"));
    assert_eq!(store.ask(approve(q(1), p(1), b(1))), Err(Refusal::WrongState));
    store.get(approve(q(1), p(2), b(2)));
    assert_eq!(store.ask(reject(q(1), p(2), b(2), "no")), Err(Refusal::WrongState));
    // Rejected, one may ask again.
    assert_eq!(store.get(take(b(9), q(1), p(1))).state, State::Pending);
}

#[test]
fn without_a_line_there_must_be_a_seat() {
    let mut store = asked(Quota { waitlist: Waitlist::Off, ..seats(1, 1) });
    store.get(approve(q(1), p(1), b(1)));
    assert_eq!(store.ask(approve(q(1), p(2), b(2))), Err(Refusal::SoldOut));
    assert_eq!(store.state(b(2)), State::Pending);
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.get(approve(q(1), p(2), b(2))).state, State::Confirmed);
}

#[test]
fn approved_but_busy_waits_and_is_told_why() {
    let mut store = asked(seats(1, 1).at_hour(19));
    store.get(take(b(9), q(2), p(1)));
    let got = store.get(approve(q(1), p(1), b(1)));
    assert_eq!((got.state, got.passed_over.as_deref()), (State::Waitlisted, Some("schedule_conflict")));
    assert_eq!(told(&store, 1), [Tell::Queued, Tell::PassedOver]);
    assert_eq!(store.get(approve(q(1), p(2), b(2))).state, State::Confirmed, "the seat goes past");
}

#[test]
fn approved_but_at_the_limit_without_a_line_is_the_hosts_answer() {
    let term = limit(1, Window::Term, 1);
    let quota = Quota { waitlist: Waitlist::Off, ..seats(1, 1) };
    let mut store = asked(quota.limited(term.clone()));
    store.quotas.insert(q(3), seats(3, 1).limited(term));
    store.get(take(b(9), q(3), p(1)));
    assert!(matches!(store.ask(approve(q(1), p(1), b(1))), Err(Refusal::LimitReached(_))));
    assert_eq!(store.state(b(1)), State::Pending);
}

#[test]
fn nobody_is_approved_past_the_line() {
    let mut store = asked(seats(1, 2));
    let two = store.get(take(b(9), q(1), p(9)).party(2));
    store.get(approve(q(1), p(1), b(1)));
    assert_eq!(store.get(approve(q(1), p(9), two.id)).state, State::Waitlisted, "two do not fit");
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.state(two.id), State::Confirmed);
    assert_eq!(store.get(approve(q(1), p(2), b(2))).state, State::Waitlisted);
}

#[test]
fn a_called_off_thing_approves_nobody() {
    use crate::booking::quota::Status;
    let mut store = asked(seats(1, 1));
    store.edit(q(1), |quota| quota.status = Status::Cancelled);
    assert_eq!(store.ask(approve(q(1), p(1), b(1))), Err(Refusal::Closed));
    assert_eq!(store.state(b(1)), State::Pending);
}
