//! A PostgreSQL of a test's own, which may be killed. Started as `tests/run` starts the shared one: as root, by the user
//! `TEST_PG_USER`.

use super::process::until;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use tests::database::variable;

pub struct Server {
    folder: TempDir,
    port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.control(&["stop", "--mode=immediate", "--silent"]);
    }
}

/// Runs a program of PostgreSQL as whoever may.
fn run(program: &str, arguments: &[&str]) -> Output {
    let program = PathBuf::from(variable("TEST_PG_BIN")).join(program);
    let user = variable("TEST_PG_USER");
    let mut command = if user.is_empty() {
        Command::new(program)
    } else {
        let mut command = Command::new("runuser");
        command.args(["-u", &user, "--"]).arg(program);
        command
    };
    command.args(arguments).current_dir("/").stdin(std::process::Stdio::null()).output().unwrap()
}

fn succeeds(output: &Output) -> bool {
    output.status.success()
}

impl Server {
    pub async fn start() -> Self {
        use std::os::unix::fs::PermissionsExt;
        let folder =
            tempfile::Builder::new().permissions(PermissionsExt::from_mode(0o711)).tempdir().unwrap();
        let home = folder.path().join("server");
        std::fs::create_dir(&home).unwrap();
        let user = variable("TEST_PG_USER");
        if !user.is_empty() {
            assert!(succeeds(&Command::new("chown").arg(&user).arg(&home).output().unwrap()));
        }
        let data = home.join("data");
        // Only this test knows the port, and only for seconds.
        let made = run(
            "initdb",
            &[
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "--pgdata",
                data.to_str().unwrap(),
            ],
        );
        assert!(succeeds(&made), "{made:?}");
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = Self { folder, port };
        server.resume().await;
        server
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("server/data")
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn control(&self, arguments: &[&str]) -> Output {
        let (data, log) = (self.data(), self.data().with_file_name("log"));
        let paths = ["--pgdata", data.to_str().unwrap(), "--log", log.to_str().unwrap()];
        run("pg_ctl", &[arguments, &paths].concat())
    }

    /// Starts it, again if need be: what is left of a killed one lives on for a moment.
    pub async fn resume(&self) {
        let options =
            format!("-c port={} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''", self.port);
        until(30, "the server starts", async || {
            succeeds(&self.control(&["start", "--wait", "--silent", "-o", &options]))
        })
        .await;
    }

    /// Kills it as a power cut would: by its process id, without a word.
    pub fn kill(&self) {
        let file = self.data().join("postmaster.pid");
        let pid = read(&file).lines().next().unwrap().to_owned();
        let killed = Command::new("sh").args(["-c", "kill -KILL $0", &pid]).output().unwrap();
        assert!(succeeds(&killed), "{killed:?}");
    }

    /// Stops it and starts it, as an upgrade does: everybody's connection is ended.
    pub async fn restart(&self) {
        assert!(succeeds(&self.control(&["stop", "--mode=fast", "--wait", "--silent"])));
        self.resume().await;
    }
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}
