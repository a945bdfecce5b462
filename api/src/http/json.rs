//! JSON into a value, and for what is no such value: which field is wrong and why, in both languages.

use crate::http::Problem;
use domain::refusal::{FieldError, Refusal};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};
use std::fmt::Write;

/// Reads `bytes`. No JSON at all is `malformed`; JSON that is no `T`, or holds U+0000, is `invalid`.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if let Some(pointer) = nul(bytes) {
        let refused = "不能有空字符（U+0000）";
        return Err(Problem::invalid(&pointer, refused, "U+0000 is not taken"));
    }
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(value),
        Err(error) if error.is_data() => Err(explain::<T>(bytes)),
        Err(error) => Err(Problem::Malformed(error.to_string())),
    }
}

/// Reads again, slower, to say where it is wrong.
fn explain<T: DeserializeOwned>(bytes: &[u8]) -> Problem {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let refused: Result<T, _> = serde_path_to_error::deserialize(&mut reader);
    let field = match refused {
        Err(error) => {
            let mut pointer = pointer(error.path());
            let what = error.inner().to_string();
            let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
            let (chinese, english) = say(what, &mut pointer);
            FieldError::new(pointer, chinese, english)
        }
        Ok(_) => FieldError::new("", "内容不对", "not what is expected"),
    };
    Problem::Refused(Refusal::Invalid(vec![field]))
}

/// RFC 6901.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        // Writing to a string does not fail.
        let _ = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => write!(pointer, "/{}", escape(key)),
            Segment::Unknown => Ok(()),
        };
    }
    pointer
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// What the JSON reader said, for people. A missing field is pointed at, not the object that lacks it.
fn say(what: &str, pointer: &mut String) -> (String, String) {
    if let Some(field) = quoted(what, "missing field `") {
        let _ = write!(pointer, "/{}", escape(field));
        return ("缺少这一项".into(), "is missing".into());
    }
    if quoted(what, "unknown field `").is_some() {
        return ("没有这一项".into(), "there is no such field".into());
    }
    if let Some(field) = quoted(what, "duplicate field `") {
        let _ = write!(pointer, "/{}", escape(field));
        return ("这一项出现了两次".into(), "is given twice".into());
    }
    if let Some((_, expected)) =
        what.strip_prefix("unknown variant ").and_then(|rest| rest.split_once(", expected "))
    {
        return (format!("不在可选的值里：{}", bare(expected)), format!("not one of: {}", bare(expected)));
    }
    match what.split_once(", expected ") {
        // The name of a type of ours tells nobody anything.
        Some((got, expected)) if expected.starts_with("struct ") => {
            ("这里应为对象".into(), format!("{got}, expected an object"))
        }
        Some((_, expected)) => (format!("这里应为{}", in_chinese(expected)), what.to_owned()),
        None => (format!("内容不对：{what}"), what.to_owned()),
    }
}

fn quoted<'a>(what: &'a str, before: &str) -> Option<&'a str> {
    what.strip_prefix(before)?.split('`').next()
}

/// "one of `a`, `b`" → "a, b".
fn bare(expected: &str) -> String {
    expected.trim_start_matches("one of ").replace('`', "")
}

fn in_chinese(expected: &str) -> &str {
    match expected {
        "a string" | "a borrowed string" => "文本",
        "a boolean" => " true 或 false",
        "a sequence" => "列表",
        "i8" | "i16" | "i32" | "i64" => "整数",
        "u8" | "u16" | "u32" | "u64" | "usize" => "不小于零的整数",
        "f32" | "f64" => "数",
        "a map" => "对象",
        other => other,
    }
}

/// Where `bytes` say U+0000, if they do. In JSON it can only be escaped; `\\u0000` is not it.
fn nul(bytes: &[u8]) -> Option<String> {
    let mut after_backslash = bytes.split(|byte| *byte == b'\\').skip(1);
    if !after_backslash.any(|rest| rest.starts_with(b"u0000")) {
        return None;
    }
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let mut pointer = String::new();
    find_nul(&value, &mut pointer).then_some(pointer)
}

