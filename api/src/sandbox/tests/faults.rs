//! Faults on order: each reaches the real client as the error it stands for.

use std::time::Duration;

use axum::Router;
use infra::wechat::{Settings, SignInError, Timeouts, Unavailable, WeChat};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{APPID, SECRET, app, ask, clock_at_noon, sign_in_with, unconnected};
use crate::sandbox::{Platform, router};

const PATH: &str = "/sns/jscode2session";

async fn order(router: &Router, fault: &Value) {
    let answer = ask(router, "POST", "/__sandbox/fault", &fault.to_string()).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
}

/// A stand-in that can be asked in process, behind a socket for the client. It ends with the test's runtime.
async fn served() -> (Router, String) {
    let router = router(Platform::new(app(), clock_at_noon()));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    tokio::spawn(axum::serve(listener, router.clone()).into_future());
    (router, base)
}

fn client(base: String, total: Duration) -> WeChat {
    let secret = infra::wechat::SecretText::new(SECRET);
    let timeouts = Timeouts { total, ..Timeouts::default() };
    WeChat::new(Settings { base, appid: APPID.to_owned(), secret, timeouts }).expect("good settings")
}

#[tokio::test]
async fn each_fault_reaches_the_client() {
    let (router, base) = served().await;
    let client = client(base, Duration::from_secs(30));
    let misconfigured = |errcode| SignInError::Misconfigured { errcode };
    let mut cases = vec![
        (json!({ "errcode": 40029 }), SignInError::CodeInvalid),
        (json!({ "errcode": 40163 }), SignInError::CodeInvalid),
        (json!({ "errcode": 40226 }), SignInError::Blocked),
        (json!({ "errcode": 45011 }), SignInError::RateLimited),
        (json!({ "errcode": -1 }), Unavailable::Errcode(-1).into()),
        (json!({ "status": 500 }), Unavailable::Status(500).into()),
        (json!({ "status": 502 }), Unavailable::Status(502).into()),
        (json!({ "errcode": 40226, "truncate": true }), Unavailable::Garbled.into()),
        (json!({ "errcode": 40029, "latencyMs": 1 }), SignInError::CodeInvalid),
    ];
    for errcode in [40002, 40013, 40125, 40164, 41002, 41004, 41008, 43001, 43002] {
        cases.push((json!({ "errcode": errcode }), misconfigured(errcode)));
    }
    for (mut fault, expected) in cases {
        fault["path"] = PATH.into();
        order(&router, &fault).await;
        let outcome = client.sign_in("sandbox:resident:one").await;
        assert_eq!(outcome.expect_err("a fault was ordered"), expected, "{fault}");
    }
    client.sign_in("sandbox:resident:one").await.expect("no fault has spent the code");
    // Half an answer is different: the platform has done its work.
    order(&router, &json!({ "path": PATH, "truncate": true })).await;
    let outcome = client.sign_in("sandbox:resident:two").await;
    assert_eq!(outcome.expect_err("half an answer"), Unavailable::Garbled.into());
    let outcome = client.sign_in("sandbox:resident:two").await;
    assert_eq!(outcome.expect_err("it is spent"), SignInError::CodeInvalid);
}

#[tokio::test]
async fn a_slow_platform_is_not_waited_for() {
    let (router, base) = served().await;
    order(&router, &json!({ "path": PATH, "latencyMs": 60_000 })).await;
    let client = client(base, Duration::from_millis(300));
    let outcome = client.sign_in("sandbox:resident:one").await;
    assert_eq!(outcome.expect_err("it is slow"), Unavailable::TimedOut.into());
}

#[tokio::test]
async fn a_stop_cuts_the_waiting_short() {
    let platform = Platform::new(app(), clock_at_noon());
    let router = router(platform.clone());
    order(&router, &json!({ "path": PATH, "latencyMs": 60_000 })).await;
    platform.stopping.cancel();
    assert_eq!(ask(&router, "GET", &sign_in_with("sandbox:a:1"), "").await.json()["openid"], "a");
}

#[tokio::test]
async fn faults_come_in_order_and_as_often_as_ordered() {
    let router = unconnected();
    order(&router, &json!({ "path": PATH, "errcode": 45011, "times": 2 })).await;
    order(&router, &json!({ "path": PATH, "status": 503 })).await;
    for _ in 0..2 {
        assert_eq!(ask(&router, "GET", &sign_in_with("sandbox:a:1"), "").await.errcode(), 45011);
    }
    assert_eq!(ask(&router, "GET", &sign_in_with("sandbox:a:1"), "").await.status, 503);
    assert_eq!(ask(&router, "GET", &sign_in_with("sandbox:a:1"), "").await.json()["openid"], "a");
}

#[tokio::test]
async fn an_order_that_makes_no_sense_is_refused() {
    let router = unconnected();
    for fault in [
        json!({ "path": PATH }),
        json!({ "errcode": 40029 }),
        json!({ "path": "/cgi-bin/token", "errcode": 40029 }),
        json!({ "path": PATH, "errcode": 0 }),
        json!({ "path": PATH, "errcode": 40029, "status": 502 }),
        json!({ "path": PATH, "status": 200 }),
        json!({ "path": PATH, "status": 600 }),
        json!({ "path": PATH, "latencyMs": 60_001 }),
        json!({ "path": PATH, "errcode": 40029, "times": 0 }),
        json!({ "path": PATH, "errcode": 40029, "delay": 5 }),
    ] {
        let answer = ask(&router, "POST", "/__sandbox/fault", &fault.to_string()).await;
        assert_eq!(answer.status, 422, "{fault}");
    }
    for body in ["", "{"] {
        assert_eq!(ask(&router, "POST", "/__sandbox/fault", body).await.status, 400, "{body}");
    }
    let huge = format!(r#"{{"path":"{}"}}"#, "x".repeat(8 * 1024));
    assert_eq!(ask(&router, "POST", "/__sandbox/fault", &huge).await.status, 413);
    assert_eq!(ask(&router, "GET", "/__sandbox/fault", "").await.status, 405);
    assert_eq!(ask(&router, "GET", &sign_in_with("sandbox:a:1"), "").await.json()["openid"], "a");
}

#[tokio::test]
async fn orders_do_not_pile_up() {
    let router = unconnected();
    let fault = json!({ "path": PATH, "errcode": 45011 }).to_string();
    for _ in 0..100 {
        assert_eq!(ask(&router, "POST", "/__sandbox/fault", &fault).await.status, 204);
    }
    assert_eq!(ask(&router, "POST", "/__sandbox/fault", &fault).await.status, 422);
}
