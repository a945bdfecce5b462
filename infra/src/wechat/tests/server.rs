//! A server of one connection: takes a request, does what it was told, reports the request.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::{self, JoinHandle};

/// What to send once the request is read, as raw HTTP.
pub enum Reply {
    Raw(Vec<u8>),
    /// This, then nothing more until the other side gives up.
    Unfinished(&'static [u8]),
}

impl Reply {
    pub fn json(content_type: &str, body: &str) -> Self {
        Self::status("200 OK", content_type, body)
    }

    pub fn status(status: &str, content_type: &str, body: &str) -> Self {
        let length = body.len();
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n");
        Self::Raw([head.as_bytes(), body.as_bytes()].concat())
    }
}

pub struct Server {
    pub base: String,
    worker: JoinHandle<String>,
}

impl Server {
    pub fn answering(reply: Reply) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("it is bound"));
        let worker = thread::spawn(move || {
            let (mut connection, _) = listener.accept().expect("a connection");
            let request = head_of(&mut connection);
            match reply {
                // The client may hang up before it has read all: that is its right.
                Reply::Raw(bytes) => drop(connection.write_all(&bytes)),
                Reply::Unfinished(bytes) => {
                    drop(connection.write_all(bytes));
                    drop(connection.read(&mut [0]));
                }
            }
            request
        });
        Self { base, worker }
    }

    /// The head of the request that came. Lets the runtime go on meanwhile: it is what hangs up.
    pub async fn request(self) -> String {
        let done = tokio::task::spawn_blocking(|| self.worker.join()).await;
        done.expect("a thread to wait on").expect("the server did its work")
    }
}

fn head_of(connection: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && connection.read(&mut byte).expect("a request") == 1 {
        head.extend_from_slice(&byte);
    }
    String::from_utf8(head).expect("a request in ASCII")
}
