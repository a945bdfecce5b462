//! From a configuration to a running [`App`], and the way back.

use crate::app::{App, Parts};
use crate::background::Background;
use crate::config::Config;
use crate::http::rate::Rates;
use crate::metrics::{ConnectionNumbers, DeskNumbers, Metrics};
use crate::readiness::Readiness;
use crate::sandbox::{MiniApp, Sandbox};
use domain::time::Clock;
use infra::booking::desk::{Desk, DeskLimits};
use infra::booking::due::Scheduler;
use infra::booking::transaction::Kernel;
use infra::bus::Bus;
use infra::cache::{Cache, CacheOptions};
use infra::counter::SharedCounter;
use infra::database::{Database, DatabaseOptions, connect};
use infra::identity::{Tokens, housekeeping};
use infra::link::{Link, LinkOptions};
use infra::night_school::catalogue::Catalogue;
use infra::random::Random;
use infra::revisions::Watcher;
use infra::secrets::{Secret, stored};
use infra::wechat::{OFFICIAL_BASE, SecretText, Settings, SettingsError, Timeouts, WeChat};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long requests under way and background work may take to end.
const STOP_SECONDS_MAX: u64 = 10;

/// Why the program did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database, or Redis.
    #[error(transparent)]
    Infra(#[from] infra::Error),
    /// A folder or a socket.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The client of WeChat.
    #[error(transparent)]
    WeChat(#[from] SettingsError),
    /// The database lacks migrations, and this profile does not apply them.
    #[error("the database is not migrated: run `changqing migrate` first")]
    NotMigrated,
}

/// An app and what must live as long as it.
pub struct Started {
    /// The state.
    pub app: App,
    /// The stand-in of WeChat, where it is this process's own.
    sandbox: Option<Sandbox>,
}

/// Opens the database that `config` names.
pub async fn database(config: &Config) -> Result<Database, StartError> {
    if config.database_url.is_none() {
        std::fs::create_dir_all(&config.data_dir)?;
    }
    let options = DatabaseOptions {
        url: config.database_url(),
        read_url: config.database_read_url.clone(),
        connections_max: config.database_connections_max,
    };
    Ok(connect(&options).await?)
}

/// Starts everything but the listening.
pub async fn start(
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<Random>,
) -> Result<Started, StartError> {
    let database = database(&config).await?;
    if config.is_production() {
        if !database.is_migrated().await? {
            return Err(StartError::NotMigrated);
        }
    } else {
        database.migrate().await?;
    }
    let master_key = secret(&database, &random, "master_key", config.master_key.as_deref()).await?;
    let signing = secret(&database, &random, "jwt_secret", config.jwt_secret.as_deref()).await?;
    let (wechat, sandbox, sandboxed) = wechat(&config, &clock).await?;
    let link = link(&config)?;
    let bus = link.as_ref().map_or_else(Bus::default, |link| Bus::over_redis(link, &random));
    let kernel = Kernel {
        database: database.clone(),
        clock: Arc::clone(&clock),
        random: Arc::clone(&random),
        frames: Arc::default(),
    };
    if config.sample_city
        && let Some(days) = infra::sample::load(&kernel).await?
    {
        tracing::info!(
            days,
            "the sample city was loaded, moved in time so that there is something to enrol in now"
        );
    }
    let wake = Arc::new(Notify::new());
    let desk = Desk::open(kernel, bus.clone(), DeskLimits::default(), Arc::clone(&wake));
    let shared = SharedCounter::new(link.clone(), Arc::clone(&clock));
    let metrics = Metrics::default();
    metrics.add(DeskNumbers(desk.clone()));
    metrics.add(ConnectionNumbers(database.clone()));
    let app = App::new(Parts {
        rates: Rates::new(
            config.writes_per_account_per_minute,
            config.sign_ins_per_address_per_minute,
            shared,
            !config.is_production(),
        ),
        cache: Cache::new(Arc::clone(&clock), &bus, link, CacheOptions::default()),
        tokens: Tokens::start(&signing, bus.clone()),
        scheduler: Scheduler::new(database.clone(), Arc::clone(&clock), desk.clone(), wake),
        classes: Catalogue::new(database.clone(), bus.clone()),
        desk,
        metrics,
        readiness: Readiness::default(),
        background: Background::default(),
        bus,
        wechat,
        sandboxed,
        master_key,
        database,
        random,
        clock,
        config,
    });
    Ok(Started { app, sandbox })
}

impl Started {
    /// Starts what runs beside the requests.
    pub fn run_background(&self) {
        let app = &self.app;
        app.background.spawn(app.scheduler.clone().run(app.background.stopping()));
        app.background.spawn(tidy(app.clone()));
        self.watch_revisions();
    }

    /// Starts only the watching for edits of others: tests that move the clock by hand run due work by hand as well.
    pub fn watch_revisions(&self) {
        let app = &self.app;
        let watcher = Watcher::new(app.database.clone(), app.bus.clone());
        app.background.spawn(watcher.run(app.background.stopping()));
    }

    /// Answers everybody who waits, ends what runs beside, closes the connections.
    pub async fn stop(self) {
        let app = self.app;
        let limit = Duration::from_secs(STOP_SECONDS_MAX);
        if tokio::time::timeout(limit, app.desk.drain()).await.is_err() {
            tracing::error!("the desk did not answer everybody in time");
        }
        if !app.background.stop(limit).await {
            tracing::error!("background work did not end in time");
        }
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
        if let Err(error) = app.database.clone().close().await {
            tracing::error!(%error, "the database was not closed");
        }
    }
}

/// Once an hour, and soon after the start, deletes what nobody needs any more.
async fn tidy(app: App) {
    let stopping = app.background.stopping();
    let mut hours = tokio::time::interval(Duration::from_hours(1));
    while stopping.run_until_cancelled(hours.tick()).await.is_some() {
        match housekeeping::tidy(&app.database, app.now()).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "deleted what nobody needs any more"),
            Err(error) => tracing::warn!(%error, "tidying did not succeed; once more in an hour"),
        }
    }
}

async fn secret(
    database: &Database,
    random: &Random,
    name: &str,
    given: Option<&str>,
) -> Result<Secret, StartError> {
    match given.and_then(Secret::parse) {
        Some(secret) => Ok(secret),
        None => Ok(stored(database, random, name).await?),
    }
}

async fn wechat(
    config: &Config,
    clock: &Arc<dyn Clock>,
) -> Result<(WeChat, Option<Sandbox>, bool), StartError> {
    let secret = SecretText::new(config.wechat_secret.clone());
    let (base, sandbox) = match &config.wechat_api_base {
        Some(base) => (base.clone(), None),
        None if config.is_production() => (OFFICIAL_BASE.to_owned(), None),
        None => {
            let app = MiniApp { appid: config.wechat_appid.clone(), secret: secret.clone() };
            let sandbox = Sandbox::start(0, app, Arc::clone(clock)).await?;
            (sandbox.base_url(), Some(sandbox))
        }
    };
    let sandboxed = base != OFFICIAL_BASE;
    let appid = config.wechat_appid.clone();
    let client = WeChat::new(Settings { base, appid, secret, timeouts: Timeouts::default() })?;
    Ok((client, sandbox, sandboxed))
}

/// The link to Redis, where there is one.
pub fn link(config: &Config) -> Result<Option<Link>, StartError> {
    let Some(url) = config.redis_url.clone() else { return Ok(None) };
    let options = LinkOptions { url, prefix: config.redis_prefix.clone(), authority_pem: None };
    Ok(Some(Link::open(&options)?))
}
