//! The form of a class: what an editor sends, and what they get to change.

use chrono::{DateTime, FixedOffset};
use domain::booking::quota::Status;
use domain::night_school::check::Check;
use domain::night_school::class::ClassDraft;
use domain::night_school::seating::{AdmissionKind, SeatingDraft, WaitlistKind};
use domain::night_school::timetable::TimetableDraft;
use domain::night_school::{Category, ClassSpec};
use domain::refusal::Refusal;
use domain::time::{Instant, local};
use infra::night_school::record::Class;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A class, whole. What may be left out says so; dates are days in Shanghai.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClassForm {
    /// `sch_…`; a class stays with its school.
    school: String,
    /// `trm_…`
    term: String,
    /// At most 80 characters.
    title: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    title_en: Option<String>,
    /// One of the categories in `/config`.
    category: String,
    /// Who teaches it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    teacher: Option<String>,
    /// In which room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    room: Option<String>,
    /// More about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    description_en: Option<String>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cover: Option<String>,
    /// 1 (Monday) to 7.
    weekday: i64,
    /// `18:30`
    start_time: String,
    /// `20:00`
    end_time: String,
    /// A day of that weekday.
    first_lesson_on: String,
    /// A day of that weekday.
    last_lesson_on: String,
    /// Days between on which it does not meet.
    #[serde(default)]
    skip_dates: Vec<String>,
    /// In fen; paid on site.
    price_fen: i64,
    /// Seats; null = unlimited.
    #[serde(default)]
    capacity: Option<i64>,
    /// `first_come`, `approval`, `lottery` or `fair_open`; stays once published.
    admission: String,
    /// When the draw is held: for `lottery`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    draw_at: Option<DateTime<FixedOffset>>,
    /// How long entries are taken, in minutes: for `fair_open`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fair_minutes: Option<i64>,
    /// When enrolment opens.
    opens_at: DateTime<FixedOffset>,
    /// When it closes.
    closes_at: DateTime<FixedOffset>,
    /// `off`, `instant` or `offer`.
    waitlist: String,
    /// How long an offered seat stands, in minutes (default 120).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    offer_minutes: Option<i64>,
    /// Parties that may wait (default twice the capacity, at least 20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    waitlist_max: Option<i64>,
    /// Until when the line moves (default: the first lesson).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    promote_until: Option<DateTime<FixedOffset>>,
    /// Until when a seat can be given up (default: the same).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cancel_until: Option<DateTime<FixedOffset>>,
    /// The youngest that may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    age_min: Option<i64>,
    /// The oldest that may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    age_max: Option<i64>,
    /// The version the edit was made on, unless `If-Match` says it; not needed for a new class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What `GET …/edit` gave may be sent back as it is; the path says which class is meant.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "taken so that it need not be taken out")]
    id: Option<String>,
    /// The same: publishing and calling off have paths of their own.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    #[expect(dead_code, reason = "taken so that it need not be taken out")]
    state: Option<String>,
}

/// A class to be edited.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditableClass {
    /// `cls_…`
    id: String,
    /// `draft`, `open` or `cancelled`.
    state: &'static str,
    /// What can be changed, and the version.
    #[serde(flatten)]
    form: ClassForm,
}

impl ClassForm {
    /// The class it describes, or every field that is wrong.
    pub fn read(&self) -> Result<ClassSpec, Refusal> {
        let mut check = Check::new();
        let school = self.school.parse().ok();
        check.that(school.is_some(), "/school", "不是学校的编号", "no id of a school");
        let term = self.term.parse().ok();
        check.that(term.is_some(), "/term", "不是学期的编号", "no id of a term");
        let categories = Category::ALL.map(|category| (category.word(), category));
        let instant = |at: Option<DateTime<FixedOffset>>| at.map(|at| at.to_utc());
        let draft = ClassDraft {
            school,
            term,
            title: self.title.clone(),
            title_en: self.title_en.clone(),
            category: check.word("/category", &self.category, &categories),
            teacher: self.teacher.clone(),
            room: self.room.clone(),
            description: self.description.clone(),
            description_en: self.description_en.clone(),
            cover: self.cover.clone(),
            timetable: self.timetable(&mut check),
            price_fen: self.price_fen,
            age_min: self.age_min,
            age_max: self.age_max,
            seating: SeatingDraft {
                capacity: self.capacity,
                admission: check.word("/admission", &self.admission, &AdmissionKind::WORDS),
                draw_at: instant(self.draw_at),
                fair_minutes: self.fair_minutes,
                opens_at: Some(self.opens_at.to_utc()),
                closes_at: Some(self.closes_at.to_utc()),
                waitlist: check.word("/waitlist", &self.waitlist, &WaitlistKind::WORDS),
                offer_minutes: self.offer_minutes,
                waitlist_max: self.waitlist_max,
                promote_until: instant(self.promote_until),
                cancel_until: instant(self.cancel_until),
            },
        };
        draft.check(check)
    }

    fn timetable(&self, check: &mut Check) -> TimetableDraft {
        TimetableDraft {
            weekday: self.weekday,
            start_time: check.time("/startTime", &self.start_time),
            end_time: check.time("/endTime", &self.end_time),
            first_lesson_on: check.date("/firstLessonOn", &self.first_lesson_on),
            last_lesson_on: check.date("/lastLessonOn", &self.last_lesson_on),
            skip_dates: self
                .skip_dates
                .iter()
                .enumerate()
                .map(|(place, day)| check.date(&format!("/skipDates/{place}"), day))
                .collect(),
        }
    }
}

fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: Option<T>) -> String {
    let found = words.iter().find(|(_, known)| Some(*known) == value);
    found.map_or_else(String::new, |(word, _)| (*word).to_owned())
}

impl EditableClass {
    /// `class` as its editors see it.
    pub fn new(class: &Class) -> Self {
        let draft = class.spec.to_draft();
        let instant = |at: Option<Instant>| at.map(local);
        let (table, seating) = (&class.spec.timetable, draft.seating);
        let form = ClassForm {
            school: class.spec.school.to_string(),
            term: class.spec.term.to_string(),
            title: draft.title,
            title_en: draft.title_en,
            category: class.spec.category.word().to_owned(),
            teacher: draft.teacher,
            room: draft.room,
            description: draft.description,
            description_en: draft.description_en,
            cover: draft.cover,
            weekday: table.weekday_number().into(),
            start_time: table.start_time().format("%H:%M").to_string(),
            end_time: table.end_time().format("%H:%M").to_string(),
            first_lesson_on: table.first().to_string(),
            last_lesson_on: table.last().to_string(),
            skip_dates: table.skipped().iter().map(ToString::to_string).collect(),
            price_fen: draft.price_fen,
            capacity: seating.capacity,
            admission: word(&AdmissionKind::WORDS, seating.admission),
            draw_at: instant(seating.draw_at),
            fair_minutes: seating.fair_minutes,
            opens_at: local(class.spec.seating.opens_at),
            closes_at: local(class.spec.seating.closes_at),
            waitlist: word(&WaitlistKind::WORDS, seating.waitlist),
            offer_minutes: seating.offer_minutes,
            waitlist_max: seating.waitlist_max,
            promote_until: instant(seating.promote_until),
            cancel_until: instant(seating.cancel_until),
            age_min: draft.age_min,
            age_max: draft.age_max,
            version: Some(class.version),
            id: None,
            state: None,
        };
        Self { id: class.id.to_string(), state: state(class.standing.status), form }
    }
}

fn state(status: Status) -> &'static str {
    status.word()
}
