//! How one file is answered: whole, or 304 to whoever has it already.

use axum::body::Bytes;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::files::File;

/// Only what this program serves, no base, no form target, in nobody's frame.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file with its entity tag, computed once.
#[derive(Clone)]
pub(super) struct Served {
    file: &'static File,
    tag: String,
}

impl Served {
    /// The tag is the content's own digest, so that every process and every build with the same file agrees on it.
    pub(super) fn new(file: &'static File) -> Self {
        let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(file.body));
        Self { file, tag: format!("\"{digest}\"") }
    }

    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        let always = [
            (ETAG, self.tag.as_str()),
            (CACHE_CONTROL, "no-cache"),
            (CONTENT_SECURITY_POLICY, POLICY),
            (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        ];
        if self.is_held(asked) {
            return (StatusCode::NOT_MODIFIED, always).into_response();
        }
        (always, [(CONTENT_TYPE, self.file.media_type)], Bytes::from_static(self.file.body)).into_response()
    }

    /// RFC 9110 section 13.1.2: weak comparison over a list, or `*`.
    fn is_held(&self, asked: &HeaderMap) -> bool {
        let lines = asked.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        lines
            .flat_map(|line| line.split(','))
            .map(str::trim)
            .any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.tag)
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;
    use crate::page::router;

    async fn get(path: &str, held: Option<&str>) -> Response {
        let mut request = Request::get(path);
        if let Some(tag) = held {
            request = request.header(IF_NONE_MATCH, tag);
        }
        let page: Router = router();
        page.oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    fn header(answer: &Response, name: &axum::http::HeaderName) -> String {
        answer.headers()[name].to_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn files_come_with_type_policy_and_tag() {
        for (path, media_type) in [
            ("/", "text/html; charset=utf-8"),
            ("/page/app.js", "text/javascript; charset=utf-8"),
            ("/page/style.css", "text/css; charset=utf-8"),
            ("/page/mark.svg", "image/svg+xml"),
        ] {
            let answer = get(path, None).await;
            assert_eq!(answer.status(), StatusCode::OK, "{path}");
            assert_eq!(header(&answer, &CONTENT_TYPE), media_type);
            assert_eq!(header(&answer, &CACHE_CONTROL), "no-cache");
            assert_eq!(header(&answer, &X_CONTENT_TYPE_OPTIONS), "nosniff");
            assert!(header(&answer, &CONTENT_SECURITY_POLICY).starts_with("default-src 'self';"));
            assert!(!answer.into_body().collect().await.unwrap().to_bytes().is_empty());
        }
    }

    #[tokio::test]
    async fn whoever_has_a_file_gets_no_body() {
        let tag = header(&get("/", None).await, &ETAG);
        for held in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
            let answer = get("/", Some(&held)).await;
            assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "{held}");
            assert_eq!(header(&answer, &ETAG), tag);
            assert!(answer.into_body().collect().await.unwrap().to_bytes().is_empty());
        }
    }

    #[tokio::test]
    async fn another_tag_gets_the_file() {
        let other = header(&get("/page/app.js", None).await, &ETAG);
        assert_eq!(get("/", Some(&other)).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn nothing_else_is_served() {
        for path in ["/page/", "/page/README.md", "/page/index.html", "/page/../Cargo.toml"] {
            assert_eq!(get(path, None).await.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
