//! The cache of public answers: in process, in front of Redis where there is one.
//!
//! Invariants. Nobody gets a value whose load began more than its time to live before they asked, whichever ways it
//! came. Nobody gets a value whose load began before an edit of its topics that this process knew of when they asked. One load per
//! key and process at a time; a failed one is told to all who waited, and not kept. Redis is asked beside no hit, and what
//! it does not answer in time is loaded: without it everything is slower, nothing is different.

mod far;
mod figures;

pub use figures::Figures;

use crate::bus::{Bus, Epochs};
use crate::error::{Error, Result};
use crate::link::Link;
use bytes::Bytes;
use domain::time::{Clock, Instant};
use far::Far;
use moka::Expiry;
use std::sync::Arc;
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_128;

/// What one entry costs besides its key and its bytes, roughly.
const ENTRY_BYTES: usize = 256;
/// A clock that steps back further than this ends what was loaded "in the future".
const STEP_BACK_SECONDS_MAX: i64 = 1;

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub struct CacheOptions {
    /// Bytes kept in process at most, keys included.
    pub near_bytes_max: u64,
    /// How long Redis may take to answer, in milliseconds.
    pub far_ms_max: u64,
}

impl Default for CacheOptions {
    fn default() -> Self {
        Self { near_bytes_max: 32 * 1024 * 1024, far_ms_max: 50 }
    }
}

/// What an answer is called.
#[derive(Debug, Clone, Copy)]
pub struct Key<'a> {
    /// What it is made of: an edit of any of these ends it. The same name always has the same topics.
    pub topics: &'a [&'a str],
    /// Tells it from every other answer: the path and the query in their normal form.
    pub name: &'a str,
}

/// A cached answer; cheap to clone.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The body.
    pub bytes: Bytes,
    /// A strong entity tag (RFC 9110, 8.8.3) of the body, in its quotation marks; the same in every process.
    pub etag: Bytes,
    /// When the load began that made it, by this process's clock.
    pub loaded_at: Instant,
    /// How long it was to live when it was put here.
    left: Duration,
}

impl Entry {
    fn new(bytes: Bytes, loaded_at: Instant, left: Duration) -> Self {
        let etag = Bytes::from(format!("\"{:032x}\"", xxh3_128(&bytes)));
        Self { bytes, etag, loaded_at, left }
    }

    /// Whether somebody who asked at `asked_at` may have it.
    fn serves(&self, asked_at: Instant, ttl: Duration) -> bool {
        (asked_at - self.loaded_at).to_std().unwrap_or_default() < ttl
    }

