//! Due work: done once however many processes there are, caught up with after downtime.
//!
//! A row is claimed under a lease, carried out by the desk, then removed if it is as it was claimed: what became due again
//! meanwhile stays. A process that dies in between leaves the lease to run out; the work is such that doing it again changes
//! nothing. The time comes from the injected clock.

use crate::booking::desk::Desk;
use crate::booking::write;
use crate::database::Database;
use crate::database::rows::{Column, Rows};
use crate::error::{Error, Result};
use domain::booking::command::{Command, DueKind};
use domain::id::QuotaId;
use domain::time::{Clock, Instant};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long a claim holds, in seconds.
const LEASE_SECONDS: i64 = 30;
/// Rows claimed at once.
const CLAIMED_MAX: i64 = 128;
/// How often the scheduler looks by itself.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// A row of due work that this process is at.
struct Claim {
    quota: QuotaId,
    kind: DueKind,
    due_at: Instant,
    /// The row's `attempts` as the claim left it: each claim, and each time it becomes due again, counts it up.
    attempt: u32,
}

/// The scheduler of one process.
#[derive(Clone)]
pub struct Scheduler {
    database: Database,
    clock: Arc<dyn Clock>,
    desk: Desk,
    wake: Arc<Notify>,
}

impl Scheduler {
    /// A scheduler that is woken by `wake` besides looking by itself.
    pub fn new(database: Database, clock: Arc<dyn Clock>, desk: Desk, wake: Arc<Notify>) -> Self {
        Self { database, clock, desk, wake }
    }

    /// Carries due work out until `stop` is cancelled.
    pub async fn run(self, stop: tokio_util::sync::CancellationToken) {
        loop {
            match self.run_due().await {
                Ok(0) => {}
                Ok(_) => continue,
                Err(error) => tracing::warn!(%error, "due work not carried out; it stays due"),
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.wake.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    /// Claims what is due now and carries it out; how many rows that were.
    pub async fn run_due(&self) -> Result<usize> {
        let claimed = self.claim().await?;
        // The same thing for the same quota needs doing once.
        let count = claimed.len();
        let mut work: BTreeMap<(QuotaId, DueKind), Vec<Claim>> = BTreeMap::new();
        for claim in claimed {
            work.entry((claim.quota, claim.kind)).or_default().push(claim);
        }
        for ((quota, kind), claims) in work {
            match self.desk.submit(Command { quota, person: None, verb: kind.verb() }).await {
                Ok(_) | Err(Error::Refused(_)) => self.remove(&claims).await?,
                Err(error) => {
                    tracing::warn!(%error, %quota, kind = kind.word(), "due work will be tried again");
                }
            }
        }
        Ok(count)
    }

    async fn claim(&self) -> Result<Vec<Claim>> {
        let backend = self.database.backend();
        let now = self.clock.now();
        // Looking costs no writer: most of the time nothing is due.
        let waiting = Statement::from_sql_and_values(
            backend,
            "select 1 from due_work where due_at <= $1 and (claimed_until is null or claimed_until <= $1) limit 1",
            [write::instant(backend, now)],
        );
        if self.database.reader().query_one_raw(waiting).await?.is_none() {
            return Ok(Vec::new());
        }
        let transaction = self.database.begin().await?;
        let skip = if backend == DbBackend::Postgres { "for update skip locked" } else { "" };
        let select = format!(
            "select subject_id, kind, due_at, attempts from due_work where due_at <= $1 \
             and (claimed_until is null or claimed_until <= $1) order by due_at limit $2 {skip}"
        );
        let values = [write::instant(backend, now), CLAIMED_MAX.into()];
        let mut claimed = Vec::new();
        for row in transaction.query_all_raw(Statement::from_sql_and_values(backend, select, values)).await? {
            let word: String = row.try_get("", "kind")?;
            let kind = DueKind::from_word(&word).ok_or_else(|| Error::Stored(format!("due work {word}")))?;
            let attempts: i32 = row.try_get("", "attempts")?;
            claimed.push(Claim {
                quota: QuotaId(row.try_get("", "subject_id")?),
                kind,
                due_at: row.try_get("", "due_at")?,
                attempt: u32::try_from(attempts).unwrap_or_default() + 1,
            });
        }
        let rows = rows(&claimed);
        let sql = "update due_work set claimed_until = $A, attempts = r.attempt from {rows} \
            where due_work.subject_id = r.subject_id and due_work.kind = r.kind and due_work.due_at = r.due_at";
        let until = write::instant(backend, now + chrono::TimeDelta::seconds(LEASE_SECONDS));
        transaction.execute_raw(rows.statement(backend, sql, vec![until])).await?;
        transaction.commit().await?;
        Ok(claimed)
    }

    async fn remove(&self, done: &[Claim]) -> Result<()> {
        let sql = "delete from due_work where exists (select 1 from {rows} where due_work.subject_id = r.subject_id \
            and due_work.kind = r.kind and due_work.due_at = r.due_at and due_work.attempts = r.attempt)";
        let transaction = self.database.begin().await?;
        transaction.execute_raw(rows(done).statement(self.database.backend(), sql, Vec::new())).await?;
        transaction.commit().await?;
        Ok(())
    }
}

fn rows(claims: &[Claim]) -> Rows {
    let each = || claims.iter();
    Rows::new()
        .with("subject_id", Column::Ids(each().map(|claim| claim.quota.0).collect()))
        .with("kind", Column::Texts(each().map(|claim| Some(claim.kind.word().to_owned())).collect()))
        .with("due_at", Column::Instants(each().map(|claim| Some(claim.due_at)).collect()))
        .with("attempt", Column::Ints(each().map(|claim| Some(claim.attempt)).collect()))
}
