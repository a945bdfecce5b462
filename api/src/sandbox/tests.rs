//! The stand-in as the real client sees it, and as it looks on the wire.

mod codes;
mod faults;
mod running;
mod sign_in;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use domain::time::{Instant, ManualClock};
use http_body_util::BodyExt;
use infra::wechat::{SecretText, Settings, Timeouts, WeChat};
use tower::ServiceExt;

use super::{MiniApp, Platform, Sandbox, router};

const APPID: &str = "wxfeedfacecafebeef";
const SECRET: &str = "the-secret-of-the-stand-in";

fn app() -> MiniApp {
    MiniApp { appid: APPID.to_owned(), secret: SecretText::new(SECRET) }
}

fn noon() -> Instant {
    "2026-11-24T04:00:00Z".parse().expect("an instant")
}

fn clock_at_noon() -> Arc<ManualClock> {
    Arc::new(ManualClock::at(noon()))
}

async fn started() -> Sandbox {
    Sandbox::start(0, app(), clock_at_noon()).await.expect("a free port")
}

fn settings(sandbox: &Sandbox) -> Settings {
    Settings {
        base: sandbox.base_url(),
        appid: APPID.to_owned(),
        secret: SecretText::new(SECRET),
        timeouts: Timeouts { total: Duration::from_secs(30), ..Timeouts::default() },
    }
}

fn client(sandbox: &Sandbox) -> WeChat {
    WeChat::new(settings(sandbox)).expect("good settings")
}

/// A stand-in without a socket, to look at its answers.
fn unconnected() -> Router {
    router(Platform::new(app(), clock_at_noon()))
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    fn errcode(&self) -> i64 {
        self.json()["errcode"].as_i64().unwrap_or_else(|| panic!("no errcode: {}", self.body))
    }
}

async fn ask(router: &Router, method: &str, path: &str, body: &str) -> Answer {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let request = request.body(Body::from(body.to_owned())).expect("a request");
    let response = router.clone().oneshot(request).await.expect("a router does not fail");
    let (head, body) = response.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    let body = String::from_utf8(body.to_vec()).expect("text");
    Answer { status: head.status, headers: head.headers, body }
}

fn query(appid: &str, secret: &str, code: &str, grant_type: &str) -> String {
    format!("/sns/jscode2session?appid={appid}&secret={secret}&js_code={code}&grant_type={grant_type}")
}

fn sign_in_with(code: &str) -> String {
    query(APPID, SECRET, code, "authorization_code")
}
