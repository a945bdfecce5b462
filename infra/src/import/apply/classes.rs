//! Classes: what the table says replaces what it said before; what only editors say stays.

use super::{Applying, Tally};
use crate::error::Result;
use crate::night_school::edit::after_edit;
use crate::night_school::limits::{self, Limited};
use crate::night_school::read;
use crate::night_school::record::{Class, School, Term};
use crate::night_school::write_class::{self, ChangedClass, NewClass};
use domain::booking::quota::Status;
use domain::import::class::{ClassAdmission, ClassRow, ClassWaitlist};
use domain::import::expected::Expected;
use domain::import::row::Placed;
use domain::import::table::Column;
use domain::night_school::check::Check;
use domain::night_school::class::ClassDraft;
use domain::night_school::edit::{self, Consequences};
use domain::night_school::seating::{AdmissionKind, SeatingDraft, WaitlistKind};
use domain::night_school::timetable::TimetableDraft;
use domain::night_school::{Category, ClassSpec, QuotaSettings};
use domain::refusal::Refusal;
use std::collections::BTreeMap;

/// Makes and changes classes.
pub async fn classes(
    applying: &mut Applying<'_>,
    rows: &[Placed<ClassRow>],
    schools: &BTreeMap<String, School>,
    terms: &BTreeMap<String, Term>,
) -> Result<Tally> {
    let named = || rows.iter().map(|placed| placed.row.code.as_str());
    let ids: Vec<_> =
        read::classes_by_code(applying.transaction, named()).await?.iter().map(|class| class.id).collect();
    read::lock_quotas(applying.transaction, ids).await?;
    let known = read::classes_by_code(applying.transaction, named()).await?;
    let known: BTreeMap<String, Class> =
        known.into_iter().filter_map(|class| Some((class.code.clone()?, class))).collect();
    let (mut new, mut changed, mut tally) = (Vec::new(), Vec::new(), Tally::default());
    for placed in rows {
        let row = &placed.row;
        let (Some(school), Some(term)) = (schools.get(&row.school_code), terms.get(&row.term_code)) else {
            continue;
        };
        let before = known.get(&row.code);
        let Some(spec) = spec(applying, placed, before, school, term) else { continue };
        match before {
            None => {
                new.push((made(applying, row, spec), school, term));
                tally.created += 1;
            }
            Some(before) if before.spec == spec && before.fictional == row.fictional => tally.unchanged += 1,
            Some(before) => {
                let Some(follows) = allowed(applying, placed, before, &spec) else { continue };
                tally.updated += 1;
                changed.push((follow(before, row, spec, follows), follows, school, term));
            }
        }
    }
    if !applying.errors.is_empty() {
        return Ok(tally);
    }
    let made: Vec<NewClass> = new.iter().map(|(class, _, _)| class.clone()).collect();
    write_class::insert(applying.transaction, &made, applying.random, applying.now).await?;
    let edited: Vec<ChangedClass> = changed.iter().map(|(class, ..)| class.clone()).collect();
    write_class::update(applying.transaction, &edited, applying.random, applying.now).await?;
    let limited: Vec<_> = new
        .iter()
        .map(|(class, school, term)| Limited { quota: class.quota, school, term })
        .chain(changed.iter().map(|(class, _, school, term)| Limited { quota: class.quota, school, term }))
        .collect();
    limits::link(applying.transaction, &limited).await?;
    for (class, ..) in &new {
        let freeze_at = QuotaSettings::of(&class.spec).entries_until();
        let follows = Consequences { freeze_at, ..Consequences::default() };
        after_edit(applying.transaction, class.quota, follows, applying.now).await?;
    }
    for (class, follows, ..) in &changed {
        after_edit(applying.transaction, class.quota, *follows, applying.now).await?;
        applying.quotas.push(class.quota);
    }
    Ok(tally)
}

/// Imported classes are published: the table is the city's own.
fn made(applying: &Applying<'_>, row: &ClassRow, spec: ClassSpec) -> NewClass {
    NewClass {
        id: applying.random.id(applying.now),
        quota: applying.random.id(applying.now),
        code: Some(row.code.clone()),
        spec,
        status: Status::Open,
        fictional: row.fictional,
    }
}

fn follow(before: &Class, row: &ClassRow, spec: ClassSpec, follows: Consequences) -> ChangedClass {
    ChangedClass {
        id: before.id,
        quota: before.quota,
        spec,
        fictional: row.fictional,
        quota_changed: follows.quota_changed,
        hours_moved: follows.hours_moved,
    }
}

/// What an edit may do, the import may; what it may not is an error in the cell that asks for it.
fn allowed(
    applying: &mut Applying<'_>,
    placed: &Placed<ClassRow>,
    before: &Class,
    spec: &ClassSpec,
) -> Option<Consequences> {
    match edit::check(&before.spec, &before.standing, spec) {
        Ok(follows) => Some(follows),
        Err(refusal) => {
            refuse(applying, placed, &refusal);
            None
        }
    }
}

