//! `POST /auth/wechat`: which codes let somebody in, and as whom.

use reqwest::Method;
use serde_json::{Value, json};
use tests::both;
use tests::city::City;
use tests::database::Setup;

const PATH: &str = "/api/v1/auth/wechat";

both! {
    async fn a_code_lets_in_once(city: City) {
        let body = json!({ "code": city.code("resident") });
        let answer = city.stranger().post(PATH, &body).await;
        assert_eq!(answer.expect(200).body["expiresIn"], 3600);
        let person = &answer.body["person"];
        assert_eq!((&person["nickname"], &person["isOperator"]), (&json!("resident"), &json!(false)));
        assert_eq!((&person["birthDate"], &person["consented"]), (&json!("2002-02-19"), &json!(true)));
        assert!(answer.text("/refreshToken").len() > 40);
        city.stranger().post(PATH, &body).await.problem(401, "code_invalid");
        let again = city.stranger().post(PATH, &json!({ "code": city.code("resident") })).await;
        assert_eq!(again.text("/person/id"), answer.text("/person/id"));
    }

    async fn what_is_no_code_lets_nobody_in(city: City) {
        for code in ["", "nonsense", "sandbox:resident", "sandbox::1", "sandbox:a b:1", "代码", &"x".repeat(5000)] {
            city.stranger().post(PATH, &json!({ "code": code })).await.problem(401, "code_invalid");
        }
        for (body, pointer) in [
            (json!({}), "/code"),
            (json!({ "code": 1 }), "/code"),
            (json!({ "code": "a", "as": "operator" }), "/as"),
            (json!({ "code": "a\0" }), "/code"),
        ] {
            let answer = city.stranger().post(PATH, &body).await;
            assert_eq!(answer.problem(422, "invalid").text("/errors/0/pointer"), pointer);
        }
    }

    async fn what_cannot_be_read_is_told_apart(city: City) {
        let stranger = city.stranger();
        let post = |body: Vec<u8>| stranger.send(Method::POST, PATH, Some(body));
        post(b"{\"code\":".to_vec()).await.problem(400, "malformed");
        post(json!({ "code": "x".repeat(300_000) }).to_string().into_bytes()).await.problem(413, "too_large");
        let form = city.stranger().with_header("content-type", "application/x-www-form-urlencoded");
        form.post(PATH, &Value::Null).await.problem(415, "unsupported_media_type");
        city.stranger().get(PATH).await.problem(405, "not_found");
    }

    async fn many_first_sign_ins_at_once_make_one_person(city: City) {
        let asking = (0..12).map(|_| {
            let (stranger, body) = (city.stranger(), json!({ "code": city.code("same") }));
            tokio::spawn(async move { stranger.post(PATH, &body).await.expect(200).text("/person/id") })
        });
        let mut people = Vec::new();
        for asked in asking.collect::<Vec<_>>() {
            people.push(asked.await.unwrap());
        }
        people.dedup();
        assert_eq!(people.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sign_ins_are_limited_by_the_address_behind_the_proxy() {
    let city = City::with(Setup::Embedded, |config| {
        config.sign_ins_per_address_per_minute = 2;
        config.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    let sign_in = async |from: &str| {
        let body = json!({ "code": city.code("resident") });
        city.stranger().with_header("x-forwarded-for", from).post(PATH, &body).await
    };
    for _ in 0..2 {
        sign_in("192.0.2.1").await.expect(200);
    }
    let refused = sign_in("192.0.2.1").await;
    assert_eq!(refused.problem(429, "rate_limited").body["retryAfterSeconds"], 60);
    sign_in("192.0.2.2").await.expect(200);
    city.clock.advance(chrono::TimeDelta::seconds(60));
    sign_in("192.0.2.1").await.expect(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_is_not_there_is_no_fault_of_the_code() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base = format!("http://{closed}");
    let city = City::with(Setup::Embedded, |config| config.wechat_api_base = Some(base)).await;
    let answer = city.stranger().post(PATH, &json!({ "code": city.code("resident") })).await;
    answer.problem(503, "unavailable");
    assert!(!String::from_utf8_lossy(&answer.bytes).contains("127.0.0.1"), "{}", answer.body);
}
