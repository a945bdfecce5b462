//! The desk under concurrency.

use super::fixture::{Fixture, QuotaSpec, state};
use crate::on_both;
use std::collections::BTreeMap;
use tokio::task::JoinSet;

on_both! {
    async fn a_rush_gives_every_seat_once(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(50), waitlist_max: 30, ..QuotaSpec::default() }).await;
        let people = fixture.people(400).await;
        let mut asking = JoinSet::new();
        // One in five asks twice.
        for (n, person) in people.iter().enumerate() {
            for _ in 0..=usize::from(n % 5 == 0) {
                let (desk, command) = (fixture.process.desk.clone(), fixture.take(quota, *person));
                let person = *person;
                asking.spawn(async move { (person, desk.submit(command).await) });
            }
        }
        let mut answers: BTreeMap<String, u32> = BTreeMap::new();
        let mut of_person = BTreeMap::new();
        while let Some(answer) = asking.join_next().await {
            let (person, answer) = answer.unwrap();
            let state = state(&answer);
            let first = of_person.entry(person).or_insert_with(|| state.clone());
            assert_eq!(*first, state, "asking again is answered the same");
            *answers.entry(state).or_default() += 1;
        }
        assert_eq!(fixture.in_state(quota, "confirmed").await, 50);
        assert_eq!(fixture.in_state(quota, "waitlisted").await, 30);
        assert_eq!(of_person.values().filter(|state| *state == "SoldOut").count(), 320);
        assert_eq!(fixture.broken().await, 0);
    }
}
