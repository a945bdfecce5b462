//! The load generator: so many connections, each sending the next request as soon as the last one was answered.
//!
//! Requests are rendered before the clock starts, and of an answer only the status, the length and a few words are looked
//! at, so that the generator costs as little as possible of the machine it shares with the server.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// An answer's bytes at most.
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How long one answer may take.
const ANSWER_SECONDS_MAX: u64 = 30;

/// One request, as bytes on the wire.
#[derive(Debug, Clone)]
pub struct Request(Arc<[u8]>);

impl Request {
    /// A request without a body.
    pub fn get(host: SocketAddr, path: &str) -> Self {
        Self(format!("GET {path} HTTP/1.1\r\nhost: {host}\r\n\r\n").into_bytes().into())
    }

    /// A signed-in request with a JSON body.
    pub fn json(method: &str, host: SocketAddr, path: &str, token: Option<&str>, body: &str) -> Self {
        let authorization =
            token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\n{authorization}content-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        Self(head.into_bytes().into())
    }
}

/// An answer as far as it is looked at.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status; 0 if there was no answer.
    pub status: u16,
    /// The body; empty where it was not asked for.
    pub body: Vec<u8>,
    /// From sending the request to having the whole answer.
    pub took: Duration,
    /// When the answer was there, since the start.
    pub at: Duration,
}

/// What a run gave: one answer per request, in the order of the requests.
#[derive(Debug)]
pub struct Run {
    /// The answers.
    pub answers: Vec<Answer>,
    /// From the first request to the last answer.
    pub took: Duration,
}

impl Run {
    /// Answers per second.
    pub fn per_second(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "a count of requests is far below 2^52")]
        let count = self.answers.len() as f64;
        count / self.took.as_secs_f64().max(1e-9)
    }
}

/// Sends `requests` over `connections` connections. `each` is called after every answer, for a progress bar.
pub async fn run(
    server: SocketAddr,
    requests: &[Request],
    connections: usize,
    keep_bodies: bool,
    each: impl Fn() + Clone + Send + 'static,
) -> io::Result<Run> {
    let mut open = Vec::new();
    for _ in 0..connections.min(requests.len()).max(1) {
        open.push(Connection::open(server).await?);
    }
    let next = Arc::new(AtomicUsize::new(0));
    let requests: Arc<[Request]> = requests.into();
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for connection in open {
        let (next, requests, each) = (Arc::clone(&next), Arc::clone(&requests), each.clone());
        workers.spawn(async move { work(connection, &requests, &next, started, keep_bodies, each).await });
    }
    let mut answers: Vec<Option<Answer>> = Vec::new();
    answers.resize_with(requests.len(), || None);
    while let Some(done) = workers.join_next().await {
        for (place, answer) in done.map_err(io::Error::other)? {
            if let Some(slot) = answers.get_mut(place) {
                *slot = Some(answer);
            }
        }
    }
    let took = started.elapsed();
    let nothing = || Answer { status: 0, body: Vec::new(), took, at: took };
    Ok(Run { answers: answers.into_iter().map(|answer| answer.unwrap_or_else(nothing)).collect(), took })
}

async fn work(
    mut connection: Connection,
    requests: &[Request],
    next: &AtomicUsize,
    started: Instant,
    keep_bodies: bool,
    each: impl Fn(),
) -> Vec<(usize, Answer)> {
    let mut answers = Vec::new();
    loop {
        let place = next.fetch_add(1, Relaxed);
        let Some(request) = requests.get(place) else { return answers };
        let sent = Instant::now();
        let limit = Duration::from_secs(ANSWER_SECONDS_MAX);
        let answer = tokio::time::timeout(limit, connection.ask(request, keep_bodies)).await;
        let (status, body) = if let Ok(Ok(answer)) = answer {
            answer
        } else {
            // The connection is of no use any more; a new one goes on with the next request.
            if let Ok(fresh) = Connection::open(connection.server).await {
                connection = fresh;
            }
            (0, Vec::new())
        };
        answers.push((place, Answer { status, body, took: sent.elapsed(), at: started.elapsed() }));
        each();
    }
}

/// One kept-alive connection.
struct Connection {
    server: SocketAddr,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn open(server: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self { server, stream, buffer: Vec::with_capacity(8 * 1024) })
    }

    async fn ask(&mut self, request: &Request, keep_body: bool) -> io::Result<(u16, Vec<u8>)> {
        self.stream.write_all(&request.0).await?;
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if let Some(head) = Head::parse(&self.buffer)? {
                let end = head.length + head.body;
                if end > ANSWER_BYTES_MAX {
                    return Err(io::Error::other("the answer is too large"));
                }
                while self.buffer.len() < end {
                    if self.stream.read_buf(&mut self.buffer).await? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                let body = self.buffer.get(head.body..end).filter(|_| keep_body).unwrap_or_default();
                return Ok((head.status, body.to_vec()));
            }
        }
    }
}

/// The head of an answer, as far as the generator needs it.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Where the body begins.
    body: usize,
    /// The body's length.
    length: usize,
}

impl Head {
    /// The head at the start of `bytes`; nothing if it is not complete yet.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return Ok(None) };
        let wrong = || io::Error::other("not an answer this generator can read");
        let head = std::str::from_utf8(bytes.get(..end).unwrap_or_default()).map_err(|_| wrong())?;
        let status = head.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(wrong)?;
        let length = head
            .lines()
            .filter_map(|line| line.split_once(':'))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .map_or(Ok(0), |(_, value)| value.trim().parse().map_err(|_| wrong()))?;
        Ok(Some(Self { status, body: end + 4, length }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_read_as_they_arrive() {
        let bytes = b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\nx: y\r\n\r\nok";
        for end in 0..bytes.len() - 2 {
            assert_eq!(Head::parse(&bytes[..end]).unwrap(), None);
        }
        let head = Head::parse(bytes).unwrap();
        assert_eq!(head, Some(Head { status: 201, body: bytes.len() - 2, length: 2 }));
        assert_eq!(Head::parse(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap().unwrap().length, 0);
        assert!(Head::parse(b"nonsense\r\n\r\n").is_err());
    }
}
