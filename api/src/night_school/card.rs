//! A class as the public sees it: the card of a list, and more in detail.

use chrono::{DateTime, FixedOffset, NaiveDate};
use domain::booking::quota::Admission;
use domain::geo::{Datum, Mode, Point, district};
use domain::language::Language;
use domain::night_school::time_text::time_text;
use domain::night_school::{Phase, Standing};
use domain::time::{Instant, local};
use infra::night_school::catalogue::Listed;
use infra::night_school::record::School;
use serde::Serialize;
use utoipa::ToSchema;

/// A thing by id and name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its English name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
}

/// Where something is.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceView {
    /// The venue.
    pub name: String,
    /// Degrees north, in the datum that was asked for (default GCJ-02).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lng: Option<f64>,
    /// The address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The district's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<&'static str>,
    /// Minutes away, where `near` was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u32>,
}

/// From where, and how, "minutes away" counts.
#[derive(Debug, Clone, Copy)]
pub struct From {
    /// The place.
    pub point: Point,
    /// On foot or by bike.
    pub mode: Mode,
}

/// A class in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassCard {
    /// `cls_…`
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its English title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// A picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
    /// Whose it is.
    pub host: Named,
    /// The school.
    pub school: Named,
    /// The term.
    pub term: Named,
    /// Where it meets.
    pub place: PlaceView,
    /// What it is about.
    pub category: &'static str,
    /// 1 (Monday) to 7.
    pub weekday: u8,
    /// When a lesson begins, in Beijing.
    pub start_time: String,
    /// When it ends.
    pub end_time: String,
    /// The same as a line of text.
    pub time_text: String,
    /// The line in English.
    pub time_text_en: String,
    /// The first lesson.
    pub first_lesson_on: NaiveDate,
    /// The last.
    pub last_lesson_on: NaiveDate,
    /// How many there are.
    pub lesson_count: usize,
    /// What it costs, in fen; paid on site.
    pub price_fen: i64,
    /// Seats; null = unlimited.
    pub capacity: Option<u32>,
    /// Seats left, at most a second old; null = unlimited.
    pub seats_left: Option<u32>,
    /// `off`, `instant` or `offer`.
    pub waitlist: &'static str,
    /// Parties in the line.
    pub waiting: u32,
    /// `first_come`, `approval`, `lottery` or `fair_open`.
    pub admission: &'static str,
    /// When enrolment opens.
    pub opens_at: DateTime<FixedOffset>,
    /// When it closes.
    pub closes_at: DateTime<FixedOffset>,
    /// When the draw is held.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draw_at: Option<DateTime<FixedOffset>>,
    /// `upcoming`, `entering`, `open`, `waitlist`, `full`, `drawing`, `closed`, `cancelled` or `over`.
    pub phase: &'static str,
    /// The youngest that may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_min: Option<u8>,
    /// The oldest that may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_max: Option<u8>,
}

/// A class in detail: the card, and more.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassDetail {
    /// What its card shows.
    #[serde(flatten)]
    pub card: ClassCard,
    /// Its code in the city's tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Who teaches it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub teacher: Option<String>,
    /// In which room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// More about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The same in English.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description_en: Option<String>,
    /// Days on which it does not meet.
    pub skip_dates: Vec<NaiveDate>,
    /// Until when a seat can be given up.
    pub cancel_until: DateTime<FixedOffset>,
    /// Parties that may wait.
    pub waitlist_max: u32,
    /// Why it was called off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
}

/// Where a school is.
pub fn place(school: &School, datum: Datum, from: Option<From>) -> PlaceView {
    let spec = &school.spec;
    let point = spec.position.map(|position| position.point);
    let degrees = point.map(|point| datum.write(point));
    let name = district::with_code(spec.district_code.as_deref().unwrap_or_default());
    PlaceView {
        name: spec.venue.clone().unwrap_or_else(|| spec.name.clone()),
        lat: degrees.map(|(lat, _)| lat),
        lng: degrees.map(|(_, lng)| lng),
        address: spec.address.clone(),
        district: name.map(|district| district.name(Language::Chinese)),
        minutes: point.zip(from).map(|(point, from)| from.mode.minutes_between(from.point, point)),
    }
}

/// The phase of a class that stands so.
pub fn phase(listed: &Listed, standing: &Standing, now: Instant) -> Phase {
    standing.phase(&listed.settings, listed.class.spec.timetable.ends_at(), now)
}

impl ClassCard {
    /// The card of `listed`.
    pub fn new(listed: &Listed, standing: &Standing, datum: Datum, from: Option<From>, now: Instant) -> Self {
        let (class, settings, school) = (&listed.class, &listed.settings, &listed.school);
        let (spec, table) = (&class.spec, &class.spec.timetable);
        let draw_at = match settings.admission {
            Admission::Lottery { draw_at } => Some(local(draw_at)),
            _ => None,
        };
        let named =
            |id: String| Named { id, name: school.spec.name.clone(), name_en: school.spec.name_en.clone() };
        Self {
            id: class.id.to_string(),
            title: spec.title.clone(),
            title_en: spec.title_en.clone(),
            cover: spec.cover.clone(),
            host: named(school.organisation.to_string()),
            school: named(school.id.to_string()),
            term: Named {
                id: listed.term.id.to_string(),
                name: listed.term.spec.name.clone(),
                name_en: listed.term.spec.name_en.clone(),
            },
            place: place(school, datum, from),
            category: spec.category.word(),
            weekday: table.weekday_number(),
            start_time: table.start_time().format("%H:%M").to_string(),
            end_time: table.end_time().format("%H:%M").to_string(),
            time_text: time_text(table, Language::Chinese),
            time_text_en: time_text(table, Language::English),
            first_lesson_on: table.first(),
            last_lesson_on: table.last(),
            lesson_count: table.lesson_count(),
            price_fen: spec.price_fen,
            capacity: settings.capacity,
            seats_left: standing.seats_left(settings),
            waitlist: settings.waitlist.word(),
            waiting: standing.waiting,
            admission: settings.admission.word(),
            opens_at: local(settings.opens_at),
            closes_at: local(settings.closes_at),
            draw_at,
            phase: phase(listed, standing, now).word(),
            age_min: spec.ages.min,
            age_max: spec.ages.max,
        }
    }
}

impl ClassDetail {
    /// `listed` in detail.
    pub fn new(listed: &Listed, standing: &Standing, datum: Datum, now: Instant) -> Self {
        let spec = &listed.class.spec;
        Self {
            card: ClassCard::new(listed, standing, datum, None, now),
            code: listed.class.code.clone(),
            teacher: spec.teacher.clone(),
            room: spec.room.clone(),
            description: spec.description.clone(),
            description_en: spec.description_en.clone(),
            skip_dates: spec.timetable.skipped().to_vec(),
            cancel_until: local(listed.settings.cancel_until),
            waitlist_max: listed.settings.waitlist_max,
            cancel_reason: listed.class.cancel_reason.clone(),
        }
    }
}
