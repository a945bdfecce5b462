//! A bare kernel on a database of its own: quotas and people as rows, desks as processes, invariants as SQL.

use domain::booking::command::{By, Command, Outcome, Take, Target, Verb};
use domain::id::{BookingId, PersonId, QuotaId};
use domain::time::{Clock, Instant, ManualClock};
use infra::booking::desk::{Desk, DeskLimits};
use infra::booking::due::Scheduler;
use infra::booking::transaction::Kernel;
use infra::bus::Bus;
use infra::database::rows::instant_text;
use infra::error::Error;
use infra::random::Random;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use std::sync::Arc;
use tests::database::{Setup, TestDatabase};
use tokio::sync::Notify;
use uuid::Uuid;

/// The city's hard moment, and the hours around it.
pub fn ten_o_clock() -> Instant {
    "2027-02-20T10:00:00+08:00".parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

/// One process: a desk with connections of its own.
pub struct Process {
    pub kernel: Kernel,
    pub desk: Desk,
    pub bus: Bus,
    pub scheduler: Scheduler,
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
        }
    }
}

impl Fixture {
    pub async fn new(setup: Setup) -> Self {
        let database = TestDatabase::new(setup).await;
        let clock = Arc::new(ManualClock::at(ten_o_clock()));
        let random = Arc::new(Random::seeded(1));
        let process = process(&database, Arc::clone(&clock) as Arc<dyn Clock>, &random).await;
        Self { database, clock, random, process }
    }

    /// One more process on the same database.
    pub async fn another(&self) -> Process {
        process(&self.database, Arc::clone(&self.clock) as Arc<dyn Clock>, &self.random).await
    }

    fn id<T: From<Uuid>>(&self) -> T {
        self.random.id(self.clock.now())
    }

    fn backend(&self) -> DbBackend {
        self.process.kernel.database.backend()
    }

