//! How connections are opened, and what is set on each of them.

use super::{Database, DatabaseOptions};
use crate::error::{Error, Result};
use migrations::Migrator;
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;
use sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use std::time::Duration;

/// A statement that takes longer would hold a lock for longer than a rush can wait.
const STATEMENT_SECONDS_MAX: u64 = 2;
/// How long to wait for a connection before saying that there is none.
const ACQUIRE_SECONDS_MAX: u64 = 2;
/// How long SQLite waits for another process's transaction (the command line is a second writer).
const SQLITE_BUSY_SECONDS_MAX: u64 = 5;
/// Readers of one SQLite file.
const SQLITE_READERS: u32 = 4;
/// A connection that was idle for longer is tried before it is used.
const TRUST_IDLE_SECONDS: u64 = 1;
/// Prepared statements kept per connection: the program has fewer.
const STATEMENTS_CACHED: usize = 256;
/// Any number that no other program's advisory lock has: "changqin" in ASCII.
const MIGRATION_LOCK: i64 = 0x6368_616e_6771_696e;

/// Opens the database. Does not migrate.
pub async fn connect(options: &DatabaseOptions) -> Result<Database> {
    if options.url.starts_with("sqlite:") {
        let writer = sqlite(&options.url, 1, false).await?;
        let reader = sqlite(&options.url, SQLITE_READERS, true).await?;
        let replica = reader.clone();
        return Ok(Database { writer, reader, replica });
    }
    if !options.url.starts_with("postgres:") && !options.url.starts_with("postgresql:") {
        return Err(Error::Unavailable("database_url is neither sqlite: nor postgres:".into()));
    }
    let writer = postgres(&options.url, options.connections_max).await?;
    let replica = match &options.read_url {
        Some(url) => postgres(url, options.connections_max).await?,
        None => writer.clone(),
    };
    Ok(Database { reader: writer.clone(), writer, replica })
}

async fn sqlite(url: &str, connections: u32, read_only: bool) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX + SQLITE_BUSY_SECONDS_MAX))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |options| {
            options
                .read_only(read_only)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(SQLITE_BUSY_SECONDS_MAX))
                .statement_cache_capacity(STATEMENTS_CACHED)
                .pragma("temp_store", "memory")
                .optimize_on_close(false, None)
        });
    Ok(sea_orm::Database::connect(options).await?)
}

async fn postgres(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url.replacen("postgresql:", "postgres:", 1));
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(ACQUIRE_SECONDS_MAX))
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(Duration::from_secs(TRUST_IDLE_SECONDS))
        .sqlx_logging(false)
        .set_application_name("changqing")
        .map_sqlx_postgres_opts(|options| {
            let millis = (STATEMENT_SECONDS_MAX * 1000).to_string();
            options.statement_cache_capacity(STATEMENTS_CACHED).options([
                ("lock_timeout", millis.as_str()),
                ("statement_timeout", millis.as_str()),
                ("idle_in_transaction_session_timeout", millis.as_str()),
                ("timezone", "UTC"),
            ])
        });
    Ok(sea_orm::Database::connect(options).await?)
}

/// Migrates in one transaction that no second process can be in at the same time.
pub(super) async fn migrate(database: &Database) -> Result<()> {
    let transaction = database.begin().await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        // The limits of a request are not those of a migration, which may wait for another one.
        for setting in ["lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"] {
            transaction.execute_unprepared(&format!("set local {setting} = 0")).await?;
        }
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "select pg_advisory_xact_lock($1)",
            [MIGRATION_LOCK.into()],
        );
        transaction.execute_raw(lock).await?;
    }
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    Ok(())
}
