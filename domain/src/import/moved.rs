//! The sample city, moved in time: so that whoever looks at it finds classes to enrol in now.
//!
//! Enrolment windows move by days, so that they opened yesterday; lessons move by whole weeks, so that a Saturday stays a
//! Saturday. A real import is never moved.

use super::city::CityRows;
use super::class::{ClassAdmission, ClassRow, ClassWaitlist};
use super::row::Placed;
use crate::time::{Instant, local_date};
use chrono::TimeDelta;

/// How long from now the class opens that opens soon, in minutes.
const OPENS_SOON_MINUTES: i64 = 10;

/// What the moved city has for a newcomer to find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Days by which the windows moved.
    pub days: i64,
    /// The code of the class that is to be filled, with a waiting list.
    pub full: Option<String>,
}

/// Moves `rows` so that enrolment opened yesterday; one class opens in ten minutes, one has closed.
pub fn move_to(rows: &mut CityRows, now: Instant) -> Moved {
    let Some(opened) = rows.classes.iter().map(|placed| placed.row.enrol_opens_at).min() else {
        return Moved { days: 0, full: None };
    };
    let days = (local_date(now) - local_date(opened)).num_days() - 1;
    let (windows, lessons) = (TimeDelta::days(days), TimeDelta::days(days.div_euclid(7) * 7));
    for term in &mut rows.terms {
        term.first_day += lessons;
        term.last_day += lessons;
    }
    for Placed { row, .. } in &mut rows.classes {
        shift(row, windows, lessons);
    }
    let mut first_come: Vec<&mut ClassRow> = rows
        .classes
        .iter_mut()
        .map(|placed| &mut placed.row)
        .filter(|row| row.admission == ClassAdmission::FirstCome)
        .collect();
    first_come.sort_by(|a, b| a.code.cmp(&b.code));
    let mut special = first_come.into_iter().rev();
    if let Some(soon) = special.next() {
        soon.enrol_opens_at = now + TimeDelta::minutes(OPENS_SOON_MINUTES);
    }
    if let Some(closed) = special.next() {
        closed.enrol_closes_at = now - TimeDelta::hours(1);
    }
    let full = special
        .filter(|row| row.waitlist == ClassWaitlist::Instant)
        .min_by_key(|row| (row.capacity, row.code.clone()))
        .map(|row| row.code.clone());
    Moved { days, full }
}

fn shift(row: &mut ClassRow, windows: TimeDelta, lessons: TimeDelta) {
    row.enrol_opens_at += windows;
    row.enrol_closes_at += windows;
    if let ClassAdmission::Lottery { draw_at } = &mut row.admission {
        *draw_at += windows;
    }
    row.first_lesson_on += lessons;
    row.last_lesson_on += lessons;
    for day in &mut row.skip_dates {
        *day += lessons;
    }
}
