//! Servers of the rehearsal's own: the program itself in a folder of its own, and a bare handler to compare with.

use super::Failure;
use super::generator::{self, Request};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long a server may take to become ready.
const READY_SECONDS_MAX: u64 = 60;

/// A server that ends with the rehearsal.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    child: Child,
}

impl Server {
    /// Starts the program with `arguments` and `settings` (keys of the configuration) and waits until `path` answers 200.
    pub async fn start(arguments: &[&str], settings: &[(&str, &str)], path: &str) -> Result<Self, Failure> {
        let address = free_address()?;
        let program = std::env::current_exe()?;
        let child = Command::new(program)
            .args(arguments)
            .env("CHANGQING_LISTEN", address.to_string())
            .envs(settings.iter().map(|(key, value)| (format!("CHANGQING_{}", key.to_uppercase()), *value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let mut server = Self { address, child };
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(READY_SECONDS_MAX) {
            if let Some(status) = server.child.try_wait()? {
                return Err(Failure::Refused(format!("the server ended before it was ready: {status}")));
            }
            let ready = generator::run(address, &[Request::get(address, path)], 1, false, || {}).await;
            if ready.is_ok_and(|run| run.answers.iter().all(|answer| answer.status == 200)) {
                return Ok(server);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(Failure::Refused("the server did not become ready".into()))
    }

    /// The program with a database in `folder`, or on the stores that the environment names.
    pub async fn program(folder: &Path) -> Result<Self, Failure> {
        let folder = folder.to_string_lossy().into_owned();
        Self::start(&["serve"], &[("data_dir", &folder), ("log", "warn")], "/readyz").await
    }

    /// Nothing but a handler that answers two bytes.
    pub async fn bare() -> Result<Self, Failure> {
        Self::start(&["bare"], &[], "/").await
    }

    /// Resident memory of the server, in KiB; nothing where the system does not tell.
    pub fn resident_kib(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()?)).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

fn free_address() -> Result<SocketAddr, Failure> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}
