//! A class from its draft to its end.

use super::{Office, edit, enrol, stands};
use chrono::TimeDelta;
use domain::time::rfc3339;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tests::both;

/// How soon every process shows what was published.
const SEEN_WITHIN: Duration = Duration::from_secs(1);

both! {
    async fn a_draft_is_for_its_editors_until_it_is_published(city: City) {
        let office = Office::open(&city).await;
        let other = city.another().await;
        let class = office.draft(&city, &json!({})).await;
        let readers = [city.stranger(), city.stranger().at(&other.url)];
        for reader in &readers {
            reader.get(&class).await.problem(404, "not_found");
        }
        assert_eq!(office.staff.get(&format!("{class}/edit")).await.expect(200).text("/state"), "draft");
        let first = office.staff.post(&format!("{class}/publish"), &json!({})).await;
        let published = Instant::now();
        assert_eq!(first.expect(200).text("/state"), "open");
        for reader in &readers {
            loop {
                let asked = published.elapsed();
                let answer = reader.get(&class).await;
                if answer.status == 200 {
                    assert_eq!(answer.text("/title"), "深夜读书会");
                    break;
                }
                answer.problem(404, "not_found");
                assert!(asked < SEEN_WITHIN, "asked {asked:?} after it was published");
            }
        }
        let again = office.staff.post(&format!("{class}/publish"), &json!({})).await;
        assert_eq!(again.expect(200).body, first.body, "once more changes nothing");
        other.end().await;
    }

    async fn every_wrong_field_is_pointed_at(city: City) {
        let office = Office::open(&city).await;
        let none = "01h455vb4pex5vsknk084sn02q";
        for (changes, pointers) in [
            (json!({ "title": "" }), vec!["/title"]),
            (json!({ "title": "长".repeat(81), "priceFen": -1 }), vec!["/title", "/priceFen"]),
            (json!({ "school": "x", "term": "y" }), vec!["/school", "/term"]),
            (json!({ "school": format!("sch_{none}") }), vec!["/school"]),
            (json!({ "term": format!("trm_{none}") }), vec!["/term"]),
            (json!({ "category": "sports", "admission": "luck", "waitlist": "long" }), vec!["/category", "/admission", "/waitlist"]),
            (json!({ "startTime": "25:00", "firstLessonOn": "2027-02-30" }), vec!["/firstLessonOn", "/startTime"]),
            (json!({ "skipDates": ["soon"] }), vec!["/skipDates/0"]),
            (json!({ "weekday": 8 }), vec!["/weekday"]),
            (json!({ "capacity": 0 }), vec!["/capacity"]),
            (json!({ "closesAt": rfc3339(city.now()) }), vec!["/closesAt"]),
            (json!({ "admission": "lottery" }), vec!["/drawAt"]),
            (json!({ "ageMin": 45, "ageMax": 18 }), vec!["/ageMax"]),
            (json!({ "cover": "http://example.com/a.png" }), vec!["/cover"]),
        ] {
            let answer = office.staff.post("/api/v1/classes", &office.form(&city, &changes)).await;
            let errors = answer.problem(422, "invalid").body["errors"].as_array().unwrap().clone();
            let mut found: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
            found.sort_unstable();
            let mut pointers = pointers;
            pointers.sort_unstable();
            assert_eq!(found, pointers, "{changes}");
        }
        let unknown = office.form(&city, &json!({ "colour": "red" }));
        office.staff.post("/api/v1/classes", &unknown).await.expect(422);
        let own = office.staff.get(&format!("/api/v1/organisations/{}/classes?state=draft", office.organisation)).await;
        assert_eq!(own.expect(200).body["items"], json!([]), "nothing was made");
    }

    async fn what_was_read_can_be_sent_back(city: City) {
        let office = Office::open(&city).await;
        for admission in [
            json!({}),
            json!({ "capacity": null, "description": "一行\n又一行", "ageMin": 18, "ageMax": 45, "waitlist": "off" }),
            json!({ "admission": "fair_open", "fairMinutes": 10, "waitlist": "offer", "offerMinutes": 30 }),
            json!({ "admission": "lottery", "drawAt": rfc3339(city.now() + TimeDelta::days(8)) }),
        ] {
            let class = office.published(&city, &admission).await;
            let before = office.staff.get(&format!("{class}/edit")).await;
            assert_eq!(before.expect(200).headers["cache-control"], "no-store");
            let same = office.staff.put(&class, &before.body).await;
            assert_eq!(same.expect(200).body, before.body, "nothing changed, the version neither");
            let after = edit(&office.staff, &class, &json!({ "title": "新名字" })).await;
            let mut expected = before.body.clone();
            expected["title"] = "新名字".into();
            expected["version"] = (before.body["version"].as_i64().unwrap() + 1).into();
            assert_eq!(after.expect(200).body, expected);
            assert_eq!(city.stranger().get(&class).await.expect(200).text("/title"), "新名字");
        }
    }

    async fn an_edit_says_which_version_it_was_made_on(city: City) {
        let office = Office::open(&city).await;
        let class = office.published(&city, &json!({})).await;
        let mut form = office.staff.get(&format!("{class}/edit")).await.expect(200).body.clone();
        let version = form["version"].as_i64().unwrap();
        form.as_object_mut().unwrap().remove("version");
        form["room"] = "301".into();
        office.staff.put(&class, &form).await.problem(428, "version_required");
        let tagged = office.staff.with_header("if-match", &format!("\"{version}\""));
        assert_eq!(tagged.put(&class, &form).await.expect(200).body["version"], version + 1);
        form["room"] = "302".into();
        let stale = tagged.put(&class, &form).await;
        assert_eq!(stale.problem(412, "version_conflict").body["version"], version + 1);
        assert_eq!(office.staff.get(&format!("{class}/edit")).await.text("/room"), "301");
        let resident = city.sign_in("resident").await;
        enrol(&resident, &class).await.expect(201);
        let now = office.staff.get(&format!("{class}/edit")).await;
        assert_eq!(now.body["version"], version + 1, "a booking is no edit");
    }

    async fn seats_that_are_given_out_stay(city: City) {
        let office = Office::open(&city).await;
        let class = office.published(&city, &json!({})).await;
        let mut bookings = Vec::new();
        for who in ["a", "b", "c"] {
            let resident = city.sign_in(who).await;
            bookings.push((enrol(&resident, &class).await.expect(201).text("/id"), resident));
        }
        let refused = edit(&office.staff, &class, &json!({ "capacity": 1, "title": "别的" })).await;
        assert_eq!(refused.problem(409, "too_small").body["minimum"], 2);
        assert_eq!(city.stranger().get(&class).await.text("/title"), "深夜读书会");
        assert_eq!(stands(&bookings[2].1, &bookings[2].0).await, "waitlisted");
        edit(&office.staff, &class, &json!({ "capacity": 3 })).await.expect(200);
        city.settle().await;
        assert_eq!(stands(&bookings[2].1, &bookings[2].0).await, "confirmed");
        edit(&office.staff, &class, &json!({ "admission": "fair_open", "fairMinutes": 5 })).await.problem(409, "wrong_state");
        let school = office.schools[1]["id"].clone();
        let moved = edit(&office.staff, &class, &json!({ "school": school })).await;
        assert_eq!(moved.problem(422, "invalid").text("/errors/0/pointer"), "/school");
    }

    async fn calling_off_frees_and_tells_everybody(city: City) {
        let office = Office::open(&city).await;
        let class = office.published(&city, &json!({})).await;
        let mut residents = Vec::new();
        for who in ["a", "b", "c"] {
            let resident = city.sign_in(who).await;
            residents.push((enrol(&resident, &class).await.expect(201).text("/id"), resident));
        }
        let long = json!({ "reason": "长".repeat(201) });
        office.staff.post(&format!("{class}/cancel"), &long).await.problem(422, "invalid");
        let cancel = json!({ "reason": "老师生病" });
        let first = office.staff.post(&format!("{class}/cancel"), &cancel).await;
        assert_eq!(first.expect(200).text("/state"), "cancelled");
        enrol(&city.sign_in("d").await, &class).await.problem(409, "closed");
        city.settle().await;
        for (booking, resident) in &residents {
            assert!(!["confirmed", "waitlisted"].contains(&stands(resident, booking).await.as_str()));
            let notices = resident.get("/api/v1/me/notices").await;
            let items = notices.expect(200).body["items"].as_array().unwrap().clone();
            let told: Vec<&Value> = items.iter().filter(|item| item["kind"] == "subject_cancelled").collect();
            assert_eq!(told.len(), 1, "{items:?}");
            assert!(told[0]["text"].as_str().unwrap().contains("深夜读书会"), "{items:?}");
        }
        let again = office.staff.post(&format!("{class}/cancel"), &cancel).await;
        assert_eq!(again.expect(200).body, first.body, "once more changes nothing");
        office.staff.post(&format!("{class}/publish"), &json!({})).await.problem(409, "wrong_state");
        edit(&office.staff, &class, &json!({ "title": "别的" })).await.problem(409, "wrong_state");
    }

    async fn a_request_sent_twice_makes_one_class(city: City) {
        let office = Office::open(&city).await;
        let keyed = office.staff.with_header("idempotency-key", "only-once");
        let form = office.form(&city, &json!({}));
        let (one, two) = tokio::join!(keyed.post("/api/v1/classes", &form), keyed.post("/api/v1/classes", &form));
        assert_eq!(one.expect(201).body, two.expect(201).body);
        assert_eq!(keyed.post("/api/v1/classes", &form).await.expect(201).body, one.body);
        let other = office.form(&city, &json!({ "title": "别的" }));
        keyed.post("/api/v1/classes", &other).await.problem(422, "idempotency_key_reused");
        let drafts = format!("/api/v1/organisations/{}/classes?state=draft", office.organisation);
        let own = office.staff.get(&drafts).await.expect(200).body["items"].as_array().unwrap().clone();
        assert_eq!(own.len(), 1);
        assert_eq!((&own[0]["id"], &own[0]["state"]), (&one.body["id"], &json!("draft")));
    }
}
