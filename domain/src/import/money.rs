//! Amounts of money, exact: the city's workbook writes yuan, its CSVs fen. Inside, money is integer fen.

use super::cell::Cell;
use super::decimal::{decimal_text, scaled, without_thousands};
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::fold;

/// The largest amount that is read, in yuan: a night class costs some hundreds.
const YUAN_MAX: u32 = 100_000;

/// The same in fen.
const FEN_MAX: u32 = YUAN_MAX * 100;

const FREE: [&str; 6] = ["免费", "免", "公益", "公益免费", "free", "零元"];

/// The unit of a column, as its title says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// 元, up to two decimals.
    Yuan,
    /// 分, whole.
    Fen,
}

impl MoneyUnit {
    /// An amount in fen. A unit in the cell counts more than the column's.
    pub fn read(self, cell: &Cell) -> Reading<i64> {
        self.amount(cell).ok_or(match self {
            Self::Yuan => Expected::Yuan { max: YUAN_MAX },
            Self::Fen => Expected::Fen { max: FEN_MAX },
        })
    }

    fn amount(self, cell: &Cell) -> Option<Taken<i64>> {
        let (unit, digits, reason) = match cell {
            Cell::Number(number) => (self, decimal_text(*number)?, None),
            Cell::Text(text) => {
                let folded = fold(text);
                if FREE.contains(&folded.text.to_lowercase().as_str()) {
                    return Some(Taken::with(0, Some(Reason::Free), |_| "0".to_owned()));
                }
                self.plain(&folded.text, folded.reason)?
            }
            Cell::Empty
            | Cell::DateTime(_)
            | Cell::Date(_)
            | Cell::Time(_)
            | Cell::Bool(_)
            | Cell::Fault(_) => return None,
        };
        let fen = match unit {
            Self::Yuan => scaled(&digits, 2)?,
            Self::Fen => scaled(&digits, 0)?,
        };
        (0..=i64::from(FEN_MAX)).contains(&fen).then(|| Taken::with(fen, reason, |fen| self.shown(*fen)))
    }

    /// The unit that counts, the digits, and what had to be taken away.
    fn plain(self, text: &str, reason: Option<Reason>) -> Option<(Self, String, Option<Reason>)> {
        let without_sign = text.strip_prefix('¥').map(str::trim_start);
        let number = without_sign.unwrap_or(text);
        let (unit, number, suffixed) = if let Some(number) = number.strip_suffix('元') {
            (Self::Yuan, number, true)
        } else if let (Some(number), None) = (number.strip_suffix('分'), without_sign) {
            (Self::Fen, number, true)
        } else {
            (if without_sign.is_some() { Self::Yuan } else { self }, number, false)
        };
        let (digits, commas) = without_thousands(number.trim_end())?;
        let reason = match (suffixed || without_sign.is_some(), commas) {
            (true, _) => Some(Reason::Unit),
            (false, true) => Some(Reason::NumberForm),
            (false, false) => reason,
        };
        Some((unit, digits, reason))
    }

    /// `fen` in the unit of the column.
    fn shown(self, fen: i64) -> String {
        match self {
            Self::Yuan if fen % 100 == 0 => (fen / 100).to_string(),
            Self::Yuan => format!("{}.{:02}", fen / 100, fen % 100),
            Self::Fen => fen.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_exact() {
        for (unit, text, fen, reason) in [
            (MoneyUnit::Yuan, "199", 19_900, None),
            (MoneyUnit::Yuan, "9.9", 990, None),
            (MoneyUnit::Yuan, "9.90", 990, None),
            (MoneyUnit::Yuan, "0", 0, None),
            (MoneyUnit::Yuan, "免费", 0, Some(Reason::Free)),
            (MoneyUnit::Yuan, " 免费", 0, Some(Reason::Free)),
            (MoneyUnit::Yuan, "199元", 19_900, Some(Reason::Unit)),
            (MoneyUnit::Yuan, "￥199.50", 19_950, Some(Reason::Unit)),
            (MoneyUnit::Yuan, "¥ 1,299", 129_900, Some(Reason::Unit)),
            (MoneyUnit::Yuan, "1,299", 129_900, Some(Reason::NumberForm)),
            (MoneyUnit::Yuan, "１９９", 19_900, Some(Reason::FullWidth)),
            (MoneyUnit::Yuan, "990分", 990, Some(Reason::Unit)),
            (MoneyUnit::Fen, "19900", 19_900, None),
            (MoneyUnit::Fen, "199元", 19_900, Some(Reason::Unit)),
            (MoneyUnit::Fen, "免费", 0, Some(Reason::Free)),
        ] {
            let read = unit.read(&text_cell(text)).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (fen, reason), "{text}");
        }
        assert_eq!(MoneyUnit::Yuan.read(&Cell::Number(9.9)), Ok(Taken::plain(990)));
        assert_eq!(MoneyUnit::Yuan.read(&Cell::Number(159.200_000_000_000_02)), Ok(Taken::plain(15_920)));
        assert_eq!(MoneyUnit::Fen.read(&Cell::Number(19_900.0)), Ok(Taken::plain(19_900)));
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in
            ["", "9.901", "-1", "一百", "199左右", "100-200", "¥5分", "5角", "待定", "100001", "9,9", "1.2.3"]
        {
            assert_eq!(
                MoneyUnit::Yuan.read(&text_cell(text)),
                Err(Expected::Yuan { max: 100_000 }),
                "{text}"
            );
        }
        for text in ["", "9.9", "10000001"] {
            assert_eq!(
                MoneyUnit::Fen.read(&text_cell(text)),
                Err(Expected::Fen { max: 10_000_000 }),
                "{text}"
            );
        }
        assert!(MoneyUnit::Yuan.read(&Cell::Number(0.001)).is_err());
        assert!(MoneyUnit::Yuan.read(&Cell::Bool(false)).is_err());
    }

    proptest! {
        #[test]
        fn every_amount_survives_the_way_through_yuan(fen in 0_i64..=10_000_000) {
            let yuan = format!("{}.{:02}", fen / 100, fen % 100);
            prop_assert_eq!(MoneyUnit::Yuan.read(&text_cell(&yuan)), Ok(Taken::plain(fen)));
            prop_assert_eq!(MoneyUnit::Yuan.read(&Cell::Number(yuan.parse().unwrap())), Ok(Taken::plain(fen)));
            prop_assert_eq!(MoneyUnit::Fen.read(&text_cell(&fen.to_string())), Ok(Taken::plain(fen)));
            prop_assert_eq!(MoneyUnit::Yuan.read(&text_cell(&MoneyUnit::Yuan.shown(fen))), Ok(Taken::plain(fen)));
        }

        #[test]
        fn no_text_panics(text in "\\PC*|[0-9０-９,.元分¥￥ ]{0,12}") {
            let _ = MoneyUnit::Yuan.read(&text_cell(&text));
            let _ = MoneyUnit::Fen.read(&text_cell(&text));
        }
    }
}
