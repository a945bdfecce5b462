//! Freed seats: who gets them, who is passed over and told so, and how a seat is found again.

use super::asking::{all_at_once, cancel, made, resize, state};
use super::fixture::{Fixture, QuotaSpec};
use crate::on_both;
use domain::booking::command::{By, Command, Target, Verb};
use domain::id::{PersonId, QuotaId};

/// A full class of one seat in which `person` waits, and who holds the seat.
async fn full(fixture: &Fixture, spec: QuotaSpec, person: PersonId) -> (QuotaId, PersonId) {
    let quota = fixture.quota(QuotaSpec { capacity: Some(1), ..spec }).await;
    let holder = fixture.person().await;
    fixture.seat(quota, holder).await;
    fixture.wait(quota, person).await;
    (quota, holder)
}

/// `person` waits for a seat of `spec` and takes one of `other` meanwhile, which is in the way; the seat comes free and
/// stays so; then they give the other back.
async fn passed_over_and_found_again(fixture: &Fixture, spec: QuotaSpec, other: QuotaSpec, by: By) {
    let person = fixture.person().await;
    let (quota, holder) = full(fixture, spec, person).await;
    let other = fixture.quota(other).await;
    fixture.seat(other, person).await;
    let desk = &fixture.process.desk;
    let said = desk.submit(cancel(quota, holder)).await;
    assert_eq!(state(&said), "cancelled");
    assert_eq!(fixture.story(quota, person).await, ["waitlisted"]);
    assert_eq!(fixture.told(person).await, ["passed_over"]);
    fixture.assert_sound().await;
    // The place is kept, and the reason is said once.
    let again = desk.submit(fixture.take(quota, person)).await;
    assert_eq!((state(&again).as_str(), made(&again)), ("waitlisted", false));
    assert_eq!(state(&desk.submit(super::asking::sweep(quota, true)).await), "nothing");
    assert_eq!(fixture.told(person).await, ["passed_over"]);
    // The other is given back, in a process that knows nothing of this quota.
    let elsewhere = fixture.another().await;
    let verb = Verb::Cancel { target: Target::Own, by, reason: None };
    let said = elsewhere.desk.submit(Command { quota: other, person: Some(person), verb }).await;
    assert_eq!(state(&said), "cancelled");
    assert_eq!(fixture.story(quota, person).await, ["waitlisted"]);
    fixture.process.settle().await;
    assert_eq!(fixture.story(quota, person).await, ["confirmed"]);
    assert!(fixture.told(person).await.contains(&"seat_given".to_owned()));
    assert_eq!(fixture.due().await, 0);
    fixture.assert_sound().await;
}

on_both! {
    async fn at_the_limit_meanwhile_and_found_again(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let spec = QuotaSpec { limits, ..QuotaSpec::default() };
        passed_over_and_found_again(&fixture, spec.clone(), spec, By::Person).await;
    }

    async fn busy_meanwhile_and_found_again(fixture: Fixture) {
        let spec = QuotaSpec { hours: vec![(0, 2)], ..QuotaSpec::default() };
        let other = QuotaSpec { hours: vec![(1, 3)], ..QuotaSpec::default() };
        passed_over_and_found_again(&fixture, spec, other, By::Person).await;
    }

    async fn found_again_when_the_host_takes_the_other_away(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let spec = QuotaSpec { limits, ..QuotaSpec::default() };
        passed_over_and_found_again(&fixture, spec.clone(), spec, By::Host).await;
    }

    /// The seat passes somebody over and goes to the next; what is freed later does not come back by itself.
    async fn the_next_gets_it_and_the_place_is_kept(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let spec = QuotaSpec { limits, ..QuotaSpec::default() };
        let [person, next] = [fixture.person().await, fixture.person().await];
        let (quota, holder) = full(&fixture, spec.clone(), person).await;
        fixture.wait(quota, next).await;
        let other = fixture.quota(spec).await;
        fixture.seat(other, person).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(cancel(quota, holder)).await), "cancelled");
        assert_eq!(fixture.story(quota, next).await, ["confirmed"]);
        assert_eq!(state(&desk.submit(cancel(other, person)).await), "cancelled");
        fixture.assert_sound().await;
        assert_eq!(fixture.story(quota, person).await, ["waitlisted"]);
        assert_eq!(state(&desk.submit(cancel(quota, next)).await), "cancelled");
        assert_eq!(fixture.story(quota, person).await, ["confirmed"]);
        fixture.assert_sound().await;
    }

    /// A seat and the hours for it come back in the same moment, in two processes: whichever is first, it is found.
    async fn a_seat_and_the_hours_for_it_come_free_at_once(fixture: Fixture) {
        let hours = QuotaSpec { hours: vec![(0, 2)], ..QuotaSpec::default() };
        let other = fixture.another().await;
        let mut waiting = Vec::new();
        for _ in 0..12 {
            let person = fixture.person().await;
            let (quota, holder) = full(&fixture, hours.clone(), person).await;
            let busy = fixture.quota(hours.clone()).await;
            fixture.seat(busy, person).await;
            waiting.push((person, quota, holder, busy));
        }
        let leave = waiting.iter().flat_map(|(person, quota, holder, busy)| {
            [
                (fixture.process.desk.clone(), cancel(*quota, *holder)),
                (other.desk.clone(), cancel(*busy, *person)),
            ]
        });
        for said in all_at_once(leave).await {
            assert_eq!(state(&said), "cancelled");
        }
        fixture.assert_sound().await;
        for (person, quota, _, _) in waiting {
            assert_eq!(fixture.story(quota, person).await, ["confirmed"]);
        }
    }

    async fn the_first_party_that_fits_gets_the_seats(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(4), party_max: 4, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(7).await;
        let desk = &fixture.process.desk;
        for (place, party) in [2, 2, 3, 2, 1].into_iter().enumerate() {
            let expected = if place < 2 { "confirmed" } else { "waitlisted" };
            let said = desk.submit(fixture.take_party(quota, people[place], party)).await;
            assert_eq!(state(&said), expected);
        }
        // Two seats: the three do not fit, the two behind them do.
        desk.submit(cancel(quota, people[0])).await.unwrap();
        assert_eq!(fixture.story(quota, people[2]).await, ["waitlisted"]);
        assert_eq!(fixture.story(quota, people[3]).await, ["confirmed"]);
        assert_eq!(fixture.story(quota, people[4]).await, ["waitlisted"]);
        // A party of two becomes one: that frees a seat at once.
        desk.submit(resize(quota, people[3], 1)).await.unwrap();
        assert_eq!(fixture.story(quota, people[4]).await, ["confirmed"]);
        // It cannot grow again, and nothing has changed by asking.
        assert_eq!(state(&desk.submit(resize(quota, people[3], 2)).await), "SoldOut");
        assert_eq!(fixture.broken().await, 0);
        // Nobody waits who fits into two seats: a newcomer takes one, a larger party queues behind the three.
        desk.submit(cancel(quota, people[1])).await.unwrap();
        assert_eq!(state(&desk.submit(fixture.take_party(quota, people[5], 3)).await), "waitlisted");
        assert_eq!(state(&desk.submit(fixture.take_party(quota, people[6], 1)).await), "confirmed");
        // The three come in at last, before the three that came later.
        desk.submit(cancel(quota, people[6])).await.unwrap();
        desk.submit(cancel(quota, people[4])).await.unwrap();
        assert_eq!(fixture.story(quota, people[2]).await, ["confirmed"]);
        assert_eq!(fixture.story(quota, people[5]).await, ["waitlisted"]);
        fixture.assert_sound().await;
    }
}
