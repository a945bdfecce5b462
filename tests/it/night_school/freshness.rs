//! How soon an edit, and a figure, is seen: within a second, in every process.
//!
//! Whoever asks a second after the commit must not be answered as before it; how soon a machine under load gets round to
//! answering is not what is asked here.

use super::fixture::{ids, load_sample, walk};
use infra::bus::{Bus, Event};
use infra::night_school::catalogue::Catalogue;
use infra::night_school::edit::TOPIC;
use infra::revisions::bump;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;
use std::time::{Duration, Instant};
use tests::both;
use tests::city::City;
use tests::client::Client;

const SEEN_WITHIN: Duration = Duration::from_secs(1);

/// One statement on the one class `id`, committed; as an edit, or as the desk would.
async fn commit(city: &City, text: &str, id: &str, is_edit: bool) {
    let id: domain::id::ClassId = id.parse().unwrap();
    let transaction = city.app().database.begin().await.unwrap();
    let backend = city.app().database.backend();
    let statement = Statement::from_sql_and_values(backend, text, [id.0.into()]);
    assert_eq!(transaction.execute_raw(statement).await.unwrap().rows_affected(), 1);
    if is_edit {
        bump(&transaction, TOPIC).await.unwrap();
    }
    transaction.commit().await.unwrap();
}

/// Asks until `is_new`, and fails if an answer is old that was asked for too late to be.
async fn seen(client: &Client, path: &str, committed: Instant, is_new: impl Fn(&Value) -> bool) {
    loop {
        let asked = committed.elapsed();
        let answer = client.get(path).await;
        if is_new(&answer.expect(200).body) {
            return;
        }
        assert!(asked < SEEN_WITHIN, "{path}: asked {asked:?} after the commit, answered as before it");
    }
}

both! {
    /// Nobody is told on the bus: as of an import from the command line.
    async fn an_edit_is_seen_by_every_process_within_a_second(city: City) {
        load_sample(&city).await;
        let other = city.another().await;
        let clients = [city.stranger(), city.stranger().at(&other.url)];
        let id = walk(&clients[0], "/api/v1/classes", 100).await[0]["id"].as_str().unwrap().to_owned();
        let detail = format!("/api/v1/classes/{id}");
        for title in ["又一个名字", "最后的名字"] {
            for client in &clients {
                client.get(&detail).await.expect(200);
                client.get("/api/v1/classes?limit=100").await.expect(200);
            }
            commit(&city, &format!("update classes set title = '{title}' where id = $1"), &id, true).await;
            let committed = Instant::now();
            for client in &clients {
                seen(client, &detail, committed, |body| body["title"] == title).await;
                let listed = |body: &Value| body["items"].as_array().unwrap().iter().any(|item| item["title"] == title);
                seen(client, "/api/v1/classes?limit=100", committed, listed).await;
            }
        }
        other.end().await;
    }

    async fn figures_are_at_most_a_second_old(city: City) {
        load_sample(&city).await;
        let client = city.stranger();
        let all = walk(&client, "/api/v1/classes", 100).await;
        let class = all.iter().find(|class| class["seatsLeft"].as_u64() > Some(1)).unwrap();
        let (id, left) = (class["id"].as_str().unwrap(), class["seatsLeft"].as_u64().unwrap());
        let detail = format!("/api/v1/classes/{id}");
        client.get(&detail).await.expect(200);
        let taken = "update quotas set confirmed = confirmed + 1 where kind = 'class' and subject_id = $1";
        commit(&city, taken, id, false).await;
        seen(&client, &detail, Instant::now(), |body| body["seatsLeft"] == left - 1).await;
    }

    /// A class that is called off leaves the list, and can still be asked for.
    async fn what_is_called_off_is_left_out_unless_it_is_asked_for(city: City) {
        load_sample(&city).await;
        let client = city.stranger();
        let before = walk(&client, "/api/v1/classes", 100).await;
        let id = before[0]["id"].as_str().unwrap();
        let cancel = "update quotas set status = 'cancelled' where kind = 'class' and subject_id = $1";
        commit(&city, cancel, id, true).await;
        let detail = format!("/api/v1/classes/{id}");
        seen(&client, &detail, Instant::now(), |body| body["phase"] == "cancelled").await;
        // Asked for in other words than before, so that no kept answer is in the way.
        assert_eq!(walk(&client, "/api/v1/classes", 99).await.len(), before.len() - 1);
        let cancelled = walk(&client, "/api/v1/classes?phase=cancelled", 100).await;
        assert_eq!(ids(&cancelled), [id]);
        let day = before[0]["firstLessonOn"].as_str().unwrap();
        let since = walk(&client, &format!("/api/v1/classes?from={day}"), 100).await;
        assert!(ids(&since).contains(&id));
    }

    /// Also the very first edit that a process hears of, before it has read any revision.
    async fn the_first_edit_is_not_missed(city: City) {
        load_sample(&city).await;
        let bus = Bus::default();
        let catalogue = Catalogue::new(city.app().database.clone(), bus.clone());
        let class = catalogue.snapshot().await.unwrap().classes[0].class.id;
        commit(&city, "update classes set title = '又一个名字' where id = $1", &class.to_string(), true).await;
        bus.publish(Event::Edited(TOPIC.to_owned()));
        let listed = catalogue.class(class).await.unwrap().unwrap();
        assert_eq!(listed.class.spec.title, "又一个名字");
    }
}
