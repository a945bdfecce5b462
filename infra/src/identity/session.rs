//! Sessions: opened by a sign-in, carried on by refreshes, ended once and for all.

use super::entity::session;
use crate::database::Database;
use crate::database::sql::{locking, sql};
use crate::error::{Error, Result};
use crate::identity::Tokens;
use crate::random::Random;
use chrono::TimeDelta;
use domain::id::{PersonId, SessionId};
use domain::identity::session::{Rotation, SESSION_DAYS, rotation};
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::{ActiveValue::NotSet, ConnectionTrait, DatabaseTransaction, EntityTrait, Set};

/// A session that stands, as tokens are made from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who signed in.
    pub person: PersonId,
    /// The sign-in.
    pub session: SessionId,
    /// The number of its newest refresh token.
    pub generation: u32,
    /// When it ends by itself.
    pub expires_at: Instant,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The person signed out.
    Logout,
    /// An old refresh token was shown: somebody else may hold one.
    RefreshReused,
}

impl Ended {
    fn word(self) -> &'static str {
        match self {
            Self::Logout => "logout",
            Self::RefreshReused => "refresh_reused",
        }
    }
}

pub(super) async fn open(
    transaction: &DatabaseTransaction,
    random: &Random,
    person: PersonId,
    now: Instant,
) -> Result<Standing> {
    let session: SessionId = random.id(now);
    let expires_at = now + TimeDelta::days(SESSION_DAYS);
    let row = session::ActiveModel {
        id: Set(session.0),
        person_id: Set(person.0),
        generation: Set(1),
        created_at: Set(now),
        expires_at: Set(expires_at),
        ended_at: NotSet,
        ended_because: NotSet,
    };
    session::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(Standing { person, session, generation: 1, expires_at })
}

/// Carries a session on. Repeating the last refresh gives the same again; showing an older token ends the session.
pub async fn refresh(database: &Database, tokens: &Tokens, token: &str, now: Instant) -> Result<Standing> {
    let Some((session, presented)) = tokens.read_refresh(token) else {
        return Err(Refusal::RefreshInvalid.into());
    };
    let transaction = database.begin().await?;
    let (standing, blocked) = lock(&transaction, session, now).await?.ok_or(Refusal::RefreshInvalid)?;
    if blocked {
        return Err(Refusal::AccountBlocked.into());
    }
    match rotation(presented, standing.generation) {
        Rotation::Again(_) => Ok(standing),
        Rotation::Next(generation) => {
            let text = "update sessions set generation = $2 where id = $1";
            let number = i32::try_from(generation).map_err(|_| Refusal::RefreshInvalid)?;
            transaction.execute_raw(sql(&transaction, text, [session.0.into(), number.into()])).await?;
            transaction.commit().await?;
            Ok(Standing { generation, ..standing })
        }
        Rotation::Reused => {
            close(&transaction, session, Ended::RefreshReused, now).await?;
            transaction.commit().await?;
            tokens.session_ended(session);
            tracing::warn!(%session, "an old refresh token was shown; the session is ended");
            Err(Refusal::RefreshInvalid.into())
        }
        Rotation::Unknown => Err(Refusal::RefreshInvalid.into()),
    }
}

/// Ends a session. Ending it again changes nothing.
pub async fn end(database: &Database, tokens: &Tokens, session: SessionId, now: Instant) -> Result<()> {
    let transaction = database.begin().await?;
    close(&transaction, session, Ended::Logout, now).await?;
    transaction.commit().await?;
    tokens.session_ended(session);
    Ok(())
}

async fn close(
    transaction: &DatabaseTransaction,
    session: SessionId,
    why: Ended,
    now: Instant,
) -> Result<()> {
    let text = "update sessions set ended_at = $2, ended_because = $3 where id = $1 and ended_at is null";
    let values = [session.0.into(), now.into(), why.word().into()];
    transaction.execute_raw(sql(transaction, text, values)).await?;
    Ok(())
}

/// The session, locked, and whether its person is blocked; none if it does not stand.
async fn lock(
    transaction: &DatabaseTransaction,
    session: SessionId,
    now: Instant,
) -> Result<Option<(Standing, bool)>> {
    let text = format!(
        "select s.person_id, s.generation, s.expires_at, p.blocked_at is not null as blocked from sessions s \
         join people p on p.id = s.person_id where s.id = $1 and s.ended_at is null and p.deleted_at is null {}",
        locking(transaction, "s")
    );
    let Some(row) = transaction.query_one_raw(sql(transaction, &text, [session.0.into()])).await? else {
        return Ok(None);
    };
    let generation: i32 = row.try_get("", "generation")?;
    let standing = Standing {
        person: PersonId(row.try_get("", "person_id")?),
        session,
        generation: u32::try_from(generation)
            .map_err(|_| Error::Stored(format!("sessions.generation = {generation}")))?,
        expires_at: row.try_get("", "expires_at")?,
    };
    let blocked = row.try_get("", "blocked")?;
    Ok((standing.expires_at > now).then_some((standing, blocked)))
}
