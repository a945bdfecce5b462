//! What a batch reads, each lock in a statement of its own, nothing read before it is locked.

use crate::booking::frames::Frames;
use crate::booking::records::{self, BOOKING_COLUMNS, LIVE, QUOTA_COLUMNS};
use crate::database::rows::{Column, Rows, instant_text};
use crate::error::Result;
use domain::booking::command::{Booking, Command, Verb};
use domain::booking::decide::FREED_PER_SWEEP;
use domain::booking::eligibility::Facts;
use domain::booking::image::{Image, Person, Stretch};
use domain::booking::quota::{Quota, Status};
use domain::id::{PersonId, QuotaId};
use domain::time::{Clock, Instant};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Waiting parties read beyond the seats that may be freed: some will be passed over.
const LINE_SLACK: u32 = 16;
/// Waiting parties read at most; due work goes on behind them.
const LINE_MAX: u32 = 256;

/// Reads, under locks, everything `commands` decide on.
pub async fn image(
    transaction: &DatabaseTransaction,
    clock: &dyn Clock,
    frames: &Frames,
    commands: &[Command],
) -> Result<Image> {
    let quotas = lock_quotas(transaction, frames, &quotas_of(commands.iter())).await?;
    let mut image = Image::new(clock.now());
    let mut people: BTreeSet<PersonId> = commands.iter().filter_map(|command| command.person).collect();
    let mut read: Vec<Booking> = Vec::new();
    for (quota, demand) in demands(quotas, commands) {
        let (id, cancelled) = (quota.id(), quota.status == Status::Cancelled);
        let late = quota.counts.offered > 0;
        let stretch = match demand {
            Demand::Nothing => Stretch { after: 0, until: Some(0) },
            Demand::Whole => Stretch::WHOLE,
            Demand::Line { after, limit } => {
                let line = line(transaction, id, after, limit).await?;
                let until = line.last().map(|last| last.seq).filter(|_| line.len() >= limit as usize);
                people.extend(line.iter().map(|booking| booking.person));
                read.extend(line);
                Stretch { after, until }
            }
        };
        image.add_quota(quota, stretch);
        if late {
            read.extend(late_offers(transaction, id, image.now).await?);
        }
        if cancelled && commands.iter().any(|command| sweeps(command, id)) {
            let mut live = live(transaction, id).await?;
            if live.len() > FREED_PER_SWEEP {
                live.truncate(FREED_PER_SWEEP);
                image.more_live(id);
            }
            people.extend(live.iter().map(|booking| booking.person));
            read.extend(live);
        }
    }
    lock_people(transaction, &mut image, &people).await?;
    read_bookings(transaction, frames, &mut image, &people).await?;
    // Bookings of people whose ledger is now locked were read again above, as they are now; the quota's lock
    // keeps the others as they were.
    for booking in read {
        image.add_booking(booking);
    }
    Ok(image)
}

fn sweeps(command: &Command, quota: QuotaId) -> bool {
    command.quota == quota && matches!(command.verb, Verb::Sweep { .. })
}

/// Every quota that `commands` are about.
pub fn quotas_of<'a>(commands: impl Iterator<Item = &'a Command>) -> BTreeSet<QuotaId> {
    let given_up = |command: &Command| match &command.verb {
        Verb::Take(take) => take.instead_of.map(|(quota, _)| quota),
        _ => None,
    };
    commands.flat_map(|command| given_up(command).into_iter().chain([command.quota])).collect()
}

async fn lock_quotas(
    transaction: &DatabaseTransaction,
    frames: &Frames,
    ids: &BTreeSet<QuotaId>,
) -> Result<Vec<Quota>> {
    let backend = transaction.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for no key update" } else { "" };
    let sql = format!(
        "select {QUOTA_COLUMNS} from quotas q where q.id in (select r.id from {{rows}}) order by q.id {lock}"
    );
    let rows = transaction
        .query_all_raw(Rows::ids(ids.iter().copied()).statement(backend, &sql, Vec::new()))
        .await?;
    let mut wanted = Vec::with_capacity(rows.len());
    for row in &rows {
        wanted.push((QuotaId(row.try_get("", "id")?), row.try_get("", "edition")?));
    }
    let known = frames.get(transaction, &wanted).await?;
    let mut quotas = Vec::with_capacity(rows.len());
    for (row, (id, _)) in rows.iter().zip(&wanted) {
        if let Some(frame) = known.get(id) {
            quotas.push(records::quota(row, std::sync::Arc::clone(frame))?);
        }
    }
    Ok(quotas)
}

/// How much of a quota's line a batch needs.
enum Demand {
    /// Nobody waits: the line is known to be empty.
    Whole,
    /// No seat is free and none can be freed.
    Nothing,
    /// So many, behind this ticket.
    Line { after: i64, limit: u32 },
}

