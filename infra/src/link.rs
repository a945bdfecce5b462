//! The link to Redis: one connection, and a breaker before it.
//!
//! Nothing rests on Redis: whoever asks here gets nothing when it does not answer in time, and goes on without. After a
//! failure Redis is left alone for a pause that doubles from 100 ms to 5 s; then one attempt is made beside the requests,
//! never inside one. So a Redis that hangs costs one time limit per pause, not one per request, and it is found again by
//! itself. An attempt is a new connection: an old one may be dead without anybody having said so.

use crate::error::{Error, Result};
use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{
    AsyncConnectionConfig, Client, FromRedisValue, IntoConnectionInfo, Pipeline, RedisError, TlsCertificates,
};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// How long connecting may take, up to the first answer.
const CONNECT_MAX: Duration = Duration::from_secs(1);
/// The first pause after a failure; it doubles up to the last one.
const PAUSE_MIN: Duration = Duration::from_millis(100);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Where Redis is.
#[derive(Clone)]
pub struct LinkOptions {
    /// `redis://`, `rediss://` (TLS) or `redis+unix://`.
    pub url: String,
    /// What all keys and channels begin with.
    pub prefix: String,
    /// The authority that certified the server, as PEM; none = Mozilla's list. `rediss://` only.
    pub authority_pem: Option<Vec<u8>>,
}

/// The link of one process; cheap to clone.
#[derive(Clone)]
pub struct Link(Arc<Inner>);

struct Inner {
    client: Client,
    prefix: String,
    state: Mutex<State>,
    /// Whether the pause is longer than the first: looked at after every success.
    struggling: AtomicBool,
}

struct State {
    connection: Option<MultiplexedConnection>,
    /// Counts connections, so that what fails late on an old one does not end the new one.
    number: u64,
    attempting: bool,
    /// Left alone until then.
    rest_until: Instant,
    /// How long the next rest is.
    pause: Duration,
}

impl fmt::Debug for Link {
    /// Without the address, which has the password in it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Link").field("prefix", &self.0.prefix).finish_non_exhaustive()
    }
}

impl Link {
    /// A link that connects when it is first needed, or by [`Link::connect`].
    ///
    /// # Errors
    /// [`Error::Unavailable`] if the address or the certificate makes no sense; it does not repeat them.
    pub fn open(options: &LinkOptions) -> Result<Self> {
        let client =
            client(options).map_err(|error| Error::Unavailable(format!("Redis: {}", error.category())))?;
        let state = State {
            connection: None,
            number: 0,
            attempting: false,
            rest_until: Instant::now(),
            pause: PAUSE_MIN,
        };
        Ok(Self(Arc::new(Inner {
            client,
            prefix: options.prefix.clone(),
            state: Mutex::new(state),
            struggling: AtomicBool::new(false),
        })))
    }

    /// Tries now, whatever happened before; whether Redis is there. Takes a second at most.
    pub async fn connect(&self) -> bool {
        if self.is_up() {
            return true;
        }
        self.attempt().await
    }

    /// Whether there is a connection that is not known to be lost.
    pub fn is_up(&self) -> bool {
        self.lock().connection.is_some()
    }

    /// The full name of `name` in Redis.
    pub(crate) fn key(&self, name: &str) -> String {
        format!("{}:{name}", self.0.prefix)
    }

