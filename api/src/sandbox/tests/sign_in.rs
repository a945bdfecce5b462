//! The real client signs in against the real server.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use infra::wechat::{SecretText, Settings, SignInError, WeChat};

use super::{app, client, clock_at_noon, settings, started};
use crate::sandbox::{SIGN_INS_PER_MINUTE_MAX, Sandbox};

#[tokio::test]
async fn a_code_signs_in_as_the_person_it_names() {
    let sandbox = started().await;
    let client = client(&sandbox);
    let first = client.sign_in("sandbox:resident:one").await.expect("an identity");
    let again = client.sign_in("sandbox:resident:two").await.expect("an identity");
    let other = client.sign_in("sandbox:shop-owner:one").await.expect("an identity");
    assert_eq!((first.openid.as_str(), other.openid.as_str()), ("resident", "shop-owner"));
    assert_eq!(first.unionid, None);
    let key = first.session_key.expose();
    assert_eq!(STANDARD.decode(key).expect("base64").len(), 16);
    assert_eq!(key, again.session_key.expose());
    assert_ne!(key, other.session_key.expose());
    // What needs escaping in a query arrives as it was.
    client.sign_in("sandbox:a_B-9:任何 新的 &=%+#?:").await.expect("an identity");
    sandbox.stop().await;
}

#[tokio::test]
async fn a_code_is_good_once() {
    let sandbox = started().await;
    let client = client(&sandbox);
    client.sign_in("sandbox:resident:one").await.expect("an identity");
    for _ in 0..2 {
        let outcome = client.sign_in("sandbox:resident:one").await;
        assert_eq!(outcome.expect_err("it is spent"), SignInError::CodeInvalid);
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn of_many_at_once_one_gets_in() {
    let sandbox = started().await;
    let client = std::sync::Arc::new(client(&sandbox));
    let mut attempts = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        attempts.spawn(async move { client.sign_in("sandbox:resident:one").await.map(|_| ()) });
    }
    let outcomes = attempts.join_all().await;
    let refused = outcomes.iter().filter(|outcome| **outcome == Err(SignInError::CodeInvalid)).count();
    let signed_in = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!((signed_in, refused), (1, 19));
    sandbox.stop().await;
}

#[tokio::test]
async fn no_code_of_ours_is_refused() {
    let sandbox = started().await;
    let client = client(&sandbox);
    for code in ["a", "0a1B2c", "sandbox:", "sandbox::new", "sandbox:a b:new", "sandbox:用户:new"] {
        let outcome = client.sign_in(code).await;
        assert_eq!(outcome.expect_err("no code"), SignInError::CodeInvalid, "{code}");
    }
    sandbox.stop().await;
}

#[tokio::test]
async fn a_foreign_app_is_misconfigured_and_spends_no_code() {
    let sandbox = started().await;
    let code = "sandbox:resident:one";
    let foreign = Settings { appid: "wx0000000000000000".to_owned(), ..settings(&sandbox) };
    let outcome = WeChat::new(foreign).expect("good settings").sign_in(code).await;
    assert_eq!(outcome.expect_err("another app"), SignInError::Misconfigured { errcode: 40013 });
    let forged = Settings { secret: SecretText::new("guessed"), ..settings(&sandbox) };
    let outcome = WeChat::new(forged).expect("good settings").sign_in(code).await;
    assert_eq!(outcome.expect_err("another secret"), SignInError::Misconfigured { errcode: 40125 });
    client(&sandbox).sign_in(code).await.expect("an identity");
    sandbox.stop().await;
}

#[tokio::test]
async fn one_person_too_often_waits_for_the_next_minute() {
    let clock = clock_at_noon();
    let sandbox = Sandbox::start(0, app(), clock.clone()).await.expect("a free port");
    let client = client(&sandbox);
    for nonce in 0..SIGN_INS_PER_MINUTE_MAX {
        client.sign_in(&format!("sandbox:resident:{nonce}")).await.expect("an identity");
    }
    let outcome = client.sign_in("sandbox:resident:more").await;
    assert_eq!(outcome.expect_err("too often"), SignInError::RateLimited);
    client.sign_in("sandbox:neighbour:one").await.expect("others are not concerned");
    clock.advance(TimeDelta::seconds(60));
    client.sign_in("sandbox:resident:more").await.expect("the refused code is still good");
    sandbox.stop().await;
}
