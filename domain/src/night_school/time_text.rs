//! When a class meets, as one line for people: 每周六 19:00–20:30，3月20日起，共10次.

use super::timetable::Timetable;
use crate::language::Language;
use chrono::{Datelike, Weekday};

/// The line.
pub fn time_text(table: &Timetable, language: Language) -> String {
    let hours = format!("{}–{}", table.start_time().format("%H:%M"), table.end_time().format("%H:%M"));
    let (first, count) = (table.first(), table.lesson_count());
    match language {
        Language::Chinese => {
            let (month, day) = (first.month(), first.day());
            format!("每{} {hours}，{month}月{day}日起，共{count}次", chinese_weekday(table.weekday()))
        }
        Language::English => {
            let lessons = if count == 1 { "lesson" } else { "lessons" };
            format!(
                "{}s {hours}, from {} {}, {count} {lessons}",
                first.format("%A"),
                first.day(),
                first.format("%B")
            )
        }
    }
}

/// 周六 for Saturday.
pub fn chinese_weekday(weekday: Weekday) -> &'static str {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::night_school::check::Check;
    use crate::night_school::timetable::TimetableDraft;

    fn text(weekday: i64, hours: (&str, &str), first: &str, last: &str, language: Language) -> String {
        let draft = TimetableDraft {
            weekday,
            start_time: hours.0.parse().ok(),
            end_time: hours.1.parse().ok(),
            first_lesson_on: first.parse().ok(),
            last_lesson_on: last.parse().ok(),
            skip_dates: Vec::new(),
        };
        time_text(&draft.check(&mut Check::new()).unwrap(), language)
    }

    #[test]
    fn one_line_in_both_languages() {
        let evening = ("19:00:00", "20:30:00");
        let (first, last) = ("2027-03-20", "2027-05-22");
        assert_eq!(text(6, evening, first, last, Language::Chinese), "每周六 19:00–20:30，3月20日起，共10次");
        assert_eq!(
            text(6, evening, first, last, Language::English),
            "Saturdays 19:00–20:30, from 20 March, 10 lessons"
        );
        let morning = ("09:30:00", "11:00:00");
        assert_eq!(
            text(7, morning, "2027-01-03", "2027-01-03", Language::Chinese),
            "每周日 09:30–11:00，1月3日起，共1次"
        );
        assert_eq!(
            text(7, morning, "2027-01-03", "2027-01-03", Language::English),
            "Sundays 09:30–11:00, from 3 January, 1 lesson"
        );
    }
}
