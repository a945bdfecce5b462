//! Reads one row of a table, cell by cell, and goes on after a bad one, so that all are reported.

use super::cell::{CELL_CHARS_MAX, Cell, Fault, Row, column_letters};
use super::expected::Expected;
use super::found::Found;
use super::header::Header;
use super::notes::Notes;
use super::reason::Reason;
use super::report::{CellError, CellNote, CellPlace};
use super::table::Column;
use super::taken::Reading;
use std::sync::Arc;

/// What reading a cell gave: none after an error, which has been noted.
pub type Read<T> = Option<T>;

/// Where a row stands, so that whoever finds fault with it later can name the cell.
#[derive(Debug, Clone)]
pub struct RowPlace {
    /// The sheet's name.
    pub sheet: Arc<str>,
    /// The row as Excel numbers it.
    pub row: u32,
    /// The header of the sheet.
    pub header: Arc<Header>,
}

/// A row with its place.
#[derive(Debug, Clone)]
pub struct Placed<T> {
    /// What the row says.
    pub row: T,
    /// Where it stands.
    pub place: RowPlace,
}

impl RowPlace {
    /// The place of a cell of the row; of the whole row where the sheet has no such column.
    pub fn cell(&self, column: Column) -> CellPlace {
        let heading = self.header.heading(column);
        CellPlace {
            sheet: self.sheet.to_string(),
            row: Some(self.row),
            column: heading.map(|heading| column_letters(heading.index)),
            title: heading.map(|heading| heading.title.clone()),
        }
    }

    /// An error in a cell of the row.
    pub fn error(&self, column: Column, found: impl Into<String>, expected: Expected) -> CellError {
        CellError { place: self.cell(column), found: Found::Cell(found.into()), expected }
    }

    /// The title of a column of this sheet.
    pub fn title(&self, column: Column) -> String {
        self.header.heading(column).map(|heading| heading.title.clone()).unwrap_or_default()
    }
}

/// Reads the cells of one row.
#[derive(Debug)]
pub struct RowReader<'a> {
    /// Where the row stands.
    pub place: RowPlace,
    row: &'a Row,
    notes: &'a mut Notes,
}

impl<'a> RowReader<'a> {
    /// A reader of `row`, whose place is `place`.
    pub fn new(place: RowPlace, row: &'a Row, notes: &'a mut Notes) -> Self {
        Self { place, row, notes }
    }

    /// Whether the sheet has this column.
    pub fn has(&self, column: Column) -> bool {
        self.place.header.heading(column).is_some()
    }

    /// The cell in a column; empty where the sheet has no such column.
    pub fn cell(&self, column: Column) -> &'a Cell {
        self.place.header.heading(column).map_or(&Cell::Empty, |heading| self.row.cell(heading.index))
    }

    /// The value in a column. (The error of a missing column has been noted with the header.)
    pub fn read<T>(&mut self, column: Column, reader: impl FnOnce(&Cell) -> Reading<T>) -> Read<T> {
        let cell = self.cell(column);
        if self.place.header.missing.contains(&column) {
            return None;
        }
        let reading = match cell {
            Cell::Fault(Fault::NoStoredValue(_)) => Err(Expected::StoredValue),
            Cell::Fault(Fault::TooLong(_)) => {
                Err(Expected::FewerCharacters { max: u32::try_from(CELL_CHARS_MAX).unwrap_or(u32::MAX) })
            }
            cell => reader(cell),
        };
        match reading {
            Ok(taken) => {
                if let Some(remark) = taken.remark {
                    self.remark(column, remark.taken, remark.reason);
                }
                Some(taken.value)
            }
            Err(expected) => {
                self.refuse(column, expected);
                None
            }
        }
    }

    /// Notes an error in a column.
    pub fn refuse(&mut self, column: Column, expected: Expected) {
        let error = CellError { place: self.place.cell(column), found: found(self.cell(column)), expected };
        self.notes.error(error);
    }

    /// Notes a warning in a column.
    pub fn remark(&mut self, column: Column, taken: String, reason: Reason) {
        let note =
            CellNote { place: self.place.cell(column), found: found(self.cell(column)), taken, reason };
        self.notes.warning(note);
    }
}

fn found(cell: &Cell) -> Found {
    if cell.is_blank() { Found::Blank } else { Found::Cell(cell.shown()) }
}

/// What a row below the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// Data.
    Data,
    /// 合计 and the like.
    Total,
    /// 注：… and the like.
    Remark,
    /// The header once more.
    Header,
}

const TOTALS: [&str; 8] = ["合计", "总计", "小计", "共计", "总数", "汇总", "total", "sum"];
const REMARKS: [&str; 9] = ["注", "备注", "说明", "附注", "制表", "填报", "填表", "审核", "联系人"];

/// Tells data from what clerks write around it.
pub fn kind_of(row: &Row, header: &Header) -> RowKind {
    let texts = || row.cells.iter().filter(|cell| !cell.is_blank());
    let first = match texts().next() {
        Some(Cell::Text(text)) => super::text::fold(text).text,
        _ => return RowKind::Data,
    };
    let key = first.to_lowercase().replace(' ', "");
    if TOTALS.iter().any(|total| key == *total || key.starts_with(&format!("{total}:"))) {
        return RowKind::Total;
    }
    if texts().count() == 1 && REMARKS.iter().any(|remark| key.starts_with(remark)) {
        return RowKind::Remark;
    }
    let is_again = |heading: &super::header::Heading| match row.cell(heading.index) {
        Cell::Text(text) => super::table::title_key(text) == super::table::title_key(&heading.title),
        _ => false,
    };
    if header.headings.iter().all(is_again) { RowKind::Header } else { RowKind::Data }
}
