//! Days: `2027-03-20`, `2027.3.20`, `2027年3月20日`, Excel's serial number, and, where the term leaves exactly
//! one year, `3月20日`. Month before day always, as dates are written in China.

use super::cell::{Cell, date_time_of_serial};
use super::decimal::decimal_text;
use super::expected::Expected;
use super::reason::Reason;
use super::scan::Scan;
use super::taken::{Reading, Taken};
use super::text::fold;
use super::weekday::spoken;
use chrono::{Datelike, NaiveDate, NaiveTime};

/// The years in which a date of the import can lie.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// Which days a term leaves for a date without a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermDays {
    /// The term, for messages; empty where none is known.
    pub term: String,
    /// The first and the last possible day.
    pub days: Option<(NaiveDate, NaiveDate)>,
}

impl TermDays {
    /// No term: every date needs its year.
    pub fn unknown() -> Self {
        Self { term: String::new(), days: None }
    }

    /// The one day of this month and day, if the term leaves exactly one.
    pub(super) fn only(&self, month: u32, day: u32) -> Option<NaiveDate> {
        let (first, last) = self.days?;
        let mut possible = (first.year()..=last.year())
            .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
            .filter(|date| (first..=last).contains(date));
        let only = possible.next()?;
        possible.next().is_none().then_some(only)
    }

    fn year_needed(&self) -> Expected {
        Expected::DateWithYear { term: self.term.clone() }
    }
}

/// A day as it stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub year: Option<i32>,
    pub month: u32,
    pub day: u32,
}

impl Written {
    /// The day, and why it is worth a remark beside its form.
    pub(super) fn resolve(
        self,
        term: &TermDays,
        otherwise: &Expected,
    ) -> Result<(NaiveDate, Option<Reason>), Expected> {
        match self.year {
            Some(year) if YEARS.contains(&year) => NaiveDate::from_ymd_opt(year, self.month, self.day)
                .map(|date| (date, None))
                .ok_or(otherwise.clone()),
            Some(_) => Err(otherwise.clone()),
            // 2028 is a leap year: it has every day that any year has.
            None if NaiveDate::from_ymd_opt(2028, self.month, self.day).is_none() => Err(otherwise.clone()),
            None => term
                .only(self.month, self.day)
                .map(|date| (date, Some(Reason::YearAdded)))
                .ok_or_else(|| term.year_needed()),
        }
    }
}

/// The day at the front of a text.
pub(super) fn written(scan: &mut Scan<'_>) -> Option<Written> {
    let (first, length) = scan.number(8)?;
    let ymd = |year: u32, month, day| Some(Written { year: Some(i32::try_from(year).ok()?), month, day });
    if length == 8 {
        return ymd(first / 10_000, first / 100 % 100, first % 100);
    }
    if scan.word(&["年"]).is_some() {
        let (month, _) = scan.number(2)?;
        scan.word(&["月"])?;
        let (day, _) = scan.number(2)?;
        scan.word(&["日", "号"]);
        return if length == 4 { ymd(first, month, day) } else { None };
    }
    if scan.word(&["月"]).is_some() {
        let (day, _) = scan.number(2)?;
        scan.word(&["日", "号"]);
        return (length <= 2).then_some(Written { year: None, month: first, day });
    }
    let separator = scan.word(&["-", "/", "."])?;
    let (second, _) = scan.number(2)?;
    if scan.word(&[separator]).is_some() {
        let (day, _) = scan.number(2)?;
        return if length == 4 { ymd(first, second, day) } else { None };
    }
    (length <= 2).then_some(Written { year: None, month: first, day: second })
}

/// A day.
pub fn date(cell: &Cell, term: &TermDays) -> Reading<NaiveDate> {
    let (day, reason) = match cell {
        Cell::Date(day) => (*day, None),
        Cell::DateTime(at) if at.time() == NaiveTime::MIN => (at.date(), None),
        Cell::Number(number) => {
            let text = decimal_text(*number).ok_or(Expected::Date)?;
            of_digits(&text).ok_or(Expected::Date)?
        }
        Cell::Text(text) => of_text(text, term)?,
        Cell::Empty | Cell::DateTime(_) | Cell::Time(_) | Cell::Bool(_) | Cell::Fault(_) => {
            return Err(Expected::Date);
        }
    };
    if !YEARS.contains(&day.year()) {
        return Err(Expected::Date);
    }
    Ok(Taken::with(day, reason, ToString::to_string))
}

