//! What nobody needs any more: sessions that ended long ago, keys of requests that nobody will send again.

use crate::database::Database;
use crate::database::sql::sql;
use crate::error::Result;
use crate::idempotency::KEY_DAYS;
use chrono::TimeDelta;
use domain::time::Instant;
use sea_orm::ConnectionTrait;

/// Days for which an ended session is kept: until then an old refresh token of it is recognised.
const ENDED_SESSION_DAYS: i64 = 7;
/// Rows deleted in one transaction, so that nobody waits for it.
const ROWS_PER_TRANSACTION: i64 = 1000;

/// Deletes it, in small transactions; says how many rows. To be run once an hour or so, by any number of processes.
pub async fn tidy(database: &Database, now: Instant) -> Result<u64> {
    let ended_before = now - TimeDelta::days(ENDED_SESSION_DAYS);
    let sessions = "delete from sessions where id in \
        (select id from sessions where coalesce(ended_at, expires_at) < $1 limit $2)";
    let sessions = repeat(database, sessions, ended_before).await?;
    let keys = "delete from idempotency_keys where (person_id, key) in \
        (select person_id, key from idempotency_keys where created_at < $1 order by created_at limit $2)";
    let keys = repeat(database, keys, now - TimeDelta::days(KEY_DAYS)).await?;
    Ok(sessions + keys)
}

async fn repeat(database: &Database, text: &str, before: Instant) -> Result<u64> {
    let mut all = 0;
    loop {
        let transaction = database.begin().await?;
        let values = [before.into(), ROWS_PER_TRANSACTION.into()];
        let gone = transaction.execute_raw(sql(&transaction, text, values)).await?.rows_affected();
        transaction.commit().await?;
        all += gone;
        if gone == 0 {
            return Ok(all);
        }
    }
}
