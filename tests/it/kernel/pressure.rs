//! More than can be answered: bounded in length and in time, and at shutdown everybody is answered.

use super::asking::{Said, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::{Held, Process, ProcessSpec, until};
use crate::{on_both, on_city};
use domain::id::{PersonId, QuotaId};
use infra::booking::desk::DeskLimits;
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

async fn with_limits(fixture: &Fixture, limits: DeskLimits) -> Process {
    fixture.process_with(ProcessSpec { limits, ..ProcessSpec::on(&fixture.database) }).await
}

fn ask(fixture: &Fixture, process: &Process, quota: QuotaId, person: PersonId) -> JoinHandle<Said> {
    let (desk, command) = (process.desk.clone(), fixture.take(quota, person));
    tokio::spawn(async move { desk.submit(command).await })
}

/// One request is in a batch that cannot go on, `waiting` more wait behind it, all of `quota`.
async fn stuck(
    fixture: &Fixture,
    process: &Process,
    quota: QuotaId,
    people: &[PersonId],
) -> Vec<JoinHandle<Said>> {
    let mut asked = vec![ask(fixture, process, quota, people[0])];
    until(2, "a batch is in flight", async || process.desk.in_flight() > 0 && process.desk.queued() == 0)
        .await;
    for (place, person) in people[1..].iter().enumerate() {
        asked.push(ask(fixture, process, quota, *person));
        until(2, "it waits", async || process.desk.queued() == place + 1).await;
    }
    asked
}

async fn states(asked: Vec<JoinHandle<Said>>) -> Vec<String> {
    let mut states = Vec::new();
    for asked in asked {
        states.push(state(&asked.await.unwrap()));
    }
    states
}

on_both! {
    async fn a_full_queue_turns_away_at_once_and_forgets_nobody(fixture: Fixture) {
        let limits = DeskLimits { queued_per_quota_max: 4, ..DeskLimits::default() };
        let process = with_limits(&fixture, limits).await;
        let quota = fixture.quota(QuotaSpec::default()).await;
        let people = fixture.people(6).await;
        let held = Held::quota(&fixture, quota).await;
        let asked = stuck(&fixture, &process, quota, &people[..5]).await;
        let too_many = process.desk.submit(fixture.take(quota, people[5])).await;
        assert_eq!(state(&too_many), "overloaded");
        held.let_go().await;
        assert_eq!(states(asked).await, ["confirmed"; 5]);
        assert_eq!(fixture.story(quota, people[5]).await, Vec::<String>::new());
        assert_eq!(state(&process.desk.submit(fixture.take(quota, people[5])).await), "confirmed");
        fixture.assert_sound().await;
    }

    async fn all_queues_together_are_bounded(fixture: Fixture) {
        let limits = DeskLimits { queued_max: 4, batches_in_flight_max: 1, ..DeskLimits::default() };
        let process = with_limits(&fixture, limits).await;
        let quotas = fixture.quotas(2, QuotaSpec::default()).await;
        let people = fixture.people(6).await;
        let held = Held::quota(&fixture, quotas[0]).await;
        let asked = stuck(&fixture, &process, quotas[0], &people[..5]).await;
        let too_many = process.desk.submit(fixture.take(quotas[1], people[5])).await;
        assert_eq!(state(&too_many), "overloaded");
        held.let_go().await;
        assert_eq!(states(asked).await, ["confirmed"; 5]);
        fixture.seat(quotas[1], people[5]).await;
        fixture.assert_sound().await;
    }

    /// Whoever has waited too long is told so when their time is over, not when the batch ahead is; and nothing is done
    /// for them any more.
    async fn who_waits_past_the_deadline_is_turned_away_in_time(fixture: Fixture) {
        let limits = DeskLimits { wait_ms_max: 100, ..DeskLimits::default() };
        let process = with_limits(&fixture, limits).await;
        let quota = fixture.quota(QuotaSpec::default()).await;
        let people = fixture.people(4).await;
        let held = Held::quota(&fixture, quota).await;
        let begun = Instant::now();
        let mut asked = stuck(&fixture, &process, quota, &people).await;
        let waiting = asked.split_off(1);
        assert_eq!(states(waiting).await, ["overloaded"; 3]);
        assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
        held.let_go().await;
        assert_eq!(states(asked).await, ["confirmed"]);
        until(2, "nothing waits", async || process.desk.queued() == 0 && process.desk.in_flight() == 0).await;
        for person in &people[1..] {
            assert_eq!(fixture.story(quota, *person).await, Vec::<String>::new());
        }
        fixture.assert_sound().await;
    }

    async fn draining_answers_everybody_who_waits(fixture: Fixture) {
        let limits = DeskLimits { batches_in_flight_max: 1, ..DeskLimits::default() };
        let process = with_limits(&fixture, limits).await;
        let quotas = fixture.quotas(3, QuotaSpec { capacity: Some(70), ..QuotaSpec::default() }).await;
        let people = fixture.people(300).await;
        let late = fixture.person().await;
        let held = Held::quota(&fixture, quotas[0]).await;
        let mut asked = stuck(&fixture, &process, quotas[0], &people[..1]).await;
        asked.extend((1..300).map(|n| ask(&fixture, &process, quotas[n % 3], people[n])));
        until(2, "all wait", async || process.desk.queued() == 299).await;
        let mut draining = Box::pin(process.desk.drain());
        let too_late = tokio::select! {
            biased;
            () = &mut draining => panic!("300 have no answer yet"),
            said = process.desk.submit(fixture.take(quotas[0], late)) => said,
        };
        assert_eq!(state(&too_late), "overloaded");
        held.let_go().await;
        draining.await;
        assert_eq!((process.desk.queued(), process.desk.in_flight()), (0, 0));
        let states = states(asked).await;
        let count = |wanted: &str| states.iter().filter(|state| *state == wanted).count();
        assert_eq!((count("confirmed"), count("waitlisted"), count("SoldOut")), (210, 60, 30));
        fixture.assert_sound().await;
    }
}

on_city! {
    /// A quota that cannot go on keeps nobody else waiting.
    async fn a_stuck_quota_does_not_hold_up_the_others(fixture: Fixture) {
        let quotas = fixture.quotas(2, QuotaSpec::default()).await;
        let people = fixture.people(6).await;
        let held = Held::quota(&fixture, quotas[0]).await;
        let asked = stuck(&fixture, &fixture.process, quotas[0], &people[..3]).await;
        for person in &people[3..] {
            fixture.seat(quotas[1], *person).await;
        }
        assert!(asked.iter().all(|one| !one.is_finished()));
        held.let_go().await;
        assert_eq!(states(asked).await, ["confirmed"; 3]);
        fixture.assert_sound().await;
    }
}
