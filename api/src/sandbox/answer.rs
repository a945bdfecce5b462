//! How the platform answers: HTTP 200 whatever the matter, `text/plain`, and a name for each refusal.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::Platform;

/// Odd, so that multiplying by it loses nothing; its bits are spread (2⁶⁴ over the golden ratio).
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// A number the platform refuses with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errcode(pub i64);

impl Errcode {
    pub const GRANT_TYPE_INVALID: Self = Self(40002);
    pub const APPID_INVALID: Self = Self(40013);
    pub const CODE_INVALID: Self = Self(40029);
    pub const SECRET_INVALID: Self = Self(40125);
    pub const CODE_USED: Self = Self(40163);
    pub const APPID_MISSING: Self = Self(41002);
    pub const SECRET_MISSING: Self = Self(41004);
    pub const CODE_MISSING: Self = Self(41008);
    pub const GET_WANTED: Self = Self(43001);
    pub const MINUTE_LIMIT: Self = Self(45011);

    /// As the platform words it; a client must not read it.
    fn words(self) -> &'static str {
        match self.0 {
            -1 => "system error,",
            40002 => "invalid grant_type,",
            40013 => "invalid appid,",
            40029 => "invalid code,",
            40125 => "invalid appsecret,",
            40163 => "code been used,",
            40226 => "code blocked,",
            41002 => "appid missing,",
            41004 => "appsecret missing,",
            41008 => "missing code,",
            43001 => "require GET method,",
            45011 => "api minute-quota reach limit  mustslower  retry next minute",
            _ => "refused,",
        }
    }
}

impl Platform {
    pub(super) fn refuse(&self, errcode: Errcode) -> Response {
        let errmsg = format!("{} rid: {}", errcode.words(), self.next_rid());
        text(&json!({ "errcode": errcode.0, "errmsg": errmsg }))
    }

    /// Three groups of eight hexadecimal digits, the first of them the time in seconds.
    fn next_rid(&self) -> String {
        let seconds = self.clock.now().timestamp();
        let spread = self.refusals.fetch_add(1, Ordering::Relaxed).wrapping_add(1).wrapping_mul(SPREAD);
        format!("{seconds:08x}-{:08x}-{:08x}", spread >> 32, spread & 0xffff_ffff)
    }
}

/// JSON that does not say so, as the platform's below `/sns`.
pub fn text(body: &impl Serialize) -> Response {
    // Only a map with keys that are no texts could fail, and none is given here.
    let body = serde_json::to_string(body).unwrap_or_default();
    ([(CONTENT_TYPE, "text/plain")], body).into_response()
}

/// What another method than GET meets.
pub async fn only_get(State(platform): State<Arc<Platform>>) -> Response {
    platform.refuse(Errcode::GET_WANTED)
}
