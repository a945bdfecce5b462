//! Operators of the city: who may do everything, all of it audited.

use super::entity::person;
use crate::audit::Acting;
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::Result;
use crate::identity::Tokens;
use crate::random::Random;
use domain::id::PersonId;
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};
use serde_json::json;

/// Whether person `$1` is an operator, as an expression.
pub(super) const IS_OPERATOR: &str = "exists (select 1 from operators op where op.person_id = $1)";

/// Whether `person` is an operator now.
pub async fn is_operator<C: ConnectionTrait>(connection: &C, person: PersonId) -> Result<bool> {
    let text = format!("select {IS_OPERATOR} as is_operator");
    let row = connection.query_one_raw(sql(connection, &text, [person.0.into()])).await?;
    Ok(match row {
        Some(row) => row.try_get("", "is_operator")?,
        None => false,
    })
}

/// The person whose id or openid is `text`; not found if nobody has signed in by that name.
pub async fn find_person<C: ConnectionTrait>(connection: &C, text: &str) -> Result<PersonId> {
    if let Ok(id) = text.parse::<PersonId>()
        && person::Entity::find_by_id(id.0).one(connection).await?.is_some()
    {
        return Ok(id);
    }
    let row = person::Entity::find().filter(person::Column::Openid.eq(text)).one(connection).await?;
    row.map(|row| PersonId(row.id)).ok_or_else(|| Refusal::NotFound.into())
}

/// Makes whoever is called `who` (a person's id or an openid) an operator; once more changes nothing.
pub async fn grant(
    database: &Database,
    tokens: &Tokens,
    random: &Random,
    who: &str,
    acting: &Acting,
    now: Instant,
) -> Result<PersonId> {
    let transaction = database.begin().await?;
    let person = find_person(&transaction, who).await?;
    insert(&transaction, random, person, acting, now).await?;
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok(person)
}

pub(super) async fn insert(
    transaction: &DatabaseTransaction,
    random: &Random,
    person: PersonId,
    acting: &Acting,
    now: Instant,
) -> Result<()> {
    let by = acting.person.map_or_else(|| "command line".to_owned(), |person| person.to_string());
    let text = "insert into operators (person_id, granted_at, granted_by) values ($1, $2, $3) \
        on conflict (person_id) do nothing";
    let made =
        transaction.execute_raw(sql(transaction, text, [person.0.into(), now.into(), by.into()])).await?;
    if made.rows_affected() > 0 {
        acting.did("operator.grant", "person", person.0).write(transaction, random, now).await?;
    }
    Ok(())
}

/// Takes it back, at once; once more changes nothing.
pub async fn revoke(
    database: &Database,
    tokens: &Tokens,
    random: &Random,
    who: &str,
    acting: &Acting,
    now: Instant,
) -> Result<PersonId> {
    let transaction = database.begin().await?;
    let person = find_person(&transaction, who).await?;
    let text = "delete from operators where person_id = $1";
    let gone = transaction.execute_raw(sql(&transaction, text, [person.0.into()])).await?.rows_affected();
    if gone > 0 {
        let entry = acting.did("operator.revoke", "person", person.0).with(json!({ "rows": gone }));
        entry.write(&transaction, random, now).await?;
    }
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok(person)
}
