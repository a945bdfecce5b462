//! A process that a test can freeze and kill: `tests/src/bin/worker.rs`, by its process id.

use super::fixture::Fixture;
use domain::id::QuotaId;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// Killed when dropped.
pub struct Worker {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    pub fn start(fixture: &Fixture, what: &str, quota: QuotaId, last: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_worker"))
            .args([what, fixture.database.url(), &quota.0.to_string(), last])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, said }
    }

    pub async fn tell(&mut self, line: &str) {
        let input = self.child.stdin.as_mut().unwrap();
        input.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }

    /// The next line; none when it has ended.
    pub async fn hear(&mut self) -> Option<String> {
        self.said.next_line().await.unwrap()
    }

    /// Stops it where it stands, without its knowing.
    pub async fn freeze(&self) {
        self.signal("STOP").await;
    }

    pub async fn thaw(&self) {
        self.signal("CONT").await;
    }

    /// Ends it where it stands.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    async fn signal(&self, name: &str) {
        let pid = self.child.id().unwrap().to_string();
        let status = Command::new("sh").args(["-c", "kill -$0 $1", name, &pid]).status().await.unwrap();
        assert!(status.success());
    }
}
