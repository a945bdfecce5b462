//! Reads all tables of an import together, and holds them against each other.

use super::cell::{Beyond, Cell, Row, SHEET_COLUMNS_MAX, SHEET_ROWS_MAX, Sheet};
use super::class::{self, ClassRow};
use super::cross_check::{self, ClassSchool, MissingReference, Reading};
use super::district::{DistrictRow, Districts};
use super::expected::Expected;
use super::found::{FileFault, Found};
use super::header;
use super::name::{code, name};
use super::notes::Notes;
use super::reason::Reason;
use super::report::{CellError, CellNote, CellPlace, ImportReport, TableReport, Unused, UnusedSheet};
use super::row::{Placed, RowKind, RowPlace, RowReader, kind_of};
use super::school::{self, SchoolRow};
use super::table::{Column, TABLES, Table, TableKind, is_other_table};
use super::term::TermRow;
use std::sync::Arc;

/// Everything that was read, without a fault.
#[derive(Debug, Clone, Default)]
pub struct CityRows {
    /// The tables, in order: which, in which sheet, and how many rows of data.
    pub tables: Vec<ReadTable>,
    /// Districts; of use for reading the other tables only.
    pub districts: Vec<DistrictRow>,
    /// Schools, each code once.
    pub schools: Vec<Placed<SchoolRow>>,
    /// The terms of the classes, in order of their codes.
    pub terms: Vec<TermRow>,
    /// Classes, each code once.
    pub classes: Vec<Placed<ClassRow>>,
    /// Classes whose school is not among `schools`: it must have been imported before.
    pub missing_references: Vec<MissingReference>,
    /// What was understood otherwise than it stands.
    pub warnings: Vec<CellNote>,
    /// Warnings beyond what a report holds.
    pub left_out: u32,
    /// Sheets of which nothing was taken.
    pub unused_sheets: Vec<UnusedSheet>,
}

impl CityRows {
    /// The report of an import that was carried out.
    pub fn report(&self, tables: Vec<TableReport>) -> ImportReport {
        ImportReport { tables, ..self.refused(Vec::new()) }
    }

    /// The report of an import that was refused for what only the database knows, such as seats given out.
    pub fn refused(&self, errors: Vec<CellError>) -> ImportReport {
        ImportReport {
            tables: Vec::new(),
            warnings: self.warnings.clone(),
            errors,
            left_out: self.left_out,
            unused_sheets: self.unused_sheets.clone(),
        }
    }
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadTable {
    /// The sheet's name.
    pub sheet: String,
    /// Which table it holds.
    pub kind: TableKind,
    /// Rows of data in it.
    pub rows: u32,
}

/// What an import was refused for.
#[derive(Debug, Clone, Default)]
pub struct Rejected {
    /// The report, with at least one error.
    pub report: ImportReport,
    /// Classes whose school is not in the import either; to be told as well should nobody know it.
    pub missing_references: Vec<MissingReference>,
}

/// Reads every table of an import, of which some files may already be known to be faulty. All or nothing: with
/// any error there are no rows.
pub fn read(sheets: &[Sheet], faults: Vec<CellError>) -> Result<CityRows, Box<Rejected>> {
    let mut reading = Reading::default();
    reading.notes.errors = faults;
    let mut rows = CityRows::default();
    let tables = recognised(sheets, &mut rows, &mut reading.notes);
    for kind in [TableKind::Districts, TableKind::Schools, TableKind::Classes] {
        let districts = Districts::with(&rows.districts);
        for (sheet, table, at) in tables.iter().filter(|(_, table, _)| table.kind == kind) {
            read_table(sheet, table, *at, &districts, &mut rows, &mut reading);
        }
    }
    rows.missing_references = cross_check::check(&mut reading);
    rows.terms = cross_check::terms(&rows.classes, &reading);
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    reading.notes.sort(&names);
    let Notes { errors, warnings, left_out } = reading.notes;
    if errors.is_empty() {
        return Ok(CityRows { warnings, left_out, ..rows });
    }
    let report = ImportReport {
        errors,
        warnings,
        left_out,
        unused_sheets: rows.unused_sheets,
        ..ImportReport::default()
    };
    Err(Box::new(Rejected { report, missing_references: rows.missing_references }))
}

/// Tells the sheets that are tables of ours from the others, which are told.
fn recognised<'s>(
    sheets: &'s [Sheet],
    rows: &mut CityRows,
    notes: &mut Notes,
) -> Vec<(&'s Sheet, &'static Table, usize)> {
    let mut tables = Vec::new();
    for sheet in sheets {
        let reason = if sheet.hidden {
            Unused::Hidden
        } else if let Some((table, at)) = header::recognise(sheet) {
            tables.push((sheet, table, at));
            continue;
        } else if is_other_table(&sheet.name) {
            Unused::NotImported
        } else if sheet.rows.iter().all(Row::is_blank) {
            Unused::Empty
        } else if let Some(table) = TABLES.iter().find(|table| table.is_named(&sheet.name)) {
            let titles = table.required.iter().filter_map(|group| group.first());
            let titles = titles.map(|column| table.title(*column).to_owned()).collect();
            let place = CellPlace::sheet(&sheet.name);
            notes.error(CellError { place, found: Found::NoHeader, expected: Expected::Header { titles } });
            continue;
        } else {
            Unused::Unknown
        };
        rows.unused_sheets.push(UnusedSheet { sheet: sheet.name.clone(), reason });
    }
    let is_the_citys = rows.unused_sheets.iter().any(|sheet| sheet.reason == Unused::NotImported);
    if tables.is_empty() && notes.errors.is_empty() && !is_the_citys {
        let place = CellPlace::sheet(sheets.first().map_or("", |sheet| sheet.name.as_str()));
        let found = Found::File(FileFault::NoTable);
        notes.error(CellError { place, found, expected: Expected::SchoolsOrClasses });
    }
    tables
}

