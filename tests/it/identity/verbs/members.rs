//! Organisations, invitations, members, operators, and what the audit log says of them.

use super::fixture::{Fixture, acting, refused};
use crate::on_both;
use chrono::TimeDelta;
use domain::id::{ClassId, EventId, OrganisationId, PersonId};
use domain::identity::organisation::{Draft, Kind, State};
use domain::identity::{Action, Authority, Membership, Role, Thing};
use domain::refusal::Refusal;
use infra::audit::Acting;
use infra::error::Result;
use infra::idempotency::Key;
use infra::identity::invitation::{self, Invitation};
use infra::identity::{member, operator, organisation};
use std::sync::Arc;
use tokio::task::JoinSet;
use uuid::Uuid;

const OWNER: Membership = Membership { role: Role::Owner, scope: None };
const MANAGER: Membership = Membership { role: Role::Manager, scope: None };
const STAFF: Membership = Membership { role: Role::Staff, scope: None };

async fn invite(
    fixture: &Fixture,
    by: PersonId,
    organisation: OrganisationId,
    membership: Membership,
) -> Result<Invitation> {
    let wanted = (organisation, membership, fixture.now() + TimeDelta::days(1));
    invitation::create(fixture.database(), &fixture.random, wanted, (by, &acting(by)), None, fixture.now())
        .await
}

async fn accept(fixture: &Fixture, code: &str, person: PersonId) -> Result<Membership> {
    let (database, tokens) = (fixture.database(), &fixture.process.tokens);
    let by = (person, &acting(person));
    invitation::accept(database, tokens, &fixture.random, code, by, fixture.now())
        .await
        .map(|(_, membership)| membership)
}

async fn join(
    fixture: &Fixture,
    owner: PersonId,
    organisation: OrganisationId,
    person: PersonId,
    membership: Membership,
) {
    let invitation = invite(fixture, owner, organisation, membership).await.unwrap();
    accept(fixture, &invitation.code, person).await.unwrap();
}

async fn leave(fixture: &Fixture, organisation: OrganisationId, person: PersonId) -> Result<()> {
    let (database, tokens) = (fixture.database(), &fixture.process.tokens);
    member::remove(database, tokens, &fixture.random, (organisation, person), &acting(person), fixture.now())
        .await
}

async fn held(fixture: &Fixture, organisation: OrganisationId, person: PersonId) -> Vec<Membership> {
    let standing =
        member::standing(fixture.database().reader(), person, organisation).await.unwrap().unwrap();
    standing.memberships
}

async fn audited(fixture: &Fixture, action: &str) -> i64 {
    fixture.number("select count(*) from audit_entries where action = $1", [action.into()]).await
}

/// A class, as rows, of the school of `organisation`.
async fn class_of(fixture: &Fixture, organisation: OrganisationId) -> ClassId {
    let now = fixture.now();
    let id = || fixture.random.uuid(now);
    let (school, term, quota, class) = (id(), id(), id(), id());
    let at = || sea_orm::Value::from(now);
    fixture.execute("insert into schools (id, organisation_id, name, datum, created_at, updated_at) values ($1, $2, 'S', 'gcj02', $3, $3)",
        [school.into(), organisation.0.into(), at()]).await;
    fixture.execute("insert into terms (id, name, starts_on, ends_on, created_at, updated_at) values ($1, 'T', '2027-03-01', '2027-06-30', $2, $2)",
        [term.into(), at()]).await;
    fixture.execute("insert into quotas (id, kind, subject_id, status, admission, opens_at, closes_at, waitlist, promote_until, cancel_until) \
        values ($1, 'class', $2, 'open', 'first_come', $3, $3, 'off', $3, $3)", [quota.into(), class.into(), at()]).await;
    fixture.execute("insert into classes (id, school_id, term_id, quota_id, title, title_en, category, weekday, start_time, end_time, \
        first_lesson_on, last_lesson_on, price_fen, created_at, updated_at) values ($1, $2, $3, $4, '剪纸', 'Paper cutting', 'craft', 1, \
        '18:30', '20:00', '2027-03-01', '2027-06-28', 0, $5, $5)", [class.into(), school.into(), term.into(), quota.into(), at()]).await;
    ClassId(class)
}

