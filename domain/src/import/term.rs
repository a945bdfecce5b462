//! Terms: `2027春季` and `2027-spring` are one. A term is not a table of its own; the classes name it.

use super::cell::Cell;
use super::date::TermDays;
use super::expected::Expected;
use super::name::{code, name, optional};
use super::reason::Reason;
use super::row::{Read, RowReader};
use super::scan::Scan;
use super::table::Column;
use super::taken::Reading;
use super::text::fold;
use chrono::NaiveDate;

/// A term, as its classes give it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermRow {
    /// Its code, such as `2027-spring`.
    pub code: String,
    /// Its name, such as 2027春季.
    pub name: String,
    /// The first lesson of its classes.
    pub first_day: NaiveDate,
    /// The last lesson of its classes.
    pub last_day: NaiveDate,
}

/// The term of one class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermName {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A year and a season, where a code or name says them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seasonal {
    year: i32,
    season: Season,
}

impl Seasonal {
    fn of(text: &str) -> Option<Self> {
        let folded = fold(text).text.to_lowercase();
        let mut scan = Scan::new(&folded);
        let (year, digits) = scan.number(4)?;
        scan.word(&["年", "-"]);
        let season = match scan
            .word(&["春", "spring", "夏", "summer", "暑", "秋", "autumn", "fall", "冬", "winter", "寒"])?
        {
            "春" | "spring" => Season::Spring,
            "夏" | "summer" | "暑" => Season::Summer,
            "秋" | "autumn" | "fall" => Season::Autumn,
            _ => Season::Winter,
        };
        scan.word(&["季", "期", "假"]);
        scan.word(&["学期", "班"]);
        let year = i32::try_from(year).ok()?;
        (digits == 4 && scan.is_done()).then_some(Self { year, season })
    }

    fn code(self) -> String {
        let season = match self.season {
            Season::Spring => "spring",
            Season::Summer => "summer",
            Season::Autumn => "autumn",
            Season::Winter => "winter",
        };
        format!("{}-{season}", self.year)
    }

    fn name(self) -> String {
        let season = match self.season {
            Season::Spring => "春季",
            Season::Summer => "夏季",
            Season::Autumn => "秋季",
            Season::Winter => "冬季",
        };
        format!("{}{season}", self.year)
    }

    /// The days on which such a term can have lessons. A winter term is named after the year it begins or
    /// ends in, so both winters are possible.
    fn days(self) -> Option<(NaiveDate, NaiveDate)> {
        let day = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
        let year = self.year;
        Some(match self.season {
            Season::Spring => (day(year, 1, 1)?, day(year, 8, 31)?),
            Season::Summer => (day(year, 5, 1)?, day(year, 10, 31)?),
            Season::Autumn => (day(year, 7, 1)?, day(year + 1, 3, 1)?.pred_opt()?),
            Season::Winter => (day(year - 1, 11, 1)?, day(year + 1, 3, 31)?),
        })
    }
}

impl TermName {
    /// Whether two names can only mean the same term.
    pub fn is_same_name(&self, other: &str) -> bool {
        self.name == other
            || (Seasonal::of(&self.name).is_some() && Seasonal::of(&self.name) == Seasonal::of(other))
    }

    /// The days that the term leaves for a lesson whose date has no year.
    pub fn lesson_days(&self) -> TermDays {
        let seasonal = Seasonal::of(&self.code).or_else(|| Seasonal::of(&self.name));
        TermDays { term: self.name.clone(), days: seasonal.and_then(Seasonal::days) }
    }

    /// The same for enrolment, which may open up to three months before.
    pub fn enrolment_days(&self) -> TermDays {
        let lessons = self.lesson_days();
        let days = lessons
            .days
            .and_then(|(first, last)| Some((first.checked_sub_months(chrono::Months::new(3))?, last)));
        TermDays { days, ..lessons }
    }
}

