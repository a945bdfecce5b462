//! One request that the database cannot store must not sink the 255 beside it.

use super::asking::state;
use super::fixture::{Fixture, QuotaSpec};
use super::process::{Held, until};
use crate::on_both;
use domain::id::{PersonId, QuotaId};
use sea_orm::ConnectionTrait;

/// From now on the database fails on every booking of `person`.
async fn poison(fixture: &Fixture, person: PersonId) {
    let statements = if fixture.is_city() {
        vec![
            "create function poison() returns trigger language plpgsql as $$ begin raise exception 'poison'; end $$"
                .to_owned(),
            format!(
                "create trigger poison before insert on bookings for each row \
                 when (new.person_id = '{}') execute function poison()",
                person.0
            ),
        ]
    } else {
        vec![format!(
            "create trigger poison before insert on bookings when new.person_id = x'{}' \
             begin select raise(abort, 'poison'); end",
            person.0.simple()
        )]
    };
    change_schema(fixture, statements).await;
}

async fn cure(fixture: &Fixture) {
    let statement = if fixture.is_city() { "drop trigger poison on bookings" } else { "drop trigger poison" };
    change_schema(fixture, vec![statement.to_owned()]).await;
}

async fn change_schema(fixture: &Fixture, statements: Vec<String>) {
    let transaction = fixture.hand().begin().await.unwrap();
    for statement in statements {
        transaction.execute_unprepared(&statement).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// Has everybody ask, in this order, so that one batch takes them all; the states they were answered.
async fn one_batch(fixture: &Fixture, quota: QuotaId, people: &[PersonId]) -> Vec<String> {
    let desk = &fixture.process.desk;
    let bystander = fixture.person().await;
    let held = Held::quota(fixture, quota).await;
    let ask = |person| {
        let (desk, command) = (desk.clone(), fixture.take(quota, person));
        tokio::spawn(async move { desk.submit(command).await })
    };
    let ahead = ask(bystander);
    until(2, "the batch ahead is in flight", async || desk.in_flight() == 1).await;
    let mut asked = Vec::new();
    for (place, person) in people.iter().enumerate() {
        asked.push(ask(*person));
        until(2, "it waits", async || desk.queued() == place + 1).await;
    }
    held.let_go().await;
    ahead.await.unwrap().unwrap();
    let mut states = Vec::new();
    for asked in asked {
        states.push(state(&asked.await.unwrap()));
    }
    states
}

on_both! {
    async fn a_poisoned_request_beside_255_good_ones(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(400), ..QuotaSpec::default() }).await;
        let people = fixture.people(256).await;
        poison(&fixture, people[100]).await;
        let states = one_batch(&fixture, quota, &people).await;
        for (place, state) in states.iter().enumerate() {
            assert_eq!(state, if place == 100 { "unavailable" } else { "confirmed" }, "{place}");
        }
        // 256 halved until one stands alone: eight cuts, and nobody was tried one by one.
        assert_eq!(fixture.process.figure("desk_halvings"), 8);
        assert_eq!(fixture.story(quota, people[100]).await, Vec::<String>::new());
        fixture.assert_sound().await;
        cure(&fixture).await;
        fixture.seat(quota, people[100]).await;
        fixture.assert_sound().await;
    }

    /// Halving does not change who came first.
    async fn the_order_of_arrival_survives_the_halving(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(101), waitlist_max: 50, ..QuotaSpec::default() }).await;
        let people = fixture.people(256).await;
        poison(&fixture, people[70]).await;
        let states = one_batch(&fixture, quota, &people).await;
        // The batch ahead took one of 101.
        for (place, state) in states.iter().enumerate() {
            let expected = match place {
                70 => "unavailable",
                0..=100 => "confirmed",
                101..=150 => "waitlisted",
                _ => "SoldOut",
            };
            assert_eq!(state, expected, "{place}");
        }
        let sql = "select person_id from bookings where quota_id = $1 order by seq";
        let rows = fixture.rows(sql, vec![quota.0.into()]).await;
        let order: Vec<PersonId> = rows[1..].iter().map(|row| PersonId(row.try_get_by_index(0).unwrap())).collect();
        let asked: Vec<PersonId> = people.iter().copied().filter(|person| *person != people[70]).take(150).collect();
        assert_eq!(order, asked);
        fixture.assert_sound().await;
    }
}
