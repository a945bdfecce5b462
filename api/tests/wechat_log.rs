//! What the WeChat client writes into the log, and what it does not.
//!
//! Alone in its process: a log that is switched on while other tests reach the same lines may miss them.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use api::sandbox::{MiniApp, Sandbox};
use domain::time::ManualClock;
use infra::wechat::{SecretText, Settings, Timeouts, WeChat};
use tracing_subscriber::fmt::MakeWriter;

const APPID: &str = "wxfeedfacecafebeef";
const SECRET: &str = "the-secret-of-the-stand-in";

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("nobody else listens");

    let secret = SecretText::new(SECRET);
    let app = MiniApp { appid: APPID.to_owned(), secret: secret.clone() };
    let noon = "2026-11-24T04:00:00Z".parse().expect("an instant");
    let sandbox = Sandbox::start(0, app, Arc::new(ManualClock::at(noon))).await.expect("a free port");
    let settings =
        Settings { base: sandbox.base_url(), appid: APPID.to_owned(), secret, timeouts: Timeouts::default() };
    let good = WeChat::new(settings.clone()).expect("good settings");
    let identity = good.sign_in("sandbox:resident:nonce-one").await.expect("an identity");
    good.sign_in("sandbox:resident:nonce-one").await.expect_err("it is spent");
    let forged = Settings { secret: SecretText::new("another-secret"), ..settings };
    let forged = WeChat::new(forged).expect("good settings");
    forged.sign_in("sandbox:resident:nonce-two").await.expect_err("another secret");
    sandbox.stop().await;
    good.sign_in("sandbox:resident:nonce-three").await.expect_err("it is gone");

    let log =
        String::from_utf8(lines.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).expect("text");
    // It does speak, and with what is needed to look further.
    for said in [
        "WeChat refuses our configuration",
        "errcode=40125",
        r#"hint="the AppSecret""#,
        "errcode=40163",
        "the connection to WeChat failed",
    ] {
        assert!(log.contains(said), "{said} is not in: {log}");
    }
    assert!(log.lines().any(|line| line.contains("ERROR") && line.contains(r#"rid=""#)), "{log}");
    for secret in [SECRET, "another-secret", "nonce-", identity.session_key.expose(), "js_code"] {
        assert!(!log.contains(secret), "{secret} is in: {log}");
    }
}
