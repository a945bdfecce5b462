//! Tokens over HTTP: how long they work, and what ends them, in this process and in others.

use chrono::TimeDelta;
use reqwest::Method;
use serde_json::json;
use std::time::Duration;
use tests::both;
use tests::city::{City, Process};
use tests::client::{Answer, Client};
use tests::database::Setup;

const ME: &str = "/api/v1/me";
const LOGOUT: &str = "/api/v1/auth/logout";

async fn pair(city: &City) -> (Client, String) {
    let body = json!({ "code": city.code("resident") });
    let answer = city.stranger().post("/api/v1/auth/wechat", &body).await;
    (city.stranger().with_token(&answer.text("/accessToken")), answer.text("/refreshToken"))
}

async fn refresh(city: &City, token: &str) -> Answer {
    city.stranger().post("/api/v1/auth/refresh", &json!({ "refreshToken": token })).await
}

/// Waits until `there` has heard that the session of `client` ended: a second at most over Redis, and by the minute
/// for which memory is trusted where processes do not hear each other.
async fn ends_there(city: &City, there: &Process, client: &Client) {
    if city.database.setup() == Setup::Embedded {
        city.clock.advance(TimeDelta::seconds(60));
    }
    let client = client.at(&there.url);
    let heard = async { while client.get(ME).await.status == 200 {} };
    tokio::time::timeout(Duration::from_secs(1), heard).await.expect("heard within a second");
    client.get(ME).await.problem(401, "unauthenticated");
}

both! {
    async fn an_access_token_works_for_an_hour(city: City) {
        let (client, _) = pair(&city).await;
        city.clock.advance(TimeDelta::seconds(3599));
        client.get(ME).await.expect(200);
        city.clock.advance(TimeDelta::seconds(1));
        client.get(ME).await.problem(401, "token_expired");
    }

    async fn what_we_did_not_sign_is_nobody(city: City) {
        let (client, refresh_token) = pair(&city).await;
        let token = client.token().unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let other = if signature.starts_with('A') { 'B' } else { 'A' };
        let forged = format!("{signed}.{other}{}", &signature[1..]);
        let claims = signed.split('.').nth(1).unwrap();
        let unsigned = format!("eyJhbGciOiJub25lIn0.{claims}.");
        for token in [&forged, &unsigned, &refresh_token, "x", "..", &"a".repeat(5000)] {
            let answer = city.stranger().with_token(token).get(ME).await;
            assert_eq!(answer.problem(401, "unauthenticated").headers["www-authenticate"], "Bearer");
        }
        for header in ["Basic YTpi", "Bearer", token] {
            city.stranger().with_header("authorization", header).get(ME).await.problem(401, "unauthenticated");
        }
        for wrong in [&forged, token, "", "x"] {
            refresh(&city, wrong).await.problem(401, "refresh_invalid");
        }
        let shouted = city.stranger().with_header("authorization", &format!("BEARER {token}"));
        shouted.get(ME).await.expect(200);
        client.get(ME).await.expect(200);
        refresh(&city, &refresh_token).await.expect(200);
    }

    async fn the_last_refresh_can_be_repeated_and_an_older_one_ends_the_family(city: City) {
        let there = city.another().await;
        let (client, first) = pair(&city).await;
        client.at(&there.url).get(ME).await.expect(200);
        let second = refresh(&city, &first).await.expect(200).text("/refreshToken");
        let again = refresh(&city, &first).await.expect(200).text("/refreshToken");
        assert_eq!(again, second);
        let third = refresh(&city, &again).await.expect(200).text("/refreshToken");
        refresh(&city, &first).await.problem(401, "refresh_invalid");
        for token in [&second, &third] {
            refresh(&city, token).await.problem(401, "refresh_invalid");
        }
        client.get(ME).await.problem(401, "unauthenticated");
        ends_there(&city, &there, &client).await;
    }

    async fn refreshes_at_once_end_no_session(city: City) {
        let (_, mut token) = pair(&city).await;
        for _ in 0..3 {
            let asking: Vec<_> = (0..8).map(|_| {
                let (stranger, body) = (city.stranger(), json!({ "refreshToken": token }));
                tokio::spawn(async move {
                    stranger.post("/api/v1/auth/refresh", &body).await.expect(200).text("/refreshToken")
                })
            }).collect();
            let mut given = Vec::new();
            for asked in asking {
                given.push(asked.await.unwrap());
            }
            given.dedup();
            assert_eq!(given.len(), 1);
            token = given.remove(0);
        }
    }

    async fn logging_out_ends_this_session_and_can_be_repeated(city: City) {
        let there = city.another().await;
        let ((client, refresh_token), (other, _)) = (pair(&city).await, pair(&city).await);
        client.at(&there.url).get(ME).await.expect(200);
        for _ in 0..2 {
            client.post(LOGOUT, &json!({})).await.expect(204);
        }
        client.get(ME).await.problem(401, "unauthenticated");
        refresh(&city, &refresh_token).await.problem(401, "refresh_invalid");
        other.get(ME).await.expect(200);
        ends_there(&city, &there, &client).await;
        city.stranger().post(LOGOUT, &json!({})).await.problem(401, "unauthenticated");
    }

    /// Finds the operation whose author forgot to ask who it is: every one that says it needs a token is called without.
    async fn no_operation_forgets_to_ask_who_it_is(city: City) {
        let document = city.stranger().get("/openapi.json").await.body;
        let mut called = 0;
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                if operation["security"].as_array().is_none_or(Vec::is_empty) {
                    continue;
                }
                let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
                let body = (method != Method::GET).then(|| b"{}".to_vec());
                let path = path.replace("{id}", "org_00000000000000000000000001").replace(['{', '}'], "");
                city.stranger().send(method, &path, body).await.problem(401, "unauthenticated");
                called += 1;
            }
        }
        assert!(called >= 12, "{called}");
    }
}
