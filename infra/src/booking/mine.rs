//! A person's bookings as they read them: with the place in the line, the seats left, the hours.

use crate::booking::records::{self, BOOKING_COLUMNS, LIVE};
use crate::booking::write::instant;
use crate::database::Database;
use crate::database::rows::Rows;
use crate::error::{Error, Result};
use domain::booking::command::Booking;
use domain::booking::eligibility::Facts;
use domain::booking::quota::{Kind, Status};
use domain::booking::state::State;
use domain::id::{BookingId, PersonId, QuotaId};
use domain::time::Instant;
use sea_orm::{ConnectionTrait, QueryResult, Statement, Value};
use uuid::Uuid;

/// A booking with what surrounds it.
#[derive(Debug, Clone)]
pub struct Mine {
    /// The booking.
    pub booking: Booking,
    /// Of what sort of thing.
    pub kind: Kind,
    /// The class, event or offer.
    pub subject: Uuid,
    /// Whether the thing still takes place.
    pub status: Status,
    /// The place in the line, from 1, of a waiting booking.
    pub position: Option<u32>,
    /// Seats left; none = unlimited.
    pub seats_left: Option<u32>,
    /// Until when the person can give a seat up.
    pub cancel_until: Instant,
    /// The first hour.
    pub starts_at: Option<Instant>,
    /// The end of the last hour.
    pub ends_at: Option<Instant>,
    /// The next hour that is not over, as (start, end).
    pub next: Option<(Instant, Instant)>,
    /// When it was paid, if it was.
    pub paid_at: Option<Instant>,
}

/// Which part of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Not over yet.
    Upcoming,
    /// Over.
    Past,
}

/// Which of a person's bookings.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only of this sort.
    pub kind: Option<Kind>,
    /// Only in these states; empty = any.
    pub states: Vec<State>,
    /// Only of this part of time.
    pub when: Option<When>,
    /// Only of these things; empty = any.
    pub subjects: Vec<Uuid>,
    /// Only older than this one.
    pub before: Option<BookingId>,
    /// How many at most.
    pub limit: u32,
}

const SELECT: &str = "q.kind, q.subject_id, q.status, q.cancel_until, b.paid_at, \
    q.capacity - q.confirmed - q.attended - q.no_show - q.used - q.offered as seats_left, \
    case when b.state = 'waitlisted' then (select count(*) from bookings w where w.quota_id = b.quota_id \
      and w.state = 'waitlisted' and w.seq <= b.seq) end as place, \
    (select min(s.starts_at) from quota_slots s where s.quota_id = q.id) as starts_at, \
    (select max(s.ends_at) from quota_slots s where s.quota_id = q.id) as ends_at, \
    (select min(s.starts_at) from quota_slots s where s.quota_id = q.id and s.ends_at > $A) as next_starts_at, \
    (select min(s.ends_at) from quota_slots s where s.quota_id = q.id and s.ends_at > $A) as next_ends_at";

fn mine(row: &QueryResult) -> Result<Mine> {
    let seats: Option<i32> = row.try_get("", "seats_left")?;
    let place: Option<i64> = row.try_get("", "place")?;
    let next: Option<Instant> = row.try_get("", "next_starts_at")?;
    let next_end: Option<Instant> = row.try_get("", "next_ends_at")?;
    Ok(Mine {
        booking: records::booking(row)?,
        kind: records::word(row, "kind", Kind::from_word)?,
        subject: row.try_get("", "subject_id")?,
        status: records::word(row, "status", Status::from_word)?,
        position: place.and_then(|place| u32::try_from(place).ok()),
        seats_left: seats.and_then(|seats| u32::try_from(seats).ok()),
        cancel_until: row.try_get("", "cancel_until")?,
        starts_at: row.try_get("", "starts_at")?,
        ends_at: row.try_get("", "ends_at")?,
        next: next.zip(next_end),
        paid_at: row.try_get("", "paid_at")?,
    })
}

/// The person's bookings, newest first.
pub async fn list(database: &Database, person: PersonId, filter: &Filter, now: Instant) -> Result<Vec<Mine>> {
    let backend = database.backend();
    let over = "coalesce((select max(s.ends_at) from quota_slots s where s.quota_id = q.id), q.closes_at)";
    let when = match filter.when {
        None => String::new(),
        Some(When::Upcoming) => format!("and {over} > $A"),
        Some(When::Past) => format!("and {over} <= $A"),
    };
    let states = match filter.states.as_slice() {
        [] => String::new(),
        // Words of an enumeration of ours, never what was sent.
        states => {
            let words: Vec<String> = states.iter().map(|state| format!("'{}'", state.word())).collect();
            format!("and b.state in ({})", words.join(", "))
        }
    };
    let subjects = if filter.subjects.is_empty() {
        ""
    } else {
        "and exists (select 1 from {rows} where r.id = q.subject_id)"
    };
    // Live and ended bookings have a partial index each.
    let live = format!("select * from bookings x where x.person_id = $B and x.id < $C and x.state in {LIVE}");
    let ended =
        format!("select * from bookings y where y.person_id = $B and y.id < $C and y.state not in {LIVE}");
    let sql = format!(
        "select {BOOKING_COLUMNS}, {SELECT} from ({live} union all {ended}) b join quotas q on q.id = b.quota_id \
         where ($D = '' or q.kind = $D) {when} {states} {subjects} order by b.id desc limit $E"
    );
    let values = vec![
        instant(backend, now),
        person.0.into(),
        filter.before.map_or(Uuid::max(), |id| id.0).into(),
        filter.kind.map_or("", Kind::word).into(),
        i64::from(filter.limit).into(),
    ];
    let statement = Rows::ids(filter.subjects.iter().copied()).statement(backend, &sql, values);
    database.reader().query_all_raw(statement).await?.iter().map(mine).collect()
}

/// One booking of the person; somebody else's does not exist for them.
pub async fn one(database: &Database, person: PersonId, id: BookingId, now: Instant) -> Result<Option<Mine>> {
    let backend = database.backend();
    let sql = format!(
        "select {BOOKING_COLUMNS}, {} from bookings b join quotas q on q.id = b.quota_id \
         where b.id = $2 and b.person_id = $3",
        SELECT.replace("$A", "$1")
    );
    let values: [Value; 3] = [instant(backend, now), id.0.into(), person.0.into()];
    let row = database.reader().query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    row.as_ref().map(mine).transpose()
}

/// Whose a booking is and of which quota: what a command about it needs to know.
pub async fn owner(database: &Database, id: BookingId) -> Result<Option<(QuotaId, PersonId)>> {
    let statement = Statement::from_sql_and_values(
        database.backend(),
        "select quota_id, person_id from bookings where id = $1",
        [id.0.into()],
    );
    let Some(row) = database.reader().query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some((QuotaId(row.try_get("", "quota_id")?), PersonId(row.try_get("", "person_id")?))))
}

/// What rules ask about a person.
pub async fn facts(database: &Database, person: PersonId) -> Result<Facts> {
    let statement = Statement::from_sql_and_values(
        database.backend(),
        "select birth_date from person_ledger where person_id = $1",
        [person.0.into()],
    );
    let row = database.reader().query_one_raw(statement).await?;
    let row = row.ok_or_else(|| Error::Stored("a person without a ledger row".into()))?;
    let birth: Option<String> = row.try_get("", "birth_date")?;
    Ok(Facts { birth_date: birth.and_then(|text| text.parse().ok()) })
}
