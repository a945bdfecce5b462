//! The sample city, and lists read to their end.

use infra::booking::transaction::Kernel;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use tests::city::City;
use tests::client::Client;

/// Loads the sample city into `city`, moved to its time.
pub async fn load_sample(city: &City) {
    let app = city.app();
    let kernel = Kernel {
        database: app.database.clone(),
        clock: Arc::clone(&app.clock),
        random: Arc::clone(&app.random),
        frames: Arc::default(),
    };
    infra::sample::load(&kernel).await.unwrap().expect("an empty city takes the sample");
}

/// Every item of the list at `path`, page by page; each at most once.
pub async fn walk(client: &Client, path: &str, limit: usize) -> Vec<Value> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let (mut items, mut cursor): (Vec<Value>, _) = (Vec::new(), String::new());
    loop {
        let answer = client.get(&format!("{path}{separator}limit={limit}{cursor}")).await;
        let page = answer.expect(200).body["items"].as_array().unwrap();
        assert!(page.len() <= limit, "{path}");
        items.extend(page.iter().cloned());
        let Some(next) = answer.body["nextCursor"].as_str() else { break };
        assert_eq!(page.len(), limit, "{path}: only the last page is short");
        cursor = format!("&cursor={next}");
    }
    let ids: BTreeSet<&str> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), items.len(), "{path}: nothing comes twice");
    items
}

/// The ids of `items`, in their order.
pub fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(|item| item["id"].as_str().unwrap()).collect()
}
