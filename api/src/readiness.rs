//! Whether this process wants requests.

use std::sync::atomic::{AtomicBool, Ordering};

/// Set when everything that a start does is done, and taken back before the process ends, so that whoever spreads
/// requests over processes stops sending them here.
#[derive(Debug, Default)]
pub struct Readiness {
    is_started: AtomicBool,
    is_stopping: AtomicBool,
}

impl Readiness {
    /// The start is over.
    pub fn started(&self) {
        self.is_started.store(true, Ordering::Release);
    }

    /// The end has begun.
    pub fn stopping(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    /// What stands in the way of requests, if anything does.
    pub fn obstacle(&self) -> Option<&'static str> {
        if self.is_stopping.load(Ordering::Acquire) {
            Some("stopping")
        } else if self.is_started.load(Ordering::Acquire) {
            None
        } else {
            Some("starting")
        }
    }
}
