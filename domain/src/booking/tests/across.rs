//! Across quotas: limits, hours, one booking for another, and seats found again when a limit is returned.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{DueKind, Tell};
use crate::booking::limit::{LimitHit, Per, Window};
use crate::booking::quota::{Quota, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

/// Two classes a term, over all schools.
fn of_term(n: u8, capacity: u32) -> Quota {
    seats(n, capacity).limited(limit(7, Window::Term, 2))
}

#[test]
fn a_limit_counts_over_all_quotas_that_share_it() {
    let mut store = Store::new(t(0), (1..=4).map(|n| if n == 4 { seats(n, 9) } else { of_term(n, 9) }));
    assert_eq!(store.get(take(b(1), q(1), p(1))).debits.as_deref(), Some("7"));
    store.get(take(b(2), q(2), p(1)));
    let hit = LimitHit { per: Per::Person, window: Window::Term, max: 2, until: None };
    assert_eq!(store.ask(take(b(3), q(3), p(1))), Err(Refusal::LimitReached(hit)));
    assert_eq!(store.get(take(b(4), q(4), p(1))).debits, None, "this one does not count");
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.get(take(b(5), q(3), p(1))).state, State::Confirmed);
}

#[test]
fn a_second_limit_is_a_limit_too() {
    let school = limit(8, Window::Term, 1);
    let school = crate::booking::limit::Limit { per: Per::School, ..school };
    let mut store = Store::new(
        t(0),
        [of_term(1, 9).limited(school.clone()), of_term(2, 9).limited(school), of_term(3, 9)],
    );
    assert_eq!(store.get(take(b(1), q(1), p(1))).debits.as_deref(), Some("7,8"));
    let refused = store.ask(take(b(2), q(2), p(1)));
    assert!(
        matches!(refused, Err(Refusal::LimitReached(LimitHit { per: Per::School, max: 1, .. }))),
        "{refused:?}"
    );
    assert_eq!(store.get(take(b(3), q(3), p(1))).debits.as_deref(), Some("7"));
}

#[test]
fn a_day_limit_counts_anew_at_midnight_in_shanghai() {
    let daily = limit(9, Window::Day, 1);
    let mut store = Store::new(t(0), [seats(1, 9).limited(daily.clone()), seats(2, 9).limited(daily)]);
    store.get(take(b(1), q(1), p(1)));
    let midnight = t(14 * 60);
    let hit = LimitHit { per: Per::Person, window: Window::Day, max: 1, until: Some(midnight) };
    store.now = midnight - chrono::TimeDelta::milliseconds(1);
    assert_eq!(store.ask(take(b(2), q(2), p(1))), Err(Refusal::LimitReached(hit)));
    store.now = midnight;
    assert_eq!(store.get(take(b(3), q(2), p(1))).debits.as_deref(), Some("9@2026-11-25"));
    // What was debited yesterday is credited yesterday.
    store.get(cancel(q(1), p(1)));
    assert!(matches!(store.ask(take(b(4), q(1), p(1))), Err(Refusal::LimitReached(_))));
}

#[test]
fn who_was_passed_over_for_a_day_limit_is_looked_at_again_at_midnight() {
    let daily = limit(9, Window::Day, 1);
    let mut store = Store::new(t(0), [seats(1, 1).limited(daily.clone()), seats(2, 1).limited(daily)]);
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(2)));
    store.get(take(b(3), q(2), p(2)));
    store.get(cancel(q(1), p(1)));
    assert_eq!(store.booking(b(2)).passed_over.as_deref(), Some("limit_reached"));
    store.wait_until(t(14 * 60));
    assert_eq!(store.state(b(2)), State::Confirmed);
}

#[test]
fn one_person_one_hour() {
    let mut store =
        Store::new(t(0), [seats(1, 9).at_hour(19), seats(2, 9).at_hour(20), seats(3, 9).at_hour(21)]);
    store.get(take(b(1), q(1), p(1)));
    let Err(Refusal::ScheduleConflict(clash)) = store.ask(take(b(2), q(2), p(1))) else { panic!("no clash") };
    assert_eq!((clash.quota, clash.subject), (q(1), store.quota(q(1)).frame.subject));
    assert_eq!(clash.slot, store.quota(q(1)).frame.slots[0]);
    assert_eq!(store.get(take(b(3), q(3), p(1))).state, State::Confirmed);
    store.get(cancel(q(1), p(1)));
    assert!(
        matches!(store.ask(take(b(4), q(2), p(1))), Err(Refusal::ScheduleConflict(clash)) if clash.quota == q(3))
    );
}

#[test]
fn whoever_waits_holds_neither_hour_nor_limit() {
    let mut store = Store::new(t(0), [of_term(1, 1).at_hour(19), of_term(2, 9).at_hour(19)]);
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(2)));
    assert_eq!(store.get(take(b(3), q(2), p(2))).state, State::Confirmed);
    // Clashing, one may still join a line.
    store.get(take(b(4), q(2), p(3)));
    assert_eq!(store.get(take(b(5), q(1), p(3))).state, State::Waitlisted);
}

