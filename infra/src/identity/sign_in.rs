//! Signing in: the person behind an openid, made on the first time, and a session.

use super::entity::person;
use super::{consent, ledger, session};
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::Result;
use crate::random::Random;
use domain::id::PersonId;
use domain::identity::consent::{covers_booking, everything};
use domain::identity::profile::Newcomer;
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, Set,
};

/// Who the platform says it is.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// The person within the mini-app.
    pub openid: &'a str,
    /// The person over all apps of the account, where it is known.
    pub unionid: Option<&'a str>,
}

/// Signs in. Two first sign-ins of one openid at once make one person.
pub async fn sign_in(
    database: &Database,
    random: &Random,
    who: Who<'_>,
    newcomer: Newcomer,
    now: Instant,
) -> Result<session::Standing> {
    let transaction = database.begin().await?;
    let row = find_or_make(&transaction, random, who, newcomer, now).await?;
    if row.blocked_at.is_some() {
        return Err(Refusal::AccountBlocked.into());
    }
    if who.unionid.is_some() && row.unionid.as_deref() != who.unionid {
        let text = "update people set unionid = $2 where id = $1";
        let values = [row.id.into(), who.unionid.map(str::to_owned).into()];
        transaction.execute_raw(sql(&transaction, text, values)).await?;
    }
    let standing = session::open(&transaction, random, row.id.into(), now).await?;
    transaction.commit().await?;
    Ok(standing)
}

/// The person called `who`, made if there is none.
pub(crate) async fn find_or_make(
    transaction: &DatabaseTransaction,
    random: &Random,
    who: Who<'_>,
    newcomer: Newcomer,
    now: Instant,
) -> Result<person::Model> {
    if let Some(row) = find(transaction, who.openid).await? {
        return Ok(row);
    }
    make(transaction, random, who, newcomer, now).await?;
    // Ours, or that of a transaction for whose end the insertion waited.
    find(transaction, who.openid).await?.ok_or_else(|| Refusal::NotFound.into())
}

async fn find(transaction: &DatabaseTransaction, openid: &str) -> Result<Option<person::Model>> {
    Ok(person::Entity::find().filter(person::Column::Openid.eq(openid)).one(transaction).await?)
}

async fn make(
    transaction: &DatabaseTransaction,
    random: &Random,
    who: Who<'_>,
    newcomer: Newcomer,
    now: Instant,
) -> Result<()> {
    let id: PersonId = random.id(now);
    let profile = newcomer.profile(who.openid, now);
    let birth_date = profile.birth_date.map(|date| date.to_string());
    let row = person::ActiveModel {
        id: Set(id.0),
        openid: Set(who.openid.to_owned()),
        unionid: Set(who.unionid.map(str::to_owned)),
        nickname: Set(profile.nickname),
        birth_date: Set(birth_date.clone()),
        district_code: Set(profile.district_code),
        language: Set(profile.language.map(|language| language.tag().to_owned())),
        blocked_at: NotSet,
        deleted_at: NotSet,
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
    };
    let made = person::Entity::insert(row)
        .on_conflict(OnConflict::column(person::Column::Openid).do_nothing().to_owned())
        .exec_without_returning(transaction)
        .await?;
    if made == 0 {
        return Ok(());
    }
    let given = match newcomer {
        Newcomer::Empty => Vec::new(),
        Newcomer::FilledIn => everything(),
    };
    consent::give(transaction, id, &given, now).await?;
    let ledger = ledger::Ledger { consented: covers_booking(&given), birth_date };
    ledger::make(transaction, id, &ledger).await
}
