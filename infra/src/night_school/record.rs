//! Schools, terms, classes and lessons as they are stored, and how their rows are read.

use crate::booking::records::{admission, waitlist, word};
use crate::error::{Error, Result};
use chrono::{NaiveDate, NaiveTime};
use domain::booking::quota::{self, Status};
use domain::geo::Datum;
use domain::id::{ClassId, LessonId, OrganisationId, QuotaId, SchoolId, TermId};
use domain::night_school::check::Check;
use domain::night_school::class::{Ages, ClassSpec};
use domain::night_school::school::{Position, SchoolSpec};
use domain::night_school::term::TermSpec;
use domain::night_school::timetable::{Timetable, TimetableDraft};
use domain::night_school::{Category, QuotaSettings, Standing};
use domain::time::Instant;
use sea_orm::{QueryResult, TryGetable};
use uuid::Uuid;

/// A night school.
#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// Which.
    pub id: SchoolId,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// Whose members run it.
    pub organisation: OrganisationId,
    /// What an operator says of it.
    pub spec: SchoolSpec,
    /// Whether it is made up.
    pub fictional: bool,
    /// Counts its edits.
    pub version: i64,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Which.
    pub id: TermId,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// What an operator says of it.
    pub spec: TermSpec,
    /// Counts its edits.
    pub version: i64,
}

/// A class, with how its quota stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Class {
    /// Which.
    pub id: ClassId,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// Its quota.
    pub quota: QuotaId,
    /// What an editor says of it.
    pub spec: ClassSpec,
    /// How its quota stood when it was read.
    pub standing: Standing,
    /// Whether it is made up.
    pub fictional: bool,
    /// Counts its edits, never its bookings.
    pub version: i64,
    /// Why it was called off, if it was and somebody said.
    pub cancel_reason: Option<String>,
}

/// One meeting of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Which.
    pub id: LessonId,
    /// Its place, from 1.
    pub ordinal: u32,
    /// When it begins.
    pub starts_at: Instant,
    /// When it ends.
    pub ends_at: Instant,
}

/// The columns of a school.
pub const SCHOOL_COLUMNS: &str = "s.id, s.code, s.organisation_id, s.name, s.name_en, s.kind, s.venue, \
    s.venue_scene_code, s.district_code, s.street, s.address, s.lat, s.lng, s.datum, s.coord_precision, \
    s.nearest_metro_code, s.nearest_metro_m, s.max_classes_per_person, s.fictional, s.version";

/// The columns of a term.
pub const TERM_COLUMNS: &str =
    "t.id, t.code, t.name, t.name_en, t.starts_on, t.ends_on, t.max_classes_per_person, t.version";

/// The columns of a class and its quota.
pub const CLASS_COLUMNS: &str = "c.id, c.code, c.school_id, c.term_id, c.quota_id, c.title, c.title_en, c.category, \
    c.teacher, c.room, c.description, c.description_en, c.cover, c.weekday, c.start_time, c.end_time, \
    c.first_lesson_on, c.last_lesson_on, c.skip_dates, c.price_fen, c.age_min, c.age_max, c.fictional, c.version, \
    c.cancel_reason, q.status, q.capacity, q.admission, q.draw_at, q.fair_minutes, q.phase, q.opens_at, \
    q.closes_at, q.waitlist, q.offer_minutes, q.waitlist_max, q.promote_until, q.cancel_until, q.confirmed, \
    q.attended, q.no_show, q.used, q.offered, q.waiting_parties";

fn get<T: TryGetable>(row: &QueryResult, column: &str) -> Result<T> {
    Ok(row.try_get("", column)?)
}

fn stored(column: &str, value: impl std::fmt::Display) -> Error {
    Error::Stored(format!("{column} = {value}"))
}

/// A whole number that is not negative.
pub fn count<T: TryFrom<i32>>(row: &QueryResult, column: &str) -> Result<T> {
    let value: i32 = get(row, column)?;
    T::try_from(value).map_err(|_| stored(column, value))
}

fn optional_count<T: TryFrom<i32>>(row: &QueryResult, column: &str) -> Result<Option<T>> {
    let value: Option<i32> = get(row, column)?;
    value.map(|value| T::try_from(value).map_err(|_| stored(column, value))).transpose()
}

fn date(row: &QueryResult, column: &str) -> Result<NaiveDate> {
    let text: String = get(row, column)?;
    text.parse().map_err(|_| stored(column, text))
}

fn time(row: &QueryResult, column: &str) -> Result<NaiveTime> {
    let text: String = get(row, column)?;
    NaiveTime::parse_from_str(&text, "%H:%M").map_err(|_| stored(column, text))
}

