//! Making, editing, publishing and calling off classes: a transaction each.
//!
//! Whoever edits a class holds its quota's lock. After the commit the caller tells the desk and the bus ([`Edited`]).

use super::limits::{self, Limited};
use super::read::{self, Hold};
use super::record::{Class, School, Term};
use super::write_class::{self, ChangedClass, NewClass};
use crate::audit::Acting;
use crate::booking::write::insert_due;
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::Result;
use crate::idempotency::{self, Key};
use crate::random::Random;
use crate::revisions;
use domain::booking::command::{Due, DueKind};
use domain::booking::quota::Status;
use domain::id::{ClassId, QuotaId};
use domain::night_school::edit::{self, Consequences};
use domain::night_school::{ClassSpec, QuotaSettings};
use domain::refusal::{FieldError, Refusal};
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::BTreeSet;

/// The topic of the revisions and the bus.
pub const TOPIC: &str = "night_school";

/// What was edited: the class as it is now.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The class.
    pub class: Class,
    /// Whether anything changed.
    pub changed: bool,
}

/// Who edits, with what, when.
#[derive(Debug, Clone, Copy)]
pub struct Editing<'a> {
    /// The database.
    pub database: &'a Database,
    /// Ids.
    pub random: &'a Random,
    /// As the audit will say it.
    pub acting: &'a Acting,
    /// Now.
    pub now: Instant,
}

async fn find(transaction: &DatabaseTransaction, id: ClassId) -> Result<Class> {
    read::lock_quotas(transaction, [id]).await?;
    let class = read::classes(transaction, [id]).await?.into_iter().next();
    class.ok_or_else(|| Refusal::NotFound.into())
}

/// The school and the term of a class, so that neither is edited meanwhile.
async fn place(transaction: &DatabaseTransaction, spec: &ClassSpec) -> Result<(School, Term)> {
    let unknown = |pointer: &str, chinese: &str, english: &str| {
        Refusal::Invalid(vec![FieldError::new(pointer, chinese, english)])
    };
    let school = read::schools(transaction, [spec.school], Hold::Shared).await?.into_iter().next();
    let term = read::terms(transaction, [spec.term], Hold::Shared).await?.into_iter().next();
    let school = school.ok_or_else(|| unknown("/school", "没有这所学校", "there is no such school"))?;
    let term = term.ok_or_else(|| unknown("/term", "没有这个学期", "there is no such term"))?;
    Ok((school, term))
}

