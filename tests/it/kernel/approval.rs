//! The host decides: several hosts at once, more approvals than seats, and limits reached meanwhile.

use super::asking::{all_at_once, approve, booking, cancel, made, reject, state};
use super::fixture::{Fixture, QuotaSpec};
use crate::on_both;
use domain::booking::command::Booking;
use domain::id::QuotaId;

fn spec(capacity: u32) -> QuotaSpec {
    QuotaSpec { capacity: Some(capacity), admission: "approval", ..QuotaSpec::default() }
}

async fn pending(fixture: &Fixture, quota: QuotaId, count: usize) -> Vec<Booking> {
    let people = fixture.people(count).await;
    let asks = people.iter().map(|person| (fixture.process.desk.clone(), fixture.take(quota, *person)));
    let said = all_at_once(asks).await;
    assert!(said.iter().all(|said| state(said) == "pending"));
    said.iter().map(booking).collect()
}

on_both! {
    async fn two_hosts_approve_more_than_there_are_seats(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { waitlist_max: 8, ..spec(10) }).await;
        let requests = pending(&fixture, quota, 30).await;
        let other = fixture.another().await;
        let both = requests.iter().flat_map(|of| {
            [(fixture.process.desk.clone(), approve(of)), (other.desk.clone(), approve(of))]
        });
        for pair in all_at_once(both).await.chunks(2) {
            let (first, second) = (state(&pair[0]), state(&pair[1]));
            assert!(["confirmed", "waitlisted", "SoldOut"].contains(&first.as_str()), "{first}");
            assert_eq!(first, second, "both hosts are told the same");
        }
        assert_eq!(fixture.in_state(quota, "confirmed").await, 10);
        assert_eq!(fixture.in_state(quota, "waitlisted").await, 8);
        assert_eq!(fixture.in_state(quota, "pending").await, 12);
        for of in &requests {
            let told = fixture.told(of.person).await;
            assert!(told.len() <= 1, "{told:?}");
        }
        fixture.assert_sound().await;
    }

    async fn approved_and_rejected_at_once(fixture: Fixture) {
        let quota = fixture.quota(spec(50)).await;
        let requests = pending(&fixture, quota, 24).await;
        let other = fixture.another().await;
        let both = requests.iter().flat_map(|of| {
            [(fixture.process.desk.clone(), approve(of)), (other.desk.clone(), reject(of))]
        });
        let said = all_at_once(both).await;
        for (of, pair) in requests.iter().zip(said.chunks(2)) {
            let end = fixture.story(quota, of.person).await.concat();
            let expected = match end.as_str() {
                "confirmed" => ["confirmed", "WrongState"],
                "rejected" => ["WrongState", "rejected"],
                other => panic!("{other}"),
            };
            assert_eq!([state(&pair[0]), state(&pair[1])], expected);
            let told = fixture.told(of.person).await;
            assert_eq!(told, [if end == "confirmed" { "seat_given" } else { "rejected" }]);
        }
        fixture.assert_sound().await;
    }

    /// Approved, but busy at that hour by now: they wait, and get the seat when the hour is theirs again.
    async fn approved_at_the_limit_waits_and_is_found(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let quota = fixture.quota(QuotaSpec { limits: limits.clone(), ..spec(5) }).await;
        let other = fixture.quota(QuotaSpec { limits, ..QuotaSpec::default() }).await;
        let request = pending(&fixture, quota, 1).await.remove(0);
        fixture.seat(other, request.person).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(approve(&request)).await), "waitlisted");
        let again = desk.submit(fixture.take(quota, request.person)).await;
        assert_eq!((state(&again).as_str(), made(&again)), ("waitlisted", false));
        desk.submit(cancel(other, request.person)).await.unwrap();
        fixture.process.settle().await;
        assert_eq!(fixture.story(quota, request.person).await, ["confirmed"]);
        fixture.assert_sound().await;
    }

    /// Withdrawn while the host approves.
    async fn approved_and_withdrawn_at_once(fixture: Fixture) {
        let quota = fixture.quota(spec(50)).await;
        let requests = pending(&fixture, quota, 24).await;
        let other = fixture.another().await;
        let both = requests.iter().flat_map(|of| {
            [(fixture.process.desk.clone(), approve(of)), (other.desk.clone(), cancel(quota, of.person))]
        });
        for pair in all_at_once(both).await.chunks(2) {
            assert_eq!(state(&pair[1]), "cancelled");
            assert!(["confirmed", "WrongState"].contains(&state(&pair[0]).as_str()), "{:?}", pair[0]);
        }
        assert_eq!(fixture.in_state(quota, "cancelled").await, 24);
        fixture.assert_sound().await;
    }
}
