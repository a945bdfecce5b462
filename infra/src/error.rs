//! What can go wrong in a verb, and the one place where a database error is told apart.

use domain::refusal::Refusal;
use sea_orm::{DbErr, RuntimeErr};

/// The result of a verb.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a verb did not do what it was asked. Cheap to clone: whoever waited for one load is told the same.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A rule refused; nothing has changed.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// More is waiting than can be answered in time; nothing has changed.
    #[error("overloaded")]
    Overloaded {
        /// When to try again, in seconds.
        retry_after_seconds: u32,
    },
    /// Something we depend on does not answer; nothing has changed.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// The change may or may not have been stored; asking again finds out.
    #[error("outcome unknown: {0}")]
    OutcomeUnknown(String),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbErr),
    /// What is stored cannot be read: a defect, or a foreign hand.
    #[error("stored value: {0}")]
    Stored(String),
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// What a failed statement means for the transaction it stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Deadlock, serialisation, lock timeout, busy: the same again may succeed.
    Transient,
    /// A unique constraint: somebody else was there first.
    Duplicate,
    /// The connection is gone, the pool is empty, the server is down.
    Unreachable,
    /// The statement itself cannot succeed.
    Statement,
}

/// Tells database errors apart by what can be done about them.
///
/// PostgreSQL by SQLSTATE (appendix A of its manual), SQLite by its result codes.
pub fn classify(error: &DbErr) -> Failure {
    let sqlx_error = match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => error,
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => return Failure::Unreachable,
        _ => return Failure::Statement,
    };
    match &**sqlx_error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            match code.as_ref() {
                // deadlock, serialization failure, lock not available, statement cancelled; SQLite busy, locked
                "40P01" | "40001" | "55P03" | "57014" | "5" | "6" | "261" | "517" | "262" => {
                    Failure::Transient
                }
                "23505" | "2067" | "1555" => Failure::Duplicate,
                // shutdown, crash, cannot connect now, idle in transaction, too many connections
                "57P01" | "57P02" | "57P03" | "25P03" | "53300" => Failure::Unreachable,
                other if other.starts_with("08") => Failure::Unreachable,
                _ => Failure::Statement,
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Failure::Unreachable,
        _ => Failure::Statement,
    }
}