    pub async fn execute(&self, sql: &str, values: Vec<Value>) {
        let transaction = self.process.kernel.database.begin().await.unwrap();
        transaction.execute_raw(Statement::from_sql_and_values(self.backend(), sql, values)).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// The number that `sql` selects.
    pub async fn number(&self, sql: &str, values: Vec<Value>) -> i64 {
        let statement = Statement::from_sql_and_values(self.backend(), sql, values);
        let row = self.process.kernel.database.reader().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index::<i64>(0).unwrap()
    }

    pub fn instant(&self, at: Instant) -> Value {
        if self.backend() == DbBackend::Postgres { at.into() } else { instant_text(at).into() }
    }

    pub async fn person(&self) -> PersonId {
        let id: PersonId = self.id();
        self.execute(
            "insert into person_ledger (person_id, blocked, consented, birth_date) values ($1, false, true, '2001-01-01')",
            vec![id.0.into()],
        )
        .await;
        id
    }

    pub async fn people(&self, count: usize) -> Vec<PersonId> {
        let ids: Vec<PersonId> = (0..count).map(|_| self.id()).collect();
        let rows = infra::database::rows::Rows::ids(ids.iter().copied());
        let sql = "insert into person_ledger (person_id, blocked, consented, birth_date) \
            select r.id, false, true, '2001-01-01' from {rows}";
        let transaction = self.process.kernel.database.begin().await.unwrap();
        transaction.execute_raw(rows.statement(self.backend(), sql, Vec::new())).await.unwrap();
        transaction.commit().await.unwrap();
        ids
    }

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
        let opens = ten_o_clock();
        let closes = opens + chrono::TimeDelta::days(7);
        let starts = opens + chrono::TimeDelta::days(28);
        let fair = (spec.admission == "fair_open").then_some(10_i32);
        let draw = if spec.admission == "lottery" { self.instant(closes) } else { Value::String(None) };
        let offer = (spec.waitlist == "offer").then_some(120_i32);
        let subject: Uuid = self.random.uuid(opens);
        // PostgreSQL must be told the type of a NULL.
        let draw_at = if self.backend() == DbBackend::Postgres { "cast($10 as timestamptz)" } else { "$10" };
        self.execute(
            &format!(
                "insert into quotas (id, kind, subject_id, status, capacity, admission, opens_at, closes_at, \
                 party_max, waitlist, offer_minutes, waitlist_max, promote_until, cancel_until, draw_at, fair_minutes) \
                 values ($1, 'class', $2, 'open', $3, $4, $5, $6, $7, $8, $9, $11, $12, $12, {draw_at}, $13)"
            ),
            vec![
                id.0.into(),
                subject.into(),
                spec.capacity.map(|n| i32::try_from(n).unwrap()).into(),
                spec.admission.into(),
                self.instant(opens),
                self.instant(closes),
                i32::try_from(spec.party_max).unwrap().into(),
                spec.waitlist.into(),
                offer.into(),
                draw,
                i32::try_from(spec.waitlist_max).unwrap().into(),
                self.instant(starts),
                fair.into(),
            ],
        )
        .await;
        for (start, end) in spec.hours {
            let at = |hour| self.instant(starts + chrono::TimeDelta::hours(hour));
            self.execute(
                "insert into quota_slots (quota_id, starts_at, ends_at) values ($1, $2, $3)",
                vec![id.0.into(), at(start), at(end)],
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

    pub fn take(&self, quota: QuotaId, person: PersonId) -> Command {
        self.take_party(quota, person, 1)
    }

    pub fn take_party(&self, quota: QuotaId, person: PersonId, party: u16) -> Command {
        let id: BookingId = self.id();
        let take = Take { id, party, waitlist: true, instead_of: None, answers: None };
        Command { quota, person: Some(person), verb: Verb::Take(take) }
    }

    pub fn cancel(&self, quota: QuotaId, person: PersonId) -> Command {
        let verb = Verb::Cancel { target: Target::Own, by: By::Person, reason: None };
        Command { quota, person: Some(person), verb }
    }

    /// Runs due work of every process until nothing is due.
    pub async fn settle(&self) {
        while self.process.scheduler.run_due().await.unwrap() > 0 {}
    }

    /// Invariants 1 and 2, and the tickets, as the database sees them: rows that break one.
    pub async fn broken(&self) -> i64 {
        let seats = |state: &str| {
            format!(
                "coalesce((select sum(b.party) from bookings b where b.quota_id = q.id and b.state = '{state}'), 0)"
            )
        };
        let counters =
            ["confirmed", "attended", "no_show", "used", "offered", "waitlisted", "pending", "entered"]
                .map(|state| format!("q.{state} <> {}", seats(state)))
                .join(" or ");
        let held = "q.confirmed + q.attended + q.no_show + q.used + q.offered";
        let quotas = format!(
            "select count(*) from quotas q where {counters} or {held} > q.capacity or q.waiting_parties <> \
             (select count(*) from bookings b where b.quota_id = q.id and b.state = 'waitlisted')"
        );
        let twice = "select count(*) from (select person_id, quota_id from bookings where state in \
            ('pending', 'entered', 'waitlisted', 'offered', 'confirmed', 'attended', 'no_show') \
            group by person_id, quota_id having count(*) > 1) as t";
        self.number(&quotas, Vec::new()).await + self.number(twice, Vec::new()).await
    }

    /// Pairs of confirmed bookings of one person whose hours overlap.
    pub async fn clashes(&self) -> i64 {
        self.number(
            "select count(*) from bookings a join bookings b on a.person_id = b.person_id and a.quota_id < b.quota_id \
             join quota_slots s on s.quota_id = a.quota_id join quota_slots t on t.quota_id = b.quota_id \
             where a.state = 'confirmed' and b.state = 'confirmed' \
             and s.starts_at < t.ends_at and t.starts_at < s.ends_at",
            Vec::new(),
        )
        .await
    }

    pub async fn in_state(&self, quota: QuotaId, state: &str) -> i64 {
        self.number(
            "select count(*) from bookings where quota_id = $1 and state = $2",
            vec![quota.0.into(), state.into()],
        )
        .await
    }
}

async fn process(database: &TestDatabase, clock: Arc<dyn Clock>, random: &Arc<Random>) -> Process {
    let kernel = Kernel {
        database: database.open().await,
        clock: Arc::clone(&clock),
        random: Arc::clone(random),
        frames: Arc::default(),
    };
    let bus = Bus::default();
    let wake = Arc::new(Notify::new());
    let desk = Desk::open(kernel.clone(), bus.clone(), DeskLimits::default(), Arc::clone(&wake));
    let scheduler = Scheduler::new(kernel.database.clone(), clock, desk.clone(), wake);
    Process { kernel, desk, bus, scheduler }
}

/// The state a command led to; a refusal's name otherwise.
pub fn state(answer: &Result<Outcome, Error>) -> String {
    match answer {
        Ok(Outcome::Booking { booking, .. }) => booking.state.to_string(),
        Ok(Outcome::Nothing) => "nothing".into(),
        Err(Error::Refused(refusal)) => {
            let name = format!("{refusal:?}");
            name.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
        }
        Err(error) => format!("{error}"),
    }
}

/// Makes `name::embedded` and `name::city` of one test.
#[macro_export]
macro_rules! on_both {
    ($(async fn $name:ident($fixture:ident: Fixture) $body:block)*) => {$(
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