fn refuse(applying: &mut Applying<'_>, placed: &Placed<ClassRow>, refusal: &Refusal) {
    let row = &placed.row;
    let rule =
        |chinese: &str, english: &str| Expected::Rule { chinese: chinese.into(), english: english.into() };
    match refusal {
        Refusal::TooSmall { minimum } => {
            let found = row.capacity.map(|seats| seats.to_string()).unwrap_or_default();
            let expected = Expected::CapacityAtLeast { given: *minimum };
            applying.errors.push(placed.place.error(Column::Capacity, found, expected));
        }
        Refusal::Invalid(errors) => {
            for error in errors {
                let expected = rule(&error.chinese, &error.english);
                applying.errors.push(placed.place.error(column(&error.pointer), row.code.clone(), expected));
            }
        }
        _ => {
            let expected = rule(
                "未取消、录取方式与抽签名单未定前的课程",
                "a class that is not called off, with the same admission, whose entries are not fixed yet",
            );
            applying.errors.push(placed.place.error(Column::Admission, row.code.clone(), expected));
        }
    }
}

/// The column that says what a field of the edit's form says.
fn column(pointer: &str) -> Column {
    match pointer.split('/').nth(1).unwrap_or_default() {
        "school" => Column::SchoolCode,
        "term" => Column::TermCode,
        "title" => Column::Title,
        "titleEn" => Column::TitleEn,
        "category" => Column::Category,
        "teacher" => Column::Teacher,
        "room" => Column::Room,
        "weekday" => Column::Weekday,
        "startTime" => Column::StartTime,
        "endTime" => Column::EndTime,
        "firstLessonOn" => Column::FirstLesson,
        "lastLessonOn" => Column::LastLesson,
        "skipDates" => Column::SkipDates,
        "capacity" => Column::Capacity,
        "opensAt" => Column::EnrolOpens,
        "closesAt" => Column::EnrolCloses,
        "drawAt" => Column::DrawAt,
        "waitlist" => Column::Waitlist,
        "ageMin" => Column::AgeMin,
        "ageMax" => Column::AgeMax,
        _ => Column::Code,
    }
}

fn spec(
    applying: &mut Applying<'_>,
    placed: &Placed<ClassRow>,
    before: Option<&Class>,
    school: &School,
    term: &Term,
) -> Option<ClassSpec> {
    let row = &placed.row;
    let kept = before.map(|class| class.spec.to_draft());
    let seating = seating(row, kept.as_ref().map(|draft| &draft.seating));
    let draft = ClassDraft {
        school: Some(school.id),
        term: Some(term.id),
        title: row.title.clone(),
        title_en: row.title_en.clone(),
        category: Category::from_word(row.category),
        teacher: row.teacher.clone(),
        room: row.room.clone(),
        description: kept.as_ref().and_then(|draft| draft.description.clone()),
        description_en: kept.as_ref().and_then(|draft| draft.description_en.clone()),
        cover: kept.as_ref().and_then(|draft| draft.cover.clone()),
        timetable: TimetableDraft {
            weekday: row.weekday.number_from_monday().into(),
            start_time: Some(row.start_time),
            end_time: Some(row.end_time),
            first_lesson_on: Some(row.first_lesson_on),
            last_lesson_on: Some(row.last_lesson_on),
            skip_dates: row.skip_dates.iter().copied().map(Some).collect(),
        },
        price_fen: row.fee_fen,
        age_min: row.age_min.map(i64::from),
        age_max: row.age_max.map(i64::from),
        seating,
    };
    match draft.check(Check::new()) {
        Ok(spec) => Some(spec),
        Err(refusal) => {
            refuse(applying, placed, &refusal);
            None
        }
    }
}

fn seating(row: &ClassRow, kept: Option<&SeatingDraft>) -> SeatingDraft {
    let (admission, draw_at) = match row.admission {
        ClassAdmission::FirstCome => (AdmissionKind::FirstCome, None),
        ClassAdmission::Lottery { draw_at } => (AdmissionKind::Lottery, Some(draw_at)),
    };
    let waitlist = match row.waitlist {
        ClassWaitlist::Off => WaitlistKind::Off,
        ClassWaitlist::Instant => WaitlistKind::Instant,
        ClassWaitlist::Offer => WaitlistKind::Offer,
    };
    let offers = waitlist == WaitlistKind::Offer;
    SeatingDraft {
        capacity: row.capacity.map(i64::from),
        admission: Some(admission),
        draw_at,
        fair_minutes: None,
        opens_at: Some(row.enrol_opens_at),
        closes_at: Some(row.enrol_closes_at),
        waitlist: Some(waitlist),
        offer_minutes: kept.and_then(|kept| kept.offer_minutes).filter(|_| offers),
        waitlist_max: kept.and_then(|kept| kept.waitlist_max).filter(|_| waitlist != WaitlistKind::Off),
        promote_until: kept.and_then(|kept| kept.promote_until),
        cancel_until: kept.and_then(|kept| kept.cancel_until),
    }
}
