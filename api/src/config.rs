//! The one typed configuration: a TOML file, then `CHANGQING_*` of the environment. An unknown key is an error.

use serde::Deserialize;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Which rules of safety apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// For newcomers, tests and rehearsals: sample city, sandbox, secrets of its own.
    #[default]
    Embedded,
    /// For people: refuses the sandbox, default secrets and plain defaults.
    Production,
}

/// Everything that can be configured.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Which rules of safety apply.
    pub profile: Profile,
    /// Where the server listens.
    pub listen: SocketAddr,
    /// Where the embedded database lies.
    pub data_dir: PathBuf,
    /// `postgres://…` or `sqlite://…`; the embedded file if not given.
    pub database_url: Option<String>,
    /// A replica for public reads.
    pub database_read_url: Option<String>,
    /// Connections at most, PostgreSQL only.
    pub database_connections_max: u32,
    /// `redis://…`; in process only if not given.
    pub redis_url: Option<String>,
    /// What the keys and channels in Redis begin with.
    pub redis_prefix: String,
    /// Where the platform's API is; a sandbox of its own if not given.
    pub wechat_api_base: Option<String>,
    /// The mini-app's id.
    pub wechat_appid: String,
    /// The mini-app's secret.
    pub wechat_secret: String,
    /// 32 bytes in base64 from which passes and sealed data derive.
    pub master_key: Option<String>,
    /// 32 bytes in base64 that sign access tokens.
    pub jwt_secret: Option<String>,
    /// Whether the sample city is loaded into an empty database.
    pub sample_city: bool,
    /// Filter of the log, as `tracing` has it.
    pub log: String,
    /// Sign-ins per address and minute.
    pub sign_ins_per_address_per_minute: u32,
    /// Writes per account and minute.
    pub writes_per_account_per_minute: u32,
    /// Bytes of a request's body at most.
    pub body_bytes_max: usize,
    /// Seconds a request may take.
    pub request_seconds_max: u64,
    /// Requests in flight at most.
    pub requests_in_flight_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            profile: Profile::Embedded,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            data_dir: PathBuf::from("./data"),
            database_url: None,
            database_read_url: None,
            database_connections_max: 16,
            redis_url: None,
            redis_prefix: "changqing".into(),
            wechat_api_base: None,
            wechat_appid: "wx0000000000sandbox".into(),
            wechat_secret: "sandbox".into(),
            master_key: None,
            jwt_secret: None,
            sample_city: true,
            log: "info".into(),
            sign_ins_per_address_per_minute: 3_000,
            writes_per_account_per_minute: 600,
            body_bytes_max: 256 * 1024,
            request_seconds_max: 10,
            requests_in_flight_max: 10_000,
        }
    }
}
