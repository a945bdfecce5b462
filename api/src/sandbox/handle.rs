//! A stand-in running beside whatever needs it.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use domain::time::Clock;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use tracing::error;

use super::{MiniApp, serve};

/// A running stand-in. It stops when this is dropped.
#[derive(Debug)]
pub struct Sandbox {
    port: u16,
    running: DropGuard,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Starts one on 127.0.0.1; port 0 is any free one. It answers as soon as this returns.
    pub async fn start(port: u16, app: MiniApp, clock: Arc<dyn Clock>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        let stop = CancellationToken::new();
        let shutdown = stop.clone().cancelled_owned();
        let task = tokio::spawn(async move {
            if let Err(cause) = serve(listener, app, clock, shutdown).await {
                error!(%cause, "the WeChat sandbox has stopped");
            }
        });
        Ok(Self { port, running: stop.drop_guard(), task })
    }

    /// What a client takes for the platform's address.
    pub fn base_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Stops it and waits until it has; a request under way is answered first, within a second.
    pub async fn stop(self) {
        drop(self.running);
        // An error here is a panic of the server's task, which has been reported where it happened.
        let _ = self.task.await;
    }
}
