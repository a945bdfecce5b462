//! The first sign-in makes a person, and only one.

use super::fixture::{Fixture, refused};
use crate::on_both;
use domain::identity::profile::{Newcomer, Profile};
use domain::refusal::Refusal;
use infra::identity::person;
use infra::identity::sign_in::{Who, sign_in};
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::task::JoinSet;

on_both! {
    async fn many_first_sign_ins_at_once_make_one_person(fixture: Fixture) {
        let fixture = Arc::new(fixture);
        let mut asking = JoinSet::new();
        for _ in 0..16 {
            let fixture = Arc::clone(&fixture);
            asking.spawn(async move { fixture.sign_in("same").await.unwrap() });
        }
        let signed_in = asking.join_all().await;
        let people: BTreeSet<_> = signed_in.iter().map(|standing| standing.person).collect();
        let sessions: BTreeSet<_> = signed_in.iter().map(|standing| standing.session).collect();
        assert_eq!((people.len(), sessions.len()), (1, 16));
        for table in ["people", "person_ledger"] {
            assert_eq!(fixture.number(&format!("select count(*) from {table}"), []).await, 1, "{table}");
        }
        assert_eq!(fixture.number("select count(*) from consents", []).await, 4);
    }

    async fn a_stand_ins_newcomer_is_filled_in_and_a_real_one_is_empty(fixture: Fixture) {
        let reader = fixture.database().reader();
        let filled = person::read(reader, fixture.person("resident").await).await.unwrap();
        assert_eq!(filled.profile.birth_date, "2001-11-24".parse().ok());
        assert_eq!(filled.profile.nickname.as_deref(), Some("resident"));
        assert!(filled.consented && !filled.is_operator && filled.memberships.is_empty());
        let who = Who { openid: "oReal", unionid: Some("uReal") };
        let real = sign_in(fixture.database(), &fixture.random, who, Newcomer::Empty, fixture.now()).await.unwrap();
        let empty = person::read(reader, real.person).await.unwrap();
        assert_eq!((empty.profile, empty.consented), (Profile::default(), false));
        let ledger = "select count(*) from person_ledger where person_id = $1 and birth_date is null and not consented";
        assert_eq!(fixture.number(ledger, [real.person.0.into()]).await, 1);
    }

    async fn a_union_id_is_kept_when_it_becomes_known(fixture: Fixture) {
        let person = fixture.person("o1").await;
        let who = Who { openid: "o1", unionid: Some("u1") };
        let again = sign_in(fixture.database(), &fixture.random, who, Newcomer::FilledIn, fixture.now()).await.unwrap();
        assert_eq!(again.person, person);
        fixture.sign_in("o1").await.unwrap();
        assert_eq!(fixture.number("select count(*) from people where unionid = 'u1'", []).await, 1);
    }

    async fn a_blocked_account_gets_no_session(fixture: Fixture) {
        let person = fixture.person("bad").await;
        let now = fixture.now();
        fixture.execute("update people set blocked_at = $2 where id = $1", [person.0.into(), now.into()]).await;
        assert_eq!(refused(fixture.sign_in("bad").await), Refusal::AccountBlocked);
        assert_eq!(fixture.number("select count(*) from sessions", []).await, 1);
    }

    async fn the_sample_people_have_their_roles_and_are_made_once(fixture: Fixture) {
        use infra::identity::sample::{Employers, people};
        let owner = fixture.person("somebody").await;
        let school = fixture.organisation(owner).await;
        let mut first = None;
        for _ in 0..2 {
            let transaction = fixture.database().begin().await.unwrap();
            let employers = Employers { school: Some(school), ..Employers::default() };
            let made = people(&transaction, &fixture.random, employers, fixture.now()).await.unwrap();
            transaction.commit().await.unwrap();
            assert_eq!(*first.get_or_insert(made), made);
        }
        let made = first.unwrap();
        let reader = fixture.database().reader();
        assert_eq!(fixture.person("resident").await, made.resident);
        assert!(person::read(reader, made.operator).await.unwrap().is_operator);
        let staff = person::read(reader, made.school_staff).await.unwrap();
        assert!(!staff.is_operator && staff.memberships.len() == 1);
        assert_eq!(staff.memberships[0].organisation, school);
        assert_eq!(staff.memberships[0].membership.role, domain::identity::Role::Manager);
        assert!(person::read(reader, made.organiser).await.unwrap().memberships.is_empty());
    }
}
