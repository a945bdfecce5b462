//! The limits a seat of a class counts towards: classes per person and term over all schools, and a school's own.
//!
//! Classes that count together share one row of `limits`, found by its key; a seat remembers it by id.

use super::record::{School, Term};
use crate::booking::write::insert_due;
use crate::database::rows::{Column, Rows};
use crate::database::sql::{locking, sql};
use crate::error::Result;
use domain::booking::command::{Due, DueKind};
use domain::id::{QuotaId, SchoolId, TermId};
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The limits of one class.
#[derive(Debug, Clone, Copy)]
pub struct Limited<'a> {
    /// Its quota.
    pub quota: QuotaId,
    /// Its school.
    pub school: &'a School,
    /// Its term.
    pub term: &'a Term,
}

fn term_key(term: TermId) -> String {
    format!("classes:{term}")
}

fn school_key(school: SchoolId, term: TermId) -> String {
    format!("{school}:{term}")
}

/// Links the quotas to their limits, in place of those they had; limits that do not exist yet are made.
pub async fn link(transaction: &DatabaseTransaction, classes: &[Limited<'_>]) -> Result<()> {
    if classes.is_empty() {
        return Ok(());
    }
    let mut limits: BTreeMap<String, (&str, u16)> = BTreeMap::new();
    let mut links: Vec<(QuotaId, String)> = Vec::new();
    for class in classes {
        let key = term_key(class.term.id);
        limits.insert(key.clone(), ("person", class.term.spec.max_classes_per_person));
        links.push((class.quota, key));
        if let Some(max) = class.school.spec.max_classes_per_person {
            let key = school_key(class.school.id, class.term.id);
            limits.insert(key.clone(), ("school", max));
            links.push((class.quota, key));
        }
    }
    let rows = Rows::new()
        .with("key", Column::Texts(limits.keys().map(|key| Some(key.clone())).collect()))
        .with("per", Column::Texts(limits.values().map(|(per, _)| Some((*per).to_owned())).collect()))
        .with("max", Column::Ints(limits.values().map(|(_, max)| Some(u32::from(*max))).collect()));
    let text = "insert into limits (key, per, counted_window, max) select r.key, r.per, 'term', r.max from {rows} \
        where true on conflict (key) do nothing";
    execute(transaction, rows, text).await?;
    let quotas = Rows::ids(classes.iter().map(|class| class.quota));
    execute(transaction, quotas, "delete from quota_limits where quota_id in (select r.id from {rows})")
        .await?;
    let rows = Rows::new()
        .with("quota_id", Column::Ids(links.iter().map(|(quota, _)| quota.0).collect()))
        .with("key", Column::Texts(links.iter().map(|(_, key)| Some(key.clone())).collect()));
    let text = "insert into quota_limits (quota_id, limit_id) select r.quota_id, l.id from {rows} \
        join limits l on l.key = r.key";
    execute(transaction, rows, text).await
}

/// A term's limit is another now: every class of it counts anew, and whoever waits for one is looked at.
pub async fn term_changed(
    transaction: &DatabaseTransaction,
    term: &Term,
    now: Instant,
) -> Result<Vec<QuotaId>> {
    let quotas = quotas_of(transaction, "c.term_id", term.id.0).await?;
    let max = i32::from(term.spec.max_classes_per_person);
    set_max(transaction, &term_key(term.id), max).await?;
    count_anew(transaction, &quotas, now).await?;
    Ok(quotas)
}

/// A school's own limit is another now, or there is one, or none any more.
pub async fn school_changed(
    transaction: &DatabaseTransaction,
    school: &School,
    now: Instant,
) -> Result<Vec<QuotaId>> {
    let quotas = quotas_of(transaction, "c.school_id", school.id.0).await?;
    let text = "select c.quota_id, c.term_id from classes c where c.school_id = $1";
    let statement = sql(transaction, text, [school.id.0.into()]);
    let mut terms = BTreeSet::new();
    let mut of_class = Vec::new();
    for row in transaction.query_all_raw(statement).await? {
        let (quota, term) = (QuotaId(row.try_get("", "quota_id")?), TermId(row.try_get("", "term_id")?));
        terms.insert(term);
        of_class.push((quota, term));
    }
    for term in &terms {
        let key = school_key(school.id, *term);
        if let Some(max) = school.spec.max_classes_per_person {
            set_max(transaction, &key, i32::from(max)).await?;
        } else {
            let text = "delete from quota_limits where limit_id in \
                    (select l.id from limits l join {rows} on r.key = l.key)";
            let rows = Rows::new().with("key", Column::Texts(vec![Some(key)]));
            execute(transaction, rows, text).await?;
        }
    }
    if school.spec.max_classes_per_person.is_some() {
        let keys = of_class.iter().map(|(_, term)| Some(school_key(school.id, *term))).collect();
        let rows = Rows::new()
            .with("quota_id", Column::Ids(of_class.iter().map(|(quota, _)| quota.0).collect()))
            .with("key", Column::Texts(keys));
        let text = "insert into quota_limits (quota_id, limit_id) select r.quota_id, l.id from {rows} \
            join limits l on l.key = r.key where true on conflict (quota_id, limit_id) do nothing";
        execute(transaction, rows, text).await?;
    }
    count_anew(transaction, &quotas, now).await?;
    Ok(quotas)
}

async fn set_max(transaction: &DatabaseTransaction, key: &str, max: i32) -> Result<()> {
    let per = if key.starts_with("classes:") { "person" } else { "school" };
    let text = "insert into limits (key, per, counted_window, max) values ($1, $2, 'term', $3) \
        on conflict (key) do update set max = excluded.max";
    let values = [key.into(), per.into(), max.into()];
    transaction.execute_raw(sql(transaction, text, values)).await?;
    Ok(())
}

/// The quotas of the classes whose `column` is `id`, locked, by id.
async fn quotas_of(transaction: &DatabaseTransaction, column: &str, id: Uuid) -> Result<Vec<QuotaId>> {
    let lock = locking(transaction, "q");
    let text = format!(
        "select q.id from quotas q where q.id in (select c.quota_id from classes c where {column} = $1) \
         order by q.id {lock}"
    );
    let statement = sql(transaction, &text, [id.into()]);
    let rows = transaction.query_all_raw(statement).await?;
    rows.iter().map(|row| Ok(QuotaId(row.try_get("", "id")?))).collect()
}

async fn count_anew(transaction: &DatabaseTransaction, quotas: &[QuotaId], now: Instant) -> Result<()> {
    let text = "update quotas set edition = edition + 1, version = version + 1 \
        where id in (select r.id from {rows})";
    execute(transaction, Rows::ids(quotas.iter().copied()), text).await?;
    let look = |quota: &QuotaId| Due { quota: *quota, kind: DueKind::Look, at: now };
    insert_due(transaction, &quotas.iter().map(look).collect()).await
}

async fn execute(transaction: &DatabaseTransaction, rows: Rows, text: &str) -> Result<()> {
    let statement = rows.statement(transaction.get_database_backend(), text, Vec::new());
    transaction.execute_raw(statement).await?;
    Ok(())
}