fn read_table(
    sheet: &Sheet,
    table: &'static Table,
    at: usize,
    districts: &Districts,
    rows: &mut CityRows,
    reading: &mut Reading,
) {
    let Some(header_row) = sheet.rows.get(at) else { return };
    let header = Arc::new(header::read(sheet, table, header_row, &mut reading.notes));
    if let Some(beyond) = sheet.beyond {
        let expected = match beyond {
            Beyond::Rows => Expected::RowsAtMost { max: SHEET_ROWS_MAX },
            Beyond::Columns => Expected::ColumnsAtMost { max: SHEET_COLUMNS_MAX },
        };
        reading.notes.error(CellError { place: CellPlace::sheet(&sheet.name), found: Found::More, expected });
    }
    if let Some(reason) = sheet.decoded {
        let found = Found::Cell(sheet.name.clone());
        reading.notes.warning(CellNote {
            place: CellPlace::sheet(&sheet.name),
            found,
            taken: String::new(),
            reason,
        });
    }
    let name: Arc<str> = sheet.name.as_str().into();
    let mut count = 0;
    for row in sheet.rows.iter().skip(at + 1).filter(|row| !row.is_blank()) {
        let skipped = match kind_of(row, &header) {
            RowKind::Data => {
                let place = RowPlace { sheet: name.clone(), row: row.number, header: header.clone() };
                read_row(row, &place, table.kind, districts, rows, reading);
                count += 1;
                continue;
            }
            RowKind::Total => Reason::TotalRow,
            RowKind::Remark => Reason::RemarkRow,
            RowKind::Header => Reason::RepeatedHeader,
        };
        let shown = row.cells.iter().find(|cell| !cell.is_blank()).map(Cell::shown);
        reading.notes.warning(CellNote {
            place: CellPlace::row(&sheet.name, row.number),
            found: Found::Cell(shown.unwrap_or_default()),
            taken: String::new(),
            reason: skipped,
        });
    }
    rows.tables.push(ReadTable { sheet: sheet.name.clone(), kind: table.kind, rows: count });
}

fn read_row(
    row: &Row,
    place: &RowPlace,
    kind: TableKind,
    districts: &Districts,
    rows: &mut CityRows,
    reading: &mut Reading,
) {
    let mut reader = RowReader::new(place.clone(), row, &mut reading.notes);
    let code_of = |cell| code(cell).ok().map(|taken| taken.value);
    let own_code = code_of(reader.cell(Column::Code));
    let placed_code = own_code.clone().map(|code| (kind, code, place.clone()));
    match kind {
        TableKind::Districts => {
            let district = (reader.read(Column::Code, code), reader.read(Column::Name, name(40)));
            if let (Some(code), Some(name)) = district {
                rows.districts.push(DistrictRow { code, name });
            }
        }
        TableKind::Schools => {
            let name = name(100)(reader.cell(Column::Name)).ok().map(|taken| taken.value);
            let school = school::read(&mut reader, districts);
            reading.school_names.extend(own_code.map(|code| (code, name)));
            rows.schools.extend(school.map(|row| Placed { row, place: place.clone() }));
        }
        TableKind::Classes => {
            let school_code = code_of(reader.cell(Column::SchoolCode));
            let (class, term) = class::read(&mut reader);
            reading.class_schools.extend(school_code.map(|school_code| ClassSchool {
                school_code,
                class_code: own_code.unwrap_or_default(),
                place: place.clone(),
                name: reader.cell(Column::SchoolName).clone(),
            }));
            reading.class_terms.extend(term.map(|term| (term, place.clone())));
            rows.classes.extend(class.map(|row| Placed { row, place: place.clone() }));
        }
    }
    reading.codes.extend(placed_code);
}

#[cfg(test)]
#[path = "city_tests.rs"]
mod tests;
