//! Asking for a seat: the order of refusals, asking again, full, the line, the host's own limit.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::Outcome;
use crate::booking::eligibility::{Missing, Rule};
use crate::booking::limit::{LimitHit, Per, Window};
use crate::booking::quota::{Quota, Status, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

fn one(quota: Quota) -> Store {
    Store::new(t(0), [quota])
}

#[test]
fn seats_then_the_line_then_sold_out() {
    let mut store = one(Quota { waitlist_max: 2, ..seats(1, 2) });
    for (n, state, position, left) in [
        (1, State::Confirmed, None, 1),
        (2, State::Confirmed, None, 0),
        (3, State::Waitlisted, Some(1), 0),
        (4, State::Waitlisted, Some(2), 0),
    ] {
        let answer = store.ask(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        let Ok(Outcome::Booking { booking, created: true, position: place, seats_left }) = answer else {
            panic!("{answer:?}")
        };
        assert_eq!((booking.state, place, seats_left), (state, position, Some(left)));
        assert_eq!(booking.seq, i64::try_from(n).unwrap());
    }
    assert_eq!(store.ask(take(b(5), q(1), p(5))), Err(Refusal::SoldOut));
    assert_eq!(store.bookings.len(), 4);
}

#[test]
fn without_a_line_full_is_sold_out() {
    let mut store = one(Quota { waitlist: Waitlist::Off, ..seats(1, 1) });
    store.get(take(b(1), q(1), p(1)));
    assert_eq!(store.ask(take(b(2), q(1), p(2))), Err(Refusal::SoldOut));
    store.edit(q(1), |quota| quota.waitlist = Waitlist::Instant);
    assert_eq!(store.ask(take(b(3), q(1), p(2)).now_or_never()), Err(Refusal::SoldOut));
    assert_eq!(store.get(take(b(4), q(1), p(2))).state, State::Waitlisted);
}

#[test]
fn unlimited_seats_say_so() {
    let mut store = one(Quota { capacity: None, ..quota(1) });
    for n in 1..=50 {
        let answer = store.ask(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        let Ok(Outcome::Booking { booking, seats_left, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!((booking.state, seats_left), (State::Confirmed, None));
    }
}

#[test]
fn asking_again_is_the_same_booking_in_whatever_live_state() {
    let mut store = one(seats(1, 1));
    let first = store.get(take(b(1), q(1), p(1)));
    let waiting = store.get(take(b(2), q(1), p(2)));
    for (again, person, expected) in [(3, 1, first), (4, 2, waiting)] {
        let answer = store.ask(take(b(again), q(1), p(person)).party(3));
        let Ok(Outcome::Booking { booking, created, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!((*booking, created), (expected, false));
    }
    // Even when nobody else could ask any more.
    store.edit(q(1), |quota| quota.closes_at = t(0));
    store.people.get_mut(&p(1)).unwrap().blocked = true;
    assert_eq!(store.get(take(b(5), q(1), p(1))).id, b(1));
    assert_eq!(store.ask(take(b(6), q(1), p(3))), Err(Refusal::Closed));
}

#[test]
fn the_window_opens_and_closes_on_the_instant() {
    let quota = Quota { opens_at: t(0), closes_at: t(10), ..seats(1, 9) };
    let just = chrono::TimeDelta::milliseconds(1);
    for (now, expected) in [
        (t(0) - just, Err(Refusal::NotOpenYet { opens_at: t(0) })),
        (t(0), Ok(State::Confirmed)),
        (t(10) - just, Ok(State::Confirmed)),
        (t(10), Err(Refusal::Closed)),
    ] {
        let mut store = Store::new(now, [quota.clone()]);
        let answer = store.ask(take(b(1), q(1), p(1)));
        let state = answer.map(|outcome| match outcome {
            Outcome::Booking { booking, .. } => booking.state,
            Outcome::Nothing => panic!("nothing"),
        });
        assert_eq!(state, expected, "at {now}");
    }
}

#[test]
fn a_draft_does_not_exist_and_a_called_off_thing_is_closed() {
    for (status, refusal) in [(Status::Draft, Refusal::NotFound), (Status::Cancelled, Refusal::Closed)] {
        let mut store = one(Quota { status, ..quota(1) });
        assert_eq!(store.ask(take(b(1), q(1), p(1))), Err(refusal));
    }
    let mut store = one(quota(1));
    assert_eq!(store.ask(take(b(1), q(2), p(1))), Err(Refusal::NotFound));
    assert_eq!(store.ask(take(b(1), q(1), p(999))), Err(Refusal::Unauthenticated));
}

#[test]
fn the_person_is_looked_at_before_the_seats() {
    let ages = Rule::AgeBetween { min: Some(18), max: Some(45) };
    let mut store = one(seats(1, 1).framed(|frame| frame.rule = ages));
    let birth = |person: u16, date: &str, store: &mut Store| {
        store.people.get_mut(&p(person)).unwrap().facts.birth_date = Some(date.parse().unwrap());
    };
    birth(1, "2000-01-01", &mut store);
    birth(2, "2010-01-01", &mut store);
    store.get(take(b(1), q(1), p(1)));
    let young = Missing::Age { min: Some(18), max: Some(45), is: 16 };
    assert_eq!(store.ask(take(b(2), q(1), p(2))), Err(Refusal::NotEligible(vec![young])));
    let unknown = Refusal::ProfileIncomplete(vec![Missing::BirthDate]);
    assert_eq!(store.ask(take(b(3), q(1), p(3))), Err(unknown));
    store.people.get_mut(&p(3)).unwrap().consented = false;
    assert_eq!(store.ask(take(b(4), q(1), p(3))), Err(Refusal::ConsentRequired));
    store.people.get_mut(&p(3)).unwrap().blocked = true;
    assert_eq!(store.ask(take(b(5), q(1), p(3))), Err(Refusal::AccountBlocked));
}

#[test]
fn a_party_is_at_least_one_and_no_more_than_the_host_allows_or_there_are_seats() {
    for (party_max, capacity, most) in [(3, Some(9), 3), (3, Some(2), 2), (5, None, 5), (1, Some(9), 1)] {
        let mut store = one(Quota { capacity, party_max, ..quota(1) });
        for party in [0, most + 1] {
            let refused = store.ask(take(b(1), q(1), p(1)).party(party));
            assert!(
                matches!(&refused, Err(Refusal::Invalid(errors)) if errors[0].pointer == "/party"),
                "{refused:?}"
            );
        }
        assert_eq!(store.get(take(b(1), q(1), p(1)).party(most)).party, most);
    }
}

#[test]
fn the_hosts_own_limit_of_live_bookings() {
    let mut store = one(Quota { per_person: 2, ..seats(1, 2) });
    assert_eq!(store.get(take(b(1), q(1), p(1))).ordinal, 1);
    assert_eq!(store.get(take(b(2), q(1), p(1))).ordinal, 2);
    let hit = LimitHit { per: Per::Quota, window: Window::Total, max: 2, until: None };
    assert_eq!(store.ask(take(b(3), q(1), p(1))), Err(Refusal::LimitReached(hit)));
    // What is given up frees its place, not the other's.
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.state(b(1)), State::Cancelled);
    assert_eq!(store.get(take(b(4), q(1), p(1))).ordinal, 1);
    // A lower limit binds new requests only.
    store.edit(q(1), |quota| quota.per_person = 1);
    assert_eq!(store.get(take(b(5), q(1), p(1))).id, b(4));
    assert_eq!(store.in_state(q(1), State::Confirmed).len(), 2);
}

#[test]
fn a_lower_limit_of_the_host_counts_what_is_live_not_which_places() {
    let mut store = one(Quota { per_person: 3, ..seats(1, 9) });
    for n in 1..=3 {
        store.get(take(b(n), q(1), p(1)));
    }
    store.edit(q(1), |quota| quota.per_person = 2);
    store.get(cancel(q(1), p(1)));
    // Places 2 and 3 are live: two, though place 1 is free.
    assert!(matches!(store.ask(take(b(4), q(1), p(1))), Err(Refusal::LimitReached(_))));
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.get(take(b(5), q(1), p(1))).ordinal, 1);
}

#[test]
fn a_used_voucher_makes_room_for_another_while_its_stock_stays_spent() {
    use crate::booking::state::Step;
    let mut store = one(seats(1, 2).limited(limit(1, Window::Day, 2)));
    store.get(take(b(1), q(1), p(1)));
    store.mark(b(1), Step::UseUp);
    assert_eq!(store.get(take(b(2), q(1), p(1))).state, State::Confirmed);
    store.mark(b(2), Step::UseUp);
    assert_eq!(store.quota(q(1)).free(), 0);
    store.edit(q(1), |quota| quota.capacity = Some(3));
    let refused = store.ask(take(b(3), q(1), p(1)));
    assert!(
        matches!(refused, Err(Refusal::LimitReached(LimitHit { window: Window::Day, .. }))),
        "{refused:?}"
    );
}
