//! Connections and transactions.
//!
//! SQLite: one writer connection, whose every transaction begins IMMEDIATE, and several readers; `synchronous=FULL`,
//! so that what was answered survives a power cut. PostgreSQL: one pool, and a second one where a read replica is
//! named. A frozen process must not hold a lock: `lock_timeout`, `statement_timeout` and
//! `idle_in_transaction_session_timeout` are set on every connection.

mod connect;
mod pools;
pub mod rows;
pub mod sql;

pub use connect::connect;

use crate::error::Result;
use migrations::Migrator;
use sea_orm::{
    DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

/// Where the data lies and how it is reached.
#[derive(Debug, Clone)]
pub struct DatabaseOptions {
    /// `sqlite://path?mode=rwc` or `postgres://…`.
    pub url: String,
    /// A replica for public reads, if there is one.
    pub read_url: Option<String>,
    /// Connections at most, PostgreSQL only.
    pub connections_max: u32,
}

/// The database.
#[derive(Debug, Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
    replica: DatabaseConnection,
}

impl Database {
    /// The dialect.
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Whether it is SQLite: one writer for everything.
    pub fn is_sqlite(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// Reads of what was last committed.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// Public reads that may be a moment old.
    pub fn replica(&self) -> &DatabaseConnection {
        &self.replica
    }

    /// Begins a writing transaction. Rolled back when dropped.
    pub async fn begin(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// Applies the migrations that are missing. Safe to run from several processes at once.
    pub async fn migrate(&self) -> Result<()> {
        connect::migrate(self).await
    }

    /// Whether all migrations are applied.
    pub async fn is_migrated(&self) -> Result<bool> {
        Ok(Migrator::get_pending_migrations(&self.reader).await?.is_empty())
    }

    /// Whether it answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.reader.ping().await?)
    }

    /// Closes all connections.
    pub async fn close(self) -> Result<()> {
        self.writer.close().await?;
        self.reader.close().await?;
        self.replica.close().await?;
        Ok(())
    }
}