/// The school in `row`.
pub fn school(row: &QueryResult) -> Result<School> {
    let datum: String = get(row, "datum")?;
    let datum = Datum::from_word(&datum).ok_or_else(|| stored("datum", datum))?;
    let degrees: Option<(f64, f64)> = get::<Option<f64>>(row, "lat")?.zip(get(row, "lng")?);
    let point = degrees.map(|(lat, lng)| Datum::Wgs84.read(lat, lng)).transpose();
    let position = point.map_err(|error| stored("lat, lng", error))?.map(|point| Position { point, datum });
    Ok(School {
        id: SchoolId(get(row, "id")?),
        code: get(row, "code")?,
        organisation: OrganisationId(get(row, "organisation_id")?),
        spec: SchoolSpec {
            name: get(row, "name")?,
            name_en: get(row, "name_en")?,
            kind: get(row, "kind")?,
            venue: get(row, "venue")?,
            venue_scene_code: get(row, "venue_scene_code")?,
            district_code: get(row, "district_code")?,
            street: get(row, "street")?,
            address: get(row, "address")?,
            position,
            coord_precision: get(row, "coord_precision")?,
            nearest_metro_code: get(row, "nearest_metro_code")?,
            nearest_metro_m: optional_count(row, "nearest_metro_m")?,
            max_classes_per_person: optional_count(row, "max_classes_per_person")?,
        },
        fictional: get(row, "fictional")?,
        version: get(row, "version")?,
    })
}

/// The term in `row`.
pub fn term(row: &QueryResult) -> Result<Term> {
    Ok(Term {
        id: TermId(get(row, "id")?),
        code: get(row, "code")?,
        spec: TermSpec {
            name: get(row, "name")?,
            name_en: get(row, "name_en")?,
            starts_on: date(row, "starts_on")?,
            ends_on: date(row, "ends_on")?,
            max_classes_per_person: count(row, "max_classes_per_person")?,
        },
        version: get(row, "version")?,
    })
}

/// The class in `row`.
pub fn class(row: &QueryResult) -> Result<Class> {
    let timetable = timetable(row)?;
    let ages = Ages { min: optional_count(row, "age_min")?, max: optional_count(row, "age_max")? };
    let settings = QuotaSettings {
        capacity: optional_count(row, "capacity")?,
        admission: admission(row)?,
        opens_at: get(row, "opens_at")?,
        closes_at: get(row, "closes_at")?,
        waitlist: waitlist(row)?,
        waitlist_max: count(row, "waitlist_max")?,
        promote_until: get(row, "promote_until")?,
        cancel_until: get(row, "cancel_until")?,
        rule: ages.rule(),
        slots: timetable.lessons(),
    };
    let seating = settings.to_seating(&timetable);
    Ok(Class {
        id: ClassId(get(row, "id")?),
        code: get(row, "code")?,
        quota: QuotaId(get(row, "quota_id")?),
        spec: ClassSpec {
            school: SchoolId(get(row, "school_id")?),
            term: TermId(get(row, "term_id")?),
            title: get(row, "title")?,
            title_en: get(row, "title_en")?,
            category: word(row, "category", Category::from_word)?,
            teacher: get(row, "teacher")?,
            room: get(row, "room")?,
            description: get(row, "description")?,
            description_en: get(row, "description_en")?,
            cover: get(row, "cover")?,
            timetable,
            price_fen: get(row, "price_fen")?,
            ages,
            seating,
        },
        standing: standing(row)?,
        fictional: get(row, "fictional")?,
        version: get(row, "version")?,
        cancel_reason: get(row, "cancel_reason")?,
    })
}

/// How the quota in `row` stands.
pub fn standing(row: &QueryResult) -> Result<Standing> {
    let mut held = 0_u32;
    for column in ["confirmed", "attended", "no_show", "used", "offered"] {
        held += count::<u32>(row, column)?;
    }
    Ok(Standing {
        status: word(row, "status", Status::from_word)?,
        draw: word(row, "phase", quota::Phase::from_word)?,
        held,
        waiting: count(row, "waiting_parties")?,
    })
}

/// The lesson in `row`.
pub fn lesson(row: &QueryResult) -> Result<Lesson> {
    Ok(Lesson {
        id: LessonId(get::<Uuid>(row, "id")?),
        ordinal: count(row, "ordinal")?,
        starts_at: get(row, "starts_at")?,
        ends_at: get(row, "ends_at")?,
    })
}

fn timetable(row: &QueryResult) -> Result<Timetable> {
    let skipped: Option<String> = get(row, "skip_dates")?;
    let draft = TimetableDraft {
        weekday: get::<i32>(row, "weekday")?.into(),
        start_time: Some(time(row, "start_time")?),
        end_time: Some(time(row, "end_time")?),
        first_lesson_on: Some(date(row, "first_lesson_on")?),
        last_lesson_on: Some(date(row, "last_lesson_on")?),
        skip_dates: skipped
            .as_deref()
            .into_iter()
            .flat_map(|days| days.split(','))
            .map(|day| day.parse().ok())
            .collect(),
    };
    let mut check = Check::new();
    let table = draft.check(&mut check);
    check.finish(table).map_err(|refusal| stored("timetable", format!("{draft:?}: {refusal:?}")))
}
