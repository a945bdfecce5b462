//! The cache of a single process.

use super::*;
use crate::bus::Event;
use domain::refusal::Refusal;
use domain::time::ManualClock;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use tokio::sync::{Notify, oneshot};
use tokio::task::{JoinHandle, yield_now};

const CLASSES: Key<'static> = Key { topics: &["classes"], name: "/classes" };
const TTL: Duration = Duration::from_secs(10);

struct Fixture {
    clock: Arc<ManualClock>,
    bus: Bus,
    cache: Cache,
}

fn fixture() -> Fixture {
    let clock = Arc::new(ManualClock::at("2027-02-20T10:00:00Z".parse().unwrap()));
    let bus = Bus::default();
    let cache = Cache::new(Arc::clone(&clock) as Arc<dyn Clock>, &bus, None, CacheOptions::default());
    Fixture { clock, bus, cache }
}

impl Fixture {
    fn pass(&self, seconds: i64) {
        self.clock.advance(chrono::TimeDelta::seconds(seconds));
    }

    async fn get(&self, would_load: &'static str) -> Bytes {
        self.cache
            .get_or_load(CLASSES, TTL, async { Ok(Bytes::from_static(would_load.as_bytes())) })
            .await
            .unwrap()
            .bytes
    }

    /// Begins a load and returns once it is under way; it ends when the sender says with what.
    async fn begin(&self) -> (oneshot::Sender<Result<&'static str>>, JoinHandle<Result<Entry>>) {
        let (sender, outcome) = oneshot::channel::<Result<&'static str>>();
        let under_way = Arc::new(Notify::new());
        let (cache, begun) = (self.cache.clone(), Arc::clone(&under_way));
        let asking = tokio::spawn(async move {
            let load = async {
                begun.notify_one();
                outcome.await.unwrap().map(Bytes::from)
            };
            cache.get_or_load(CLASSES, TTL, load).await
        });
        under_way.notified().await;
        (sender, asking)
    }

    /// Asks from a task of its own, which has asked when this returns.
    async fn ask(&self, would_load: &'static str) -> JoinHandle<Result<Entry>> {
        let (cache, asked) = (self.cache.clone(), Arc::new(AtomicU32::new(0)));
        let asking = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            asking.store(1, SeqCst);
            cache.get_or_load(CLASSES, TTL, async { Ok(Bytes::from(would_load)) }).await
        });
        // One thread: when the task has begun, it has also come to where it waits.
        while asked.load(SeqCst) == 0 {
            yield_now().await;
        }
        task
    }
}

#[tokio::test]
async fn a_hundred_who_ask_at_once_cost_one_load() {
    let fixture = fixture();
    let (outcome, first) = fixture.begin().await;
    let mut others = Vec::new();
    for _ in 0..99 {
        others.push(fixture.ask("another").await);
    }
    outcome.send(Ok("the one")).unwrap();
    for asked in others.into_iter().chain([first]) {
        assert_eq!(asked.await.unwrap().unwrap().bytes, "the one");
    }
    assert_eq!(fixture.cache.figures().loads(), 1);
}

#[tokio::test]
async fn a_failure_is_told_to_all_who_waited_and_not_kept() {
    let fixture = fixture();
    let (outcome, first) = fixture.begin().await;
    let second = fixture.ask("never loaded").await;
    outcome.send(Err(Error::Refused(Refusal::NotFound))).unwrap();
    for asked in [first, second] {
        assert!(matches!(asked.await.unwrap(), Err(Error::Refused(Refusal::NotFound))));
    }
    assert_eq!(fixture.get("now it is there").await, "now it is there");
}

#[tokio::test]
async fn who_waits_loads_when_the_one_who_loaded_goes_away() {
    let fixture = fixture();
    let (_outcome, first) = fixture.begin().await;
    let second = fixture.ask("by the second").await;
    first.abort();
    assert_eq!(second.await.unwrap().unwrap().bytes, "by the second");
}

#[tokio::test]
async fn nothing_is_served_beyond_its_time() {
    let fixture = fixture();
    assert_eq!(fixture.get("old").await, "old");
    fixture.pass(9);
    assert_eq!(fixture.get("new").await, "old");
    fixture.pass(1);
    assert_eq!(fixture.get("new").await, "new");
}

