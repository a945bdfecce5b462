//! Draws, as far as taking entries: entering, late-comers, the freeze, and the line after the draw.

use super::fixture::*;
use super::store::Store;
use crate::booking::quota::{Admission, Phase, Quota, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

fn lottery() -> Quota {
    let admission = Admission::Lottery { draw_at: t(120) };
    Quota { admission, closes_at: t(60), ..seats(1, 1).at_hour(19) }
}

fn fair_open() -> Quota {
    Quota { admission: Admission::FairOpen { minutes: 10 }, opens_at: t(0), ..seats(1, 1).at_hour(19) }
}

#[test]
fn everybody_enters_and_nobody_holds_anything() {
    for quota in [lottery(), fair_open()] {
        let mut store = Store::new(t(0), [quota, seats(2, 9).at_hour(19)]);
        for n in 1..=5 {
            let entered = store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())).now_or_never().party(1));
            assert_eq!((entered.state, entered.debits), (State::Entered, None));
        }
        assert_eq!(store.quota(q(1)).counts.entered, 5);
        assert_eq!(store.get(take(b(9), q(1), p(1))).id, b(1), "once");
        assert_eq!(store.get(take(b(9), q(2), p(1))).state, State::Confirmed, "the hour is not taken");
        assert_eq!(store.get(cancel(q(1), p(2))).state, State::Cancelled);
        assert_eq!(store.quota(q(1)).counts.entered, 4);
    }
}

#[test]
fn a_lottery_closes_with_its_window() {
    let mut store = Store::new(t(60), [lottery()]);
    assert_eq!(store.ask(take(b(1), q(1), p(1))), Err(Refusal::Closed));
}

#[test]
fn the_freeze_waits_for_its_time_and_reserves_the_tickets_of_the_draw() {
    let mut store = Store::new(t(0), [fair_open()]);
    for n in 1..=4 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    store.get(cancel(q(1), p(4)));
    store.ask(freeze(q(1))).unwrap();
    assert_eq!(store.quota(q(1)).phase, Phase::Entering, "too early");
    store.now = t(10);
    store.ask(freeze(q(1))).unwrap();
    let frozen = store.quota(q(1)).clone();
    assert_eq!((frozen.phase, frozen.seq), (Phase::Frozen, 4 + 3));
    store.ask(freeze(q(1))).unwrap();
    assert_eq!(store.quota(q(1)), &frozen, "once");
    // Nobody moves before the draw.
    store.ask(sweep(q(1), true)).unwrap();
    assert_eq!(store.in_state(q(1), State::Entered).len(), 3);
}

#[test]
fn late_comers_wait_behind_all_entries() {
    let mut store = Store::new(t(0), [fair_open()]);
    for n in 1..=3 {
        store.get(take(b(n), q(1), p(u16::try_from(n).unwrap())));
    }
    // The clock that should freeze is late; the late-comer is late all the same.
    store.now = t(10);
    let late = store.get(take(b(4), q(1), p(4)));
    assert_eq!(late.state, State::Waitlisted);
    assert_eq!(
        (store.quota(q(1)).phase, late.seq),
        (Phase::Frozen, 3 + 3 + 1),
        "behind every rank of the draw"
    );
    store.ask(freeze(q(1))).unwrap();
    assert_eq!(store.quota(q(1)).seq, 7, "reserved once");
    assert_eq!(store.get(take(b(5), q(1), p(5))).seq, 8);
    // There is a free seat, but it is the draw's.
    assert_eq!(store.quota(q(1)).free(), 1);
    store.ask(sweep(q(1), true)).unwrap();
    assert_eq!(store.state(b(4)), State::Waitlisted);
}

#[test]
fn without_a_line_late_comers_are_told_to_ask_again() {
    for quota in [Quota { waitlist: Waitlist::Off, ..fair_open() }, Quota { waitlist_max: 0, ..fair_open() }]
    {
        let mut store = Store::new(t(10), [quota]);
        assert!(matches!(
            store.ask(take(b(1), q(1), p(1))),
            Err(Refusal::Drawing { retry_after_seconds: 1.. })
        ));
    }
    let mut store = Store::new(t(10), [fair_open()]);
    assert!(matches!(store.ask(take(b(1), q(1), p(1)).now_or_never()), Err(Refusal::Drawing { .. })));
    // A lottery that the host opens again after the freeze takes nobody until it is drawn.
    let mut store = Store::new(t(60), [lottery()]);
    store.ask(freeze(q(1))).unwrap();
    store.edit(q(1), |quota| quota.closes_at = t(600));
    assert!(matches!(store.ask(take(b(1), q(1), p(1))), Err(Refusal::Drawing { .. })));
}

#[test]
fn what_a_draw_leaves_over_is_first_come() {
    let mut store = Store::new(t(0), [Quota { capacity: Some(2), ..fair_open() }]);
    store.get(take(b(1), q(1), p(1)));
    store.now = t(10);
    store.get(take(b(2), q(1), p(2)).party(2));
    store.get(take(b(3), q(1), p(3)));
    store.get(cancel(q(1), p(1)));
    store.edit(q(1), |quota| quota.phase = Phase::Drawn);
    // The first request after the draw finds the line moved before it.
    let newcomer = store.get(take(b(4), q(1), p(4)));
    assert_eq!(
        (store.state(b(2)), store.state(b(3)), newcomer.state),
        (State::Confirmed, State::Waitlisted, State::Waitlisted)
    );
    store.get(cancel(q(1), p(2)));
    assert_eq!((store.state(b(3)), store.state(b(4))), (State::Confirmed, State::Confirmed));
    assert_eq!(store.quota(q(1)).free(), 0);
}
