//! The word on a card, over the life of each kind of class.

use super::fixture::{at, drums, first_come, spec};
use crate::booking::quota::{self, Status};
use crate::night_school::class::ClassDraft;
use crate::night_school::phase::{Phase, Standing};
use crate::night_school::seating::{AdmissionKind, WaitlistKind};
use crate::night_school::settings::QuotaSettings;

fn phase(draft: &ClassDraft, standing: Standing, now: &str) -> Phase {
    let class = spec(draft);
    standing.phase(&QuotaSettings::of(&class), class.timetable.ends_at(), at(now))
}

fn open(held: u32, waiting: u32) -> Standing {
    Standing { held, waiting, ..Standing::untouched(Status::Open) }
}

#[test]
fn first_come_first_served() {
    let class = first_come();
    for (now, held, waiting, expected) in [
        ("2027-02-20T09:59", 0, 0, Phase::Upcoming),
        ("2027-02-20T10:00", 0, 0, Phase::Open),
        ("2027-02-20T10:01", 18, 0, Phase::Open),
        ("2027-02-20T10:01", 19, 0, Phase::Waitlist),
        ("2027-02-20T10:01", 19, 37, Phase::Waitlist),
        ("2027-02-20T10:01", 19, 38, Phase::Full),
        ("2027-02-26T17:59", 18, 0, Phase::Open),
        ("2027-02-26T18:00", 18, 0, Phase::Closed),
        ("2027-05-29T20:29", 19, 0, Phase::Closed),
        ("2027-05-29T20:30", 19, 0, Phase::Over),
    ] {
        assert_eq!(phase(&class, open(held, waiting), now), expected, "{now} {held} {waiting}");
    }
}

#[test]
fn without_a_line_full_is_full() {
    let mut class = first_come();
    class.seating.waitlist = Some(WaitlistKind::Off);
    assert_eq!(phase(&class, open(19, 0), "2027-02-21T10:00"), Phase::Full);
    class.seating.capacity = None;
    assert_eq!(phase(&class, open(5_000, 0), "2027-02-21T10:00"), Phase::Open);
}

#[test]
fn nobody_waits_for_what_is_no_longer_given() {
    let mut class = first_come();
    class.seating.promote_until = Some(at("2027-02-25T12:00"));
    assert_eq!(phase(&class, open(19, 0), "2027-02-25T11:59"), Phase::Waitlist);
    assert_eq!(phase(&class, open(19, 0), "2027-02-25T12:00"), Phase::Full);
}

#[test]
fn a_lottery_takes_entries_then_draws() {
    let drawn = |draw| Standing { draw, ..open(0, 0) };
    for (now, draw, expected) in [
        ("2027-02-20T09:59", quota::Phase::Entering, Phase::Upcoming),
        ("2027-02-26T17:59", quota::Phase::Entering, Phase::Entering),
        // The clock only triggers the freeze: until then the draw is waited for all the same.
        ("2027-02-26T18:00", quota::Phase::Entering, Phase::Drawing),
        ("2027-02-26T18:00", quota::Phase::Frozen, Phase::Drawing),
        ("2027-02-27T10:05", quota::Phase::Drawn, Phase::Closed),
        ("2027-05-29T20:30", quota::Phase::Drawn, Phase::Over),
    ] {
        assert_eq!(phase(&drums(), drawn(draw), now), expected, "{now} {draw:?}");
    }
}

#[test]
fn a_fair_opening_is_first_come_for_what_is_left() {
    let mut class = first_come();
    class.seating.admission = Some(AdmissionKind::FairOpen);
    class.seating.fair_minutes = Some(10);
    let drawn = |draw, held| Standing { draw, ..open(held, 0) };
    for (now, draw, held, expected) in [
        ("2027-02-20T10:09", quota::Phase::Entering, 0, Phase::Entering),
        ("2027-02-20T10:10", quota::Phase::Entering, 0, Phase::Drawing),
        ("2027-02-20T10:11", quota::Phase::Frozen, 0, Phase::Drawing),
        ("2027-02-20T10:12", quota::Phase::Drawn, 12, Phase::Open),
        ("2027-02-20T10:12", quota::Phase::Drawn, 19, Phase::Waitlist),
        ("2027-02-26T18:00", quota::Phase::Drawn, 12, Phase::Closed),
    ] {
        assert_eq!(phase(&class, drawn(draw, held), now), expected, "{now} {draw:?}");
    }
}

#[test]
fn called_off_is_called_off_at_any_time() {
    for now in ["2027-02-20T09:59", "2027-02-21T10:00", "2027-06-01T00:00"] {
        let standing = Standing::untouched(Status::Cancelled);
        assert_eq!(phase(&first_come(), standing, now), Phase::Cancelled);
    }
    for phase in Phase::ALL {
        assert_eq!(Phase::from_word(phase.word()), Some(phase));
    }
    assert_eq!(Phase::from_word("postponed"), None);
}
