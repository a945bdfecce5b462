//! One person, several things at once: hours, limits and repetition, in several processes.

use super::asking::{all_at_once, booking, cancel, made, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::{Held, until};
use crate::on_both;
use domain::booking::command::Command;

/// Hands `commands` in so that one batch carries all of them out, in this order; what each was answered.
async fn in_one_batch(fixture: &Fixture, commands: Vec<Command>) -> Vec<super::asking::Said> {
    let desk = &fixture.process.desk;
    let quota = commands[0].quota;
    let bystander = fixture.person().await;
    let held = Held::quota(fixture, quota).await;
    let ahead = tokio::spawn({
        // Gives up nothing, and occupies the quota.
        let (desk, command) = (desk.clone(), cancel(quota, bystander));
        async move { desk.submit(command).await }
    });
    until(2, "the batch ahead is in flight", async || desk.in_flight() == 1).await;
    let before = fixture.process.figure("desk_batches");
    let mut asked = Vec::new();
    for (place, command) in commands.into_iter().enumerate() {
        let desk = desk.clone();
        asked.push(tokio::spawn(async move { desk.submit(command).await }));
        until(2, "it waits", async || fixture.process.desk.queued() == place + 1).await;
    }
    held.let_go().await;
    assert_eq!(state(&ahead.await.unwrap()), "nothing");
    let mut said = Vec::new();
    for asked in asked {
        said.push(asked.await.unwrap());
    }
    assert_eq!(fixture.process.figure("desk_batches") - before, 2, "the batch ahead, and one");
    said
}

on_both! {
    async fn two_classes_at_one_hour_in_two_processes(fixture: Fixture) {
        let class = |hours| QuotaSpec { capacity: Some(200), hours, ..QuotaSpec::default() };
        let first = fixture.quota(class(vec![(0, 2), (48, 50)])).await;
        let second = fixture.quota(class(vec![(24, 26), (49, 51)])).await;
        let people = fixture.people(60).await;
        let other = fixture.another().await;
        let mut asks = Vec::new();
        for (n, person) in people.iter().enumerate() {
            let mut both = [(first, &fixture.process.desk), (second, &other.desk)];
            both.rotate_left(n % 2);
            asks.extend(both.map(|(quota, desk)| (desk.clone(), fixture.take(quota, *person))));
        }
        for pair in all_at_once(asks).await.chunks(2) {
            let mut states = [state(&pair[0]), state(&pair[1])];
            states.sort();
            assert_eq!(states, ["ScheduleConflict", "confirmed"]);
        }
        let seats = fixture.in_state(first, "confirmed").await + fixture.in_state(second, "confirmed").await;
        assert_eq!(seats, 60);
        fixture.assert_sound().await;
    }

    async fn one_class_after_another_is_no_clash(fixture: Fixture) {
        let class = |hours| QuotaSpec { hours, ..QuotaSpec::default() };
        let first = fixture.quota(class(vec![(0, 2)])).await;
        let second = fixture.quota(class(vec![(2, 4)])).await;
        let person = fixture.person().await;
        let other = fixture.another().await;
        let asks = [(fixture.process.desk.clone(), first), (other.desk.clone(), second)];
        let asks = asks.map(|(desk, quota)| (desk, fixture.take(quota, person)));
        for said in all_at_once(asks).await {
            assert_eq!(state(&said), "confirmed");
        }
        fixture.assert_sound().await;
    }

    async fn three_quotas_at_once_and_a_limit_of_two(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 2).await];
        let quotas = fixture.quotas(3, QuotaSpec { capacity: Some(200), limits, ..QuotaSpec::default() }).await;
        let people = fixture.people(60).await;
        let processes = [fixture.another().await, fixture.another().await, fixture.another().await];
        let mut asks = Vec::new();
        for person in &people {
            for (process, quota) in processes.iter().zip(&quotas) {
                asks.push((process.desk.clone(), fixture.take(*quota, *person)));
            }
        }
        for three in all_at_once(asks).await.chunks(3) {
            let mut states: Vec<_> = three.iter().map(state).collect();
            states.sort();
            assert_eq!(states, ["LimitReached", "confirmed", "confirmed"]);
        }
        fixture.assert_sound().await;
    }

    /// One seat more is allowed, and three come free in the same moment: one of them is theirs.
    async fn one_below_the_limit_and_promoted_in_three_quotas_at_once(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 2).await];
        let spec = QuotaSpec { capacity: Some(1), limits, ..QuotaSpec::default() };
        for _ in 0..8 {
            let quotas = fixture.quotas(3, spec.clone()).await;
            let [holders, next] = [fixture.people(3).await, fixture.people(3).await];
            let person = fixture.person().await;
            fixture.seat(fixture.quota(spec.clone()).await, person).await;
            for place in 0..3 {
                fixture.seat(quotas[place], holders[place]).await;
                fixture.wait(quotas[place], person).await;
                fixture.wait(quotas[place], next[place]).await;
            }
            let processes = [fixture.another().await, fixture.another().await, fixture.another().await];
            let leave = (0..3).map(|n| (processes[n].desk.clone(), cancel(quotas[n], holders[n])));
            for said in all_at_once(leave).await {
                assert_eq!(state(&said), "cancelled");
            }
            let mut won = 0;
            for place in 0..3 {
                let theirs = fixture.story(quotas[place], person).await;
                let others = fixture.story(quotas[place], next[place]).await;
                match (theirs[0].as_str(), others[0].as_str()) {
                    ("confirmed", "waitlisted") => won += 1,
                    ("waitlisted", "confirmed") => {}
                    both => panic!("{both:?}"),
                }
            }
            assert_eq!(won, 1);
            let told = fixture.told(person).await;
            assert_eq!(told.iter().filter(|word| *word == "seat_given").count(), 1);
            assert_eq!(told.iter().filter(|word| *word == "passed_over").count(), 2);
        }
        fixture.assert_sound().await;
    }

    async fn enrol_cancel_enrol_in_one_batch(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(1), ..QuotaSpec::default() }).await;
        let person = fixture.person().await;
        let commands = vec![fixture.take(quota, person), cancel(quota, person), fixture.take(quota, person)];
        let said = in_one_batch(&fixture, commands).await;
        assert_eq!(said.iter().map(state).collect::<Vec<_>>(), ["confirmed", "cancelled", "confirmed"]);
        assert_eq!(said.iter().map(made).collect::<Vec<_>>(), [true, false, true]);
        assert_eq!(booking(&said[0]).id, booking(&said[1]).id);
        assert_ne!(booking(&said[0]).id, booking(&said[2]).id);
        assert_eq!(fixture.story(quota, person).await, ["cancelled", "confirmed"]);
        fixture.assert_sound().await;
    }

    /// In a batch it is as it would be one after the other: who leaves and comes back stands behind who waited.
    async fn coming_back_in_one_batch_is_no_overtaking(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(1), ..QuotaSpec::default() }).await;
        let people = fixture.people(2).await;
        let commands = vec![
            fixture.take(quota, people[0]),
            fixture.take(quota, people[1]),
            fixture.take(quota, people[0]),
            cancel(quota, people[0]),
            fixture.take(quota, people[0]),
            cancel(quota, people[0]),
            cancel(quota, people[0]),
        ];
        let said = in_one_batch(&fixture, commands).await;
        let states = ["confirmed", "waitlisted", "confirmed", "cancelled", "waitlisted", "cancelled", "nothing"];
        assert_eq!(said.iter().map(state).collect::<Vec<_>>(), states);
        assert_eq!(fixture.story(quota, people[0]).await, ["cancelled", "cancelled"]);
        assert_eq!(fixture.story(quota, people[1]).await, ["confirmed"]);
        assert_eq!(fixture.told(people[1]).await, ["seat_given"]);
        fixture.assert_sound().await;
    }
}
