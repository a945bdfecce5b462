//! A bare kernel on a database of its own: quotas and people as rows, desks as processes.

use super::process::{Process, ProcessSpec};
use domain::id::{PersonId, QuotaId};
use domain::time::{Clock, Instant, ManualClock};
use infra::database::Database;
use infra::database::rows::{Rows, instant_text};
use infra::random::Random;
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};
use std::sync::Arc;
use tests::database::{Setup, TestDatabase};
use uuid::Uuid;

/// The city's hard moment, and the hours around it.
pub fn ten_o_clock() -> Instant {
    "2027-02-20T10:00:00+08:00".parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

/// A city reduced to its kernel.
pub struct Fixture {
    pub database: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub random: Arc<Random>,
    pub process: Process,
}

/// How a quota is made; the rest is sensible.
#[derive(Clone)]
pub struct QuotaSpec {
    pub capacity: Option<u32>,
    pub waitlist: &'static str,
    pub waitlist_max: u32,
    pub admission: &'static str,
    pub party_max: u32,
    /// Hours from the start of the term, as (start, end).
    pub hours: Vec<(i64, i64)>,
    /// Ids of limits.
    pub limits: Vec<i64>,
    /// Minutes from ten o'clock.
    pub opens: i64,
    /// Minutes from ten o'clock.
    pub closes: i64,
    /// Minutes from ten o'clock: until when the line moves.
    pub starts: i64,
    /// Minutes from ten o'clock: until when people can give their seat back.
    pub cancels: i64,
}

impl Default for QuotaSpec {
    fn default() -> Self {
        Self {
            capacity: Some(10),
            waitlist: "instant",
            waitlist_max: 20,
            admission: "first_come",
            party_max: 1,
            hours: Vec::new(),
            limits: Vec::new(),
            opens: 0,
            closes: 7 * 24 * 60,
            starts: 28 * 24 * 60,
            cancels: 28 * 24 * 60,
        }
    }
}

impl Fixture {
    pub async fn new(setup: Setup) -> Self {
        Self::on(TestDatabase::new(setup).await).await
    }

    pub async fn on(database: TestDatabase) -> Self {
        let clock = Arc::new(ManualClock::at(ten_o_clock()));
        let random = Arc::new(Random::seeded(1));
        let spec = ProcessSpec::on(&database);
        let process = Process::start(spec, Arc::clone(&clock) as Arc<dyn Clock>, &random).await;
        Self { database, clock, random, process }
    }

    /// One more process on the same database, which hears nothing of the first but by the database.
    pub async fn another(&self) -> Process {
        self.process_with(ProcessSpec::on(&self.database)).await
    }

    pub async fn process_with(&self, spec: ProcessSpec) -> Process {
        Process::start(spec, Arc::clone(&self.clock) as Arc<dyn Clock>, &self.random).await
    }

    pub fn id<T: From<Uuid>>(&self) -> T {
        self.random.id(self.clock.now())
    }

    pub fn advance(&self, minutes: i64) {
        self.clock.advance(chrono::TimeDelta::minutes(minutes));
    }

    /// A connection on which a test looks and edits.
    pub fn hand(&self) -> &Database {
        &self.process.kernel.database
    }

    pub fn is_city(&self) -> bool {
        self.hand().backend() == DbBackend::Postgres
    }

    pub async fn execute(&self, sql: &str, values: Vec<Value>) {
        let transaction = self.hand().begin().await.unwrap();
        let statement = Statement::from_sql_and_values(self.hand().backend(), sql, values);
        transaction.execute_raw(statement).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// The rows that `sql` selects.
    pub async fn rows(&self, sql: &str, values: Vec<Value>) -> Vec<QueryResult> {
        let statement = Statement::from_sql_and_values(self.hand().backend(), sql, values);
        self.hand().reader().query_all_raw(statement).await.unwrap()
    }

    /// The number that `sql` selects.
    pub async fn number(&self, sql: &str, values: Vec<Value>) -> i64 {
        self.rows(sql, values).await[0].try_get_by_index::<i64>(0).unwrap()
    }

    pub fn instant(&self, at: Instant) -> Value {
        if self.is_city() { at.into() } else { instant_text(at).into() }
    }

    pub async fn person(&self) -> PersonId {
        self.people(1).await[0]
    }

    pub async fn people(&self, count: usize) -> Vec<PersonId> {
        let ids: Vec<PersonId> = (0..count).map(|_| self.id()).collect();
        let rows = Rows::ids(ids.iter().copied());
        let sql = "insert into person_ledger (person_id, blocked, consented, birth_date) \
            select r.id, false, true, '2001-01-01' from {rows}";
        let transaction = self.hand().begin().await.unwrap();
        transaction.execute_raw(rows.statement(self.hand().backend(), sql, Vec::new())).await.unwrap();
        transaction.commit().await.unwrap();
        ids
    }

    /// A limit over all quotas that share it, in a term.
    pub async fn limit(&self, key: &str, max: i32) -> i64 {
        self.execute(
            "insert into limits (key, per, counted_window, max) values ($1, 'person', 'term', $2)",
            vec![key.into(), max.into()],
        )
        .await;
        self.number("select id from limits where key = $1", vec![key.into()]).await
    }

    /// A quota that opened at ten and whose first hour is four weeks away.
    pub async fn quota(&self, spec: QuotaSpec) -> QuotaId {
        let id: QuotaId = self.id();
        let at = |minutes: i64| ten_o_clock() + chrono::TimeDelta::minutes(minutes);
        let fair = (spec.admission == "fair_open").then_some(10_i32);
        let lottery = spec.admission == "lottery";
        let draw = if lottery { self.instant(at(spec.closes)) } else { Value::String(None) };
        let offer = (spec.waitlist == "offer").then_some(120_i32);
        let subject: Uuid = self.random.uuid(ten_o_clock());
        // PostgreSQL must be told the type of a NULL.
        let draw_at = if self.is_city() { "cast($10 as timestamptz)" } else { "$10" };
        self.execute(
            &format!(
                "insert into quotas (id, kind, subject_id, status, capacity, admission, opens_at, closes_at, \
                 party_max, waitlist, offer_minutes, waitlist_max, promote_until, cancel_until, draw_at, fair_minutes) \
                 values ($1, 'class', $2, 'open', $3, $4, $5, $6, $7, $8, $9, $11, $12, $14, {draw_at}, $13)"
            ),
            vec![
                id.0.into(),
                subject.into(),
                spec.capacity.map(|n| i32::try_from(n).unwrap()).into(),
                spec.admission.into(),
                self.instant(at(spec.opens)),
                self.instant(at(spec.closes)),
                i32::try_from(spec.party_max).unwrap().into(),
                spec.waitlist.into(),
                offer.into(),
                draw,
                i32::try_from(spec.waitlist_max).unwrap().into(),
                self.instant(at(spec.starts)),
                fair.into(),
                self.instant(at(spec.cancels)),
            ],
        )
        .await;
        for (start, end) in spec.hours {
            let hour = |hour: i64| self.instant(at(28 * 24 * 60 + hour * 60));
            self.execute(
                "insert into quota_slots (quota_id, starts_at, ends_at) values ($1, $2, $3)",
                vec![id.0.into(), hour(start), hour(end)],
            )
            .await;
        }
        for limit in spec.limits {
            self.execute(
                "insert into quota_limits (quota_id, limit_id) values ($1, $2)",
                vec![id.0.into(), limit.into()],
            )
            .await;
        }
        id
    }

    /// As many quotas as `specs`, of equal opening.
    pub async fn quotas(&self, count: usize, spec: QuotaSpec) -> Vec<QuotaId> {
        let mut quotas = Vec::new();
        for _ in 0..count {
            quotas.push(self.quota(spec.clone()).await);
        }
        quotas
    }
}

/// Makes `name::embedded` and `name::city` of one test.
#[macro_export]
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($fixture:ident: Fixture) $body:block)*) => {$(
        $(#[doc = $doc])*
        mod $name {
            use super::*;
            async fn body($fixture: Fixture) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn embedded() {
                body(Fixture::new(tests::database::Setup::Embedded).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn city() {
                body(Fixture::new(tests::database::Setup::City).await).await;
            }
        }
    )*};
}

/// Makes `name::city` of a test of what only PostgreSQL has: row locks, a server that can go away.
#[macro_export]
macro_rules! on_city {
    ($($(#[doc = $doc:literal])* async fn $name:ident($fixture:ident: Fixture) $body:block)*) => {$(
        $(#[doc = $doc])*
        mod $name {
            use super::*;
            async fn body($fixture: Fixture) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn city() {
                body(Fixture::new(tests::database::Setup::City).await).await;
            }
        }
    )*};
}
