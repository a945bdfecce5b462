//! Invitations: a code with which one person takes up a role, once.

use super::entity::{invitation, membership};
use super::person::membership as membership_of;
use crate::audit::Acting;
use crate::database::Database;
use crate::database::sql::{locking, sql};
use crate::error::{Error, Result};
use crate::idempotency::{self, Key};
use crate::identity::{Tokens, organisation};
use crate::random::Random;
use domain::id::{OrganisationId, PersonId};
use domain::identity::organisation::State;
use domain::identity::{Membership, Thing};
use domain::refusal::{FieldError, Refusal};
use domain::time::Instant;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set,
};
use serde_json::json;
use std::fmt::Write;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// What takes it up: 32 characters, so that it fits the `scene` of a mini-app code.
    pub code: String,
    /// Into which organisation.
    pub organisation: OrganisationId,
    /// As what.
    pub membership: Membership,
    /// Until when it can be taken up.
    pub expires_at: Instant,
}

/// Makes an invitation, already checked by the domain. With `key`, once.
pub async fn create(
    database: &Database,
    random: &Random,
    wanted: (OrganisationId, Membership, Instant),
    by: (PersonId, &Acting),
    key: Option<&Key>,
    now: Instant,
) -> Result<Invitation> {
    let (organisation, membership, expires_at) = wanted;
    let (person, acting) = by;
    let transaction = database.begin().await?;
    if let Some(code) = idempotency::begin(&transaction, key, now).await? {
        return read(&transaction, code).await;
    }
    if let Some(scope) = membership.scope
        && !belongs(&transaction, scope, organisation).await?
    {
        let error = FieldError::new("/scope", "不属于这个机构", "does not belong to this organisation");
        return Err(Refusal::Invalid(vec![error]).into());
    }
    let code = hex(random.bytes::<16>());
    let row = invitation::ActiveModel {
        code: Set(code.clone()),
        organisation_id: Set(organisation.0),
        role: Set(membership.role.word().to_owned()),
        scope_kind: Set(membership.scope.map(|scope| scope.kind().to_owned())),
        scope_id: Set(membership.scope.map(Thing::uuid)),
        created_by: Set(person.0),
        created_at: Set(now),
        expires_at: Set(expires_at),
        accepted_by: NotSet,
        accepted_at: NotSet,
    };
    invitation::Entity::insert(row).exec_without_returning(&transaction).await?;
    let entry = acting.did("invitation.create", "organisation", organisation.0);
    entry.with(detail(membership)).write(&transaction, random, now).await?;
    idempotency::finish(&transaction, key, 201, &code).await?;
    transaction.commit().await?;
    Ok(Invitation { code, organisation, membership, expires_at })
}

/// What the log says of a membership; never the code.
fn detail(membership: Membership) -> serde_json::Value {
    json!({ "role": membership.role.word(), "scope": membership.scope.map(|scope| scope.to_string()) })
}

fn hex(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

async fn read(transaction: &DatabaseTransaction, code: String) -> Result<Invitation> {
    let text =
        "select organisation_id, role, scope_kind, scope_id, expires_at from invitations where code = $1";
    let row = transaction.query_one_raw(sql(transaction, text, [code.clone().into()])).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    Ok(Invitation {
        code,
        organisation: OrganisationId(row.try_get("", "organisation_id")?),
        membership: membership_of(&row)?,
        expires_at: row.try_get("", "expires_at")?,
    })
}

/// Whether `scope` is a thing of `organisation`.
async fn belongs(
    transaction: &DatabaseTransaction,
    scope: Thing,
    organisation: OrganisationId,
) -> Result<bool> {
    let text = match scope {
        Thing::Class(_) => {
            "select 1 as found from classes c join schools s on s.id = c.school_id \
             where c.id = $1 and s.organisation_id = $2"
        }
        // There are no events and shops yet, so none of them is this organisation's.
        Thing::Event(_) | Thing::Shop(_) => return Ok(false),
    };
    let values = [scope.uuid().into(), organisation.0.into()];
    Ok(transaction.query_one_raw(sql(transaction, text, values)).await?.is_some())
}

/// Takes up the invitation `code` for `person`; once more answers the same. A role is never lowered by it.
pub async fn accept(
    database: &Database,
    tokens: &Tokens,
    random: &Random,
    code: &str,
    acting: (PersonId, &Acting),
    now: Instant,
) -> Result<(organisation::Organisation, Membership)> {
    let (person, acting) = acting;
    let transaction = database.begin().await?;
    let text = format!(
        "select i.organisation_id, i.role, i.scope_kind, i.scope_id, i.expires_at, i.accepted_by from invitations i \
         where i.code = $1 {}",
        locking(&transaction, "i")
    );
    let row = transaction.query_one_raw(sql(&transaction, &text, [code.into()])).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let id = OrganisationId(row.try_get("", "organisation_id")?);
    let membership = membership_of(&row)?;
    let expires_at: Instant = row.try_get("", "expires_at")?;
    let accepted_by: Option<uuid::Uuid> = row.try_get("", "accepted_by")?;
    let organisation = organisation::read(&transaction, id).await?.ok_or(Refusal::NotFound)?;
    if accepted_by == Some(person.0) {
        return Ok((organisation, membership));
    }
    if accepted_by.is_some() || organisation.state == State::Closed {
        return Err(Refusal::WrongState.into());
    }
    if expires_at <= now {
        return Err(Refusal::DeadlinePassed { deadline: expires_at }.into());
    }
    let text = "update invitations set accepted_by = $2, accepted_at = $3 where code = $1";
    transaction.execute_raw(sql(&transaction, text, [code.into(), person.0.into(), now.into()])).await?;
    join(&transaction, random, (id, person), membership, now).await?;
    let acting = Acting { organisation: Some(id), ..acting.clone() };
    let entry = acting.did("invitation.accept", "organisation", id.0).with(detail(membership));
    entry.write(&transaction, random, now).await?;
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok((organisation, membership))
}

/// Gives `person` the role, unless the same or a greater one is held over the same already.
pub(super) async fn join(
    transaction: &DatabaseTransaction,
    random: &Random,
    (organisation, person): (OrganisationId, PersonId),
    wanted: Membership,
    now: Instant,
) -> Result<()> {
    let scope = wanted.scope.map(Thing::uuid);
    let held = membership::Entity::find()
        .filter(membership::Column::OrganisationId.eq(organisation.0))
        .filter(membership::Column::PersonId.eq(person.0))
        .filter(match scope {
            Some(scope) => membership::Column::ScopeId.eq(scope),
            None => membership::Column::ScopeId.is_null(),
        })
        .one(transaction)
        .await?;
    let Some(held) = held else {
        let row = membership::ActiveModel {
            id: Set(random.uuid(now)),
            organisation_id: Set(organisation.0),
            person_id: Set(person.0),
            role: Set(wanted.role.word().to_owned()),
            scope_kind: Set(wanted.scope.map(|scope| scope.kind().to_owned())),
            scope_id: Set(scope),
            created_at: Set(now),
        };
        membership::Entity::insert(row).exec_without_returning(transaction).await?;
        return Ok(());
    };
    let role = domain::identity::Role::from_word(&held.role)
        .ok_or_else(|| Error::Stored(format!("memberships.role = {}", held.role)))?;
    if wanted.role > role {
        let text = "update memberships set role = $2 where id = $1";
        let values = [held.id.into(), wanted.role.word().into()];
        transaction.execute_raw(sql(transaction, text, values)).await?;
    }
    Ok(())
}
