//! What memory may say without the desk: no, and only where the desk would say the same.

use super::fixture::*;
use super::store::Store;
use crate::booking::quota::{Admission, Phase, Quota, Status, Verdict, Waitlist};
use crate::refusal::Refusal;
use proptest::prelude::*;

#[test]
fn what_a_seal_says_and_until_when() {
    let full = |waitlist_max| {
        let mut store = Store::new(t(0), [Quota { waitlist_max, ..seats(1, 1) }]);
        store.get(take(b(1), q(1), p(1)));
        store
    };
    let verdict = |store: &Store| store.quota(q(1)).verdict(store.now);
    assert_eq!(verdict(&full(1)), None, "the line still takes one");
    let mut store = full(1);
    store.get(take(b(2), q(1), p(2)));
    let sold_out = |until| Some(Verdict { refusal: Refusal::SoldOut, until: Some(until) });
    assert_eq!(verdict(&store), sold_out(t(7 * DAY)));
    store.get(cancel(q(1), p(2)));
    assert_eq!(verdict(&store), None);
    assert_eq!(verdict(&full(0)), sold_out(t(7 * DAY)));

    for (quota, refusal, until) in [
        (Quota { opens_at: t(5), ..quota(1) }, Refusal::NotOpenYet { opens_at: t(5) }, Some(t(5))),
        (Quota { closes_at: t(0), ..quota(1) }, Refusal::Closed, None),
        (Quota { status: Status::Cancelled, ..quota(1) }, Refusal::Closed, None),
        (Quota { status: Status::Draft, ..quota(1) }, Refusal::NotFound, None),
    ] {
        assert_eq!(quota.verdict(t(0)), Some(Verdict { refusal, until }));
    }
    for admission in
        [Admission::Approval, Admission::Lottery { draw_at: t(9) }, Admission::FairOpen { minutes: 5 }]
    {
        let full = Quota { admission, capacity: Some(0), waitlist: Waitlist::Off, ..quota(1) };
        assert_eq!(full.verdict(t(0)), None, "{admission:?} does not sell out");
        let drawn = Quota { phase: Phase::Drawn, ..full };
        assert_eq!(drawn.verdict(t(0)).is_some(), admission != Admission::Approval);
    }
}

fn admissions() -> impl Strategy<Value = (Admission, Phase)> {
    prop_oneof![
        Just((Admission::FirstCome, Phase::Entering)),
        Just((Admission::Approval, Phase::Entering)),
        Just((Admission::Lottery { draw_at: t(90) }, Phase::Entering)),
        Just((Admission::FairOpen { minutes: 10 }, Phase::Entering)),
        Just((Admission::FairOpen { minutes: 10 }, Phase::Drawn)),
    ]
}

proptest! {
    /// Whatever the quota, whenever it is asked: the desk gives a newcomer who may book what the verdict says, and
    /// nothing else for as long as it holds.
    #[test]
    fn a_seal_says_what_the_desk_would_say(
        status in prop_oneof![8 => Just(Status::Open), 1 => Just(Status::Draft), 1 => Just(Status::Cancelled)],
        (admission, phase) in admissions(),
        capacity in prop_oneof![Just(None), (1..4_u32).prop_map(Some)],
        waitlist in prop_oneof![Just(Waitlist::Off), Just(Waitlist::Instant), Just(Waitlist::Offer { minutes: 9 })],
        waitlist_max in 0..3_u32,
        (opens, closes, promotes) in (-30..30_i64, 0..60_i64, 0..60_i64),
        (there, asked, later) in (0..8_u64, 0..60_i64, 0..60_i64),
        party in 1..3_u16,
    ) {
        let quota = Quota {
            status: Status::Open, admission, phase, capacity, waitlist, waitlist_max,
            opens_at: t(-60), closes_at: t(60), promote_until: t(promotes), ..quota(1)
        };
        let mut store = Store::new(t(-60), [quota]);
        for n in 1..=there {
            let _ = store.ask(take(b(n), q(1), p(u16::try_from(n).unwrap())));
        }
        store.edit(q(1), |quota| {
            quota.status = status;
            quota.opens_at = t(opens);
            quota.closes_at = t(closes);
        });
        store.now = t(asked);
        let verdict = store.quota(q(1)).verdict(store.now);
        let party = party.min(u16::try_from(capacity.unwrap_or(9)).unwrap());
        let ask = |store: &Store, wait: bool| {
            let request = take(b(999), q(1), p(200)).party(party);
            store.clone().ask(if wait { request } else { request.now_or_never() })
        };
        let Some(verdict) = verdict else { return Ok(()) };
        for wait in [true, false] {
            prop_assert_eq!(ask(&store, wait), Err(verdict.refusal.clone()));
        }
        store.now = t(asked + later);
        if verdict.until.is_none_or(|until| store.now < until) {
            prop_assert_eq!(ask(&store, true), Err(verdict.refusal));
        }
    }
}
