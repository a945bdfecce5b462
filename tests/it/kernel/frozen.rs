//! A process that is frozen or killed: what it held is let go, what it acknowledged stays, what it had not committed is gone.

use super::asking::{all_at_once, made, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::until;
use super::worker::Worker;
use crate::{on_both, on_city};
use domain::id::{BookingId, PersonId, QuotaId};
use std::time::{Duration, Instant};

/// A process with a whole rush of its own; the bookings it acknowledged before `enough` is said, and the process.
async fn rushing(
    fixture: &Fixture,
    quota: QuotaId,
    people: &[PersonId],
    enough: usize,
) -> (Worker, Vec<(BookingId, String)>) {
    let mut worker = Worker::start(fixture, "rush", quota, &people.len().to_string());
    for person in people {
        worker.tell(&person.0.to_string()).await;
    }
    let mut acknowledged = Vec::new();
    while acknowledged.len() < enough {
        acknowledged.push(acknowledgement(&worker.hear().await.unwrap()));
    }
    (worker, acknowledged)
}

fn acknowledgement(line: &str) -> (BookingId, String) {
    let (id, state) = line.split_once(' ').unwrap();
    (BookingId(id.parse().unwrap()), state.to_owned())
}

async fn assert_kept(fixture: &Fixture, acknowledged: &[(BookingId, String)]) {
    for (booking, said) in acknowledged {
        let rows = fixture.rows("select state from bookings where id = $1", vec![booking.0.into()]).await;
        let state: String =
            rows.first().expect("an acknowledged booking is there").try_get_by_index(0).unwrap();
        assert_eq!(state, *said);
    }
}

on_both! {
    /// Killed in the middle of a rush. Whatever it had said is so; everybody else asks again and is decided once.
    async fn what_a_killed_process_acknowledged_is_kept(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(500), waitlist_max: 100, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(700).await;
        let (mut worker, mut acknowledged) = rushing(&fixture, quota, &people, 60).await;
        worker.kill().await;
        while let Some(line) = worker.hear().await {
            if line != "done" && !line.starts_with('-') {
                acknowledged.push(acknowledgement(&line));
            }
        }
        assert_kept(&fixture, &acknowledged).await;
        assert_eq!(fixture.broken().await, 0);
        let desk = &fixture.process.desk;
        let asks = people.iter().map(|person| (desk.clone(), fixture.take(quota, *person)));
        let said = all_at_once(asks).await;
        assert!(said.iter().filter(|said| made(said)).count() <= 600 - acknowledged.len());
        assert_eq!(fixture.in_state(quota, "confirmed").await, 500);
        assert_eq!(fixture.in_state(quota, "waitlisted").await, 100);
        assert_kept(&fixture, &acknowledged).await;
        fixture.assert_sound().await;
    }
}

on_city! {
    /// Frozen between its last statement and its commit, holding the quota and a person. PostgreSQL ends its transaction
    /// after two seconds, the desk answers everybody, and the frozen one learns that nothing was stored.
    async fn a_frozen_process_does_not_keep_its_locks(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(30), ..QuotaSpec::default() }).await;
        let people = fixture.people(40).await;
        let mut worker = Worker::start(&fixture, "hold", quota, &people[0].0.to_string());
        assert_eq!(worker.hear().await.as_deref(), Some("holding"));
        worker.freeze().await;
        let begun = Instant::now();
        let desk = &fixture.process.desk;
        let asks = people.iter().map(|person| (desk.clone(), fixture.take(quota, *person)));
        let said = all_at_once(asks).await;
        let took = begun.elapsed();
        for said in &said {
            assert!(["confirmed", "waitlisted"].contains(&state(said).as_str()), "{said:?}");
            assert!(made(said), "what the frozen one had not committed is not there");
        }
        assert!(took > Duration::from_millis(500), "it did hold the lock: {took:?}");
        assert!(took < Duration::from_secs(4), "{took:?}");
        worker.tell("go on").await;
        worker.thaw().await;
        let end = worker.hear().await.unwrap();
        assert!(end.starts_with("lost: "), "{end}");
        assert_eq!(fixture.story(quota, people[0]).await.len(), 1);
        assert_eq!(fixture.in_state(quota, "confirmed").await, 30);
        fixture.assert_sound().await;
    }

    /// Frozen somewhere in the middle of its own rush, then thawed: both processes' people are decided exactly.
    async fn a_process_frozen_in_a_rush_goes_on_exactly(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(400), waitlist_max: 50, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(600).await;
        let (theirs, ours) = people.split_at(400);
        let (mut worker, mut acknowledged) = rushing(&fixture, quota, theirs, 20).await;
        worker.freeze().await;
        let desk = &fixture.process.desk;
        let asks = ours.iter().map(|person| (desk.clone(), fixture.take(quota, *person)));
        let begun = Instant::now();
        for said in all_at_once(asks).await {
            assert!(["confirmed", "waitlisted", "SoldOut"].contains(&state(&said).as_str()), "{said:?}");
        }
        assert!(begun.elapsed() < Duration::from_secs(4));
        let idle = "select count(*) from pg_stat_activity where datname = current_database() \
            and state like 'idle in transaction%'";
        until(4, "the frozen one's transactions end", async || fixture.number(idle, vec![]).await == 0).await;
        assert_kept(&fixture, &acknowledged).await;
        assert_eq!(fixture.broken().await, 0);
        worker.thaw().await;
        while let Some(line) = worker.hear().await.filter(|line| line != "done") {
            // A batch that was cut off may be unknown to its callers; they ask again.
            if !line.starts_with('-') {
                acknowledged.push(acknowledgement(&line));
            }
        }
        assert_kept(&fixture, &acknowledged).await;
        let again = theirs.iter().map(|person| (desk.clone(), fixture.take(quota, *person)));
        all_at_once(again).await;
        assert_eq!(fixture.in_state(quota, "confirmed").await, 400);
        assert_eq!(fixture.in_state(quota, "waitlisted").await, 50);
        fixture.assert_sound().await;
    }
}
