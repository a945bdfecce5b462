//! Finds the header of a sheet: below merged titles and remarks, above the data.

use super::cell::{Cell, Row, Sheet, column_letters};
use super::expected::Expected;
use super::found::Found;
use super::notes::Notes;
use super::reason::Reason;
use super::report::{CellError, CellNote, CellPlace};
use super::table::{Column, TABLES, Table};
use super::text::tidy;

/// The header stands within the first so many rows in which something stands.
const HEADER_WITHIN_ROWS: usize = 20;

/// The fewest titles that make a row a header, where the sheet's name says which table it is.
const TITLES_MIN: usize = 3;

/// A column as it stands in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heading {
    /// Which column it is.
    pub column: Column,
    /// Where it stands, from 0.
    pub index: usize,
    /// Its title, tidied.
    pub title: String,
}

/// The header of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its row as Excel numbers it.
    pub row: u32,
    /// The columns that are known.
    pub headings: Vec<Heading>,
    /// Required columns that are not there; their absence has been reported.
    pub missing: Vec<Column>,
}

impl Header {
    /// Where a column stands.
    pub fn heading(&self, column: Column) -> Option<&Heading> {
        self.headings.iter().find(|heading| heading.column == column)
    }
}

fn titles(row: &Row) -> Vec<String> {
    row.cells
        .iter()
        .map(|cell| match cell {
            Cell::Text(text) => tidy(text).map(|tidied| tidied.text).unwrap_or_default(),
            _ => String::new(),
        })
        .collect()
}

/// Which table a sheet is, and the place of its header among the rows. None for a sheet that is none.
pub fn recognise(sheet: &Sheet) -> Option<(&'static Table, usize)> {
    let mut best: Option<(usize, &'static Table, usize)> = None;
    for (at, row) in sheet.rows.iter().take(HEADER_WITHIN_ROWS).enumerate() {
        let titles = titles(row);
        for table in &TABLES {
            let known = titles.iter().filter(|title| table.column(title).is_some()).count();
            let is_it = table.is_signed(&titles) || (table.is_named(&sheet.name) && known >= TITLES_MIN);
            if is_it && best.is_none_or(|(most, _, _)| known > most) {
                best = Some((known, table, at));
            }
        }
    }
    best.map(|(_, table, at)| (table, at))
}

/// Reads the header. Unknown and doubled columns and missing ones are told.
pub fn read(sheet: &Sheet, table: &Table, row: &Row, notes: &mut Notes) -> Header {
    let mut header = Header { row: row.number, headings: Vec::new(), missing: Vec::new() };
    for (index, title) in titles(row).into_iter().enumerate() {
        let shown = Cell::text(title.clone()).shown();
        let place = CellPlace {
            column: Some(column_letters(index)),
            title: (!title.is_empty()).then(|| shown.clone()),
            ..CellPlace::row(&sheet.name, row.number)
        };
        match table.column(&title) {
            Some(Column::Aside) => {}
            Some(column) if header.heading(column).is_some() => notes.error(CellError {
                place,
                found: Found::Cell(shown),
                expected: Expected::OneColumn { title: table.title(column).to_owned() },
            }),
            Some(column) => header.headings.push(Heading { column, index, title }),
            None if title.is_empty() && !stands_below(sheet, row, index) => {}
            None => notes.warning(CellNote {
                place,
                found: if title.is_empty() { Found::Blank } else { Found::Cell(shown) },
                taken: String::new(),
                reason: Reason::UnknownColumn,
            }),
        }
    }
    for group in table.required {
        let Some(first) = group.first() else { continue };
        if group.iter().all(|column| header.heading(*column).is_none()) {
            notes.error(CellError {
                place: CellPlace::row(&sheet.name, row.number),
                found: Found::NoColumn,
                expected: Expected::Column { title: table.title(*first).to_owned() },
            });
            header.missing.extend(group.iter().copied());
        }
    }
    header
}

/// Whether anything stands below the header in a column without a title.
fn stands_below(sheet: &Sheet, header: &Row, index: usize) -> bool {
    sheet.rows.iter().filter(|row| row.number > header.number).any(|row| !row.cell(index).is_blank())
}
