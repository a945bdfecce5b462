//! The desk: requests queue per quota and are carried out in batches, one transaction each.
//!
//! No artificial delay: a batch forms while the one before it commits. PostgreSQL: one writer per busy quota and process,
//! a few batches in flight, ready quotas take turns; the row lock keeps several processes exact. SQLite: one writer for all.
//! The queue is bounded in length and by deadline; whoever is queued is answered, also at shutdown.

mod batch;
mod figures;
mod queues;
mod seal;

pub use figures::Figures;

use crate::booking::transaction::Kernel;
use crate::bus::{Bus, Event};
use crate::error::{Error, Result};
use domain::booking::command::{Command, Outcome, Verb};
use domain::id::QuotaId;
use queues::{Job, Queues};
use seal::Seals;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};
use tokio::time::Instant;

/// How much may wait, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct DeskLimits {
    /// Requests that wait for one quota at most.
    pub queued_per_quota_max: usize,
    /// Requests that wait at all at most.
    pub queued_max: usize,
    /// How long a request may wait for its batch, in milliseconds.
    pub wait_ms_max: u64,
    /// Batches in flight at most; SQLite has one.
    pub batches_in_flight_max: usize,
}

impl Default for DeskLimits {
    fn default() -> Self {
        Self { queued_per_quota_max: 8_192, queued_max: 32_768, wait_ms_max: 5_000, batches_in_flight_max: 4 }
    }
}

/// How often the queues are looked through for those who have waited for too long: so much later may they be told.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// When a caller that was turned away tries again, in seconds.
const RETRY_SECONDS: u32 = 2;

/// The desk of one process; cheap to clone.
#[derive(Clone)]
pub struct Desk(Arc<Inner>);

struct Inner {
    kernel: Kernel,
    bus: Bus,
    limits: DeskLimits,
    queues: Mutex<Queues>,
    seals: Arc<Seals>,
    idle: Notify,
    /// Told when work has become due.
    due: Arc<Notify>,
    figures: Figures,
}

impl Desk {
    /// Opens the desk, and listens to what other processes change.
    pub fn open(kernel: Kernel, bus: Bus, limits: DeskLimits, due: Arc<Notify>) -> Self {
        let limits = if kernel.database.is_sqlite() {
            DeskLimits { batches_in_flight_max: 1, ..limits }
        } else {
            limits
        };
        let seals = Arc::new(Seals::new(kernel.clone()));
        let mut listener = bus.subscribe();
        let hearing = Arc::downgrade(&seals);
        tokio::spawn(async move {
            while let Some(event) = listener.next().await {
                let Some(seals) = hearing.upgrade() else { break };
                match event {
                    Event::QuotaChanged(quota) => seals.clear(quota),
                    Event::Missed => seals.clear_all(),
                    _ => {}
                }
            }
        });
        let inner = Inner {
            kernel,
            bus,
            limits,
            queues: Mutex::new(Queues::default()),
            seals,
            idle: Notify::new(),
            due,
            figures: Figures::default(),
        };
        let desk = Arc::new(inner);
        tokio::spawn(turn_away_in_time(Arc::downgrade(&desk)));
        Self(desk)
    }

    /// Hands a command in and waits for its answer. Must not be called while holding a connection.
    ///
    /// # Errors
    /// [`Error::Refused`] if a rule says no; [`Error::Overloaded`] if too much waits; [`Error::Unavailable`] if the database does
    /// not answer; [`Error::OutcomeUnknown`] if it went away during the commit.
    pub async fn submit(&self, command: Command) -> Result<Outcome> {
        if let (Verb::Take(_), Some(person)) = (&command.verb, command.person)
            && let Some(refusal) = self.0.seals.refusal(command.quota, person)
        {
            self.0.figures.refused_from_memory();
            return Err(refusal.into());
        }
        let (sender, receiver) = oneshot::channel();
        let deadline = Instant::now() + Duration::from_millis(self.0.limits.wait_ms_max);
        self.lock().enqueue(Job { command, answer: sender, deadline }, &self.0.limits)?;
        self.start_batches();
        receiver.await.unwrap_or_else(|_| Err(Error::OutcomeUnknown("the batch was lost".into())))
    }

    /// What memory says of `quota` is out of date: called after an edit was committed.
    pub fn edited(&self, quota: QuotaId) {
        self.0.seals.clear(quota);
        self.0.bus.publish(Event::QuotaChanged(quota));
        self.0.due.notify_one();
    }

    /// Takes nothing new and returns when everybody who waits has been answered.
    pub async fn drain(&self) {
        self.lock().close();
        loop {
            let idle = self.0.idle.notified();
            if self.lock().is_idle() {
                return;
            }
            idle.await;
        }
    }

    /// What the desk has done since it was opened.
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// Requests that wait now.
    pub fn queued(&self) -> usize {
        self.lock().len()
    }

    /// Batches in flight now.
    pub fn in_flight(&self) -> usize {
        self.lock().in_flight()
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.0.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start_batches(&self) {
        while let Some(batch) = self.lock().next_batch(&self.0.limits) {
            let desk = self.clone();
            tokio::spawn(async move {
                let finish = Finish { desk: &desk, quotas: batch.quotas };
                batch::run(&desk.0, batch.jobs).await;
                drop(finish);
                desk.start_batches();
            });
        }
    }
}

/// A batch may hang for seconds; whoever waits behind it is answered by their deadline all the same.
async fn turn_away_in_time(desk: Weak<Inner>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(inner) = desk.upgrade() else { return };
        inner.queues.lock().unwrap_or_else(PoisonError::into_inner).turn_away(Instant::now());
    }
}

/// Gives the quotas back however the batch ended.
struct Finish<'a> {
    desk: &'a Desk,
    quotas: Vec<QuotaId>,
}

impl Drop for Finish<'_> {
    fn drop(&mut self) {
        let mut queues = self.desk.lock();
        queues.finish(&self.quotas);
        if queues.is_idle() {
            self.desk.0.idle.notify_waiters();
        }
    }
}