/// The case of the contract: a promotion whose person has meanwhile reached the limit, and the seat found again
/// after that person cancels elsewhere.
#[test]
fn a_seat_passed_over_is_found_again() {
    let mut store = Store::new(t(0), (1..=4).map(|n| of_term(n, 1)));
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(2)));
    store.get(take(b(3), q(2), p(2)));
    store.get(take(b(4), q(3), p(2)));
    store.get(cancel(q(1), p(1)));
    assert_eq!((store.state(b(2)), store.quota(q(1)).free()), (State::Waitlisted, 1));
    let told = store.told.last().unwrap();
    assert_eq!(
        (told.person, told.tell, told.reason.as_deref()),
        (p(2), Tell::PassedOver, Some("limit_reached"))
    );
    // Told once, however often the line is looked at.
    store.get(take(b(5), q(2), p(9)));
    store.ask(sweep(q(1), true)).unwrap();
    assert_eq!(store.told.len(), 1);

    store.get(cancel(q(2), p(2)));
    assert!(store.is_due(q(1), DueKind::Look), "every quota in which the person waits");
    assert!(!store.is_due(q(3), DueKind::Look));
    store.run_due();
    let found = store.booking(b(2));
    assert_eq!((found.state, found.passed_over.as_deref()), (State::Confirmed, None));
    assert_eq!(store.state(b(5)), State::Confirmed);
}

#[test]
fn a_removal_by_the_host_returns_the_hour_too() {
    let mut store = Store::new(t(0), [seats(1, 1).at_hour(19), seats(2, 1).at_hour(19)]);
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(2)));
    store.get(take(b(3), q(2), p(2)));
    store.get(cancel(q(1), p(1)));
    store.get(remove(q(2), p(2), "重复报名"));
    store.run_due();
    assert_eq!(store.state(b(2)), State::Confirmed);
}

#[test]
fn in_one_batch_the_seat_is_found_before_a_newcomer_takes_it() {
    let mut store = Store::new(t(0), [seats(1, 1).at_hour(19), seats(2, 1).at_hour(19)]);
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(2)));
    store.get(take(b(3), q(2), p(2)));
    // 1 gives the seat up, 2 is passed over, gives the other up, and only then 3 comes.
    store.batch(&[cancel(q(1), p(1)), cancel(q(2), p(2)), take(b(4), q(1), p(3))]);
    assert_eq!((store.state(b(2)), store.state(b(4))), (State::Confirmed, State::Waitlisted));
}

#[test]
fn one_for_another_only_if_it_is_won() {
    let two = |n| seats(n, 1).at_hour(19).limited(limit(7, Window::Term, 1));
    let mut store = Store::new(t(0), [two(1), two(2), two(3)]);
    store.get(take(b(1), q(1), p(1)));
    store.get(take(b(2), q(1), p(2)));
    store.get(take(b(3), q(2), p(9)));
    // Not won: waits there, keeps here.
    let waits = store.get(take(b(4), q(2), p(1)).instead_of(q(1), b(1)));
    assert_eq!((waits.state, store.state(b(1))), (State::Waitlisted, State::Confirmed));
    // Won: the same hour and the same limit, and the old seat goes to whoever waits for it.
    let won = store.get(take(b(5), q(3), p(1)).instead_of(q(1), b(1)));
    assert_eq!(
        (won.state, store.state(b(1)), store.state(b(2))),
        (State::Confirmed, State::Cancelled, State::Confirmed)
    );
    assert!(store.is_due(q(2), DueKind::Look));
    store.run_due();
    assert_eq!(store.state(b(4)), State::Waitlisted);
    // Asking again finds what was won.
    assert_eq!(store.get(take(b(6), q(3), p(1)).instead_of(q(1), b(1))).id, b(5));
}

#[test]
fn one_for_another_is_refused_whole() {
    let hour = |n| Quota { waitlist: Waitlist::Off, cancel_until: t(60), ..seats(n, 1).at_hour(19) };
    let mut store = Store::new(t(0), [hour(1), hour(2), seats(3, 9).at_hour(20)]);
    store.get(take(b(1), q(1), p(1)));
    for (foreign, quota) in [(b(1), q(2)), (b(9), q(1))] {
        assert_eq!(store.ask(take(b(2), q(2), p(1)).instead_of(quota, foreign)), Err(Refusal::WrongState));
    }
    assert_eq!(store.ask(take(b(2), q(2), p(2)).instead_of(q(1), b(1))), Err(Refusal::WrongState));
    store.now = t(60);
    let late = store.ask(take(b(2), q(2), p(1)).instead_of(q(1), b(1)));
    assert_eq!(late, Err(Refusal::DeadlinePassed { deadline: t(60) }));
    // The new one clashes with a third: the old is kept.
    store.now = t(0);
    store.edit(q(1), |quota| *quota = seats(1, 1));
    store.bookings.clear();
    store.get(take(b(11), q(1), p(1)));
    store.get(take(b(12), q(3), p(1)));
    let clash = store.ask(take(b(13), q(2), p(1)).instead_of(q(1), b(11)));
    assert!(matches!(clash, Err(Refusal::ScheduleConflict(_))));
    assert_eq!(store.state(b(11)), State::Confirmed);
}