#[tokio::test]
async fn the_time_counts_from_the_beginning_of_the_load() {
    let fixture = fixture();
    let (outcome, first) = fixture.begin().await;
    fixture.pass(9);
    outcome.send(Ok("old")).unwrap();
    assert_eq!(first.await.unwrap().unwrap().bytes, "old");
    assert_eq!(fixture.get("new").await, "old");
    fixture.pass(1);
    assert_eq!(fixture.get("new").await, "new");
}

#[tokio::test]
async fn who_comes_late_to_a_long_load_is_not_given_its_old_value() {
    let fixture = fixture();
    let (outcome, first) = fixture.begin().await;
    fixture.pass(9);
    let in_time = fixture.ask("new").await;
    fixture.pass(1);
    let late = fixture.ask("new").await;
    outcome.send(Ok("old")).unwrap();
    assert_eq!(first.await.unwrap().unwrap().bytes, "old");
    assert_eq!(in_time.await.unwrap().unwrap().bytes, "old");
    assert_eq!(late.await.unwrap().unwrap().bytes, "new");
}

#[tokio::test]
async fn time_passes_even_where_the_clock_stands() {
    let fixture = fixture();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(10);
    while fixture.cache.figures().loads() < 2 {
        assert!(tokio::time::Instant::now() < deadline, "the entry never ended");
        let load = async { Ok(Bytes::from_static(b"value")) };
        fixture.cache.get_or_load(CLASSES, Duration::from_millis(1), load).await.unwrap();
    }
}

#[tokio::test]
async fn a_clock_that_steps_back_gives_nothing_a_longer_life() {
    let fixture = fixture();
    assert_eq!(fixture.get("old").await, "old");
    fixture.pass(-3600);
    assert_eq!(fixture.get("new").await, "new");
    assert_eq!(fixture.get("newer").await, "new");
}

#[tokio::test]
async fn an_edit_ends_what_was_kept_before_it_is_told() {
    let fixture = fixture();
    let mut listener = fixture.bus.subscribe();
    assert_eq!(fixture.get("old").await, "old");
    fixture.bus.publish(Event::Edited("schools".into()));
    assert_eq!(fixture.get("new").await, "old");
    fixture.bus.publish(Event::Edited("classes".into()));
    assert_eq!(fixture.get("new").await, "new");
    fixture.bus.publish(Event::Missed);
    assert_eq!(fixture.get("newer").await, "newer");
    for heard in [Event::Edited("schools".into()), Event::Edited("classes".into()), Event::Missed] {
        assert_eq!(listener.next().await, Some(heard));
    }
}

#[tokio::test]
async fn a_load_that_began_before_an_edit_is_not_kept_after_it() {
    let fixture = fixture();
    let (outcome, before) = fixture.begin().await;
    fixture.bus.publish(Event::Edited("classes".into()));
    // Does not wait for the load that is under way, either.
    let after = fixture.ask("new").await;
    assert_eq!(after.await.unwrap().unwrap().bytes, "new");
    outcome.send(Ok("old")).unwrap();
    assert_eq!(before.await.unwrap().unwrap().bytes, "old");
    assert_eq!(fixture.get("newer").await, "new");
}

#[tokio::test]
async fn the_tag_tells_bodies_apart() {
    let fixture = fixture();
    let load = |body: &'static str| async move { Ok(Bytes::from(body)) };
    let named = |name| Key { topics: &[], name };
    let one = fixture.cache.get_or_load(named("one"), TTL, load("body")).await.unwrap();
    let same = fixture.cache.get_or_load(named("same"), TTL, load("body")).await.unwrap();
    let other = fixture.cache.get_or_load(named("other"), TTL, load("another body")).await.unwrap();
    assert_eq!(one.etag, same.etag);
    assert_ne!(one.etag, other.etag);
    assert!(one.etag.starts_with(b"\"") && one.etag.ends_with(b"\"") && one.etag.len() == 34);
}

#[tokio::test]
async fn memory_is_bounded_by_bytes() {
    let fixture = fixture();
    let options = CacheOptions { near_bytes_max: 100_000, ..CacheOptions::default() };
    let cache = Cache::new(Arc::clone(&fixture.clock) as Arc<dyn Clock>, &fixture.bus, None, options);
    for number in 0..1000 {
        let name = number.to_string();
        let load = async { Ok(Bytes::from(vec![0; 1000])) };
        cache.get_or_load(Key { topics: &[], name: &name }, TTL, load).await.unwrap();
    }
    cache.0.near.run_pending_tasks().await;
    assert!(cache.0.near.weighted_size() <= 100_000);
    assert!(cache.0.near.entry_count() > 50);
}
