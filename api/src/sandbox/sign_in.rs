//! `GET /sns/jscode2session`: a code of `wx.login` for who it is.

use std::sync::{Arc, PoisonError};

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::Platform;
use super::answer::{Errcode, text};
use super::codes::{Code, mark};

pub const PATH: &str = "/sns/jscode2session";

/// No `errcode` and no `errmsg`: their absence is the platform's way to say yes.
#[derive(Serialize)]
struct Session<'a> {
    session_key: String,
    openid: &'a str,
}

/// The parameters as they came: one that is missing is a refusal of its own, not a bad request.
type Parameters = Query<Vec<(String, String)>>;

pub async fn sign_in(
    State(platform): State<Arc<Platform>>,
    parameters: Result<Parameters, QueryRejection>,
) -> Response {
    let parameters = parameters.map(|Query(parameters)| parameters).unwrap_or_default();
    let given = |name: &str| {
        let found = parameters.iter().find(|(given, _)| given == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    };
    match platform.session(given) {
        Ok(openid) => text(&Session { session_key: session_key(openid), openid }),
        Err(errcode) => platform.refuse(errcode),
    }
}

impl Platform {
    /// Whose code it is. The code is spent only if all else is right.
    fn session<'a>(&self, given: impl Fn(&str) -> Option<&'a str>) -> Result<&'a str, Errcode> {
        let appid = given("appid").ok_or(Errcode::APPID_MISSING)?;
        let secret = given("secret").ok_or(Errcode::SECRET_MISSING)?;
        let code = given("js_code").ok_or(Errcode::CODE_MISSING)?;
        if given("grant_type") != Some("authorization_code") {
            return Err(Errcode::GRANT_TYPE_INVALID);
        }
        if appid != self.app.appid {
            return Err(Errcode::APPID_INVALID);
        }
        if secret != self.app.secret.expose() {
            return Err(Errcode::SECRET_INVALID);
        }
        let code = Code::parse(code).ok_or(Errcode::CODE_INVALID)?;
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.spend(&code, self.clock.now())?;
        Ok(code.openid)
    }
}

/// 16 bytes in base64, always the same for one person, so that a test can foretell it.
fn session_key(openid: &str) -> String {
    STANDARD.encode(mark(&format!("session key of {openid}")))
}
