//! Problems, ids, limits, documents.

use serde_json::json;
use tests::both;

both! {
    async fn what_does_not_exist_is_said_in_both_languages(city: City) {
        let answer = city.stranger().get("/api/v1/nothing").await;
        answer.problem(404, "not_found");
        assert_eq!(answer.headers["content-language"], "zh-CN");
        let answer = city.stranger().with_header("accept-language", "en-GB").get("/api/v1/nothing").await;
        answer.problem(404, "not_found");
        assert_eq!(answer.headers["content-language"], "en");
        assert!(answer.text("/title").is_ascii());
    }

    async fn health_time_and_numbers_are_told(city: City) {
        assert_eq!(city.stranger().get("/healthz").await.expect(200).bytes, b"ok");
        city.stranger().get("/readyz").await.expect(200);
        let time = city.stranger().get("/api/v1/time").await;
        assert_eq!(time.text("/serverNow"), "2027-02-19T20:00:00+08:00");
        let metrics = city.stranger().get("/metrics").await;
        assert!(String::from_utf8_lossy(&metrics.expect(200).bytes).contains("changqing_desk_batches"));
        let config = city.stranger().get("/api/v1/config").await;
        assert_eq!(config.expect(200).body["sandbox"], json!(true));
    }

    async fn the_document_and_its_page_need_no_network(city: City) {
        let document = city.stranger().get("/openapi.json").await;
        assert!(document.expect(200).text("/openapi").starts_with("3.1"));
        let docs = city.stranger().get("/docs/").await;
        let html = String::from_utf8_lossy(&docs.expect(200).bytes).into_owned();
        assert!(!html.contains("https://"), "{html}");
    }
}
