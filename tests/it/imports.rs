//! Imports by upload: the city's workbook over HTTP.

use super::night_school::fixture::load_sample;
use infra::import::{FILE_BYTES_MAX, runs};
use reqwest::Method;
use serde_json::Value;
use std::time::{Duration, Instant};
use tests::both;
use tests::client::{Answer, Client};

const WORKBOOK: &[u8] = include_bytes!("../../sample/changzhou.xlsx");
const BOUNDARY: &str = "a-line-that-no-file-has";
const DEADLINE: Duration = Duration::from_mins(1);

/// The body of a form with these files.
fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

async fn upload(client: &Client, query: &str, files: &[(&str, &[u8])]) -> Answer {
    let client = client.with_header("content-type", &format!("multipart/form-data; boundary={BOUNDARY}"));
    client.send(Method::POST, &format!("/api/v1/imports{query}"), Some(form(files))).await
}

/// What came of the import that `taken` tells of, once it has ended.
async fn ended(client: &Client, taken: &Answer) -> Value {
    let (path, since) = (format!("/api/v1/imports/{}", taken.expect(202).text("/id")), Instant::now());
    loop {
        let body = client.get(&path).await.expect(200).body.clone();
        if !["queued", "running"].contains(&body["state"].as_str().unwrap()) {
            return body;
        }
        assert!(since.elapsed() < DEADLINE, "still {body}");
        tokio::task::yield_now().await;
    }
}

fn created(body: &Value, table: &str) -> u64 {
    let changes = body["changes"].as_array().unwrap();
    let found = changes.iter().filter(|change| change["table"] == table);
    found.map(|change| change["created"].as_u64().unwrap()).sum()
}

/// The schools and the classes that a process shows.
async fn shown(client: &Client) -> (usize, usize) {
    let schools = super::night_school::fixture::walk(client, "/api/v1/schools", 100).await;
    let classes = super::night_school::fixture::walk(client, "/api/v1/classes?from=2000-01-01", 100).await;
    (schools.len(), classes.len())
}

both! {
    async fn the_workbook_is_imported_and_seen_everywhere(city: City) {
        let (operator, other) = (city.operator("operator").await, city.another().await);
        assert_eq!(shown(&operator).await, (0, 0));
        let trial = upload(&operator, "?dryRun=true", &[("changzhou.xlsx", WORKBOOK)]).await;
        let trial = ended(&operator, &trial).await;
        assert_eq!((&trial["state"], &trial["dryRun"]), (&"done".into(), &true.into()), "{trial}");
        assert_eq!((created(&trial, "schools"), created(&trial, "classes")), (26, 172));
        assert_eq!(shown(&operator).await, (0, 0));

        let taken = upload(&operator, "", &[("C:\\city\\changzhou.xlsx", WORKBOOK)]).await;
        let done = ended(&operator.at(&other.url), &taken).await;
        assert_eq!((&done["state"], &done["progress"]), (&"done".into(), &100.into()), "{done}");
        assert_eq!((created(&done, "schools"), created(&done, "classes")), (26, 172));
        assert_eq!(done["fileName"], "changzhou.xlsx");
        let (client, since) = (city.stranger().at(&other.url), Instant::now());
        while shown(&client).await != (26, 172) {
            assert!(since.elapsed() < DEADLINE, "not seen by the other process");
        }
        let again = ended(&operator, &upload(&operator, "", &[("changzhou.xlsx", WORKBOOK)]).await).await;
        assert_eq!((created(&again, "schools"), created(&again, "classes")), (0, 0), "{again}");
        other.end().await;
    }

    async fn what_is_wrong_is_told_in_both_languages(city: City) {
        let operator = city.operator("operator").await;
        let taken = upload(&operator, "", &[("broken.xlsx", &WORKBOOK[..WORKBOOK.len() / 2])]).await;
        let chinese = ended(&operator, &taken).await;
        let english = ended(&operator.with_header("accept-language", "en"), &taken).await;
        assert_eq!((&chinese["state"], &english["state"]), (&"failed".into(), &"failed".into()));
        let (zh, en) = (&chinese["errors"][0], &english["errors"][0]);
        assert_eq!(zh["sheet"], "broken.xlsx");
        assert!(!zh["expected"].as_str().unwrap().is_ascii(), "{zh}");
        assert!(en["expected"].as_str().unwrap().is_ascii(), "{en}");
        assert_eq!(shown(&operator).await, (0, 0));
    }

    async fn uploads_are_refused_by_their_reasons(city: City) {
        let (operator, resident) = (city.operator("operator").await, city.sign_in("resident").await);
        upload(&resident, "", &[("changzhou.xlsx", WORKBOOK)]).await.problem(403, "forbidden");
        upload(&operator, "", &[]).await.problem(422, "invalid");
        operator.post("/api/v1/imports", &Value::Null).await.problem(415, "unsupported_media_type");
        let large = vec![b'a'; usize::try_from(FILE_BYTES_MAX).unwrap() + 1];
        upload(&operator, "", &[("large.csv", &large)]).await.problem(413, "too_large");
        let unknown = "/api/v1/imports/imp_01h2xcejqtf2nbrexx3vqjhp41";
        operator.get(unknown).await.problem(404, "not_found");
        resident.get(unknown).await.problem(403, "forbidden");
    }

    /// The moved sample city is gone over only where that is asked for.
    async fn the_sample_city_is_left_alone(city: City) {
        load_sample(&city).await;
        let operator = city.operator("operator").await;
        let refused = ended(&operator, &upload(&operator, "", &[("changzhou.xlsx", WORKBOOK)]).await).await;
        assert_eq!((&refused["state"], &refused["refused"]), (&"failed".into(), &"sample_city".into()));
    }

    /// Its process died: nobody will ever write its end down.
    async fn an_import_without_an_end_has_failed(city: City) {
        let operator = city.operator("operator").await;
        let (app, me) = (city.app(), operator.get("/api/v1/me").await.text("/id").parse().unwrap());
        let id = runs::create(&app.database, &app.random, &["a.xlsx"], false, me, app.now()).await.unwrap();
        runs::advance(&app.database, id, 30).await.unwrap();
        let path = format!("/api/v1/imports/{id}");
        assert_eq!(operator.get(&path).await.expect(200).body["state"], "running");
        city.clock.advance(chrono::TimeDelta::minutes(runs::MINUTES_MAX + 1));
        let operator = city.sign_in("operator").await;
        let body = operator.get(&path).await.expect(200).body.clone();
        assert_eq!((&body["state"], &body["refused"]), (&"failed".into(), &"interrupted".into()));
    }
}
