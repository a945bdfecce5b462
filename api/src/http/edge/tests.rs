use super::*;
use crate::http::traffic::Traffic;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use domain::refusal::Refusal;
use http_body_util::BodyExt;
use infra::random::Random;
use serde_json::{Value, json};
use tower::ServiceExt;

/// A router with a route for each way a handler can end.
fn behind(limits: EdgeLimits, traffic: &Arc<Traffic>) -> Router {
    let edge = Edge::new(limits, RequestIds::new(&Random::seeded(1)), Arc::clone(traffic));
    Router::new()
        .route("/fine", get(|| async { "ok" }).post(|| async { "ok" }))
        .route("/healthz", get(|| async { "ok" }))
        .route("/full", get(|| async { Problem::from(Refusal::SoldOut) }))
        .route("/panics", get(|| async { panic_now() }))
        .route("/stays", get(std::future::pending::<()>).post(std::future::pending::<()>))
        .route("/bare/{status}", get(bare))
        .route("/own", get(|| async { (StatusCode::BAD_GATEWAY, axum::Json(json!({"own": true}))) }))
        .route("/json", post(|_: axum::Json<Value>| async { "ok" }))
        .layer(EdgeLayer(Arc::new(edge)))
}

fn panic_now() -> &'static str {
    panic!("out of paper")
}

async fn bare(axum::extract::Path(status): axum::extract::Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap()
}

fn limits() -> EdgeLimits {
    EdgeLimits { time_max: Duration::from_secs(10), in_flight_max: 8 }
}

fn router() -> Router {
    behind(limits(), &Arc::default())
}

async fn send(router: Router, request: axum::http::request::Builder) -> (StatusCode, HeaderMap, Value) {
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    (parts.status, parts.headers, body)
}

async fn answered(uri: &str) -> (StatusCode, HeaderMap, Value) {
    send(router(), Request::get(uri)).await
}

#[tokio::test]
async fn a_success_passes_unchanged_but_for_its_id() {
    let (status, headers, body) = answered("/fine").await;
    assert_eq!((status, body), (StatusCode::OK, json!("ok")));
    assert_eq!(headers[X_REQUEST_ID].to_str().unwrap().len(), 18);
    let (_, headers, _) = send(router(), Request::get("/fine").header(X_REQUEST_ID, "mine")).await;
    assert_eq!(headers[X_REQUEST_ID], "mine");
}

#[tokio::test]
async fn a_refusal_is_told_in_the_readers_language() {
    let (status, headers, body) = send(router(), Request::get("/full").header(X_REQUEST_ID, "r-1")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(headers[header::CONTENT_LANGUAGE], "zh-CN");
    assert_eq!(headers[header::VARY], "accept-language");
    let expected = json!({
        "type": "urn:changqing:problem:sold_out",
        "title": "名额已满",
        "status": 409,
        "detail": "名额和候补都满了；有人退出会再放出来，欢迎稍后再看。",
        "code": "sold_out",
        "requestId": "r-1",
    });
    assert_eq!(body, expected);
    let (_, headers, body) = send(router(), Request::get("/full").header("accept-language", "en-GB")).await;
    assert_eq!(headers[header::CONTENT_LANGUAGE], "en");
    assert_eq!(body["title"], "Full");
}

#[tokio::test]
async fn what_the_framework_answers_is_a_problem_too() {
    for (uri, status, code) in [
        ("/nowhere", 404, "not_found"),
        ("/bare/400", 400, "malformed"),
        ("/bare/404", 404, "not_found"),
        ("/bare/405", 405, "not_found"),
        ("/bare/413", 413, "too_large"),
        ("/bare/415", 415, "unsupported_media_type"),
        ("/bare/500", 503, "unavailable"),
    ] {
        let (answered, headers, body) = answered(uri).await;
        assert_eq!((answered.as_u16(), body["code"].as_str()), (status, Some(code)), "{uri}");
        assert_eq!(body["status"], status, "{uri}");
        assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json", "{uri}");
    }
    let (status, _, body) = send(router(), Request::post("/json")).await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (415, Some("unsupported_media_type")));
}

