//! Classes, their quotas, hours and lessons, written set-wise: one class or a whole city's table, the same statements.

use crate::database::rows::{Column, Rows};
use crate::error::Result;
use crate::random::Random;
use domain::booking::eligibility::Rule;
use domain::booking::quota::{Admission, Status, Waitlist};
use domain::booking::slot::Slot;
use domain::id::{ClassId, QuotaId};
use domain::night_school::{ClassSpec, QuotaSettings};
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// A class to be stored for the first time.
#[derive(Debug, Clone)]
pub struct NewClass {
    /// Which.
    pub id: ClassId,
    /// Its quota, made with it.
    pub quota: QuotaId,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// What an editor says of it.
    pub spec: ClassSpec,
    /// Draft, or open from the start.
    pub status: Status,
    /// Whether it is made up.
    pub fictional: bool,
}

/// A class to be stored anew.
#[derive(Debug, Clone)]
pub struct ChangedClass {
    /// Which.
    pub id: ClassId,
    /// Its quota, whose lock is held.
    pub quota: QuotaId,
    /// What an editor says of it now.
    pub spec: ClassSpec,
    /// Whether it is made up.
    pub fictional: bool,
    /// Whether anything of the quota changed.
    pub quota_changed: bool,
    /// Whether the hours changed.
    pub hours_moved: bool,
}

/// Builds one column of a table from each item.
macro_rules! column {
    ($kind:ident, $items:expr, $value:expr) => {
        Column::$kind($items.iter().map($value).collect())
    };
}

#[expect(clippy::unnecessary_wraps, reason = "a column's value, which may be none")]
fn word(word: &str) -> Option<String> {
    Some(word.to_owned())
}

/// The columns that say what a class is, under the names of the table's own.
fn said(rows: Rows, specs: &[&ClassSpec]) -> Rows {
    rows.with("title", column!(Texts, specs, |s| Some(s.title.clone())))
        .with("title_en", column!(Texts, specs, |s| s.title_en.clone()))
        .with("category", column!(Texts, specs, |s| word(s.category.word())))
        .with("teacher", column!(Texts, specs, |s| s.teacher.clone()))
        .with("room", column!(Texts, specs, |s| s.room.clone()))
        .with("description", column!(Texts, specs, |s| s.description.clone()))
        .with("description_en", column!(Texts, specs, |s| s.description_en.clone()))
        .with("cover", column!(Texts, specs, |s| s.cover.clone()))
        .with("weekday", column!(Ints, specs, |s| Some(u32::from(s.timetable.weekday_number()))))
        .with(
            "start_time",
            column!(Texts, specs, |s| Some(s.timetable.start_time().format("%H:%M").to_string())),
        )
        .with("end_time", column!(Texts, specs, |s| Some(s.timetable.end_time().format("%H:%M").to_string())))
        .with("first_lesson_on", column!(Texts, specs, |s| Some(s.timetable.first().to_string())))
        .with("last_lesson_on", column!(Texts, specs, |s| Some(s.timetable.last().to_string())))
        .with("skip_dates", column!(Texts, specs, |s| skip_dates(s)))
        .with("price_fen", column!(Bigs, specs, |s| Some(s.price_fen)))
        .with("age_min", column!(Ints, specs, |s| s.ages.min.map(u32::from)))
        .with("age_max", column!(Ints, specs, |s| s.ages.max.map(u32::from)))
}

fn skip_dates(spec: &ClassSpec) -> Option<String> {
    let days: Vec<String> = spec.timetable.skipped().iter().map(ToString::to_string).collect();
    (!days.is_empty()).then(|| days.join(","))
}

/// The columns that say what of a quota edits change.
fn settings_columns(rows: Rows, settings: &[QuotaSettings]) -> Rows {
    let draw_at = |admission| match admission {
        Admission::Lottery { draw_at } => Some(draw_at),
        _ => None,
    };
    let fair_minutes = |admission| match admission {
        Admission::FairOpen { minutes } => Some(u32::from(minutes)),
        _ => None,
    };
    let offer_minutes = |waitlist| match waitlist {
        Waitlist::Offer { minutes } => Some(u32::from(minutes)),
        _ => None,
    };
    rows.with("capacity", column!(Ints, settings, |s| s.capacity))
        .with("admission", column!(Texts, settings, |s| word(s.admission.word())))
        .with("draw_at", column!(Instants, settings, |s| draw_at(s.admission)))
        .with("fair_minutes", column!(Ints, settings, |s| fair_minutes(s.admission)))
        .with("opens_at", column!(Instants, settings, |s| Some(s.opens_at)))
        .with("closes_at", column!(Instants, settings, |s| Some(s.closes_at)))
        .with("waitlist", column!(Texts, settings, |s| word(s.waitlist.word())))
        .with("offer_minutes", column!(Ints, settings, |s| offer_minutes(s.waitlist)))
        .with("waitlist_max", column!(Ints, settings, |s| Some(s.waitlist_max)))
        .with("promote_until", column!(Instants, settings, |s| Some(s.promote_until)))
        .with("cancel_until", column!(Instants, settings, |s| Some(s.cancel_until)))
        .with("rule", column!(Texts, settings, |s| rule(&s.rule)))
}

