//! The seal: memory may only say *no*.
//!
//! Once a quota refuses every newcomer (full with a full line, shut, not open yet), the refusal comes from memory. A seal
//! carries the holders, read from the primary with it in one statement; a holder, or anyone this process booked since, goes
//! to the desk. It lives one second from the *start* of the read that made it, ends at the next instant that changes the
//! verdict (the window's edges, the end of an offer), and is refused if it is older than the last clear this process heard. So a `sold_out` may be a second old; a
//! seat is never given twice.

use crate::booking::records::{self, LIVE, QUOTA_COLUMNS};
use crate::booking::transaction::Kernel;
use crate::error::Result;
use domain::booking::quota::Verdict;
use domain::id::{PersonId, QuotaId};
use domain::refusal::Refusal;
use sea_orm::{ConnectionTrait, Statement};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a seal lives.
const LIFE: Duration = Duration::from_secs(1);
/// A seal this old is read again while it still answers.
const RENEW_AFTER: Duration = Duration::from_millis(600);

struct Seal {
    verdict: Verdict,
    /// When the read that made it began.
    read_at: Instant,
    holders: HashSet<PersonId>,
}

#[derive(Default)]
struct OfQuota {
    seal: Option<Seal>,
    /// When this process last heard that the quota changed.
    cleared_at: Option<Instant>,
    /// Whom this process booked, and when: a read that began earlier did not see them.
    booked: VecDeque<(Instant, PersonId)>,
    reading: bool,
}

/// The seals of one process.
pub struct Seals {
    kernel: Kernel,
    quotas: Mutex<HashMap<QuotaId, OfQuota>>,
}

impl Seals {
    pub fn new(kernel: Kernel) -> Self {
        Self { kernel, quotas: Mutex::new(HashMap::new()) }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<QuotaId, OfQuota>> {
        self.quotas.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The refusal of `person` by `quota`, if memory may say it.
    pub fn refusal(self: &Arc<Self>, quota: QuotaId, person: PersonId) -> Option<Refusal> {
        let (refusal, stale) = {
            let quotas = self.lock();
            let seal = quotas.get(&quota)?.seal.as_ref()?;
            let age = seal.read_at.elapsed();
            let over = seal.verdict.until.is_some_and(|until| self.kernel.clock.now() >= until);
            if age >= LIFE || over || seal.holders.contains(&person) {
                return None;
            }
            (seal.verdict.refusal.clone(), age >= RENEW_AFTER)
        };
        if stale {
            make(self, quota);
        }
        Some(refusal)
    }

    /// Forgets what memory says of `quota`.
    pub fn clear(&self, quota: QuotaId) {
        let mut quotas = self.lock();
        let entry = quotas.entry(quota).or_default();
        entry.seal = None;
        entry.cleared_at = Some(Instant::now());
    }

    /// Forgets everything.
    pub fn clear_all(&self) {
        let now = Instant::now();
        for entry in self.lock().values_mut() {
            entry.seal = None;
            entry.cleared_at = Some(now);
        }
    }

    /// This process has booked `people`: they are holders from now on.
    pub fn booked(&self, quota: QuotaId, people: impl Iterator<Item = PersonId>) {
        let now = Instant::now();
        let mut quotas = self.lock();
        let entry = quotas.entry(quota).or_default();
        while entry.booked.front().is_some_and(|(at, _)| now.duration_since(*at) > 2 * LIFE) {
            entry.booked.pop_front();
        }
        for person in people {
            entry.booked.push_back((now, person));
            if let Some(seal) = &mut entry.seal {
                seal.holders.insert(person);
            }
        }
    }

    fn begin(&self, quota: QuotaId) -> bool {
        let mut quotas = self.lock();
        let entry = quotas.entry(quota).or_default();
        let fresh = entry.seal.as_ref().is_some_and(|seal| seal.read_at.elapsed() < RENEW_AFTER);
        !fresh && !std::mem::replace(&mut entry.reading, true)
    }

    fn install(&self, quota: QuotaId, read_at: Instant, read: Option<(Verdict, HashSet<PersonId>)>) {
        let mut quotas = self.lock();
        let entry = quotas.entry(quota).or_default();
        entry.reading = false;
        if entry.cleared_at.is_some_and(|cleared| cleared >= read_at) {
            return;
        }
        entry.seal = read.map(|(verdict, mut holders)| {
            // A commit is noted after it happened, so one noted within the life of a seal may be missing in it.
            holders.extend(entry.booked.iter().map(|(_, person)| *person));
            Seal { verdict, read_at, holders }
        });
    }

    /// The verdict and the holders, of one moment.
    async fn read(&self, quota: QuotaId) -> Result<Option<(Verdict, HashSet<PersonId>)>> {
        let database = &self.kernel.database;
        let sql = format!(
            "select {QUOTA_COLUMNS}, b.person_id, b.offer_expires_at from quotas q left join bookings b \
             on b.quota_id = q.id and b.state in {LIVE} where q.id = $1"
        );
        let statement = Statement::from_sql_and_values(database.backend(), sql, [quota.0.into()]);
        let rows = database.reader().query_all_raw(statement).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let edition: i64 = first.try_get("", "edition")?;
        let frames = self.kernel.frames.get(database.reader(), &[(quota, edition)]).await?;
        let Some(frame) = frames.get(&quota) else { return Ok(None) };
        let image = records::quota(first, Arc::clone(frame))?;
        let now = self.kernel.clock.now();
        let Some(mut verdict) = image.verdict(now) else { return Ok(None) };
        let mut holders = HashSet::with_capacity(rows.len());
        for row in &rows {
            holders.extend(row.try_get::<Option<uuid::Uuid>>("", "person_id")?.map(PersonId));
            // An offer that runs out moves the line, whether or not that was written yet.
            let runs_out: Option<domain::time::Instant> = row.try_get("", "offer_expires_at")?;
            verdict.until = runs_out.into_iter().chain(verdict.until).min();
        }
        Ok(Some((verdict, holders)).filter(|(verdict, _)| verdict.until.is_none_or(|until| now < until)))
    }
}

/// Reads a seal for `quota` beside the requests, unless one is fresh or being read.
pub fn make(seals: &Arc<Seals>, quota: QuotaId) {
    if !seals.begin(quota) {
        return;
    }
    let seals = Arc::clone(seals);
    tokio::spawn(async move {
        let read_at = Instant::now();
        let read = seals.read(quota).await.unwrap_or_else(|error| {
            tracing::warn!(%error, %quota, "seal not read");
            None
        });
        seals.install(quota, read_at, read);
    });
}
