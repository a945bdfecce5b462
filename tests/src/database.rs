//! A database of its own for each test, on either set-up.
//!
//! PostgreSQL: `TEST_DATABASE_URL` names a server on which databases may be created; each test gets a copy of a migrated
//! template. A missing server is an error, never a skip: `tests/run` starts one.

use infra::database::{Database, DatabaseOptions, connect};
use sea_orm::{ConnectionTrait, Statement};
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Which stores a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// SQLite, in process.
    Embedded,
    /// PostgreSQL and Redis.
    City,
}

/// A variable that `tests/run` sets.
#[expect(
    clippy::disallowed_methods,
    reason = "the harness is configured by the script that starts the servers"
)]
pub fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the tests with tests/run"))
}

/// A migrated, empty database that ends with the test.
pub struct TestDatabase {
    setup: Setup,
    url: String,
    /// Holds the file of SQLite.
    folder: Option<TempDir>,
    name: String,
}

impl TestDatabase {
    /// A new one.
    pub async fn new(setup: Setup) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("cq_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        match setup {
            Setup::Embedded => {
                let folder = TempDir::new().unwrap();
                let url = format!("sqlite://{}?mode=rwc", folder.path().join("test.sqlite").display());
                let this = Self { setup, url, folder: Some(folder), name };
                let database = this.open().await;
                database.migrate().await.unwrap();
                database.close().await.unwrap();
                this
            }
            Setup::City => {
                let template = template().await;
                admin(&format!("create database {name} template {template}")).await;
                Self { setup, url: on_server(&name), folder: None, name }
            }
        }
    }

    /// One on a server of the test's own, which takes it along when it ends.
    pub async fn on(url: String) -> Self {
        let folder = Some(TempDir::new().unwrap());
        let this = Self { setup: Setup::City, url, folder, name: String::new() };
        let database = this.open().await;
        database.migrate().await.unwrap();
        database.close().await.unwrap();
        this
    }

    /// Connects to it, as one more process would.
    pub async fn open(&self) -> Database {
        connect(&self.options()).await.unwrap()
    }

    /// How to connect to it.
    pub fn options(&self) -> DatabaseOptions {
        DatabaseOptions { url: self.url.clone(), read_url: None, connections_max: 8 }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A name that no other test has.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which stores it stands for.
    pub fn setup(&self) -> Setup {
        self.setup
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.folder.is_some() {
            return;
        }
        let sql = format!("drop database if exists {} with (force)", self.name);
        // A runtime of its own: the test's may be gone, or inside us.
        let dropping = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(admin(&sql));
        });
        // A test that fails must say why itself, not this.
        let _ = dropping.join();
    }
}

/// The address of database `name` on the server under test.
fn on_server(name: &str) -> String {
    let server = variable("TEST_DATABASE_URL");
    let (base, _) = server.rsplit_once('/').expect("TEST_DATABASE_URL ends with /<database>");
    format!("{base}/{name}")
}

async fn server() -> Database {
    let options = DatabaseOptions { url: variable("TEST_DATABASE_URL"), read_url: None, connections_max: 1 };
    connect(&options).await.unwrap()
}

async fn admin(sql: &str) {
    let server = server().await;
    server.reader().execute_unprepared("set statement_timeout = 0; set lock_timeout = 0").await.unwrap();
    server.reader().execute_unprepared(sql).await.unwrap();
    server.close().await.unwrap();
}

/// The migrated template, made by whoever comes first.
async fn template() -> String {
    use sea_orm_migration::MigratorTrait;
    let last = migrations::Migrator::migrations().last().map(|last| last.name().to_owned()).unwrap();
    let digest = domain_digest(&last);
    let name = format!("cq_template_{digest}");
    let server = server().await;
    let connection = server.reader();
    // One connection, so the session's lock is ours until we unlock it.
    connection.execute_unprepared("set statement_timeout = 0; set lock_timeout = 0").await.unwrap();
    connection.execute_unprepared("select pg_advisory_lock(20261124)").await.unwrap();
    let exists = Statement::from_sql_and_values(
        server.backend(),
        "select 1 from pg_database where datname = $1 and datistemplate",
        [name.clone().into()],
    );
    if connection.query_one_raw(exists).await.unwrap().is_none() {
        connection.execute_unprepared(&format!("drop database if exists {name}")).await.unwrap();
        connection.execute_unprepared(&format!("create database {name}")).await.unwrap();
        let options = DatabaseOptions { url: on_server(&name), read_url: None, connections_max: 2 };
        let database = connect(&options).await.unwrap();
        database.migrate().await.unwrap();
        database.close().await.unwrap();
        connection.execute_unprepared(&format!("alter database {name} is_template true")).await.unwrap();
    }
    connection.execute_unprepared("select pg_advisory_unlock(20261124)").await.unwrap();
    server.close().await.unwrap();
    name
}

/// Tells templates of different runs of the suite apart: the schema may have changed under the same name.
fn domain_digest(last: &str) -> String {
    let run = std::env::current_exe()
        .ok()
        .and_then(|path| path.metadata().ok())
        .and_then(|file| file.modified().ok());
    let stamp =
        run.and_then(|at| at.duration_since(std::time::UNIX_EPOCH).ok()).map_or(0, |age| age.as_secs());
    format!("{}_{stamp}", &last[1..16])
}
