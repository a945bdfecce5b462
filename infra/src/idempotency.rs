//! `Idempotency-Key`: a request that is sent again has its effect once and the same answer.
//!
//! The row of a key is written in the transaction of the effect, before it; so a second request with the same key waits
//! for the first, and finds the effect whole or not at all. What is kept is the id of what was made: the answer is
//! read anew.

use crate::database::sql::sql;
use crate::error::Result;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// Days for which a key is remembered. A client gives up long before.
pub const KEY_DAYS: i64 = 2;

/// A key as it came, bound to the person and to what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// Who sent it.
    pub person: PersonId,
    /// The text.
    pub key: String,
    /// Digest of the method, the path and the body.
    pub digest: String,
}

/// Begins what `key` stands for: none if it is to be done now, else what was made the first time. Without a key it is
/// always to be done.
pub async fn begin(
    transaction: &DatabaseTransaction,
    key: Option<&Key>,
    now: Instant,
) -> Result<Option<String>> {
    let Some(key) = key else { return Ok(None) };
    let text = "insert into idempotency_keys (person_id, key, request_digest, status, body, created_at) \
        values ($1, $2, $3, 0, '', $4) on conflict (person_id, key) do nothing";
    let values = [key.person.0.into(), key.key.clone().into(), key.digest.clone().into(), now.into()];
    if transaction.execute_raw(sql(transaction, text, values)).await?.rows_affected() > 0 {
        return Ok(None);
    }
    let text = "select request_digest, body from idempotency_keys where person_id = $1 and key = $2";
    let values = [key.person.0.into(), key.key.clone().into()];
    let Some(row) = transaction.query_one_raw(sql(transaction, text, values)).await? else { return Ok(None) };
    let digest: String = row.try_get("", "request_digest")?;
    if digest != key.digest {
        return Err(Refusal::IdempotencyKeyReused.into());
    }
    Ok(Some(row.try_get("", "body")?))
}

/// Remembers what was `made` and with which status it was answered; the transaction's last statement but the commit.
pub async fn finish(
    transaction: &DatabaseTransaction,
    key: Option<&Key>,
    status: u16,
    made: &str,
) -> Result<()> {
    let Some(key) = key else { return Ok(()) };
    let text = "update idempotency_keys set status = $3, body = $4 where person_id = $1 and key = $2";
    let values = [key.person.0.into(), key.key.clone().into(), i32::from(status).into(), made.into()];
    transaction.execute_raw(sql(transaction, text, values)).await?;
    Ok(())
}
