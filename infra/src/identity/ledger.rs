//! The person's ledger row: made at sign-up, locked before anything about the person is decided.
//!
//! Invariant: `birth_date`, `consented` and `blocked` in it are what `people` and `consents` say; whoever changes those
//! locks the row first and writes both in one transaction.

use crate::database::sql::{locking, sql};
use crate::error::Result;
use domain::id::PersonId;
use domain::refusal::Refusal;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// What the kernel asks of a person.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    pub consented: bool,
    pub birth_date: Option<String>,
}

/// Makes the row of a new person, who is not blocked.
pub async fn make(transaction: &DatabaseTransaction, person: PersonId, ledger: &Ledger) -> Result<()> {
    let text =
        "insert into person_ledger (person_id, blocked, consented, birth_date) values ($1, false, $2, $3)";
    let values = [person.0.into(), ledger.consented.into(), ledger.birth_date.clone().into()];
    transaction.execute_raw(sql(transaction, text, values)).await?;
    Ok(())
}

/// Locks the row until the transaction ends. Before any other lock.
pub async fn lock(transaction: &DatabaseTransaction, person: PersonId) -> Result<()> {
    let text = format!(
        "select l.person_id from person_ledger l where l.person_id = $1 {}",
        locking(transaction, "l")
    );
    let row = transaction.query_one_raw(sql(transaction, &text, [person.0.into()])).await?;
    row.map(|_| ()).ok_or_else(|| Refusal::NotFound.into())
}

/// Writes the date of birth; the row is locked.
pub async fn set_birth_date(
    transaction: &DatabaseTransaction,
    person: PersonId,
    birth_date: Option<String>,
) -> Result<()> {
    let text = "update person_ledger set birth_date = $2 where person_id = $1";
    transaction.execute_raw(sql(transaction, text, [person.0.into(), birth_date.into()])).await?;
    Ok(())
}

/// Writes whether booking is consented to; the row is locked.
pub async fn set_consented(
    transaction: &DatabaseTransaction,
    person: PersonId,
    consented: bool,
) -> Result<()> {
    let text = "update person_ledger set consented = $2 where person_id = $1";
    transaction.execute_raw(sql(transaction, text, [person.0.into(), consented.into()])).await?;
    Ok(())
}
