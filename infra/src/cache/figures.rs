//! What the cache has done, in numbers.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counters since the process started.
#[derive(Debug, Default)]
pub struct Figures {
    near: AtomicU64,
    far: AtomicU64,
    loads: AtomicU64,
    stored: AtomicU64,
}

impl Figures {
    pub(super) fn near(&self) {
        self.near.fetch_add(1, Relaxed);
    }

    pub(super) fn far(&self) {
        self.far.fetch_add(1, Relaxed);
    }

    pub(super) fn load(&self) {
        self.loads.fetch_add(1, Relaxed);
    }

    pub(super) fn store(&self) {
        self.stored.fetch_add(1, Relaxed);
    }

    /// Answers loaded.
    pub fn loads(&self) -> u64 {
        self.loads.load(Relaxed)
    }

    /// Answers that Redis had.
    pub fn from_redis(&self) -> u64 {
        self.far.load(Relaxed)
    }

    /// Name, meaning and value of each counter.
    pub fn all(&self) -> [(&'static str, &'static str, u64); 4] {
        [
            ("cache_hits", "Answers from this process's memory", self.near.load(Relaxed)),
            ("cache_redis_hits", "Answers that Redis had", self.from_redis()),
            ("cache_loads", "Answers loaded from the database", self.loads()),
            ("cache_redis_stores", "Answers given to Redis", self.stored.load(Relaxed)),
        ]
    }
}
