//! Consents: what stands, and a whole new set of them. What was given and withdrawn stays on record.

use super::entity::consent;
use super::ledger;
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use crate::identity::Tokens;
use domain::id::PersonId;
use domain::identity::consent::{Given, Purpose, change, covers_booking};
use domain::time::Instant;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, Set,
};

/// A consent that stands, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// What is consented to.
    pub given: Given,
    /// Since when.
    pub given_at: Instant,
}

/// What `person` consents to now.
pub async fn standing<C: ConnectionTrait>(connection: &C, person: PersonId) -> Result<Vec<Standing>> {
    let rows = consent::Entity::find()
        .filter(consent::Column::PersonId.eq(person.0))
        .filter(consent::Column::WithdrawnAt.is_null())
        .order_by_asc(consent::Column::GivenAt)
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| {
            let stored = || Error::Stored(format!("consent to {} {}", row.purpose, row.version));
            let purpose = Purpose::from_word(&row.purpose).ok_or_else(stored)?;
            let version = u32::try_from(row.version).map_err(|_| stored())?;
            Ok(Standing { given: Given { purpose, version }, given_at: row.given_at })
        })
        .collect()
}

/// Makes `after` all that `person` consents to; says what stands then.
pub async fn replace(
    database: &Database,
    tokens: &Tokens,
    person: PersonId,
    after: &[Given],
    now: Instant,
) -> Result<Vec<Standing>> {
    let transaction = database.begin().await?;
    ledger::lock(&transaction, person).await?;
    let before: Vec<Given> =
        standing(&transaction, person).await?.into_iter().map(|standing| standing.given).collect();
    let (anew, withdrawn) = change(&before, after);
    for gone in &withdrawn {
        let text = "update consents set withdrawn_at = $4 where person_id = $1 and purpose = $2 and version = $3 \
            and withdrawn_at is null";
        let version = i64::from(gone.version);
        let values = [person.0.into(), gone.purpose.word().into(), version.into(), now.into()];
        transaction.execute_raw(sql(&transaction, text, values)).await?;
    }
    give(&transaction, person, &anew, now).await?;
    ledger::set_consented(&transaction, person, covers_booking(after)).await?;
    let stands = standing(&transaction, person).await?;
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok(stands)
}

/// Records consents that do not stand yet.
pub(super) async fn give(
    transaction: &DatabaseTransaction,
    person: PersonId,
    given: &[Given],
    now: Instant,
) -> Result<()> {
    if given.is_empty() {
        return Ok(());
    }
    let rows = given.iter().map(|given| consent::ActiveModel {
        person_id: Set(person.0),
        purpose: Set(given.purpose.word().to_owned()),
        version: Set(i32::try_from(given.version).unwrap_or(i32::MAX)),
        given_at: Set(now),
        withdrawn_at: NotSet,
    });
    // What was withdrawn at the very instant at which it is given again was not withdrawn.
    let key = [
        consent::Column::PersonId,
        consent::Column::Purpose,
        consent::Column::Version,
        consent::Column::GivenAt,
    ];
    let again = OnConflict::columns(key).update_column(consent::Column::WithdrawnAt).to_owned();
    consent::Entity::insert_many(rows).on_conflict(again).exec_without_returning(transaction).await?;
    Ok(())
}
