//! A spreadsheet as the rules see it: sheets of rows of cells, whatever file they came from.
//!
//! Invariant: a [`Sheet`] holds only rows in which something stands, each under the number Excel shows.

use super::decimal::decimal_text;
use super::reason::Reason;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

/// The longest text of one cell that is read, in characters.
pub const CELL_CHARS_MAX: usize = 4_000;

/// The most rows of one sheet that are read.
pub const SHEET_ROWS_MAX: u32 = 20_000;

/// The most columns of one sheet that are read.
pub const SHEET_COLUMNS_MAX: u32 = 256;

/// The longest part of a cell that a report repeats, in characters.
const SHOWN_CHARS_MAX: usize = 80;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Characters, as they were typed.
    Text(String),
    /// A number without a date format.
    Number(f64),
    /// A day with a time of day, on the wall clock of Beijing.
    DateTime(NaiveDateTime),
    /// A day.
    Date(NaiveDate),
    /// A time of day.
    Time(NaiveTime),
    /// True or false.
    Bool(bool),
    /// Something that has no value.
    Fault(Fault),
}

/// Why a cell has no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A formula ended in an error, such as `#REF!`.
    Formula(String),
    /// A formula whose result the file does not hold.
    NoStoredValue(String),
    /// More than [`CELL_CHARS_MAX`] characters; their beginning.
    TooLong(String),
}

/// A row in which something stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its number as Excel shows it, from 1.
    pub number: u32,
    /// Its cells from column A on; short where the rest is empty.
    pub cells: Vec<Cell>,
}

/// One sheet of a workbook, or one CSV file.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The sheet's name; the file's name for a CSV.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// The rows in which something stands, in order.
    pub rows: Vec<Row>,
    /// Set where something stands beyond what is read.
    pub beyond: Option<Beyond>,
    /// Set where the file had to be decoded first.
    pub decoded: Option<Reason>,
}

/// Which limit of a sheet was passed. What lies beyond was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beyond {
    /// [`SHEET_ROWS_MAX`].
    Rows,
    /// [`SHEET_COLUMNS_MAX`].
    Columns,
}

impl Cell {
    /// A text cell, bounded.
    pub fn text(text: String) -> Self {
        if text.is_empty() {
            Self::Empty
        } else if text.len() > CELL_CHARS_MAX && text.chars().nth(CELL_CHARS_MAX).is_some() {
            Self::Fault(Fault::TooLong(shortened(&text)))
        } else {
            Self::Text(text)
        }
    }

    /// A number that Excel shows as a date or time. `shows_time`: the format has hours in it, so that
    /// midnight is meant and not merely left out. Rounded to seconds, as Excel shows it.
    pub fn serial(serial: f64, shows_time: bool, since_1904: bool) -> Self {
        if (0.0..1.0).contains(&serial) {
            return time_of_serial(serial).map_or(Self::Number(serial), Self::Time);
        }
        let days_between_epochs = if since_1904 { 1462.0 } else { 0.0 };
        match date_time_of_serial(serial + days_between_epochs) {
            Some(at) if at.time() == NaiveTime::MIN && !shows_time => Self::Date(at.date()),
            Some(at) => Self::DateTime(at),
            None => Self::Number(serial),
        }
    }

    /// Whether nothing can be seen in it.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.chars().all(|c| c.is_whitespace() || super::text::is_invisible(c)),
            _ => false,
        }
    }

    /// What a report repeats of it, bounded.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text)
            | Self::Fault(Fault::Formula(text) | Fault::NoStoredValue(text) | Fault::TooLong(text)) => {
                shortened(text)
            }
            Self::Number(number) => decimal_text(*number).unwrap_or_else(|| number.to_string()),
            Self::DateTime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
            Self::Date(day) => day.format("%Y-%m-%d").to_string(),
            Self::Time(time) => shown_time(*time),
            Self::Bool(value) => value.to_string(),
        }
    }
}

impl Row {
    /// The cell in a column, counted from 0.
    pub fn cell(&self, index: usize) -> &Cell {
        self.cells.get(index).unwrap_or(&Cell::Empty)
    }

    /// Whether nothing can be seen in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// The letters of a column, counted from 0: `A`, `Z`, `AA`.
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b'A' + u8::try_from(digit).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// `19:00`, with seconds only where there are some.
pub fn shown_time(time: NaiveTime) -> String {
    let format = if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    time.format(format).to_string()
}

/// The day and time of a serial number of Excel's 1900 system. None before 1 March 1900 (days before are
/// counted wrongly by Excel itself) and after 9999.
pub(super) fn date_time_of_serial(serial: f64) -> Option<NaiveDateTime> {
    if !(61.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let epoch = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    #[expect(clippy::cast_possible_truncation, reason = "bounded to the years 1900 to 9999 just before")]
    let seconds = (serial * 86_400.0).round() as i64;
    epoch.checked_add_signed(TimeDelta::seconds(seconds))
}

/// The time of day of a fraction of a day. None where rounding reaches the next day.
pub(super) fn time_of_serial(serial: f64) -> Option<NaiveTime> {
    if !(0.0..1.0).contains(&serial) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded to one day just before"
    )]
    let seconds = (serial * 86_400.0).round() as u32;
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_as_excel_counts() {
        for (index, letters) in
            [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(column_letters(index), letters);
        }
    }

    #[test]
    fn serials_are_rounded_to_seconds() {
        let at =
            |text: &str| Cell::DateTime(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap());
        let day = |text: &str| Cell::Date(text.parse().unwrap());
        let time = |text: &str| Cell::Time(text.parse().unwrap());
        for (serial, shows_time, since_1904, cell) in [
            (46_438.416_666_666_66, true, false, at("2027-02-20 10:00:00")),
            (46_449.833_333_333_34, true, false, at("2027-03-03 20:00:00")),
            (46_568.999_988_425_92, true, false, at("2027-06-30 23:59:59")),
            (46_466.0, false, false, day("2027-03-20")),
            (46_466.0, true, false, at("2027-03-20 00:00:00")),
            (45_004.0, false, true, day("2027-03-20")),
            (0.791_666_666_666_666_6, true, false, time("19:00:00")),
            (0.854_166_666_666_666_6, true, true, time("20:30:00")),
            (0.0, true, false, time("00:00:00")),
            (0.999_999_999, true, false, Cell::Number(0.999_999_999)),
            (-1.0, true, false, Cell::Number(-1.0)),
            (1.5, true, false, Cell::Number(1.5)),
            (1e300, true, false, Cell::Number(1e300)),
        ] {
            assert_eq!(Cell::serial(serial, shows_time, since_1904), cell, "{serial}");
        }
        assert!(matches!(Cell::serial(f64::NAN, true, false), Cell::Number(n) if n.is_nan()));
    }

    #[test]
    fn texts_are_bounded() {
        assert_eq!(Cell::text(String::new()), Cell::Empty);
        assert_eq!(Cell::text("课".repeat(CELL_CHARS_MAX)), Cell::Text("课".repeat(CELL_CHARS_MAX)));
        let Cell::Fault(Fault::TooLong(head)) = Cell::text("课".repeat(CELL_CHARS_MAX + 1)) else {
            panic!("too long")
        };
        assert_eq!(head.chars().count(), SHOWN_CHARS_MAX + 1);
        assert!(Cell::Text("\u{3000} \u{200b}".to_owned()).is_blank());
        assert!(!Cell::Number(0.0).is_blank());
    }
}
