//! Members of an organisation: how somebody stands to it, who is in it, who leaves it.

use super::operator::IS_OPERATOR;
use super::person::{membership, word};
use crate::audit::Acting;
use crate::database::Database;
use crate::database::sql::{locking, sql};
use crate::error::Result;
use crate::identity::Tokens;
use crate::random::Random;
use domain::id::{OrganisationId, PersonId};
use domain::identity::organisation::State;
use domain::identity::{Membership, Standing};
use domain::refusal::Refusal;
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use uuid::Uuid;

/// How `person` stands to `organisation` at this moment; none if there is no such organisation.
pub async fn standing<C: ConnectionTrait>(
    connection: &C,
    person: PersonId,
    organisation: OrganisationId,
) -> Result<Option<Standing>> {
    let text = format!(
        "select o.state, {IS_OPERATOR} as is_operator, m.role, m.scope_kind, m.scope_id from organisations o \
         left join memberships m on m.organisation_id = o.id and m.person_id = $1 where o.id = $2"
    );
    let values = [person.0.into(), organisation.0.into()];
    let rows = connection.query_all_raw(sql(connection, &text, values)).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut standing = Standing {
        is_operator: first.try_get("", "is_operator")?,
        state: word(first, "state", State::from_word)?,
        memberships: Vec::new(),
    };
    for row in &rows {
        if row.try_get::<Option<String>>("", "role")?.is_some() {
            standing.memberships.push(membership(row)?);
        }
    }
    Ok(Some(standing))
}

/// A member, as those who choose the members see one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which membership: a person may have several.
    pub id: Uuid,
    /// Who.
    pub person: PersonId,
    /// What others see of them.
    pub nickname: Option<String>,
    /// As what.
    pub membership: Membership,
    /// Since when.
    pub since: Instant,
}

/// Up to `limit` memberships after `after`, in the order in which they began.
pub async fn list<C: ConnectionTrait>(
    connection: &C,
    organisation: OrganisationId,
    after: Option<Uuid>,
    limit: u32,
) -> Result<Vec<Member>> {
    let text = "select m.id, m.person_id, p.nickname, m.role, m.scope_kind, m.scope_id, m.created_at \
        from memberships m join people p on p.id = m.person_id \
        where m.organisation_id = $1 and m.id > $2 order by m.id limit $3";
    let values = [organisation.0.into(), after.unwrap_or_default().into(), i64::from(limit).into()];
    let rows = connection.query_all_raw(sql(connection, text, values)).await?;
    rows.iter()
        .map(|row| {
            Ok(Member {
                id: row.try_get("", "id")?,
                person: PersonId(row.try_get("", "person_id")?),
                nickname: row.try_get("", "nickname")?,
                membership: membership(row)?,
                since: row.try_get("", "created_at")?,
            })
        })
        .collect()
}

/// Takes every role in `organisation` from `person`, at once. Of the owners one always stays.
pub async fn remove(
    database: &Database,
    tokens: &Tokens,
    random: &Random,
    (organisation, person): (OrganisationId, PersonId),
    acting: &Acting,
    now: Instant,
) -> Result<()> {
    let transaction = database.begin().await?;
    // Two owners who leave at once would otherwise each see the other one stay.
    let text = format!("select o.id from organisations o where o.id = $1 {}", locking(&transaction, "o"));
    transaction.query_one_raw(sql(&transaction, &text, [organisation.0.into()])).await?;
    if is_last_owner(&transaction, organisation, person).await? {
        return Err(Refusal::LastOwner.into());
    }
    let text = "delete from memberships where organisation_id = $1 and person_id = $2";
    let values = [organisation.0.into(), person.0.into()];
    let gone = transaction.execute_raw(sql(&transaction, text, values)).await?.rows_affected();
    if gone > 0 {
        acting.did("member.remove", "person", person.0).write(&transaction, random, now).await?;
    }
    transaction.commit().await?;
    tokens.person_changed(person);
    Ok(())
}

async fn is_last_owner(
    transaction: &DatabaseTransaction,
    organisation: OrganisationId,
    person: PersonId,
) -> Result<bool> {
    let text = "select count(*) as owners, sum(case when person_id = $2 then 1 else 0 end) as own \
        from memberships where organisation_id = $1 and role = 'owner'";
    let values = [organisation.0.into(), person.0.into()];
    let Some(row) = transaction.query_one_raw(sql(transaction, text, values)).await? else {
        return Ok(false);
    };
    let owners: i64 = row.try_get("", "owners")?;
    let own: Option<i64> = row.try_get("", "own")?;
    Ok(owners == 1 && own == Some(1))
}
