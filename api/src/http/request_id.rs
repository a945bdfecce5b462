//! The id under which a request stands in the log, in its answer and in the audit.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use infra::random::Random;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};

/// The header in both directions.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of a foreign id at most.
const LENGTH_MAX: usize = 64;

/// Makes ids that no other process makes: a random name of the process, then a count.
#[derive(Debug)]
pub struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    /// Ids of a new process.
    pub fn new(random: &Random) -> Self {
        Self { process: u64::from_be_bytes(random.bytes()), next: AtomicU64::new(1) }
    }

    /// The id of the request with `headers`: the caller's if it is sane, else a new one. From here on the request
    /// carries it as its header.
    pub fn settle(&self, headers: &mut HeaderMap) -> HeaderValue {
        if let Some(foreign) = headers.get(X_REQUEST_ID)
            && is_sane(foreign.as_bytes())
        {
            return foreign.clone();
        }
        let count = self.next.fetch_add(1, Ordering::Relaxed);
        let text = format!("{:016x}-{count:x}", self.process);
        let id = HeaderValue::from_maybe_shared(bytes::Bytes::from(text))
            .unwrap_or_else(|_| HeaderValue::from_static("-"));
        headers.insert(X_REQUEST_ID, id.clone());
        id
    }
}

/// Nothing that could break a line of a log or a header.
fn is_sane(id: &[u8]) -> bool {
    (1..=LENGTH_MAX).contains(&id.len())
        && id.iter().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte))
}

/// What is told of an id.
pub fn text(id: &HeaderValue) -> &str {
    id.to_str().unwrap_or("-")
}

/// The request's id, for a handler that records it.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(X_REQUEST_ID).map_or("-", text).to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_foreign_id_is_kept() {
        let ids = RequestIds::new(&Random::seeded(1));
        let long = "a".repeat(64);
        for id in ["1", "c3ab8ff13720e8ad9047dd39466b3c89", "Front-end_1.2", long.as_str()] {
            let mut headers = HeaderMap::from_iter([(X_REQUEST_ID, HeaderValue::from_str(id).unwrap())]);
            assert_eq!(ids.settle(&mut headers), id);
            assert_eq!(headers[X_REQUEST_ID], id);
        }
    }

    #[test]
    fn any_other_is_replaced_and_no_two_are_alike() {
        let ids = RequestIds::new(&Random::seeded(1));
        let mut seen = std::collections::HashSet::new();
        for id in ["", " ", "a b", "a\"b", "a,b", &"a".repeat(65), "{}"] {
            let mut headers = HeaderMap::from_iter([(X_REQUEST_ID, HeaderValue::from_str(id).unwrap())]);
            let settled = ids.settle(&mut headers);
            assert!(is_sane(settled.as_bytes()));
            assert_eq!(headers[X_REQUEST_ID], settled);
            assert!(seen.insert(settled));
        }
        let obscure = HeaderValue::from_bytes(b"\xff").unwrap();
        let mut headers = HeaderMap::from_iter([(X_REQUEST_ID, obscure)]);
        assert!(is_sane(ids.settle(&mut headers).as_bytes()));
        assert!(is_sane(ids.settle(&mut HeaderMap::new()).as_bytes()));
    }
}
