//! The table of night classes.

use super::class_check;
use super::date::{TermDays, date, dates};
use super::instant::instant;
use super::integer::Whole;
use super::money::MoneyUnit;
use super::name::{code, name, optional, optional_name};
use super::row::{Read, RowReader};
use super::table::Column;
use super::term::{self, TermName};
use super::time_of_day::time;
use super::weekday::weekday;
use super::word::{Word, word, yes_or_no};
use crate::time::Instant;
use chrono::{NaiveDate, NaiveTime, Weekday};

/// A night class, as a row gives it. What the row says of itself fits together.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassRow {
    /// What it is updated by.
    pub code: String,
    /// The code of its school.
    pub school_code: String,
    /// The code of its term.
    pub term_code: String,
    /// Its title.
    pub title: String,
    /// Its English title.
    pub title_en: Option<String>,
    /// What it is about: one of [`CATEGORIES`], by code.
    pub category: &'static str,
    /// Who teaches it.
    pub teacher: Option<String>,
    /// The day of the week it meets on.
    pub weekday: Weekday,
    /// When a lesson begins, in Beijing.
    pub start_time: NaiveTime,
    /// When a lesson ends; later on the same day.
    pub end_time: NaiveTime,
    /// The day of the first lesson.
    pub first_lesson_on: NaiveDate,
    /// The day of the last lesson.
    pub last_lesson_on: NaiveDate,
    /// Days between them on which there is no lesson.
    pub skip_dates: Vec<NaiveDate>,
    /// How many lessons there are: as many as [`Self::lesson_days`].
    pub lessons: u32,
    /// Minutes of teaching in a lesson, at most from start to end.
    pub lesson_minutes: Option<u32>,
    /// Seats; none = unlimited.
    pub capacity: Option<u32>,
    /// What it costs, in fen.
    pub fee_fen: i64,
    /// How seats are given.
    pub admission: ClassAdmission,
    /// When requests are taken from.
    pub enrol_opens_at: Instant,
    /// When requests are no longer taken; later.
    pub enrol_closes_at: Instant,
    /// Whether people can wait for a seat.
    pub waitlist: ClassWaitlist,
    /// The youngest that may, in full years.
    pub age_min: Option<u8>,
    /// The oldest that may, in full years.
    pub age_max: Option<u8>,
    /// The room.
    pub room: Option<String>,
    /// Whether it is made up.
    pub fictional: bool,
}

/// How the seats of a class are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassAdmission {
    /// In order of arrival.
    FirstCome,
    /// All entries are drawn.
    Lottery {
        /// When; not before enrolment closes.
        draw_at: Instant,
    },
}

/// Whether people can wait for a seat of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClassWaitlist {
    /// They cannot.
    Off,
    /// A freed seat is given at once.
    Instant,
    /// A freed seat is offered, to be accepted in time.
    Offer,
}

/// What a class can be about.
pub const CATEGORIES: [Word<&str>; 12] = [
    Word::new("sport", "sport", "运动", &["体育", "运动健身"]),
    Word::new("music", "music", "音乐", &[]),
    Word::new("heritage", "heritage", "非遗", &["非物质文化遗产", "非遗手作"]),
    Word::new("craft", "craft", "手工", &["手作"]),
    Word::new("media", "media", "影像传播", &[]),
    Word::new("art", "art", "书画", &[]),
    Word::new("dance", "dance", "舞蹈戏曲", &[]),
    Word::new("digital", "digital", "数字技能", &[]),
    Word::new("life", "life", "生活美学", &[]),
    Word::new("language", "language", "语言", &[]),
    Word::new("health", "health", "健康", &[]),
    Word::new("career", "career", "职业发展", &[]),
];

/// Admission without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AdmissionWord {
    FirstCome,
    Lottery,
}

const ADMISSIONS: [Word<AdmissionWord>; 2] = [
    Word::new(AdmissionWord::FirstCome, "first_come", "先到先得", &["先报先得", "先到先录"]),
    Word::new(AdmissionWord::Lottery, "lottery", "抽签", &["摇号", "抽签录取"]),
];

const WAITLISTS: [Word<ClassWaitlist>; 3] = [
    Word::new(ClassWaitlist::Off, "off", "无", &["不候补", "无候补"]),
    Word::new(ClassWaitlist::Instant, "instant", "自动递补", &["自动候补"]),
    Word::new(ClassWaitlist::Offer, "offer", "通知递补", &["通知候补"]),
];

const LESSONS: Whole =
    Whole { min: 1, max: 200, units: &["课次", "次课", "次", "节课", "节", "课时"] };
const MINUTES: Whole = Whole { min: 1, max: 720, units: &["分钟", "分"] };
const SEATS: Whole = Whole { min: 1, max: 100_000, units: &["人", "名", "个", "位"] };
const YEARS: Whole = Whole { min: 1, max: 120, units: &["周岁", "岁"] };

