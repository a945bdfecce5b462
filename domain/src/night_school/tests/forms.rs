//! What of a form is wrong, field by field, and what follows from a right one.

use super::fixture::{at, drums, first_come, spec};
use crate::booking::eligibility::Rule;
use crate::booking::quota::{Admission, Waitlist};
use crate::geo::{Datum, Point};
use crate::night_school::check::Check;
use crate::night_school::class::{Ages, ClassDraft};
use crate::night_school::school::SchoolDraft;
use crate::night_school::seating::{AdmissionKind, WaitlistKind};
use crate::night_school::settings::QuotaSettings;
use crate::night_school::term::TermDraft;
use crate::refusal::Refusal;
use std::fmt::Debug;

fn pointers<T: Debug>(result: Result<T, Refusal>) -> Vec<String> {
    match result {
        Err(Refusal::Invalid(errors)) => {
            assert!(errors.iter().all(|error| !error.chinese.is_empty() && !error.english.is_empty()));
            errors.into_iter().map(|error| error.pointer).collect()
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn every_wrong_field_of_a_class_is_named() {
    type Change = fn(&mut ClassDraft);
    let table: [(Change, &[&str]); 31] = [
        (|_| {}, &[]),
        (|class| class.title = "  ".into(), &["/title"]),
        (|class| class.title = "课".repeat(81), &["/title"]),
        (|class| class.title = "a\0b".into(), &["/title"]),
        (|class| class.title_en = Some("x".repeat(161)), &["/titleEn"]),
        (|class| class.teacher = Some("x".repeat(61)), &["/teacher"]),
        (|class| class.room = Some("a\tb".into()), &["/room"]),
        (|class| class.description = Some("x".repeat(4001)), &["/description"]),
        (|class| class.description_en = Some("\u{202E}".into()), &["/descriptionEn"]),
        (|class| class.cover = Some("http://example.com/a.png".into()), &["/cover"]),
        (|class| class.price_fen = -1, &["/priceFen"]),
        (|class| class.price_fen = 10_000_001, &["/priceFen"]),
        (|class| class.age_min = Some(0), &["/ageMin"]),
        (|class| class.age_max = Some(17), &["/ageMax"]),
        (|class| class.age_max = Some(121), &["/ageMax"]),
        (|class| class.seating.capacity = Some(0), &["/capacity"]),
        (|class| class.seating.capacity = Some(100_001), &["/capacity"]),
        (|class| class.seating.closes_at = class.seating.opens_at, &["/closesAt"]),
        (|class| class.seating.closes_at = Some(at("2027-05-29T20:31")), &["/closesAt", "/drawAt"]),
        (|class| class.seating.draw_at = None, &["/drawAt"]),
        (|class| class.seating.draw_at = Some(at("2027-02-26T17:59")), &["/drawAt"]),
        (|class| class.seating.draw_at = Some(at("2027-03-20T19:00")), &["/drawAt"]),
        (|class| class.seating.admission = Some(AdmissionKind::FirstCome), &["/drawAt"]),
        (|class| class.seating.admission = Some(AdmissionKind::FairOpen), &["/drawAt", "/fairMinutes"]),
        (|class| class.seating.fair_minutes = Some(10), &["/fairMinutes"]),
        (|class| class.seating.offer_minutes = Some(4), &["/offerMinutes"]),
        (
            |class| {
                class.seating.waitlist = Some(WaitlistKind::Off);
                class.seating.offer_minutes = Some(60);
                class.seating.waitlist_max = Some(5);
            },
            &["/offerMinutes", "/waitlistMax"],
        ),
        (|class| class.seating.waitlist_max = Some(0), &["/waitlistMax"]),
        (|class| class.seating.promote_until = Some(at("2027-05-30T00:00")), &["/promoteUntil"]),
        (|class| class.seating.cancel_until = Some(at("2027-05-30T00:00")), &["/cancelUntil"]),
        (
            |class| {
                class.title = String::new();
                class.timetable.weekday = 9;
                class.price_fen = -5;
                class.seating.capacity = Some(-1);
            },
            &["/title", "/weekday", "/priceFen", "/capacity"],
        ),
    ];
    for (place, (change, wrong)) in table.into_iter().enumerate() {
        let mut draft = drums();
        change(&mut draft);
        assert_eq!(pointers(draft.check(Check::new())), wrong, "{place}");
    }
}

#[test]
fn what_could_not_be_read_is_said_once_beside_the_rest() {
    let mut check = Check::new();
    let mut draft = drums();
    draft.timetable.start_time = check.time("/startTime", "25:00");
    draft.seating.draw_at = check.instant("/drawAt", "tomorrow");
    draft.price_fen = -1;
    assert_eq!(pointers(draft.check(check)), ["/startTime", "/drawAt", "/priceFen"]);
}

#[test]
fn what_is_checked_reads_back_as_it_was_sent() {
    let mut fair = first_come();
    fair.seating.admission = Some(AdmissionKind::FairOpen);
    fair.seating.fair_minutes = Some(10);
    fair.seating.waitlist = Some(WaitlistKind::Off);
    let mut own = drums();
    own.seating.waitlist_max = Some(7);
    own.seating.offer_minutes = Some(60);
    own.seating.promote_until = Some(at("2027-03-19T12:00"));
    own.seating.cancel_until = Some(at("2027-03-18T12:00"));
    let mut unlimited = first_come();
    unlimited.seating.capacity = None;
    unlimited.seating.waitlist = Some(WaitlistKind::Instant);
    for draft in [drums(), first_come(), fair, own, unlimited] {
        let class = spec(&draft);
        assert_eq!(spec(&class.to_draft()), class);
        let settings = QuotaSettings::of(&class);
        assert_eq!(settings.to_seating(&class.timetable), class.seating);
    }
}

#[test]
fn a_quota_follows_from_its_class() {
    let settings = QuotaSettings::of(&spec(&drums()));
    assert_eq!(settings.capacity, Some(19));
    assert_eq!(settings.waitlist, Waitlist::Offer { minutes: 120 });
    assert_eq!(settings.waitlist_max, 38);
    assert_eq!(settings.promote_until, at("2027-03-20T19:00"));
    assert_eq!(settings.cancel_until, at("2027-03-20T19:00"));
    assert_eq!(settings.rule, Rule::AgeBetween { min: Some(18), max: Some(45) });
    assert_eq!(settings.slots.len(), 10);
    assert_eq!(settings.admission, Admission::Lottery { draw_at: at("2027-02-27T10:00") });
    assert_eq!(settings.entries_until(), Some(at("2027-02-26T18:00")));
    assert_eq!(Ages::default().rule(), Rule::default());

    let mut small = first_come();
    small.seating.capacity = Some(5);
    assert_eq!(QuotaSettings::of(&spec(&small)).waitlist_max, 20);
    small.seating.waitlist = Some(WaitlistKind::Off);
    assert_eq!(QuotaSettings::of(&spec(&small)).waitlist_max, 0);
}

#[test]
fn a_moved_timetable_takes_its_defaults_along() {
    let mut draft = drums();
    let settings = QuotaSettings::of(&spec(&draft));
    draft.seating = settings.to_seating(&spec(&draft).timetable).to_draft();
    draft.timetable.first_lesson_on = "2027-03-27".parse().ok();
    let moved = QuotaSettings::of(&spec(&draft));
    assert_eq!(moved.promote_until, at("2027-03-27T19:00"));
    assert_eq!(moved.cancel_until, at("2027-03-27T19:00"));
}

#[test]
fn every_wrong_field_of_a_school_is_named() {
    let right = SchoolDraft {
        name: "常州青年夜校·总校（市文化馆）".into(),
        district_code: Some("TN".into()),
        position: Some((31.802, 119.9702)),
        datum: Some(Datum::Gcj02),
        coord_precision: Some("street".into()),
        nearest_metro_m: Some(470),
        max_classes_per_person: Some(2),
        ..SchoolDraft::default()
    };
    let school = right.check(Check::new()).unwrap();
    let position = school.position.unwrap();
    assert_eq!(position.datum.write(position.point), (31.802, 119.9702));
    // Inside it is WGS-84: half a kilometre away from the same degrees.
    let same_degrees = Point::new(31.802, 119.9702).unwrap();
    assert!((450.0..550.0).contains(&position.point.metres_to(same_degrees)));
    let wrong = SchoolDraft {
        name: String::new(),
        district_code: Some("ZZ".into()),
        position: Some((119.9702, 31.802)),
        coord_precision: Some("exact".into()),
        nearest_metro_m: Some(-1),
        max_classes_per_person: Some(0),
        ..right
    };
    assert_eq!(
        pointers(wrong.check(Check::new())),
        ["/name", "/districtCode", "/position", "/coordPrecision", "/nearestMetroM", "/maxClassesPerPerson"]
    );
}

#[test]
fn every_wrong_field_of_a_term_is_named() {
    let right = TermDraft {
        name: "2027春季".into(),
        name_en: None,
        starts_on: "2027-03-01".parse().ok(),
        ends_on: "2027-06-30".parse().ok(),
        max_classes_per_person: None,
    };
    assert_eq!(right.check(Check::new()).unwrap().max_classes_per_person, 2);
    let wrong = TermDraft {
        name: " ".into(),
        ends_on: "2027-02-28".parse().ok(),
        max_classes_per_person: Some(0),
        ..right
    };
    assert_eq!(pointers(wrong.check(Check::new())), ["/name", "/endsOn", "/maxClassesPerPerson"]);
}
