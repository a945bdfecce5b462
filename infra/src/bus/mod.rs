//! What processes tell each other: that something changed, never what it changed to.
//!
//! Best effort: correctness never rests on it. Whoever listens keeps a short time to live besides. An edit makes the
//! caches of this process forget before `publish` returns, and before a listener hears of it.

mod epochs;
mod far;

pub use epochs::Epochs;

use crate::link::Link;
use crate::random::Random;
use domain::id::{PersonId, QuotaId, SessionId};
use far::Outbox;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Events kept for a listener that is slow; one that is slower still hears [`Event::Missed`].
const EVENTS_KEPT: usize = 4096;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// What memory says of this quota may be out of date.
    QuotaChanged(QuotaId),
    /// Public data of this topic was edited. The edit's transaction also bumped the topic's revision
    /// ([`crate::revisions::bump`]).
    Edited(String),
    /// A session was ended.
    SessionEnded(SessionId),
    /// A person's profile, consents, roles or block changed.
    PersonChanged(PersonId),
    /// Events may have been missed: everything in memory may be out of date.
    Missed,
}

/// The bus of one process.
#[derive(Debug, Clone)]
pub struct Bus {
    local: broadcast::Sender<Event>,
    epochs: Arc<Epochs>,
    /// What other processes are told; none where there is only this one.
    outbox: Option<Arc<Outbox>>,
}

impl Default for Bus {
    /// Within this process.
    fn default() -> Self {
        Self { local: broadcast::channel(EVENTS_KEPT).0, epochs: Arc::default(), outbox: None }
    }
}

impl Bus {
    /// Between all processes with the same Redis and prefix. Starts two tasks, which end with the last clone.
    /// Whenever it has begun to hear the others, at first and after Redis was lost, listeners hear [`Event::Missed`].
    pub fn over_redis(link: &Link, random: &Random) -> Self {
        let bus = Self::default();
        let outbox = far::start(link, random, bus.local.downgrade(), Arc::clone(&bus.epochs));
        Self { outbox: Some(Arc::new(outbox)), ..bus }
    }

    /// Tells everybody. Never waits, never fails.
    pub fn publish(&self, event: Event) {
        if let Some(outbox) = &self.outbox {
            outbox.put(event.clone());
        }
        self.epochs.hear(&event);
        self.announce(event);
    }

    /// Hears what is told from now on.
    pub fn subscribe(&self) -> Listener {
        Listener(self.local.subscribe())
    }

    /// Which edits this process knows of.
    pub fn epochs(&self) -> &Arc<Epochs> {
        &self.epochs
    }

    /// Tells the listeners of this process alone, who already see what it says in the epochs.
    pub(crate) fn announce(&self, event: Event) {
        // Nobody listening is no error.
        let _ = self.local.send(event);
    }
}

/// Hears events.
#[derive(Debug)]
pub struct Listener(broadcast::Receiver<Event>);

impl Listener {
    /// The next event; nothing when the bus is gone.
    pub async fn next(&mut self) -> Option<Event> {
        match self.0.recv().await {
            Ok(event) => Some(event),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Event::Missed),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}
