//! Notices as the person reads them. They are written in the transactions of their causes.

use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use domain::booking::command::Tell;
use domain::booking::quota::Kind;
use domain::id::{BookingId, NoticeId, PersonId};
use domain::notice::tell;
use domain::time::Instant;
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// A notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Which.
    pub id: NoticeId,
    /// What is said.
    pub tell: Tell,
    /// What sort of thing it is about.
    pub subject_kind: Kind,
    /// Which of them.
    pub subject: Uuid,
    /// Its title, where it still has one.
    pub title: Option<String>,
    /// Its English title.
    pub title_en: Option<String>,
    /// Which booking.
    pub booking: Option<BookingId>,
    /// The host's words, or the code for which the line went past.
    pub reason: Option<String>,
    /// Whether it was read.
    pub is_read: bool,
    /// When it was said.
    pub created_at: Instant,
}

/// Up to `limit` notices of `person`, the newest first, from before `before`.
pub async fn list<C: ConnectionTrait>(
    connection: &C,
    person: PersonId,
    before: Option<NoticeId>,
    limit: u32,
) -> Result<Vec<Notice>> {
    let text = "select n.id, n.kind, n.subject_kind, n.subject_id, c.title, c.title_en, n.booking_id, n.reason, \
        n.until, n.read_at is not null as is_read, n.created_at from notices n \
        left join classes c on n.subject_kind = 'class' and c.id = n.subject_id \
        where n.person_id = $1 and n.id < $2 order by n.id desc limit $3";
    let before = before.map_or(Uuid::max(), |before| before.0);
    let values = [person.0.into(), before.into(), i64::from(limit).into()];
    connection.query_all_raw(sql(connection, text, values)).await?.iter().map(notice).collect()
}

fn notice(row: &QueryResult) -> Result<Notice> {
    let kind: String = row.try_get("", "kind")?;
    let until: Option<Instant> = row.try_get("", "until")?;
    let sort: String = row.try_get("", "subject_kind")?;
    Ok(Notice {
        id: NoticeId(row.try_get("", "id")?),
        tell: tell(&kind, until).ok_or_else(|| Error::Stored(format!("notices.kind = {kind}")))?,
        subject_kind: Kind::from_word(&sort)
            .ok_or_else(|| Error::Stored(format!("notices.subject_kind = {sort}")))?,
        subject: row.try_get("", "subject_id")?,
        title: row.try_get("", "title")?,
        title_en: row.try_get("", "title_en")?,
        booking: row.try_get::<Option<Uuid>>("", "booking_id")?.map(BookingId),
        reason: row.try_get("", "reason")?,
        is_read: row.try_get("", "is_read")?,
        created_at: row.try_get("", "created_at")?,
    })
}

/// How many notices `person` has not read.
pub async fn unread<C: ConnectionTrait>(connection: &C, person: PersonId) -> Result<u64> {
    let text = "select count(*) as unread from notices where person_id = $1 and read_at is null";
    let row = connection.query_one_raw(sql(connection, text, [person.0.into()])).await?;
    let unread: i64 = row.map(|row| row.try_get("", "unread")).transpose()?.unwrap_or_default();
    Ok(u64::try_from(unread).unwrap_or_default())
}

/// Marks the notice `up_to` and all before it as read; says how many are left unread.
pub async fn mark_read(database: &Database, person: PersonId, up_to: NoticeId, now: Instant) -> Result<u64> {
    let transaction = database.begin().await?;
    let text = "update notices set read_at = $3 where person_id = $1 and id <= $2 and read_at is null";
    transaction.execute_raw(sql(&transaction, text, [person.0.into(), up_to.0.into(), now.into()])).await?;
    let left = unread(&transaction, person).await?;
    transaction.commit().await?;
    Ok(left)
}
