//! How it starts and ends.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{app, client, clock_at_noon, started};
use crate::sandbox::Sandbox;

fn connect(sandbox: &Sandbox) -> TcpStream {
    let address: SocketAddr = sandbox.base_url().trim_start_matches("http://").parse().expect("an address");
    assert!(address.ip().is_loopback(), "{address}");
    TcpStream::connect(address).expect("it listens")
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_whoever_still_holds_a_connection() {
    let sandbox = started().await;
    let base = sandbox.base_url();
    let client = client(&sandbox);
    client.sign_in("sandbox:resident:one").await.expect("an identity, over a connection that is kept");
    let silent = connect(&sandbox);
    let mut half = connect(&sandbox);
    half.write_all(b"GET /sns/jscode2session?appid=").expect("half a request");
    let mut owing = connect(&sandbox);
    owing
        .write_all(b"POST /__sandbox/fault HTTP/1.1\r\nhost: it\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n")
        .expect("a request without its body");
    // The server asks for the body: from here on it waits for it.
    owing.read_exact(&mut [0]).expect("100 Continue");
    sandbox.stop().await;
    assert!(TcpStream::connect(base.trim_start_matches("http://")).is_err(), "nobody listens any more");
    client.sign_in("sandbox:resident:two").await.expect_err("it is gone");
    drop((silent, half, owing));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_when_it_is_dropped() {
    let sandbox = started().await;
    let mut connection = connect(&sandbox);
    connection.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit, so that this can fail");
    drop(sandbox);
    let read = tokio::task::spawn_blocking(move || connection.read(&mut [0])).await.expect("a thread");
    // The server has hung up; with a reset if it had not yet taken the connection.
    let end =
        read.unwrap_or_else(
            |error| if error.kind() == ErrorKind::ConnectionReset { 0 } else { panic!("{error}") },
        );
    assert_eq!(end, 0);
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let sandbox = started().await;
    let port = sandbox.base_url().rsplit_once(':').and_then(|(_, port)| port.parse().ok()).expect("a port");
    let error = Sandbox::start(port, app(), clock_at_noon()).await.expect_err("it is taken");
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}