on_both! {
    async fn a_residents_organisation_waits_and_an_operators_does_not(fixture: Fixture) {
        let resident = fixture.person("resident").await;
        let asked = fixture.organisation(resident).await;
        let reader = fixture.database().reader();
        assert_eq!(organisation::read(reader, asked).await.unwrap().unwrap().state, State::Pending);
        assert_eq!(held(&fixture, asked, resident).await, [OWNER]);
        assert_eq!(audited(&fixture, "organisation.create").await, 0);
        let city = Draft::check(Kind::City, "常州市", None).unwrap();
        let by = acting(resident);
        let (database, tokens, random) = (fixture.database(), &fixture.process.tokens, &fixture.random);
        let refusal = organisation::create(database, tokens, random, city.clone(), (resident, &by), None, fixture.now()).await;
        assert_eq!(refused(refusal), Refusal::Forbidden);
        fixture.grant_operator("resident").await;
        let made = organisation::create(database, tokens, random, city, (resident, &by), None, fixture.now()).await.unwrap();
        assert_eq!(made.state, State::Active);
        assert!(held(&fixture, made.id, resident).await.is_empty());
        assert_eq!(audited(&fixture, "organisation.create").await, 1);
        assert_eq!(member::standing(reader, resident, OrganisationId(Uuid::nil())).await.unwrap(), None);
    }

    async fn the_same_key_makes_one_organisation(fixture: Fixture) {
        let person = fixture.person("resident").await;
        let fixture = Arc::new(fixture);
        let key = Key { person, key: "k1".into(), digest: "d1".into() };
        let mut asking = JoinSet::new();
        for _ in 0..8 {
            let (fixture, key) = (Arc::clone(&fixture), key.clone());
            asking.spawn(async move { create_with(&fixture, &key).await.unwrap().id });
        }
        let mut ids = asking.join_all().await;
        ids.dedup();
        assert_eq!(ids.len(), 1);
        let other = Key { digest: "d2".into(), ..key.clone() };
        assert_eq!(refused(create_with(&fixture, &other).await), Refusal::IdempotencyKeyReused);
        assert_eq!(fixture.number("select count(*) from organisations", []).await, 1);
        // The key is the person's own, and is forgotten after two days.
        let somebody = fixture.person("somebody").await;
        create_with(&fixture, &Key { person: somebody, ..other.clone() }).await.unwrap();
        fixture.clock.advance(TimeDelta::days(2) + TimeDelta::seconds(1));
        assert_eq!(infra::identity::housekeeping::tidy(fixture.database(), fixture.now()).await.unwrap(), 2);
        create_with(&fixture, &other).await.unwrap();
        assert_eq!(fixture.number("select count(*) from organisations", []).await, 3);
    }

    async fn a_refused_creation_leaves_its_key_unused(fixture: Fixture) {
        let person = fixture.person("resident").await;
        let key = Key { person, key: "k".into(), digest: "d".into() };
        let (database, tokens, random, by) = (fixture.database(), &fixture.process.tokens, &fixture.random, acting(person));
        let city = Draft::check(Kind::City, "常州市", None).unwrap();
        for _ in 0..2 {
            let again = organisation::create(database, tokens, random, city.clone(), (person, &by), Some(&key), fixture.now()).await;
            assert_eq!(refused(again), Refusal::Forbidden);
        }
        assert_eq!(fixture.number("select count(*) from idempotency_keys", []).await, 0);
    }

    async fn an_invitation_is_taken_up_once_in_time_and_by_one(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        let invitation = invite(&fixture, owner, organisation, MANAGER).await.unwrap();
        assert_eq!(invitation.code.len(), 32);
        let person = fixture.person("friend").await;
        assert_eq!(refused(accept(&fixture, "nonsense", person).await), Refusal::NotFound);
        for _ in 0..2 {
            assert_eq!(accept(&fixture, &invitation.code, person).await.unwrap(), MANAGER);
        }
        assert_eq!(held(&fixture, organisation, person).await, [MANAGER]);
        let other = fixture.person("other").await;
        assert_eq!(refused(accept(&fixture, &invitation.code, other).await), Refusal::WrongState);
        let late = invite(&fixture, owner, organisation, STAFF).await.unwrap();
        fixture.clock.advance(TimeDelta::days(1));
        assert_eq!(refused(accept(&fixture, &late.code, other).await), Refusal::DeadlinePassed { deadline: late.expires_at });
        assert!(held(&fixture, organisation, other).await.is_empty());
        assert_eq!((audited(&fixture, "invitation.create").await, audited(&fixture, "invitation.accept").await), (2, 1));
    }

    async fn of_many_who_take_up_one_invitation_one_gets_in(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        let invitation = invite(&fixture, owner, organisation, STAFF).await.unwrap();
        let fixture = Arc::new(fixture);
        let mut asking = JoinSet::new();
        for n in 0..8 {
            let person = fixture.person(&format!("friend{n}")).await;
            let (fixture, code) = (Arc::clone(&fixture), invitation.code.clone());
            asking.spawn(async move { accept(&fixture, &code, person).await.is_ok() });
        }
        assert_eq!(asking.join_all().await.into_iter().filter(|accepted| *accepted).count(), 1);
        assert_eq!(member::list(fixture.database().reader(), organisation, None, 100).await.unwrap().len(), 2);
    }

    async fn an_invitation_never_lowers_a_role_and_scopes_add_up(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        join(&fixture, owner, organisation, owner, STAFF).await;
        assert_eq!(held(&fixture, organisation, owner).await, [OWNER]);
        let teacher = fixture.person("teacher").await;
        let first = Thing::Class(class_of(&fixture, organisation).await);
        let second = Thing::Class(class_of(&fixture, organisation).await);
        for (role, scope) in [(Role::Staff, first), (Role::Staff, second), (Role::Manager, first), (Role::Staff, first)] {
            join(&fixture, owner, organisation, teacher, Membership { role, scope: Some(scope) }).await;
        }
        let mut roles = held(&fixture, organisation, teacher).await;
        roles.sort_by_key(|membership| membership.role);
        assert_eq!(roles, [
            Membership { role: Role::Staff, scope: Some(second) },
            Membership { role: Role::Manager, scope: Some(first) },
        ]);
        let standing = member::standing(fixture.database().reader(), teacher, organisation).await.unwrap().unwrap();
        assert_eq!(standing.authority(Action::Edit, Some(first)), Some(Authority::Member(Role::Manager)));
        assert_eq!(standing.authority(Action::Edit, Some(second)), None);
    }

    async fn a_scope_is_a_thing_of_the_organisation(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        let elsewhere = fixture.organisation(owner).await;
        let foreign = Thing::Class(class_of(&fixture, elsewhere).await);
        let event = Thing::Event(EventId(fixture.random.uuid(fixture.now())));
        for scope in [foreign, event] {
            let refusal = refused(invite(&fixture, owner, organisation, Membership { role: Role::Staff, scope: Some(scope) }).await);
            let Refusal::Invalid(errors) = refusal else { panic!("{refusal:?}") };
            assert_eq!(errors[0].pointer, "/scope");
        }
        assert_eq!(fixture.number("select count(*) from invitations", []).await, 0);
    }

    async fn an_invitation_with_a_key_is_made_once(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        let key = Key { person: owner, key: "k".into(), digest: "d".into() };
        let wanted = (organisation, STAFF, fixture.now() + TimeDelta::days(1));
        let mut codes = Vec::new();
        for _ in 0..2 {
            let made = invitation::create(fixture.database(), &fixture.random, wanted, (owner, &acting(owner)), Some(&key), fixture.now()).await;
            codes.push(made.unwrap());
        }
        assert_eq!(codes[0], codes[1]);
    }

    async fn the_last_owner_stays_also_when_all_leave_at_once(fixture: Fixture) {
        let owners = [fixture.person("o1").await, fixture.person("o2").await, fixture.person("o3").await];
        let organisation = fixture.organisation(owners[0]).await;
        assert_eq!(refused(leave(&fixture, organisation, owners[0]).await), Refusal::LastOwner);
        for owner in &owners[1..] {
            join(&fixture, owners[0], organisation, *owner, OWNER).await;
        }
        let fixture = Arc::new(fixture);
        let mut leaving = JoinSet::new();
        for owner in owners {
            let fixture = Arc::clone(&fixture);
            leaving.spawn(async move { leave(&fixture, organisation, owner).await.is_ok() });
        }
        assert_eq!(leaving.join_all().await.into_iter().filter(|left| *left).count(), 2);
        let text = "select count(*) from memberships where organisation_id = $1 and role = 'owner'";
        assert_eq!(fixture.number(text, [organisation.0.into()]).await, 1);
        assert_eq!(audited(&fixture, "member.remove").await, 2);
    }

    async fn leaving_ends_every_role_at_once_and_twice_is_no_fault(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        let friend = fixture.person("friend").await;
        let class = Some(Thing::Class(class_of(&fixture, organisation).await));
        join(&fixture, owner, organisation, friend, MANAGER).await;
        join(&fixture, owner, organisation, friend, Membership { role: Role::Staff, scope: class }).await;
        assert_eq!(held(&fixture, organisation, friend).await.len(), 2);
        for _ in 0..2 {
            leave(&fixture, organisation, friend).await.unwrap();
            assert!(held(&fixture, organisation, friend).await.is_empty());
        }
        assert_eq!(audited(&fixture, "member.remove").await, 1);
    }

    async fn members_are_listed_page_by_page(fixture: Fixture) {
        let owner = fixture.person("owner").await;
        let organisation = fixture.organisation(owner).await;
        for n in 0..4 {
            fixture.clock.advance(TimeDelta::seconds(1));
            let friend = fixture.person(&format!("friend{n}")).await;
            join(&fixture, owner, organisation, friend, STAFF).await;
        }
        let reader = fixture.database().reader();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = member::list(reader, organisation, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.into_iter().map(|member| member.nickname.unwrap()));
        }
        assert_eq!(seen, ["owner", "friend0", "friend1", "friend2", "friend3"]);
    }

    async fn operators_are_granted_by_id_or_openid_and_revoked(fixture: Fixture) {
        let person = fixture.person("clerk").await;
        let (database, tokens, random) = (fixture.database(), &fixture.process.tokens, &fixture.random);
        let acting = Acting::at_the_machine();
        for who in ["clerk".to_owned(), person.to_string()] {
            fixture.grant_operator(&who).await;
            assert!(operator::is_operator(database.reader(), person).await.unwrap());
        }
        for _ in 0..2 {
            operator::revoke(database, tokens, random, "clerk", &acting, fixture.now()).await.unwrap();
            assert!(!operator::is_operator(database.reader(), person).await.unwrap());
        }
        let nobody = operator::grant(database, tokens, random, "nobody", &acting, fixture.now()).await;
        assert_eq!(refused(nobody), Refusal::NotFound);
        assert_eq!((audited(&fixture, "operator.grant").await, audited(&fixture, "operator.revoke").await), (1, 1));
    }
}

async fn create_with(fixture: &Fixture, key: &Key) -> Result<organisation::Organisation> {
    let draft = Draft::check(Kind::Shop, "青果巷咖啡", Some("Qingguo Lane Coffee")).unwrap();
    let (database, tokens) = (fixture.database(), &fixture.process.tokens);
    let by = acting(key.person);
    organisation::create(
        database,
        tokens,
        &fixture.random,
        draft,
        (key.person, &by),
        Some(key),
        fixture.now(),
    )
    .await
}
