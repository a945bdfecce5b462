//! Giving a booking up, by whom, until when; what it frees and who is told.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{By, Command, Outcome, Target, Tell, Verb};
use crate::booking::quota::{Quota, Waitlist};
use crate::booking::state::{State, Step};
use crate::refusal::Refusal;

fn full(quota: Quota) -> Store {
    let mut store = Store::new(t(0), [quota]);
    for n in 1..=4 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    store
}

#[test]
fn a_freed_seat_goes_to_the_first_who_waits_in_the_same_transaction() {
    let mut store = full(seats(1, 2));
    let answer = store.ask(cancel(q(1), p(1)));
    let Ok(Outcome::Booking { booking, created, seats_left, .. }) = answer else { panic!("{answer:?}") };
    assert_eq!((booking.state, created, seats_left), (State::Cancelled, false, Some(0)));
    assert_eq!((store.state(b(3)), store.state(b(4))), (State::Confirmed, State::Waitlisted));
    let told: Vec<_> = store.told.iter().map(|told| (told.person, told.tell, told.booking)).collect();
    assert_eq!(told, [(p(3), Tell::SeatGiven, b(3))]);
}

#[test]
fn giving_up_nothing_is_done_at_once() {
    let mut store = full(seats(1, 2));
    store.get(cancel(q(1), p(1)));
    let before = store.bookings.clone();
    for nothing in [cancel(q(1), p(1)), cancel(q(1), p(9))] {
        assert_eq!(store.ask(nothing), Ok(Outcome::Nothing));
    }
    // Somebody else's booking is nothing of mine.
    let verb = Verb::Cancel { target: Target::Booking(b(2)), by: By::Person, reason: None };
    assert_eq!(store.ask(Command { quota: q(1), person: Some(p(9)), verb }), Ok(Outcome::Nothing));
    assert_eq!(store.bookings, before);
}

#[test]
fn after_cancel_until_only_the_host_can_take_a_seat_away() {
    let mut store = full(Quota { cancel_until: t(60), ..seats(1, 2) });
    store.now = t(60);
    assert_eq!(store.ask(cancel(q(1), p(1))), Err(Refusal::DeadlinePassed { deadline: t(60) }));
    // Whoever only waits may leave the line.
    assert_eq!(store.get(cancel(q(1), p(3))).state, State::Cancelled);
    let removed = store.get(remove(q(1), p(1), "来不了"));
    assert_eq!((removed.state, removed.reason.as_deref()), (State::Cancelled, Some("来不了")));
    // Nobody is made a no-show by a seat they did not see.
    assert_eq!(store.state(b(4)), State::Offered);
    let expires = t(60 + 120);
    assert_eq!(store.booking(b(4)).offer_expires_at, Some(expires));
    let told: Vec<_> =
        store.told.iter().map(|told| (told.person, told.tell, told.reason.as_deref())).collect();
    assert_eq!(told, [(p(1), Tell::Removed, Some("来不了")), (p(4), Tell::SeatOffered(expires), None)]);
    // An offer can still be turned down by cancelling.
    assert_eq!(store.get(cancel(q(1), p(4))).state, State::Cancelled);
    assert_eq!(store.quota(q(1)).free(), 1);
}

#[test]
fn a_millisecond_before_cancel_until_is_in_time() {
    let mut store = full(Quota { cancel_until: t(60), ..seats(1, 2) });
    store.now = t(60) - chrono::TimeDelta::milliseconds(1);
    assert_eq!(store.get(cancel(q(1), p(1))).state, State::Cancelled);
    assert_eq!(store.state(b(3)), State::Confirmed);
}

#[test]
fn after_promote_until_nobody_is_promoted_and_a_newcomer_may_take_what_is_left() {
    let mut store = full(Quota { promote_until: t(60), ..seats(1, 2) });
    store.now = t(60);
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.state(b(3)), State::Waitlisted);
    assert_eq!(store.get(take(b(5), q(1), p(5))).state, State::Confirmed);
    assert_eq!(store.ask(take(b(6), q(1), p(6))), Err(Refusal::SoldOut), "the line takes nobody any more");
}

#[test]
fn what_was_attended_cannot_be_given_up() {
    let mut store = full(seats(1, 2));
    for (step, state) in [(Step::Attend, State::Attended), (Step::Miss, State::NoShow)] {
        store.mark(b(1), step);
        assert_eq!(store.state(b(1)), state);
        assert_eq!(store.ask(cancel(q(1), p(1))), Err(Refusal::WrongState));
        assert_eq!(store.ask(remove(q(1), p(1), "x")), Err(Refusal::WrongState));
        assert_eq!(store.ask(resize(q(1), p(1), 2)), Err(Refusal::WrongState));
    }
    store.mark(b(1), Step::Correct);
    assert_eq!(store.get(cancel(q(1), p(1))).state, State::Cancelled);
}

#[test]
fn the_line_is_in_order_of_arrival_and_stays_so_when_somebody_leaves_it() {
    let mut store = Store::new(t(0), [seats(1, 1)]);
    for n in 1..=6 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    store.get(cancel(q(1), p(3)));
    let again = store.get(take(b(7), q(1), p(3)));
    assert_eq!(again.seq, 7, "who leaves the line goes to its end");
    let mut served = Vec::new();
    for _ in 0..5 {
        let held = store.in_state(q(1), State::Confirmed)[0].person;
        store.get(cancel(q(1), held));
        served.push(store.in_state(q(1), State::Confirmed)[0].person);
    }
    assert_eq!(served, [p(2), p(4), p(5), p(6), p(3)]);
}

#[test]
fn a_line_without_a_waiting_list_still_moves() {
    let mut store = full(seats(1, 2));
    store.edit(q(1), |quota| quota.waitlist = Waitlist::Off);
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.state(b(3)), State::Confirmed);
    assert_eq!(store.ask(take(b(9), q(1), p(9))), Err(Refusal::SoldOut));
}
