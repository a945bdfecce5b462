//! Listening, and ending without leaving anybody without an answer.

use crate::router::router;
use crate::start::Started;
use axum::serve::ListenerExt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long requests under way may take once the end has begun.
const DRAIN_SECONDS_MAX: u64 = 10;

/// Serves until `stop` is cancelled; then takes no new connection, answers what is under way and stops everything.
pub async fn serve(started: Started, listener: TcpListener, stop: CancellationToken) -> io::Result<()> {
    let app = started.app.clone();
    let service = router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let listener = listener.tap_io(|stream| {
        // Answers are small and complete: waiting for more to send only delays them.
        let _ = stream.set_nodelay(true);
    });
    let stopping = stop.clone();
    let readiness = app.clone();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        stopping.cancelled().await;
        readiness.readiness.stopping();
    });
    app.readiness.started();
    let overdue = async {
        stop.cancelled().await;
        tokio::time::sleep(Duration::from_secs(DRAIN_SECONDS_MAX)).await;
    };
    let served = tokio::select! {
        served = serving => served,
        () = overdue => Ok(()),
    };
    drop(app);
    started.stop().await;
    served
}
