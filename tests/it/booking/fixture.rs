//! A class of the sample city's first school, made as an operator makes one.

use crate::night_school::fixture::load_sample;
use chrono::{Datelike, TimeDelta};
use domain::time::{local_date, rfc3339};
use serde_json::{Value, json};
use tests::city::City;

/// What of a class a test cares about.
pub struct Draft {
    pub capacity: u32,
    pub waitlist: &'static str,
    pub admission: &'static str,
    pub opens_in: TimeDelta,
    pub age_min: Option<u8>,
    /// Days by which its lesson is moved: classes of one offset meet at one hour.
    pub weekday_offset: i64,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            capacity: 10,
            waitlist: "instant",
            admission: "first_come",
            opens_in: TimeDelta::zero(),
            age_min: None,
            weekday_offset: 0,
        }
    }
}

/// A published class.
pub struct Class {
    pub id: String,
}

impl Class {
    /// One that takes requests now.
    pub async fn open(city: &City, draft: Draft) -> Self {
        Self::make(city, draft).await
    }

    /// One that opens in `draft.opens_in`.
    pub async fn make(city: &City, draft: Draft) -> Self {
        if city.stranger().get("/api/v1/terms").await.body["items"] == json!([]) {
            load_sample(city).await;
            city.app().bus.publish(infra::bus::Event::Edited("night_school".into()));
        }
        let operator = city.sign_in("operator").await;
        let school = operator.get("/api/v1/schools?limit=1").await.expect(200).text("/items/0/id");
        let term = operator.get("/api/v1/terms?limit=1").await.expect(200).text("/items/0/id");
        let opens = city.now() + draft.opens_in;
        let closes = opens + TimeDelta::days(7);
        let lesson = local_date(city.now()) + TimeDelta::days(30 + draft.weekday_offset);
        let mut class = json!({
            "school": school, "term": term, "title": "测试课", "category": "music",
            "weekday": lesson.weekday().number_from_monday(), "startTime": "18:30", "endTime": "20:00",
            "firstLessonOn": lesson, "lastLessonOn": lesson, "priceFen": 9900, "capacity": draft.capacity,
            "admission": draft.admission, "opensAt": rfc3339(opens), "closesAt": rfc3339(closes),
            "waitlist": draft.waitlist, "ageMin": draft.age_min,
        });
        match draft.admission {
            "lottery" => class["drawAt"] = Value::from(rfc3339(closes + TimeDelta::hours(1))),
            "fair_open" => class["fairMinutes"] = Value::from(10),
            _ => {}
        }
        let id = operator.post("/api/v1/classes", &class).await.expect(201).text("/id");
        operator.post(&format!("/api/v1/classes/{id}/publish"), &json!({})).await.expect(200);
        Self { id }
    }

    /// A path below the class.
    pub fn path(&self, below: &str) -> String {
        format!("/api/v1/classes/{}{below}", self.id)
    }
}
