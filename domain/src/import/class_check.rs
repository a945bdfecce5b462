//! Holds the cells of a class against each other: hours, days, window, draw, ages.
//!
//! A contradiction is an error, never a warning: which of two cells is wrong cannot be known, and a class
//! announced with ten lessons whose dates give nine would disappoint everybody who booked it. A check is left
//! out where one of its cells could not be read; that has been told already.

use super::cell::shown_time;
use super::expected::Expected;
use super::instant::shown;
use super::reason::Reason;
use super::row::{Read, RowReader};
use super::table::Column;
use crate::time::Instant;
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

/// The days of a class, fitting together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassDays {
    /// The first lesson.
    pub first: NaiveDate,
    /// The last lesson.
    pub last: NaiveDate,
    /// Days between on which there would be a lesson and is none.
    pub skipped: Vec<NaiveDate>,
    /// How many lessons that leaves.
    pub lessons: u32,
}

/// Every seventh day from `first` to `last` that is not skipped.
pub fn lesson_days(first: NaiveDate, last: NaiveDate, skipped: &[NaiveDate]) -> Vec<NaiveDate> {
    let week = TimeDelta::days(7);
    std::iter::successors(Some(first), |day| day.checked_add_signed(week))
        .take_while(|day| *day <= last)
        .filter(|day| !skipped.contains(day))
        .collect()
}

/// A lesson ends after it begins, and is not shorter than its teaching.
pub fn hours(
    row: &mut RowReader<'_>,
    start: Read<NaiveTime>,
    end: Read<NaiveTime>,
    minutes: Read<Option<u32>>,
) -> Read<(NaiveTime, NaiveTime)> {
    let (start, end) = (start?, end?);
    if end <= start {
        let title = row.place.title(Column::StartTime);
        row.refuse(Column::EndTime, Expected::LaterThan { title, value: shown_time(start) });
        return None;
    }
    let length = u32::try_from((end - start).num_minutes()).unwrap_or_default();
    if minutes.flatten().is_some_and(|minutes| minutes > length) {
        row.refuse(Column::LessonMinutes, Expected::MinutesAtMost { max: length });
        return None;
    }
    Some((start, end))
}

/// First and last lesson fall on the weekday, in order, and the days between are as many as the lessons.
pub fn days(
    row: &mut RowReader<'_>,
    weekday: Read<Weekday>,
    first: Read<NaiveDate>,
    last: Read<NaiveDate>,
    skips: Read<Vec<NaiveDate>>,
    lessons: Read<u32>,
) -> Read<ClassDays> {
    let mut fits = true;
    for (column, day) in [(Column::FirstLesson, first), (Column::LastLesson, last)] {
        if let (Some(weekday), Some(day)) = (weekday, day)
            && day.weekday() != weekday
        {
            row.refuse(column, Expected::OnWeekday { weekday: weekday.number_from_monday() });
            fits = false;
        }
    }
    let (first, last) = (first?, last?);
    if last < first {
        let title = row.place.title(Column::FirstLesson);
        row.refuse(Column::LastLesson, Expected::NotBefore { title, value: first.to_string() });
        fits = false;
    }
    let (weekday, skips, lessons) = (weekday?, skips?, lessons?);
    if !fits {
        return None;
    }
    if skips.contains(&first) || skips.contains(&last) {
        row.refuse(Column::SkipDates, Expected::NotFirstOrLastLesson);
        return None;
    }
    let skipped: Vec<NaiveDate> =
        skips.iter().copied().filter(|day| day.weekday() == weekday && (first..last).contains(day)).collect();
    if skipped.len() < skips.len() {
        let taken = skipped.iter().map(ToString::to_string).collect::<Vec<_>>().join(";");
        row.remark(Column::SkipDates, taken, Reason::SkipDayWithoutLesson);
    }
    let count = u32::try_from(lesson_days(first, last, &skipped).len()).unwrap_or(u32::MAX);
    if count != lessons {
        let expected = Expected::LessonCount {
            count,
            first: first.to_string(),
            last: last.to_string(),
            skipped: u32::try_from(skipped.len()).unwrap_or(u32::MAX),
        };
        row.refuse(Column::Lessons, expected);
        return None;
    }
    Some(ClassDays { first, last, skipped, lessons })
}

/// Enrolment closes after it opens.
pub fn window(
    row: &mut RowReader<'_>,
    opens: Read<Instant>,
    closes: Read<Instant>,
) -> Read<(Instant, Instant)> {
    let (opens, closes) = (opens?, closes?);
    if closes <= opens {
        let title = row.place.title(Column::EnrolOpens);
        row.refuse(Column::EnrolCloses, Expected::LaterThan { title, value: shown(opens) });
        return None;
    }
    Some((opens, closes))
}

/// There is a time of the draw exactly where there is a draw, and not before enrolment closes.
pub fn draw(
    row: &mut RowReader<'_>,
    needed: Read<bool>,
    draw_at: Read<Option<Instant>>,
    closes: Read<Instant>,
) -> Read<Option<Instant>> {
    let (needed, draw_at) = (needed?, draw_at?);
    match (needed, draw_at) {
        (true, None) => {
            row.refuse(Column::DrawAt, Expected::DrawTime);
            None
        }
        (false, Some(_)) => {
            row.refuse(Column::DrawAt, Expected::NoDrawTime);
            None
        }
        (true, Some(at)) if closes.is_some_and(|closes| at < closes) => {
            let title = row.place.title(Column::EnrolCloses);
            row.refuse(
                Column::DrawAt,
                Expected::NotBefore { title, value: closes.map(shown).unwrap_or_default() },
            );
            None
        }
        (_, draw_at) => Some(draw_at),
    }
}

/// The oldest are not younger than the youngest.
pub fn ages(
    row: &mut RowReader<'_>,
    min: Read<Option<u8>>,
    max: Read<Option<u8>>,
) -> Read<(Option<u8>, Option<u8>)> {
    let (min, max) = (min?, max?);
    if let (Some(min), Some(max)) = (min, max)
        && max < min
    {
        let title = row.place.title(Column::AgeMin);
        row.refuse(Column::AgeMax, Expected::AtLeast { title, value: min.to_string() });
        return None;
    }
    Some((min, max))
}
