//! Where the log goes: standard error, as text or as JSON.

use crate::config::{Config, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging as `config` says. A filter that cannot be read means `info`.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // Fails only where a logger was set before, and then there is one.
    let _ = match config.log_format {
        LogFormat::Json => log.json().try_init(),
        LogFormat::Text => log.try_init(),
    };
}
