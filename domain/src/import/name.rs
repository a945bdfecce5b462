//! Texts for people and codes for machines.

use super::cell::Cell;
use super::decimal::decimal_text;
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::{fold, tidy_name};

/// The longest code, in characters.
pub const CODE_LENGTH_MAX: u32 = 32;

/// A code such as `CL001`: letters, digits, `-` and `_`, beginning with a letter or digit.
pub fn code(cell: &Cell) -> Reading<String> {
    let refused = || Expected::Code { length_max: CODE_LENGTH_MAX };
    let (code, reason) = match cell {
        Cell::Number(number) => (decimal_text(*number).ok_or_else(refused)?, None),
        Cell::Text(text) => {
            let folded = fold(text);
            (folded.text, folded.reason)
        }
        _ => return Err(refused()),
    };
    let is_code = code.len() <= CODE_LENGTH_MAX as usize
        && code.starts_with(|c: char| c.is_ascii_alphanumeric())
        && code.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    if is_code { Ok(Taken::with(code, reason, Clone::clone)) } else { Err(refused()) }
}

/// A code, or nothing.
pub fn optional_code(cell: &Cell) -> Reading<Option<String>> {
    optional(cell, code)
}

/// A text of at most `length_max` characters.
pub fn name(length_max: u32) -> impl Fn(&Cell) -> Reading<String> {
    move |cell| {
        let refused = || Expected::Text { length_max };
        let (text, reason) = match cell {
            Cell::Number(number) => (decimal_text(*number).ok_or_else(refused)?, None),
            Cell::Text(text) => {
                let tidied = tidy_name(text).ok_or_else(refused)?;
                (tidied.text, tidied.reason)
            }
            _ => return Err(refused()),
        };
        if text.is_empty() || text.chars().count() > length_max as usize {
            return Err(refused());
        }
        Ok(Taken::with(text, reason, Clone::clone))
    }
}

/// A text of at most `length_max` characters, or nothing.
pub fn optional_name(length_max: u32) -> impl Fn(&Cell) -> Reading<Option<String>> {
    move |cell| optional(cell, name(length_max))
}

/// Nothing where the cell is blank or says so.
pub fn optional<T>(cell: &Cell, reader: impl FnOnce(&Cell) -> Reading<T>) -> Reading<Option<T>> {
    if cell.is_blank() {
        return Ok(Taken::plain(None));
    }
    if let Cell::Text(text) = cell
        && matches!(fold(text).text.as_str(), "无" | "-" | "--" | "/" | "没有" | "n/a" | "N/A")
    {
        return Ok(Taken::with(None, Some(Reason::NoneMeant), |_| String::new()));
    }
    Ok(reader(cell)?.map(Some))
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes() {
        for (text, taken, reason) in [
            ("CL001", "CL001", None),
            ("2027-spring", "2027-spring", None),
            ("ＣＬ００１", "CL001", Some(Reason::FullWidth)),
            ("CL001 ", "CL001", Some(Reason::Spaces)),
        ] {
            let read = code(&text_cell(text)).unwrap();
            assert_eq!(
                (read.value.as_str(), read.remark.map(|remark| remark.reason)),
                (taken, reason),
                "{text}"
            );
        }
        assert_eq!(code(&Cell::Number(101.0)), Ok(Taken::plain("101".to_owned())));
        let long = "A".repeat(33);
        for text in ["", "课1", "CL 001", "-1", "合计", "CL001;CL002", long.as_str()] {
            assert_eq!(code(&text_cell(text)), Err(Expected::Code { length_max: 32 }), "{text}");
        }
        assert!(code(&Cell::Number(1.5)).is_err() && code(&Cell::Bool(true)).is_err());
    }

    #[test]
    fn names() {
        let read = name(5);
        assert_eq!(read(&text_cell("夜校")), Ok(Taken::plain("夜校".to_owned())));
        assert_eq!(read(&Cell::Number(201.0)), Ok(Taken::plain("201".to_owned())));
        assert_eq!(read(&text_cell(" 夜校 ")).unwrap().remark.unwrap().reason, Reason::Spaces);
        for cell in [
            text_cell(""),
            text_cell(" "),
            text_cell("六个字符太长"),
            text_cell("夜\u{0}校"),
            Cell::Bool(true),
            Cell::Empty,
        ] {
            assert_eq!(read(&cell), Err(Expected::Text { length_max: 5 }), "{cell:?}");
        }
        let read = optional_name(5);
        assert_eq!(read(&Cell::Empty), Ok(Taken::plain(None)));
        assert_eq!(read(&text_cell("—")).unwrap().remark.unwrap().reason, Reason::NoneMeant);
        assert!(read(&text_cell("六个字符太长")).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[\\x00-\\x7f]{0,12}") {
            let _ = code(&text_cell(&text));
            let _ = optional_name(20)(&text_cell(&text));
        }
    }
}
