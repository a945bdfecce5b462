//! Access tokens: JWTs (RFC 7519) of an hour, checked against the database once and then from memory.
//!
//! Invariant: memory answers only while (1) the token has not run out by the clock that is passed in, (2) the database
//! was asked at most [`TRUST_SECONDS`] ago, and (3) nothing was heard since of its session or its person. So what ends
//! a session works at once here, within the bus's delay elsewhere, and within a minute where the bus is down.

use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use crate::identity::tokens::Doubts;
use crate::secrets::Secret;
use chrono::TimeDelta;
use domain::id::{PersonId, SessionId};
use domain::identity::session::ACCESS_SECONDS;
use domain::refusal::Refusal;
use domain::time::Instant;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::time::Duration;

/// How long memory is trusted without asking the database again.
const TRUST_SECONDS: i64 = 60;
/// Tokens remembered at most, about half a kilobyte each.
const TOKENS_MAX: u64 = 65_536;
/// A token that was not shown for so long is forgotten.
const IDLE: Duration = Duration::from_mins(10);
/// Ours have about 250 bytes.
const TOKEN_BYTES_MAX: usize = 1024;

/// A session, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Who signed in.
    pub person: PersonId,
    /// The sign-in.
    pub session: SessionId,
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: PersonId,
    sid: SessionId,
    iat: i64,
    exp: i64,
}

/// What the database said of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Good,
    Ended,
    Blocked,
}

/// What memory knows of a token.
#[derive(Debug, Clone, Copy)]
struct Known {
    of: Session,
    /// Seconds since 1970, as in the token.
    expires: i64,
    verdict: Verdict,
    /// When the database was asked, by the clock that is passed in.
    asked_at: Instant,
    /// The last doubt that was raised before it was asked.
    turn: u64,
}

impl Known {
    fn answer(&self, now: Instant) -> Result<Session> {
        match self.verdict {
            _ if now.timestamp() >= self.expires => Err(Refusal::TokenExpired.into()),
            Verdict::Good => Ok(self.of),
            Verdict::Ended => Err(Refusal::Unauthenticated.into()),
            Verdict::Blocked => Err(Refusal::AccountBlocked.into()),
        }
    }
}

/// Signs and verifies access tokens.
pub struct AccessTokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    validation: Validation,
    known: Cache<Box<str>, Known>,
}

impl AccessTokens {
    /// With `secret` as the key of HMAC-SHA-256 (HS256).
    pub fn new(secret: &Secret) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The library would read the machine's clock; the one passed in is asked instead, on every use.
        validation.validate_exp = false;
        validation.required_spec_claims = HashSet::new();
        let known = Cache::builder()
            .max_capacity(TOKENS_MAX)
            .eviction_policy(EvictionPolicy::lru())
            .time_to_idle(IDLE)
            .build();
        Self {
            signing: EncodingKey::from_secret(secret.bytes()),
            verifying: DecodingKey::from_secret(secret.bytes()),
            validation,
            known,
        }
    }

    /// A token for `of`, and the seconds it is good for: at most until the session itself ends.
    pub fn make(&self, of: Session, session_ends: Instant, now: Instant) -> Result<(String, i64)> {
        let seconds = ACCESS_SECONDS.min((session_ends - now).num_seconds()).max(0);
        let iat = now.timestamp();
        let claims = Claims { sub: of.person, sid: of.session, iat, exp: iat + seconds };
        let token = encode(&Header::new(Algorithm::HS256), &claims, &self.signing)
            .map_err(|error| Error::Unavailable(format!("signing an access token: {error}")))?;
        Ok((token, seconds))
    }

    /// Whose `token` is, whether or not its session still stands: what logging out asks, so that it can be repeated.
    pub fn read(&self, token: &str, now: Instant) -> Result<Session, Refusal> {
        let (of, expires) = self.claims(token)?;
        if now.timestamp() >= expires { Err(Refusal::TokenExpired) } else { Ok(of) }
    }

    /// The session that `token` stands for, now.
    pub(super) async fn verify(
        &self,
        database: &Database,
        doubts: &Doubts,
        token: &str,
        now: Instant,
    ) -> Result<Session> {
        if let Some(known) = self.known.get(token)
            && is_fresh(&known, now)
            && !doubts.touch(known.of, known.turn)
        {
            return known.answer(now);
        }
        let (of, expires) = self.claims(token)?;
        if now.timestamp() >= expires {
            return Err(Refusal::TokenExpired.into());
        }
        let turn = doubts.turn();
        let known = Known { of, expires, verdict: ask(database, of).await?, asked_at: now, turn };
        self.known.insert(token.into(), known);
        known.answer(now)
    }

    fn claims(&self, token: &str) -> Result<(Session, i64), Refusal> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(Refusal::Unauthenticated);
        }
        let data = decode::<Claims>(token, &self.verifying, &self.validation)
            .map_err(|_| Refusal::Unauthenticated)?;
        let Claims { sub, sid, exp, .. } = data.claims;
        Ok((Session { person: sub, session: sid }, exp))
    }
}

/// A clock that was set back makes nothing fresh.
fn is_fresh(known: &Known, now: Instant) -> bool {
    let age = now - known.asked_at;
    age >= TimeDelta::zero() && age < TimeDelta::seconds(TRUST_SECONDS)
}

async fn ask(database: &Database, of: Session) -> Result<Verdict> {
    let reader = database.reader();
    let text = "select s.ended_at is not null or p.deleted_at is not null as ended, \
        p.blocked_at is not null as blocked from sessions s join people p on p.id = s.person_id \
        where s.id = $1 and s.person_id = $2";
    let values = [of.session.0.into(), of.person.0.into()];
    let Some(row) = reader.query_one_raw(sql(reader, text, values)).await? else { return Ok(Verdict::Ended) };
    let (ended, blocked): (bool, bool) = (row.try_get("", "ended")?, row.try_get("", "blocked")?);
    Ok(match (ended, blocked) {
        (true, _) => Verdict::Ended,
        (false, true) => Verdict::Blocked,
        (false, false) => Verdict::Good,
    })
}
