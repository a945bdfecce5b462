//! What came back from the platform: an object, a refusal with its `errcode`, or nothing of use.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::client::ANSWER_BYTES_MAX;

/// Why a call has no outcome. The platform may or may not have carried it out, so a sign-in code
/// that was in it counts as spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    #[error("no connection")]
    Unreachable,
    #[error("no answer in time")]
    TimedOut,
    #[error("the connection broke")]
    Broken,
    #[error("HTTP status {0}")]
    Status(u16),
    #[error("an answer of more than {ANSWER_BYTES_MAX} bytes")]
    TooLong,
    #[error("an answer that cannot be read")]
    Garbled,
    /// The platform is busy (-1), or gives a code of which nothing is known.
    #[error("errcode {0}")]
    Errcode(i64),
}

/// A refusal by the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub errcode: i64,
    /// The platform's own name for the request, by which its console finds it for seven days.
    pub rid: Option<String>,
}

/// How a call ends that does not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    Refused(Refusal),
    Unavailable(Unavailable),
}

impl From<Unavailable> for Failure {
    fn from(why: Unavailable) -> Self {
        Self::Unavailable(why)
    }
}

/// The part all answers share. Both fields are absent from a successful sign-in; `errcode` is
/// sometimes a text.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    errcode: Value,
    #[serde(default)]
    errmsg: Value,
}

/// Reads a body that came with HTTP 200. Unknown fields are the platform's right and are ignored.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    // Serde would also take an array for a struct, field by field.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return Err(Unavailable::Garbled.into());
    }
    let envelope: Envelope = serde_json::from_slice(body).map_err(|_| Unavailable::Garbled)?;
    let errcode = errcode(&envelope.errcode).ok_or(Unavailable::Garbled)?;
    if errcode != 0 {
        let rid = envelope.errmsg.as_str().and_then(rid);
        return Err(Failure::Refused(Refusal { errcode, rid }));
    }
    serde_json::from_slice(body).map_err(|_| Unavailable::Garbled.into())
}

/// Absent means success.
fn errcode(value: &Value) -> Option<i64> {
    match value {
        Value::Null => Some(0),
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The `rid: xxxxxxxx-xxxxxxxx-xxxxxxxx` at the end of an `errmsg`. Nothing else of an `errmsg` is
/// kept: it is free text, and may repeat what was sent.
fn rid(errmsg: &str) -> Option<String> {
    let (_, rid) = errmsg.rsplit_once("rid: ")?;
    let rid = rid.trim_end();
    let groups =
        rid.split('-').filter(|group| group.len() == 8 && group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    (rid.len() == 26 && groups.count() == 3).then(|| rid.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rid_is_taken_and_nothing_else() {
        for (errmsg, expected) in [
            ("invalid code, rid: 652d44d0-1d0af18b-5b069232", Some("652d44d0-1d0af18b-5b069232")),
            ("invalid args rid: 67f78dc4-0fdbca92-5ebc48a7 ", Some("67f78dc4-0fdbca92-5ebc48a7")),
            ("invalid code", None),
            ("rid: ", None),
            ("rid: the-secret-itself", None),
            ("rid: 652d44d0-1d0af18b-5b06923g", None),
            ("rid: 652d44d0-1d0af18b-5b069232-652d44d0", None),
            ("rid: 652d44d01d0af18b5b06923200", None),
        ] {
            assert_eq!(rid(errmsg).as_deref(), expected, "{errmsg}");
        }
    }

    #[test]
    fn errcode_may_be_a_number_a_text_or_absent() {
        for (body, expected) in [
            (r#"{"errcode":40029}"#, 40029),
            (r#"{"errcode":"40029","errmsg":7}"#, 40029),
            (r#"{"errcode":-1,"errmsg":"system error"}"#, -1),
        ] {
            let refused = Failure::Refused(Refusal { errcode: expected, rid: None });
            assert_eq!(read::<Value>(body.as_bytes()), Err(refused), "{body}");
        }
        for body in ["{}", r#"{"errcode":0,"errmsg":"ok"}"#, r#"{"errcode":null}"#, r#"{"errcode":"0"}"#] {
            assert!(read::<Value>(body.as_bytes()).is_ok(), "{body}");
        }
    }

    #[test]
    fn what_is_no_answer_is_garbled() {
        for body in [
            "",
            "[]",
            "[0,1]",
            "<html></html>",
            r#"{"errcode":400"#,
            r#"{"errcode":"soon"}"#,
            r#"{"errcode":[1]}"#,
            r#"{"errcode":1.5}"#,
        ] {
            assert_eq!(read::<Value>(body.as_bytes()), Err(Unavailable::Garbled.into()), "{body}");
        }
        assert_eq!(read::<Value>(b"{\"errmsg\":\"\xff\"}"), Err(Unavailable::Garbled.into()));
    }
}