    /// For connections that are not shared.
    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    /// Carries `commands` out; nothing if Redis is lost, is left alone, or does not answer within `limit`.
    pub(crate) async fn run<T: FromRedisValue>(&self, commands: &Pipeline, limit: Duration) -> Option<T> {
        let (number, mut connection) = self.connection()?;
        match timeout(limit, commands.query_async(&mut connection)).await {
            Ok(Ok(answer)) => {
                self.succeeded();
                Some(answer)
            }
            Ok(Err(error)) => {
                self.failed(number, &error);
                None
            }
            Err(error) => {
                self.failed(number, &error);
                None
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connection(&self) -> Option<(u64, MultiplexedConnection)> {
        let mut state = self.lock();
        if let Some(connection) = &state.connection {
            return Some((state.number, connection.clone()));
        }
        if !state.attempting && Instant::now() >= state.rest_until {
            state.attempting = true;
            let link = self.clone();
            tokio::spawn(async move { link.attempt().await });
        }
        None
    }

    async fn attempt(&self) -> bool {
        // The limit is ours, for all of it.
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let connecting = async {
            let mut connection = self.0.client.get_multiplexed_async_connection_with_config(&config).await?;
            redis::cmd("PING").exec_async(&mut connection).await?;
            Ok::<_, RedisError>(connection)
        };
        let outcome = timeout(CONNECT_MAX, connecting).await;
        let mut state = self.lock();
        state.attempting = false;
        match outcome {
            Ok(Ok(connection)) => {
                tracing::info!("Redis is there");
                state.connection = Some(connection);
                state.number += 1;
                return true;
            }
            Ok(Err(error)) => tracing::debug!(%error, "Redis cannot be reached"),
            Err(_) => tracing::debug!("Redis does not answer"),
        }
        self.rest(&mut state);
        false
    }

    fn rest(&self, state: &mut State) {
        state.rest_until = Instant::now() + state.pause;
        state.pause = (2 * state.pause).min(PAUSE_MAX);
        self.0.struggling.store(true, Relaxed);
    }

    fn failed(&self, number: u64, error: &dyn fmt::Display) {
        let mut state = self.lock();
        if state.number == number && state.connection.take().is_some() {
            self.rest(&mut state);
            tracing::warn!(%error, "Redis lost: going on without it");
        }
    }

    fn succeeded(&self) {
        if self.0.struggling.swap(false, Relaxed) {
            self.lock().pause = PAUSE_MIN;
        }
    }
}

fn client(options: &LinkOptions) -> Result<Client, RedisError> {
    // Answers are small and waited for: never held back to fill a packet.
    let settings = TcpSettings::default().set_nodelay(true);
    let info = options.url.as_str().into_connection_info()?.set_tcp_settings(settings);
    match &options.authority_pem {
        Some(pem) => {
            Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert: Some(pem.clone()) })
        }
        None => Client::open(info),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    fn options(url: &str) -> LinkOptions {
        LinkOptions { url: url.to_owned(), prefix: "test".to_owned(), authority_pem: None }
    }

    async fn listener() -> (TcpListener, std::net::SocketAddr) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        (listener, address)
    }

    #[test]
    fn a_senseless_address_is_refused_without_being_repeated() {
        for url in
            ["", "http://:secret@127.0.0.1", "redis://:secret@", "rediss://:secret@127.0.0.1/#insecurely"]
        {
            let Err(Error::Unavailable(why)) = Link::open(&options(url)) else { panic!("{url} was taken") };
            assert!(!why.contains("secret"), "{why}");
        }
        let link = Link::open(&options("redis://:secret@127.0.0.1")).unwrap();
        assert!(!format!("{link:?}").contains("secret"));
    }

    #[tokio::test]
    async fn where_nobody_listens_nobody_waits() {
        let (listener, address) = listener().await;
        drop(listener);
        let link = Link::open(&options(&format!("redis://{address}"))).unwrap();
        assert!(!link.connect().await);
        assert!(link.run::<()>(redis::pipe().cmd("PING"), Duration::from_mins(1)).await.is_none());
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_asked_by_one_and_beside_the_requests() {
        let (listener, address) = listener().await;
        let link = Link::open(&options(&format!("redis://{address}"))).unwrap();
        for _ in 0..1000 {
            assert!(link.run::<()>(redis::pipe().cmd("PING"), Duration::from_mins(1)).await.is_none());
        }
        let (_silent, _) = listener.accept().await.unwrap();
        let second = tokio::time::timeout(Duration::ZERO, listener.accept()).await;
        assert!(second.is_err(), "one attempt at a time");
    }

    /// The provider of cryptography is found without being installed by hand.
    #[tokio::test]
    async fn tls_is_spoken_where_the_address_says_so() {
        let (listener, address) = listener().await;
        let link = Link::open(&options(&format!("rediss://{address}"))).unwrap();
        let server = async {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut record = [0; 3];
            client.read_exact(&mut record).await.unwrap();
            record
        };
        let (record, connected) = tokio::join!(server, link.connect());
        assert_eq!(record[..2], [22, 3], "a TLS handshake record (RFC 8446, 5.1)");
        assert!(!connected);
    }
}
