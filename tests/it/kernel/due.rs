//! Due work: once however many processes there are, never lost, and not before its time.

use super::asking::{all_at_once, cancel, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::Process;
use crate::on_both;
use domain::id::QuotaId;

/// Makes `kind` due for `quota` now.
async fn make_due(fixture: &Fixture, quota: QuotaId, kind: &str) {
    let now = domain::time::Clock::now(&*fixture.clock);
    let sql = "insert into due_work (subject_id, kind, due_at) values ($1, $2, $3)";
    fixture.execute(sql, vec![quota.0.into(), kind.into(), fixture.instant(now)]).await;
}

/// A class called off with this many bookings, as its host does it: shut first, freed by due work.
async fn called_off(fixture: &Fixture, people: usize) -> QuotaId {
    let spec = QuotaSpec { capacity: Some(100), waitlist_max: 2_000, ..QuotaSpec::default() };
    let quota = fixture.quota(spec).await;
    let people = fixture.people(people).await;
    let desk = &fixture.process.desk;
    all_at_once(people.iter().map(|person| (desk.clone(), fixture.take(quota, *person)))).await;
    let sql =
        "update quotas set status = 'cancelled', version = version + 1, edition = edition + 1 where id = $1";
    fixture.execute(sql, vec![quota.0.into()]).await;
    make_due(fixture, quota, "close_out").await;
    desk.edited(quota);
    quota
}

fn commands(processes: &[Process]) -> u64 {
    processes.iter().map(|process| process.figure("desk_commands")).sum()
}

on_both! {
    async fn several_schedulers_do_a_piece_of_work_once(fixture: Fixture) {
        for _ in 0..40 {
            make_due(&fixture, fixture.id(), "look").await;
        }
        let quotas = fixture.quotas(40, QuotaSpec::default()).await;
        for quota in &quotas {
            make_due(&fixture, *quota, "look").await;
        }
        let processes =
            [fixture.another().await, fixture.another().await, fixture.another().await, fixture.another().await];
        let run = |n: usize| {
            let scheduler = processes[n].scheduler.clone();
            async move { scheduler.run_due().await.unwrap() }
        };
        let (a, b, c, d) = tokio::join!(run(0), run(1), run(2), run(3));
        assert_eq!(a + b + c + d, 80);
        assert_eq!(commands(&processes), 80, "what is not there any more is done, too");
        assert_eq!(fixture.due().await, 0);
    }

    async fn what_a_dead_process_claimed_is_done_when_its_lease_is_over(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec::default()).await;
        make_due(&fixture, quota, "look").await;
        let until = fixture.instant(domain::time::Clock::now(&*fixture.clock) + chrono::TimeDelta::seconds(30));
        fixture.execute("update due_work set claimed_until = $1, attempts = 1", vec![until]).await;
        assert_eq!(fixture.process.scheduler.run_due().await.unwrap(), 0, "somebody may be at it");
        fixture.clock.advance(chrono::TimeDelta::seconds(30));
        assert_eq!(fixture.process.scheduler.run_due().await.unwrap(), 1);
        assert_eq!(fixture.due().await, 0);
    }

    async fn work_that_cannot_be_done_stays_due(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec::default()).await;
        make_due(&fixture, quota, "look").await;
        // A process that is shutting down takes nothing more.
        fixture.process.desk.drain().await;
        assert_eq!(fixture.process.scheduler.run_due().await.unwrap(), 1);
        assert_eq!(fixture.due().await, 1);
        let other = fixture.another().await;
        fixture.clock.advance(chrono::TimeDelta::seconds(30));
        other.settle().await;
        assert_eq!(fixture.due().await, 0);
        assert_eq!(commands(&[other]), 1);
    }

    /// What becomes due again while it is being done must be done again: the row is the same to the millisecond.
    async fn a_class_called_off_is_closed_out_in_portions(fixture: Fixture) {
        let quota = called_off(&fixture, 900).await;
        fixture.process.settle().await;
        assert_eq!(fixture.in_state(quota, "cancelled").await, 900);
        assert_eq!(fixture.number("select count(*) from notices where kind = 'subject_cancelled'", vec![]).await, 900);
        assert_eq!(fixture.due().await, 0);
        fixture.assert_sound().await;
    }

    async fn several_processes_close_out_and_everybody_is_told_once(fixture: Fixture) {
        let quota = called_off(&fixture, 900).await;
        let processes = [fixture.another().await, fixture.another().await];
        let newcomer = fixture.person().await;
        let asks = [(processes[0].desk.clone(), fixture.take(quota, newcomer))];
        let (said, (), ()) = tokio::join!(all_at_once(asks), processes[0].settle(), processes[1].settle());
        assert_eq!(state(&said[0]), "Closed", "nobody comes in while it is emptied");
        fixture.assert_sound().await;
        assert_eq!(fixture.in_state(quota, "cancelled").await, 900);
        let twice = "select count(*) from (select person_id from notices where kind = 'subject_cancelled' \
            group by person_id having count(*) > 1) as t";
        assert_eq!(fixture.number(twice, vec![]).await, 0);
    }

    /// What a called-off class held of a person's limit is theirs again, in every class in which they wait.
    async fn calling_off_returns_limits_elsewhere(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let spec = QuotaSpec { capacity: Some(1), limits, ..QuotaSpec::default() };
        let [person, holder] = [fixture.person().await, fixture.person().await];
        let [called_off, wanted] = [fixture.quota(spec.clone()).await, fixture.quota(spec).await];
        fixture.seat(wanted, holder).await;
        fixture.wait(wanted, person).await;
        fixture.seat(called_off, person).await;
        fixture.process.desk.submit(cancel(wanted, holder)).await.unwrap();
        assert_eq!(fixture.story(wanted, person).await, ["waitlisted"]);
        let sql = "update quotas set status = 'cancelled', version = version + 1, edition = edition + 1 where id = $1";
        fixture.execute(sql, vec![called_off.0.into()]).await;
        make_due(&fixture, called_off, "close_out").await;
        fixture.process.settle().await;
        assert_eq!(fixture.story(wanted, person).await, ["confirmed"]);
        fixture.assert_sound().await;
    }
}
