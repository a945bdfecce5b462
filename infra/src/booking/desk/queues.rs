//! Who waits for which quota, and which batch is formed next.
//!
//! Invariants: a quota is in at most one batch; a quota with somebody waiting is ready or busy; ready quotas take turns.

use super::{DeskLimits, RETRY_SECONDS};
use crate::error::{Error, Result};
use domain::booking::command::{Command, Outcome, Verb};
use domain::id::QuotaId;
use std::collections::{HashMap, HashSet, VecDeque};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Commands in one batch at most: measured; larger ones are no faster.
const BATCH_MAX: usize = 256;
/// A batch that has this many takes no further quota in, so that busy quotas run side by side.
const BATCH_GOOD: usize = 64;
/// Quotas in one batch at most.
const QUOTAS_MAX: usize = 64;

/// A command that waits for its answer.
pub struct Job {
    /// What to do.
    pub command: Command,
    /// Who waits.
    pub answer: oneshot::Sender<Result<Outcome>>,
    /// Not to be carried out after this.
    pub deadline: Instant,
}

/// What one transaction carries out.
pub struct Batch {
    /// The quotas it keeps busy.
    pub quotas: Vec<QuotaId>,
    /// In order of arrival, quota by quota.
    pub jobs: Vec<Job>,
}

/// All queues of a process.
#[derive(Default)]
pub struct Queues {
    waiting: HashMap<QuotaId, VecDeque<Job>>,
    ready: VecDeque<QuotaId>,
    busy: HashSet<QuotaId>,
    queued: usize,
    in_flight: usize,
    closed: bool,
}

impl Queues {
    /// Puts a job at the end of its quota's queue.
    pub fn enqueue(&mut self, job: Job, limits: &DeskLimits) -> Result<()> {
        let quota = job.command.quota;
        let queue = self.waiting.entry(quota).or_default();
        if self.closed || self.queued >= limits.queued_max || queue.len() >= limits.queued_per_quota_max {
            if queue.is_empty() {
                self.waiting.remove(&quota);
            }
            return Err(Error::Overloaded { retry_after_seconds: RETRY_SECONDS });
        }
        let first = queue.is_empty();
        queue.push_back(job);
        self.queued += 1;
        if first && !self.busy.contains(&quota) {
            self.ready.push_back(quota);
        }
        Ok(())
    }

    /// The next batch, if one may be in flight and somebody waits.
    pub fn next_batch(&mut self, limits: &DeskLimits) -> Option<Batch> {
        if self.in_flight >= limits.batches_in_flight_max {
            return None;
        }
        let mut batch = Batch { quotas: Vec::new(), jobs: Vec::new() };
        let now = Instant::now();
        while batch.jobs.len() < BATCH_GOOD && batch.quotas.len() < QUOTAS_MAX {
            let Some(quota) = self.ready.pop_front() else { break };
            self.busy.insert(quota);
            batch.quotas.push(quota);
            self.take(quota, now, &mut batch.jobs);
        }
        if batch.quotas.is_empty() {
            return None;
        }
        self.in_flight += 1;
        Some(batch)
    }

    /// Takes what of `quota`'s queue fits. A sweep looks at its own stretch of the line, so it goes alone.
    fn take(&mut self, quota: QuotaId, now: Instant, jobs: &mut Vec<Job>) {
        let Some(queue) = self.waiting.get_mut(&quota) else { return };
        let mut taken = 0;
        while jobs.len() < BATCH_MAX {
            let Some(next) = queue.front() else { break };
            let sweeps = matches!(next.command.verb, Verb::Sweep { .. });
            if sweeps && taken > 0 {
                break;
            }
            let Some(job) = queue.pop_front() else { break };
            self.queued -= 1;
            if job.deadline <= now {
                let _ = job.answer.send(Err(Error::Overloaded { retry_after_seconds: RETRY_SECONDS }));
                continue;
            }
            jobs.push(job);
            taken += 1;
            if sweeps {
                break;
            }
        }
        if queue.is_empty() {
            self.waiting.remove(&quota);
        }
    }

    /// Turns away whoever has waited for too long, however long the batch ahead of them still takes.
    pub fn turn_away(&mut self, now: Instant) {
        let Self { waiting, ready, queued, .. } = self;
        waiting.retain(|quota, queue| {
            // All wait equally long, so those in front are over first.
            while let Some(late) = queue.pop_front_if(|job| job.deadline <= now) {
                *queued -= 1;
                let _ = late.answer.send(Err(Error::Overloaded { retry_after_seconds: RETRY_SECONDS }));
            }
            if queue.is_empty() {
                ready.retain(|other| other != quota);
            }
            !queue.is_empty()
        });
    }

    /// A batch is over: its quotas are free again.
    pub fn finish(&mut self, quotas: &[QuotaId]) {
        self.in_flight -= 1;
        for quota in quotas {
            self.busy.remove(quota);
            if self.waiting.contains_key(quota) {
                self.ready.push_back(*quota);
            }
        }
    }

    /// Takes nothing new.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// Whether nobody waits and nothing is in flight.
    pub fn is_idle(&self) -> bool {
        self.queued == 0 && self.in_flight == 0
    }

    /// How many batches are in flight.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.queued
    }
}
