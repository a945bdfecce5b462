//! What an edit of a term or a school means for who waits.

use super::{Office, enrol, stands};
use serde_json::{Value, json};
use tests::both;

both! {
    /// Who has all the classes the term allows is passed over, and let in once it allows one more.
    async fn a_higher_limit_lets_in_who_waits_for_it(city: City) {
        let office = Office::open(&city).await;
        let operator = city.sign_in("operator").await;
        let mut classes = Vec::new();
        for (place, hour) in [(1, "18"), (2, "19"), (3, "20")] {
            let hours = json!({
                "school": office.schools[place]["id"], "capacity": 1,
                "startTime": format!("{hour}:00"), "endTime": format!("{hour}:30"),
            });
            let made = operator.post("/api/v1/classes", &office.form(&city, &hours)).await;
            let class = format!("/api/v1/classes/{}", made.expect(201).text("/id"));
            operator.post(&format!("{class}/publish"), &json!({})).await.expect(200);
            classes.push(class);
        }
        let (holder, waiter) = (city.sign_in("holder").await, city.sign_in("waiter").await);
        enrol(&holder, &classes[2]).await.expect(201);
        let waiting = enrol(&waiter, &classes[2]).await.expect(201).text("/id");
        for class in &classes[..2] {
            assert_eq!(enrol(&waiter, class).await.expect(201).text("/state"), "confirmed");
        }
        holder.delete(&format!("{}/enrolment", classes[2])).await.expect(204);
        city.settle().await;
        assert_eq!(stands(&waiter, &waiting).await, "waitlisted", "two are what the term allows");
        let term = operator.get("/api/v1/terms").await.expect(200).body["items"][0].clone();
        let mut form: Value = ["name", "startsOn", "endsOn", "version"]
            .iter().map(|field| ((*field).to_owned(), term[*field].clone())).collect::<serde_json::Map<_, _>>().into();
        form["maxClassesPerPerson"] = 3.into();
        let path = format!("/api/v1/terms/{}", term["id"].as_str().unwrap());
        assert_eq!(operator.put(&path, &form).await.expect(200).body["maxClassesPerPerson"], 3);
        city.settle().await;
        assert_eq!(stands(&waiter, &waiting).await, "confirmed");
    }
}
