//! What processes share of the cache: Redis.
//!
//! A value carries the instant at which its load began, so that its age goes on in whichever process reads it. Redis lets it
//! end, too, by its own clock; the older of the two ages counts, so neither a clock that is wrong nor a Redis that was
//! frozen between being told and doing it makes anything live longer.

use super::figures::Figures;
use crate::link::Link;
use bytes::Bytes;
use domain::time::Instant;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Values on their way to Redis at once; more are not sent.
const STORING_MAX: u32 = 16;
/// A value larger than this stays in process.
const VALUE_BYTES_MAX: usize = 1024 * 1024;
/// A name longer than this is replaced by its digest: what somebody typed into a query must not fill Redis.
const NAME_BYTES_MAX: usize = 200;
/// How long Redis may take to store a value; nobody waits for it.
const STORE_MAX: Duration = Duration::from_millis(500);
/// The instant, in milliseconds since 1970, before the value.
const HEADER_BYTES: usize = 8;

/// The shared part of the cache.
pub struct Far {
    link: Link,
    limit: Duration,
    storing: Arc<Semaphore>,
    figures: Arc<Figures>,
}

/// A value that Redis had.
pub struct Found {
    pub bytes: Bytes,
    /// By the clock of this process.
    pub loaded_at: Instant,
    /// How long it has yet to live.
    pub left: Duration,
}

impl Far {
    pub fn new(link: Link, limit: Duration, figures: Arc<Figures>) -> Self {
        Self { link, limit, storing: Arc::new(Semaphore::new(STORING_MAX as usize)), figures }
    }

    /// What the answer `name` is called in Redis. Another version of the program may write it in another form.
    pub fn name(&self, name: &str, epoch: i64) -> String {
        const VERSION: &str = env!("CARGO_PKG_VERSION");
        if name.len() <= NAME_BYTES_MAX {
            return self.link.key(&format!("cache:{VERSION}:{epoch}:{name}"));
        }
        let digest = Sha256::digest(name).iter().fold(String::new(), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        });
        self.link.key(&format!("cache:{VERSION}:{epoch}:sha256:{digest}"))
    }

    /// The value, if Redis has it, says so in time, and it is younger than `ttl`.
    pub async fn get(&self, name: &str, ttl: Duration, now: Instant) -> Option<Found> {
        let mut commands = redis::pipe();
        commands.cmd("GET").arg(name).cmd("PTTL").arg(name);
        let (value, left_ms) = self.link.run::<(Option<Vec<u8>>, i64)>(&commands, self.limit).await?;
        let (loaded_at, bytes) = decode(value?)?;
        // Without an end (-1) it is not ours; without a key (-2) it has just ended.
        let left_there = Duration::from_millis(u64::try_from(left_ms).ok()?);
        let age_here = (now - loaded_at).to_std().unwrap_or_default();
        let left = ttl.saturating_sub(age_here).min(left_there);
        let age = chrono::TimeDelta::from_std(ttl.saturating_sub(left)).ok()?;
        (!left.is_zero()).then(|| Found { bytes, loaded_at: now - age, left })
    }

    /// Gives a value to Redis, beside the request.
    pub fn put(&self, name: String, loaded_at: Instant, left: Duration, bytes: Bytes) {
        let left_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        if left_ms == 0 || bytes.len() > VALUE_BYTES_MAX {
            return;
        }
        let Ok(permit) = Arc::clone(&self.storing).try_acquire_owned() else { return };
        let (link, figures) = (self.link.clone(), Arc::clone(&self.figures));
        tokio::spawn(async move {
            let mut commands = redis::pipe();
            commands.cmd("SET").arg(name).arg(encode(loaded_at, &bytes)).arg("PX").arg(left_ms).ignore();
            if link.run::<()>(&commands, STORE_MAX).await.is_some() {
                figures.store();
            }
            drop(permit);
        });
    }

    /// Returns when nothing is on its way.
    pub async fn stored(&self) {
        // Never closed, so this cannot fail.
        let _ = self.storing.acquire_many(STORING_MAX).await;
    }
}

fn encode(loaded_at: Instant, bytes: &[u8]) -> Vec<u8> {
    let mut value = Vec::with_capacity(HEADER_BYTES + bytes.len());
    value.extend_from_slice(&loaded_at.timestamp_millis().to_be_bytes());
    value.extend_from_slice(bytes);
    value
}

fn decode(value: Vec<u8>) -> Option<(Instant, Bytes)> {
    let header: [u8; HEADER_BYTES] = value.get(..HEADER_BYTES)?.try_into().ok()?;
    let loaded_at = Instant::from_timestamp_millis(i64::from_be_bytes(header))?;
    Some((loaded_at, Bytes::from(value).slice(HEADER_BYTES..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_the_instant_of_its_load() {
        let at = Instant::from_timestamp_millis(1_800_000_000_123).unwrap();
        assert_eq!(decode(encode(at, b"body")).unwrap(), (at, Bytes::from_static(b"body")));
        assert_eq!(decode(encode(at, b"")).unwrap(), (at, Bytes::new()));
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        assert!(decode(b"short".to_vec()).is_none());
        assert!(decode([0x7f; 12].to_vec()).is_none(), "no such instant");
    }
}
