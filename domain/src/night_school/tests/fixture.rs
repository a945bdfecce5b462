//! CL001 of the city's table, as it is sent, and ways to say instants shortly.

use crate::id::{SchoolId, TermId};
use crate::night_school::category::Category;
use crate::night_school::check::Check;
use crate::night_school::class::{ClassDraft, ClassSpec};
use crate::night_school::seating::{AdmissionKind, SeatingDraft, WaitlistKind};
use crate::night_school::timetable::TimetableDraft;
use crate::time::Instant;
use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

/// `2027-02-20T10:00` on the wall clock of Shanghai.
pub fn at(text: &str) -> Instant {
    let text = format!("{text}:00+08:00");
    text.parse::<DateTime<FixedOffset>>().unwrap().to_utc()
}

/// Nineteen seats by lottery, ten Saturdays.
pub fn drums() -> ClassDraft {
    ClassDraft {
        school: Some(SchoolId(Uuid::from_u128(1))),
        term: Some(TermId(Uuid::from_u128(2))),
        title: "非洲鼓入门".into(),
        title_en: Some("African Drum for Beginners".into()),
        category: Some(Category::Music),
        teacher: Some("邵若水".into()),
        room: Some("多功能厅".into()),
        description: None,
        description_en: None,
        cover: None,
        timetable: TimetableDraft {
            weekday: 6,
            start_time: "19:00:00".parse().ok(),
            end_time: "20:30:00".parse().ok(),
            first_lesson_on: "2027-03-20".parse().ok(),
            last_lesson_on: "2027-05-29".parse().ok(),
            skip_dates: vec!["2027-05-01".parse().ok()],
        },
        price_fen: 19_900,
        age_min: Some(18),
        age_max: Some(45),
        seating: SeatingDraft {
            capacity: Some(19),
            admission: Some(AdmissionKind::Lottery),
            draw_at: Some(at("2027-02-27T10:00")),
            fair_minutes: None,
            opens_at: Some(at("2027-02-20T10:00")),
            closes_at: Some(at("2027-02-26T18:00")),
            waitlist: Some(WaitlistKind::Offer),
            offer_minutes: None,
            waitlist_max: None,
            promote_until: None,
            cancel_until: None,
        },
    }
}

/// The same without a draw.
pub fn first_come() -> ClassDraft {
    let mut draft = drums();
    draft.seating.admission = Some(AdmissionKind::FirstCome);
    draft.seating.draw_at = None;
    draft
}

pub fn spec(draft: &ClassDraft) -> ClassSpec {
    draft.check(Check::new()).unwrap()
}