impl ClassRow {
    /// The days of its lessons, in order.
    pub fn lesson_days(&self) -> Vec<NaiveDate> {
        class_check::lesson_days(self.first_lesson_on, self.last_lesson_on, &self.skip_dates)
    }
}

/// Reads a row and holds its cells against each other: the class, if there is no error in the row (all have
/// been noted), and its term, if that can be read.
pub fn read(row: &mut RowReader<'_>) -> (Read<ClassRow>, Read<TermName>) {
    let term = term::read(row);
    (read_class(row, term.as_ref()), term)
}

fn read_class(row: &mut RowReader<'_>, term: Option<&TermName>) -> Read<ClassRow> {
    let code_read = row.read(Column::Code, code);
    let school_code = row.read(Column::SchoolCode, code);
    let lesson_term = term.map_or_else(TermDays::unknown, TermName::lesson_days);
    let enrolment_term = term.map_or_else(TermDays::unknown, TermName::enrolment_days);
    let title = row.read(Column::Title, name(80));
    let title_en = row.read(Column::TitleEn, optional_name(160));
    let category = row.read(Column::Category, |cell| word(&CATEGORIES, cell));
    let teacher = row.read(Column::Teacher, optional_name(60));
    let weekday = row.read(Column::Weekday, weekday);
    let start_time = row.read(Column::StartTime, time);
    let end_time = row.read(Column::EndTime, time);
    let first_lesson_on = row.read(Column::FirstLesson, |cell| date(cell, &lesson_term));
    let last_lesson_on = row.read(Column::LastLesson, |cell| date(cell, &lesson_term));
    let skip_dates = row.read(Column::SkipDates, |cell| dates(cell, &lesson_term));
    let lessons = row.read(Column::Lessons, |cell| LESSONS.read(cell));
    let lesson_minutes = row.read(Column::LessonMinutes, |cell| optional(cell, |cell| MINUTES.read(cell)));
    let capacity = row.read(Column::Capacity, |cell| SEATS.read_or_unlimited(cell));
    let fee_fen = fee(row);
    let admission = row.read(Column::Admission, |cell| word(&ADMISSIONS, cell));
    let enrol_opens_at = row.read(Column::EnrolOpens, |cell| instant(cell, &enrolment_term));
    let enrol_closes_at = row.read(Column::EnrolCloses, |cell| instant(cell, &enrolment_term));
    let draw_at = row.read(Column::DrawAt, |cell| optional(cell, |cell| instant(cell, &enrolment_term)));
    let waitlist = row.read(Column::Waitlist, |cell| word(&WAITLISTS, cell));
    let age_min = age(row, Column::AgeMin);
    let age_max = age(row, Column::AgeMax);
    let room = row.read(Column::Room, optional_name(60));
    let fictional = row.read(Column::Fictional, yes_or_no);

    let hours = class_check::hours(row, start_time, end_time, lesson_minutes);
    let days = class_check::days(row, weekday, first_lesson_on, last_lesson_on, skip_dates, lessons);
    let window = class_check::window(row, enrol_opens_at, enrol_closes_at);
    let draw_needed = admission.map(|admission| admission == AdmissionWord::Lottery);
    let draw = class_check::draw(row, draw_needed, draw_at, enrol_closes_at);
    let ages = class_check::ages(row, age_min, age_max);
    let ((start_time, end_time), days, (enrol_opens_at, enrol_closes_at)) = (hours?, days?, window?);
    let (age_min, age_max) = ages?;
    Some(ClassRow {
        code: code_read?,
        school_code: school_code?,
        term_code: term?.code.clone(),
        title: title?,
        title_en: title_en?,
        category: category?,
        teacher: teacher?,
        weekday: weekday?,
        start_time,
        end_time,
        first_lesson_on: days.first,
        last_lesson_on: days.last,
        skip_dates: days.skipped,
        lessons: days.lessons,
        lesson_minutes: lesson_minutes?,
        capacity: capacity?,
        fee_fen: fee_fen?,
        admission: draw?.map_or(ClassAdmission::FirstCome, |draw_at| ClassAdmission::Lottery { draw_at }),
        enrol_opens_at,
        enrol_closes_at,
        waitlist: waitlist?,
        age_min,
        age_max,
        room: room?,
        fictional: fictional?,
    })
}

/// The fee, in whichever unit the sheet has a column for; in yuan where it has both.
fn fee(row: &mut RowReader<'_>) -> Read<i64> {
    if row.has(Column::FeeYuan) || !row.has(Column::FeeFen) {
        row.read(Column::FeeYuan, |cell| MoneyUnit::Yuan.read(cell))
    } else {
        row.read(Column::FeeFen, |cell| MoneyUnit::Fen.read(cell))
    }
}

fn age(row: &mut RowReader<'_>, column: Column) -> Read<Option<u8>> {
    let age = row.read(column, |cell| YEARS.read_or_unlimited(cell))?;
    Some(age.and_then(|age| u8::try_from(age).ok()))
}