fn rule(rule: &Rule) -> Option<String> {
    if *rule == Rule::default() {
        return None;
    }
    // A rule is plain data: writing it cannot fail.
    serde_json::to_string(rule).ok()
}

/// Stores `classes` with their quotas, hours and lessons. Their limits follow ([`super::limits::link`]).
pub async fn insert(
    transaction: &DatabaseTransaction,
    classes: &[NewClass],
    random: &Random,
    now: Instant,
) -> Result<()> {
    if classes.is_empty() {
        return Ok(());
    }
    let specs: Vec<&ClassSpec> = classes.iter().map(|class| &class.spec).collect();
    let settings: Vec<QuotaSettings> = specs.iter().map(|spec| QuotaSettings::of(spec)).collect();
    let rows = Rows::new()
        .with("id", column!(Ids, classes, |c| c.quota.0))
        .with("subject_id", column!(Ids, classes, |c| c.id.0))
        .with("status", column!(Texts, classes, |c| word(c.status.word())));
    let quotas = "insert into quotas (id, kind, subject_id, status, capacity, admission, draw_at, fair_minutes, \
        opens_at, closes_at, waitlist, offer_minutes, waitlist_max, promote_until, cancel_until, rule) \
        select r.id, 'class', r.subject_id, r.status, r.capacity, r.admission, r.draw_at, r.fair_minutes, \
        r.opens_at, r.closes_at, r.waitlist, r.offer_minutes, r.waitlist_max, r.promote_until, r.cancel_until, \
        r.rule from {rows}";
    execute(transaction, settings_columns(rows, &settings), quotas).await?;

    let published = |class: &NewClass| (class.status == Status::Open).then_some(now);
    let rows = Rows::new()
        .with("id", column!(Ids, classes, |c| c.id.0))
        .with("code", column!(Texts, classes, |c| c.code.clone()))
        .with("school_id", column!(Ids, specs, |s| s.school.0))
        .with("term_id", column!(Ids, specs, |s| s.term.0))
        .with("quota_id", column!(Ids, classes, |c| c.quota.0))
        .with("fictional", column!(Ints, classes, |c| Some(u32::from(c.fictional))))
        .with("now", column!(Instants, classes, |_| Some(now)))
        .with("published_at", column!(Instants, classes, published));
    let text = "insert into classes (id, code, school_id, term_id, quota_id, title, title_en, category, teacher, \
        room, description, description_en, cover, weekday, start_time, end_time, first_lesson_on, last_lesson_on, \
        skip_dates, price_fen, age_min, age_max, fictional, created_at, updated_at, published_at) \
        select r.id, r.code, r.school_id, r.term_id, r.quota_id, r.title, r.title_en, r.category, r.teacher, \
        r.room, r.description, r.description_en, r.cover, r.weekday, r.start_time, r.end_time, r.first_lesson_on, \
        r.last_lesson_on, r.skip_dates, r.price_fen, r.age_min, r.age_max, r.fictional = 1, r.now, r.now, \
        r.published_at from {rows}";
    execute(transaction, said(rows, &specs), text).await?;

    let hours: Vec<Hours> = classes
        .iter()
        .zip(&settings)
        .map(|(class, settings)| Hours { class: class.id, quota: class.quota, slots: &settings.slots })
        .collect();
    write_hours(transaction, &hours, random, now).await
}

