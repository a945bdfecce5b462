//! What an import tells the person who sent it: every table, every remark, every bad cell.
//!
//! Kept as data, so that it can be stored and told in either language later.

use super::expected::Expected;
use super::found::Found;
use super::reason::Reason;
use crate::language::Language;
use serde::{Deserialize, Serialize};

/// The most errors, and the most warnings, that one report holds; of more, only the number is told.
pub const NOTES_MAX: usize = 10_000;

/// Where something stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellPlace {
    /// The sheet's name; the file's name for a CSV or a whole file.
    pub sheet: String,
    /// The row as Excel numbers it; none for a whole sheet or file.
    pub row: Option<u32>,
    /// The letters of the column; none for a whole row.
    pub column: Option<String>,
    /// The title of the column, as it stands in the header.
    pub title: Option<String>,
}

/// A cell that was understood otherwise than it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellNote {
    /// Where it stands.
    #[serde(flatten)]
    pub place: CellPlace,
    /// What stands there.
    pub found: Found,
    /// What was taken; empty where it was left out.
    pub taken: String,
    /// Why it is worth saying.
    pub reason: Reason,
}

/// A cell that was not understood, or cannot be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CellError {
    /// Where it stands.
    #[serde(flatten)]
    pub place: CellPlace,
    /// What stands there.
    pub found: Found,
    /// What should.
    pub expected: Expected,
}

/// A sheet of which nothing was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnusedSheet {
    /// Its name.
    pub sheet: String,
    /// Why.
    pub reason: Unused,
}

/// Why nothing was taken of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unused {
    /// A table of the city's workbook that is not imported (yet).
    NotImported,
    /// No table that is known.
    Unknown,
    /// Hidden in the workbook.
    Hidden,
    /// Nothing stands in it.
    Empty,
}

/// What became of the rows of one sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableReport {
    /// The sheet's name.
    pub sheet: String,
    /// What it holds: `schools`, `classes`, `districts` or `terms`.
    pub table: String,
    /// Rows of data in it.
    pub rows: u32,
    /// Rows that were new.
    pub created: u32,
    /// Rows that changed something.
    pub updated: u32,
    /// Rows that changed nothing.
    pub unchanged: u32,
}

/// The whole report of one import. All or nothing: with errors, nothing was imported.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Table by table.
    pub tables: Vec<TableReport>,
    /// What was understood otherwise than it stands.
    pub warnings: Vec<CellNote>,
    /// What was not understood.
    pub errors: Vec<CellError>,
    /// Warnings and errors beyond [`NOTES_MAX`] of each.
    pub left_out: u32,
    /// Sheets of which nothing was taken.
    pub unused_sheets: Vec<UnusedSheet>,
}

/// A report in one language, ready to be shown or sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldReport {
    /// Table by table.
    pub tables: Vec<TableReport>,
    /// What was understood otherwise than it stands.
    pub warnings: Vec<ToldNote>,
    /// What was not understood.
    pub errors: Vec<ToldError>,
    /// Warnings and errors that are not listed.
    pub left_out: u32,
    /// Sheets of which nothing was taken.
    pub unused_sheets: Vec<ToldSheet>,
}

/// A [`CellNote`] in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldNote {
    /// Where it stands.
    #[serde(flatten)]
    pub place: CellPlace,
    /// What stands there.
    pub found: String,
    /// What was taken.
    pub taken: String,
    /// Why, in a stable word.
    pub reason: Reason,
    /// Why, for people.
    pub detail: String,
}

/// A [`CellError`] in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldError {
    /// Where it stands.
    #[serde(flatten)]
    pub place: CellPlace,
    /// What stands there.
    pub found: String,
    /// What should.
    pub expected: String,
}

/// An [`UnusedSheet`] in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ToldSheet {
    /// Its name.
    pub sheet: String,
    /// Why, in a stable word.
    pub reason: Unused,
    /// Why, for people.
    pub detail: String,
}

impl CellPlace {
    /// A whole sheet or file.
    pub fn sheet(name: &str) -> Self {
        Self { sheet: name.to_owned(), row: None, column: None, title: None }
    }

    /// A whole row.
    pub fn row(sheet: &str, row: u32) -> Self {
        Self { row: Some(row), ..Self::sheet(sheet) }
    }

    /// `课程!M115（首课日期）`: the place in the words of a spreadsheet.
    pub fn text(&self, language: Language) -> String {
        let cell = match (&self.column, self.row) {
            (Some(column), Some(row)) => format!("{}!{column}{row}", self.sheet),
            (_, Some(row)) => {
                language.choose(format!("{} 第 {row} 行", self.sheet), format!("{} row {row}", self.sheet))
            }
            (Some(column), None) => format!("{}!{column}", self.sheet),
            (None, None) => self.sheet.clone(),
        };
        match &self.title {
            Some(title) => language.choose(format!("{cell}（{title}）"), format!("{cell} ({title})")),
            None => cell,
        }
    }
}

impl Unused {
    /// The reason, for people.
    pub fn text(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::NotImported => ("这张表目前不导入", "this table is not imported at present"),
            Self::Unknown => ("不认识的表", "unknown table"),
            Self::Hidden => ("隐藏的工作表", "hidden sheet"),
            Self::Empty => ("空表", "empty sheet"),
        };
        language.choose(chinese, english)
    }
}

impl ImportReport {
    /// The report in one language.
    pub fn told(&self, language: Language) -> ToldReport {
        let note = |note: &CellNote| ToldNote {
            place: note.place.clone(),
            found: note.found.text(language),
            taken: note.taken.clone(),
            reason: note.reason,
            detail: note.reason.text(language).to_owned(),
        };
        let error = |error: &CellError| ToldError {
            place: error.place.clone(),
            found: error.found.text(language),
            expected: error.expected.text(language),
        };
        let sheet = |unused: &UnusedSheet| ToldSheet {
            sheet: unused.sheet.clone(),
            reason: unused.reason,
            detail: unused.reason.text(language).to_owned(),
        };
        ToldReport {
            tables: self.tables.clone(),
            warnings: self.warnings.iter().map(note).collect(),
            errors: self.errors.iter().map(error).collect(),
            left_out: self.left_out,
            unused_sheets: self.unused_sheets.iter().map(sheet).collect(),
        }
    }
}
