//! Faults on order: what the platform does on its bad days, for the tests of those who depend on it.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::answer::Errcode;
use super::{Platform, sign_in};

const FAULTS_MAX: usize = 100;
const TIMES_MAX: u32 = 1_000_000;
const LATENCY_MS_MAX: u64 = 60_000;
/// Longer than any answer here.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const PAGE: &str = "<html><body><h1>This page isn't working</h1></body></html>";

/// What happens to the next requests of a path.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    path: String,
    /// Refuse with it; the code sent stays good.
    errcode: Option<i64>,
    /// Answer a page under this status; the code sent stays good.
    status: Option<u16>,
    /// Wait before anything else.
    latency_ms: Option<u64>,
    /// Do what was asked, and answer the first half of what should be said.
    #[serde(default)]
    truncate: bool,
    /// How many requests it is for; after them the next fault of the path takes over.
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Says what is wrong with it.
    fn check(&self) -> Result<(), &'static str> {
        let does_something =
            self.errcode.is_some() || self.status.is_some() || self.latency_ms.is_some() || self.truncate;
        let rules = [
            (self.path == sign_in::PATH, "path: nothing answers there"),
            (does_something, "one of errcode, status, latencyMs, truncate is needed"),
            (self.errcode.is_none() || self.status.is_none(), "errcode and status exclude each other"),
            (self.errcode != Some(0), "errcode: 0 is no fault"),
            (self.status.is_none_or(|status| (400..=599).contains(&status)), "status: 400 to 599"),
            (self.latency_ms.is_none_or(|latency| latency <= LATENCY_MS_MAX), "latencyMs: at most 60000"),
            ((1..=TIMES_MAX).contains(&self.times), "times: 1 to 1000000"),
        ];
        rules.iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, rule)| Err(*rule))
    }
}

/// The faults that wait for a request.
#[derive(Debug, Default)]
pub struct Faults(VecDeque<Fault>);

impl Faults {
    fn add(&mut self, fault: Fault) -> Result<(), &'static str> {
        fault.check()?;
        if self.0.len() >= FAULTS_MAX {
            return Err("too many faults are waiting");
        }
        self.0.push_back(fault);
        Ok(())
    }

    /// The fault this request meets.
    fn take(&mut self, path: &str) -> Option<Fault> {
        let at = self.0.iter().position(|fault| fault.path == path)?;
        let fault = self.0.get_mut(at)?;
        fault.times -= 1;
        if fault.times == 0 { self.0.remove(at) } else { Some(fault.clone()) }
    }
}

/// `POST /__sandbox/fault`: 204, or 422 with what is wrong.
pub async fn inject(State(platform): State<Arc<Platform>>, Json(fault): Json<Fault>) -> Response {
    let added = platform.faults.lock().unwrap_or_else(PoisonError::into_inner).add(fault);
    match added {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(why) => (StatusCode::UNPROCESSABLE_ENTITY, why).into_response(),
    }
}

/// Stands before all of the platform's paths.
pub async fn apply(State(platform): State<Arc<Platform>>, request: Request, next: Next) -> Response {
    let fault = platform.faults.lock().unwrap_or_else(PoisonError::into_inner).take(request.uri().path());
    let Some(fault) = fault else { return next.run(request).await };
    if let Some(latency) = fault.latency_ms {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(latency)) => {}
            () = platform.stopping.cancelled() => {}
        }
    }
    let answer = if let Some(errcode) = fault.errcode {
        platform.refuse(Errcode(errcode))
    } else if let Some(status) = fault.status {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        (status, [(CONTENT_TYPE, "text/html")], PAGE).into_response()
    } else {
        next.run(request).await
    };
    if fault.truncate { first_half(answer).await } else { answer }
}

async fn first_half(answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let whole = to_bytes(body, ANSWER_BYTES_MAX).await.unwrap_or_default();
    Response::from_parts(head, Body::from(whole.slice(..whole.len() / 2)))
}
