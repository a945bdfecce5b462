//! A process of the city: a desk with connections, seals and frames of its own. And a process that holds a lock.

use super::fixture::Fixture;
use domain::id::QuotaId;
use domain::time::Clock;
use infra::booking::desk::{Desk, DeskLimits};
use infra::booking::due::Scheduler;
use infra::booking::transaction::Kernel;
use infra::bus::Bus;
use infra::database::{DatabaseOptions, connect};
use infra::random::Random;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tests::database::TestDatabase;
use tokio::sync::Notify;

/// One process.
pub struct Process {
    pub kernel: Kernel,
    pub desk: Desk,
    pub scheduler: Scheduler,
}

/// How a process is started.
pub struct ProcessSpec {
    pub options: DatabaseOptions,
    /// Processes that share a bus hear each other.
    pub bus: Bus,
    pub limits: DeskLimits,
}

impl ProcessSpec {
    pub fn on(database: &TestDatabase) -> Self {
        Self { options: database.options(), bus: Bus::default(), limits: DeskLimits::default() }
    }
}

impl Process {
    pub async fn start(spec: ProcessSpec, clock: Arc<dyn Clock>, random: &Arc<Random>) -> Self {
        let kernel = Kernel {
            database: connect(&spec.options).await.unwrap(),
            clock: Arc::clone(&clock),
            random: Arc::clone(random),
            frames: Arc::default(),
        };
        let wake = Arc::new(Notify::new());
        let desk = Desk::open(kernel.clone(), spec.bus, spec.limits, Arc::clone(&wake));
        let scheduler = Scheduler::new(kernel.database.clone(), clock, desk.clone(), wake);
        Self { kernel, desk, scheduler }
    }

    /// One of the desk's counters.
    pub fn figure(&self, name: &str) -> u64 {
        self.desk.figures().all().iter().find(|(figure, _, _)| *figure == name).unwrap().2
    }

    /// Runs due work until nothing is due.
    pub async fn settle(&self) {
        for _ in 0..10_000 {
            if self.scheduler.run_due().await.unwrap() == 0 {
                return;
            }
        }
        panic!("due work makes due work without end");
    }
}

/// A lock that every batch of a quota needs, held by somebody else until it is dropped or let go.
pub struct Held {
    transaction: DatabaseTransaction,
}

impl Held {
    /// Locks `quota` as a batch of another process would; on SQLite that is the whole file.
    pub async fn quota(fixture: &Fixture, quota: QuotaId) -> Self {
        let database = fixture.database.open().await;
        let transaction = database.begin().await.unwrap();
        if fixture.is_city() {
            let sql = "select 1 from quotas where id = $1 for no key update";
            let lock = Statement::from_sql_and_values(database.backend(), sql, [quota.0.into()]);
            transaction.query_one_raw(lock).await.unwrap();
        }
        Self { transaction }
    }

    pub async fn let_go(self) {
        self.transaction.rollback().await.unwrap();
    }
}

/// Asks until it is so; a test that waits for longer than `seconds` has failed.
pub async fn until(seconds: u64, what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    while !is_so().await {
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        tokio::task::yield_now().await;
    }
}
