//! The one layer around every route: request id, limits on time and on requests in flight, panics, numbers, and
//! the writing of problems.
//!
//! One layer instead of one per concern, since five of them cost a quarter of what a handler can answer. It logs
//! nothing about a success. Invariant: what leaves here with a status of 400 or more is a problem document, unless
//! the handler wrote words of its own; and a problem of ours (5xx) is in the log exactly once, with its chain.

use super::problem::{self, Problem, Told};
use super::request_id::{self, RequestIds, X_REQUEST_ID};
use super::traffic::{METHOD_COUNT, RouteTraffic, Traffic, method_index};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use domain::language::Language;
use std::any::Any;
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tower::{Layer, Service};

#[cfg(test)]
mod tests;

/// The route of what matched no route.
const UNMATCHED: &str = "unmatched";
/// Paths that answer however busy the process is: whoever watches it must not take it for dead.
const NEVER_REFUSED: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// When to come back after there were too many at once.
const BUSY_RETRY_SECONDS: u32 = 1;

/// How much is let in.
#[derive(Debug, Clone, Copy)]
pub struct EdgeLimits {
    /// How long a request may take.
    pub time_max: Duration,
    /// Requests in flight at most.
    pub in_flight_max: usize,
}

/// What the layer needs; one per process.
#[derive(Debug)]
pub struct Edge {
    limits: EdgeLimits,
    ids: RequestIds,
    traffic: Arc<Traffic>,
    in_flight: Arc<AtomicUsize>,
}

impl Edge {
    /// The edge of one process.
    pub fn new(limits: EdgeLimits, ids: RequestIds, traffic: Arc<Traffic>) -> Self {
        Self { limits, ids, traffic, in_flight: Arc::default() }
    }
}

/// The layer.
#[derive(Debug, Clone)]
pub struct EdgeLayer(pub Arc<Edge>);

impl<S> Layer<S> for EdgeLayer {
    type Service = AtEdge<S>;

    fn layer(&self, inner: S) -> AtEdge<S> {
        AtEdge { inner, edge: Arc::clone(&self.0), route: Arc::default() }
    }
}

/// One route behind the layer.
#[derive(Debug, Clone)]
pub struct AtEdge<S> {
    inner: S,
    edge: Arc<Edge>,
    /// Found with the route's first request: each route is layered on its own.
    route: Arc<[OnceLock<Route>; METHOD_COUNT]>,
}

#[derive(Debug, Clone)]
struct Route {
    traffic: Arc<RouteTraffic>,
    name: Arc<str>,
    is_never_refused: bool,
}

impl<S> Service<Request> for AtEdge<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let started = Instant::now();
        let edge = Arc::clone(&self.edge);
        let asked = Asked {
            id: edge.ids.settle(request.headers_mut()),
            accept_language: request.headers().get(header::ACCEPT_LANGUAGE).cloned(),
            is_safe: matches!(*request.method(), Method::GET | Method::HEAD),
            method: request.method().clone(),
            route: self.route(&request),
        };
        let visit = Visit::enter(&edge);
        let refused = if visit.number > edge.limits.in_flight_max && !asked.route.is_never_refused {
            Some(Problem::Overloaded { retry_after_seconds: BUSY_RETRY_SECONDS })
        } else {
            nul(request.uri())
        };
        let answer = match refused {
            Some(problem) => Err(problem),
            None => Ok(self.inner.call(request)),
        };
        Box::pin(async move {
            let mut response = match answer {
                Ok(future) => bounded(future, edge.limits.time_max, asked.is_safe).await,
                Err(problem) => problem.into_response(),
            };
            if response.status().as_u16() >= 400 {
                response = asked.explain(response);
            }
            asked.route.traffic.count(response.status(), started.elapsed());
            response.headers_mut().insert(X_REQUEST_ID, asked.id);
            drop(visit);
            Ok(response)
        })
    }
}

impl<S> AtEdge<S> {
    fn route(&self, request: &Request) -> Route {
        let index = method_index(request.method());
        let found = || {
            let path = request.extensions().get::<MatchedPath>().map_or(UNMATCHED, MatchedPath::as_str);
            Route {
                traffic: self.edge.traffic.of(path, index),
                name: path.into(),
                is_never_refused: NEVER_REFUSED.contains(&path),
            }
        };
        self.route.get(index).map_or_else(found, |known| known.get_or_init(found).clone())
    }
}

