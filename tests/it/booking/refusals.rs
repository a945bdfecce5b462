//! What is refused, each with its code, and nothing done.

use super::fixture::{Class, Draft};
use chrono::TimeDelta;
use serde_json::json;
use tests::both;

both! {
    async fn the_window_is_kept_to_the_instant(city: City) {
        let class = Class::make(&city, Draft { opens_in: TimeDelta::minutes(30), ..Draft::default() }).await;
        let resident = city.sign_in("lin").await;
        let early = resident.put(&class.path("/enrolment"), &json!({})).await;
        early.problem(409, "not_open_yet");
        assert_eq!(early.text("/opensAt"), domain::time::rfc3339(city.now() + TimeDelta::minutes(30)));
        city.clock.advance(TimeDelta::minutes(30));
        resident.put(&class.path("/enrolment"), &json!({})).await.expect(201);
        city.clock.advance(TimeDelta::days(8));
        city.sign_in("late").await.put(&class.path("/enrolment"), &json!({})).await.problem(409, "closed");
    }

    async fn full_is_full_and_a_holder_is_never_told_so(city: City) {
        let class = Class::open(&city, Draft { capacity: 1, waitlist: "off", ..Draft::default() }).await;
        let holder = city.sign_in("holder").await;
        holder.put(&class.path("/enrolment"), &json!({})).await.expect(201);
        for n in 0..20 {
            let other = city.sign_in(&format!("other-{n}")).await;
            other.put(&class.path("/enrolment"), &json!({})).await.problem(409, "sold_out");
            holder.put(&class.path("/enrolment"), &json!({})).await.expect(200);
        }
    }

    async fn hours_limits_and_ages_are_kept(city: City) {
        let first = Class::open(&city, Draft::default()).await;
        let same_hour = Class::open(&city, Draft::default()).await;
        let second = Class::open(&city, Draft { weekday_offset: 1, ..Draft::default() }).await;
        let third = Class::open(&city, Draft { weekday_offset: 2, ..Draft::default() }).await;
        let old = Class::open(&city, Draft { age_min: Some(60), weekday_offset: 3, ..Draft::default() }).await;
        let resident = city.sign_in("lin").await;
        resident.put(&first.path("/enrolment"), &json!({})).await.expect(201);
        resident.put(&same_hour.path("/enrolment"), &json!({})).await.problem(409, "schedule_conflict");
        resident.put(&second.path("/enrolment"), &json!({})).await.expect(201);
        resident.put(&third.path("/enrolment"), &json!({})).await.problem(409, "limit_reached");
        let young = resident.put(&old.path("/enrolment"), &json!({})).await;
        young.problem(403, "not_eligible");
        assert_eq!(young.body["missing"][0]["rule"], "ageBetween");
        let eligible = resident.get(&format!("/api/v1/me/eligibility?subject={},{}", old.id, third.id)).await;
        assert_eq!(eligible.expect(200).body["items"][0]["eligible"], false);
        assert_eq!(eligible.body["items"][1]["eligible"], true);
        let me = resident.get("/api/v1/me").await;
        let empty = json!({ "nickname": "林", "version": me.body["version"] });
        resident.put("/api/v1/me", &empty).await.expect(200);
        resident.put(&old.path("/enrolment"), &json!({})).await.problem(422, "profile_incomplete");
        resident.put("/api/v1/me/consents", &json!({ "items": [] })).await.expect(200);
        resident.put(&third.path("/enrolment"), &json!({})).await.problem(403, "consent_required");
    }

    async fn bad_input_changes_nothing(city: City) {
        let class = Class::open(&city, Draft::default()).await;
        let resident = city.sign_in("lin").await;
        let path = class.path("/enrolment");
        city.stranger().put(&path, &json!({})).await.problem(401, "unauthenticated");
        resident.put("/api/v1/classes/cls_nothing/enrolment", &json!({})).await.problem(404, "not_found");
        let unknown = resident.put(&path, &json!({ "wait": true })).await;
        unknown.problem(422, "invalid");
        resident.put(&path, &json!({ "waitlist": "yes" })).await.problem(422, "invalid");
        resident.send(reqwest::Method::PUT, &path, Some(b"{".to_vec())).await.problem(400, "malformed");
        resident.send(reqwest::Method::PUT, &path, Some(vec![b' '; 300_000])).await.problem(413, "too_large");
        let plain = resident.with_header("content-type", "text/plain");
        plain.send(reqwest::Method::PUT, &path, Some(b"{}".to_vec())).await.problem(415, "unsupported_media_type");
        let foreign = city.sign_in("other").await;
        let theirs = foreign.put(&path, &json!({})).await.expect(201).text("/id");
        resident.get(&format!("/api/v1/me/bookings/{theirs}")).await.problem(404, "not_found");
        resident.post(&format!("/api/v1/me/bookings/{theirs}/accept"), &json!({})).await.problem(404, "not_found");
        resident.delete(&format!("/api/v1/me/bookings/{theirs}")).await.expect(204);
        let still = foreign.get(&format!("/api/v1/me/bookings/{theirs}")).await;
        assert_eq!(still.text("/state"), "confirmed");
        let none = resident.get("/api/v1/me/bookings").await;
        assert_eq!(none.expect(200).body["items"], json!([]));
    }

    async fn a_draw_takes_entries_and_then_nobody(city: City) {
        let class = Class::open(&city, Draft { admission: "lottery", ..Draft::default() }).await;
        let entry = city.sign_in("a").await.put(&class.path("/enrolment"), &json!({})).await;
        assert_eq!(entry.expect(201).text("/state"), "entered");
        city.clock.advance(TimeDelta::days(7));
        city.settle().await;
        city.sign_in("b").await.put(&class.path("/enrolment"), &json!({})).await.problem(409, "closed");
        let fair = Class::open(&city, Draft { admission: "fair_open", waitlist: "off", ..Draft::default() }).await;
        let entry = city.sign_in("c").await.put(&fair.path("/enrolment"), &json!({})).await;
        assert_eq!(entry.expect(201).text("/state"), "entered");
        city.clock.advance(TimeDelta::minutes(11));
        let late = city.sign_in("d").await.put(&fair.path("/enrolment"), &json!({})).await;
        late.problem(409, "drawing");
        assert!(late.body["retryAfterSeconds"].is_u64());
    }
}
