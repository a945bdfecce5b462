//! Organisations: asked for, looked up.

use super::entity::{membership, organisation};
use super::operator::is_operator;
use crate::audit::Acting;
use crate::database::Database;
use crate::error::{Error, Result};
use crate::idempotency::{self, Key};
use crate::identity::Tokens;
use crate::random::Random;
use domain::id::{OrganisationId, PersonId};
use domain::identity::Role;
use domain::identity::organisation::{Draft, Kind, State};
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::{ActiveValue::NotSet, ConnectionTrait, DatabaseTransaction, EntityTrait, Set};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Which.
    pub id: OrganisationId,
    /// What it is there for.
    pub kind: Kind,
    /// How far it has come.
    pub state: State,
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// Its code in the city's tables.
    pub code: Option<String>,
    /// Counts its changes.
    pub version: i64,
    /// Since when it is known.
    pub created_at: Instant,
}

impl TryFrom<organisation::Model> for Organisation {
    type Error = Error;

    fn try_from(row: organisation::Model) -> Result<Self> {
        let stored = |column: &str, word: &str| Error::Stored(format!("organisations.{column} = {word}"));
        Ok(Self {
            id: OrganisationId(row.id),
            kind: Kind::from_word(&row.kind).ok_or_else(|| stored("kind", &row.kind))?,
            state: State::from_word(&row.state).ok_or_else(|| stored("state", &row.state))?,
            name: row.name,
            name_en: row.name_en,
            code: row.code,
            version: row.version,
            created_at: row.created_at,
        })
    }
}

/// Reads `organisation`; none if there is no such.
pub async fn read<C: ConnectionTrait>(
    connection: &C,
    organisation: OrganisationId,
) -> Result<Option<Organisation>> {
    organisation::Entity::find_by_id(organisation.0).one(connection).await?.map(TryInto::try_into).transpose()
}

/// Makes an organisation: an operator an active one, anybody else one that waits for a decision and of which they are
/// the owner. With `key`, once.
pub async fn create(
    database: &Database,
    tokens: &Tokens,
    random: &Random,
    draft: Draft,
    by: (PersonId, &Acting),
    key: Option<&Key>,
    now: Instant,
) -> Result<Organisation> {
    let (person, acting) = by;
    let transaction = database.begin().await?;
    if let Some(made) = idempotency::begin(&transaction, key, now).await? {
        let id = made.parse().map_err(|_| Error::Stored(format!("idempotent answer {made}")))?;
        return read(&transaction, id).await?.ok_or_else(|| Refusal::NotFound.into());
    }
    let operator = is_operator(&transaction, person).await?;
    let state = draft.begins(operator)?;
    let id: OrganisationId = random.id(now);
    insert(&transaction, id, draft, state, Some(person), now).await?;
    if operator {
        let acting = Acting { organisation: Some(id), ..acting.clone() };
        acting.did("organisation.create", "organisation", id.0).write(&transaction, random, now).await?;
    } else {
        add_member(&transaction, random, id, person, Role::Owner, now).await?;
    }
    idempotency::finish(&transaction, key, 201, &id.to_string()).await?;
    let made = read(&transaction, id).await?.ok_or(Refusal::NotFound)?;
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok(made)
}

pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    id: OrganisationId,
    draft: Draft,
    state: State,
    created_by: Option<PersonId>,
    now: Instant,
) -> Result<()> {
    let row = organisation::ActiveModel {
        id: Set(id.0),
        kind: Set(draft.kind.word().to_owned()),
        state: Set(state.word().to_owned()),
        name: Set(draft.name),
        name_en: Set(draft.name_en),
        code: NotSet,
        created_by: Set(created_by.map(|person| person.0)),
        created_at: Set(now),
        version: Set(1),
    };
    organisation::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Gives `person`, who has no role over the whole of it, one.
pub(super) async fn add_member(
    transaction: &DatabaseTransaction,
    random: &Random,
    organisation: OrganisationId,
    person: PersonId,
    role: Role,
    now: Instant,
) -> Result<()> {
    let row = membership::ActiveModel {
        id: Set(random.uuid(now)),
        organisation_id: Set(organisation.0),
        person_id: Set(person.0),
        role: Set(role.word().to_owned()),
        scope_kind: NotSet,
        scope_id: NotSet,
        created_at: Set(now),
    };
    membership::Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}
