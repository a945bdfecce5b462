//! The bus between processes: Redis pub/sub.
//!
//! Sending: one task with a bounded queue. A message that Redis did not take is kept and sent again; when the queue has
//! overflowed, everybody is told [`Event::Missed`] in place of what was in it. Hearing: one task with a connection of its
//! own, tried when it is silent; whenever it has subscribed, this process hears [`Event::Missed`], because nobody knows what was
//! said before.

use super::{Epochs, Event};
use crate::link::Link;
use crate::random::Random;
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

/// Events that wait to be sent at most.
const QUEUED_MAX: usize = 4096;
/// Events in one message at most.
const BATCH_MAX: usize = 256;
/// How long Redis may take to accept a message.
const PUBLISH_MAX: Duration = Duration::from_millis(500);
/// How often a message that was not accepted is offered again; the link's own pauses are longer.
const RETRY_EVERY: Duration = Duration::from_millis(50);
/// How long subscribing may take, from the connection on.
const SUBSCRIBE_MAX: Duration = Duration::from_secs(2);
/// A connection that was silent for so long is tried.
const SILENCE_MAX: Duration = Duration::from_secs(2);
/// How long it may take to answer then.
const PING_MAX: Duration = Duration::from_secs(1);
/// The first pause after a subscription was lost; it doubles up to the last one.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// What goes over the wire.
#[derive(Serialize)]
struct Sent<'a> {
    from: &'a str,
    events: &'a [Event],
}

#[derive(Deserialize)]
struct Heard {
    from: String,
    events: Vec<Event>,
}

/// Where events wait to be sent.
#[derive(Debug)]
pub struct Outbox {
    queue: mpsc::Sender<Event>,
    overflowed: Arc<AtomicBool>,
    _listening: DropGuard,
}

impl Outbox {
    /// Puts an event into the queue. Never waits.
    pub fn put(&self, event: Event) {
        if self.queue.try_send(event).is_err() {
            self.overflowed.store(true, Relaxed);
        }
    }
}

/// Starts both tasks.
pub fn start(
    link: &Link,
    random: &Random,
    local: broadcast::WeakSender<Event>,
    epochs: Arc<Epochs>,
) -> Outbox {
    let origin = random.bytes::<8>().iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    let channel = link.key("bus");
    let (queue, queued) = mpsc::channel(QUEUED_MAX);
    let overflowed = Arc::new(AtomicBool::new(false));
    let stop = CancellationToken::new();
    let sender = Sender { link: link.clone(), channel: channel.clone(), origin: origin.clone(), queued };
    tokio::spawn(sender.run(Arc::clone(&overflowed)));
    let hearer = Hearer { link: link.clone(), channel, origin, local, epochs };
    let stopped = stop.clone();
    tokio::spawn(async move { stopped.run_until_cancelled(hearer.run()).await });
    Outbox { queue, overflowed, _listening: stop.drop_guard() }
}

struct Sender {
    link: Link,
    channel: String,
    origin: String,
    queued: mpsc::Receiver<Event>,
}

impl Sender {
    /// Until the bus is gone and what it had to say is said.
    async fn run(mut self, overflowed: Arc<AtomicBool>) {
        let mut batch = Vec::new();
        while self.queued.recv_many(&mut batch, BATCH_MAX).await > 0 {
            batch.dedup();
            loop {
                if overflowed.swap(false, Relaxed) {
                    while self.queued.try_recv().is_ok() {}
                    batch = vec![Event::Missed];
                }
                // Nobody waits for ever for a process that ends.
                if self.deliver(&batch).await || self.queued.is_closed() {
                    break;
                }
                sleep(RETRY_EVERY).await;
            }
            batch.clear();
        }
    }

    async fn deliver(&self, events: &[Event]) -> bool {
        let message = match serde_json::to_vec(&Sent { from: &self.origin, events }) {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(%error, "events that cannot be written");
                return true;
            }
        };
        let mut publish = redis::pipe();
        publish.cmd("PUBLISH").arg(&self.channel).arg(message).ignore();
        self.link.run::<()>(&publish, PUBLISH_MAX).await.is_some()
    }
}

struct Hearer {
    link: Link,
    channel: String,
    origin: String,
    local: broadcast::WeakSender<Event>,
    epochs: Arc<Epochs>,
}

impl Hearer {
    /// Until it is dropped.
    async fn run(self) {
        let mut pause = PAUSE_MIN;
        loop {
            let began = Instant::now();
            let error = self.listen().await;
            tracing::debug!(%error, "not hearing the other processes");
            if began.elapsed() > PAUSE_MAX {
                pause = PAUSE_MIN;
            }
            sleep(pause).await;
            pause = (2 * pause).min(PAUSE_MAX);
        }
    }

    /// Listens until the connection is lost; why it was.
    async fn listen(&self) -> String {
        let subscribing = async {
            let mut connection = self.link.client().get_async_pubsub().await?;
            connection.subscribe(&self.channel).await?;
            Ok::<_, redis::RedisError>(connection.split())
        };
        let (mut asking, mut messages) = match timeout(SUBSCRIBE_MAX, subscribing).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return "subscribing took too long".to_owned(),
        };
        self.hear(Event::Missed);
        loop {
            match timeout(SILENCE_MAX, messages.next()).await {
                Ok(Some(message)) => self.take(message.get_payload_bytes()),
                Ok(None) => return "the connection was closed".to_owned(),
                Err(_) => match timeout(PING_MAX, asking.ping::<redis::Value>()).await {
                    Ok(Ok(_)) => {}
                    Ok(Err(error)) => return error.to_string(),
                    Err(_) => return "the connection is dead".to_owned(),
                },
            }
        }
    }

    fn take(&self, message: &[u8]) {
        match serde_json::from_slice::<Heard>(message) {
            Ok(heard) if heard.from == self.origin => {}
            Ok(heard) => heard.events.into_iter().for_each(|event| self.hear(event)),
            // A newer version may know more events than we do.
            Err(error) => {
                tracing::debug!(%error, "an event that this version does not know");
                self.hear(Event::Missed);
            }
        }
    }

    fn hear(&self, event: Event) {
        self.epochs.hear(&event);
        if let Some(local) = self.local.upgrade() {
            let _ = local.send(event);
        }
    }
}
