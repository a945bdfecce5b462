//! The runs of uploaded imports: one row each, which every process can be asked about.
//!
//! Invariant: a run that has ended stays as it ended, with what came of it. A run whose process died never ends by
//! itself; after [`MINUTES_MAX`] it is told as failed.

use super::base_name;
use crate::database::Database;
use crate::database::sql::sql;
use crate::error::{Error, Result};
use crate::random::Random;
use domain::id::{ImportId, PersonId};
use domain::import::report::ImportReport;
use domain::time::Instant;
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};

/// Minutes after which a run without an end is one whose process died. The longest takes less than two.
pub const MINUTES_MAX: i64 = 10;

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Taken, and not begun.
    Queued,
    /// Being read or applied.
    Running,
    /// Stored, or found to be possible.
    Done,
    /// Nothing was stored, as far as is known.
    Failed,
}

/// Why a run came to no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// It would go over the sample city, whose dates were moved.
    SampleCity,
    /// Its process ended before it did.
    Interrupted,
    /// Something we depend on did not answer; nothing was stored.
    Unavailable,
    /// Stored or not: importing the same again finds out, and changes nothing twice.
    OutcomeUnknown,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// A report; with errors, nothing was stored.
    Report(ImportReport),
    /// No report.
    Refused(Refused),
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Which.
    pub id: ImportId,
    /// Where it stands.
    pub state: RunState,
    /// How far it came, in per cent.
    pub progress: u32,
    /// The names of its files.
    pub file_name: String,
    /// Whether nothing is to be stored.
    pub dry_run: bool,
    /// What came of it, once it has ended.
    pub outcome: Option<Outcome>,
}

impl RunState {
    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    fn of(word: &str) -> Result<Self> {
        let known = [Self::Queued, Self::Running, Self::Done, Self::Failed];
        let found = known.into_iter().find(|state| state.word() == word);
        found.ok_or_else(|| Error::Stored(format!("imports.state = {word}")))
    }
}

impl Refused {
    /// Its stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::SampleCity => "sample_city",
            Self::Interrupted => "interrupted",
            Self::Unavailable => "unavailable",
            Self::OutcomeUnknown => "outcome_unknown",
        }
    }
}

impl Outcome {
    fn state(&self) -> RunState {
        match self {
            Self::Report(report) if report.errors.is_empty() => RunState::Done,
            Self::Report(_) | Self::Refused(_) => RunState::Failed,
        }
    }
}

/// One statement, committed.
async fn write(database: &Database, text: &str, values: Vec<Value>) -> Result<()> {
    let transaction = database.begin().await?;
    transaction.execute_raw(sql(&transaction, text, values)).await?;
    Ok(transaction.commit().await?)
}

/// A new run of the files `names`.
pub async fn create(
    database: &Database,
    random: &Random,
    names: &[&str],
    dry_run: bool,
    person: PersonId,
    now: Instant,
) -> Result<ImportId> {
    let id = ImportId(random.uuid(now));
    let file_name = names.iter().map(|name| base_name(name)).collect::<Vec<_>>().join(", ");
    let text = "insert into imports (id, state, file_name, dry_run, progress, requested_by, requested_at) \
        values ($1, 'queued', $2, $3, 0, $4, $5)";
    let values = vec![id.0.into(), file_name.into(), dry_run.into(), person.0.into(), now.into()];
    write(database, text, values).await?;
    Ok(id)
}

/// That run `id` came as far as `percent`.
pub async fn advance(database: &Database, id: ImportId, percent: u8) -> Result<()> {
    let text = "update imports set state = 'running', progress = $2 \
        where id = $1 and state in ('queued', 'running')";
    write(database, text, vec![id.0.into(), i32::from(percent).into()]).await
}

/// That run `id` has ended.
pub async fn finish(database: &Database, id: ImportId, outcome: &Outcome, now: Instant) -> Result<()> {
    let report = serde_json::to_string(outcome).map_err(|error| Error::Stored(error.to_string()))?;
    let text = "update imports set state = $2, progress = 100, report = $3, finished_at = $4 \
        where id = $1 and state in ('queued', 'running')";
    let values = vec![id.0.into(), outcome.state().word().into(), report.into(), now.into()];
    write(database, text, values).await
}

/// Run `id`, if there is one.
pub async fn find(database: &Database, id: ImportId, now: Instant) -> Result<Option<Run>> {
    let text =
        "select id, state, file_name, dry_run, progress, report, requested_at from imports where id = $1";
    let reader = database.reader();
    let row = reader.query_one_raw(sql(reader, text, [id.0.into()])).await?;
    row.map(|row| run(&row, now)).transpose()
}

fn run(row: &QueryResult, now: Instant) -> Result<Run> {
    let (state, report): (String, Option<String>) = (row.try_get("", "state")?, row.try_get("", "report")?);
    let progress: i32 = row.try_get("", "progress")?;
    let outcome = report.map(|report| serde_json::from_str(&report)).transpose();
    let mut run = Run {
        id: ImportId(row.try_get("", "id")?),
        state: RunState::of(&state)?,
        progress: u32::try_from(progress).unwrap_or_default(),
        file_name: row.try_get("", "file_name")?,
        dry_run: row.try_get("", "dry_run")?,
        outcome: outcome.map_err(|error| Error::Stored(format!("imports.report: {error}")))?,
    };
    let requested_at: Instant = row.try_get("", "requested_at")?;
    let has_ended = matches!(run.state, RunState::Done | RunState::Failed);
    if !has_ended && now - requested_at > chrono::TimeDelta::minutes(MINUTES_MAX) {
        run.state = RunState::Failed;
        run.outcome = Some(Outcome::Refused(Refused::Interrupted));
    }
    Ok(run)
}
