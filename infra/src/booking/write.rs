//! The difference a batch has made, written set-wise: updates before inserts (a row may be born cancelled).
//!
//! The number of statements does not depend on how many bookings changed. Every update says from which state, and the
//! rows it touched are counted: a difference is an alarm, not a way of deciding.

use crate::database::rows::{Column, Rows, instant_text};
use crate::error::{Error, Result};
use crate::random::Random;
use domain::booking::command::{Booking, Due, Tell};
use domain::booking::image::{Image, QuotaImage};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Writes what `image` has changed. Returns whether there was anything.
pub async fn difference(transaction: &DatabaseTransaction, image: &Image, random: &Random) -> Result<bool> {
    let changed: Vec<(&Booking, &Booking)> = image
        .bookings()
        .filter_map(|entry| entry.before.as_ref().map(|before| (before, &entry.booking)))
        .filter(|(before, now)| before != now)
        .collect();
    let created: Vec<&Booking> = image.created().collect();
    let quotas: Vec<&QuotaImage> = image.quotas().filter(|quota| quota.quota != quota.before).collect();
    update_bookings(transaction, &changed).await?;
    insert_bookings(transaction, &created).await?;
    update_quotas(transaction, &quotas).await?;
    insert_notices(transaction, image, random).await?;
    insert_due(transaction, &image.due).await?;
    let quiet = changed.is_empty() && created.is_empty() && quotas.is_empty();
    Ok(!quiet || !image.told.is_empty() || !image.due.is_empty())
}

fn alarm(what: &str, expected: usize, touched: u64) -> Result<()> {
    if u64::try_from(expected).is_ok_and(|expected| expected == touched) {
        Ok(())
    } else {
        Err(Error::Stored(format!("{what}: {touched} of {expected} rows were as they had been read")))
    }
}

async fn update_bookings(transaction: &DatabaseTransaction, changed: &[(&Booking, &Booking)]) -> Result<()> {
    if changed.is_empty() {
        return Ok(());
    }
    let now = || changed.iter().map(|(_, now)| *now);
    let rows = Rows::new()
        .with("id", Column::Ids(now().map(|booking| booking.id.0).collect()))
        .with(
            "was",
            Column::Texts(changed.iter().map(|(before, _)| Some(before.state.word().to_owned())).collect()),
        )
        .with("state", Column::Texts(now().map(|booking| Some(booking.state.word().to_owned())).collect()))
        .with("party", Column::Ints(now().map(|booking| Some(u32::from(booking.party))).collect()))
        .with("seq", Column::Bigs(now().map(|booking| Some(booking.seq)).collect()))
        .with("reason", Column::Texts(now().map(|booking| booking.reason.clone()).collect()))
        .with("answers", Column::Texts(now().map(|booking| booking.answers.clone()).collect()))
        .with("debits", Column::Texts(now().map(|booking| booking.debits.clone()).collect()))
        .with("expires", Column::Instants(now().map(|booking| booking.offer_expires_at).collect()))
        .with("passed", Column::Texts(now().map(|booking| booking.passed_over.clone()).collect()))
        .with("changed", Column::Instants(now().map(|booking| Some(booking.changed_at)).collect()));
    let sql = "update bookings set state = r.state, party = r.party, seq = r.seq, reason = r.reason, \
        answers = r.answers, debits = r.debits, offer_expires_at = r.expires, passed_over = r.passed, \
        changed_at = r.changed from {rows} where bookings.id = r.id and bookings.state = r.was";
    let statement = rows.statement(transaction.get_database_backend(), sql, Vec::new());
    alarm("bookings", changed.len(), transaction.execute_raw(statement).await?.rows_affected())
}

async fn insert_bookings(transaction: &DatabaseTransaction, created: &[&Booking]) -> Result<()> {
    if created.is_empty() {
        return Ok(());
    }
    let each = || created.iter();
    let rows = Rows::new()
        .with("id", Column::Ids(each().map(|booking| booking.id.0).collect()))
        .with("quota_id", Column::Ids(each().map(|booking| booking.quota.0).collect()))
        .with("person_id", Column::Ids(each().map(|booking| booking.person.0).collect()))
        .with("ordinal", Column::Ints(each().map(|booking| Some(u32::from(booking.ordinal))).collect()))
        .with("party", Column::Ints(each().map(|booking| Some(u32::from(booking.party))).collect()))
        .with("seq", Column::Bigs(each().map(|booking| Some(booking.seq)).collect()))
        .with("state", Column::Texts(each().map(|booking| Some(booking.state.word().to_owned())).collect()))
        .with("reason", Column::Texts(each().map(|booking| booking.reason.clone()).collect()))
        .with("answers", Column::Texts(each().map(|booking| booking.answers.clone()).collect()))
        .with("debits", Column::Texts(each().map(|booking| booking.debits.clone()).collect()))
        .with("expires", Column::Instants(each().map(|booking| booking.offer_expires_at).collect()))
        .with("passed", Column::Texts(each().map(|booking| booking.passed_over.clone()).collect()))
        .with("created", Column::Instants(each().map(|booking| Some(booking.created_at)).collect()))
        .with("changed", Column::Instants(each().map(|booking| Some(booking.changed_at)).collect()));
    let sql = "insert into bookings (id, quota_id, person_id, ordinal, party, seq, state, reason, answers, debits, \
        offer_expires_at, passed_over, created_at, changed_at) select r.id, r.quota_id, r.person_id, r.ordinal, \
        r.party, r.seq, r.state, r.reason, r.answers, r.debits, r.expires, r.passed, r.created, r.changed \
        from {rows}";
    let statement = rows.statement(transaction.get_database_backend(), sql, Vec::new());
    transaction.execute_raw(statement).await?;
    Ok(())
}

