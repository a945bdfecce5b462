//! One batch: tried again when it can succeed, halved when one request sinks the others.

use super::queues::Job;
use super::{Inner, seal};
use crate::booking::read::quotas_of;
use crate::booking::transaction::Done;
use crate::bus::Event;
use crate::error::{Error, Failure, Result, classify};
use domain::booking::command::Command;

/// How often a batch is tried.
const ATTEMPTS_MAX: u32 = 3;

/// Carries `jobs` out and answers every one of them.
pub async fn run(inner: &Inner, jobs: Vec<Job>) {
    let mut parts = vec![jobs];
    while let Some(mut jobs) = parts.pop() {
        if jobs.is_empty() {
            continue;
        }
        match attempt(inner, &jobs).await {
            Ok(done) => {
                inner.figures.batch(jobs.len());
                announce(inner, &done);
                for (job, answer) in jobs.into_iter().zip(done.answers) {
                    // Whoever went away meanwhile finds the booking when they ask again.
                    let _ = job.answer.send(answer.map_err(Error::Refused));
                }
            }
            Err(error) if jobs.len() > 1 && names_a_culprit(&error) => {
                inner.figures.halved();
                tracing::warn!(%error, commands = jobs.len(), "batch halved to find the request that sinks it");
                let second = jobs.split_off(jobs.len() / 2);
                parts.push(second);
                parts.push(jobs);
            }
            Err(error) => fail(inner, jobs, &error),
        }
    }
}

async fn attempt(inner: &Inner, jobs: &[Job]) -> Result<Done> {
    let commands: Vec<Command> = jobs.iter().map(|job| job.command.clone()).collect();
    let mut attempts = 1;
    loop {
        match inner.kernel.carry_out(&commands).await {
            Err(error) if attempts < ATTEMPTS_MAX && helps_to_repeat(&error) => {
                attempts += 1;
                inner.figures.retried();
                tracing::debug!(%error, attempts, "batch tried again");
            }
            other => return other,
        }
    }
}

/// Nothing was stored, and the same again may succeed. A duplicate or a changed row is an alarm: decide again.
fn helps_to_repeat(error: &Error) -> bool {
    match error {
        Error::Database(error) => classify(error) != Failure::Statement,
        Error::Stored(_) => true,
        _ => false,
    }
}

fn names_a_culprit(error: &Error) -> bool {
    match error {
        Error::Database(error) => matches!(classify(error), Failure::Statement | Failure::Duplicate),
        Error::Stored(_) => true,
        _ => false,
    }
}

fn fail(inner: &Inner, jobs: Vec<Job>, error: &Error) {
    tracing::error!(%error, commands = jobs.len(), "batch failed");
    if matches!(error, Error::OutcomeUnknown(_)) {
        // It may have been stored: what memory says may be out of date.
        for quota in quotas_of(jobs.iter().map(|job| &job.command)) {
            inner.seals.clear(quota);
            inner.bus.publish(Event::QuotaChanged(quota));
        }
    }
    for job in jobs {
        let answer = match error {
            Error::OutcomeUnknown(why) => Error::OutcomeUnknown(why.clone()),
            other => Error::Unavailable(other.to_string()),
        };
        let _ = job.answer.send(Err(answer));
    }
}

/// Before anybody is answered: what memory says must not be older than what they will be told.
fn announce(inner: &Inner, done: &Done) {
    let image = &done.image;
    for entry in image.quotas() {
        let quota = entry.quota.id();
        let (before, now) = (entry.before.verdict(image.now), entry.quota.verdict(image.now));
        // Also if a seat was free before: another process may have freed it unheard, and a seal here not know yet.
        if before != now || now.is_none() {
            inner.seals.clear(quota);
        }
        if before.is_some() && before != now {
            inner.bus.publish(Event::QuotaChanged(quota));
        }
        let booked = image.created().filter(|booking| booking.quota == quota).map(|booking| booking.person);
        inner.seals.booked(quota, booked);
        if now.is_some() {
            seal::make(&inner.seals, quota);
        }
    }
    if image.due.iter().any(|due| due.at <= image.now) {
        inner.due.notify_one();
    }
}
