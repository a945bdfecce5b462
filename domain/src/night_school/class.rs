//! A class as an editor says it: parsed, so that inside an impossible class does not exist.

use super::category::Category;
use super::check::Check;
use super::seating::{Seating, SeatingDraft};
use super::timetable::{Timetable, TimetableDraft};
use crate::booking::eligibility::Rule;
use crate::id::{SchoolId, TermId};
use crate::refusal::Refusal;

/// Characters of a title at most.
pub const TITLE_CHARS_MAX: usize = 80;
/// Characters of an English title at most.
pub const TITLE_EN_CHARS_MAX: usize = 160;
/// Characters of a teacher's name or a room at most.
const NAME_CHARS_MAX: usize = 60;
/// Characters of a description at most.
const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// Characters of an English description at most.
const DESCRIPTION_EN_CHARS_MAX: usize = 8_000;
/// Characters of the address of a picture at most.
const COVER_CHARS_MAX: usize = 500;
/// The highest price, in fen.
const PRICE_FEN_MAX: i64 = 10_000_000;
/// The oldest age that a rule can name.
const AGE_MAX: i64 = 120;

/// Which ages may take part, in full years, both ends included; none = any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ages {
    /// The youngest that may.
    pub min: Option<u8>,
    /// The oldest that may.
    pub max: Option<u8>,
}

impl Ages {
    /// The same as the kernel's rule.
    pub fn rule(self) -> Rule {
        match self {
            Self { min: None, max: None } => Rule::default(),
            Self { min, max } => Rule::AgeBetween { min, max },
        }
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSpec {
    /// The school that holds it.
    pub school: SchoolId,
    /// The term it belongs to.
    pub term: TermId,
    /// Its title.
    pub title: String,
    /// Its English title.
    pub title_en: Option<String>,
    /// What it is about.
    pub category: Category,
    /// Who teaches it.
    pub teacher: Option<String>,
    /// In which room.
    pub room: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// The same in English.
    pub description_en: Option<String>,
    /// The address of a picture, https.
    pub cover: Option<String>,
    /// When it meets.
    pub timetable: Timetable,
    /// What it costs, in fen, paid on site.
    pub price_fen: i64,
    /// Who may take part.
    pub ages: Ages,
    /// What of it can be booked.
    pub seating: Seating,
}

/// A class as it was sent. What is required and none could not be read, which has been said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassDraft {
    /// Required.
    pub school: Option<SchoolId>,
    /// Required.
    pub term: Option<TermId>,
    /// Its title.
    pub title: String,
    /// Its English title.
    pub title_en: Option<String>,
    /// Required.
    pub category: Option<Category>,
    /// Who teaches it.
    pub teacher: Option<String>,
    /// In which room.
    pub room: Option<String>,
    /// More about it.
    pub description: Option<String>,
    /// The same in English.
    pub description_en: Option<String>,
    /// The address of a picture.
    pub cover: Option<String>,
    /// When it meets.
    pub timetable: TimetableDraft,
    /// What it costs, in fen.
    pub price_fen: i64,
    /// The youngest that may.
    pub age_min: Option<i64>,
    /// The oldest that may.
    pub age_max: Option<i64>,
    /// What of it can be booked.
    pub seating: SeatingDraft,
}

impl ClassDraft {
    /// Checks what was sent; `check` has what could not even be read.
    pub fn check(&self, mut check: Check) -> Result<ClassSpec, Refusal> {
        let spec = self.parts(&mut check);
        check.finish(spec)
    }

    fn parts(&self, check: &mut Check) -> Option<ClassSpec> {
        let title = check.line("/title", &self.title, TITLE_CHARS_MAX);
        let title_en = check.optional_line("/titleEn", self.title_en.as_deref(), TITLE_EN_CHARS_MAX);
        let teacher = check.optional_line("/teacher", self.teacher.as_deref(), NAME_CHARS_MAX);
        let room = check.optional_line("/room", self.room.as_deref(), NAME_CHARS_MAX);
        let description =
            check.optional_text("/description", self.description.as_deref(), DESCRIPTION_CHARS_MAX);
        let description_en =
            check.optional_text("/descriptionEn", self.description_en.as_deref(), DESCRIPTION_EN_CHARS_MAX);
        let cover = check.optional_line("/cover", self.cover.as_deref(), COVER_CHARS_MAX);
        let https = cover.as_deref().is_none_or(|cover| cover.starts_with("https://"));
        check.that(https, "/cover", "须为 https 地址", "must be an https address");
        let timetable = self.timetable.check(check);
        let price_fen = check.whole("/priceFen", self.price_fen, 0, PRICE_FEN_MAX);
        let ages = self.ages(check);
        let seating = self.seating.check(check, timetable.as_ref());
        Some(ClassSpec {
            school: self.school?,
            term: self.term?,
            title: title?,
            title_en,
            category: self.category?,
            teacher,
            room,
            description,
            description_en,
            cover,
            timetable: timetable?,
            price_fen: price_fen?,
            ages: ages?,
            seating: seating?,
        })
    }

    fn ages(&self, check: &mut Check) -> Option<Ages> {
        let mut age = |pointer, age: Option<i64>| match age {
            None => Some(None),
            Some(age) => check.whole(pointer, age, 1, AGE_MAX).map(Some),
        };
        let (min, max) = (age("/ageMin", self.age_min)?, age("/ageMax", self.age_max)?);
        if let (Some(min), Some(max)) = (min, max) {
            check.that(min <= max, "/ageMax", "不能小于最低年龄", "must not be below the youngest age");
        }
        Some(Ages { min, max })
    }
}

impl ClassSpec {
    /// As it would be sent.
    pub fn to_draft(&self) -> ClassDraft {
        ClassDraft {
            school: Some(self.school),
            term: Some(self.term),
            title: self.title.clone(),
            title_en: self.title_en.clone(),
            category: Some(self.category),
            teacher: self.teacher.clone(),
            room: self.room.clone(),
            description: self.description.clone(),
            description_en: self.description_en.clone(),
            cover: self.cover.clone(),
            timetable: self.timetable.to_draft(),
            price_fen: self.price_fen,
            age_min: self.ages.min.map(i64::from),
            age_max: self.ages.max.map(i64::from),
            seating: self.seating.to_draft(),
        }
    }
}
