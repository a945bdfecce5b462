//! What every handler can reach: one [`App`] per process (several in a test).

use crate::config::Config;
use domain::time::{Clock, Instant};
use infra::database::Database;
use infra::random::Random;
use infra::secrets::Secret;
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
    /// Signs access tokens.
    pub jwt_secret: Secret,
    /// Derives passes and seals data at rest.
    pub master_key: Secret,
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
