//! `wx.login` code → who it is (`GET /sns/jscode2session`).

use serde::Deserialize;
use tracing::{debug, error, warn};

use super::answer::{Failure, Refusal, Unavailable};
use super::client::WeChat;
use super::secret_text::SecretText;

/// Codes of the platform have 32 bytes; a longer text than this is none, and is not sent.
pub const SIGN_IN_CODE_BYTES_MAX: usize = 512;
/// Those of the platform have 28.
const ID_BYTES_MAX: usize = 128;

/// Who a sign-in code stands for.
#[derive(Debug, Clone, Deserialize)]
pub struct Identity {
    /// The person within this mini-app.
    pub openid: String,
    /// The person over all apps of the same account on the Open Platform, if it has one.
    #[serde(default)]
    pub unionid: Option<String>,
    /// Base64 of 16 bytes. Never for the client; encrypted wherever it is kept.
    pub session_key: SecretText,
}

/// Why there is no identity. Each code is spent by the attempt, whatever came of it: trying again
/// means a new `wx.login`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Wrong, expired, used, or made for another app.
    #[error("the sign-in code is wrong or used")]
    CodeInvalid,
    /// WeChat holds the account to be a risk; only WeChat can help the person.
    #[error("WeChat does not let this account sign in")]
    Blocked,
    /// The platform's limit per minute or day is reached.
    #[error("WeChat allows no more sign-ins for now")]
    RateLimited,
    /// Trying again, with a new code, may help.
    #[error("WeChat gives no answer: {0}")]
    Unavailable(#[from] Unavailable),
    /// The operator must act; no new code will help.
    #[error("WeChat refuses our configuration (errcode {errcode})")]
    Misconfigured { errcode: i64 },
}

impl WeChat {
    /// Trades a code of `wx.login` for the identity behind it. One attempt, at most
    /// [`Timeouts::total`](super::Timeouts) long.
    pub async fn sign_in(&self, code: &str) -> Result<Identity, SignInError> {
        if !may_be_code(code) {
            return Err(SignInError::CodeInvalid);
        }
        let query = [
            ("appid", self.appid.as_str()),
            ("secret", self.secret.expose()),
            ("js_code", code),
            ("grant_type", "authorization_code"),
        ];
        match self.get::<Identity>(&["sns", "jscode2session"], &query).await {
            Ok(identity) => whole(identity).ok_or(SignInError::Unavailable(Unavailable::Garbled)),
            Err(Failure::Unavailable(why)) => Err(why.into()),
            Err(Failure::Refused(refusal)) => Err(refused(&refusal)),
        }
    }
}

/// What no platform gave out is not worth a call, and its refusal as "missing" would look like a
/// fault of ours.
fn may_be_code(code: &str) -> bool {
    !code.is_empty() && code.len() <= SIGN_IN_CODE_BYTES_MAX && !code.chars().any(char::is_control)
}

/// An identity becomes somebody's account: it is complete or it is none.
fn whole(mut identity: Identity) -> Option<Identity> {
    let is_id = |id: &str| {
        !id.is_empty() && id.len() <= ID_BYTES_MAX && id.bytes().all(|byte| byte.is_ascii_graphic())
    };
    identity.unionid = identity.unionid.filter(|unionid| !unionid.is_empty());
    let named = is_id(&identity.openid) && identity.unionid.as_deref().is_none_or(is_id);
    (named && !identity.session_key.is_empty()).then_some(identity)
}

/// What an errcode of this endpoint means. The same number can mean something else at another.
fn classify(errcode: i64) -> SignInError {
    match errcode {
        40029 | 40163 => SignInError::CodeInvalid,
        40226 => SignInError::Blocked,
        44990 | 44991 | 44993 | 45009 | 45011 => SignInError::RateLimited,
        // appid, secret, grant type, method, account or address not as the platform wants them.
        40002 | 40013 | 40125 | 40164 | 40243 | 41002 | 41004 | 41008 | 43001 | 43002 | 43003 | 48001
        | 48004 | 50002 | 50004 | 50007 | 61004 | 89503 | 89506 | 89507 => {
            SignInError::Misconfigured { errcode }
        }
        _ => SignInError::Unavailable(Unavailable::Errcode(errcode)),
    }
}

fn refused(refusal: &Refusal) -> SignInError {
    let outcome = classify(refusal.errcode);
    let errcode = refusal.errcode;
    let rid = refusal.rid.as_deref().unwrap_or("none");
    match outcome {
        SignInError::CodeInvalid | SignInError::Blocked => debug!(errcode, rid, "WeChat refused a sign-in"),
        SignInError::RateLimited | SignInError::Unavailable(_) => {
            warn!(errcode, rid, "WeChat takes no sign-in now");
        }
        SignInError::Misconfigured { .. } => {
            error!(errcode, rid, hint = hint(errcode), "WeChat refuses our configuration");
        }
    }
    outcome
}

/// What the operator should look at.
fn hint(errcode: i64) -> &'static str {
    match errcode {
        40013 | 41002 => "the appid",
        40125 | 41004 => "the AppSecret",
        40243 => "the AppSecret is frozen: thaw it in the console",
        40164 | 61004 => "this machine's address is not on the allow-list of the console",
        89503 | 89506 | 89507 => "an administrator must confirm this machine's address",
        48001 | 48004 | 50002 | 50007 => "the mini-app's account: not verified, limited or frozen",
        _ => "the base: what answers there wants another request",
    }
}
