//! A CSV as a sheet of text cells, its rows numbered as Excel would number them.

use super::shortened;
use domain::import::cell::{Beyond, Cell, Row, SHEET_COLUMNS_MAX, SHEET_ROWS_MAX, Sheet};
use std::collections::HashMap;

/// The separator is looked for in the first so many lines.
const SEPARATOR_WITHIN_LINES: usize = 20;

/// Reads all records. Never fails: what is no table has no header, and that is told.
pub fn read(name: &str, text: &str) -> Sheet {
    let mut sheet =
        Sheet { name: shortened(name), hidden: false, rows: Vec::new(), beyond: None, decoded: None };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(text))
        .from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut number = 0_u32;
    while let Ok(true) = reader.read_record(&mut record) {
        let start = record.position().map_or(0, csv::Position::byte);
        number = number.saturating_add(1 + blank_lines(text, usize::try_from(start).unwrap_or(usize::MAX)));
        if number > SHEET_ROWS_MAX {
            sheet.beyond = Some(Beyond::Rows);
            break;
        }
        let columns = usize::try_from(SHEET_COLUMNS_MAX).unwrap_or(usize::MAX);
        if record.iter().skip(columns).any(|field| !field.trim().is_empty()) {
            sheet.beyond = Some(Beyond::Columns);
        }
        let cells: Vec<Cell> =
            record.iter().take(columns).map(|field| Cell::text(field.to_owned())).collect();
        let row = Row { number, cells };
        if !row.is_blank() {
            sheet.rows.push(row);
        }
    }
    sheet
}

/// Comma, tab or semicolon: whichever most lines of the beginning agree on.
fn separator(text: &str) -> u8 {
    let mut counts: HashMap<u8, usize> = HashMap::new();
    for line in text.lines().take(SEPARATOR_WITHIN_LINES) {
        for separator in [b',', b'\t', b';'] {
            *counts.entry(separator).or_default() += line.bytes().filter(|byte| *byte == separator).count();
        }
    }
    let count = |separator: u8| counts.get(&separator).copied().unwrap_or_default();
    if count(b'\t') > count(b',') {
        b'\t'
    } else if count(b';') > count(b',') {
        b';'
    } else {
        b','
    }
}

/// Empty lines before a record that the reader, at byte `start`, is about to pass over. Excel counts them.
fn blank_lines(text: &str, start: usize) -> u32 {
    let Some(mut rest) = text.get(start..) else { return 0 };
    // The reader stops between the two characters of a line break.
    if text.get(..start).is_some_and(|before| before.ends_with('\r')) {
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    let mut lines = 0;
    while let Some(after) = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])) {
        rest = after;
        lines += 1;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = read("classes.csv", text);
        sheet.rows.iter().map(|row| (row.number, row.cells.iter().map(Cell::shown).collect())).collect()
    }

    #[test]
    fn rows_are_numbered_as_excel_numbers_them() {
        for line_break in ["\n", "\r\n", "\r"] {
            let text = ["title", "", "", "code,title", "A,one", "", "B,\"two", "lines\"", "C,three", ""]
                .join(line_break);
            let read = rows(&text);
            let numbers: Vec<u32> = read.iter().map(|(number, _)| *number).collect();
            assert_eq!(numbers, [1, 4, 5, 7, 8], "{line_break:?}");
            assert_eq!(read[3].1, ["B".to_owned(), format!("two{line_break}lines")]);
        }
        assert_eq!(rows("\n\ncode\n,\nA"), [(3, vec!["code".to_owned()]), (5, vec!["A".to_owned()])]);
    }

    #[test]
    fn the_separator_is_the_one_that_is_used() {
        let fields = vec!["code".to_owned(), "skip;dates".to_owned(), "title".to_owned()];
        assert_eq!(rows("code,skip;dates,title")[0].1, fields);
        assert_eq!(rows("code\tskip;dates\ttitle")[0].1, fields);
        assert_eq!(rows("code;title")[0].1, ["code", "title"]);
    }

    #[test]
    fn the_limits_hold() {
        let many = "a\n".repeat(usize::try_from(SHEET_ROWS_MAX).unwrap() + 1);
        let sheet = read("a.csv", &many);
        assert_eq!((sheet.rows.len(), sheet.beyond), (20_000, Some(Beyond::Rows)));
        let exactly = "a\n".repeat(usize::try_from(SHEET_ROWS_MAX).unwrap());
        assert_eq!(read("a.csv", &exactly).beyond, None);
        let wide = format!("{}x", ",".repeat(256));
        assert_eq!(read("a.csv", &wide).beyond, Some(Beyond::Columns));
        assert_eq!(read("a.csv", &",".repeat(300)).beyond, None);
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[\",;\t\r\na]{0,40}") {
            let sheet = read("a.csv", &text);
            prop_assert!(sheet.rows.windows(2).all(|pair| pair[0].number < pair[1].number));
        }
    }
}
