//! Instants: a day and a time on the wall clock of Beijing, or RFC 3339 with its own offset.
//!
//! A day alone is refused: for an end it could mean its beginning or its end.

use super::cell::{Cell, date_time_of_serial};
use super::date::{TermDays, written as written_day};
use super::expected::Expected;
use super::reason::Reason;
use super::scan::Scan;
use super::taken::{Reading, Taken};
use super::text::fold;
use super::time_of_day::written as written_time;
use super::weekday::spoken;
use crate::time::{Instant, at_local, local};
use chrono::{DateTime, Datelike, NaiveDateTime, SubsecRound, Utc};

/// An instant, to the second.
pub fn instant(cell: &Cell, term: &TermDays) -> Reading<Instant> {
    let (at, reason) = match cell {
        Cell::DateTime(at) => (beijing(*at), None),
        Cell::Number(number) => of_serial(*number).ok_or(Expected::DateTime)?,
        Cell::Text(text) => of_text(text, term)?,
        Cell::Empty | Cell::Date(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Fault(_) => {
            return Err(Expected::DateTime);
        }
    };
    if !(2000..=2099).contains(&local(at).year()) {
        return Err(Expected::DateTime);
    }
    Ok(Taken::with(at, reason, |at| shown(*at)))
}

/// `2027-02-20 10:00`, on the wall clock of Beijing.
pub fn shown(at: Instant) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}

fn beijing(at: NaiveDateTime) -> Instant {
    at_local(at.date(), at.time())
}

/// A bare serial number with a fraction; without one it is a day alone.
fn of_serial(serial: f64) -> Option<(Instant, Option<Reason>)> {
    let at = date_time_of_serial(serial).filter(|_| serial.fract() != 0.0)?;
    Some((beijing(at), Some(Reason::SerialNumber)))
}

fn of_text(text: &str, term: &TermDays) -> Result<(Instant, Option<Reason>), Expected> {
    let folded = fold(text);
    if let Ok(at) = DateTime::parse_from_rfc3339(&folded.text) {
        return Ok((at.with_timezone(&Utc).trunc_subsecs(0), folded.reason));
    }
    let mut scan = Scan::new(&folded.text);
    let (day, reason) =
        written_day(&mut scan).ok_or(Expected::DateTime)?.resolve(term, &Expected::DateTime)?;
    let mut between = scan;
    if let Some(weekday) = weekday_between(&mut between) {
        if weekday != day.weekday() {
            return Err(Expected::DateTime);
        }
        scan = between;
    }
    scan.word(&["T"]);
    let time = written_time(&mut scan).filter(|_| scan.is_done()).ok_or(Expected::DateTime)?;
    let is_plain = NaiveDateTime::parse_from_str(&folded.text, "%Y-%m-%d %H:%M").is_ok()
        || NaiveDateTime::parse_from_str(&folded.text, "%Y-%m-%d %H:%M:%S").is_ok();
    let form = if is_plain { folded.reason } else { Some(Reason::DateForm) };
    Ok((at_local(day, time.time), reason.or(form)))
}

