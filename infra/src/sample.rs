//! The sample city: carried in the binary, loaded once into an empty database, moved in time.

use crate::booking::transaction::Kernel;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use crate::identity::sample::{Employers, people};
use crate::identity::sign_in::{Who, find_or_make};
use crate::import::apply::{self, SAMPLE_MOVED};
use crate::import::{ImportFile, read};
use domain::booking::command::{Command, Take, Verb};
use domain::id::{OrganisationId, PersonId, QuotaId};
use domain::identity::profile::Newcomer;
use domain::import::moved;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// The tables that are used so far.
const FILES: [ImportFile<'static>; 3] = [
    ImportFile { name: "districts.csv", bytes: include_bytes!("../../sample/districts.csv") },
    ImportFile { name: "schools.csv", bytes: include_bytes!("../../sample/schools.csv") },
    ImportFile { name: "classes.csv", bytes: include_bytes!("../../sample/classes.csv") },
];
/// The fact that says that the sample city was considered.
const CONSIDERED: &str = "sample_city";
/// The school whose office the sample person `school-staff` works in.
const SCHOOL: &str = "NS01";
/// Parties that wait for the class that is full.
const WAITING: i32 = 3;

/// Loads the sample city if nobody has, and if nothing else is there; by how many days it was moved. Several processes may
/// start at once: one loads, the others wait for it.
pub async fn load(kernel: &Kernel) -> Result<Option<i64>> {
    let (database, random, now) = (&kernel.database, &*kernel.random, kernel.clock.now());
    let considered = sql(database.reader(), "select 1 from city_facts where name = $1", [CONSIDERED.into()]);
    if database.reader().query_one_raw(considered).await?.is_some() {
        return Ok(None);
    }
    let mut rows = read(&FILES).map_err(|_| Error::Stored("the sample city cannot be read".into()))?;
    let moved = moved::move_to(&mut rows, now);
    let transaction = database.begin().await?;
    if !database.is_sqlite() {
        transaction
            .execute_unprepared("set local lock_timeout = '60s'; set local statement_timeout = '60s'")
            .await?;
    }
    // Whoever inserts this row loads; the others wait here until it is committed.
    let text = "insert into city_facts (name, value) values ($1, '') on conflict (name) do nothing";
    if transaction.execute_raw(sql(&transaction, text, [CONSIDERED.into()])).await?.rows_affected() == 0 {
        return Ok(None);
    }
    if transaction.query_one_raw(sql(&transaction, "select 1 from classes limit 1", [])).await?.is_some() {
        transaction.commit().await?;
        return Ok(None);
    }
    match apply::within(&transaction, random, &rows, now, &|_| {}).await? {
        Ok(_) => {}
        Err(errors) => return Err(Error::Stored(format!("the sample city does not go in: {errors:?}"))),
    }
    let text = "insert into city_facts (name, value) values ($1, $2)";
    let values = [SAMPLE_MOVED.into(), moved.days.to_string().into()];
    transaction.execute_raw(sql(&transaction, text, values)).await?;
    let school = school(&transaction).await?;
    people(&transaction, random, Employers { school, ..Employers::default() }, now).await?;
    if let Some(code) = &moved.full {
        fill(kernel, &transaction, code).await?;
    }
    crate::revisions::bump(&transaction, crate::night_school::edit::TOPIC).await?;
    transaction.commit().await?;
    Ok(Some(moved.days))
}

async fn school(transaction: &DatabaseTransaction) -> Result<Option<OrganisationId>> {
    let text = "select organisation_id from schools where code = $1";
    let row = transaction.query_one_raw(sql(transaction, text, [SCHOOL.into()])).await?;
    row.map(|row| Ok(OrganisationId(row.try_get("", "organisation_id")?))).transpose()
}

/// Fills the class with this code, and lets a few more wait.
async fn fill(kernel: &Kernel, transaction: &DatabaseTransaction, code: &str) -> Result<()> {
    let text = "select q.id, q.capacity from quotas q join classes c on c.quota_id = q.id where c.code = $1";
    let Some(row) = transaction.query_one_raw(sql(transaction, text, [code.into()])).await? else {
        return Ok(());
    };
    let quota = QuotaId(row.try_get("", "id")?);
    let capacity: Option<i32> = row.try_get("", "capacity")?;
    let now = kernel.clock.now();
    let mut commands = Vec::new();
    for number in 1..=capacity.unwrap_or_default() + WAITING {
        let openid = format!("sample-resident-{number}");
        let who = Who { openid: &openid, unionid: None };
        let person = find_or_make(transaction, &kernel.random, who, Newcomer::FilledIn, now).await?;
        let take =
            Take { id: kernel.random.id(now), party: 1, waitlist: true, instead_of: None, answers: None };
        commands.push(Command { quota, person: Some(PersonId(person.id)), verb: Verb::Take(take) });
    }
    kernel.within(transaction, &commands).await?;
    Ok(())
}