/// Leaves in `pointer` where it was found.
fn find_nul(value: &Value, pointer: &mut String) -> bool {
    let length = pointer.len();
    let mut entered = |key: &str, value: &Value| {
        pointer.truncate(length);
        let _ = write!(pointer, "/{}", escape(key));
        key.contains('\0') || find_nul(value, pointer)
    };
    let found = match value {
        Value::String(text) => return text.contains('\0'),
        Value::Array(items) => {
            items.iter().enumerate().any(|(index, item)| entered(&index.to_string(), item))
        }
        Value::Object(fields) => fields.iter().any(|(key, value)| entered(key, value)),
        _ => false,
    };
    if !found {
        pointer.truncate(length);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Class {
        title: String,
        price_fen: u32,
        #[serde(default)]
        kind: Option<Kind>,
        #[serde(default)]
        lessons: Vec<Lesson>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Lesson {
        room: String,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "camelCase")]
    enum Kind {
        Once,
        Weekly,
    }

    fn refused(text: &str) -> (String, String, String) {
        match parse::<Class>(text.as_bytes()) {
            Err(Problem::Refused(Refusal::Invalid(mut errors))) => {
                let error = errors.pop().unwrap();
                (error.pointer, error.chinese, error.english)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_right_is_read() {
        let class: Class = parse(r#"{"title":"\\u0000","priceFen":0,"kind":"once"}"#.as_bytes()).unwrap();
        assert_eq!(class.title, r"\u0000");
    }

    #[test]
    fn each_fault_is_pointed_at_and_named() {
        for (text, pointer, chinese, english) in [
            (r#"{"title":"a"}"#, "/priceFen", "缺少这一项", "is missing"),
            (r#"{"title":"a","priceFen":1,"foo":2}"#, "/foo", "没有这一项", "there is no such field"),
            (
                r#"{"title":"a","priceFen":"1"}"#,
                "/priceFen",
                "这里应为不小于零的整数",
                "invalid type: string \"1\", expected u32",
            ),
            (
                r#"{"title":"a","priceFen":-1}"#,
                "/priceFen",
                "这里应为不小于零的整数",
                "invalid value: integer `-1`, expected u32",
            ),
            (
                r#"{"title":"a","priceFen":1,"kind":"daily"}"#,
                "/kind",
                "不在可选的值里：once or weekly",
                "not one of: once or weekly",
            ),
            (r#"{"title":"a","title":"b","priceFen":1}"#, "/title", "这一项出现了两次", "is given twice"),
            (
                r#"{"title":"a","priceFen":1,"lessons":[{"room":"1"},{}]}"#,
                "/lessons/1/room",
                "缺少这一项",
                "is missing",
            ),
            ("7", "", "这里应为对象", "invalid type: integer `7`, expected an object"),
        ] {
            let (at, zh, en) = refused(text);
            assert_eq!((at.as_str(), zh.as_str(), en.as_str()), (pointer, chinese, english), "{text}");
        }
    }

    #[test]
    fn nul_is_refused_wherever_it_stands() {
        for (text, pointer) in [
            (r#"{"title":"a\u0000","priceFen":1}"#, "/title"),
            (r#"{"title":"\\\u0000","priceFen":1}"#, "/title"),
            (r#"{"title":"a","priceFen":1,"lessons":[{"room":"1"},{"room":"\u0000"}]}"#, "/lessons/1/room"),
            (r#"{"a/b~\u0000":1}"#, "/a~1b~0\0"),
        ] {
            assert_eq!(refused(text).0, pointer, "{text}");
        }
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for text in [
            "",
            "{",
            "{\"title\":}",
            "nonsense",
            r#"{"title":"a","priceFen":1} {}"#,
            "{\"title\":\"a\0\",\"priceFen\":1}",
        ] {
            let refused = parse::<Class>(text.as_bytes());
            assert!(matches!(refused, Err(Problem::Malformed(_))), "{text}: {refused:?}");
        }
        let deep = "[".repeat(10_000);
        assert!(matches!(parse::<Class>(deep.as_bytes()), Err(Problem::Malformed(_) | Problem::Refused(_))));
    }
}
