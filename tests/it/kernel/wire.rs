//! A wire between a desk and PostgreSQL that can be cut, or fall silent, around a commit.

use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// What happens to the next commit that comes along. Only that one; the wire is good again afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The server never hears of it: both ends find the wire cut.
    CutBefore,
    /// The server has carried it out; its answer is swallowed and the wire is cut.
    CutAfter,
    /// The server has carried it out; its answer is swallowed, and nothing more is heard.
    SilentAfter,
    /// The first statement of a transaction is swallowed, and nothing more is heard.
    SilentAtBegin,
}

/// The wire.
pub struct Wire {
    /// The database's address, through the wire.
    pub url: String,
    next: Arc<Mutex<Option<Fault>>>,
    over: CancellationToken,
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.over.cancel();
    }
}

impl Wire {
    /// A wire to the server of `url`. TLS would hide what is said.
    pub async fn to(url: &str) -> Self {
        let (credentials, rest) = url.rsplit_once('@').unwrap();
        let (server, database) = rest.split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let here = listener.local_addr().unwrap();
        let (next, over) = (Arc::default(), CancellationToken::new());
        let url = format!("{credentials}@{here}/{database}?sslmode=disable");
        let wire = Self { url, next: Arc::clone(&next), over: over.clone() };
        let server = server.to_owned();
        tokio::spawn(over.run_until_cancelled_owned(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(connection(client, server, Arc::clone(&next)));
            }
        }));
        wire
    }

    /// The next commit meets `fault`.
    pub fn fail_next(&self, fault: Fault) {
        *self.next.lock().unwrap() = Some(fault);
    }

    /// Whether the fault has happened.
    pub fn has_failed(&self) -> bool {
        self.next.lock().unwrap().is_none()
    }
}

/// The fault that a message of the client meets, if it is the one that was waited for.
fn meets(message: &[u8], next: &Mutex<Option<Fault>>) -> Option<Fault> {
    let says = |word: &[u8]| message.windows(word.len()).any(|part| part == word);
    let mut next = next.lock().unwrap();
    let fault = (*next)?;
    let met = if fault == Fault::SilentAtBegin { says(b"BEGIN") } else { says(b"COMMIT\0") };
    if met { next.take() } else { None }
}

async fn connection(mut client: TcpStream, mut server: TcpStream, next: Arc<Mutex<Option<Fault>>>) {
    let (mut said, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            length = client.read(&mut said) => {
                let Ok(1..) = length else { return };
                let message = &said[..length.unwrap()];
                if let Some(fault) = meets(message, &next) {
                    return fail(fault, message, client, server).await;
                }
                if server.write_all(message).await.is_err() { return }
            }
            length = server.read(&mut answered) => {
                let Ok(1..) = length else { return };
                if client.write_all(&answered[..length.unwrap()]).await.is_err() { return }
            }
        }
    }
}

/// Both ends are dropped, and with them the wire is cut, when this is over.
async fn fail(fault: Fault, message: &[u8], mut client: TcpStream, mut server: TcpStream) {
    if matches!(fault, Fault::CutAfter | Fault::SilentAfter) {
        server.write_all(message).await.unwrap();
        // The server answers when it has committed.
        assert!(server.read(&mut [0; 1024]).await.unwrap() > 0);
    }
    if matches!(fault, Fault::SilentAfter | Fault::SilentAtBegin) {
        let mut unheard = vec![0; 1024];
        while client.read(&mut unheard).await.is_ok_and(|length| length > 0) {}
    }
}
