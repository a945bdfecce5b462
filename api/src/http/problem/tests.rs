use super::*;
use axum::http::HeaderMap;
use domain::booking::eligibility::Missing;
use domain::booking::limit::{LimitHit, Per, Window};
use domain::booking::quota::Kind;
use domain::booking::slot::{Clash, Slot};
use domain::id::QuotaId;
use domain::language::Language;
use domain::time::Instant;
use serde_json::{Value, json};
use uuid::Uuid;

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn told(problem: &Problem, language: Language) -> Value {
    let told = Told { language, request_id: "r-1" };
    serde_json::to_value(Document::new(problem, told)).unwrap()
}

fn clash() -> Clash {
    let slot = Slot { starts_at: at("2027-03-20T10:30:00Z"), ends_at: at("2027-03-20T12:00:00Z") };
    Clash { quota: QuotaId(Uuid::nil()), kind: Kind::Class, subject: Uuid::nil(), slot }
}

/// One of each, with what must stand beside the six members that every problem has.
fn each() -> Vec<(Problem, u16, &'static str, Value)> {
    let opens_at = at("2027-02-20T02:00:00Z");
    let term = LimitHit { per: Per::Person, window: Window::Term, max: 2, until: None };
    let age = Missing::Age { min: Some(18), max: Some(45), is: 16 };
    let fix = "请在“我的资料”里填写出生日期";
    let unknown =
        json!([{"rule": "ageBetween", "text": Missing::BirthDate.text(Language::Chinese), "fix": fix}]);
    let young = json!([{"rule": "ageBetween", "text": "限 18–45 岁，您现在 16 岁", "fix": ""}]);
    let busy = Problem::Overloaded { retry_after_seconds: 2 };
    let overlap = json!({
        "kind": "class",
        "subject": "cls_00000000000000000000000000",
        "startsAt": "2027-03-20T18:30:00+08:00",
        "endsAt": "2027-03-20T20:00:00+08:00",
    });
    let refusals = vec![
        (Refusal::IdempotencyKeyReused, 422, "idempotency_key_reused", json!({})),
        (
            Refusal::ProfileIncomplete(vec![Missing::BirthDate]),
            422,
            "profile_incomplete",
            json!({"missing": unknown}),
        ),
        (Refusal::Unauthenticated, 401, "unauthenticated", json!({})),
        (Refusal::TokenExpired, 401, "token_expired", json!({})),
        (Refusal::CodeInvalid, 401, "code_invalid", json!({})),
        (Refusal::RefreshInvalid, 401, "refresh_invalid", json!({})),
        (Refusal::Forbidden, 403, "forbidden", json!({})),
        (Refusal::ConsentRequired, 403, "consent_required", json!({})),
        (Refusal::NotEligible(vec![age]), 403, "not_eligible", json!({"missing": young})),
        (Refusal::AccountBlocked, 403, "account_blocked", json!({})),
        (Refusal::NotFound, 404, "not_found", json!({})),
        (Refusal::SoldOut, 409, "sold_out", json!({})),
        (
            Refusal::NotOpenYet { opens_at },
            409,
            "not_open_yet",
            json!({"opensAt": "2027-02-20T10:00:00+08:00"}),
        ),
        (Refusal::Closed, 409, "closed", json!({})),
        (Refusal::Drawing { retry_after_seconds: 9 }, 409, "drawing", json!({"retryAfterSeconds": 9})),
        (
            Refusal::LimitReached(term),
            409,
            "limit_reached",
            json!({"limit": {"per": "person", "window": "term", "max": 2}}),
        ),
        (Refusal::ScheduleConflict(clash()), 409, "schedule_conflict", json!({"with": overlap})),
        (Refusal::OfferExpired, 409, "offer_expired", json!({})),
        (
            Refusal::DeadlinePassed { deadline: opens_at },
            409,
            "deadline_passed",
            json!({"deadline": "2027-02-20T10:00:00+08:00"}),
        ),
        (Refusal::WrongState, 409, "wrong_state", json!({})),
        (Refusal::TooSmall { minimum: 7 }, 409, "too_small", json!({"minimum": 7})),
        (Refusal::LastOwner, 409, "last_owner", json!({})),
        (Refusal::VersionConflict { version: 3 }, 412, "version_conflict", json!({"version": 3})),
        (Refusal::VersionRequired, 428, "version_required", json!({})),
        (
            Refusal::RateLimited { retry_after_seconds: 31 },
            429,
            "rate_limited",
            json!({"retryAfterSeconds": 31}),
        ),
    ];
    let mut each = vec![
        (Problem::Malformed("EOF".into()), 400, "malformed", json!({})),
        (Problem::TooLarge { bytes_max: Some(262_144) }, 413, "too_large", json!({})),
        (Problem::TooLarge { bytes_max: None }, 413, "too_large", json!({})),
        (Problem::UnsupportedMediaType, 415, "unsupported_media_type", json!({})),
        (
            Problem::invalid("/priceFen", "不能小于零", "must not be negative"),
            422,
            "invalid",
            json!({"errors": [{"pointer": "/priceFen", "detail": "不能小于零"}]}),
        ),
        (busy, 503, "overloaded", json!({"retryAfterSeconds": 2})),
        (Problem::from_status(StatusCode::BAD_GATEWAY), 503, "unavailable", json!({})),
        (Problem::OutcomeUnknown("lost".into()), 503, "outcome_unknown", json!({"retryAfterSeconds": 1})),
    ];
    each.extend(
        refusals.into_iter().map(|(refusal, status, code, more)| (refusal.into(), status, code, more)),
    );
    each
}

