//! Whole numbers: `30`, `３０`, `30人`, `1,200`, `不限`.

use super::cell::Cell;
use super::decimal::{decimal_text, scaled, without_thousands};
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::fold;

/// What a column of whole numbers takes.
#[derive(Debug, Clone, Copy)]
pub struct Whole {
    /// The smallest number.
    pub min: u32,
    /// The largest number.
    pub max: u32,
    /// Units that may stand behind it in the cell.
    pub units: &'static [&'static str],
}

const UNLIMITED: [&str; 10] =
    ["不限", "不限制", "不限量", "不限人数", "不限名额", "无限", "无限制", "无上限", "unlimited", "no limit"];

impl Whole {
    /// A number that must be there.
    pub fn read(&self, cell: &Cell) -> Reading<u32> {
        self.number(cell).ok_or(Expected::Integer { min: self.min, max: self.max })
    }

    /// A number, or nothing where the cell is blank.
    pub fn read_optional(&self, cell: &Cell) -> Reading<Option<u32>> {
        if cell.is_blank() { Ok(Taken::plain(None)) } else { Ok(self.read(cell)?.map(Some)) }
    }

    /// A number; blank or a word such as 不限 is "without limit".
    pub fn read_or_unlimited(&self, cell: &Cell) -> Reading<Option<u32>> {
        if cell.is_blank() {
            return Ok(Taken::plain(None));
        }
        if let Cell::Text(text) = cell
            && UNLIMITED.contains(&fold(text).text.to_lowercase().as_str())
        {
            return Ok(Taken::with(None, Some(Reason::Unlimited), |_| "不限".to_owned()));
        }
        let number =
            self.number(cell).ok_or(Expected::IntegerOrUnlimited { min: self.min, max: self.max })?;
        Ok(number.map(Some))
    }

    fn number(&self, cell: &Cell) -> Option<Taken<u32>> {
        let (digits, reason) = match cell {
            Cell::Number(number) => (decimal_text(*number)?, None),
            Cell::Text(text) => self.plain(text)?,
            Cell::Empty
            | Cell::DateTime(_)
            | Cell::Date(_)
            | Cell::Time(_)
            | Cell::Bool(_)
            | Cell::Fault(_) => return None,
        };
        let number = u32::try_from(scaled(&digits, 0)?).ok()?;
        (self.min..=self.max).contains(&number).then(|| Taken::with(number, reason, ToString::to_string))
    }

    /// The digits of a text, and what had to be taken away to get them.
    fn plain(&self, text: &str) -> Option<(String, Option<Reason>)> {
        let folded = fold(text);
        let unit = self.units.iter().find_map(|unit| folded.text.strip_suffix(unit));
        let number = unit.map_or(folded.text.as_str(), str::trim_end);
        let (digits, commas) = without_thousands(number)?;
        let reason = match (unit, commas || digits.contains('.')) {
            (Some(_), _) => Some(Reason::Unit),
            (None, true) => Some(Reason::NumberForm),
            (None, false) => folded.reason,
        };
        Some((digits, reason))
    }
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    const SEATS: Whole = Whole { min: 1, max: 10_000, units: &["人", "个", "名"] };

    #[test]
    fn numbers_that_can_mean_only_one_thing() {
        for (text, number, reason) in [
            ("30", 30, None),
            ("30人", 30, Some(Reason::Unit)),
            ("30 人", 30, Some(Reason::Unit)),
            ("３０名", 30, Some(Reason::Unit)),
            ("１５", 15, Some(Reason::FullWidth)),
            (" 15 ", 15, Some(Reason::Spaces)),
            ("1,200", 1_200, Some(Reason::NumberForm)),
            ("30.0", 30, Some(Reason::NumberForm)),
            ("030", 30, None),
        ] {
            let read = SEATS.read(&text_cell(text)).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (number, reason), "{text}");
        }
        assert_eq!(SEATS.read(&Cell::Number(19.0)), Ok(Taken::plain(19)));
    }

    #[test]
    fn what_could_mean_anything_is_refused() {
        let refused = Expected::Integer { min: 1, max: 10_000 };
        for text in [
            "", " ", "0", "-5", "10001", "30-40", "30左右", "约30", "三十", "30.5", "1,20", "30元", "人",
            "不限", "1e3", "٣٠",
        ] {
            assert_eq!(SEATS.read(&text_cell(text)), Err(refused.clone()), "{text}");
        }
        for cell in [
            Cell::Number(30.5),
            Cell::Number(f64::NAN),
            Cell::Number(-30.0),
            Cell::Bool(true),
            Cell::Date(NaiveDate::from_ymd_opt(2027, 3, 20).unwrap()),
        ] {
            assert_eq!(SEATS.read(&cell), Err(refused.clone()), "{cell:?}");
        }
    }

    #[test]
    fn no_limit_is_a_word_or_nothing() {
        for (text, reason) in [
            ("", None),
            ("  ", None),
            ("不限", Some(Reason::Unlimited)),
            (" 不限 ", Some(Reason::Unlimited)),
            ("Unlimited", Some(Reason::Unlimited)),
        ] {
            let read = SEATS.read_or_unlimited(&text_cell(text)).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (None, reason), "{text}");
        }
        assert_eq!(SEATS.read_or_unlimited(&text_cell("30")), Ok(Taken::plain(Some(30))));
        assert_eq!(
            SEATS.read_or_unlimited(&text_cell("无")),
            Err(Expected::IntegerOrUnlimited { min: 1, max: 10_000 })
        );
        assert_eq!(SEATS.read_optional(&Cell::Empty), Ok(Taken::plain(None)));
        assert_eq!(SEATS.read_optional(&text_cell("不限")), Err(Expected::Integer { min: 1, max: 10_000 }));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9０-９,.人 -]{0,12}") {
            let _ = SEATS.read(&text_cell(&text));
            let _ = SEATS.read_or_unlimited(&text_cell(&text));
        }

        #[test]
        fn a_number_is_read_back(number in 1_u32..=10_000) {
            prop_assert_eq!(SEATS.read(&text_cell(&number.to_string())), Ok(Taken::plain(number)));
            prop_assert_eq!(SEATS.read(&Cell::Number(f64::from(number))), Ok(Taken::plain(number)));
        }
    }
}
