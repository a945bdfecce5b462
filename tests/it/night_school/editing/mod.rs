//! Editing classes, schools and terms over HTTP.

mod classes;
mod places;
mod rights;
mod roster;

use super::fixture::load_sample;
use chrono::{Datelike, TimeDelta};
use domain::time::{local_date, rfc3339};
use serde_json::{Value, json};
use tests::city::City;
use tests::client::{Answer, Client};

/// The sample city, with what is needed to make a class of its first school.
struct Office {
    /// A manager of the school's organisation.
    staff: Client,
    /// `sch_…`, by place in the list.
    schools: Vec<Value>,
    /// `org_…` of the first school.
    organisation: String,
    /// `trm_…`
    term: String,
}

impl Office {
    async fn open(city: &City) -> Self {
        load_sample(city).await;
        let staff = city.sign_in("school-staff").await;
        let mut schools = staff.get("/api/v1/schools?limit=100").await.expect(200).body["items"]
            .as_array()
            .unwrap()
            .clone();
        schools.sort_by_key(|school| school["code"].as_str().unwrap().to_owned());
        assert_eq!(schools[0]["code"], "NS01");
        let organisation = schools[0]["organisation"].as_str().unwrap().to_owned();
        let term = staff.get("/api/v1/terms").await.expect(200).text("/items/0/id");
        Self { staff, schools, organisation, term }
    }

    /// A class of the first school, as it is sent; `changed` in the fields of `changes`.
    fn form(&self, city: &City, changes: &Value) -> Value {
        let lesson = local_date(city.now()) + TimeDelta::days(30);
        let mut form = json!({
            "school": self.schools[0]["id"], "term": self.term, "title": "深夜读书会", "category": "life",
            "weekday": lesson.weekday().number_from_monday(), "startTime": "21:00", "endTime": "22:00",
            "firstLessonOn": lesson, "lastLessonOn": lesson + TimeDelta::weeks(2),
            "skipDates": [lesson + TimeDelta::weeks(1)], "priceFen": 0, "capacity": 2, "admission": "first_come",
            "opensAt": rfc3339(city.now()), "closesAt": rfc3339(city.now() + TimeDelta::days(7)), "waitlist": "instant",
        });
        change(&mut form, changes);
        form
    }

    /// A draft, as its path.
    async fn draft(&self, city: &City, changes: &Value) -> String {
        let made = self.staff.post("/api/v1/classes", &self.form(city, changes)).await;
        format!("/api/v1/classes/{}", made.expect(201).text("/id"))
    }

    /// A published class, as its path.
    async fn published(&self, city: &City, changes: &Value) -> String {
        let class = self.draft(city, changes).await;
        self.staff.post(&format!("{class}/publish"), &json!({})).await.expect(200);
        class
    }
}

/// `form` with the fields of `changes`.
fn change(form: &mut Value, changes: &Value) {
    for (field, value) in changes.as_object().unwrap() {
        form[field] = value.clone();
    }
}

/// `class` as it is to be edited, changed, sent back by `client`.
async fn edit(client: &Client, class: &str, changes: &Value) -> Answer {
    let mut form = client.get(&format!("{class}/edit")).await.expect(200).body.clone();
    change(&mut form, changes);
    client.put(class, &form).await
}

async fn enrol(client: &Client, class: &str) -> Answer {
    client.put(&format!("{class}/enrolment"), &json!({})).await
}

/// Where the booking of `client` stands.
async fn stands(client: &Client, booking: &str) -> String {
    client.get(&format!("/api/v1/me/bookings/{booking}")).await.expect(200).text("/state")
}
