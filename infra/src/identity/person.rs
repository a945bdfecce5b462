//! A person as they see themselves: profile, memberships, whether they may book.

use super::ledger;
use super::operator::IS_OPERATOR;
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use crate::identity::Tokens;
use domain::id::{OrganisationId, PersonId};
use domain::identity::organisation::{Kind, State};
use domain::identity::profile::{Profile, language_with_tag};
use domain::identity::{Membership, Role, Thing};
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::{ConnectionTrait, QueryResult};
use uuid::Uuid;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Who it is.
    pub id: PersonId,
    /// What they say of themselves.
    pub profile: Profile,
    /// Counts the changes of the profile.
    pub version: i64,
    /// Whether the consents that booking needs are given.
    pub consented: bool,
    /// Whether it is an operator of the city.
    pub is_operator: bool,
    /// Where they have a role.
    pub memberships: Vec<Belonging>,
    /// Since when they have an account.
    pub created_at: Instant,
}

/// A membership and its organisation.
#[derive(Debug, Clone)]
pub struct Belonging {
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// What it is there for.
    pub kind: Kind,
    /// How far it has come.
    pub state: State,
    /// Its name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// The role.
    pub membership: Membership,
}

/// The value that the word in `column` names.
pub(super) fn word<T>(row: &QueryResult, column: &str, known: impl Fn(&str) -> Option<T>) -> Result<T> {
    let word: String = row.try_get("", column)?;
    known(&word).ok_or_else(|| Error::Stored(format!("{column} = {word}")))
}

/// The membership in columns `role`, `scope_kind` and `scope_id`.
pub(super) fn membership(row: &QueryResult) -> Result<Membership> {
    let kind: Option<String> = row.try_get("", "scope_kind")?;
    let id: Option<Uuid> = row.try_get("", "scope_id")?;
    let scope = match (kind, id) {
        (Some(kind), Some(id)) => {
            Some(Thing::from_parts(&kind, id).ok_or_else(|| Error::Stored(format!("scope_kind = {kind}")))?)
        }
        _ => None,
    };
    Ok(Membership { role: word(row, "role", Role::from_word)?, scope })
}

/// Reads `person`.
pub async fn read<C: ConnectionTrait>(connection: &C, person: PersonId) -> Result<Person> {
    let text = format!(
        "select p.nickname, p.birth_date, p.district_code, p.language, p.version, p.created_at, l.consented, \
         {IS_OPERATOR} as is_operator from people p join person_ledger l on l.person_id = p.id where p.id = $1"
    );
    let row = connection.query_one_raw(sql(connection, &text, [person.0.into()])).await?;
    let row = row.ok_or(Refusal::NotFound)?;
    let birth_date: Option<String> = row.try_get("", "birth_date")?;
    let language: Option<String> = row.try_get("", "language")?;
    let profile = Profile {
        nickname: row.try_get("", "nickname")?,
        birth_date: birth_date
            .map(|text| text.parse().map_err(|_| Error::Stored(format!("birth_date of {person}"))))
            .transpose()?,
        district_code: row.try_get("", "district_code")?,
        language: language.as_deref().and_then(language_with_tag),
    };
    Ok(Person {
        id: person,
        profile,
        version: row.try_get("", "version")?,
        consented: row.try_get("", "consented")?,
        is_operator: row.try_get("", "is_operator")?,
        memberships: belongings(connection, person).await?,
        created_at: row.try_get("", "created_at")?,
    })
}

async fn belongings<C: ConnectionTrait>(connection: &C, person: PersonId) -> Result<Vec<Belonging>> {
    let text = "select o.id, o.kind, o.state, o.name, o.name_en, m.role, m.scope_kind, m.scope_id \
        from memberships m join organisations o on o.id = m.organisation_id where m.person_id = $1 order by m.id";
    let rows = connection.query_all_raw(sql(connection, text, [person.0.into()])).await?;
    rows.iter()
        .map(|row| {
            Ok(Belonging {
                organisation: OrganisationId(row.try_get("", "id")?),
                kind: word(row, "kind", Kind::from_word)?,
                state: word(row, "state", State::from_word)?,
                name: row.try_get("", "name")?,
                name_en: row.try_get("", "name_en")?,
                membership: membership(row)?,
            })
        })
        .collect()
}

/// Makes `profile` the whole profile of `person`, if it was made on `version`.
pub async fn set_profile(
    database: &Database,
    tokens: &Tokens,
    person: PersonId,
    profile: Profile,
    version: i64,
    now: Instant,
) -> Result<Person> {
    let transaction = database.begin().await?;
    ledger::lock(&transaction, person).await?;
    let text = "select version from people where id = $1";
    let row = transaction.query_one_raw(sql(&transaction, text, [person.0.into()])).await?;
    let is: i64 = row.ok_or(Refusal::NotFound)?.try_get("", "version")?;
    if is != version {
        return Err(Refusal::VersionConflict { version: is }.into());
    }
    let birth_date = profile.birth_date.map(|date| date.to_string());
    let text = "update people set nickname = $2, birth_date = $3, district_code = $4, language = $5, updated_at = $6, \
        version = version + 1 where id = $1";
    let values = [
        person.0.into(),
        profile.nickname.into(),
        birth_date.clone().into(),
        profile.district_code.into(),
        profile.language.map(|language| language.tag().to_owned()).into(),
        now.into(),
    ];
    transaction.execute_raw(sql(&transaction, text, values)).await?;
    ledger::set_birth_date(&transaction, person, birth_date).await?;
    let person_now = read(&transaction, person).await?;
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok(person_now)
}
