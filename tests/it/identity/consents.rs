//! `GET|PUT /me/consents`.

use super::stored::number;
use serde_json::{Value, json};
use tests::both;
use tests::client::Answer;

const CONSENTS: &str = "/api/v1/me/consents";

fn purposes(answer: &Answer) -> Vec<&str> {
    let items = answer.expect(200).body["items"].as_array().unwrap();
    let mut purposes: Vec<_> = items.iter().map(|item| item["purpose"].as_str().unwrap()).collect();
    purposes.sort_unstable();
    purposes
}

fn given(purposes: &[&str]) -> Value {
    let items: Vec<_> = purposes.iter().map(|purpose| json!({ "purpose": purpose, "version": 1 })).collect();
    json!({ "items": items })
}

both! {
    async fn consents_are_replaced_whole_and_kept_on_record(city: City) {
        let client = city.sign_in("resident").await;
        let all = ["booking", "location", "messages", "service"];
        assert_eq!(purposes(&client.get(CONSENTS).await), all);
        for (sent, consented) in [(&["service"][..], false), (&["booking", "service"], true), (&[], false), (&all, true)] {
            city.clock.advance(chrono::TimeDelta::seconds(1));
            for _ in 0..2 {
                assert_eq!(purposes(&client.put(CONSENTS, &given(sent)).await), sent);
            }
            assert_eq!(purposes(&client.get(CONSENTS).await), sent);
            assert_eq!(client.get("/api/v1/me").await.body["consented"], consented);
        }
        assert_eq!(number(&city, "select count(*) from consents where withdrawn_at is not null", []).await, 5);
    }

    /// Within one millisecond there is one giving on record, and it stands.
    async fn what_is_withdrawn_and_given_again_at_once_stands(city: City) {
        let client = city.sign_in("resident").await;
        for sent in [&[][..], &["booking", "service"], &[], &["booking", "service"]] {
            assert_eq!(purposes(&client.put(CONSENTS, &given(sent)).await), sent);
            assert_eq!(client.get("/api/v1/me").await.body["consented"], !sent.is_empty());
        }
    }

    async fn only_todays_texts_can_be_consented_to(city: City) {
        let client = city.sign_in("resident").await;
        let wrong = json!({ "items": [{ "purpose": "selling", "version": 1 }, { "purpose": "service", "version": 2 }] });
        let answer = client.put(CONSENTS, &wrong).await;
        assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), "/items/0/purpose");
        assert_eq!(answer.text("/errors/1/pointer"), "/items/1/version");
        let misspelt = json!({ "items": [{ "purpose": "service", "version": 1, "givenAt": "x" }] });
        let answer = client.put(CONSENTS, &misspelt).await;
        assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), "/items/0/givenAt");
        assert_eq!(purposes(&client.get(CONSENTS).await).len(), 4);
    }
}
