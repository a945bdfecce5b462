//! Making and editing schools and terms: an operator's verbs, a transaction each.

use super::edit::{Editing, TOPIC};
use super::limits;
use super::read::{self, Hold};
use super::record::{School, Term};
use super::write_place::{self, NewSchool, StoredTerm};
use crate::database::sql::sql;
use crate::error::Result;
use crate::idempotency::{self, Key};
use crate::revisions;
use domain::id::{OrganisationId, QuotaId, SchoolId, TermId};
use domain::night_school::school::SchoolSpec;
use domain::night_school::term::TermSpec;
use domain::refusal::{FieldError, Refusal};
use sea_orm::ConnectionTrait;

/// A school or term as it is now, and the quotas whose limits changed with it.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// As it is now.
    pub now: T,
    /// Quotas that the desk must be told of.
    pub quotas: Vec<QuotaId>,
}

fn first<T>(found: Vec<T>) -> Result<T> {
    found.into_iter().next().ok_or_else(|| Refusal::NotFound.into())
}

impl Editing<'_> {
    /// Makes a school of an organisation. With `key`, once.
    pub async fn create_school(
        self,
        organisation: OrganisationId,
        spec: SchoolSpec,
        key: Option<&Key>,
    ) -> Result<School> {
        let transaction = self.database.begin().await?;
        if let Some(made) = idempotency::begin(&transaction, key, self.now).await? {
            let id: SchoolId = made.parse().map_err(|_| Refusal::NotFound)?;
            return first(read::schools(&transaction, [id], Hold::Free).await?);
        }
        let text = "select 1 from organisations where id = $1 and kind = 'school' and state = 'active'";
        if transaction.query_one_raw(sql(&transaction, text, [organisation.0.into()])).await?.is_none() {
            let (zh, en) = ("没有这个学校机构", "no active organisation of a school");
            return Err(Refusal::Invalid(vec![FieldError::new("/organisation", zh, en)]).into());
        }
        let id: SchoolId = self.random.id(self.now);
        let school = NewSchool { id, code: None, organisation, spec, fictional: false };
        write_place::insert_schools(&transaction, &[school], self.now).await?;
        self.acting.did("school.create", "school", id).write(&transaction, self.random, self.now).await?;
        idempotency::finish(&transaction, key, 201, &id.to_string()).await?;
        revisions::bump(&transaction, TOPIC).await?;
        let school = first(read::schools(&transaction, [id], Hold::Free).await?)?;
        transaction.commit().await?;
        Ok(school)
    }

    /// Edits a school of which the editor saw `version`.
    pub async fn update_school(self, id: SchoolId, version: i64, spec: SchoolSpec) -> Result<Placed<School>> {
        let transaction = self.database.begin().await?;
        let before = first(read::schools(&transaction, [id], Hold::Edited).await?)?;
        if before.version != version {
            return Err(Refusal::VersionConflict { version: before.version }.into());
        }
        if before.spec == spec {
            return Ok(Placed { now: before, quotas: Vec::new() });
        }
        let limit_moved = before.spec.max_classes_per_person != spec.max_classes_per_person;
        let after = School { spec, ..before };
        write_place::update_schools(&transaction, std::slice::from_ref(&after), self.now).await?;
        let quotas = if limit_moved {
            limits::school_changed(&transaction, &after, self.now).await?
        } else {
            Vec::new()
        };
        self.acting.did("school.edit", "school", id).write(&transaction, self.random, self.now).await?;
        revisions::bump(&transaction, TOPIC).await?;
        let now = first(read::schools(&transaction, [id], Hold::Free).await?)?;
        transaction.commit().await?;
        Ok(Placed { now, quotas })
    }

    /// Makes a term. With `key`, once.
    pub async fn create_term(self, spec: TermSpec, key: Option<&Key>) -> Result<Term> {
        let transaction = self.database.begin().await?;
        if let Some(made) = idempotency::begin(&transaction, key, self.now).await? {
            let id: TermId = made.parse().map_err(|_| Refusal::NotFound)?;
            return first(read::terms(&transaction, [id], Hold::Free).await?);
        }
        let id: TermId = self.random.id(self.now);
        let term = StoredTerm { id, code: None, spec };
        write_place::insert_terms(&transaction, &[term], self.now).await?;
        self.acting.did("term.create", "term", id).write(&transaction, self.random, self.now).await?;
        idempotency::finish(&transaction, key, 201, &id.to_string()).await?;
        revisions::bump(&transaction, TOPIC).await?;
        let term = first(read::terms(&transaction, [id], Hold::Free).await?)?;
        transaction.commit().await?;
        Ok(term)
    }

    /// Edits a term of which the editor saw `version`.
    pub async fn update_term(self, id: TermId, version: i64, spec: TermSpec) -> Result<Placed<Term>> {
        let transaction = self.database.begin().await?;
        let before = first(read::terms(&transaction, [id], Hold::Edited).await?)?;
        if before.version != version {
            return Err(Refusal::VersionConflict { version: before.version }.into());
        }
        if before.spec == spec {
            return Ok(Placed { now: before, quotas: Vec::new() });
        }
        let limit_moved = before.spec.max_classes_per_person != spec.max_classes_per_person;
        let stored = StoredTerm { id, code: before.code.clone(), spec: spec.clone() };
        write_place::update_terms(&transaction, &[stored], self.now).await?;
        let after = Term { spec, ..before };
        let quotas = if limit_moved {
            limits::term_changed(&transaction, &after, self.now).await?
        } else {
            Vec::new()
        };
        self.acting.did("term.edit", "term", id).write(&transaction, self.random, self.now).await?;
        revisions::bump(&transaction, TOPIC).await?;
        let now = first(read::terms(&transaction, [id], Hold::Free).await?)?;
        transaction.commit().await?;
        Ok(Placed { now, quotas })
    }
}