fn demands(quotas: Vec<Quota>, commands: &[Command]) -> Vec<(Quota, Demand)> {
    let mut freed: BTreeMap<QuotaId, u32> = BTreeMap::new();
    let mut moved: BTreeMap<QuotaId, (bool, bool)> = BTreeMap::new();
    for command in commands {
        let entry = moved.entry(command.quota).or_default();
        match &command.verb {
            Verb::Sweep { restart } => entry.0 |= !restart,
            verb => {
                entry.1 = true;
                let may_free = matches!(
                    verb,
                    Verb::Cancel { .. } | Verb::Decline(_) | Verb::Resize { .. } | Verb::Approve(_)
                );
                *freed.entry(command.quota).or_default() += u32::from(may_free);
                if let Verb::Take(take) = verb
                    && let Some((old, _)) = take.instead_of
                {
                    *freed.entry(old).or_default() += 1;
                }
            }
        }
    }
    let demand = |quota: &Quota| {
        if quota.counts.waiting_parties == 0 {
            return Demand::Whole;
        }
        let parties = freed.get(&quota.id()).copied().unwrap_or_default();
        let seats = parties.saturating_mul(u32::from(quota.party_max)) + quota.counts.offered;
        let seats = seats.saturating_add(quota.free().min(LINE_MAX));
        if seats == 0 {
            return Demand::Nothing;
        }
        // A sweep is a batch of its own for its quota; only then does it go on where the last one ended.
        let alone = moved.get(&quota.id()).is_some_and(|(goes_on, others)| *goes_on && !others);
        let after = quota.sweep_after.filter(|_| alone).unwrap_or_default();
        Demand::Line { after, limit: seats.saturating_add(LINE_SLACK).min(LINE_MAX) }
    };
    quotas
        .into_iter()
        .map(|quota| {
            let demand = demand(&quota);
            (quota, demand)
        })
        .collect()
}

async fn line(
    transaction: &DatabaseTransaction,
    quota: QuotaId,
    after: i64,
    limit: u32,
) -> Result<Vec<Booking>> {
    let sql = format!(
        "select {BOOKING_COLUMNS} from bookings b where b.quota_id = $1 and b.state = 'waitlisted' \
         and b.seq > $2 order by b.seq limit $3"
    );
    select(transaction, &sql, vec![quota.0.into(), after.into(), i64::from(limit).into()]).await
}

async fn late_offers(
    transaction: &DatabaseTransaction,
    quota: QuotaId,
    now: Instant,
) -> Result<Vec<Booking>> {
    let sql = format!(
        "select {BOOKING_COLUMNS} from bookings b where b.quota_id = $1 and b.state = 'offered' \
         and b.offer_expires_at <= $2 order by b.seq"
    );
    let now: Value = match transaction.get_database_backend() {
        DbBackend::Postgres => now.into(),
        _ => instant_text(now).into(),
    };
    select(transaction, &sql, vec![quota.0.into(), now]).await
}

async fn live(transaction: &DatabaseTransaction, quota: QuotaId) -> Result<Vec<Booking>> {
    let sql = format!(
        "select {BOOKING_COLUMNS} from bookings b where b.quota_id = $1 and b.state in \
         ('pending', 'entered', 'waitlisted', 'offered', 'confirmed') order by b.seq limit $2"
    );
    let limit = i64::try_from(FREED_PER_SWEEP + 1).unwrap_or(i64::MAX);
    select(transaction, &sql, vec![quota.0.into(), limit.into()]).await
}

async fn select(transaction: &DatabaseTransaction, sql: &str, values: Vec<Value>) -> Result<Vec<Booking>> {
    let backend = transaction.get_database_backend();
    let statement = sea_orm::Statement::from_sql_and_values(backend, sql, values);
    transaction.query_all_raw(statement).await?.iter().map(records::booking).collect()
}

/// One sorted statement for everybody, also when there is no limit.
async fn lock_people(
    transaction: &DatabaseTransaction,
    image: &mut Image,
    people: &BTreeSet<PersonId>,
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let lock = if backend == DbBackend::Postgres { "for no key update" } else { "" };
    let sql = format!(
        "select l.person_id, l.blocked, l.consented, l.birth_date from person_ledger l \
         where l.person_id in (select r.id from {{rows}}) order by l.person_id {lock}"
    );
    let statement = Rows::ids(people.iter().copied()).statement(backend, &sql, Vec::new());
    for row in transaction.query_all_raw(statement).await? {
        let birth: Option<String> = row.try_get("", "birth_date")?;
        let person = Person {
            blocked: row.try_get("", "blocked")?,
            consented: row.try_get("", "consented")?,
            facts: Facts { birth_date: birth.and_then(|text| text.parse().ok()) },
        };
        image.add_person(PersonId(row.try_get("", "person_id")?), person);
    }
    Ok(())
}

/// The live bookings of everybody, and the frames of what they are bookings of.
async fn read_bookings(
    transaction: &DatabaseTransaction,
    frames: &Frames,
    image: &mut Image,
    people: &BTreeSet<PersonId>,
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    // On PostgreSQL the lateral join with `offset 0` keeps the plan at one index probe per person, whatever the
    // statistics say (a plain `in` was planned as a scan of the whole class); on SQLite `cross join` does.
    let sql = if backend == DbBackend::Postgres {
        format!(
            "select {BOOKING_COLUMNS}, q.edition from {{rows}} cross join lateral (select * from bookings x \
             where x.person_id = r.id and x.state in {LIVE} offset 0) b join quotas q on q.id = b.quota_id"
        )
    } else {
        format!(
            "select {BOOKING_COLUMNS}, q.edition from {{rows}} cross join bookings b \
             on b.person_id = r.id and b.state in {LIVE} join quotas q on q.id = b.quota_id"
        )
    };
    let people = Column::Ids(people.iter().map(|person| person.0).collect());
    let statement = Rows::new().with("id", people).statement(backend, &sql, Vec::new());
    let mut wanted: BTreeMap<Uuid, i64> = BTreeMap::new();
    for row in transaction.query_all_raw(statement).await? {
        let booking = records::booking(&row)?;
        wanted.insert(booking.quota.0, row.try_get("", "edition")?);
        image.add_booking(booking);
    }
    wanted.retain(|quota, _| image.quota(QuotaId(*quota)).is_err());
    if !wanted.is_empty() {
        let wanted: Vec<(QuotaId, i64)> =
            wanted.into_iter().map(|(quota, edition)| (QuotaId(quota), edition)).collect();
        for frame in frames.get(transaction, &wanted).await?.into_values() {
            image.add_frame(frame);
        }
    }
    Ok(())
}
