//! When a class meets: one evening a week, from the first lesson to the last, but for the days left out.

use super::check::Check;
use crate::booking::slot::Slot;
use crate::time::{Instant, at_local};
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

/// Lessons of one class at most.
pub const LESSONS_MAX: usize = 200;

/// A weekly timetable. At least one lesson; first and last are lessons; the days left out lie between them, sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    start_time: NaiveTime,
    end_time: NaiveTime,
    first: NaiveDate,
    last: NaiveDate,
    skipped: Vec<NaiveDate>,
}

/// A timetable as it was sent. None = could not be read, which has been said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimetableDraft {
    /// 1 (Monday) to 7.
    pub weekday: i64,
    /// When a lesson begins, in Shanghai.
    pub start_time: Option<NaiveTime>,
    /// When it ends; later on the same day.
    pub end_time: Option<NaiveTime>,
    /// The day of the first lesson.
    pub first_lesson_on: Option<NaiveDate>,
    /// The day of the last.
    pub last_lesson_on: Option<NaiveDate>,
    /// Days between on which there would be one and is none.
    pub skip_dates: Vec<Option<NaiveDate>>,
}

impl TimetableDraft {
    /// Checks what was sent.
    pub fn check(&self, check: &mut Check) -> Option<Timetable> {
        let weekday: Option<u8> = check.whole("/weekday", self.weekday, 1, 7);
        if let (Some(start), Some(end)) = (self.start_time, self.end_time) {
            check.that(
                start < end,
                "/endTime",
                "须晚于开始时间（同一天）",
                "must be later than the start, on the same day",
            );
        }
        let on_weekday = |day: NaiveDate| weekday.is_none_or(|weekday| number(day) == weekday);
        for (pointer, day) in
            [("/firstLessonOn", self.first_lesson_on), ("/lastLessonOn", self.last_lesson_on)]
        {
            check.that(
                day.is_none_or(on_weekday),
                pointer,
                "与上课的星期几不符",
                "does not fall on the weekday of the class",
            );
        }
        let (first, last) = (self.first_lesson_on?, self.last_lesson_on?);
        if last < first {
            check.wrong("/lastLessonOn", "不能早于首课日期", "must not be before the first lesson");
            return None;
        }
        let skipped = self.skipped(check, first, last, on_weekday)?;
        weekday?;
        let table =
            Timetable { start_time: self.start_time?, end_time: self.end_time?, first, last, skipped };
        if table.days().take(LESSONS_MAX + 1).count() > LESSONS_MAX {
            check.wrong(
                "/lastLessonOn",
                format!("课次最多 {LESSONS_MAX} 次"),
                format!("gives more than {LESSONS_MAX} lessons"),
            );
            return None;
        }
        Some(table)
    }

    fn skipped(
        &self,
        check: &mut Check,
        first: NaiveDate,
        last: NaiveDate,
        on_weekday: impl Fn(NaiveDate) -> bool,
    ) -> Option<Vec<NaiveDate>> {
        if self.skip_dates.len() > LESSONS_MAX {
            check.wrong("/skipDates", "停课日期太多", "too many days");
            return None;
        }
        let mut days = Vec::with_capacity(self.skip_dates.len());
        for (place, day) in self.skip_dates.iter().enumerate() {
            let day = (*day)?;
            check.that(
                first < day && day < last && on_weekday(day),
                &format!("/skipDates/{place}"),
                "须为首末课之间的上课日",
                "must be a day of a lesson between the first and the last",
            );
            days.push(day);
        }
        days.sort_unstable();
        days.dedup();
        Some(days)
    }
}

fn number(day: NaiveDate) -> u8 {
    u8::try_from(day.weekday().number_from_monday()).unwrap_or_default()
}

impl Timetable {
    /// The day of the week of every lesson.
    pub fn weekday(&self) -> Weekday {
        self.first.weekday()
    }

    /// 1 (Monday) to 7.
    pub fn weekday_number(&self) -> u8 {
        number(self.first)
    }

    /// When a lesson begins.
    pub fn start_time(&self) -> NaiveTime {
        self.start_time
    }

    /// When a lesson ends.
    pub fn end_time(&self) -> NaiveTime {
        self.end_time
    }

    /// The day of the first lesson.
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// The day of the last lesson.
    pub fn last(&self) -> NaiveDate {
        self.last
    }

    /// The days left out, sorted.
    pub fn skipped(&self) -> &[NaiveDate] {
        &self.skipped
    }

