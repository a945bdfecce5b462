//! How many requests each route answered, how, and how fast.
//!
//! A route's numbers are found once and then counted without a lock and without a label being written: text is made
//! only when `/metrics` is read.

use axum::http::{Method, StatusCode};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Upper bounds of the buckets: seconds for people, microseconds for the comparison.
const BUCKETS: [(f64, u64); 12] = [
    (0.001, 1_000),
    (0.002_5, 2_500),
    (0.005, 5_000),
    (0.01, 10_000),
    (0.025, 25_000),
    (0.05, 50_000),
    (0.1, 100_000),
    (0.25, 250_000),
    (0.5, 500_000),
    (1.0, 1_000_000),
    (2.5, 2_500_000),
    (10.0, 10_000_000),
];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The methods that are told apart.
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "DELETE", "other"];
/// How many methods are told apart.
pub const METHOD_COUNT: usize = METHODS.len();

/// Where `method` stands among those that are told apart; `HEAD` is answered by the handler of `GET`.
pub fn method_index(method: &Method) -> usize {
    match method.as_str() {
        "GET" | "HEAD" => 0,
        "POST" => 1,
        "PUT" => 2,
        "DELETE" => 3,
        _ => 4,
    }
}

/// The numbers of all routes.
#[derive(Debug, Default)]
pub struct Traffic(Mutex<BTreeMap<(String, usize), Arc<RouteTraffic>>>);

impl Traffic {
    /// The numbers of `route` (as it was registered, such as `/api/v1/classes/{id}`) under one method.
    pub fn of(&self, route: &str, method_index: usize) -> Arc<RouteTraffic> {
        let mut routes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry((route.to_owned(), method_index)).or_default())
    }
}

/// The numbers of one route and method.
#[derive(Debug, Default)]
pub struct RouteTraffic {
    classes: [AtomicU64; CLASSES.len()],
    /// One more than the bounds: what took longer than the last.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    micros: AtomicU64,
}

impl RouteTraffic {
    /// Counts one answer.
    pub fn count(&self, status: StatusCode, took: Duration) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1).min(CLASSES.len() - 1);
        if let Some(count) = self.classes.get(class) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|(_, bound)| micros <= *bound).unwrap_or(BUCKETS.len());
        if let Some(count) = self.buckets.get(bucket) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.micros.fetch_add(micros, Ordering::Relaxed);
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a sum of seconds may be off by a microsecond in 285 years"
    )]
    fn encode_seconds(&self, mut encoder: MetricEncoder<'_>) -> fmt::Result {
        let bounds = BUCKETS.iter().map(|(seconds, _)| *seconds).chain([f64::INFINITY]);
        let counts = self.buckets.iter().map(|count| count.load(Ordering::Relaxed));
        let buckets: Vec<(f64, u64)> = bounds.zip(counts).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        let seconds = self.micros.load(Ordering::Relaxed) as f64 / 1e6;
        encoder.encode_histogram::<[(&str, &str); 0]>(seconds, count, &buckets, None)
    }
}

impl Collector for Traffic {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let routes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let method_of = |index: usize| METHODS.get(index).copied().unwrap_or("other");
        let mut answers = encoder.encode_descriptor(
            "http_requests",
            "Requests answered, by route, method and class of status",
            None,
            MetricType::Counter,
        )?;
        for ((route, index), traffic) in &routes {
            for (class, count) in CLASSES.into_iter().zip(&traffic.classes) {
                let count = count.load(Ordering::Relaxed);
                if count > 0 {
                    let labels = [("route", route.as_str()), ("method", method_of(*index)), ("class", class)];
                    ConstCounter::new(count).encode(answers.encode_family(&labels)?)?;
                }
            }
        }
        let mut seconds = encoder.encode_descriptor(
            "http_request_seconds",
            "Time until the answer's head, by route and method",
            None,
            MetricType::Histogram,
        )?;
        for ((route, index), traffic) in &routes {
            let labels = [("route", route.as_str()), ("method", method_of(*index))];
            traffic.encode_seconds(seconds.encode_family(&labels)?)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    #[test]
    fn a_route_is_told_by_class_and_time() {
        let traffic = Arc::new(Traffic::default());
        let get = method_index(&Method::HEAD);
        let classes = traffic.of("/api/v1/classes/{id}", get);
        classes.count(StatusCode::OK, Duration::from_micros(900));
        classes.count(StatusCode::NOT_MODIFIED, Duration::from_millis(3));
        traffic.of("/api/v1/classes/{id}", get).count(StatusCode::CONFLICT, Duration::from_mins(1));
        let mut registry = Registry::default();
        registry.register_collector(Box::new(traffic));
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        for line in [
            r#"http_requests_total{route="/api/v1/classes/{id}",method="GET",class="2xx"} 1"#,
            r#"http_requests_total{route="/api/v1/classes/{id}",method="GET",class="3xx"} 1"#,
            r#"http_requests_total{route="/api/v1/classes/{id}",method="GET",class="4xx"} 1"#,
            r#"http_request_seconds_bucket{le="0.001",route="/api/v1/classes/{id}",method="GET"} 1"#,
            r#"http_request_seconds_bucket{le="10.0",route="/api/v1/classes/{id}",method="GET"} 2"#,
            r#"http_request_seconds_bucket{le="+Inf",route="/api/v1/classes/{id}",method="GET"} 3"#,
            r#"http_request_seconds_count{route="/api/v1/classes/{id}",method="GET"} 3"#,
            r#"http_request_seconds_sum{route="/api/v1/classes/{id}",method="GET"} 60.0039"#,
        ] {
            assert!(text.lines().any(|have| have == line), "{line}\nis not in\n{text}");
        }
        assert!(!text.contains("5xx"));
    }
}
