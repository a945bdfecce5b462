//! Times of day: `19:00`, `１９：００`, `19点30分`, `下午7点半`, Excel's fraction of a day.

use super::cell::{Cell, shown_time, time_of_serial};
use super::expected::Expected;
use super::reason::Reason;
use super::scan::Scan;
use super::taken::{Reading, Taken};
use super::text::fold;
use chrono::{NaiveTime, Timelike};

/// A time of day, to the minute.
pub fn time(cell: &Cell) -> Reading<NaiveTime> {
    let taken = match cell {
        Cell::Time(time) => Some((*time, None)),
        Cell::Number(number) => time_of_serial(*number).map(|time| (time, Some(Reason::SerialNumber))),
        Cell::Text(text) => of_text(text),
        Cell::Empty | Cell::DateTime(_) | Cell::Date(_) | Cell::Bool(_) | Cell::Fault(_) => None,
    };
    match taken {
        Some((time, reason)) if time.second() == 0 => Ok(Taken::with(time, reason, |time| shown_time(*time))),
        _ => Err(Expected::Time),
    }
}

fn of_text(text: &str) -> Option<(NaiveTime, Option<Reason>)> {
    let folded = fold(text);
    let mut scan = Scan::new(&folded.text);
    let written = written(&mut scan)?;
    scan.is_done()
        .then_some((written.time, if written.is_plain { folded.reason } else { Some(Reason::TimeForm) }))
}

/// A time as it stands in a text.
pub(super) struct Written {
    pub time: NaiveTime,
    /// Written as `19:00` or `19:00:00`.
    pub is_plain: bool,
}

/// The half of the day in which the hour is counted.
#[derive(Clone, Copy)]
enum Half {
    /// 凌晨: 0 to 5.
    SmallHours,
    /// 上午, 早上, am: 0 to 11.
    Morning,
    /// 中午: 11 to 13.
    Noon,
    /// 下午, pm: 12 to 23.
    Afternoon,
    /// 晚上: 17 to 23.
    Evening,
}

impl Half {
    fn of(word: &str) -> Self {
        match word {
            "凌晨" => Self::SmallHours,
            "中午" => Self::Noon,
            "下午" | "pm" | "PM" => Self::Afternoon,
            "傍晚" | "晚上" | "晚间" | "晚" => Self::Evening,
            _ => Self::Morning,
        }
    }

    /// The hour on a 24-hour clock. None where the word and the number do not fit or could mean two hours
    /// (晚上12点).
    fn hour(self, hour: u32) -> Option<u32> {
        let range = match self {
            Self::SmallHours => 0..=5,
            Self::Morning => 0..=11,
            Self::Noon => 11..=13,
            Self::Afternoon => 12..=23,
            Self::Evening => 17..=23,
        };
        let counts_twelve =
            matches!(self, Self::Noon | Self::Afternoon | Self::Evening) && (1..=11).contains(&hour);
        let later = hour + 12;
        if range.contains(&hour) {
            Some(hour)
        } else {
            (counts_twelve && range.contains(&later)).then_some(later)
        }
    }
}

const BEFORE: [&str; 13] =
    ["凌晨", "早上", "早晨", "上午", "中午", "下午", "傍晚", "晚上", "晚间", "早", "晚", "AM", "PM"];
const BEHIND: [&str; 4] = ["am", "AM", "pm", "PM"];

/// The time at the front of a text.
pub(super) fn written(scan: &mut Scan<'_>) -> Option<Written> {
    let before = scan.word(&BEFORE);
    let (hour, _) = scan.number(2)?;
    let colon = scan.word(&[":"]).is_some();
    let (minute, second) = if colon { clock(scan)? } else { (spoken(scan)?, 0) };
    let behind = if before.is_none() { scan.word(&BEHIND) } else { None };
    let half = before.or(behind).map(Half::of);
    let hour = half.map_or(Some(hour), |half| half.hour(hour))?;
    let time = NaiveTime::from_hms_opt(hour, minute, second)?;
    Some(Written { time, is_plain: colon && half.is_none() })
}

/// `00` or `00:00` behind `19:`.
fn clock(scan: &mut Scan<'_>) -> Option<(u32, u32)> {
    let (minute, digits) = scan.number(2)?;
    if digits != 2 {
        return None;
    }
    if scan.word(&[":"]).is_none() {
        return Some((minute, 0));
    }
    let (second, digits) = scan.number(2)?;
    (digits == 2).then_some((minute, second))
}