    /// The day of every lesson, in order.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        std::iter::successors(Some(self.first), |day| day.checked_add_signed(TimeDelta::days(7)))
            .take_while(|day| *day <= self.last)
            .filter(|day| self.skipped.binary_search(day).is_err())
    }

    /// How many lessons there are.
    pub fn lesson_count(&self) -> usize {
        self.days().count()
    }

    /// The hours of every lesson, in order.
    pub fn lessons(&self) -> Vec<Slot> {
        self.days().map(|day| self.on(day)).collect()
    }

    /// When the first lesson begins.
    pub fn starts_at(&self) -> Instant {
        self.on(self.first).starts_at
    }

    /// When the last lesson ends.
    pub fn ends_at(&self) -> Instant {
        self.on(self.last).ends_at
    }

    fn on(&self, day: NaiveDate) -> Slot {
        Slot { starts_at: at_local(day, self.start_time), ends_at: at_local(day, self.end_time) }
    }

    /// As it would be sent.
    pub fn to_draft(&self) -> TimetableDraft {
        TimetableDraft {
            weekday: i64::from(self.weekday_number()),
            start_time: Some(self.start_time),
            end_time: Some(self.end_time),
            first_lesson_on: Some(self.first),
            last_lesson_on: Some(self.last),
            skip_dates: self.skipped.iter().copied().map(Some).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;
    use proptest::prelude::*;

    fn day(text: &str) -> Option<NaiveDate> {
        text.parse().ok()
    }

    /// CL001 of the city's table: ten Saturdays from 20 March 2027, but for 1 May.
    fn drums() -> TimetableDraft {
        TimetableDraft {
            weekday: 6,
            start_time: NaiveTime::from_hms_opt(19, 0, 0),
            end_time: NaiveTime::from_hms_opt(20, 30, 0),
            first_lesson_on: day("2027-03-20"),
            last_lesson_on: day("2027-05-29"),
            skip_dates: vec![day("2027-05-01")],
        }
    }

    fn wrong(draft: &TimetableDraft) -> Vec<String> {
        let mut check = Check::new();
        let table = draft.check(&mut check);
        match check.finish(table) {
            Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.pointer).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn ten_saturdays() {
        let table = drums().check(&mut Check::new()).unwrap();
        let lessons = table.lessons();
        assert_eq!(lessons.len(), 10);
        assert_eq!(table.lesson_count(), 10);
        assert_eq!(lessons[0].starts_at.to_rfc3339(), "2027-03-20T11:00:00+00:00");
        assert_eq!(lessons[0].ends_at - lessons[0].starts_at, TimeDelta::minutes(90));
        assert_eq!(lessons[9].ends_at, table.ends_at());
        assert!(table.days().all(|day| day.weekday() == Weekday::Sat));
        assert!(table.days().all(|day| Some(day) != drums().skip_dates[0]));
        assert_eq!(table.to_draft(), drums());
    }

    #[test]
    fn every_wrong_field_is_named() {
        type Change = fn(&mut TimetableDraft);
        let table: [(Change, &[&str]); 11] = [
            (|draft| draft.weekday = 0, &["/weekday"]),
            (|draft| draft.weekday = 8, &["/weekday"]),
            (|draft| draft.weekday = 5, &["/firstLessonOn", "/lastLessonOn", "/skipDates/0"]),
            (|draft| draft.end_time = draft.start_time, &["/endTime"]),
            (|draft| draft.first_lesson_on = day("2027-06-05"), &["/lastLessonOn"]),
            (|draft| draft.first_lesson_on = day("2027-03-21"), &["/firstLessonOn"]),
            (|draft| draft.skip_dates = vec![day("2027-03-20")], &["/skipDates/0"]),
            (|draft| draft.skip_dates = vec![day("2027-05-01"), day("2027-05-29")], &["/skipDates/1"]),
            (|draft| draft.skip_dates = vec![day("2027-05-02")], &["/skipDates/0"]),
            (|draft| draft.skip_dates = vec![day("2027-05-01"); LESSONS_MAX + 1], &["/skipDates"]),
            (|draft| draft.last_lesson_on = day("2037-05-30"), &["/lastLessonOn"]),
        ];
        for (place, (change, pointers)) in table.into_iter().enumerate() {
            let mut draft = drums();
            change(&mut draft);
            assert_eq!(wrong(&draft), pointers, "{place}");
        }
    }

    #[test]
    fn what_could_not_be_read_is_not_held_against_the_rest() {
        let draft = TimetableDraft { start_time: None, first_lesson_on: None, ..drums() };
        assert_eq!(wrong(&draft), Vec::<String>::new());
        assert_eq!(draft.check(&mut Check::new()), None);
    }

    proptest! {
        #[test]
        fn lessons_are_sorted_apart_and_what_was_asked(
            first in 0_i64..4000, weeks in 0_i64..60, skip in prop::collection::btree_set(1_i64..60, 0..9), start in 0_u32..1400, length in 1_u32..40,
        ) {
            let origin: NaiveDate = "2024-01-01".parse().unwrap();
            let first = origin + TimeDelta::days(first);
            let skip: Vec<i64> = skip.into_iter().filter(|week| *week < weeks).collect();
            let time = |minute: u32| NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0);
            let draft = TimetableDraft {
                weekday: i64::from(number(first)),
                start_time: time(start),
                end_time: time((start + length).min(1439)),
                first_lesson_on: Some(first),
                last_lesson_on: Some(first + TimeDelta::days(7 * weeks)),
                skip_dates: skip.iter().map(|week| Some(first + TimeDelta::days(7 * week))).collect(),
            };
            let table = draft.check(&mut Check::new()).unwrap();
            let lessons = table.lessons();
            prop_assert_eq!(i64::try_from(lessons.len() + skip.len()), Ok(weeks + 1));
            prop_assert!(lessons.iter().all(|slot| slot.starts_at < slot.ends_at));
            prop_assert!(lessons.windows(2).all(|pair| pair[0].ends_at < pair[1].starts_at));
            prop_assert_eq!(table.starts_at(), lessons[0].starts_at);
            prop_assert_eq!(table.ends_at(), lessons[lessons.len() - 1].ends_at);
        }
    }
}
