//! What may become of a class, and what follows.

use super::fixture::{at, drums, first_come, spec};
use crate::booking::quota::{self, Status};
use crate::id::{SchoolId, TermId};
use crate::night_school::class::ClassDraft;
use crate::night_school::edit::{Consequences, check, check_publish};
use crate::night_school::phase::Standing;
use crate::night_school::seating::AdmissionKind;
use crate::refusal::Refusal;
use uuid::Uuid;

fn edit(
    before: &ClassDraft,
    standing: Standing,
    change: impl FnOnce(&mut ClassDraft),
) -> Result<Consequences, Refusal> {
    let mut after = before.clone();
    change(&mut after);
    check(&spec(before), &standing, &spec(&after))
}

fn open(held: u32) -> Standing {
    Standing { held, ..Standing::untouched(Status::Open) }
}

#[test]
fn words_move_no_quota() {
    let words = edit(&drums(), open(3), |class| {
        class.title = "非洲鼓进阶".into();
        class.teacher = None;
        class.price_fen = 0;
    });
    assert_eq!(words, Ok(Consequences::default()));
}

#[test]
fn what_follows_from_an_edit() {
    let quota = Consequences { quota_changed: true, look: true, ..Consequences::default() };
    let more = edit(&drums(), open(19), |class| class.seating.capacity = Some(20));
    assert_eq!(more, Ok(quota));
    let older = edit(&drums(), open(19), |class| class.age_max = Some(60));
    assert_eq!(older, Ok(quota));
    let later = edit(&drums(), open(0), |class| class.timetable.end_time = "21:00:00".parse().ok());
    assert_eq!(later, Ok(Consequences { hours_moved: true, ..quota }));
    let closes = at("2027-02-26T12:00");
    let earlier = edit(&drums(), open(0), |class| class.seating.closes_at = Some(closes));
    assert_eq!(earlier, Ok(Consequences { freeze_at: Some(closes), ..quota }));
    let same_window = edit(&first_come(), open(0), |class| class.seating.closes_at = Some(closes));
    assert_eq!(same_window, Ok(quota));

    let draft = Standing::untouched(Status::Draft);
    let unseen = edit(&drums(), draft, |class| class.seating.closes_at = Some(closes));
    assert_eq!(unseen, Ok(Consequences { quota_changed: true, ..Consequences::default() }));
}

#[test]
fn capacity_never_falls_below_what_is_given() {
    for (capacity, result) in [(Some(12), true), (Some(13), true), (Some(11), false), (None, true)] {
        let edited = edit(&first_come(), open(12), |class| class.seating.capacity = capacity);
        let expected = if result { Ok(()) } else { Err(Refusal::TooSmall { minimum: 12 }) };
        assert_eq!(edited.map(|_| ()), expected, "{capacity:?}");
    }
}

#[test]
fn what_is_published_keeps_its_admission_school_and_term() {
    let approval = |class: &mut ClassDraft| class.seating.admission = Some(AdmissionKind::Approval);
    assert_eq!(edit(&first_come(), open(0), approval), Err(Refusal::WrongState));
    assert!(edit(&first_come(), Standing::untouched(Status::Draft), approval).is_ok());
    let draw_later = edit(&drums(), open(0), |class| class.seating.draw_at = Some(at("2027-02-28T10:00")));
    assert!(draw_later.unwrap().quota_changed);

    let moved = |standing| {
        let moved = edit(&drums(), standing, |class| {
            class.school = Some(SchoolId(Uuid::from_u128(9)));
            class.term = Some(TermId(Uuid::from_u128(9)));
        });
        let Err(Refusal::Invalid(errors)) = moved else { panic!("{moved:?}") };
        errors.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
    };
    assert_eq!(moved(open(0)), ["/school", "/term"]);
    assert_eq!(moved(Standing::untouched(Status::Draft)), ["/school"]);
}

#[test]
fn fixed_entries_keep_their_window_and_called_off_is_past() {
    let frozen = Standing { draw: quota::Phase::Frozen, ..open(0) };
    let later = |class: &mut ClassDraft| class.seating.draw_at = Some(at("2027-02-28T10:00"));
    assert_eq!(edit(&drums(), frozen, later), Err(Refusal::WrongState));
    assert!(edit(&drums(), frozen, |class| class.seating.capacity = Some(25)).is_ok());
    let cancelled = Standing::untouched(Status::Cancelled);
    assert_eq!(edit(&drums(), cancelled, |_| {}), Err(Refusal::WrongState));
}

#[test]
fn only_what_can_still_be_booked_is_published() {
    let class = spec(&drums());
    let early = at("2027-02-01T00:00");
    assert_eq!(check_publish(&class, Status::Draft, early), Ok(true));
    assert_eq!(check_publish(&class, Status::Open, early), Ok(false));
    assert_eq!(check_publish(&class, Status::Cancelled, early), Err(Refusal::WrongState));
    let late = check_publish(&class, Status::Draft, at("2027-02-26T18:00"));
    assert!(matches!(late, Err(Refusal::Invalid(errors)) if errors[0].pointer == "/closesAt"));
}
