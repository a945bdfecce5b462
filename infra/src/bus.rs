//! What processes tell each other: that something changed, never what it changed to.
//!
//! Best effort: correctness never rests on it. Whoever listens keeps a short time to live besides.

use domain::id::{PersonId, QuotaId, SessionId};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// Events kept for a listener that is slow; one that is slower still hears [`Event::Missed`].
const EVENTS_KEPT: usize = 4096;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Event {
    /// What memory says of this quota may be out of date.
    QuotaChanged(QuotaId),
    /// Public data of this topic was edited.
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
}

impl Default for Bus {
    fn default() -> Self {
        Self { local: broadcast::channel(EVENTS_KEPT).0 }
    }
}

impl Bus {
    /// Tells everybody. Never waits, never fails.
    pub fn publish(&self, event: Event) {
        // Nobody listening is no error.
        let _ = self.local.send(event);
    }

    /// Hears what is told from now on.
    pub fn subscribe(&self) -> Listener {
        Listener(self.local.subscribe())
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
