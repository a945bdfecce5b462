//! The connection to the platform: who we are there, how long we wait, how much we read.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use reqwest::{Certificate, Client, StatusCode, Url};
use serde::de::DeserializeOwned;
use tokio::sync::Semaphore;
use tracing::warn;

use super::answer::{self, Failure, Unavailable};
use super::secret_text::SecretText;

/// Where the platform itself answers. Any other base is a stand-in.
pub const OFFICIAL_BASE: &str = "https://api.weixin.qq.com";
/// No answer read here comes near it.
pub const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// Calls under way from one process; the next one waits, within its own time. Without it a rush of
/// sign-ins opens a socket to the platform for each person.
pub const CALLS_AT_ONCE_MAX: usize = 256;
/// Below what web servers commonly grant: a kept connection closed by the other side in the moment
/// of use costs somebody a sign-in code.
const IDLE_CONNECTION_KEPT: Duration = Duration::from_secs(20);

/// How long a call may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// For the connection alone.
    pub connect: Duration,
    /// From the call to the last byte of the answer. The mini-app gives up after 10 s.
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(2), total: Duration::from_secs(4) }
    }
}

/// Who we are on the platform, and where it is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// [`OFFICIAL_BASE`], or the address of a stand-in; a path before the platform's own is kept.
    pub base: String,
    pub appid: String,
    pub secret: SecretText,
    pub timeouts: Timeouts,
}

/// Why no client can be made of the settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Says no more: what was put there by mistake may be a secret.
    #[error("the WeChat base is not an http or https address without account, query and fragment")]
    Base,
    #[error("the WeChat appid is missing")]
    AppidMissing,
    #[error("the WeChat AppSecret is missing")]
    SecretMissing,
    #[error("the TLS client cannot be set up")]
    Tls(#[source] reqwest::Error),
}

/// The client. One per process: it holds the connections.
pub struct WeChat {
    http: Client,
    base: Url,
    pub(super) appid: String,
    pub(super) secret: SecretText,
    total: Duration,
    calls: Semaphore,
}

impl fmt::Debug for WeChat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("WeChat");
        shown.field("base", &self.base.as_str()).field("appid", &self.appid).finish_non_exhaustive()
    }
}

impl WeChat {
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = parse_base(&settings.base)?;
        if settings.appid.is_empty() {
            return Err(SettingsError::AppidMissing);
        }
        if settings.secret.is_empty() {
            return Err(SettingsError::SecretMissing);
        }
        Ok(Self {
            http: http_client(&base, settings.timeouts.connect).map_err(SettingsError::Tls)?,
            base,
            appid: settings.appid,
            secret: settings.secret,
            total: settings.timeouts.total,
            calls: Semaphore::new(CALLS_AT_ONCE_MAX),
        })
    }

    /// Asks once and never again by itself: codes are spent by the asking.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        let mut url = self.base.clone();
        // A base without path segments was refused in `new`.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url.query_pairs_mut().extend_pairs(query);
        let answered =
            tokio::time::timeout(self.total, self.fetch(url)).await.unwrap_or(Err(Unavailable::TimedOut));
        let body = answered.inspect_err(|why| warn!(path = path.join("/"), %why, "no answer from WeChat"))?;
        answer::read(&body)
    }

    async fn fetch(&self, url: Url) -> Result<Vec<u8>, Unavailable> {
        // The semaphore is never closed.
        let _call = self.calls.acquire().await.map_err(|_| Unavailable::Unreachable)?;
        let mut response = self.http.get(url).send().await.map_err(no_outcome)?;
        if response.status() != StatusCode::OK {
            return Err(Unavailable::Status(response.status().as_u16()));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(no_outcome)? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(Unavailable::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// Trusts the authorities compiled in (Mozilla's) and those only: the platform has a public
/// certificate, and a client that asks the system for authorities cannot even be built on a machine
/// without `ca-certificates`, be it for plain http.
fn http_client(base: &Url, connect: Duration) -> reqwest::Result<Client> {
    let authorities = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
    let authorities =
        authorities.map(|der| Certificate::from_der(der)).collect::<reqwest::Result<Vec<_>>>()?;
    let builder = Client::builder()
        .tls_certs_only(authorities)
        .connect_timeout(connect)
        .pool_idle_timeout(IDLE_CONNECTION_KEPT)
        // A redirect would carry the AppSecret elsewhere.
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never());
    // A proxy of the environment is for the way out of the building; a stand-in is inside it.
    let builder = if is_stand_in_nearby(base) { builder.no_proxy() } else { builder };
    builder.build()
}

/// Plain http is spoken by stand-ins only.
fn is_stand_in_nearby(base: &Url) -> bool {
    let host = base.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    base.scheme() == "http" || host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn parse_base(text: &str) -> Result<Url, SettingsError> {
    let base = Url::parse(text).map_err(|_| SettingsError::Base)?;
    let nothing_else = base.username().is_empty()
        && base.password().is_none()
        && base.query().is_none()
        && base.fragment().is_none();
    let speaks_http = matches!(base.scheme(), "http" | "https") && base.has_host();
    if nothing_else && speaks_http { Ok(base) } else { Err(SettingsError::Base) }
}

/// Says in the log what the connection died of, without the address it was for.
fn no_outcome(error: reqwest::Error) -> Unavailable {
    let why = if error.is_connect() { Unavailable::Unreachable } else { Unavailable::Broken };
    let error = error.without_url();
    let mut causes = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        causes = format!("{causes}: {cause}");
        source = cause.source();
    }
    warn!(causes, "the connection to WeChat failed");
    why
}
