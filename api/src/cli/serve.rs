//! `changqing serve` and `changqing sandbox`.

use super::{Outcome, say};
use crate::config::Config;
use crate::sandbox::{self, MiniApp};
use crate::serve::serve;
use crate::start::start;
use infra::clock::SystemClock;
use infra::random::Random;
use infra::wechat::SecretText;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Serves until the process is asked to end.
pub async fn run(config: Config) -> Outcome {
    let listener = TcpListener::bind(config.listen).await?;
    let address = listener.local_addr()?;
    if !config.is_production() && !address.ip().is_loopback() {
        tracing::warn!(%address, "the embedded profile listens beyond this machine: it is for newcomers and rehearsals");
    }
    let started = start(config, Arc::new(SystemClock), Arc::new(Random::from_system())).await?;
    started.run_background();
    greet(&started.app, address);
    serve(started, listener, ended()?).await?;
    Ok(())
}

/// Serves the stand-in of WeChat alone.
pub async fn sandbox(config: Config, listen: SocketAddr) -> Outcome {
    let listener = TcpListener::bind(listen).await?;
    say(format!("http://{}", listener.local_addr()?));
    let app = MiniApp { appid: config.wechat_appid, secret: SecretText::new(config.wechat_secret) };
    let stop = ended()?;
    sandbox::serve(listener, app, Arc::new(SystemClock), stop.cancelled_owned()).await?;
    Ok(())
}

/// Cancelled when the process is asked to end.
fn ended() -> std::io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        asked.cancel();
    });
    Ok(stop)
}

fn greet(app: &crate::App, address: SocketAddr) {
    say(format!("常青 Changqing  http://{address}/   文档 docs: http://{address}/docs"));
    if !app.sandboxed {
        return;
    }
    say("示例人物 sample people: operator, school-staff, organiser, shop-owner, resident");
    say("登录码 sign-in code: sandbox:<谁 who>:<任意新内容 anything new>");
    say(format!(
        "试一试 try: curl -s http://{address}/api/v1/auth/wechat -H 'content-type: application/json' \
         -d '{{\"code\":\"sandbox:resident:{}\"}}'",
        app.now().timestamp()
    ));
}
