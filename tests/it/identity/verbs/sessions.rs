//! Access and refresh tokens: how long they work, and what ends them.

use super::fixture::{Fixture, refused};
use crate::on_both;
use chrono::TimeDelta;
use domain::refusal::Refusal;
use infra::bus::Event;
use infra::identity::housekeeping::tidy;
use infra::identity::{Session, Tokens};
use infra::secrets::Secret;
use std::sync::Arc;
use tokio::task::JoinSet;

fn forged(token: &str) -> String {
    let mut bytes = token.as_bytes().to_vec();
    let place = bytes.len() - 10;
    bytes[place] = if bytes[place] == b'x' { b'y' } else { b'x' };
    String::from_utf8(bytes).unwrap()
}

on_both! {
    async fn an_access_token_works_for_an_hour_of_the_citys_clock(fixture: Fixture) {
        let (session, granted) = fixture.signed_in("resident").await;
        assert_eq!(granted.expires_in, 3600);
        assert_eq!(fixture.verify(&granted.access_token).await.unwrap(), session);
        fixture.clock.advance(TimeDelta::seconds(3599));
        assert_eq!(fixture.verify(&granted.access_token).await.unwrap(), session);
        fixture.clock.advance(TimeDelta::seconds(1));
        assert_eq!(refused(fixture.verify(&granted.access_token).await), Refusal::TokenExpired);
        // Also where nothing is remembered of it.
        assert_eq!(refused(fixture.verify_at(&fixture.another().await, &granted.access_token).await), Refusal::TokenExpired);
        fixture.clock.advance(TimeDelta::seconds(-2));
        assert_eq!(fixture.verify(&granted.access_token).await.unwrap(), session);
    }

    async fn what_we_did_not_sign_is_nobody(fixture: Fixture) {
        let (_, granted) = fixture.signed_in("resident").await;
        let foreign = Tokens::start(&Secret::from([8; 32]), infra::bus::Bus::default());
        let standing = fixture.sign_in("resident").await.unwrap();
        let theirs = foreign.grant(&standing, fixture.now()).unwrap();
        // {"alg":"none"}, and the refresh token where the access token belongs.
        let claims = granted.access_token.split('.').nth(1).unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
        for token in [&forged(&granted.access_token), &theirs.access_token, &unsigned, &granted.refresh_token, "", "..", &"a".repeat(5000)] {
            assert_eq!(refused(fixture.verify(token).await), Refusal::Unauthenticated, "{token}");
        }
        for token in [&forged(&granted.refresh_token), &theirs.refresh_token, &granted.access_token, ""] {
            assert_eq!(refused(fixture.refresh(token).await), Refusal::RefreshInvalid, "{token}");
        }
        assert!(fixture.refresh(&granted.refresh_token).await.is_ok());
    }

    async fn logging_out_ends_it_here_at_once_and_there_when_it_is_heard(fixture: Fixture) {
        let (session, granted) = fixture.signed_in("resident").await;
        let (_, other) = fixture.signed_in("resident").await;
        let there = fixture.another().await;
        let mut heard = fixture.process.bus.subscribe();
        for token in [&granted.access_token, &other.access_token] {
            fixture.verify(token).await.unwrap();
            fixture.verify_at(&there, token).await.unwrap();
        }
        fixture.end(session.session).await;
        assert_eq!(refused(fixture.verify(&granted.access_token).await), Refusal::Unauthenticated);
        assert_eq!(refused(fixture.refresh(&granted.refresh_token).await), Refusal::RefreshInvalid);
        // Nothing was heard there yet: memory answers.
        assert!(fixture.verify_at(&there, &granted.access_token).await.is_ok());
        assert_eq!(heard.next().await, Some(Event::SessionEnded(session.session)));
        there.tokens.session_ended(session.session);
        assert_eq!(refused(fixture.verify_at(&there, &granted.access_token).await), Refusal::Unauthenticated);
        // The other sign-in of the same person goes on, and ending twice is no fault.
        fixture.end(session.session).await;
        assert!(fixture.verify(&other.access_token).await.is_ok());
    }

    async fn what_the_bus_says_is_heard(fixture: Fixture) {
        let (session, granted) = fixture.signed_in("resident").await;
        let there = fixture.another().await;
        fixture.verify_at(&there, &granted.access_token).await.unwrap();
        fixture.end(session.session).await;
        there.bus.publish(Event::SessionEnded(session.session));
        let heard = async {
            while fixture.verify_at(&there, &granted.access_token).await.is_ok() {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(1), heard).await.expect("heard within a second");
    }

    async fn without_the_bus_it_ends_within_a_minute(fixture: Fixture) {
        let (session, granted) = fixture.signed_in("resident").await;
        let there = fixture.another().await;
        fixture.verify_at(&there, &granted.access_token).await.unwrap();
        fixture.end(session.session).await;
        fixture.clock.advance(TimeDelta::seconds(60));
        assert_eq!(refused(fixture.verify_at(&there, &granted.access_token).await), Refusal::Unauthenticated);
        // A clock that is set back makes memory no fresher.
        let (session, granted) = fixture.signed_in("resident").await;
        fixture.verify_at(&there, &granted.access_token).await.unwrap();
        fixture.end(session.session).await;
        fixture.clock.advance(TimeDelta::seconds(-1));
        assert_eq!(refused(fixture.verify_at(&there, &granted.access_token).await), Refusal::Unauthenticated);
    }

    async fn a_blocked_account_is_shut_out_and_let_in_again(fixture: Fixture) {
        let (session, granted) = fixture.signed_in("resident").await;
        fixture.verify(&granted.access_token).await.unwrap();
        let (person, now) = (session.person, fixture.now());
        fixture.execute("update people set blocked_at = $2 where id = $1", [person.0.into(), now.into()]).await;
        fixture.process.tokens.person_changed(person);
        assert_eq!(refused(fixture.verify(&granted.access_token).await), Refusal::AccountBlocked);
        assert_eq!(refused(fixture.refresh(&granted.refresh_token).await), Refusal::AccountBlocked);
        fixture.execute("update people set blocked_at = null where id = $1", [person.0.into()]).await;
        fixture.process.tokens.person_changed(person);
        assert!(fixture.verify(&granted.access_token).await.is_ok());
        assert!(fixture.refresh(&granted.refresh_token).await.is_ok());
    }

    async fn the_last_refresh_can_be_repeated_until_its_successor_is_used(fixture: Fixture) {
        let (session, first) = fixture.signed_in("resident").await;
        let second = fixture.refresh(&first.refresh_token).await.unwrap();
        let again = fixture.refresh(&first.refresh_token).await.unwrap();
        assert_eq!(again.refresh_token, second.refresh_token);
        let third = fixture.refresh(&again.refresh_token).await.unwrap();
        fixture.verify(&third.access_token).await.unwrap();
        // Now it is older than the last: somebody else holds tokens of this session. All of them end.
        assert_eq!(refused(fixture.refresh(&first.refresh_token).await), Refusal::RefreshInvalid);
        for token in [&first, &second, &third] {
            assert_eq!(refused(fixture.refresh(&token.refresh_token).await), Refusal::RefreshInvalid);
            assert_eq!(refused(fixture.verify(&token.access_token).await), Refusal::Unauthenticated);
        }
        let ended = "select count(*) from sessions where id = $1 and ended_because = 'refresh_reused'";
        assert_eq!(fixture.number(ended, [session.session.0.into()]).await, 1);
    }

    async fn refreshes_at_once_never_end_a_session(fixture: Fixture) {
        let (_, granted) = fixture.signed_in("resident").await;
        let fixture = Arc::new(fixture);
        let mut token = granted.refresh_token;
        for _ in 0..5 {
            let mut asking = JoinSet::new();
            for _ in 0..8 {
                let (fixture, token) = (Arc::clone(&fixture), token.clone());
                asking.spawn(async move { fixture.refresh(&token).await.unwrap().refresh_token });
            }
            let mut given = asking.join_all().await;
            given.dedup();
            assert_eq!(given.len(), 1);
            token = given.remove(0);
        }
    }

    async fn a_session_ends_by_itself_and_is_forgotten_a_week_later(fixture: Fixture) {
        let (_, granted) = fixture.signed_in("resident").await;
        fixture.clock.advance(TimeDelta::days(90) - TimeDelta::seconds(10));
        let last = fixture.refresh(&granted.refresh_token).await.unwrap();
        assert_eq!(last.expires_in, 10);
        fixture.clock.advance(TimeDelta::seconds(10));
        assert_eq!(refused(fixture.refresh(&last.refresh_token).await), Refusal::RefreshInvalid);
        assert_eq!(refused(fixture.verify(&last.access_token).await), Refusal::TokenExpired);
        let (ended, _) = fixture.signed_in("resident").await;
        fixture.end(ended.session).await;
        let (_, stands) = fixture.signed_in("resident").await;
        fixture.clock.advance(TimeDelta::days(7));
        assert_eq!(tidy(fixture.database(), fixture.now()).await.unwrap(), 0);
        fixture.clock.advance(TimeDelta::seconds(1));
        assert_eq!(tidy(fixture.database(), fixture.now()).await.unwrap(), 2);
        assert!(fixture.refresh(&stands.refresh_token).await.is_ok());
    }

    async fn a_token_is_of_its_own_session_only(fixture: Fixture) {
        // A session that the database does not know, such as one from before a restored backup.
        let standing = fixture.sign_in("resident").await.unwrap();
        let granted = fixture.process.tokens.grant(&standing, fixture.now()).unwrap();
        fixture.execute("delete from sessions where id = $1", [standing.session.0.into()]).await;
        assert_eq!(refused(fixture.verify(&granted.access_token).await), Refusal::Unauthenticated);
        assert_eq!(refused(fixture.refresh(&granted.refresh_token).await), Refusal::RefreshInvalid);
        let of = fixture.process.tokens.read_access(&granted.access_token, fixture.now()).unwrap();
        assert_eq!(of, Session { person: standing.person, session: standing.session });
    }
}
