//! The one typed configuration: a TOML file, then `CHANGQING_*` of the environment.
//!
//! Invariant: an unknown key is an error, and a configuration that loads may be run: everything wrong with it is told
//! at once, with the key. A secret can be given as a file (`master_key_file`), and is never shown.

mod check;
mod fault;
mod load;
mod setting;
#[cfg(test)]
mod tests;

pub use fault::{ConfigError, Fault};
pub use load::Given;
pub use setting::{LogFormat, Profile, Setting};

use ipnet::IpNet;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The mini-app's id and secret in the sandbox.
pub const SANDBOX_APPID: &str = "wx0000000000sandbox";
/// See [`SANDBOX_APPID`].
pub const SANDBOX_SECRET: &str = "sandbox";

/// Settings whose value is never shown, and which can be given as a file: `<key>_file`.
pub const SECRETS: [&str; 6] =
    ["database_url", "database_read_url", "redis_url", "wechat_secret", "master_key", "jwt_secret"];

/// Declares the settings once: the type, its defaults, its keys, how it is read and how it is shown.
macro_rules! configuration {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty = $default:expr;)*) => {
        /// Everything that can be configured.
        #[derive(Clone)]
        pub struct Config {
            $($(#[doc = $doc])* pub $name: $type,)*
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        impl Config {
            const SETTINGS: &[&str] = &[$(stringify!($name)),*];

            fn read(given: &mut Given, faults: &mut Vec<Fault>) -> Self {
                let default = Self::default();
                Self { $($name: given.take(stringify!($name), faults).unwrap_or(default.$name),)* }
            }

            /// Every setting as `key = value`, secrets hidden.
            pub fn shown(&self) -> Vec<(&'static str, String)> {
                vec![$((stringify!($name), shown(stringify!($name), &self.$name)),)*]
            }
        }
    };
}

configuration! {
    /// Which rules of safety apply: `embedded` or `production`.
    profile: Profile = Profile::Embedded;
    /// Where the server listens.
    listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080));
    /// Where the embedded database lies.
    data_dir: PathBuf = PathBuf::from("./data");
    /// `postgres://…` or `sqlite://…`; a file in `data_dir` if not given.
    database_url: Option<String> = None;
    /// A replica for public reads.
    database_read_url: Option<String> = None;
    /// Connections at most, PostgreSQL only.
    database_connections_max: u32 = 16;
    /// `redis://…`; in process only if not given.
    redis_url: Option<String> = None;
    /// What the keys and channels in Redis begin with.
    redis_prefix: String = "changqing".into();
    /// Where the platform's API is. If not given: a sandbox of its own in the embedded profile, WeChat in production.
    wechat_api_base: Option<String> = None;
    /// The mini-app's id.
    wechat_appid: String = SANDBOX_APPID.into();
    /// The mini-app's secret.
    wechat_secret: String = SANDBOX_SECRET.into();
    /// 32 bytes in base64 from which passes and sealed data derive; made and kept in the database if not given.
    master_key: Option<String> = None;
    /// 32 bytes in base64 that sign access tokens; made and kept in the database if not given.
    jwt_secret: Option<String> = None;
    /// Whether the sample city is loaded into an empty database; by default in the embedded profile only.
    sample_city: bool = true;
    /// Filter of the log, as `tracing` has it.
    log: String = "info".into();
    /// How a line of the log looks: `text` or `json`.
    log_format: LogFormat = LogFormat::Text;
    /// Addresses or networks whose `X-Forwarded-For` is believed, by commas.
    trusted_proxies: Vec<IpNet> = Vec::new();
    /// Sign-ins per address and minute.
    sign_ins_per_address_per_minute: u32 = 3_000;
    /// Writes per account and minute.
    writes_per_account_per_minute: u32 = 600;
    /// Bytes of a request's body at most.
    body_bytes_max: usize = 256 * 1024;
    /// Seconds a request may take.
    request_seconds_max: u64 = 10;
    /// Requests in flight at most.
    requests_in_flight_max: usize = 10_000;
}

impl Config {
    /// Every key that is known, in the file or (in capitals, after `CHANGQING_`) in the environment.
    pub fn keys() -> impl Iterator<Item = String> {
        let files = SECRETS.iter().map(|key| format!("{key}_file"));
        Self::SETTINGS.iter().map(|key| (*key).to_owned()).chain(files)
    }

    /// Whether the rules for real people apply.
    pub fn is_production(&self) -> bool {
        self.profile == Profile::Production
    }

    /// Where the database is.
    pub fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| {
            format!("sqlite://{}?mode=rwc", self.data_dir.join("changqing.sqlite").display())
        })
    }
}

fn shown(key: &str, value: &impl Setting) -> String {
    let shown = value.shown();
    if SECRETS.contains(&key) && !shown.is_empty() { "(hidden)".into() } else { shown }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}
