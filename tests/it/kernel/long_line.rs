//! A long line in which nobody can take the seat but somebody far behind: the sweep goes on in portions, and meanwhile
//! newcomers queue.

use super::asking::{all_at_once, cancel, state};
use super::fixture::{Fixture, QuotaSpec};
use crate::on_both;
use domain::id::{PersonId, QuotaId};

/// A full class with a line of people, all but the last `able` of whom have reached their limit elsewhere.
struct LongLine {
    quota: QuotaId,
    elsewhere: QuotaId,
    holder: PersonId,
    line: Vec<PersonId>,
}

async fn long_line(fixture: &Fixture, length: usize, able: usize) -> LongLine {
    let limits = vec![fixture.limit("classes per term", 1).await];
    let spec = QuotaSpec { limits, waitlist_max: 2_000, ..QuotaSpec::default() };
    let quota = fixture.quota(QuotaSpec { capacity: Some(1), ..spec.clone() }).await;
    let elsewhere = fixture.quota(QuotaSpec { capacity: None, ..spec }).await;
    let holder = fixture.person().await;
    fixture.seat(quota, holder).await;
    let line = fixture.people(length).await;
    let desk = &fixture.process.desk;
    let wait = line.iter().map(|person| (desk.clone(), fixture.take(quota, *person)));
    for said in all_at_once(wait).await {
        assert_eq!(state(&said), "waitlisted");
    }
    // The order of the line is the order of arrival.
    let sql = "select person_id from bookings where quota_id = $1 and state = 'waitlisted' order by seq";
    let rows = fixture.rows(sql, vec![quota.0.into()]).await;
    let line: Vec<PersonId> = rows.iter().map(|row| PersonId(row.try_get_by_index(0).unwrap())).collect();
    let busy = line[..length - able].iter().map(|person| (desk.clone(), fixture.take(elsewhere, *person)));
    for said in all_at_once(busy).await {
        assert_eq!(state(&said), "confirmed");
    }
    LongLine { quota, elsewhere, holder, line }
}

/// Runs due work once at a time; before each run a newcomer asks. How many runs, and who came.
async fn sweep_with_newcomers(fixture: &Fixture, quota: QuotaId) -> (usize, Vec<PersonId>) {
    let mut newcomers = Vec::new();
    let mut runs = 0;
    let seats = "select capacity - confirmed - offered from quotas where id = $1";
    while fixture.number(&format!("select cast(({seats}) as bigint)"), vec![quota.0.into()]).await > 0 {
        let newcomer = fixture.person().await;
        fixture.wait(quota, newcomer).await;
        newcomers.push(newcomer);
        assert!(fixture.process.scheduler.run_due().await.unwrap() > 0, "somebody goes on with the line");
        runs += 1;
        assert!(runs < 200);
    }
    (runs, newcomers)
}

on_both! {
    async fn the_last_of_a_thousand_gets_the_seat_and_no_newcomer(fixture: Fixture) {
        let long = long_line(&fixture, 1_000, 1).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(cancel(long.quota, long.holder)).await), "cancelled");
        let (runs, newcomers) = sweep_with_newcomers(&fixture, long.quota).await;
        assert!(runs > 3, "in several portions: {runs}");
        assert_eq!(fixture.story(long.quota, *long.line.last().unwrap()).await, ["confirmed"]);
        for newcomer in newcomers {
            assert_eq!(fixture.story(long.quota, newcomer).await, ["waitlisted"]);
        }
        assert_eq!(fixture.in_state(long.quota, "waitlisted").await, 999 + i64::try_from(runs).unwrap());
        fixture.assert_sound().await;
    }

    async fn if_nobody_can_the_first_newcomer_gets_it(fixture: Fixture) {
        let long = long_line(&fixture, 300, 0).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(cancel(long.quota, long.holder)).await), "cancelled");
        let (_, newcomers) = sweep_with_newcomers(&fixture, long.quota).await;
        assert_eq!(fixture.story(long.quota, newcomers[0]).await, ["confirmed"]);
        for newcomer in &newcomers[1..] {
            assert_eq!(fixture.story(long.quota, *newcomer).await, ["waitlisted"]);
        }
        fixture.assert_sound().await;
    }

    /// The sweep is in the middle when somebody at the front gives the other class back: the seat is theirs.
    async fn who_becomes_able_in_front_of_the_sweep_comes_first(fixture: Fixture) {
        let long = long_line(&fixture, 300, 1).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(cancel(long.quota, long.holder)).await), "cancelled");
        assert!(fixture.process.scheduler.run_due().await.unwrap() > 0);
        assert_eq!(state(&desk.submit(cancel(long.elsewhere, long.line[2])).await), "cancelled");
        fixture.process.settle().await;
        assert_eq!(fixture.story(long.quota, long.line[2]).await, ["confirmed"]);
        assert_eq!(fixture.story(long.quota, long.line[299]).await, ["waitlisted"]);
        fixture.assert_sound().await;
    }

    /// Cancels go on while the line is looked at, and several schedulers look: no seat is lost, nobody is overtaken.
    async fn seats_come_free_while_several_processes_sweep(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let spec = QuotaSpec { limits, waitlist_max: 2_000, ..QuotaSpec::default() };
        let quota = fixture.quota(QuotaSpec { capacity: Some(12), ..spec.clone() }).await;
        let elsewhere = fixture.quota(QuotaSpec { capacity: None, ..spec }).await;
        let holders = fixture.people(12).await;
        let line = fixture.people(300).await;
        let desk = &fixture.process.desk;
        for people in [&holders, &line] {
            all_at_once(people.iter().map(|person| (desk.clone(), fixture.take(quota, *person)))).await;
        }
        // Every 30th of the line is able.
        let busy = line.iter().enumerate().filter(|(n, _)| n % 30 != 29);
        all_at_once(busy.map(|(_, person)| (desk.clone(), fixture.take(elsewhere, *person)))).await;
        let other = fixture.another().await;
        let leave = holders.iter().enumerate().map(|(n, person)| {
            let desk = if n.is_multiple_of(2) { desk } else { &other.desk };
            (desk.clone(), cancel(quota, *person))
        });
        let (said, (), ()) = tokio::join!(all_at_once(leave), fixture.process.settle(), other.settle());
        assert!(said.iter().all(|said| state(said) == "cancelled"), "{said:?}");
        other.settle().await;
        fixture.assert_sound().await;
        assert_eq!(fixture.in_state(quota, "confirmed").await, 10, "ten of the line were able");
    }
}
