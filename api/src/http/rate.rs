//! How often one account may write and one address may sign in.
//!
//! Residents share the addresses of their carriers, so writes are limited by account, and sign-ins by address only, generously.
//! Counted per process in windows of a minute; an account that has used a tenth of its limit here is counted in Redis as
//! well, so that many processes add up. Off for loopback in the embedded profile: rehearsals come from there.

use crate::app::App;
use crate::http::Problem;
use crate::http::problem::Answer;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::time::Instant;
use infra::counter::SharedCounter;
use ipnet::IpNet;
use std::collections::HashMap;
use std::convert::Infallible;
use std::hash::{BuildHasher, Hash, RandomState};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Mutex, PoisonError};

/// Length of a window, in seconds.
const WINDOW_SECONDS: u32 = 60;
/// Parts the counts are spread over, so that callers seldom wait for each other.
const SHARDS: usize = 16;
/// Callers remembered per shard and window; more are let through uncounted.
const CALLERS_MAX: usize = 65_536;
/// Share of a limit that one process counts for itself.
const LOCAL_SHARE: u32 = 10;

/// Counts of one kind of request.
struct Window<K> {
    limit: u32,
    hasher: RandomState,
    shards: [Mutex<(i64, HashMap<K, u32>)>; SHARDS],
}

impl<K: Hash + Eq> Window<K> {
    fn new(limit: u32) -> Self {
        Self { limit, hasher: RandomState::new(), shards: Default::default() }
    }

    /// Counts one more of `key`: how many that makes in this window.
    fn count(&self, key: K, now: Instant) -> u32 {
        let window = now.timestamp().div_euclid(i64::from(WINDOW_SECONDS));
        let place = usize::try_from(self.hasher.hash_one(&key) % SHARDS as u64).unwrap_or_default();
        let Some(shard) = self.shards.get(place) else { return 0 };
        let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if shard.0 != window {
            *shard = (window, HashMap::new());
        }
        if shard.1.len() >= CALLERS_MAX && !shard.1.contains_key(&key) {
            return 0;
        }
        let count = shard.1.entry(key).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

/// The limits of one process.
pub struct Rates {
    writes: Window<PersonId>,
    sign_ins: Window<IpAddr>,
    shared: SharedCounter,
    off_on_loopback: bool,
}

fn limited(now: Instant) -> Problem {
    let passed = u32::try_from(now.timestamp().rem_euclid(i64::from(WINDOW_SECONDS))).unwrap_or_default();
    Refusal::RateLimited { retry_after_seconds: WINDOW_SECONDS - passed }.into()
}

impl Rates {
    /// The limits per minute that the configuration names.
    pub fn new(writes: u32, sign_ins: u32, shared: SharedCounter, off_on_loopback: bool) -> Self {
        Self { writes: Window::new(writes), sign_ins: Window::new(sign_ins), shared, off_on_loopback }
    }

    /// Counts a write of `person`.
    ///
    /// # Errors
    /// 429 `rate_limited` when there were too many this minute.
    pub async fn write(&self, caller: Caller, person: PersonId, now: Instant) -> Answer<()> {
        if self.off_on_loopback && caller.0.is_loopback() {
            return Ok(());
        }
        let here = self.writes.count(person, now);
        let mut count = u64::from(here);
        if here > self.writes.limit / LOCAL_SHARE {
            let everywhere = self.shared.incr(&format!("writes:{person}"), WINDOW_SECONDS).await;
            count = count.max(everywhere.unwrap_or_default());
        }
        if count > u64::from(self.writes.limit) { Err(limited(now)) } else { Ok(()) }
    }

    /// Counts a sign-in.
    ///
    /// # Errors
    /// 429 `rate_limited` when there were too many from this address this minute.
    pub fn sign_in(&self, caller: Caller, now: Instant) -> Answer<()> {
        let off = self.off_on_loopback && caller.0.is_loopback();
        if off || self.sign_ins.count(caller.0, now) <= self.sign_ins.limit {
            Ok(())
        } else {
            Err(limited(now))
        }
    }
}

/// Where a request comes from: the peer, or what a trusted proxy says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

impl FromRequestParts<App> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        // A request that came over no socket is a test's.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|header| header.to_str().ok());
        Ok(Self(origin(peer, forwarded, &app.config.trusted_proxies)))
    }
}

/// The last address in the chain that no trusted proxy has.
fn origin(peer: IpAddr, forwarded: Option<&str>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut origin = peer;
    for hop in forwarded.unwrap_or_default().rsplit(',') {
        if !is_trusted(&origin) {
            break;
        }
        let Ok(address) = hop.trim().parse() else { break };
        origin = address;
    }
    origin
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::{Clock, ManualClock};
    use std::sync::Arc;
    use uuid::Uuid;

    fn rates(off_on_loopback: bool) -> (Rates, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::at("2026-11-24T02:00:10Z".parse().unwrap()));
        let shared = SharedCounter::new(None, Arc::clone(&clock) as Arc<dyn Clock>);
        (Rates::new(20, 2, shared, off_on_loopback), clock)
    }

    #[tokio::test]
    async fn the_limit_is_per_account_and_minute() {
        let (rates, clock) = rates(true);
        let (far, person) = (Caller("192.0.2.1".parse().unwrap()), PersonId(Uuid::nil()));
        for _ in 0..20 {
            assert!(rates.write(far, person, clock.now()).await.is_ok());
        }
        match rates.write(far, person, clock.now()).await {
            Err(Problem::Refused(Refusal::RateLimited { retry_after_seconds })) => {
                assert_eq!(retry_after_seconds, 50);
            }
            other => panic!("{other:?}"),
        }
        assert!(rates.write(far, PersonId(Uuid::max()), clock.now()).await.is_ok());
        assert!(rates.write(Caller("127.0.0.1".parse().unwrap()), person, clock.now()).await.is_ok());
        clock.advance(chrono::TimeDelta::seconds(50));
        assert!(rates.write(far, person, clock.now()).await.is_ok());
    }

    #[test]
    fn sign_ins_are_limited_by_address() {
        let (rates, clock) = rates(false);
        let here = Caller("127.0.0.1".parse().unwrap());
        assert!(rates.sign_in(here, clock.now()).is_ok());
        assert!(rates.sign_in(here, clock.now()).is_ok());
        assert!(rates.sign_in(here, clock.now()).is_err());
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let of = |peer: &str, forwarded| origin(peer.parse().unwrap(), forwarded, &trusted).to_string();
        assert_eq!(of("192.0.2.9", Some("1.2.3.4")), "192.0.2.9");
        assert_eq!(of("10.0.0.1", Some("1.2.3.4")), "1.2.3.4");
        assert_eq!(of("10.0.0.1", Some("6.6.6.6, 1.2.3.4, 10.0.0.2")), "1.2.3.4");
        assert_eq!(of("10.0.0.1", Some("nonsense")), "10.0.0.1");
        assert_eq!(of("10.0.0.1", None), "10.0.0.1");
    }
}
