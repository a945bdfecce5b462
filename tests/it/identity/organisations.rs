//! `POST /organisations`, `GET /organisations/{id}`.

use super::stored::number;
use serde_json::json;
use tests::both;

const PATH: &str = "/api/v1/organisations";

both! {
    async fn a_residents_organisation_waits_and_an_operators_does_not(city: City) {
        let (owner, stranger, operator) =
            (city.sign_in("owner").await, city.sign_in("stranger").await, city.operator("operator").await);
        let wanted = json!({ "kind": "school", "name": "青年夜校", "nameEn": "Youth night school" });
        let asked = owner.post(PATH, &wanted).await;
        assert_eq!(asked.expect(201).text("/state"), "pending");
        let path = format!("{PATH}/{}", asked.text("/id"));
        stranger.get(&path).await.problem(404, "not_found");
        for inside in [&owner, &operator] {
            assert_eq!(inside.get(&path).await.expect(200).body, asked.body);
        }
        let me = owner.get("/api/v1/me").await;
        let membership = &me.expect(200).body["memberships"][0];
        assert_eq!(membership["organisation"]["id"], asked.body["id"]);
        assert_eq!((&membership["organisation"]["kind"], &membership["role"]), (&json!("school"), &json!("owner")));
        let made = operator.post(PATH, &json!({ "kind": "city", "name": "常州市" })).await;
        assert_eq!(made.expect(201).text("/state"), "active");
        stranger.get(&format!("{PATH}/{}", made.text("/id"))).await.expect(200);
        assert_eq!(number(&city, "select count(*) from audit_entries where action = 'organisation.create'", []).await, 1);
    }

    async fn what_cannot_be_meant_makes_nothing(city: City) {
        let owner = city.sign_in("owner").await;
        owner.post(PATH, &json!({ "kind": "city", "name": "常州市" })).await.problem(403, "forbidden");
        for (wanted, pointer) in [
            (json!({ "kind": "club", "name": "x" }), "/kind"),
            (json!({ "kind": "shop", "name": " " }), "/name"),
            (json!({ "kind": "shop", "name": "x".repeat(81) }), "/name"),
            (json!({ "kind": "shop", "name": "x", "nameEn": "a\nb" }), "/nameEn"),
            (json!({ "kind": "shop", "name": "x", "state": "active" }), "/state"),
            (json!({ "kind": "shop" }), "/name"),
        ] {
            let answer = owner.post(PATH, &wanted).await;
            assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), pointer, "{wanted}");
        }
        assert_eq!(number(&city, "select count(*) from organisations", []).await, 0);
        for id in ["org_00000000000000000000000001", "cls_00000000000000000000000001", "nonsense", "%F0%9F"] {
            let answer = owner.get(&format!("{PATH}/{id}")).await;
            answer.problem(404, "not_found");
        }
    }

    async fn the_same_key_makes_one_organisation(city: City) {
        let owner = city.sign_in("owner").await.with_header("idempotency-key", "k1");
        let wanted = json!({ "kind": "shop", "name": "青果巷咖啡" });
        let asking: Vec<_> = (0..6).map(|_| {
            let (owner, wanted) = (owner.clone(), wanted.clone());
            tokio::spawn(async move { owner.post(PATH, &wanted).await.expect(201).text("/id") })
        }).collect();
        let mut ids = Vec::new();
        for asked in asking {
            ids.push(asked.await.unwrap());
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
        owner.post(PATH, &json!({ "kind": "shop", "name": "b" })).await.problem(422, "idempotency_key_reused");
        let other = city.sign_in("other").await.with_header("idempotency-key", "k1");
        assert_ne!(other.post(PATH, &wanted).await.expect(201).text("/id"), ids[0]);
        let long = city.sign_in("owner").await.with_header("idempotency-key", &"k".repeat(129));
        let answer = long.post(PATH, &wanted).await;
        assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), "Idempotency-Key");
        assert_eq!(number(&city, "select count(*) from organisations", []).await, 2);
    }
}