/// 周六 or （周六） between the day and the time.
fn weekday_between(scan: &mut Scan<'_>) -> Option<chrono::Weekday> {
    let bracket = scan.word(&["("]).is_some();
    let weekday = spoken(scan)?;
    if bracket {
        scan.word(&[")"])?;
    }
    Some(weekday)
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    fn spring() -> TermDays {
        let day = |text: &str| text.parse().unwrap();
        TermDays { term: "2027春季".to_owned(), days: Some((day("2026-10-01"), day("2027-08-31"))) }
    }

    fn read(cell: &Cell) -> Result<(String, Option<Reason>), Expected> {
        instant(cell, &spring())
            .map(|taken| (crate::time::rfc3339(taken.value), taken.remark.map(|remark| remark.reason)))
    }

    #[test]
    fn instants_are_beijing_time_unless_they_say_otherwise() {
        for (text, taken, reason) in [
            ("2027-02-20T10:00:00+08:00", "2027-02-20T10:00:00+08:00", None),
            ("2027-02-20T02:00:00Z", "2027-02-20T10:00:00+08:00", None),
            ("2027-02-20 10:00", "2027-02-20T10:00:00+08:00", None),
            ("2027-02-20 10:00:00", "2027-02-20T10:00:00+08:00", None),
            ("2027-02-20 00:00", "2027-02-20T00:00:00+08:00", None),
            ("2027-02-20T10:00", "2027-02-20T10:00:00+08:00", Some(Reason::DateForm)),
            ("2027/2/20 10:00", "2027-02-20T10:00:00+08:00", Some(Reason::DateForm)),
            ("2027年2月20日10:00", "2027-02-20T10:00:00+08:00", Some(Reason::DateForm)),
            ("2027年2月20日 上午10点", "2027-02-20T10:00:00+08:00", Some(Reason::DateForm)),
            ("2027年2月20日（周六）10时", "2027-02-20T10:00:00+08:00", Some(Reason::DateForm)),
            ("2027.2.26 下午6点", "2027-02-26T18:00:00+08:00", Some(Reason::DateForm)),
            ("２０２７－０２－２０　１０：００", "2027-02-20T10:00:00+08:00", Some(Reason::FullWidth)),
            ("2月20日10点", "2027-02-20T10:00:00+08:00", Some(Reason::YearAdded)),
            ("12月20日 10:00", "2026-12-20T10:00:00+08:00", Some(Reason::YearAdded)),
        ] {
            assert_eq!(read(&text_cell(text)), Ok((taken.to_owned(), reason)), "{text}");
        }
        let at = |text: &str| Cell::DateTime(text.parse().unwrap());
        assert_eq!(read(&at("2027-02-20T10:00:00")), Ok(("2027-02-20T10:00:00+08:00".to_owned(), None)));
        assert_eq!(
            read(&Cell::Number(46_438.416_666_666_66)),
            Ok(("2027-02-20T10:00:00+08:00".to_owned(), Some(Reason::SerialNumber)))
        );
    }

    #[test]
    fn a_day_alone_and_other_halves_are_refused() {
        for text in [
            "",
            "2027-02-20",
            "2月20日",
            "10:00",
            "2027-02-20 25:00",
            "2027-02-30 10:00",
            "2027年2月20日（周日）10时",
            "2027-02-20 10:00起",
            "2027-02-20 晚上12点",
            "2150-01-01 10:00",
            "2027-02-20T10:00:00+99:00",
            "即日起",
        ] {
            assert_eq!(read(&text_cell(text)), Err(Expected::DateTime), "{text}");
        }
        for cell in [
            Cell::Date("2027-02-20".parse().unwrap()),
            Cell::Number(46_438.0),
            Cell::Number(0.4),
            Cell::Bool(true),
        ] {
            assert_eq!(read(&cell), Err(Expected::DateTime), "{cell:?}");
        }
        assert_eq!(
            read(&text_cell("9月20日10点")),
            Err(Expected::DateWithYear { term: "2027春季".to_owned() })
        );
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[0-9０-９年月日:：点T周六（）+ -]{0,20}") {
            let _ = instant(&text_cell(&text), &spring());
        }

        #[test]
        fn every_minute_survives_both_forms(minutes in 0_i64..52_000_000) {
            let at: Instant = "2000-01-01T00:00:00+08:00".parse::<DateTime<Utc>>().unwrap() + chrono::TimeDelta::minutes(minutes);
            prop_assert_eq!(instant(&text_cell(&crate::time::rfc3339(at)), &spring()).map(|taken| taken.value), Ok(at));
            prop_assert_eq!(instant(&text_cell(&shown(at)), &spring()).map(|taken| taken.value), Ok(at));
        }
    }
}
