//! An account that is blocked.

use super::stored::execute;
use domain::id::PersonId;
use serde_json::json;
use tests::both;

both! {
    async fn a_blocked_account_is_shut_out_at_once_and_let_in_again(city: City) {
        let code = json!({ "code": city.code("resident") });
        let answer = city.stranger().post("/api/v1/auth/wechat", &code).await;
        let client = city.stranger().with_token(&answer.text("/accessToken"));
        let refresh = json!({ "refreshToken": answer.text("/refreshToken") });
        let person: PersonId = answer.text("/person/id").parse().unwrap();
        client.get("/api/v1/me").await.expect(200);
        let block = "update people set blocked_at = $2 where id = $1";
        execute(&city, block, [person.0.into(), city.now().into()]).await;
        city.app().tokens.person_changed(person);
        client.get("/api/v1/me").await.problem(403, "account_blocked");
        city.stranger().post("/api/v1/auth/refresh", &refresh).await.problem(403, "account_blocked");
        let code = json!({ "code": city.code("resident") });
        city.stranger().post("/api/v1/auth/wechat", &code).await.problem(403, "account_blocked");
        execute(&city, "update people set blocked_at = null where id = $1", [person.0.into()]).await;
        city.app().tokens.person_changed(person);
        client.get("/api/v1/me").await.expect(200);
        city.stranger().post("/api/v1/auth/refresh", &refresh).await.expect(200);
    }
}
