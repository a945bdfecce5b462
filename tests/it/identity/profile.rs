//! `GET|PUT /me`.

use serde_json::json;
use tests::both;

const ME: &str = "/api/v1/me";

both! {
    async fn a_profile_is_replaced_whole_on_the_version_it_was_made_on(city: City) {
        let client = city.sign_in("resident").await;
        let before = client.get(ME).await;
        assert_eq!(before.expect(200).body["version"], 1);
        let wanted = json!({ "nickname": " 小常 ", "birthDate": "1999-02-03", "districtCode": "WJ", "language": "en", "version": 1 });
        let after = client.put(ME, &wanted).await;
        assert_eq!(after.expect(200).body["version"], 2);
        assert_eq!((after.text("/nickname"), after.text("/birthDate")), ("小常".into(), "1999-02-03".into()));
        assert_eq!(client.get(ME).await.body, after.body);
        let stale = client.put(ME, &wanted).await;
        assert_eq!(stale.problem(412, "version_conflict").body["version"], 2);
        client.put(ME, &json!({ "nickname": "x" })).await.problem(428, "version_required");
        assert_eq!(client.get(ME).await.body, after.body);
        let emptied = client.with_header("if-match", "\"2\"").put(ME, &json!({})).await;
        assert_eq!((&emptied.expect(200).body["nickname"], &emptied.body["birthDate"]), (&json!(null), &json!(null)));
    }

    async fn every_wrong_field_is_named_and_nothing_is_changed(city: City) {
        let client = city.sign_in("resident").await;
        let before = client.get(ME).await.body;
        for (wanted, pointers) in [
            (json!({ "nickname": "", "districtCode": "XX", "language": "fr", "version": 1 }), vec!["/nickname", "/districtCode", "/language"]),
            (json!({ "birthDate": "yesterday", "version": 1 }), vec!["/birthDate"]),
            (json!({ "birthDate": "2030-01-01", "version": 1 }), vec!["/birthDate"]),
            // Fourteen tomorrow.
            (json!({ "birthDate": "2013-02-20", "version": 1 }), vec!["/birthDate"]),
            (json!({ "isOperator": true, "version": 1 }), vec!["/isOperator"]),
            (json!({ "nickname": "a\u{202e}b", "version": 1 }), vec!["/nickname"]),
        ] {
            let answer = client.put(ME, &wanted).await;
            let errors = answer.problem(422, "invalid").body["errors"].as_array().unwrap().clone();
            let named: Vec<&str> = errors.iter().map(|error| error["pointer"].as_str().unwrap()).collect();
            assert_eq!(named, pointers, "{wanted}");
        }
        assert_eq!(client.get(ME).await.body, before);
        client.put(ME, &json!({ "birthDate": "2013-02-19", "version": 1 })).await.expect(200);
    }

    async fn of_two_edits_of_one_version_one_wins(city: City) {
        let client = city.sign_in("resident").await;
        let asking: Vec<_> = (0..6).map(|number| {
            let (client, wanted) = (client.clone(), json!({ "nickname": format!("n{number}"), "version": 1 }));
            tokio::spawn(async move { client.put(ME, &wanted).await.status })
        }).collect();
        let mut statuses = Vec::new();
        for asked in asking {
            statuses.push(asked.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412, 412, 412]);
    }
}
