//! Frames of quotas: their hours, limits and rule, cached by edition. Not read again until an edit.

use crate::booking::records;
use crate::database::rows::Rows;
use crate::error::{Error, Result};
use domain::booking::eligibility::Rule;
use domain::booking::limit::{Limit, Per, Window};
use domain::booking::quota::{Frame, Kind};
use domain::booking::slot::Slot;
use domain::id::QuotaId;
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

/// Frames kept; a city has a few thousand quotas in use.
const FRAMES_MAX: usize = 20_000;

/// The cache of one process.
#[derive(Debug, Default)]
pub struct Frames(Mutex<HashMap<QuotaId, Arc<Frame>>>);

impl Frames {
    /// The frame of `quota` at `edition`, if it is known.
    fn known(&self, quota: QuotaId, edition: i64) -> Option<Arc<Frame>> {
        let frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        frames.get(&quota).filter(|frame| frame.edition == edition).map(Arc::clone)
    }

    fn keep(&self, frame: &Arc<Frame>) {
        let mut frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if frames.len() >= FRAMES_MAX {
            frames.clear();
        }
        frames.insert(frame.id, Arc::clone(frame));
    }

    /// The frames of `wanted` (id and edition), reading those that are not known.
    pub async fn get(
        &self,
        connection: &impl ConnectionTrait,
        wanted: &[(QuotaId, i64)],
    ) -> Result<HashMap<QuotaId, Arc<Frame>>> {
        let mut found = HashMap::with_capacity(wanted.len());
        let mut unknown = Vec::new();
        for (quota, edition) in wanted {
            match self.known(*quota, *edition) {
                Some(frame) => drop(found.insert(*quota, frame)),
                None => unknown.push(*quota),
            }
        }
        if !unknown.is_empty() {
            unknown.sort_unstable();
            unknown.dedup();
            for frame in read(connection, &unknown).await? {
                let frame = Arc::new(frame);
                self.keep(&frame);
                found.insert(frame.id, frame);
            }
        }
        Ok(found)
    }
}

async fn read(connection: &impl ConnectionTrait, quotas: &[QuotaId]) -> Result<Vec<Frame>> {
    let backend = connection.get_database_backend();
    let select = |sql: &str| Rows::ids(quotas.iter().copied()).statement(backend, sql, Vec::new());
    let heads =
        "select q.id, q.kind, q.subject_id, q.edition, q.rule from {rows} join quotas q on q.id = r.id";
    let mut frames: BTreeMap<Uuid, Frame> = BTreeMap::new();
    for row in connection.query_all_raw(select(heads)).await? {
        let frame = head(&row)?;
        frames.insert(frame.id.0, frame);
    }
    let slots = "select s.quota_id, s.starts_at, s.ends_at from {rows} join quota_slots s on s.quota_id = r.id \
        order by s.quota_id, s.starts_at";
    for row in connection.query_all_raw(select(slots)).await? {
        let slot = Slot { starts_at: row.try_get("", "starts_at")?, ends_at: row.try_get("", "ends_at")? };
        if let Some(frame) = frames.get_mut(&row.try_get("", "quota_id")?) {
            frame.slots.push(slot);
        }
    }
    let limits = "select ql.quota_id, l.id, l.per, l.counted_window, l.max from {rows} \
        join quota_limits ql on ql.quota_id = r.id join limits l on l.id = ql.limit_id order by ql.quota_id, l.id";
    for row in connection.query_all_raw(select(limits)).await? {
        let limit = limit(&row)?;
        if let Some(frame) = frames.get_mut(&row.try_get("", "quota_id")?) {
            frame.limits.push(limit);
        }
    }
    Ok(frames.into_values().collect())
}

fn head(row: &QueryResult) -> Result<Frame> {
    let rule: Option<String> = row.try_get("", "rule")?;
    let rule: Rule = match rule {
        Some(text) => serde_json::from_str(&text).map_err(|error| Error::Stored(format!("rule: {error}")))?,
        None => Rule::default(),
    };
    Ok(Frame {
        id: row.try_get::<Uuid>("", "id")?.into(),
        kind: records::word(row, "kind", Kind::from_word)?,
        subject: row.try_get("", "subject_id")?,
        edition: row.try_get("", "edition")?,
        slots: Vec::new(),
        limits: Vec::new(),
        rule,
    })
}

fn limit(row: &QueryResult) -> Result<Limit> {
    let max: i32 = row.try_get("", "max")?;
    Ok(Limit {
        id: row.try_get("", "id")?,
        per: records::word(row, "per", Per::from_word)?,
        window: records::word(row, "counted_window", Window::from_word)?,
        max: u16::try_from(max).map_err(|_| Error::Stored(format!("max = {max}")))?,
    })
}