/// 点, 点半, 点30分, 时 behind 19.
fn spoken(scan: &mut Scan<'_>) -> Option<u32> {
    scan.word(&["点钟", "点整", "点", "时"])?;
    if let Some(word) = scan.word(&["半", "一刻", "三刻"]) {
        return Some(match word {
            "半" => 30,
            "一刻" => 15,
            _ => 45,
        });
    }
    let Some((minute, _)) = scan.number(2) else { return Some(0) };
    scan.word(&["分"]);
    Some(minute)
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    #[test]
    fn times_in_all_the_forms_people_use() {
        for (text, taken, reason) in [
            ("19:00", "19:00", None),
            ("9:30", "09:30", None),
            ("19:00:00", "19:00", None),
            ("00:00", "00:00", None),
            ("１９：００", "19:00", Some(Reason::FullWidth)),
            ("18：30", "18:30", Some(Reason::FullWidth)),
            (" 19:00", "19:00", Some(Reason::Spaces)),
            ("19点", "19:00", Some(Reason::TimeForm)),
            ("19点半", "19:30", Some(Reason::TimeForm)),
            ("19时30分", "19:30", Some(Reason::TimeForm)),
            ("19点一刻", "19:15", Some(Reason::TimeForm)),
            ("下午7点", "19:00", Some(Reason::TimeForm)),
            ("下午 7:30", "19:30", Some(Reason::TimeForm)),
            ("晚上7点半", "19:30", Some(Reason::TimeForm)),
            ("晚7:00", "19:00", Some(Reason::TimeForm)),
            ("下午19:00", "19:00", Some(Reason::TimeForm)),
            ("中午12点", "12:00", Some(Reason::TimeForm)),
            ("下午12:30", "12:30", Some(Reason::TimeForm)),
            ("中午1点", "13:00", Some(Reason::TimeForm)),
            ("上午9点", "09:00", Some(Reason::TimeForm)),
            ("7:00 PM", "19:00", Some(Reason::TimeForm)),
            ("9:00am", "09:00", Some(Reason::TimeForm)),
        ] {
            let read = time(&text_cell(text)).unwrap();
            assert_eq!(
                (shown_time(read.value).as_str(), read.remark.map(|remark| remark.reason)),
                (taken, reason),
                "{text}"
            );
        }
        let seven = NaiveTime::from_hms_opt(19, 0, 0).unwrap();
        assert_eq!(time(&Cell::Time(seven)), Ok(Taken::plain(seven)));
        let fraction = time(&Cell::Number(0.791_666_666_666_666_6)).unwrap();
        assert_eq!((fraction.value, fraction.remark.unwrap().reason), (seven, Reason::SerialNumber));
    }

    #[test]
    fn what_is_no_time_or_two_is_refused() {
        for text in [
            "",
            "19",
            "1900",
            "19:0",
            "24:00",
            "25:00",
            "19:60",
            "19.30",
            "19:00-20:30",
            "晚上12点",
            "晚上1点",
            "上午12点",
            "凌晨7点",
            "下午0点",
            "下午7",
            "七点",
            "19:00:30",
            "19:00左右",
            "2027-03-20 19:00",
            "下午24:00",
            "7点60分",
        ] {
            assert_eq!(time(&text_cell(text)), Err(Expected::Time), "{text}");
        }
        let at = NaiveDate::from_ymd_opt(2027, 3, 20).unwrap().and_hms_opt(19, 0, 0).unwrap();
        for cell in [
            Cell::Number(19.0),
            Cell::Number(1.0),
            Cell::Number(-0.5),
            Cell::DateTime(at),
            Cell::Date(at.date()),
        ] {
            assert_eq!(time(&cell), Err(Expected::Time), "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9０-９:：点半分下午晚上 apm]{0,12}") {
            let _ = time(&text_cell(&text));
        }

        #[test]
        fn every_minute_survives(minutes in 0_u32..1440) {
            let (hour, minute) = (minutes / 60, minutes % 60);
            let value = NaiveTime::from_hms_opt(hour, minute, 0);
            prop_assert_eq!(time(&text_cell(&format!("{hour:02}:{minute:02}"))).ok().map(|taken| taken.value), value);
            prop_assert_eq!(time(&Cell::Number(f64::from(minutes) / 1440.0)).ok().map(|taken| taken.value), value);
            prop_assert_eq!(time(&text_cell(&format!("{hour}点{minute}分"))).ok().map(|taken| taken.value), value);
        }
    }
}
