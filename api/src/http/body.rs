//! A request's JSON body: read within its limit, checked, and explained field by field where it is wrong.

use crate::app::App;
use crate::http::{Problem, json};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;

/// A body that is too large is still read to its end up to this size, so that its sender hears why it was refused.
const HEARD_OUT_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A JSON body. Unknown fields are refused where the type says `deny_unknown_fields`, as every type of a write does.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A JSON body that may be left out: nothing is the same as `{}`.
#[derive(Debug)]
pub struct OptionalBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let is_json = says_json(request.headers());
        let bytes = read(request, app.config.body_bytes_max).await?;
        if !is_json {
            return Err(Problem::UnsupportedMediaType);
        }
        json::parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned> FromRequest<App> for OptionalBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (bytes, _) = read_optional(request, app.config.body_bytes_max).await?;
        json::parse(bytes.as_ref()).map(Self)
    }
}

/// The bytes of a body that may be left out, `{}` for none, and what was really sent.
pub(super) async fn read_optional(request: Request, bytes_max: usize) -> Result<(Bytes, Bytes), Problem> {
    let is_json = says_json(request.headers());
    let sent = read(request, bytes_max).await?;
    if sent.is_empty() {
        return Ok((Bytes::from_static(b"{}"), sent));
    }
    if is_json { Ok((sent.clone(), sent)) } else { Err(Problem::UnsupportedMediaType) }
}

/// The whole body, at most `bytes_max` of it.
pub async fn read(request: Request, bytes_max: usize) -> Result<Bytes, Problem> {
    let too_large = Problem::TooLarge { bytes_max: Some(bytes_max) };
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced = announced.and_then(|length| length.parse().ok());
    if announced.is_some_and(|length: usize| length > bytes_max) {
        // Whoever is still sending does not listen: what is not much too large is heard out, and thrown away.
        if announced.is_some_and(|length| length <= HEARD_OUT_BYTES_MAX) {
            let mut body = request.into_body();
            while let Some(Ok(_)) = body.frame().await {}
        }
        return Err(too_large);
    }
    match Limited::new(request.into_body(), bytes_max).collect().await {
        Ok(body) => Ok(body.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large),
        Err(error) => Err(Problem::Malformed(error.to_string())),
    }
}

/// Whether the content type is JSON: `application/json` or `application/…+json`.
fn says_json(headers: &HeaderMap) -> bool {
    let named = headers.get(header::CONTENT_TYPE).and_then(|named| named.to_str().ok()).unwrap_or_default();
    let essence = named.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body as Stream;
    use axum::http::HeaderValue;

    fn request(body: &'static str) -> Request {
        Request::new(Stream::from(body))
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        assert_eq!(read(request("12345"), 5).await.unwrap(), "12345");
        let refused = read(request("123456"), 5).await.unwrap_err();
        assert!(matches!(refused, Problem::TooLarge { bytes_max: Some(5) }), "{refused:?}");
    }

    #[tokio::test]
    async fn an_announced_length_is_refused_before_it_is_read() {
        let mut request = request("");
        request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from_static("6"));
        assert!(matches!(read(request, 5).await, Err(Problem::TooLarge { .. })));
    }

    #[tokio::test]
    async fn nothing_stands_for_an_empty_object_where_it_may() {
        assert_eq!(read_optional(request(""), 5).await.unwrap().0, "{}");
        let unsaid = read_optional(request("{}"), 5).await;
        assert!(matches!(unsaid, Err(Problem::UnsupportedMediaType)));
    }

    #[test]
    fn json_has_several_names() {
        for (named, is_json) in [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/merge-patch+json", true),
            ("text/json", false),
            ("application/x-www-form-urlencoded", false),
            ("", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_str(named).unwrap())]);
            assert_eq!(says_json(&headers), is_json, "{named}");
        }
        assert!(!says_json(&HeaderMap::new()));
    }
}
