//! What anybody can read of night schools: lists, filters, pages, positions, entity tags.

use super::fixture::{ids, load_sample, walk};
use domain::geo::{Datum, Mode};
use serde_json::Value;
use std::collections::BTreeSet;
use tests::both;
use tests::city::City;

/// In the middle of the sample city, as GPS says it.
const HERE: (f64, f64) = (31.7749, 119.9642);

fn text<'a>(item: &'a Value, field: &str) -> &'a str {
    item[field].as_str().unwrap_or_else(|| panic!("{field} in {item}"))
}

/// What `query` finds is what `holds` of everything says, and neither nothing nor everything.
async fn finds(city: &City, all: &[Value], query: &str, holds: impl Fn(&Value) -> bool) {
    let found = walk(&city.stranger(), &format!("/api/v1/classes?{query}"), 100).await;
    let expected: Vec<Value> = all.iter().filter(|item| holds(item)).cloned().collect();
    assert_eq!(ids(&found), ids(&expected), "{query}");
    assert!(!found.is_empty() && found.len() < all.len(), "{query} filters nothing: {}", found.len());
}

both! {
    /// Whatever the size of its pages, a list is the same.
    async fn lists_are_walked_without_loss_or_duplicates(city: City) {
        load_sample(&city).await;
        let (client, here) = (city.stranger(), format!("{},{}", HERE.0, HERE.1));
        let near = format!("/api/v1/classes?near={here}&datum=wgs84&minutes=60&mode=cycle");
        for path in ["/api/v1/classes", "/api/v1/schools", "/api/v1/terms", near.as_str()] {
            let whole = walk(&client, path, 100).await;
            assert!(!whole.is_empty(), "{path}");
            for limit in [1, 7, 20] {
                assert_eq!(ids(&walk(&client, path, limit).await), ids(&whole), "{path} by {limit}");
            }
        }
    }

    async fn each_filter_finds_what_it_says(city: City) {
        load_sample(&city).await;
        let all = walk(&city.stranger(), "/api/v1/classes", 100).await;
        let (term, school) = (all[0]["term"]["id"].as_str().unwrap(), all[0]["school"]["id"].as_str().unwrap());
        assert!(all.iter().all(|class| class["term"]["id"] == term), "the sample has one term");
        finds(&city, &all, &format!("term={term}&school={school}"), |class| class["school"]["id"] == school).await;
        finds(&city, &all, "category=music", |class| class["category"] == "music").await;
        finds(&city, &all, "weekday=6", |class| class["weekday"] == 6).await;
        finds(&city, &all, "startsAfter=19:00", |class| text(class, "startTime") >= "19:00").await;
        let openings = ["open", "entering"];
        finds(&city, &all, "available=true", |class| openings.contains(&text(class, "phase"))).await;
        finds(&city, &all, "phase=upcoming", |class| class["phase"] == "upcoming").await;
        let day = text(&all[all.len() / 2], "firstLessonOn").to_owned();
        finds(&city, &all, &format!("to={day}"), |class| text(class, "firstLessonOn") <= day.as_str()).await;
        let both = |class: &Value| class["weekday"] == 6 && class["category"] == "music";
        finds(&city, &all, "weekday=6&category=music", both).await;
    }

    async fn a_search_understands_both_languages(city: City) {
        load_sample(&city).await;
        let all = walk(&city.stranger(), "/api/v1/classes", 100).await;
        // 非洲鼓
        let chinese = "/api/v1/classes?q=%E9%9D%9E%E6%B4%B2%E9%BC%93";
        let drums = walk(&city.stranger(), chinese, 100).await;
        let titled = |word: &str, field: &str| -> BTreeSet<String> {
            let found = all.iter().filter(|class| text(class, field).contains(word));
            found.map(|class| text(class, "id").to_owned()).collect()
        };
        let found = |items: &[Value]| -> BTreeSet<String> { ids(items).into_iter().map(str::to_owned).collect() };
        assert!(!drums.is_empty() && found(&drums).is_superset(&titled("非洲鼓", "title")));
        let english = walk(&city.stranger(), "/api/v1/classes?q=african%20DRUM", 100).await;
        assert!(!english.is_empty() && found(&english).is_superset(&titled("African Drum", "titleEn")));
        assert!(walk(&city.stranger(), "/api/v1/classes?q=%E4%B8%8D%E5%AD%98%E5%9C%A8", 100).await.is_empty());
    }

    /// The same place said in either datum finds the same classes, as far away.
    async fn near_is_the_same_in_both_datums(city: City) {
        load_sample(&city).await;
        let client = city.stranger();
        let (lat, lng) = Datum::Gcj02.write(Datum::Wgs84.read(HERE.0, HERE.1).unwrap());
        let near = |lat: f64, lng: f64, datum: &str| {
            format!("/api/v1/classes?near={lat},{lng}&datum={datum}&minutes=30&mode=walk")
        };
        let wgs84 = walk(&client, &near(HERE.0, HERE.1, "wgs84"), 100).await;
        let gcj02 = walk(&client, &near(lat, lng, "gcj02"), 100).await;
        assert!(!wgs84.is_empty());
        assert_eq!(ids(&wgs84), ids(&gcj02));
        let here = Datum::Wgs84.read(HERE.0, HERE.1).unwrap();
        let mut last_m = 0.0;
        for (said, shifted) in wgs84.iter().zip(&gcj02) {
            assert_eq!(said["place"]["minutes"], shifted["place"]["minutes"]);
            let degrees = |item: &Value| (item["place"]["lat"].as_f64().unwrap(), item["place"]["lng"].as_f64().unwrap());
            let point = Datum::Wgs84.read(degrees(said).0, degrees(said).1).unwrap();
            let apart_m = point.metres_to(Datum::Wgs84.read(degrees(shifted).0, degrees(shifted).1).unwrap());
            assert!((400.0..600.0).contains(&apart_m), "shifted by {apart_m} m");
            let away_m = here.metres_to(point);
            assert!(away_m + 1.0 >= last_m, "nearest first");
            last_m = away_m;
            let minutes = said["place"]["minutes"].as_u64().unwrap();
            assert!(minutes <= 30 && minutes.abs_diff(u64::from(Mode::Walk.minutes(away_m))) <= 1);
        }
        let by_bike = near(HERE.0, HERE.1, "wgs84").replace("walk", "cycle");
        assert!(walk(&client, &by_bike, 100).await.len() > wgs84.len());
        let default = client.get("/api/v1/classes?limit=1").await;
        assert_eq!(default.body, client.get("/api/v1/classes?limit=1&datum=gcj02").await.body);
    }

    async fn who_has_an_answer_is_not_sent_it_again(city: City) {
        load_sample(&city).await;
        let class = walk(&city.stranger(), "/api/v1/classes", 100).await.swap_remove(0);
        let (id, school) = (text(&class, "id"), text(&class["school"], "id"));
        for path in [
            "/api/v1/classes?limit=20".to_owned(),
            format!("/api/v1/classes/{id}"),
            format!("/api/v1/classes/{id}/lessons"),
            "/api/v1/schools".to_owned(),
            format!("/api/v1/schools/{school}"),
            "/api/v1/terms".to_owned(),
        ] {
            let first = city.stranger().get(&path).await;
            let etag = first.expect(200).headers["etag"].to_str().unwrap().to_owned();
            let again = city.stranger().with_header("if-none-match", &etag).get(&path).await;
            again.expect(304);
            assert!(again.bytes.is_empty() && again.headers["etag"] == etag.as_str(), "{path}");
            city.stranger().with_header("if-none-match", "\"other\"").get(&path).await.expect(200);
            let signed_in = city.sign_in("resident").await.get(&path).await;
            assert_eq!(signed_in.expect(200).bytes, first.bytes, "{path}: the same bytes for everybody");
        }
    }

    /// A detail has all its card has, under the same names; its lessons are as many as it says.
    async fn a_detail_is_its_card_and_more(city: City) {
        load_sample(&city).await;
        for card in walk(&city.stranger(), "/api/v1/classes", 100).await.iter().step_by(20) {
            let id = text(card, "id");
            let detail = city.stranger().get(&format!("/api/v1/classes/{id}")).await;
            for (field, value) in card.as_object().unwrap() {
                assert_eq!(&detail.expect(200).body[field], value, "{field}");
            }
            let lessons = city.stranger().get(&format!("/api/v1/classes/{id}/lessons")).await;
            let lessons = lessons.expect(200).body["items"].as_array().unwrap().clone();
            assert_eq!(lessons.len() as u64, card["lessonCount"].as_u64().unwrap());
            assert_eq!(text(&lessons[0], "startsAt"), format!("{}T{}:00+08:00", text(card, "firstLessonOn"), text(card, "startTime")));
            assert_eq!(lessons[0]["place"]["name"], card["place"]["name"]);
        }
    }

    async fn what_cannot_be_meant_is_refused_and_what_is_not_there_is_said(city: City) {
        load_sample(&city).await;
        for (query, pointer) in [
            ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("cursor=%25", "cursor"),
            ("cursor=bm9uZQ", "cursor"), ("term=cls_1", "term"), ("school=x", "school"), ("category=sports", "category"),
            ("weekday=8", "weekday"), ("from=2027-02-30", "from"), ("to=soon", "to"), ("startsAfter=25:00", "startsAfter"),
            ("phase=gone", "phase"), ("near=31.7", "near"), ("near=91,0", "near"), ("near=a,b", "near"),
            ("near=31.7,119.9&minutes=0", "minutes"), ("near=31.7,119.9&minutes=241", "minutes"),
            ("near=31.7,119.9&mode=fly", "mode"), ("datum=bd09", "datum"),
        ] {
            let answer = city.stranger().get(&format!("/api/v1/classes?{query}")).await;
            answer.problem(422, "invalid");
            assert_eq!(answer.text("/errors/0/pointer"), pointer, "{query}");
        }
        let none = "01h455vb4pex5vsknk084sn02q";
        for path in [
            format!("classes/cls_{none}"), format!("classes/cls_{none}/lessons"), "classes/nonsense".to_owned(),
            format!("classes/sch_{none}"), format!("schools/sch_{none}"),
        ] {
            city.stranger().get(&format!("/api/v1/{path}")).await.problem(404, "not_found");
        }
    }
}
