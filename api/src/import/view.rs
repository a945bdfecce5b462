//! An import as its operator reads it, in the reader's language.

use domain::import::reason::Reason;
use domain::import::report::ImportReport;
use domain::import::report::{CellPlace, TableReport, ToldError, ToldNote, ToldSheet, Unused};
use domain::language::Language;
use infra::import::runs::{Outcome, Run};
use serde::Serialize;
use utoipa::ToSchema;

/// An import, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// `imp_…`
    id: String,
    /// `queued`, `running`, `done`, `failed`.
    state: &'static str,
    /// Per cent.
    progress: u32,
    /// The names of its files.
    file_name: String,
    /// Whether nothing is stored.
    dry_run: bool,
    /// Sheet by sheet; with a dry run, what would be.
    changes: Vec<SheetChanges>,
    /// Cells that were not understood; with one of them, nothing was stored.
    errors: Vec<WrongCell>,
    /// Cells that were understood otherwise than they stand.
    warnings: Vec<NotedCell>,
    /// Sheets of which nothing was taken.
    unused_sheets: Vec<LeftSheet>,
    /// Errors and warnings that are not listed.
    left_out: u32,
    /// Why there is no report: `sample_city`, `interrupted`, `unavailable`, `outcome_unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<&'static str>,
}

/// What became of the rows of one sheet.
#[derive(Debug, Serialize, ToSchema)]
pub struct SheetChanges {
    /// The sheet's name.
    sheet: String,
    /// `schools`, `classes`, `districts`, `terms`.
    table: String,
    /// Rows of data in it.
    rows: u32,
    /// Rows that were new.
    created: u32,
    /// Rows that changed something.
    updated: u32,
    /// Rows that changed nothing.
    unchanged: u32,
}

/// Where something stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cell {
    /// The sheet's or the file's name.
    sheet: String,
    /// The row as Excel numbers it.
    row: Option<u32>,
    /// The letters of the column.
    column: Option<String>,
    /// The column's title.
    title: Option<String>,
}

/// A cell that was not understood.
#[derive(Debug, Serialize, ToSchema)]
pub struct WrongCell {
    /// Where.
    #[serde(flatten)]
    place: Cell,
    /// What stands there.
    found: String,
    /// What should.
    expected: String,
}

/// A cell that was understood otherwise than it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotedCell {
    /// Where.
    #[serde(flatten)]
    place: Cell,
    /// What stands there.
    found: String,
    /// What was taken.
    taken: String,
    /// Why, in a stable word.
    #[schema(value_type = String)]
    reason: Reason,
    /// Why, for people.
    detail: String,
}

/// A sheet of which nothing was taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct LeftSheet {
    /// Its name.
    sheet: String,
    /// Why, in a stable word.
    #[schema(value_type = String)]
    reason: Unused,
    /// Why, for people.
    detail: String,
}

impl ImportView {
    /// `run` in `language`.
    pub fn new(run: Run, language: Language) -> Self {
        let (report, refused) = match run.outcome {
            Some(Outcome::Report(report)) => (report, None),
            Some(Outcome::Refused(refused)) => (ImportReport::default(), Some(refused.word())),
            None => Default::default(),
        };
        let told = report.told(language);
        Self {
            id: run.id.to_string(),
            state: run.state.word(),
            progress: run.progress,
            file_name: run.file_name,
            dry_run: run.dry_run,
            changes: told.tables.into_iter().map(Into::into).collect(),
            errors: told.errors.into_iter().map(Into::into).collect(),
            warnings: told.warnings.into_iter().map(Into::into).collect(),
            unused_sheets: told.unused_sheets.into_iter().map(Into::into).collect(),
            left_out: told.left_out,
            refused,
        }
    }
}

impl From<TableReport> for SheetChanges {
    fn from(table: TableReport) -> Self {
        let TableReport { sheet, table, rows, created, updated, unchanged } = table;
        Self { sheet, table, rows, created, updated, unchanged }
    }
}

impl From<CellPlace> for Cell {
    fn from(place: CellPlace) -> Self {
        let CellPlace { sheet, row, column, title } = place;
        Self { sheet, row, column, title }
    }
}

impl From<ToldError> for WrongCell {
    fn from(error: ToldError) -> Self {
        Self { place: error.place.into(), found: error.found, expected: error.expected }
    }
}

impl From<ToldNote> for NotedCell {
    fn from(note: ToldNote) -> Self {
        let ToldNote { place, found, taken, reason, detail } = note;
        Self { place: place.into(), found, taken, reason, detail }
    }
}

impl From<ToldSheet> for LeftSheet {
    fn from(sheet: ToldSheet) -> Self {
        Self { sheet: sheet.sheet, reason: sheet.reason, detail: sheet.detail }
    }
}
