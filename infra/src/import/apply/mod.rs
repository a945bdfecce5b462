//! Applying what was read: all of it in one transaction, or nothing.
//!
//! Rows are found again by `code`; what is as it was stays untouched, its version too. The rules are those of the edit
//! verbs (`domain::night_school`), the writing is theirs (`infra::night_school`).

mod classes;
mod places;

use crate::audit::Acting;
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use crate::night_school::edit::TOPIC;
use crate::random::Random;
use crate::revisions;
use domain::id::QuotaId;
use domain::import::city::CityRows;
use domain::import::report::{CellError, ImportReport, TableReport};
use domain::import::table::{Table, TableKind};
use domain::time::Instant;
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// The fact that says that the sample city was moved in time.
pub const SAMPLE_MOVED: &str = "sample_city_moved";

/// How an import is applied.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Look what would happen, and store nothing.
    pub dry_run: bool,
    /// Go over the moved sample city, whose dates are then the file's.
    pub replace_dates: bool,
}

/// What an import came to.
#[derive(Debug)]
pub enum Applied {
    /// Stored, or would be.
    Done {
        /// What was done.
        report: ImportReport,
        /// Quotas that the desk must be told of.
        quotas: Vec<QuotaId>,
    },
    /// Nothing was stored: the report has errors.
    Rejected(ImportReport),
    /// Nothing was stored: the sample city was moved in time, and the file's dates would move half of it back.
    OverSample,
}

/// How many of a table were made, changed, left alone.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    created: u32,
    updated: u32,
    unchanged: u32,
}

/// What applying needs at every step.
struct Applying<'a> {
    transaction: &'a DatabaseTransaction,
    random: &'a Random,
    now: Instant,
    errors: Vec<CellError>,
    quotas: Vec<QuotaId>,
}

/// Applies `rows`. `progress` hears how far it came, in per cent.
pub async fn apply(
    database: &Database,
    random: &Random,
    acting: &Acting,
    rows: &CityRows,
    options: Options,
    now: Instant,
    progress: impl Fn(u8),
) -> Result<Applied> {
    let transaction = database.begin().await?;
    patient(&transaction).await?;
    if is_moved(&transaction).await? && !options.replace_dates {
        return Ok(Applied::OverSample);
    }
    progress(10);
    let outcome = within(&transaction, random, rows, now, &progress).await?;
    let (tables, quotas) = match outcome {
        Ok(done) => done,
        Err(errors) => return Ok(Applied::Rejected(rows.refused(errors))),
    };
    if tables.iter().any(|table| table.created + table.updated > 0) {
        let import: uuid::Uuid = random.uuid(now);
        acting.did("import", "import", import).write(&transaction, random, now).await?;
        revisions::bump(&transaction, TOPIC).await?;
    }
    if options.replace_dates {
        let forget = "delete from city_facts where name = $1";
        transaction.execute_raw(sql(&transaction, forget, [SAMPLE_MOVED.into()])).await?;
    }
    if !options.dry_run {
        match transaction.commit().await {
            Ok(()) => {}
            Err(error) => return Err(Error::OutcomeUnknown(error.to_string())),
        }
    }
    progress(100);
    Ok(Applied::Done { report: rows.report(tables), quotas })
}

/// An import is longer than a request may be.
async fn patient(transaction: &DatabaseTransaction) -> Result<()> {
    if transaction.get_database_backend() == sea_orm::DbBackend::Postgres {
        transaction.execute_unprepared("set local statement_timeout = '60s'").await?;
    }
    Ok(())
}

async fn is_moved(transaction: &DatabaseTransaction) -> Result<bool> {
    let text = "select 1 from city_facts where name = $1";
    Ok(transaction.query_one_raw(sql(transaction, text, [SAMPLE_MOVED.into()])).await?.is_some())
}

type Tables = (Vec<TableReport>, Vec<QuotaId>);

/// Applies `rows` within a transaction of the caller's.
pub(crate) async fn within(
    transaction: &DatabaseTransaction,
    random: &Random,
    rows: &CityRows,
    now: Instant,
    progress: &impl Fn(u8),
) -> Result<std::result::Result<Tables, Vec<CellError>>> {
    let mut applying = Applying { transaction, random, now, errors: Vec::new(), quotas: Vec::new() };
    let (schools, school_tally) = places::schools(&mut applying, rows).await?;
    progress(30);
    let (terms, _) = places::terms(&mut applying, &rows.terms).await?;
    progress(40);
    let class_tally = classes::classes(&mut applying, &rows.classes, &schools, &terms).await?;
    progress(90);
    if !applying.errors.is_empty() {
        return Ok(Err(applying.errors));
    }
    let tally = |kind| match kind {
        TableKind::Schools => school_tally,
        TableKind::Classes => class_tally,
        TableKind::Districts => Tally::default(),
    };
    let tables = rows
        .tables
        .iter()
        .map(|table| {
            let Tally { created, updated, unchanged } = tally(table.kind);
            let word = Table::of(table.kind).word.to_owned();
            TableReport {
                sheet: table.sheet.clone(),
                table: word,
                rows: table.rows,
                created,
                updated,
                unchanged,
            }
        })
        .collect();
    Ok(Ok((tables, applying.quotas)))
}
