//! Lists in pages: `limit`, an opaque `cursor`, and `nextCursor` where there is more.

use crate::http::Problem;
use crate::http::problem::Answer;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::ToSchema;

/// Items of a page where the caller does not say.
pub const LIMIT_DEFAULT: u32 = 20;
/// Items of a page at most.
pub const LIMIT_MAX: u32 = 100;
/// The longest cursor we give.
const CURSOR_CHARS_MAX: usize = 512;

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Items at most, 1 to [`LIMIT_MAX`].
    pub limit: u32,
    after: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    /// The items.
    pub items: Vec<T>,
    /// Gives the next page as `cursor`; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

fn bad_cursor() -> Problem {
    Problem::invalid(
        "cursor",
        "翻页标记无效，请从第一页重新开始",
        "no cursor of this list; start at the first page",
    )
}

impl Page {
    /// The page that `limit` and `cursor` ask for.
    pub fn parse(limit: Option<u32>, cursor: Option<&str>) -> Answer<Self> {
        let limit = limit.unwrap_or(LIMIT_DEFAULT);
        if limit == 0 || limit > LIMIT_MAX {
            let (zh, en) = (format!("须在 1 到 {LIMIT_MAX} 之间"), format!("1 to {LIMIT_MAX}"));
            return Err(Problem::invalid("limit", zh, en));
        }
        let decoded = |cursor: &str| {
            let short = Some(cursor).filter(|cursor| cursor.len() <= CURSOR_CHARS_MAX);
            let bytes = short.and_then(|cursor| URL_SAFE_NO_PAD.decode(cursor).ok());
            bytes.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(bad_cursor)
        };
        Ok(Self { limit, after: cursor.map(decoded).transpose()? })
    }

    /// The position behind which the page begins; none = at the start.
    pub fn after<T: FromStr>(&self) -> Answer<Option<T>> {
        self.after.as_deref().map(|text| text.parse().map_err(|_| bad_cursor())).transpose()
    }
}

impl<T> List<T> {
    /// The page of `items`, of which one more than `page.limit` was read if there is more; `position` is what
    /// [`Page::after`] gives back for the next one.
    pub fn cut<P: Display>(mut items: Vec<T>, page: &Page, position: impl Fn(&T) -> P) -> Self {
        let limit = page.limit as usize;
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor =
            items.last().filter(|_| more).map(|last| URL_SAFE_NO_PAD.encode(position(last).to_string()));
        Self { items, next_cursor }
    }

    /// The same page of other items.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> List<U> {
        List { items: self.items.into_iter().map(change).collect(), next_cursor: self.next_cursor }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_without_loss() {
        let all: Vec<u32> = (1..=7).collect();
        let (mut seen, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let page = Page::parse(Some(3), cursor.as_deref()).unwrap();
            let after: u32 = page.after().unwrap().unwrap_or_default();
            let read: Vec<u32> = all.iter().copied().filter(|n| *n > after).take(4).collect();
            let list = List::cut(read, &page, |n| *n);
            seen.extend(list.items);
            cursor = list.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
    }

    #[test]
    fn what_is_no_page_is_refused() {
        for (limit, cursor) in [(Some(0), None), (Some(101), None), (None, Some("%")), (None, Some("_w"))] {
            assert!(Page::parse(limit, cursor).is_err(), "{limit:?} {cursor:?}");
        }
        let page = Page::parse(None, Some(&URL_SAFE_NO_PAD.encode("x"))).unwrap();
        assert!(page.after::<u32>().is_err());
        assert_eq!(Page::parse(None, None).unwrap().limit, LIMIT_DEFAULT);
    }
}
