//! A running city: the real router over a socket, on a database of its own, with a clock that is moved by hand.

use crate::client::Client;
use crate::database::{Setup, TestDatabase, variable};
use api::App;
use api::config::Config;
use api::sandbox::{MiniApp, Sandbox};
use api::serve::serve;
use api::start::start;
use domain::time::{Clock, Instant, ManualClock};
use infra::random::Random;
use infra::wechat::SecretText;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// When tests begin: a Saturday evening before an opening.
pub fn beginning() -> Instant {
    "2027-02-19T20:00:00+08:00".parse::<chrono::DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

/// One process of the city.
pub struct Process {
    /// Its state, to look inside.
    pub app: App,
    /// Where it listens: `http://127.0.0.1:…`.
    pub url: String,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Process {
    /// Ends it as SIGTERM would, and waits until it has ended.
    pub async fn end(mut self) {
        self.stop.cancel();
        if let Some(serving) = self.serving.take() {
            serving.await.unwrap();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// The city of one test.
pub struct City {
    /// Its first process.
    pub process: Process,
    /// The time.
    pub clock: Arc<ManualClock>,
    /// Its database.
    pub database: TestDatabase,
    config: Config,
    codes: AtomicU64,
    _sandbox: Sandbox,
}

impl City {
    /// An empty, migrated city.
    pub async fn new(setup: Setup) -> Self {
        Self::with(setup, |_| {}).await
    }

    /// One whose configuration is changed first.
    pub async fn with(setup: Setup, change: impl FnOnce(&mut Config)) -> Self {
        let database = TestDatabase::new(setup).await;
        let clock = Arc::new(ManualClock::at(beginning()));
        let mut config = Config {
            database_url: Some(database.url().to_owned()),
            database_connections_max: 8,
            sample_city: false,
            ..Config::default()
        };
        if setup == Setup::City {
            config.redis_url = Some(variable("TEST_REDIS_URL"));
            config.redis_prefix = database.name().to_owned();
        }
        let app = MiniApp {
            appid: config.wechat_appid.clone(),
            secret: SecretText::new(config.wechat_secret.clone()),
        };
        let sandbox = Sandbox::start(0, app, Arc::clone(&clock) as Arc<dyn Clock>).await.unwrap();
        config.wechat_api_base = Some(sandbox.base_url());
        change(&mut config);
        let process = process(&config, &clock, 1).await;
        Self { process, clock, database, config, codes: AtomicU64::new(0), _sandbox: sandbox }
    }

    /// One more process on the same stores.
    pub async fn another(&self) -> Process {
        process(&self.config, &self.clock, 2).await
    }

    /// The state of the first process.
    pub fn app(&self) -> &App {
        &self.process.app
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// Somebody who has not signed in, on the first process.
    pub fn stranger(&self) -> Client {
        Client::new(&self.process.url)
    }

    /// A sign-in code that was never used.
    pub fn code(&self, who: &str) -> String {
        format!("sandbox:{who}:{}", self.codes.fetch_add(1, Ordering::Relaxed))
    }

    /// `who`, signed in.
    pub async fn sign_in(&self, who: &str) -> Client {
        let answer =
            self.stranger().post("/api/v1/auth/wechat", &serde_json::json!({ "code": self.code(who) })).await;
        answer.expect(200);
        self.stranger().with_token(answer.body["accessToken"].as_str().unwrap())
    }

    /// `who`, signed in and made an operator.
    pub async fn operator(&self, who: &str) -> Client {
        let client = self.sign_in(who).await;
        let app = self.app();
        let acting = infra::audit::Acting::at_the_machine();
        infra::identity::operator::grant(&app.database, &app.tokens, &app.random, who, &acting, self.now())
            .await
            .unwrap();
        client
    }

    /// Carries due work out until nothing is due.
    pub async fn settle(&self) {
        while self.app().scheduler.run_due().await.unwrap() > 0 {}
    }
}

async fn process(config: &Config, clock: &Arc<ManualClock>, seed: u64) -> Process {
    let random = Arc::new(Random::seeded(seed));
    let started = start(config.clone(), Arc::clone(clock) as Arc<dyn Clock>, random).await.unwrap();
    // Due work runs when a test says so; edits of other processes are watched for as in real life.
    started.watch_revisions();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (app, stop) = (started.app.clone(), CancellationToken::new());
    let stopping = stop.clone();
    let serving = tokio::spawn(async move { serve(started, listener, stopping).await.unwrap() });
    Process { app, url, stop, serving: Some(serving) }
}

/// Makes `name::embedded` and `name::city` of one test.
#[macro_export]
macro_rules! both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($city:ident: City) $body:block)*) => {$(
        $(#[doc = $doc])*
        mod $name {
            use super::*;
            async fn body($city: $crate::city::City) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn embedded() {
                body($crate::city::City::new($crate::database::Setup::Embedded).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn city() {
                body($crate::city::City::new($crate::database::Setup::City).await).await;
            }
        }
    )*};
}