impl Editing<'_> {
    /// Makes a draft. With `key`, once.
    pub async fn create(self, spec: ClassSpec, key: Option<&Key>) -> Result<Class> {
        let transaction = self.database.begin().await?;
        if let Some(made) = idempotency::begin(&transaction, key, self.now).await? {
            let id: ClassId = made.parse().map_err(|_| Refusal::NotFound)?;
            return find(&transaction, id).await;
        }
        let (school, term) = place(&transaction, &spec).await?;
        let class = NewClass {
            id: self.random.id(self.now),
            quota: self.random.id(self.now),
            code: None,
            spec,
            status: Status::Draft,
            fictional: false,
        };
        let (id, quota) = (class.id, class.quota);
        write_class::insert(&transaction, &[class], self.random, self.now).await?;
        limits::link(&transaction, &[Limited { quota, school: &school, term: &term }]).await?;
        self.done(&transaction, "class.create", id).await?;
        idempotency::finish(&transaction, key, 201, &id.to_string()).await?;
        let made = find(&transaction, id).await?;
        transaction.commit().await?;
        Ok(made)
    }

    /// Edits a class of which the editor saw `version`.
    pub async fn update(self, id: ClassId, version: i64, spec: ClassSpec) -> Result<Edited> {
        let transaction = self.database.begin().await?;
        let (school, term) = place(&transaction, &spec).await?;
        let before = find(&transaction, id).await?;
        if before.version != version {
            return Err(Refusal::VersionConflict { version: before.version }.into());
        }
        let follows = edit::check(&before.spec, &before.standing, &spec)?;
        if spec == before.spec {
            return Ok(Edited { class: before, changed: false });
        }
        let changed = ChangedClass {
            id,
            quota: before.quota,
            spec,
            fictional: before.fictional,
            quota_changed: follows.quota_changed,
            hours_moved: follows.hours_moved,
        };
        write_class::update(&transaction, &[changed], self.random, self.now).await?;
        if before.spec.term != term.id {
            limits::link(&transaction, &[Limited { quota: before.quota, school: &school, term: &term }])
                .await?;
        }
        after_edit(&transaction, before.quota, follows, self.now).await?;
        self.done(&transaction, "class.edit", id).await?;
        let class = find(&transaction, id).await?;
        transaction.commit().await?;
        Ok(Edited { class, changed: true })
    }

    /// Shows a draft to the public; once more changes nothing.
    pub async fn publish(self, id: ClassId) -> Result<Edited> {
        let transaction = self.database.begin().await?;
        let class = find(&transaction, id).await?;
        if !edit::check_publish(&class.spec, class.standing.status, self.now)? {
            return Ok(Edited { class, changed: false });
        }
        let text = "update quotas set status = 'open', version = version + 1 where id = $1";
        transaction.execute_raw(sql(&transaction, text, [class.quota.0.into()])).await?;
        let text = "update classes set published_at = $2, updated_at = $2 where id = $1";
        let now = crate::booking::write::instant(self.database.backend(), self.now);
        transaction.execute_raw(sql(&transaction, text, [id.0.into(), now])).await?;
        let freeze_at = QuotaSettings::of(&class.spec).entries_until();
        let follows = Consequences { freeze_at, ..Consequences::default() };
        after_edit(&transaction, class.quota, follows, self.now).await?;
        self.done(&transaction, "class.publish", id).await?;
        let class = find(&transaction, id).await?;
        transaction.commit().await?;
        Ok(Edited { class, changed: true })
    }

    /// Calls a class off: it is shut now, and due work frees everybody. Once more changes nothing.
    pub async fn cancel(self, id: ClassId, reason: Option<String>) -> Result<Edited> {
        let transaction = self.database.begin().await?;
        let class = find(&transaction, id).await?;
        if class.standing.status == Status::Cancelled {
            return Ok(Edited { class, changed: false });
        }
        let text = "update quotas set status = 'cancelled', version = version + 1 where id = $1";
        transaction.execute_raw(sql(&transaction, text, [class.quota.0.into()])).await?;
        let text = "update classes set cancelled_at = $2, updated_at = $2, cancel_reason = $3 where id = $1";
        let now = crate::booking::write::instant(self.database.backend(), self.now);
        transaction.execute_raw(sql(&transaction, text, [id.0.into(), now, reason.into()])).await?;
        let close_out = Due { quota: class.quota, kind: DueKind::CloseOut, at: self.now };
        insert_due(&transaction, &BTreeSet::from([close_out])).await?;
        self.done(&transaction, "class.cancel", id).await?;
        let class = find(&transaction, id).await?;
        transaction.commit().await?;
        Ok(Edited { class, changed: true })
    }

    async fn done(self, transaction: &DatabaseTransaction, action: &'static str, id: ClassId) -> Result<()> {
        self.acting.did(action, "class", id).write(transaction, self.random, self.now).await?;
        revisions::bump(transaction, TOPIC).await
    }
}

/// The work that follows an edit.
pub(crate) async fn after_edit(
    transaction: &DatabaseTransaction,
    quota: QuotaId,
    follows: Consequences,
    now: Instant,
) -> Result<()> {
    let look = follows.look.then_some(Due { quota, kind: DueKind::Look, at: now });
    let freeze = follows.freeze_at.map(|at| Due { quota, kind: DueKind::Freeze, at });
    insert_due(transaction, &look.into_iter().chain(freeze).collect()).await
}
