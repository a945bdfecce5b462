//! The audit log: every change by staff or an operator, and every privileged read of personal data; kept at least six
//! months (网络安全法 第二十一条). A change's entry is written in the change's own transaction.

use crate::database::Database;
use crate::database::sql::sql;
use crate::error::Result;
use crate::random::Random;
use domain::id::{OrganisationId, PersonId};
use domain::time::Instant;
use sea_orm::ConnectionTrait;
use serde_json::Value;
use uuid::Uuid;

/// On whose behalf a verb acts, as the log will say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Who; none = whoever sits at the machine.
    pub person: Option<PersonId>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// In which request.
    pub request_id: Option<String>,
}

impl Acting {
    /// The command line.
    pub fn at_the_machine() -> Self {
        Self { person: None, organisation: None, request_id: None }
    }

    /// That `action` was done to `subject`, a `subject_kind`.
    pub fn did(
        &self,
        action: &'static str,
        subject_kind: &'static str,
        subject: impl Into<Uuid>,
    ) -> AuditEntry {
        AuditEntry { acting: self.clone(), action, subject_kind, subject: Some(subject.into()), detail: None }
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    acting: Acting,
    action: &'static str,
    subject_kind: &'static str,
    subject: Option<Uuid>,
    detail: Option<Value>,
}

impl AuditEntry {
    /// With more about it: what changed, or why. Never a secret, a phone number or a real name.
    #[must_use]
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Writes it, in the transaction of what it tells of.
    pub async fn write<C: ConnectionTrait>(
        &self,
        connection: &C,
        random: &Random,
        now: Instant,
    ) -> Result<()> {
        let text = "insert into audit_entries (id, at, actor_id, action, subject_kind, subject_id, organisation_id, \
            detail, request_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values = [
            random.uuid(now).into(),
            now.into(),
            self.acting.person.map(|person| person.0).into(),
            self.action.into(),
            self.subject_kind.into(),
            self.subject.into(),
            self.acting.organisation.map(|organisation| organisation.0).into(),
            self.detail.as_ref().map(Value::to_string).into(),
            self.acting.request_id.clone().into(),
        ];
        connection.execute_raw(sql(connection, text, values)).await?;
        Ok(())
    }

    /// Writes it in a transaction of its own: for what only reads.
    pub async fn record(&self, database: &Database, random: &Random, now: Instant) -> Result<()> {
        let transaction = database.begin().await?;
        self.write(&transaction, random, now).await?;
        transaction.commit().await?;
        Ok(())
    }
}
