//! Who may edit, publish and read a roster.

use super::{Office, change};
use chrono::TimeDelta;
use domain::time::rfc3339;
use serde_json::json;
use tests::both;

both! {
    async fn only_managers_and_operators_edit(city: City) {
        let office = Office::open(&city).await;
        let (draft, open) = (office.draft(&city, &json!({})).await, office.published(&city, &json!({})).await);
        let (resident, operator) = (city.sign_in("resident").await, city.sign_in("operator").await);
        let form = office.staff.get(&format!("{open}/edit")).await.expect(200).body.clone();
        for (class, status, code) in [(&draft, 404, "not_found"), (&open, 403, "forbidden")] {
            for (who, status, code) in [(&city.stranger(), 401, "unauthenticated"), (&resident, status, code)] {
                who.get(&format!("{class}/edit")).await.problem(status, code);
                who.put(class, &form).await.problem(status, code);
                who.post(&format!("{class}/publish"), &json!({})).await.problem(status, code);
                who.post(&format!("{class}/cancel"), &json!({})).await.problem(status, code);
                for roster in ["roster", "roster.csv", "roster.xlsx"] {
                    who.get(&format!("{class}/{roster}")).await.problem(status, code);
                }
            }
            for who in [&office.staff, &operator] {
                who.get(&format!("{class}/edit")).await.expect(200);
                who.get(&format!("{class}/roster")).await.expect(200);
            }
        }
        resident.post("/api/v1/classes", &office.form(&city, &json!({}))).await.problem(403, "forbidden");
        let elsewhere = office.form(&city, &json!({ "school": office.schools[1]["id"] }));
        office.staff.post("/api/v1/classes", &elsewhere).await.problem(403, "forbidden");
        let theirs = operator.post("/api/v1/classes", &elsewhere).await.expect(201).text("/id");
        office.staff.get(&format!("/api/v1/classes/{theirs}/edit")).await.problem(404, "not_found");
        operator.post(&format!("{draft}/publish"), &json!({})).await.expect(200);
        let classes = format!("/api/v1/organisations/{}/classes", office.organisation);
        resident.get(&classes).await.problem(404, "not_found");
    }

    async fn staff_of_one_class_see_only_that(city: City) {
        let office = Office::open(&city).await;
        let (own, other) = (office.published(&city, &json!({})).await, office.published(&city, &json!({})).await);
        let operator = city.sign_in("operator").await;
        let scope = own.rsplit('/').next().unwrap();
        let invitation = json!({ "role": "staff", "scope": scope, "expiresAt": rfc3339(city.now() + TimeDelta::days(1)) });
        let invitations = format!("/api/v1/organisations/{}/invitations", office.organisation);
        let code = operator.post(&invitations, &invitation).await.expect(201).text("/code");
        let teacher = city.sign_in("teacher").await;
        teacher.post(&format!("/api/v1/invitations/{code}/accept"), &json!({})).await.expect(200);
        teacher.get(&format!("{own}/roster")).await.expect(200);
        teacher.get(&format!("{own}/roster.csv")).await.expect(200);
        teacher.get(&format!("{other}/roster")).await.problem(403, "forbidden");
        teacher.get(&format!("{own}/edit")).await.problem(403, "forbidden");
        teacher.post(&format!("{own}/cancel"), &json!({})).await.problem(403, "forbidden");
        let listed = teacher.get(&format!("/api/v1/organisations/{}/classes", office.organisation)).await;
        let items = listed.expect(200).body["items"].as_array().unwrap().clone();
        assert_eq!(items.iter().map(|item| item["id"].as_str().unwrap()).collect::<Vec<_>>(), [scope]);
        assert!(office.staff.get(&format!("/api/v1/organisations/{}/classes?limit=100", office.organisation))
            .await.body["items"].as_array().unwrap().len() > 2);
    }

    async fn schools_and_terms_are_the_operators(city: City) {
        let office = Office::open(&city).await;
        let term = json!({ "name": "2027秋季", "startsOn": "2027-09-01", "endsOn": "2027-12-31" });
        let school = json!({ "organisation": office.organisation, "name": "新分校", "lat": 31.78, "lng": 119.96, "maxClassesPerPerson": 1 });
        let paths = ("/api/v1/terms", "/api/v1/schools");
        office.staff.post(paths.0, &term).await.problem(403, "forbidden");
        office.staff.post(paths.1, &school).await.problem(403, "forbidden");
        let operator = city.sign_in("operator").await;
        for (path, form, wrong, pointer) in [
            (paths.0, term, json!({ "endsOn": "2027-08-31" }), "/endsOn"),
            (paths.1, school, json!({ "organisation": "org_01h455vb4pex5vsknk084sn02q" }), "/organisation"),
        ] {
            let mut bad = form.clone();
            change(&mut bad, &wrong);
            assert_eq!(operator.post(path, &bad).await.problem(422, "invalid").text("/errors/0/pointer"), pointer);
            let keyed = operator.with_header("idempotency-key", path);
            let made = keyed.post(path, &form).await.expect(201).body.clone();
            assert_eq!(keyed.post(path, &form).await.expect(201).body, made);
            let one = format!("{path}/{}", made["id"].as_str().unwrap());
            let mut renamed = form.clone();
            renamed["name"] = "改了名".into();
            operator.put(&one, &renamed).await.problem(428, "version_required");
            renamed["version"] = made["version"].clone();
            office.staff.put(&one, &renamed).await.problem(403, "forbidden");
            assert_eq!(operator.put(&one, &renamed).await.expect(200).text("/name"), "改了名");
            renamed["name"] = "又改了名".into();
            operator.put(&one, &renamed).await.problem(412, "version_conflict");
            let listed = city.stranger().get(&format!("{path}?limit=100")).await;
            let items = listed.expect(200).body["items"].as_array().unwrap().clone();
            assert!(items.iter().any(|item| item["id"] == made["id"] && item["name"] == "改了名"), "{items:?}");
        }
    }
}