/// The term of a row: both columns, or one from which the other follows.
pub fn read(row: &mut RowReader<'_>) -> Read<TermName> {
    let code_read = row.read(Column::TermCode, |cell| optional(cell, code));
    let name_read = row.read(Column::TermName, |cell| optional(cell, term_name));
    match (code_read?, name_read?) {
        (Some(code), Some(name)) => {
            let contradict = matches!((Seasonal::of(&code), Seasonal::of(&name)), (Some(one), Some(other)) if one != other);
            if contradict {
                row.refuse(Column::TermCode, Expected::SameTerm { other: name });
                return None;
            }
            Some(TermName { code, name })
        }
        (Some(code), None) => {
            let name = Seasonal::of(&code).map_or_else(|| code.clone(), Seasonal::name);
            derived(row, Column::TermName, &name);
            Some(TermName { code, name })
        }
        (None, Some(name)) => {
            let Some(seasonal) = Seasonal::of(&name) else {
                row.refuse(
                    if row.has(Column::TermCode) { Column::TermCode } else { Column::TermName },
                    Expected::Term,
                );
                return None;
            };
            let code = seasonal.code();
            derived(row, Column::TermCode, &code);
            Some(TermName { code, name })
        }
        (None, None) => {
            row.refuse(
                if row.has(Column::TermCode) { Column::TermCode } else { Column::TermName },
                Expected::Term,
            );
            None
        }
    }
}

fn term_name(cell: &Cell) -> Reading<String> {
    name(40)(cell)
}

/// A remark where the column stands in the sheet and only its cell is blank.
fn derived(row: &mut RowReader<'_>, column: Column, taken: &str) {
    if row.has(column) {
        row.remark(column, taken.to_owned(), Reason::TermDerived);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_term_in_many_spellings() {
        let spring = Some(Seasonal { year: 2027, season: Season::Spring });
        for text in [
            "2027春季",
            "2027年春季",
            "2027-spring",
            "2027年春季学期",
            "2027春",
            "２０２７春季",
            "2027 Spring",
            "2027春季班",
        ] {
            assert_eq!(Seasonal::of(text), spring, "{text}");
        }
        for text in ["", "2027", "春季", "27春季", "2027-1", "2027春季课程", "2026-2027春季"] {
            assert_eq!(Seasonal::of(text), None, "{text}");
        }
        assert_eq!(spring.map(Seasonal::code).as_deref(), Some("2027-spring"));
        assert_eq!(spring.map(Seasonal::name).as_deref(), Some("2027春季"));
    }

    #[test]
    fn enrolment_may_open_before_the_year_begins() {
        let term = TermName { code: "2027-spring".to_owned(), name: "2027春季".to_owned() };
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        assert_eq!(term.lesson_days().only(3, 16), day("2027-03-16"));
        assert_eq!(term.lesson_days().only(12, 20), None);
        assert_eq!(term.enrolment_days().only(12, 20), day("2026-12-20"));
        assert_eq!(term.enrolment_days().only(2, 20), day("2027-02-20"));
        let winter = TermName { code: "2027-winter".to_owned(), name: "2027冬季".to_owned() };
        assert_eq!(winter.lesson_days().only(1, 10), None);
        let autumn = TermName { code: "2027-autumn".to_owned(), name: "2027秋季".to_owned() };
        assert_eq!(autumn.lesson_days().only(2, 29), day("2028-02-29"));
        let other = TermName { code: "T7".to_owned(), name: "第七期".to_owned() };
        assert_eq!(other.lesson_days().only(3, 16), None);
    }

    #[test]
    fn names_that_mean_the_same() {
        let term = TermName { code: "2027-spring".to_owned(), name: "2027春季".to_owned() };
        assert!(term.is_same_name("2027春季") && term.is_same_name("2027年春季学期"));
        assert!(!term.is_same_name("2027秋季") && !term.is_same_name("第七期"));
    }
}