async fn update_quotas(transaction: &DatabaseTransaction, quotas: &[&QuotaImage]) -> Result<()> {
    if quotas.is_empty() {
        return Ok(());
    }
    let each = || quotas.iter().map(|image| &image.quota);
    let count = |of: fn(&domain::booking::quota::Counts) -> u32| {
        Column::Ints(each().map(|quota| Some(of(&quota.counts))).collect())
    };
    let rows = Rows::new()
        .with("id", Column::Ids(each().map(|quota| quota.id().0).collect()))
        .with("was", Column::Bigs(quotas.iter().map(|image| Some(image.before.version)).collect()))
        .with("confirmed", count(|counts| counts.confirmed))
        .with("attended", count(|counts| counts.attended))
        .with("no_show", count(|counts| counts.no_show))
        .with("used", count(|counts| counts.used))
        .with("offered", count(|counts| counts.offered))
        .with("waitlisted", count(|counts| counts.waitlisted))
        .with("pending", count(|counts| counts.pending))
        .with("entered", count(|counts| counts.entered))
        .with("waiting", count(|counts| counts.waiting_parties))
        .with("phase", Column::Texts(each().map(|quota| Some(quota.phase.word().to_owned())).collect()))
        .with("sweep_after", Column::Bigs(each().map(|quota| quota.sweep_after).collect()))
        .with("seq", Column::Bigs(each().map(|quota| Some(quota.seq)).collect()));
    let sql = "update quotas set confirmed = r.confirmed, attended = r.attended, no_show = r.no_show, \
        used = r.used, offered = r.offered, waitlisted = r.waitlisted, pending = r.pending, entered = r.entered, \
        waiting_parties = r.waiting, phase = r.phase, sweep_after = r.sweep_after, seq = r.seq, \
        version = r.was + 1 from {rows} where quotas.id = r.id and quotas.version = r.was";
    let statement = rows.statement(transaction.get_database_backend(), sql, Vec::new());
    alarm("quotas", quotas.len(), transaction.execute_raw(statement).await?.rows_affected())
}

async fn insert_notices(transaction: &DatabaseTransaction, image: &Image, random: &Random) -> Result<()> {
    if image.told.is_empty() {
        return Ok(());
    }
    let each = || image.told.iter();
    let until = |tell: Tell| match tell {
        Tell::SeatOffered(until) => Some(until),
        _ => None,
    };
    let rows = Rows::new()
        .with("id", Column::Ids(each().map(|_| random.uuid(image.now)).collect()))
        .with("person_id", Column::Ids(each().map(|told| told.person.0).collect()))
        .with("kind", Column::Texts(each().map(|told| Some(told.tell.word().to_owned())).collect()))
        .with("subject_kind", Column::Texts(each().map(|told| Some(told.kind.word().to_owned())).collect()))
        .with("subject_id", Column::Ids(each().map(|told| told.subject).collect::<Vec<Uuid>>()))
        .with("booking_id", Column::Ids(each().map(|told| told.booking.0).collect()))
        .with("reason", Column::Texts(each().map(|told| told.reason.clone()).collect()))
        .with("until", Column::Instants(each().map(|told| until(told.tell)).collect()))
        .with("created", Column::Instants(each().map(|_| Some(image.now)).collect()));
    let sql = "insert into notices (id, person_id, kind, subject_kind, subject_id, booking_id, reason, until, \
        created_at) select r.id, r.person_id, r.kind, r.subject_kind, r.subject_id, r.booking_id, r.reason, \
        r.until, r.created from {rows}";
    transaction.execute_raw(rows.statement(transaction.get_database_backend(), sql, Vec::new())).await?;
    Ok(())
}

/// Writes work that becomes due; the same once more changes nothing.
pub async fn insert_due(transaction: &DatabaseTransaction, due: &BTreeSet<Due>) -> Result<()> {
    if due.is_empty() {
        return Ok(());
    }
    let rows = Rows::new()
        .with("subject_id", Column::Ids(due.iter().map(|due| due.quota.0).collect()))
        .with("kind", Column::Texts(due.iter().map(|due| Some(due.kind.word().to_owned())).collect()))
        .with("due_at", Column::Instants(due.iter().map(|due| Some(due.at)).collect()));
    // What becomes due again while somebody is at it (a sweep that goes on within the same millisecond) is not theirs
    // any more: the claim is void, and the row changed, so that they do not remove it.
    let sql = "insert into due_work (subject_id, kind, due_at) select r.subject_id, r.kind, r.due_at from {rows} \
        where true on conflict (subject_id, kind, due_at) do update set claimed_until = null, \
        attempts = due_work.attempts + 1";
    transaction.execute_raw(rows.statement(transaction.get_database_backend(), sql, Vec::new())).await?;
    Ok(())
}

/// An instant as a parameter of a statement of one's own.
pub fn instant(backend: DbBackend, at: domain::time::Instant) -> Value {
    match backend {
        DbBackend::Postgres => at.into(),
        _ => instant_text(at).into(),
    }
}
