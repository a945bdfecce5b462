//! Hundreds of batches over the same people, their quotas in opposite orders, in several processes: nobody waits for a
//! lock in a circle.

use super::asking::{Said, all_at_once, cancel, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::Process;
use crate::on_both;
use domain::id::{PersonId, QuotaId};

/// Everybody asks for everything, the quotas in this order, then gives all of it back in the other.
async fn there_and_back(
    fixture: &Fixture,
    process: &Process,
    quotas: &[QuotaId],
    people: &[PersonId],
) -> Vec<Said> {
    let mut said = Vec::new();
    for round in 0..6 {
        let mut asks = Vec::new();
        for person in people {
            for quota in quotas {
                asks.push((process.desk.clone(), fixture.take(*quota, *person)));
            }
        }
        said.extend(all_at_once(asks).await);
        let mut asks = Vec::new();
        for (n, person) in people.iter().enumerate() {
            for quota in quotas.iter().rev() {
                if (n + round) % 3 != 0 {
                    asks.push((process.desk.clone(), cancel(*quota, *person)));
                }
            }
        }
        said.extend(all_at_once(asks).await);
    }
    said
}

on_both! {
    async fn opposite_orders_in_several_processes(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 4).await];
        let mut quotas = Vec::new();
        for n in 0..10 {
            // Neighbours overlap.
            let spec = QuotaSpec {
                capacity: Some(8),
                hours: vec![(n, n + 2)],
                limits: limits.clone(),
                ..QuotaSpec::default()
            };
            quotas.push(fixture.quota(spec).await);
        }
        let backwards: Vec<QuotaId> = quotas.iter().rev().copied().collect();
        let mut shuffled = quotas.clone();
        shuffled.rotate_left(4);
        shuffled.swap(1, 7);
        let people = fixture.people(20).await;
        let others = [fixture.another().await, fixture.another().await];
        let (a, b, c) = tokio::join!(
            there_and_back(&fixture, &fixture.process, &quotas, &people),
            there_and_back(&fixture, &others[0], &backwards, &people),
            there_and_back(&fixture, &others[1], &shuffled, &people),
        );
        for said in a.iter().chain(&b).chain(&c) {
            let said = state(said);
            let fine = ["confirmed", "waitlisted", "cancelled", "nothing", "SoldOut", "LimitReached", "ScheduleConflict"];
            assert!(fine.contains(&said.as_str()), "{said}");
        }
        let processes = [&fixture.process, &others[0], &others[1]];
        let batches: u64 = processes.map(|process| process.figure("desk_batches")).iter().sum();
        assert!(batches > 100, "{batches}");
        if fixture.is_city() {
            // On SQLite trying again is how a second writer waits.
            assert_eq!(processes.map(|process| process.figure("desk_retries")), [0; 3]);
        }
        fixture.assert_sound().await;
    }
}
