//! The rush: everybody at once, some of them twice, in one process and in several.

use super::asking::{all_at_once, cancel, made, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::{Held, until};
use crate::on_both;
use std::collections::BTreeMap;

on_both! {
    async fn a_rush_gives_every_seat_once(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(50), waitlist_max: 30, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(400).await;
        // One in five asks twice.
        let asking: Vec<_> =
            people.iter().enumerate().flat_map(|(n, person)| vec![*person; 1 + usize::from(n % 5 == 0)]).collect();
        let desk = &fixture.process.desk;
        let said = all_at_once(asking.iter().map(|person| (desk.clone(), fixture.take(quota, *person)))).await;
        let mut of_person = BTreeMap::new();
        for (person, said) in asking.iter().zip(&said) {
            let state = state(said);
            let first = of_person.entry(*person).or_insert_with(|| state.clone());
            assert_eq!(*first, state, "asking again is answered the same");
        }
        assert_eq!(said.iter().filter(|said| made(said)).count(), 80, "one request of a person makes the booking");
        assert_eq!(fixture.in_state(quota, "confirmed").await, 50);
        assert_eq!(fixture.in_state(quota, "waitlisted").await, 30);
        assert_eq!(of_person.values().filter(|state| *state == "SoldOut").count(), 320);
        fixture.assert_sound().await;
    }

    /// The command line is a second writer on SQLite; on PostgreSQL there are as many as one likes.
    async fn a_rush_through_three_processes_is_as_exact(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(60), waitlist_max: 40, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(300).await;
        let processes = [fixture.another().await, fixture.another().await, fixture.another().await];
        // One in five asks twice, the second time in another process.
        let mut asking = Vec::new();
        for (n, person) in people.iter().enumerate() {
            asking.push((n % 3, *person));
            if n % 5 == 0 {
                asking.push(((n + 1) % 3, *person));
            }
        }
        let command = |(place, person): &(usize, _)| (processes[*place].desk.clone(), fixture.take(quota, *person));
        let said = all_at_once(asking.iter().map(command)).await;
        assert_eq!(said.iter().filter(|said| made(said)).count(), 100, "nobody is booked twice, nobody is missing");
        let mut best: BTreeMap<_, &str> = BTreeMap::new();
        for ((_, person), said) in asking.iter().zip(&said) {
            match state(said).as_str() {
                "confirmed" => *best.entry(*person).or_default() = "confirmed",
                "waitlisted" => *best.entry(*person).or_default() = "waitlisted",
                // Whom another process booked within this second may be told so once.
                "SoldOut" => *best.entry(*person).or_default() = *best.get(person).unwrap_or(&"SoldOut"),
                other => panic!("{other}"),
            }
        }
        // A process without a memory tells everybody the same as they were told.
        let fresh = fixture.another().await;
        let again = all_at_once(best.keys().map(|person| (fresh.desk.clone(), fixture.take(quota, *person)))).await;
        for ((person, was), said) in best.iter().zip(&again) {
            assert_eq!(state(said), *was, "{person}");
            assert!(!made(said));
        }
        assert_eq!(fixture.in_state(quota, "confirmed").await, 60);
        fixture.assert_sound().await;
    }

    /// Whoever hangs up while waiting finds the booking when they ask again.
    async fn a_caller_that_went_away_finds_the_booking(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec::default()).await;
        let people = fixture.people(2).await;
        let desk = fixture.process.desk.clone();
        let held = Held::quota(&fixture, quota).await;
        let first = tokio::spawn({
            let (desk, command) = (desk.clone(), fixture.take(quota, people[0]));
            async move { desk.submit(command).await }
        });
        until(2, "the first is in a batch", async || fixture.process.desk.in_flight() == 1).await;
        let gone = tokio::spawn({
            let (desk, command) = (desk.clone(), fixture.take(quota, people[1]));
            async move { desk.submit(command).await }
        });
        until(2, "the second waits", async || desk.queued() == 1).await;
        gone.abort();
        held.let_go().await;
        assert_eq!(state(&first.await.unwrap()), "confirmed");
        until(2, "the batch is over", async || desk.in_flight() == 0).await;
        let again = desk.submit(fixture.take(quota, people[1])).await;
        assert_eq!((state(&again).as_str(), made(&again)), ("confirmed", false));
        fixture.assert_sound().await;
    }

    async fn a_rush_of_coming_and_going_leaves_no_seat_empty(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(20), waitlist_max: 200, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(200).await;
        let other = fixture.another().await;
        let desk = |n: usize| if n.is_multiple_of(2) { &fixture.process.desk } else { &other.desk };
        let coming = people.iter().enumerate().map(|(n, person)| (desk(n).clone(), fixture.take(quota, *person)));
        // One in three changes their mind at once, in the other process.
        let going = people.iter().enumerate().filter(|(n, _)| n % 3 == 0);
        let going = going.map(|(n, person)| (desk(n + 1).clone(), cancel(quota, *person)));
        for said in all_at_once(coming.chain(going)).await {
            assert!(["confirmed", "waitlisted", "cancelled", "nothing"].contains(&state(&said).as_str()), "{said:?}");
        }
        assert_eq!(fixture.in_state(quota, "confirmed").await, 20);
        let sql = "select count(*) from bookings w join bookings c on c.quota_id = w.quota_id and c.seq > w.seq \
            where w.state = 'waitlisted' and c.state = 'confirmed'";
        assert_eq!(fixture.number(sql, Vec::new()).await, 0, "nobody overtook");
        fixture.assert_sound().await;
    }
}