#[tokio::test]
async fn a_wrong_method_says_which_are_right() {
    let (status, headers, body) = send(router(), Request::delete("/fine")).await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (405, Some("not_found")));
    assert_eq!(headers[header::ALLOW], "GET,HEAD,POST");
}

#[tokio::test]
async fn words_of_a_handlers_own_stay() {
    let (status, _, body) = answered("/own").await;
    assert_eq!((status, body), (StatusCode::BAD_GATEWAY, json!({"own": true})));
}

#[tokio::test]
async fn a_panic_is_answered() {
    let (status, _, body) = answered("/panics").await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (503, Some("unavailable")));
    assert!(!body.to_string().contains("paper"), "the reason is for the log: {body}");
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_given_up() {
    let (status, headers, body) = answered("/stays").await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (503, Some("overloaded")));
    assert_eq!(
        (&headers[header::RETRY_AFTER], &body["retryAfterSeconds"]),
        (&HeaderValue::from(1), &json!(1))
    );
    // A write may have been carried out.
    let (status, _, body) = send(router(), Request::post("/stays")).await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (503, Some("outcome_unknown")));
}

#[tokio::test(start_paused = true)]
async fn only_so_many_are_in_flight_and_leave_again() {
    let router = behind(EdgeLimits { in_flight_max: 1, ..limits() }, &Arc::default());
    let staying = tokio::spawn(send(router.clone(), Request::get("/stays")));
    tokio::task::yield_now().await;
    let (status, _, body) = send(router.clone(), Request::get("/fine")).await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (503, Some("overloaded")));
    assert_eq!(body["retryAfterSeconds"], 1);
    assert_eq!(send(router.clone(), Request::get("/healthz")).await.0, StatusCode::OK);
    staying.abort();
    let _ = staying.await;
    assert_eq!(send(router, Request::get("/fine")).await.0, StatusCode::OK);
}

#[tokio::test]
async fn nul_is_refused_before_a_handler_sees_it() {
    let (status, _, body) = answered("/fi%00ne").await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (404, Some("not_found")));
    let (status, _, body) = answered("/fine?q=a%00b").await;
    assert_eq!((status.as_u16(), body["code"].as_str()), (422, Some("invalid")));
    assert_eq!(answered("/fine?q=100%25").await.0, StatusCode::OK);
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body() {
    let (status, headers, body) = send(router(), Request::head("/fine")).await;
    assert_eq!((status, body), (StatusCode::OK, json!("")));
    assert_eq!(headers[header::CONTENT_LENGTH], "2");
    let (status, headers, body) = send(router(), Request::head("/full")).await;
    assert_eq!((status, body), (StatusCode::CONFLICT, json!("")));
    assert_eq!(headers[header::CONTENT_TYPE], "application/problem+json");
}

#[tokio::test]
async fn every_answer_is_counted_under_its_route() {
    use prometheus_client::collector::Collector;
    let traffic = Arc::new(Traffic::default());
    let router = behind(limits(), &traffic);
    for uri in ["/fine", "/fine", "/full", "/bare/404", "/bare/500", "/nowhere", "/elsewhere"] {
        send(router.clone(), Request::get(uri)).await;
    }
    send(router.clone(), Request::post("/fine")).await;
    let mut registry = prometheus_client::registry::Registry::default();
    registry.register_collector(Box::new(Arc::clone(&traffic)) as Box<dyn Collector>);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    let counts: Vec<&str> = text.lines().filter(|line| line.starts_with("http_requests_total")).collect();
    assert_eq!(
        counts,
        [
            r#"http_requests_total{route="/bare/{status}",method="GET",class="4xx"} 1"#,
            r#"http_requests_total{route="/bare/{status}",method="GET",class="5xx"} 1"#,
            r#"http_requests_total{route="/fine",method="GET",class="2xx"} 2"#,
            r#"http_requests_total{route="/fine",method="POST",class="2xx"} 1"#,
            r#"http_requests_total{route="/full",method="GET",class="4xx"} 1"#,
            r#"http_requests_total{route="unmatched",method="GET",class="4xx"} 2"#,
        ]
    );
}
