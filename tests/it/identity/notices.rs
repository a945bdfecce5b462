//! `GET /me/notices`, `POST /me/notices/read`.

use super::stored::execute;
use domain::id::{NoticeId, PersonId};
use serde_json::json;
use tests::both;
use tests::city::City;
use tests::client::Client;
use uuid::Uuid;

const NOTICES: &str = "/api/v1/me/notices";

/// Tells `client` something that has the number `number`.
async fn tell(city: &City, client: &Client, kind: &str, number: u128) -> NoticeId {
    let person: PersonId = client.get("/api/v1/me").await.text("/id").parse().unwrap();
    let (id, now) = (Uuid::from_u128(number), city.now());
    let until = (kind == "seat_offered").then_some(now);
    let text = "insert into notices (id, person_id, kind, subject_kind, subject_id, reason, until, created_at) \
        values ($1, $2, $3, 'class', $4, 'why', $5, $6)";
    let subject = Uuid::from_u128(9);
    let values = [id.into(), person.0.into(), kind.into(), subject.into(), until.into(), now.into()];
    execute(city, text, values).await;
    NoticeId(id)
}

both! {
    async fn the_newest_come_first_in_the_readers_language(city: City) {
        let (client, other) = (city.sign_in("resident").await, city.sign_in("other").await);
        let none = client.get(NOTICES).await;
        assert_eq!(none.expect(200).body, json!({ "items": [], "unread": 0 }));
        for (number, kind) in [(1, "seat_given"), (2, "seat_offered"), (3, "rejected")] {
            tell(&city, &client, kind, number).await;
        }
        tell(&city, &other, "queued", 4).await;
        let first = client.get(&format!("{NOTICES}?limit=2")).await;
        assert_eq!(first.expect(200).body["unread"], 3);
        assert_eq!((first.text("/items/0/kind"), first.text("/items/1/kind")), ("rejected".into(), "seat_offered".into()));
        assert_eq!(first.text("/items/0/createdAt"), "2027-02-19T20:00:00+08:00");
        assert!(first.text("/items/0/text").contains("申请未通过"));
        assert_eq!(first.text("/items/0/subject/id"), "cls_00000000000000000000000009");
        assert_eq!((first.body["items"][0].get("until"), first.text("/items/1/until")), (None, "2027-02-19T20:00:00+08:00".into()));
        let next = format!("{NOTICES}?limit=2&cursor={}", first.text("/nextCursor"));
        let rest = client.with_header("accept-language", "en").get(&next).await;
        assert_eq!(rest.expect(200).body["items"].as_array().unwrap().len(), 1);
        assert_eq!(rest.body.get("nextCursor"), None);
        assert!(rest.text("/items/0/text").starts_with("You have a seat"));
        client.get(&format!("{NOTICES}?cursor=x")).await.problem(422, "invalid");
    }

    async fn reading_is_up_to_a_notice_and_ones_own(city: City) {
        let (client, other) = (city.sign_in("resident").await, city.sign_in("other").await);
        for number in [1, 6] {
            tell(&city, &client, "queued", number).await;
        }
        let seen = tell(&city, &client, "queued", 5).await;
        let theirs = tell(&city, &other, "queued", 2).await;
        let path = format!("{NOTICES}/read");
        for _ in 0..2 {
            let left = client.post(&path, &json!({ "upTo": seen.to_string() })).await;
            assert_eq!(left.expect(200).body, json!({ "unread": 1 }));
        }
        assert_eq!(other.get(NOTICES).await.body["unread"], 1);
        let items = client.get(NOTICES).await.body["items"].clone();
        let read: Vec<_> = items.as_array().unwrap().iter().map(|item| item["read"] == true).collect();
        assert_eq!(read, [false, true, true]);
        client.post(&path, &json!({ "upTo": theirs.to_string() })).await.expect(200);
        assert_eq!(other.get(NOTICES).await.body["unread"], 1);
        for wrong in [json!({}), json!({ "upTo": "nonsense" }), json!({ "upTo": "bkg_00000000000000000000000001" })] {
            let answer = client.post(&path, &wrong).await;
            assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), "/upTo");
        }
    }
}
