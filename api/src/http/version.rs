//! Which version an edit was made on: `If-Match: "<version>"`, or `version` in the body.

use crate::http::Problem;
use crate::http::problem::Answer;
use axum::http::{HeaderMap, header};
use domain::refusal::Refusal;

/// The version the caller edits. The header wins, since proxies see it too.
///
/// # Errors
/// 428 `version_required` if neither says it; 422 if the header is none of ours.
pub fn edited(headers: &HeaderMap, in_body: Option<i64>) -> Answer<i64> {
    let Some(tag) = headers.get(header::IF_MATCH) else {
        return in_body.ok_or_else(|| Refusal::VersionRequired.into());
    };
    let tag = tag.to_str().unwrap_or_default().trim();
    let number = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).unwrap_or(tag);
    number.parse().map_err(|_| {
        Problem::invalid(
            "If-Match",
            "应为带引号的版本号，如 \"3\"",
            "a version in quotation marks, such as \"3\"",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_header_wins_over_the_body() {
        let with =
            |tag: &'static str| HeaderMap::from_iter([(header::IF_MATCH, HeaderValue::from_static(tag))]);
        assert_eq!(edited(&with("\"3\""), Some(2)).unwrap(), 3);
        assert_eq!(edited(&with("3"), None).unwrap(), 3);
        assert_eq!(edited(&HeaderMap::new(), Some(2)).unwrap(), 2);
        assert!(matches!(edited(&HeaderMap::new(), None), Err(Problem::Refused(Refusal::VersionRequired))));
        assert!(matches!(edited(&with("*"), None), Err(Problem::Refused(Refusal::Invalid(_)))));
    }
}
