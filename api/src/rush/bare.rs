//! The bare static handler: two bytes, no layer, no state. What everything else is compared with.

use axum::Router;
use axum::routing::get;
use std::net::SocketAddr;

/// Serves it until the process ends.
pub async fn serve(listen: SocketAddr) -> std::io::Result<()> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    let router = Router::new().route("/", get(|| async { "ok" }));
    axum::serve(
        axum::serve::ListenerExt::tap_io(listener, |stream| {
            // A refused option costs a little latency, nothing else.
            let _ = stream.set_nodelay(true);
        }),
        router,
    )
    .await
}
