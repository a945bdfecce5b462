//! Rows of `quotas` and `bookings` as the domain's values.

use crate::error::{Error, Result};
use domain::booking::command::Booking;
use domain::booking::quota::{Admission, Counts, Frame, Phase, Quota, Status, Waitlist};
use sea_orm::QueryResult;
use std::sync::Arc;

/// The columns of a quota that every batch reads.
pub const QUOTA_COLUMNS: &str = "q.id, q.kind, q.subject_id, q.status, q.capacity, q.confirmed, q.attended, \
    q.no_show, q.used, q.offered, q.waitlisted, q.pending, q.entered, q.waiting_parties, q.admission, q.draw_at, \
    q.fair_minutes, q.phase, q.opens_at, q.closes_at, q.per_person, q.party_max, q.waitlist, q.offer_minutes, \
    q.waitlist_max, q.promote_until, q.cancel_until, q.sweep_after, q.seq, q.version, q.edition";

/// The columns of a booking.
pub const BOOKING_COLUMNS: &str = "b.id, b.quota_id, b.person_id, b.ordinal, b.party, b.seq, b.state, b.reason, \
    b.answers, b.debits, b.offer_expires_at, b.passed_over, b.created_at, b.changed_at";

/// States in which a booking is live, as the partial index has them, word for word.
pub const LIVE: &str = "('pending', 'entered', 'waitlisted', 'offered', 'confirmed', 'attended', 'no_show')";

fn number<T: TryFrom<i32>>(row: &QueryResult, column: &str) -> Result<T> {
    let value: i32 = row.try_get("", column)?;
    T::try_from(value).map_err(|_| Error::Stored(format!("{column} = {value}")))
}

fn optional<T: TryFrom<i32>>(row: &QueryResult, column: &str) -> Result<Option<T>> {
    let value: Option<i32> = row.try_get("", column)?;
    value
        .map(|value| T::try_from(value).map_err(|_| Error::Stored(format!("{column} = {value}"))))
        .transpose()
}

/// The word in `column` as the value it names.
pub fn word<T>(row: &QueryResult, column: &str, known: impl Fn(&str) -> Option<T>) -> Result<T> {
    let word: String = row.try_get("", column)?;
    known(&word).ok_or_else(|| Error::Stored(format!("{column} = {word}")))
}

/// How a request becomes a seat, in `row`.
pub fn admission(row: &QueryResult) -> Result<Admission> {
    let word: String = row.try_get("", "admission")?;
    Ok(match word.as_str() {
        "first_come" => Admission::FirstCome,
        "approval" => Admission::Approval,
        "lottery" => Admission::Lottery { draw_at: row.try_get("", "draw_at")? },
        "fair_open" => Admission::FairOpen { minutes: number(row, "fair_minutes")? },
        _ => return Err(Error::Stored(format!("admission = {word}"))),
    })
}

/// Whether people can wait, in `row`.
pub fn waitlist(row: &QueryResult) -> Result<Waitlist> {
    let word: String = row.try_get("", "waitlist")?;
    Ok(match word.as_str() {
        "off" => Waitlist::Off,
        "instant" => Waitlist::Instant,
        "offer" => Waitlist::Offer { minutes: number(row, "offer_minutes")? },
        _ => return Err(Error::Stored(format!("waitlist = {word}"))),
    })
}

/// The quota in `row`, whose frame has been read before.
pub fn quota(row: &QueryResult, frame: Arc<Frame>) -> Result<Quota> {
    Ok(Quota {
        frame,
        status: word(row, "status", Status::from_word)?,
        capacity: optional(row, "capacity")?,
        counts: Counts {
            confirmed: number(row, "confirmed")?,
            attended: number(row, "attended")?,
            no_show: number(row, "no_show")?,
            used: number(row, "used")?,
            offered: number(row, "offered")?,
            waitlisted: number(row, "waitlisted")?,
            pending: number(row, "pending")?,
            entered: number(row, "entered")?,
            waiting_parties: number(row, "waiting_parties")?,
        },
        admission: admission(row)?,
        phase: word(row, "phase", Phase::from_word)?,
        opens_at: row.try_get("", "opens_at")?,
        closes_at: row.try_get("", "closes_at")?,
        per_person: number(row, "per_person")?,
        party_max: number(row, "party_max")?,
        waitlist: waitlist(row)?,
        waitlist_max: number(row, "waitlist_max")?,
        promote_until: row.try_get("", "promote_until")?,
        cancel_until: row.try_get("", "cancel_until")?,
        sweep_after: row.try_get("", "sweep_after")?,
        seq: row.try_get("", "seq")?,
        version: row.try_get("", "version")?,
    })
}

/// The booking in `row`.
pub fn booking(row: &QueryResult) -> Result<Booking> {
    let state: String = row.try_get("", "state")?;
    Ok(Booking {
        id: row.try_get::<uuid::Uuid>("", "id")?.into(),
        quota: row.try_get::<uuid::Uuid>("", "quota_id")?.into(),
        person: row.try_get::<uuid::Uuid>("", "person_id")?.into(),
        ordinal: number(row, "ordinal")?,
        party: number(row, "party")?,
        seq: row.try_get("", "seq")?,
        state: state.parse().map_err(|error| Error::Stored(format!("{error}")))?,
        reason: row.try_get("", "reason")?,
        answers: row.try_get("", "answers")?,
        debits: row.try_get("", "debits")?,
        offer_expires_at: row.try_get("", "offer_expires_at")?,
        passed_over: row.try_get("", "passed_over")?,
        created_at: row.try_get("", "created_at")?,
        changed_at: row.try_get("", "changed_at")?,
    })
}
