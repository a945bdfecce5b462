//! A stand-in for the WeChat platform: a server with the platform's paths, fields and error codes, for the
//! embedded set-up, tests and rehearsals. To the client only the base URL differs.
//!
//! The code `sandbox:<openid>:<nonce>` signs in as `<openid>`, once. Whoever reaches this server is whoever they
//! like, so production refuses it, and [`Sandbox::start`] listens on loopback only.
//!
//! Invariant: its memory is bounded whatever is sent to it, and it keeps nothing on disk.

mod answer;
mod codes;
mod fault;
mod handle;
mod sign_in;
#[cfg(test)]
mod tests;

pub use codes::{SIGN_INS_PER_MINUTE_MAX, SPENT_CODES_MAX};
pub use handle::Sandbox;

use std::future::Future;
use std::io;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use domain::time::Clock;
use infra::wechat::SecretText;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use codes::Codes;
use fault::Faults;

/// How long requests under way may still take once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(1);
const CONTROL_BODY_BYTES_MAX: usize = 4 * 1024;

/// The one mini-app this platform knows.
#[derive(Debug, Clone)]
pub struct MiniApp {
    pub appid: String,
    pub secret: SecretText,
}

/// All the server knows.
struct Platform {
    app: MiniApp,
    clock: Arc<dyn Clock>,
    codes: Mutex<Codes>,
    faults: Mutex<Faults>,
    /// How many refusals were given a name.
    refusals: AtomicU64,
    stopping: CancellationToken,
}

impl Platform {
    fn new(app: MiniApp, clock: Arc<dyn Clock>) -> Arc<Self> {
        Arc::new(Self {
            app,
            clock,
            codes: Mutex::new(Codes::new(SPENT_CODES_MAX)),
            faults: Mutex::default(),
            refusals: AtomicU64::new(0),
            stopping: CancellationToken::new(),
        })
    }
}

/// Serves one platform until `shutdown` and at most a second longer. Whoever gives a listener that others can reach
/// means it: for a network of containers, say.
pub async fn serve(
    listener: TcpListener,
    app: MiniApp,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let platform = Platform::new(app, clock);
    let stopping = platform.stopping.clone();
    let serving = axum::serve(listener, router(platform)).with_graceful_shutdown({
        let stopping = stopping.clone();
        async move {
            shutdown.await;
            stopping.cancel();
        }
    });
    let overdue = async move {
        stopping.cancelled().await;
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        served = serving => served,
        () = overdue => Ok(()),
    }
}

fn router(platform: Arc<Platform>) -> Router {
    let inject = post(fault::inject).layer(DefaultBodyLimit::max(CONTROL_BODY_BYTES_MAX));
    Router::new()
        .route(sign_in::PATH, get(sign_in::sign_in).fallback(answer::only_get))
        .route_layer(from_fn_with_state(platform.clone(), fault::apply))
        .route("/__sandbox/fault", inject)
        .with_state(platform)
}