    fn is_from_the_future(&self, now: Instant) -> bool {
        (self.loaded_at - now).num_seconds() > STEP_BACK_SECONDS_MAX
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct NearKey {
    epoch: u64,
    name: Box<str>,
}

/// Entries end by themselves when their time is over.
struct Ends;

impl Expiry<NearKey, Entry> for Ends {
    fn expire_after_create(&self, _: &NearKey, entry: &Entry, _: std::time::Instant) -> Option<Duration> {
        Some(entry.left)
    }

    fn expire_after_update(
        &self,
        _: &NearKey,
        entry: &Entry,
        _: std::time::Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(entry.left)
    }
}

/// The cache of one process; cheap to clone.
#[derive(Clone)]
pub struct Cache(Arc<Inner>);

struct Inner {
    clock: Arc<dyn Clock>,
    epochs: Arc<Epochs>,
    near: moka::future::Cache<NearKey, Entry>,
    far: Option<Far>,
    figures: Arc<Figures>,
}

impl Cache {
    /// A cache that forgets what `bus` says was edited. Redis is used only while a
    /// [`Watcher`](crate::revisions::Watcher) reads the revisions for the same bus.
    pub fn new(clock: Arc<dyn Clock>, bus: &Bus, link: Option<Link>, options: CacheOptions) -> Self {
        let near = moka::future::Cache::builder()
            .max_capacity(options.near_bytes_max)
            .weigher(|key: &NearKey, entry: &Entry| {
                u32::try_from(key.name.len() + entry.bytes.len() + ENTRY_BYTES).unwrap_or(u32::MAX)
            })
            .expire_after(Ends)
            .build();
        let figures = Arc::new(Figures::default());
        let limit = Duration::from_millis(options.far_ms_max);
        let far = link.map(|link| Far::new(link, limit, Arc::clone(&figures)));
        Self(Arc::new(Inner { clock, epochs: Arc::clone(bus.epochs()), near, far, figures }))
    }

    /// The answer called `key`: a kept one that is younger than `ttl`, or what `load` gives. `load` runs only if
    /// nobody else's is under way.
    ///
    /// # Errors
    /// Whatever `load` says, to everybody who waited for it.
    pub async fn get_or_load<L>(&self, key: Key<'_>, ttl: Duration, load: L) -> Result<Entry>
    where
        L: Future<Output = Result<Bytes>>,
    {
        let asked_at = self.0.clock.now();
        let near_key = NearKey { epoch: self.0.epochs.near(key.topics), name: key.name.into() };
        if let Some(entry) = self.0.near.get(&near_key).await {
            if entry.serves(asked_at, ttl) && !entry.is_from_the_future(asked_at) {
                self.0.figures.near();
                return Ok(entry);
            }
            // The clock has moved further than time went by.
            self.0.near.invalidate(&near_key).await;
        }
        let mut load = Some(load);
        let entry = self.join(&near_key, key, ttl, &mut load).await?;
        if load.is_none() || entry.serves(asked_at, ttl) {
            return Ok(entry);
        }
        // Somebody else's load took so long that it had begun too early for us; the next one begins after we asked.
        self.0.near.invalidate(&near_key).await;
        self.join(&near_key, key, ttl, &mut load).await
    }

    /// What this cache has done since it was made.
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// Returns when Redis has been given what was loaded so far, or was given up on.
    pub async fn stored(&self) {
        if let Some(far) = &self.0.far {
            far.stored().await;
        }
    }

    /// The outcome of the load that is under way, or of one that begins now.
    async fn join<L>(
        &self,
        near_key: &NearKey,
        key: Key<'_>,
        ttl: Duration,
        load: &mut Option<L>,
    ) -> Result<Entry>
    where
        L: Future<Output = Result<Bytes>>,
    {
        let fetching = self.fetch(key, ttl, load);
        self.0.near.try_get_with_by_ref(near_key, fetching).await.map_err(|error| Error::clone(&error))
    }

    async fn fetch<L>(&self, key: Key<'_>, ttl: Duration, load: &mut Option<L>) -> Result<Entry>
    where
        L: Future<Output = Result<Bytes>>,
    {
        // Taken before the load begins: an edit meanwhile must not find this load under its own epoch.
        let far = match (&self.0.far, self.0.epochs.far(key.topics)) {
            (Some(far), Some(epoch)) => Some((far, far.name(key.name, epoch))),
            _ => None,
        };
        if let Some((far, name)) = &far
            && let Some(found) = far.get(name, ttl, self.0.clock.now()).await
        {
            self.0.figures.far();
            return Ok(Entry::new(found.bytes, found.loaded_at, found.left));
        }
        let Some(load) = load.take() else {
            return Err(Error::Unavailable("a cached answer was to be loaded twice".into()));
        };
        self.0.figures.load();
        let (loaded_at, began) = (self.0.clock.now(), std::time::Instant::now());
        let bytes = load.await?;
        let left = ttl.saturating_sub(began.elapsed());
        if let Some((far, name)) = far {
            far.put(name, loaded_at, left, bytes.clone());
        }
        Ok(Entry::new(bytes, loaded_at, left))
    }
}

#[cfg(test)]
mod tests;
