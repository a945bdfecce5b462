//! What the kernel asks of a person changes with the profile and the consents, under the ledger's lock.

use super::fixture::{Fixture, refused};
use crate::on_both;
use domain::identity::consent::{Given, Purpose, everything};
use domain::identity::profile::Profile;
use domain::refusal::Refusal;
use infra::bus::Event;
use infra::database::sql::{locking, sql};
use infra::identity::{consent, person};
use sea_orm::ConnectionTrait;
use std::sync::Arc;
use tokio::task::JoinSet;

fn born(text: &str) -> Profile {
    Profile { birth_date: text.parse().ok(), ..Profile::default() }
}

on_both! {
    async fn a_profile_and_its_ledger_change_together_on_one_version(fixture: Fixture) {
        let id = fixture.person("resident").await;
        let (database, tokens) = (fixture.database(), &fixture.process.tokens);
        let mut heard = fixture.process.bus.subscribe();
        let changed = person::set_profile(database, tokens, id, born("1999-02-03"), 1, fixture.now()).await.unwrap();
        assert_eq!((changed.version, changed.profile.birth_date), (2, "1999-02-03".parse().ok()));
        assert_eq!(changed.profile.nickname, None, "an update is of the whole profile");
        assert_eq!(heard.next().await, Some(Event::PersonChanged(id)));
        let ledger = "select count(*) from person_ledger where person_id = $1 and birth_date = '1999-02-03'";
        assert_eq!(fixture.number(ledger, [id.0.into()]).await, 1);
        let stale = person::set_profile(database, tokens, id, born("1980-01-01"), 1, fixture.now()).await;
        assert_eq!(refused(stale), Refusal::VersionConflict { version: 2 });
        assert_eq!(fixture.number(ledger, [id.0.into()]).await, 1);
        person::set_profile(database, tokens, id, Profile::default(), 2, fixture.now()).await.unwrap();
        assert_eq!(fixture.number("select count(*) from person_ledger where birth_date is null", []).await, 1);
    }

    async fn of_two_edits_of_one_version_one_wins(fixture: Fixture) {
        let id = fixture.person("resident").await;
        let fixture = Arc::new(fixture);
        let mut editing = JoinSet::new();
        for year in 1980..1988 {
            let fixture = Arc::clone(&fixture);
            editing.spawn(async move {
                let profile = born(&format!("{year}-01-01"));
                person::set_profile(fixture.database(), &fixture.process.tokens, id, profile, 1, fixture.now()).await
            });
        }
        let results = editing.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
        let equal = "select count(*) from people p join person_ledger l on l.person_id = p.id and l.birth_date = p.birth_date";
        assert_eq!(fixture.number(equal, []).await, 1);
    }

    async fn consents_are_kept_on_record_and_say_whether_booking_is_consented_to(fixture: Fixture) {
        let id = fixture.person("resident").await;
        let (database, tokens) = (fixture.database(), &fixture.process.tokens);
        let consented = "select count(*) from person_ledger where person_id = $1 and consented";
        for (after, books) in [
            (vec![], 0),
            (vec![Given { purpose: Purpose::Service, version: 1 }], 0),
            (everything(), 1),
            (everything(), 1),
        ] {
            fixture.clock.advance(chrono::TimeDelta::seconds(1));
            let stands = consent::replace(database, tokens, id, &after, fixture.now()).await.unwrap();
            let mut given: Vec<_> = stands.iter().map(|standing| standing.given).collect();
            given.sort_unstable();
            assert_eq!(given, after);
            assert_eq!(fixture.number(consented, [id.0.into()]).await, books);
            assert_eq!(person::read(database.reader(), id).await.unwrap().consented, books == 1);
        }
        // Given at sign-up and withdrawn; one given on its own and kept; three given later.
        assert_eq!(fixture.number("select count(*) from consents where withdrawn_at is not null", []).await, 4);
        assert_eq!(fixture.number("select count(*) from consents", []).await, 8);
    }

    async fn whoever_holds_the_ledger_is_waited_for(fixture: Fixture) {
        let id = fixture.person("resident").await;
        let fixture = Arc::new(fixture);
        let holding = fixture.another().await;
        let transaction = holding.database.begin().await.unwrap();
        let text = format!("select l.person_id from person_ledger l where l.person_id = $1 {}", locking(&transaction, "l"));
        transaction.query_one_raw(sql(&transaction, &text, [id.0.into()])).await.unwrap();
        let editing = tokio::spawn({
            let fixture = Arc::clone(&fixture);
            async move {
                person::set_profile(fixture.database(), &fixture.process.tokens, id, born("1990-01-01"), 1, fixture.now()).await
            }
        });
        // What is decided under the lock sees the person as it was.
        for _ in 0..20 {
            tokio::task::yield_now().await;
            assert_eq!(fixture.number("select count(*) from person_ledger where birth_date = '1990-01-01'", []).await, 0);
        }
        assert!(!editing.is_finished());
        transaction.rollback().await.unwrap();
        editing.await.unwrap().unwrap();
        assert_eq!(fixture.number("select count(*) from person_ledger where birth_date = '1990-01-01'", []).await, 1);
    }
}
