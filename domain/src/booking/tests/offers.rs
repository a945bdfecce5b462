//! Offered seats: accepted, declined, run out; they hold a seat and nothing of the person.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{Due, DueKind, Outcome, Tell};
use crate::booking::limit::Window;
use crate::booking::quota::{Quota, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

fn offering(n: u8) -> Quota {
    Quota { waitlist: Waitlist::Offer { minutes: 30 }, ..seats(n, 1) }
}

/// 1 has given the seat up, 2 is offered it, 3 and 4 wait.
fn offered(quota: Quota) -> Store {
    let mut store = Store::new(t(0), [quota, seats(2, 9).at_hour(19)]);
    for n in 1..=4 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.state(b(2)), State::Offered);
    store
}

#[test]
fn an_offer_holds_the_seat_for_its_minutes() {
    let mut store = offered(offering(1));
    assert_eq!(store.booking(b(2)).offer_expires_at, Some(t(30)));
    assert_eq!(store.told.last().unwrap().tell, Tell::SeatOffered(t(30)));
    assert!(store.due.contains(&Due { quota: q(1), kind: DueKind::Expire, at: t(30) }));
    assert_eq!(store.quota(q(1)).free(), 0);
    // Asking again finds it.
    assert_eq!(store.get(take(b(9), q(1), p(2))).state, State::Offered);
}

#[test]
fn accepted_it_is_a_seat_and_accepting_again_is_the_same_answer() {
    let mut store = offered(offering(1));
    let got = store.get(accept(q(1), p(2), b(2)));
    assert_eq!((got.state, got.offer_expires_at), (State::Confirmed, None));
    assert_eq!(store.get(accept(q(1), p(2), b(2))), got);
    assert_eq!(store.ask(decline(q(1), p(2), b(2))), Err(Refusal::WrongState));
    store.wait_until(t(60));
    assert_eq!(store.state(b(2)), State::Confirmed);
}

#[test]
fn declined_or_run_out_it_goes_to_the_next() {
    let mut store = offered(offering(1));
    assert_eq!(store.get(decline(q(1), p(2), b(2))).state, State::Declined);
    assert_eq!(store.ask(decline(q(1), p(2), b(2))), Ok(Outcome::Nothing));
    assert_eq!(store.ask(accept(q(1), p(2), b(2))), Err(Refusal::OfferExpired));
    assert_eq!(store.booking(b(3)).offer_expires_at, Some(t(30)));
    store.wait_until(t(30));
    assert_eq!((store.state(b(3)), store.state(b(4))), (State::Expired, State::Offered));
    let told = |person| store.told.iter().filter(move |told| told.person == person).map(|told| told.tell);
    assert_eq!(told(p(2)).collect::<Vec<_>>(), [Tell::SeatOffered(t(30))], "who declines is not told so");
    assert_eq!(told(p(3)).collect::<Vec<_>>(), [Tell::SeatOffered(t(30)), Tell::OfferExpired]);
    assert_eq!(store.booking(b(4)).offer_expires_at, Some(t(60)));
    store.run_to_the_end();
    assert_eq!(store.state(b(4)), State::Expired);
    assert_eq!(store.quota(q(1)).free(), 1);
}

#[test]
fn a_late_accept_is_refused_though_no_clock_has_run_the_offer_out() {
    let mut store = offered(offering(1));
    store.now = t(30);
    assert_eq!(store.ask(accept(q(1), p(2), b(2))), Err(Refusal::OfferExpired));
    assert_eq!((store.state(b(2)), store.state(b(3))), (State::Expired, State::Offered));
    assert_eq!(store.ask(accept(q(1), p(2), b(2))), Err(Refusal::OfferExpired));
    assert_eq!(store.ask(decline(q(1), p(2), b(2))), Ok(Outcome::Nothing));
    store.run_due();
    assert_eq!(store.state(b(3)), State::Offered);
}

#[test]
fn a_late_offer_goes_to_the_line_before_a_newcomer() {
    let mut store = offered(offering(1));
    store.now = t(30);
    let newcomer = store.get(take(b(9), q(1), p(9)));
    assert_eq!((newcomer.state, store.state(b(3))), (State::Waitlisted, State::Offered));
}

#[test]
fn an_offer_ends_with_the_line() {
    let store = offered(Quota { promote_until: t(10), ..offering(1) });
    assert_eq!(store.booking(b(2)).offer_expires_at, Some(t(10)));
    let mut store = store;
    store.wait_until(t(10));
    assert_eq!((store.state(b(2)), store.state(b(3))), (State::Expired, State::Waitlisted));
}

#[test]
fn only_the_one_it_is_offered_to_can_answer() {
    let mut store = offered(offering(1));
    assert_eq!(store.ask(accept(q(1), p(3), b(2))), Err(Refusal::OfferExpired));
    assert_eq!(store.ask(decline(q(1), p(3), b(2))), Ok(Outcome::Nothing));
    assert_eq!(store.ask(accept(q(2), p(2), b(2))), Err(Refusal::OfferExpired));
    assert_eq!(store.ask(accept(q(1), p(3), b(3))), Err(Refusal::WrongState), "who waits has no offer");
    assert_eq!(store.state(b(2)), State::Offered);
}

#[test]
fn an_offer_holds_neither_the_hour_nor_the_limit_until_it_is_accepted() {
    let term = limit(1, Window::Term, 1);
    let mut store = offered(offering(1).at_hour(19).limited(term));
    // The same hour elsewhere is free to take, and then the offer cannot be accepted, but is not lost.
    assert_eq!(store.get(take(b(9), q(2), p(2))).state, State::Confirmed);
    let refused = store.ask(accept(q(1), p(2), b(2)));
    assert!(matches!(&refused, Err(Refusal::ScheduleConflict(clash)) if clash.quota == q(2)), "{refused:?}");
    assert_eq!(store.state(b(2)), State::Offered);
    store.get(cancel(q(2), p(2)));
    assert_eq!(store.get(accept(q(1), p(2), b(2))).debits.as_deref(), Some("1"));
}
