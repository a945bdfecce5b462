//! A headless Chromium on a phone-sized screen, driven over WebDriver.
//!
//! Owns the processes it starts: ChromeDriver runs in a process group of its own, and dropping the [`Browser`] ends the
//! whole group, also when a test panics. A missing browser is an error with the line to install it, never a skip.

#![expect(clippy::expect_used, clippy::panic, reason = "what fails here fails the test that asked")]

use std::io::{BufRead, BufReader};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

const INSTALL: &str = "apt-get install --yes --no-install-recommends chromium chromium-driver";
/// How often an element may be replaced under the pointer before that is a fault of the page.
const STALE_MAX: usize = 20;

/// One browser with one session.
pub struct Browser {
    client: Client,
    _driver: Driver,
}

impl Browser {
    /// Starts ChromeDriver on a free port and a browser with a fresh profile.
    pub async fn start() -> Self {
        let driver = Driver::start();
        let mut capabilities = serde_json::Map::new();
        capabilities.insert("goog:chromeOptions".to_owned(), driver.options());
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("ChromeDriver starts Chromium");
        Self { client, _driver: driver }
    }

    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Waits until something matches `css`.
    pub async fn find(&self, css: &str) -> Element {
        match self.client.wait().for_element(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!("{css}: {error}\n{}", self.what_it_shows().await),
        }
    }

    /// How many match `css` now.
    pub async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("a valid selector").len()
    }

    /// Waits for `css` and clicks it. Views replace their nodes as answers arrive, so a stale one is looked up again.
    pub async fn click(&self, css: &str) {
        for _ in 0..STALE_MAX {
            let element = self.find(css).await;
            let scrolled = self.scroll_to(&element).await;
            let clicked = if scrolled.is_ok() { element.click().await } else { scrolled };
            match clicked {
                Ok(()) => return,
                Err(error) if moved(&error) => {}
                Err(error) => panic!("{css}: {error}\n{}", self.what_it_shows().await),
            }
        }
        panic!("{css} never held still\n{}", self.what_it_shows().await);
    }

    pub async fn type_into(&self, css: &str, text: &str) {
        let element = self.find(css).await;
        element.send_keys(text).await.expect("an input takes text");
    }

    /// Waits for `css`; its text.
    pub async fn text(&self, css: &str) -> String {
        self.find(css).await.text().await.expect("an element has text")
    }

    /// Waits for `css`; its attribute, which must be there.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        let value = self.find(css).await.attr(name).await.expect("an element has attributes");
        value.unwrap_or_else(|| panic!("{css} has no {name}"))
    }

    /// Runs the body of an async function in the page; what it returns. What it throws fails the test.
    pub async fn run(&self, body: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async () => {{ {body} }})().then((value) => done({{ value }}), (error) => done({{ error: String(error) }}));"
        );
        let outcome = self.client.execute_async(&script, Vec::new()).await.expect("the script runs");
        assert_eq!(outcome.get("error"), None, "in the page: {outcome}");
        outcome.get("value").cloned().unwrap_or_default()
    }

    /// Ends the session politely; dropping does it the hard way.
    pub async fn close(self) {
        self.client.close().await.expect("the session ends");
    }

    async fn scroll_to(&self, element: &Element) -> Result<(), CmdError> {
        let target = serde_json::to_value(element)?;
        self.client.execute("arguments[0].scrollIntoView({ block: 'center' })", vec![target]).await.map(drop)
    }

    async fn what_it_shows(&self) -> String {
        let shown =
            self.client.execute("return location.href + '\\n' + document.body.innerText", Vec::new()).await;
        shown.map_or_else(|error| error.to_string(), |text| text.as_str().unwrap_or_default().to_owned())
    }
}

fn moved(error: &CmdError) -> bool {
    let CmdError::Standard(error) = error else { return false };
    matches!(error.error, ErrorStatus::StaleElementReference | ErrorStatus::ElementClickIntercepted)
}

/// The ChromeDriver process and the browser's profile.
struct Driver {
    child: Child,
    port: u16,
    profile: tempfile::TempDir,
    // Held open: ChromeDriver dies of a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl Driver {
    fn start() -> Self {
        let path = program("TEST_CHROMEDRIVER", &["chromedriver", "/usr/lib/chromium/chromedriver"]);
        let mut child = Command::new(&path)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; {INSTALL}", path.display()));
        let mut output = BufReader::new(child.stdout.take().expect("piped above"));
        let port = announced_port(&mut output);
        let profile = tempfile::tempdir().expect("a temporary folder");
        Self { child, port, profile, _output: output }
    }

    fn options(&self) -> Value {
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-default-apps",
            "--disable-quic",
            "--disable-sync",
            "--no-first-run",
            "--lang=zh-CN",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--user-data-dir={}", self.profile.path().display()));
        if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0) {
            arguments.push("--no-sandbox".to_owned());
        }
        json!({
            "args": arguments,
            "binary": program("TEST_CHROMIUM", &["chromium", "chromium-browser", "google-chrome"]),
            "mobileEmulation": { "deviceMetrics": { "width": 390, "height": 844, "pixelRatio": 2, "touch": true } },
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The whole group: killed alone, ChromeDriver leaves its browser behind.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

/// "ChromeDriver was started successfully on port 40123."
fn announced_port(output: &mut impl BufRead) -> u16 {
    let mut said = String::new();
    while output.read_line(&mut said).expect("ChromeDriver speaks") > 0 {
        let port =
            said.split("successfully on port ").nth(1).map(|rest| rest.trim_end().trim_end_matches('.'));
        if let Some(port) = port.and_then(|digits| digits.parse().ok()) {
            return port;
        }
    }
    panic!("ChromeDriver named no port: {said}");
}

/// The program that `variable` names (a path, or a name to look up), else the first of `usual` that is there.
#[expect(
    clippy::disallowed_methods,
    reason = "the runner says which browser it found; that is no part of the server's configuration"
)]
fn program(variable: &str, usual: &[&str]) -> PathBuf {
    let given = std::env::var(variable).ok().filter(|name| !name.is_empty());
    let names: Vec<&str> = given.as_deref().map_or_else(|| usual.to_vec(), |name| vec![name]);
    let folders = std::env::var("PATH").unwrap_or_default();
    let on_path = |name: &str| {
        std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| path.is_file())
    };
    let found = names.iter().find_map(|name| on_path(name));
    found.unwrap_or_else(|| {
        panic!("no {} on this machine; name it in {variable}, or: {INSTALL}", names.join(" or "))
    })
}
