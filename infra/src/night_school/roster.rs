//! The roster of a class: who has a place, in order of the ticket.

use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use domain::booking::state::State;
use domain::id::{BookingId, PersonId, QuotaId};
use domain::time::Instant;
use sea_orm::ConnectionTrait;

/// Entries of one download at most.
pub const DOWNLOAD_MAX: u32 = 20_000;

/// One line of the roster.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The booking.
    pub booking: BookingId,
    /// Whose.
    pub person: PersonId,
    /// What others see of them.
    pub nickname: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Seats.
    pub party: u32,
    /// The place in the line, from 1.
    pub position: Option<u32>,
    /// The ticket: by it the roster is sorted.
    pub seq: i64,
    /// When it was made.
    pub created_at: Instant,
}

/// Up to `limit` live bookings of `quota` after the ticket `after`.
pub async fn entries(database: &Database, quota: QuotaId, after: i64, limit: u32) -> Result<Vec<Entry>> {
    let reader = database.reader();
    let text = "select b.id, b.person_id, p.nickname, b.state, b.party, b.seq, b.created_at, \
        case when b.state = 'waitlisted' then row_number() over (partition by b.state order by b.seq) end as place \
        from bookings b left join people p on p.id = b.person_id where b.quota_id = $1 and b.state in \
        ('pending', 'entered', 'waitlisted', 'offered', 'confirmed', 'attended', 'no_show') order by b.seq";
    let text = format!("select * from ({text}) t where t.seq > $2 order by t.seq limit $3");
    let values = [quota.0.into(), after.into(), i64::from(limit).into()];
    let mut entries = Vec::new();
    for row in reader.query_all_raw(sql(reader, &text, values)).await? {
        let state: String = row.try_get("", "state")?;
        let party: i32 = row.try_get("", "party")?;
        let place: Option<i64> = row.try_get("", "place")?;
        entries.push(Entry {
            booking: BookingId(row.try_get("", "id")?),
            person: PersonId(row.try_get("", "person_id")?),
            nickname: row.try_get("", "nickname")?,
            state: state.parse().map_err(|error| Error::Stored(format!("{error}")))?,
            party: u32::try_from(party).unwrap_or_default(),
            position: place.and_then(|place| u32::try_from(place).ok()),
            seq: row.try_get("", "seq")?,
            created_at: row.try_get("", "created_at")?,
        });
    }
    Ok(entries)
}
