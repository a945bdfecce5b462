//! A term: a stretch of the year in which classes are held, and how many of them one person may take.

use super::check::Check;
use crate::refusal::Refusal;
use chrono::NaiveDate;

/// Classes one person may take in a term where nobody says.
pub const CLASSES_PER_PERSON_DEFAULT: u16 = 2;
/// The most a term can allow.
const CLASSES_PER_PERSON_MAX: i64 = 1_000;

/// A term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermSpec {
    /// Its name, such as 2027春季.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its last day, not before the first.
    pub ends_on: NaiveDate,
    /// Classes one person may take, over all schools.
    pub max_classes_per_person: u16,
}

/// A term as it was sent. What is required and none could not be read, which has been said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermDraft {
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// Its first day.
    pub starts_on: Option<NaiveDate>,
    /// Its last day.
    pub ends_on: Option<NaiveDate>,
    /// Classes one person may take; none = [`CLASSES_PER_PERSON_DEFAULT`].
    pub max_classes_per_person: Option<i64>,
}

impl TermDraft {
    /// Checks what was sent; `check` has what could not even be read.
    pub fn check(&self, mut check: Check) -> Result<TermSpec, Refusal> {
        let name = check.line("/name", &self.name, 40);
        let name_en = check.optional_line("/nameEn", self.name_en.as_deref(), 80);
        if let (Some(first), Some(last)) = (self.starts_on, self.ends_on) {
            check.that(first <= last, "/endsOn", "不能早于开始日期", "must not be before the first day");
        }
        let max = self.max_classes_per_person.unwrap_or(i64::from(CLASSES_PER_PERSON_DEFAULT));
        let max_classes_per_person = check.whole("/maxClassesPerPerson", max, 1, CLASSES_PER_PERSON_MAX);
        let spec = || {
            Some(TermSpec {
                name: name?,
                name_en,
                starts_on: self.starts_on?,
                ends_on: self.ends_on?,
                max_classes_per_person: max_classes_per_person?,
            })
        };
        check.finish(spec())
    }
}
