//! What the desk has done, in numbers.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counters since the process started.
#[derive(Debug, Default)]
pub struct Figures {
    batches: AtomicU64,
    commands: AtomicU64,
    retries: AtomicU64,
    halvings: AtomicU64,
    from_memory: AtomicU64,
}

impl Figures {
    pub(super) fn batch(&self, commands: usize) {
        self.batches.fetch_add(1, Relaxed);
        self.commands.fetch_add(u64::try_from(commands).unwrap_or(u64::MAX), Relaxed);
    }

    pub(super) fn retried(&self) {
        self.retries.fetch_add(1, Relaxed);
    }

    pub(super) fn halved(&self) {
        self.halvings.fetch_add(1, Relaxed);
    }

    pub(super) fn refused_from_memory(&self) {
        self.from_memory.fetch_add(1, Relaxed);
    }

    /// Name, meaning and value of each counter.
    pub fn all(&self) -> [(&'static str, &'static str, u64); 5] {
        [
            ("desk_batches", "Batches committed", self.batches.load(Relaxed)),
            ("desk_commands", "Commands answered from a committed batch", self.commands.load(Relaxed)),
            ("desk_retries", "Batches tried again", self.retries.load(Relaxed)),
            ("desk_halvings", "Batches cut in half to find a culprit", self.halvings.load(Relaxed)),
            ("desk_refused_from_memory", "Requests refused by a seal", self.from_memory.load(Relaxed)),
        ]
    }
}
