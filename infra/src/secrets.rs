//! Secrets that the program makes for itself. They live in the database, so that processes share them.
//!
//! Production gives its own through the configuration; what is given wins and is never stored.

use crate::database::Database;
use crate::error::{Error, Result};
use crate::random::Random;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sea_orm::{ConnectionTrait, Statement, Value};
use std::fmt;

/// 32 secret bytes that do not print.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// The bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads base64 of exactly 32 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text.trim()).ok()?.try_into().ok().map(Self)
    }
}

impl From<[u8; 32]> for Secret {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The stored secret called `name`, made on first use. All processes get the same.
pub async fn stored(database: &Database, random: &Random, name: &str) -> Result<Secret> {
    let backend = database.backend();
    let transaction = database.begin().await?;
    let fresh = STANDARD.encode(random.bytes::<32>());
    let insert = "insert into secrets (name, value) values ($1, $2) on conflict (name) do nothing";
    let values: [Value; 2] = [name.into(), fresh.into()];
    transaction.execute_raw(Statement::from_sql_and_values(backend, insert, values)).await?;
    let select =
        Statement::from_sql_and_values(backend, "select value from secrets where name = $1", [name.into()]);
    let row = transaction.query_one_raw(select).await?;
    transaction.commit().await?;
    let text: Option<String> = row.map(|row| row.try_get("", "value")).transpose()?;
    text.as_deref()
        .and_then(Secret::parse)
        .ok_or_else(|| Error::Stored(format!("secret {name} is not 32 bytes")))
}
