//! What every handler can reach: one [`App`] per process (several in a test).

use crate::background::Background;
use crate::config::Config;
use crate::http::rate::Rates;
use crate::metrics::Metrics;
use crate::readiness::Readiness;
use domain::time::{Clock, Instant};
use infra::booking::desk::Desk;
use infra::booking::due::Scheduler;
use infra::bus::Bus;
use infra::cache::Cache;
use infra::database::Database;
use infra::identity::Tokens;
use infra::night_school::catalogue::Catalogue;
use infra::random::Random;
use infra::secrets::Secret;
use infra::wechat::WeChat;
use std::ops::Deref;
use std::sync::Arc;

/// The program's state; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What the state consists of.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids and tokens.
    pub random: Arc<Random>,
    /// The database.
    pub database: Database,
    /// Derives passes and seals data at rest.
    pub master_key: Secret,
    /// Makes and verifies what people sign in with.
    pub tokens: Arc<Tokens>,
    /// Signs people in.
    pub wechat: WeChat,
    /// Whether that is a rehearsal's stand-in.
    pub sandboxed: bool,
    /// Tells other processes what changed.
    pub bus: Bus,
    /// Public answers.
    pub cache: Cache,
    /// Takes bookings.
    pub desk: Desk,
    /// Published classes, in memory.
    pub classes: Catalogue,
    /// Carries due work out.
    pub scheduler: Scheduler,
    /// How often somebody may ask.
    pub rates: Rates,
    /// The numbers of this process.
    pub metrics: Metrics,
    /// Whether this process wants requests.
    pub readiness: Readiness,
    /// What runs beside the requests.
    pub background: Background,
}

impl App {
    /// The state of one process.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Now.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}
