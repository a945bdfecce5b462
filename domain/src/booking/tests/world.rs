//! Random worlds: a few quotas that share hours and limits, so that people are in each other's way.

use super::fixture::{DAY, limit, quota, t};
use crate::booking::limit::{Limit, Per, Window};
use crate::booking::quota::{Admission, Quota, Waitlist};
use proptest::prelude::*;

fn some_limits() -> [Limit; 3] {
    let school = Limit { per: Per::School, ..limit(3, Window::Total, 2) };
    [limit(1, Window::Term, 2), limit(2, Window::Day, 1), school]
}

fn admission() -> impl Strategy<Value = Admission> {
    prop_oneof![
        6 => Just(Admission::FirstCome),
        2 => Just(Admission::Approval),
        1 => Just(Admission::FairOpen { minutes: 30 }),
        1 => Just(Admission::Lottery { draw_at: t(DAY) }),
    ]
}

fn waitlist() -> impl Strategy<Value = Waitlist> {
    let offer = (1..60_u16).prop_map(|minutes| Waitlist::Offer { minutes });
    prop_oneof![1 => Just(Waitlist::Off), 5 => Just(Waitlist::Instant), 4 => offer]
}

/// Two to four quotas that share hours and limits.
pub fn world() -> impl Strategy<Value = Vec<Quota>> {
    let capacity = prop_oneof![1 => Just(None), 12 => (1..5_u32).prop_map(Some)];
    let times = (30..2 * DAY, 30..2 * DAY, 10..2 * DAY);
    let one =
        (capacity, waitlist(), 0..9_u32, admission(), 1..6_u16, 1..=3_u16, 0..5_usize, 0..8_usize, times);
    let quota = |(n, shape): (usize, _)| {
        let (capacity, waitlist, waitlist_max, admission, per_person, party_max, hour, limits, times) = shape;
        let (closes, promotes, cancels): (i64, i64, i64) = times;
        let quota = Quota {
            capacity,
            waitlist,
            waitlist_max,
            admission,
            per_person: if per_person == 5 { 2 } else { 1 },
            party_max,
            opens_at: t(0),
            closes_at: t(closes),
            promote_until: t(promotes),
            cancel_until: t(cancels),
            ..quota(u8::try_from(n + 1).unwrap())
        };
        let hours: &[i64] = [&[][..], &[19], &[20], &[21], &[19, 21]][hour];
        let quota = hours.iter().fold(quota, |quota, hour| quota.at_hour(*hour));
        let counts = some_limits().into_iter().enumerate().filter(|(bit, _)| limits & (1 << bit) != 0);
        counts.fold(quota, |quota, (_, limit)| quota.limited(limit))
    };
    prop::collection::vec(one, 2..=4)
        .prop_map(move |shapes| shapes.into_iter().enumerate().map(quota).collect())
}
