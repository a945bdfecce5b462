//! Days of the week: `周六`, `星期六`, `6` (1 = Monday, as in ISO 8601).

use super::cell::Cell;
use super::decimal::decimal_text;
use super::expected::Expected;
use super::reason::Reason;
use super::scan::Scan;
use super::taken::{Reading, Taken};
use super::text::fold;
use chrono::Weekday;

const DAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

/// 周六 for Saturday.
pub fn chinese(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "周一",
        Weekday::Tue => "周二",
        Weekday::Wed => "周三",
        Weekday::Thu => "周四",
        Weekday::Fri => "周五",
        Weekday::Sat => "周六",
        Weekday::Sun => "周日",
    }
}

/// Exactly one day of the week.
pub fn weekday(cell: &Cell) -> Reading<Weekday> {
    let taken = match cell {
        Cell::Number(number) => decimal_text(*number).as_deref().and_then(by_number).map(|day| (day, None)),
        Cell::Text(text) => of_text(text),
        Cell::Empty | Cell::DateTime(_) | Cell::Date(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Fault(_) => {
            None
        }
    };
    let (day, reason) = taken.ok_or(Expected::Weekday)?;
    Ok(Taken::with(day, reason, |day| chinese(*day).to_owned()))
}

fn of_text(text: &str) -> Option<(Weekday, Option<Reason>)> {
    let folded = fold(text);
    if let Some(day) = by_number(&folded.text) {
        return Some((day, folded.reason));
    }
    if let Some(day) = DAYS.into_iter().find(|day| folded.text == chinese(*day)) {
        return Some((day, folded.reason));
    }
    let english = folded.text.parse().ok();
    let day = english.or_else(|| {
        let mut scan = Scan::new(folded.text.strip_prefix('每').unwrap_or(&folded.text));
        let day = spoken(&mut scan)?;
        scan.is_done().then_some(day)
    });
    let day = day.or_else(|| bare(&folded.text))?;
    Some((day, Some(Reason::Synonym)))
}

fn by_number(digits: &str) -> Option<Weekday> {
    let number: usize = digits.parse().ok()?;
    if digits.len() != 1 {
        return None;
    }
    DAYS.get(number.checked_sub(1)?).copied()
}

/// 六 alone; 日 and 天 alone mean other things.
fn bare(text: &str) -> Option<Weekday> {
    DAYS.into_iter().take(6).find(|day| chinese(*day).strip_prefix('周') == Some(text))
}

/// 周六, 星期六 or 礼拜六, at the front of a text.
pub(super) fn spoken(scan: &mut Scan<'_>) -> Option<Weekday> {
    scan.word(&["周", "星期", "礼拜"])?;
    Some(
        match scan
            .word(&["一", "二", "三", "四", "五", "六", "日", "天", "1", "2", "3", "4", "5", "6", "7"])?
        {
            "一" | "1" => Weekday::Mon,
            "二" | "2" => Weekday::Tue,
            "三" | "3" => Weekday::Wed,
            "四" | "4" => Weekday::Thu,
            "五" | "5" => Weekday::Fri,
            "六" | "6" => Weekday::Sat,
            _ => Weekday::Sun,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_day_in_many_words() {
        for (text, day, reason) in [
            ("周六", Weekday::Sat, None),
            ("6", Weekday::Sat, None),
            ("7", Weekday::Sun, None),
            ("６", Weekday::Sat, Some(Reason::FullWidth)),
            ("周六 ", Weekday::Sat, Some(Reason::Spaces)),
            ("星期六", Weekday::Sat, Some(Reason::Synonym)),
            ("星期天", Weekday::Sun, Some(Reason::Synonym)),
            ("礼拜一", Weekday::Mon, Some(Reason::Synonym)),
            ("每周三", Weekday::Wed, Some(Reason::Synonym)),
            ("周天", Weekday::Sun, Some(Reason::Synonym)),
            ("五", Weekday::Fri, Some(Reason::Synonym)),
            ("Saturday", Weekday::Sat, Some(Reason::Synonym)),
            ("tue", Weekday::Tue, Some(Reason::Synonym)),
        ] {
            let read = weekday(&text_cell(text)).unwrap();
            assert_eq!((read.value, read.remark.map(|remark| remark.reason)), (day, reason), "{text}");
        }
        assert_eq!(weekday(&Cell::Number(2.0)), Ok(Taken::plain(Weekday::Tue)));
    }

    #[test]
    fn no_day_or_several_are_refused() {
        for text in [
            "",
            "0",
            "8",
            "06",
            "周六、周日",
            "周六周日",
            "周",
            "周八",
            "周末",
            "工作日",
            "1-5",
            "每天",
            "日",
            "天",
            "每六",
        ] {
            assert_eq!(weekday(&text_cell(text)), Err(Expected::Weekday), "{text}");
        }
        for cell in [Cell::Number(0.0), Cell::Number(6.5), Cell::Bool(true)] {
            assert_eq!(weekday(&cell), Err(Expected::Weekday), "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[周星期一六日每 0-9]{0,8}") {
            let _ = weekday(&text_cell(&text));
        }
    }
}