/// `20270320`, or the serial number of a day.
fn of_digits(digits: &str) -> Option<(NaiveDate, Option<Reason>)> {
    if digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let written = written(&mut Scan::new(digits))?;
        let day = NaiveDate::from_ymd_opt(written.year?, written.month, written.day)?;
        return Some((day, Some(Reason::DateForm)));
    }
    let serial: u32 = digits.parse().ok()?;
    let day = date_time_of_serial(f64::from(serial))?.date();
    YEARS.contains(&day.year()).then_some((day, Some(Reason::SerialNumber)))
}

fn of_text(text: &str, term: &TermDays) -> Result<(NaiveDate, Option<Reason>), Expected> {
    let folded = fold(text);
    if is_iso(&folded.text) {
        let day = folded.text.parse().map_err(|_| Expected::Date)?;
        return Ok((day, folded.reason));
    }
    if folded.text.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_digits(&folded.text).ok_or(Expected::Date);
    }
    let mut scan = Scan::new(&folded.text);
    let (day, reason) = written(&mut scan).ok_or(Expected::Date)?.resolve(term, &Expected::Date)?;
    rest_is_consistent(&mut scan, day).ok_or(Expected::Date)?;
    Ok((day, Some(reason.unwrap_or(Reason::DateForm))))
}

/// Behind a day may stand its weekday or midnight, if they are right.
fn rest_is_consistent(scan: &mut Scan<'_>, day: NaiveDate) -> Option<()> {
    if scan.word(&["00:00:00", "0:00:00", "00:00", "0:00", "T00:00:00"]).is_none() && !scan.is_done() {
        let bracket = scan.word(&["("]);
        if spoken(scan)? != day.weekday() {
            return None;
        }
        if bracket.is_some() {
            scan.word(&[")"])?;
        }
    }
    scan.is_done().then_some(())
}

fn is_iso(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() })
}

/// Days separated by `;` (or by what people write instead), in order, each once. Blank is no day.
pub fn dates(cell: &Cell, term: &TermDays) -> Reading<Vec<NaiveDate>> {
    match cell {
        Cell::Empty => Ok(Taken::plain(Vec::new())),
        Cell::Text(text) => {
            let (days, reason) = days_of_text(text, term)?;
            Ok(Taken::with(days, reason, |days| {
                days.iter().map(ToString::to_string).collect::<Vec<_>>().join(";")
            }))
        }
        _ => Ok(date(cell, term).map_err(|_| Expected::DateList)?.map(|day| vec![day])),
    }
}

fn days_of_text(text: &str, term: &TermDays) -> Result<(Vec<NaiveDate>, Option<Reason>), Expected> {
    let trimmed = text.trim();
    if matches!(trimmed, "无" | "-" | "—" | "——" | "/" | "没有" | "不停课") {
        return Ok((Vec::new(), Some(Reason::NoneMeant)));
    }
    let other = |c: char| matches!(c, '；' | ',' | '，' | '、' | '\n' | '\r' | '和' | '及');
    let mut reason = if trimmed.contains(other) {
        Some(Reason::Separator)
    } else {
        (trimmed != text).then_some(Reason::Spaces)
    };
    let mut days = Vec::new();
    for part in trimmed.split(|c: char| c == ';' || other(c)).map(str::trim).filter(|part| !part.is_empty()) {
        let (day, remark) = of_text(part, term).map_err(|expected| match expected {
            Expected::DateWithYear { .. } => expected,
            _ => Expected::DateList,
        })?;
        reason = if remark == Some(Reason::YearAdded) { remark } else { reason.or(remark) };
        days.push(day);
    }
    days.sort_unstable();
    let listed = days.len();
    days.dedup();
    let repeated = (days.len() < listed).then_some(Reason::Repeated);
    Ok((days, repeated.or(reason)))
}

#[cfg(test)]
#[path = "date_tests.rs"]
mod tests;