/// What must be known of the request once it is answered.
struct Asked {
    id: HeaderValue,
    accept_language: Option<HeaderValue>,
    is_safe: bool,
    method: Method,
    route: Route,
}

impl Asked {
    /// The answer as a problem document, in the reader's language, and logged.
    fn explain(&self, mut response: Response) -> Response {
        let told = response.extensions_mut().remove::<Arc<Problem>>();
        if told.is_none() && has_own_words(&response) {
            return response;
        }
        let problem = told.unwrap_or_else(|| Arc::new(Problem::from_status(response.status())));
        self.log(&problem);
        let accepted = self.accept_language.as_ref().and_then(|header| header.to_str().ok());
        let language = accepted.map_or_else(Language::default, Language::accepted);
        let told = Told { language, request_id: request_id::text(&self.id) };
        problem::write(&problem, told, std::mem::take(response.headers_mut()))
    }

    /// The path is told as it was registered: what stands in its place may be a secret.
    fn log(&self, problem: &Problem) {
        let (status, code) = problem.status_and_code();
        let (request_id, method, route) = (request_id::text(&self.id), &self.method, &*self.route.name);
        match problem {
            Problem::Unavailable(error) => {
                let error = chain(error.as_ref());
                tracing::error!(request_id, %method, route, code, error, "could not answer");
            }
            Problem::OutcomeUnknown(error) => {
                tracing::error!(request_id, %method, route, code, error, "outcome unknown");
            }
            Problem::Overloaded { .. } => busy(route),
            _ => tracing::debug!(request_id, %method, route, code, %status, "refused"),
        }
    }
}

/// Being too busy is said once a second, not once a request: writing it would keep the process busy.
fn busy(route: &str) {
    static SECOND: AtomicI64 = AtomicI64::new(-1);
    static START: OnceLock<Instant> = OnceLock::new();
    let second = i64::try_from(START.get_or_init(Instant::now).elapsed().as_secs()).unwrap_or_default();
    if SECOND.swap(second, Ordering::Relaxed) != second {
        tracing::error!(route, code = "overloaded", "too busy; said at most once a second");
    }
}

/// An error and what caused it, outermost first.
fn chain(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.ends_with(&text) {
            said.push_str(": ");
            said.push_str(&text);
        }
        cause = error.source();
    }
    said
}

/// Whether a handler has written an answer of its own for a status of 400 or more; the framework's are plain text.
fn has_own_words(response: &Response) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|content_type| !content_type.as_bytes().starts_with(b"text/plain"))
}

/// `future` within its time; a panic is an answer too.
async fn bounded(
    future: impl Future<Output = Result<Response, Infallible>>,
    time_max: Duration,
    is_safe: bool,
) -> Response {
    let mut future = pin!(future);
    let caught = poll_fn(|cx| {
        catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx))).map_or_else(
            |panic| Poll::Ready(Err(Panicked(said(panic.as_ref())))),
            |polled| polled.map(|Ok(response)| Ok(response)),
        )
    });
    let problem = match tokio::time::timeout(time_max, caught).await {
        Ok(Ok(response)) => return response,
        Ok(Err(panicked)) => Problem::Unavailable(Arc::new(panicked)),
        Err(_) if is_safe => Problem::Overloaded { retry_after_seconds: BUSY_RETRY_SECONDS },
        // It may stand in a transaction that commits: only asking again finds out.
        Err(_) => Problem::OutcomeUnknown("the request took too long".into()),
    };
    problem.into_response()
}

#[derive(Debug, thiserror::Error)]
#[error("panicked: {0}")]
struct Panicked(String);

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "without a message".into())
}

/// U+0000 cannot be stored by PostgreSQL, so it is in nothing that exists and in nothing that is asked for.
fn nul(uri: &axum::http::Uri) -> Option<Problem> {
    let has_nul = |text: &str| text.contains('%') && text.contains("%00");
    if has_nul(uri.path()) {
        return Some(Problem::not_found());
    }
    if uri.query().is_some_and(has_nul) {
        return Some(Problem::invalid(
            "",
            "查询参数里不能有空字符（U+0000）",
            "U+0000 is not taken in a query",
        ));
    }
    None
}

/// One request in flight; leaves when dropped, also when the caller has hung up.
struct Visit {
    in_flight: Arc<AtomicUsize>,
    number: usize,
}

impl Visit {
    fn enter(edge: &Edge) -> Self {
        let number = edge.in_flight.fetch_add(1, Ordering::Relaxed) + 1;
        Self { in_flight: Arc::clone(&edge.in_flight), number }
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