#[test]
fn every_problem_carries_what_a_client_needs() {
    for (problem, status, code, mut expected) in each() {
        let document = told(&problem, Language::Chinese);
        for member in ["title", "detail"] {
            expected[member] = document[member].clone();
        }
        expected["type"] = json!(format!("urn:changqing:problem:{code}"));
        expected["status"] = json!(status);
        expected["code"] = json!(code);
        expected["requestId"] = json!("r-1");
        assert_eq!(document, expected, "{problem:?}");
    }
}

#[test]
fn every_problem_is_told_in_both_languages() {
    let is_chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let mut titles = std::collections::BTreeMap::new();
    for (problem, _, code, _) in each() {
        let (chinese, english) = (told(&problem, Language::Chinese), told(&problem, Language::English));
        for member in ["title", "detail"] {
            let (chinese, english) = (chinese[member].as_str().unwrap(), english[member].as_str().unwrap());
            assert!(is_chinese(chinese), "{code}: {chinese}");
            assert!(!english.is_empty() && !is_chinese(english), "{code}: {english}");
        }
        let title = chinese["title"].as_str().unwrap().to_owned();
        assert_eq!(*titles.entry(title).or_insert(code), code, "two codes share a title");
    }
}

#[test]
fn details_say_what_and_when() {
    let limit =
        LimitHit { per: Per::School, window: Window::Week, max: 1, until: Some(at("2027-01-03T16:00:00Z")) };
    for (refusal, chinese, english) in [
        (
            Refusal::NotOpenYet { opens_at: at("2027-02-20T02:00:00Z") },
            "2027年2月20日 10:00 开放，请届时再来。",
            "It opens on 20 February 2027, 10:00. Please come back then.",
        ),
        (
            Refusal::LimitReached(limit),
            "每人在这所学校每周最多 1 个，您已经达到。2027年1月4日 00:00 起重新计算。",
            "One person may have 1 at this school a week, and you have. \
             It counts anew from 4 January 2027, 00:00.",
        ),
        (
            Refusal::ScheduleConflict(clash()),
            "您在 2027年3月20日 18:30–20:00 已有安排，时间重叠。",
            "You already have something on 20 March 2027, 18:30–20:00, at the same time.",
        ),
    ] {
        let problem = refusal.into();
        assert_eq!(told(&problem, Language::Chinese)["detail"], chinese);
        assert_eq!(told(&problem, Language::English)["detail"], english);
    }
}

#[test]
fn headers_repeat_the_body_for_whoever_reads_them() {
    let told = Told { language: Language::English, request_id: "r-1" };
    let response = write(&Problem::Overloaded { retry_after_seconds: 2 }, told, HeaderMap::new());
    assert_eq!(response.headers()["retry-after"], "2");
    let response = write(&Refusal::Unauthenticated.into(), told, HeaderMap::new());
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(!response.headers().contains_key("retry-after"));
}
