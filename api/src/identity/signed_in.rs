//! The permission of being signed in: a handler that takes a [`SignedIn`] cannot be reached without it.

use crate::app::App;
use crate::http::Problem;
use crate::http::rate::Caller;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use base64::Engine;
use domain::id::{PersonId, SessionId};
use domain::refusal::Refusal;
use infra::audit::Acting;
use infra::idempotency::Key;
use sha2::{Digest, Sha256};

/// Characters of an `Idempotency-Key` at most.
const KEY_CHARS_MAX: usize = 128;

/// Somebody who is signed in, now. Writes are counted against the account's limit.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn {
    /// Who.
    pub person: PersonId,
    /// By which sign-in.
    pub session: SessionId,
}

impl SignedIn {
    /// As the audit will say it.
    pub fn acting(self, headers: &HeaderMap) -> Acting {
        let id = headers.get("x-request-id").and_then(|id| id.to_str().ok());
        Acting { person: Some(self.person), organisation: None, request_id: id.map(str::to_owned) }
    }
}

/// The token of `Authorization: Bearer …`.
pub fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let named = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    // The name of the scheme is written in any case (RFC 9110, 11.1).
    let (scheme, token) = named.and_then(|named| named.split_once(' ')).unwrap_or_default();
    if scheme.eq_ignore_ascii_case("bearer") {
        Ok(token.trim())
    } else {
        Err(Refusal::Unauthenticated.into())
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let now = app.now();
        let session = app.tokens.verify(&app.database, bearer(&parts.headers)?, now).await?;
        if !matches!(parts.method, Method::GET | Method::HEAD) {
            let Ok(caller) = Caller::from_request_parts(parts, app).await;
            app.rates.write(caller, session.person, now).await?;
        }
        Ok(Self { person: session.person, session: session.session })
    }
}

/// The `Idempotency-Key` of a request, if it has one, with what it is bound to besides the body.
#[derive(Debug, Clone)]
pub struct KeyHeader {
    key: Option<String>,
    what: String,
}

impl FromRequestParts<App> for KeyHeader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Problem> {
        let key = parts.headers.get("idempotency-key").map(|key| key.to_str().unwrap_or_default().to_owned());
        let sane = |key: &String| (1..=KEY_CHARS_MAX).contains(&key.len());
        if key.as_ref().is_some_and(|key| !sane(key)) {
            let (zh, en) =
                (format!("须为 1 到 {KEY_CHARS_MAX} 个字符"), format!("1 to {KEY_CHARS_MAX} characters"));
            return Err(Problem::invalid("Idempotency-Key", zh, en));
        }
        Ok(Self { key, what: format!("{} {}", parts.method, parts.uri.path()) })
    }
}

impl KeyHeader {
    /// The key, bound to the person and to `body`.
    pub fn bind(self, person: PersonId, body: &impl serde::Serialize) -> Option<Key> {
        let body = serde_json::to_vec(body).unwrap_or_default();
        let digest = Sha256::new().chain_update(&self.what).chain_update([0]).chain_update(body).finalize();
        let digest = base64::engine::general_purpose::STANDARD.encode(digest);
        self.key.map(|key| Key { person, key, digest })
    }
}
