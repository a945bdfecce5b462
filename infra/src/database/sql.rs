//! One statement with its parameters.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

/// `text` with `values` for `$1`, `$2`, …, in the dialect of `connection`.
pub fn sql<C: ConnectionTrait>(
    connection: &C,
    text: &str,
    values: impl IntoIterator<Item = Value>,
) -> Statement {
    Statement::from_sql_and_values(connection.get_database_backend(), text, values)
}

/// What a selecting statement ends with to lock its rows of `table`, without blocking foreign keys to them. SQLite's
/// one writer needs no locks.
pub fn locking<C: ConnectionTrait>(connection: &C, table: &str) -> String {
    match connection.get_database_backend() {
        DbBackend::Postgres => format!("for no key update of {table}"),
        _ => String::new(),
    }
}
