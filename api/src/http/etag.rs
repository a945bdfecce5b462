//! Answers that can be asked for again without being sent again (RFC 9110, 8.8 and 13.1.2).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

/// Public answers may be kept anywhere, and must be asked about each time.
const PUBLIC: HeaderValue = HeaderValue::from_static("public, no-cache");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// A public JSON answer of these bytes and this entity tag, or 304 if the caller has them.
pub fn answer(asked: &HeaderMap, bytes: Bytes, etag: Bytes) -> Response {
    typed(asked, JSON, bytes, etag)
}

/// The same for another content type.
pub fn typed(asked: &HeaderMap, content_type: HeaderValue, bytes: Bytes, etag: Bytes) -> Response {
    let known = asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|tags| tags.to_str().ok())
        .any(|tags| matches(tags, &etag));
    let Ok(tag) = HeaderValue::from_maybe_shared(etag) else { return bytes.into_response() };
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { bytes.into_response() };
    let headers = response.headers_mut();
    if known {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, content_type);
    }
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, PUBLIC);
    response
}

/// Weak comparison, as `If-None-Match` asks for: `W/` makes no difference, `*` is anything.
fn matches(tags: &str, etag: &[u8]) -> bool {
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag).as_bytes() == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(if_none_match: Option<&'static str>) -> u16 {
        let mut asked = HeaderMap::new();
        if let Some(tags) = if_none_match {
            asked.insert(header::IF_NONE_MATCH, HeaderValue::from_static(tags));
        }
        answer(&asked, Bytes::from_static(b"{}"), Bytes::from_static(b"\"abc\"")).status().as_u16()
    }

    #[test]
    fn who_has_it_is_told_so() {
        for (tags, expected) in [
            (None, 200),
            (Some("\"abc\""), 304),
            (Some("W/\"abc\""), 304),
            (Some("\"x\", \"abc\""), 304),
            (Some("*"), 304),
            (Some("\"abcd\""), 200),
            (Some("abc"), 200),
        ] {
            assert_eq!(status(tags), expected, "{tags:?}");
        }
    }
}