/// Stores `classes` anew. Their quotas' locks are held.
pub async fn update(
    transaction: &DatabaseTransaction,
    classes: &[ChangedClass],
    random: &Random,
    now: Instant,
) -> Result<()> {
    if classes.is_empty() {
        return Ok(());
    }
    let specs: Vec<&ClassSpec> = classes.iter().map(|class| &class.spec).collect();
    let rows = Rows::new()
        .with("id", column!(Ids, classes, |c| c.id.0))
        .with("term_id", column!(Ids, specs, |s| s.term.0))
        .with("fictional", column!(Ints, classes, |c| Some(u32::from(c.fictional))))
        .with("now", column!(Instants, classes, |_| Some(now)));
    let text = "update classes set term_id = r.term_id, title = r.title, title_en = r.title_en, \
        category = r.category, teacher = r.teacher, room = r.room, description = r.description, \
        description_en = r.description_en, cover = r.cover, weekday = r.weekday, start_time = r.start_time, \
        end_time = r.end_time, first_lesson_on = r.first_lesson_on, last_lesson_on = r.last_lesson_on, \
        skip_dates = r.skip_dates, price_fen = r.price_fen, age_min = r.age_min, age_max = r.age_max, \
        fictional = (r.fictional = 1), updated_at = r.now, version = version + 1 from {rows} \
        where classes.id = r.id";
    execute(transaction, said(rows, &specs), text).await?;

    let changed: Vec<&ChangedClass> = classes.iter().filter(|class| class.quota_changed).collect();
    let settings: Vec<QuotaSettings> = changed.iter().map(|class| QuotaSettings::of(&class.spec)).collect();
    if !changed.is_empty() {
        let rows = Rows::new().with("id", column!(Ids, changed, |c| c.quota.0));
        let text = "update quotas set capacity = r.capacity, admission = r.admission, draw_at = r.draw_at, \
            fair_minutes = r.fair_minutes, opens_at = r.opens_at, closes_at = r.closes_at, waitlist = r.waitlist, \
            offer_minutes = r.offer_minutes, waitlist_max = r.waitlist_max, promote_until = r.promote_until, \
            cancel_until = r.cancel_until, rule = r.rule, edition = edition + 1, version = version + 1 \
            from {rows} where quotas.id = r.id";
        execute(transaction, settings_columns(rows, &settings), text).await?;
    }
    let moved: Vec<Hours> = changed
        .iter()
        .zip(&settings)
        .filter(|(class, _)| class.hours_moved)
        .map(|(class, settings)| Hours { class: class.id, quota: class.quota, slots: &settings.slots })
        .collect();
    write_hours(transaction, &moved, random, now).await
}

/// The hours of one class.
struct Hours<'a> {
    class: ClassId,
    quota: QuotaId,
    slots: &'a [Slot],
}

/// Writes hours and lessons in place of those there are. A lesson keeps its id by its place: it is the third evening that
/// moves, not another one that takes its place.
async fn write_hours(
    transaction: &DatabaseTransaction,
    hours: &[Hours<'_>],
    random: &Random,
    now: Instant,
) -> Result<()> {
    if hours.is_empty() {
        return Ok(());
    }
    let quotas = Rows::ids(hours.iter().map(|hours| hours.quota));
    execute(transaction, quotas, "delete from quota_slots where quota_id in (select r.id from {rows})")
        .await?;
    let each: Vec<(&Hours, u32, &Slot)> = hours
        .iter()
        .flat_map(|hours| (1_u32..).zip(hours.slots).map(move |(ordinal, slot)| (hours, ordinal, slot)))
        .collect();
    let rows = Rows::new()
        .with("quota_id", column!(Ids, each, |(hours, _, _)| hours.quota.0))
        .with("starts_at", column!(Instants, each, |(_, _, slot)| Some(slot.starts_at)))
        .with("ends_at", column!(Instants, each, |(_, _, slot)| Some(slot.ends_at)));
    let text = "insert into quota_slots (quota_id, starts_at, ends_at) \
        select r.quota_id, r.starts_at, r.ends_at from {rows}";
    execute(transaction, rows, text).await?;

    let rows = Rows::new()
        .with("id", column!(Ids, each, |_| random.uuid(now)))
        .with("class_id", column!(Ids, each, |(hours, _, _)| hours.class.0))
        .with("ordinal", column!(Ints, each, |(_, ordinal, _)| Some(*ordinal)))
        .with("starts_at", column!(Instants, each, |(_, _, slot)| Some(slot.starts_at)))
        .with("ends_at", column!(Instants, each, |(_, _, slot)| Some(slot.ends_at)));
    let text = "insert into lessons (id, class_id, ordinal, starts_at, ends_at) \
        select r.id, r.class_id, r.ordinal, r.starts_at, r.ends_at from {rows} where true \
        on conflict (class_id, ordinal) do update set starts_at = excluded.starts_at, ends_at = excluded.ends_at";
    execute(transaction, rows, text).await?;

    let count = |hours: &Hours| u32::try_from(hours.slots.len()).ok();
    let rows = Rows::new()
        .with("class_id", column!(Ids, hours, |hours| hours.class.0))
        .with("lessons", column!(Ints, hours, count));
    let text = "delete from lessons where exists (select 1 from {rows} \
        where r.class_id = lessons.class_id and lessons.ordinal > r.lessons)";
    execute(transaction, rows, text).await
}

async fn execute(transaction: &DatabaseTransaction, rows: Rows, text: &str) -> Result<()> {
    let statement = rows.statement(transaction.get_database_backend(), text, Vec::new());
    transaction.execute_raw(statement).await?;
    Ok(())
}
