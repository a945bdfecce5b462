//! Lines longer than what one batch reads: due work goes on where the reading ended, and newcomers queue.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::DueKind;
use crate::booking::quota::{Quota, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

/// At seven in the evening, all seats taken by 1; 2 to 6 wait and are busy elsewhere at that hour, 7 and 8 wait
/// and are not.
fn mostly_busy(quota: Quota, window: usize) -> Store {
    let party = u16::try_from(quota.capacity.unwrap()).unwrap();
    let mut store = Store::new(t(0), [quota.at_hour(19), seats(2, 50).at_hour(19)]).reading(window);
    store.get(take(b(1), q(1), p(1)).party(party));
    for n in 2..=8 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        if (2..=6).contains(&n) {
            store.get(take(b(100 + n), q(2), p(u16::try_from(n).unwrap())));
        }
    }
    store
}

#[test]
fn the_seat_reaches_who_waits_behind_what_was_read() {
    for window in 1..=9 {
        let mut store = mostly_busy(seats(1, 1), window);
        store.get(cancel(q(1), p(1)));
        let newcomer = store.get(take(b(9), q(1), p(9)));
        assert_eq!(newcomer.state, State::Waitlisted, "nobody overtakes, reading {window}");
        store.run_due();
        assert_eq!(store.in_state(q(1), State::Confirmed)[0].id, b(7), "reading {window}");
        assert_eq!(store.quota(q(1)).sweep_after, None);
        let passed = |n| store.booking(b(n)).passed_over.as_deref() == Some("schedule_conflict");
        assert!((2..=6).all(passed) && !passed(8));
    }
}

#[test]
fn until_the_sweep_has_ended_nobody_takes_or_grows() {
    let mut store = mostly_busy(seats(1, 3), 2);
    store.get(resize(q(1), p(1), 2));
    assert_eq!((store.quota(q(1)).free(), store.quota(q(1)).sweep_after), (1, Some(3)));
    assert_eq!(store.ask(take(b(9), q(1), p(9)).now_or_never()), Err(Refusal::SoldOut));
    assert_eq!(store.ask(resize(q(1), p(1), 3)), Err(Refusal::SoldOut));
    store.run_due();
    assert_eq!((store.state(b(7)), store.quota(q(1)).free()), (State::Confirmed, 0));
}

#[test]
fn a_seat_freed_meanwhile_starts_again_from_the_front() {
    let mut store = mostly_busy(seats(1, 3), 2);
    store.get(resize(q(1), p(1), 2));
    store.ask(sweep(q(1), false)).unwrap();
    assert_eq!(store.quota(q(1)).sweep_after, Some(5));
    // 3, whom the sweep has gone past, is free again when the next seat is freed.
    store.get(cancel(q(2), p(3)));
    store.get(resize(q(1), p(1), 1));
    assert_eq!(store.state(b(3)), State::Confirmed);
    store.run_due();
    assert_eq!(store.state(b(7)), State::Confirmed);
}

#[test]
fn an_offer_that_runs_out_in_a_sweep_goes_to_the_front_not_to_the_middle() {
    // Three seats; a party of three waits in front, busy people behind it, one who can behind them.
    let quota = Quota { waitlist: Waitlist::Offer { minutes: 30 }, ..seats(1, 3).at_hour(19) };
    let mut store = Store::new(t(0), [quota, seats(2, 50).at_hour(19)]).reading(2);
    store.get(take(b(1), q(1), p(1)).party(3));
    store.get(take(b(2), q(1), p(2)).party(2));
    store.get(take(b(3), q(1), p(3)).party(3));
    for n in 4..=7 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        store.get(take(b(100 + n), q(2), p(u16::try_from(n).unwrap())));
    }
    store.get(take(b(8), q(1), p(8)).party(2));
    // 2 is offered two seats; one seat is left, and a sweep looks for somebody who can use it.
    store.get(cancel(q(1), p(1)));
    assert_eq!((store.state(b(2)), store.quota(q(1)).sweep_after), (State::Offered, Some(3)));
    store.now = t(30);
    store.ask(sweep(q(1), false)).unwrap();
    store.run_due();
    assert_eq!((store.state(b(3)), store.state(b(8))), (State::Offered, State::Waitlisted));
}

#[test]
fn a_sweep_that_is_under_way_when_the_line_ends_does_not_keep_the_seats() {
    let quota = Quota { promote_until: t(60), closes_at: t(120), ..seats(1, 1) };
    let mut store = mostly_busy(quota, 2);
    store.get(cancel(q(1), p(1)));
    assert!(store.quota(q(1)).sweep_after.is_some());
    store.now = t(60);
    assert_eq!(store.get(take(b(9), q(1), p(9))).state, State::Confirmed, "the line has ended");
    store.run_due();
    assert_eq!(store.quota(q(1)).sweep_after, None);
}

#[test]
fn a_full_line_of_people_who_cannot_does_not_keep_the_seat_from_who_can() {
    let mut store = Store::new(t(0), [seats(1, 1).at_hour(19), seats(2, 50).at_hour(19)]).reading(2);
    store.edit(q(1), |quota| quota.waitlist_max = 4);
    store.get(take(b(1), q(1), p(1)));
    for n in 2..=5 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        store.get(take(b(100 + n), q(2), p(u16::try_from(n).unwrap())));
    }
    store.get(cancel(q(1), p(1)));
    store.run_due();
    assert_eq!(store.quota(q(1)).free(), 1);
    // As many may queue past the maximum as there are seats that may be theirs, and no more.
    assert_eq!(store.get(take(b(9), q(1), p(9))).state, State::Waitlisted);
    assert_eq!(store.ask(take(b(10), q(1), p(10))), Err(Refusal::SoldOut));
    store.run_due();
    assert_eq!(store.state(b(9)), State::Confirmed);
    assert_eq!(store.ask(take(b(11), q(1), p(11))), Err(Refusal::SoldOut));
}

#[test]
fn approved_behind_what_was_read_is_still_found() {
    use crate::booking::quota::Admission;
    let mut store = Store::new(t(0), [seats(1, 1).at_hour(19), seats(2, 50).at_hour(19)]).reading(2);
    store.edit(q(1), |quota| quota.admission = Admission::Approval);
    for n in 1..=8 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        if (4..=7).contains(&n) {
            store.get(take(b(100 + n), q(2), p(u16::try_from(n).unwrap())));
        }
    }
    for n in [1, 4, 5, 6, 7] {
        store.get(approve(q(1), p(u16::try_from(n).unwrap()), b(n)));
    }
    store.get(cancel(q(1), p(1)));
    // While the sweep is under way, one with an earlier ticket and one with a later are let in.
    assert!(store.is_due(q(1), DueKind::Continue));
    store.ask(sweep(q(1), false)).unwrap();
    assert_eq!(store.get(approve(q(1), p(8), b(8))).state, State::Waitlisted);
    assert_eq!(store.get(approve(q(1), p(2), b(2))).state, State::Confirmed);
    store.run_due();
    store.get(cancel(q(1), p(2)));
    store.run_due();
    assert_eq!(store.state(b(8)), State::Confirmed);
}

#[test]
fn a_higher_capacity_reaches_the_line_by_a_sweep() {
    let mut store = mostly_busy(seats(1, 1), 3);
    store.edit(q(1), |quota| quota.capacity = Some(3));
    let answer = store.ask(sweep(q(1), true));
    assert!(answer.is_ok());
    store.run_due();
    assert_eq!(
        (store.state(b(7)), store.state(b(8)), store.quota(q(1)).free()),
        (State::Confirmed, State::Confirmed, 0)
    );
}
