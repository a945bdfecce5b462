//! An .xlsx as sheets of cells.

use super::shortened;
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use domain::import::cell::{Beyond, Cell, Fault, Row, SHEET_COLUMNS_MAX, SHEET_ROWS_MAX, Sheet};
use domain::import::found::FileFault;
use std::collections::{BTreeMap, HashSet};
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most sheets of a workbook.
const SHEETS_MAX: usize = 100;

/// The most cells of a workbook that are kept, empty ones between others included.
const CELLS_MAX: usize = 4_000_000;

/// The most bytes of text of a workbook that are kept: many cells may show one long shared string.
const TEXT_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What may still be kept.
struct Budget {
    cells: usize,
    text_bytes: usize,
}

/// Reads all sheets of a package that was found to be within bounds.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, FileFault> {
    // The reader of workbooks is not ours; on a damaged one it may index past an end.
    catch_unwind(AssertUnwindSafe(|| sheets(bytes))).unwrap_or_else(|_| {
        tracing::warn!("the reader of workbooks panicked on a damaged file");
        Err(FileFault::Damaged)
    })
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, FileFault> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(fault)?;
    let metadata = workbook.sheets_metadata().to_vec();
    if metadata.len() > SHEETS_MAX {
        return Err(FileFault::TooLargeUnpacked);
    }
    let mut budget = Budget { cells: CELLS_MAX, text_bytes: TEXT_BYTES_MAX };
    let mut sheets = Vec::new();
    for sheet in metadata.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet) {
        let hidden = sheet.visible != SheetVisible::Visible;
        sheets.push(sheet_of(&mut workbook, &sheet.name, hidden, &mut budget)?);
    }
    Ok(sheets)
}

fn sheet_of(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    hidden: bool,
    budget: &mut Budget,
) -> Result<Sheet, FileFault> {
    let since_1904 = workbook.has_1904_epoch();
    let unsaved = formulas_without_value(workbook, name)?;
    let mut cells = workbook.worksheet_cells_reader(name).map_err(fault)?;
    let times: Vec<bool> = cells.styles().iter().map(shows_time).collect();
    let mut rows: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    let mut beyond = None;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(fault)? {
        let (row, column) = cell.get_position();
        let shows_time = times.get(style).copied().unwrap_or_default();
        let value = match cell.get_value() {
            DataRef::Empty if unsaved.contains(&(row, column)) => {
                Cell::Fault(Fault::NoStoredValue("=".to_owned()))
            }
            value => cell_of(value, shows_time, since_1904),
        };
        if value == Cell::Empty {
            continue;
        }
        if row >= SHEET_ROWS_MAX || column >= SHEET_COLUMNS_MAX {
            let limit = if row >= SHEET_ROWS_MAX { Beyond::Rows } else { Beyond::Columns };
            beyond.get_or_insert(limit);
            continue;
        }
        put(&mut rows, row, column, value, budget)?;
    }
    let rows =
        rows.into_iter().map(|(row, cells)| Row { number: row + 1, cells }).filter(|row| !row.is_blank());
    Ok(Sheet { name: shortened(name), hidden, rows: rows.collect(), beyond, decoded: None })
}

fn put(
    rows: &mut BTreeMap<u32, Vec<Cell>>,
    row: u32,
    column: u32,
    value: Cell,
    budget: &mut Budget,
) -> Result<(), FileFault> {
    let cells = rows.entry(row).or_default();
    let index = usize::try_from(column).unwrap_or(usize::MAX);
    let more = (index + 1).saturating_sub(cells.len());
    let bytes = if let Cell::Text(text) = &value { text.len() } else { 0 };
    budget.cells = budget.cells.checked_sub(more).ok_or(FileFault::TooLargeUnpacked)?;
    budget.text_bytes = budget.text_bytes.checked_sub(bytes).ok_or(FileFault::TooLargeUnpacked)?;
    cells.resize(cells.len() + more, Cell::Empty);
    if let Some(cell) = cells.get_mut(index) {
        *cell = value;
    }
    Ok(())
}

/// Formulas whose result was not saved with them. A blank would be read as "none" or "without limit".
fn formulas_without_value(
    workbook: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
) -> Result<HashSet<(u32, u32)>, FileFault> {
    let mut cells = workbook.worksheet_cells_reader(name).map_err(fault)?;
    let mut unsaved = HashSet::new();
    while let Some(record) = cells.next_cell_with_formula_metadata().map_err(fault)? {
        if record.formula.is_some() && matches!(record.value, DataRef::Empty) {
            unsaved.insert(record.pos);
        }
    }
    Ok(unsaved)
}

fn cell_of(value: &DataRef<'_>, shows_time: bool, since_1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        #[expect(clippy::cast_precision_loss, reason = "beyond 15 digits nothing is read as a number anyway")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::text(text.clone()),
        DataRef::SharedString(text) => Cell::text((*text).to_owned()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(at) => serial(*at, shows_time, since_1904),
        DataRef::DateTimeIso(text) => iso(text),
        DataRef::Error(error) => Cell::Fault(Fault::Formula(error.to_string())),
    }
}

fn serial(at: ExcelDateTime, shows_time: bool, since_1904: bool) -> Cell {
    Cell::serial(at.as_f64(), shows_time, since_1904)
}

/// A date cell of ISO 29500 strict, such as `2027-03-20T19:00:00`.
fn iso(text: &str) -> Cell {
    let text = text.trim_end_matches('Z');
    if let Ok(at) = text.parse::<NaiveDateTime>() {
        Cell::DateTime(at)
    } else if let Ok(day) = text.parse::<NaiveDate>() {
        Cell::Date(day)
    } else if let Ok(time) = text.parse::<NaiveTime>() {
        Cell::Time(time)
    } else {
        Cell::text(text.to_owned())
    }
}

/// Whether a style's number format shows hours, so that midnight is meant and not merely left out.
fn shows_time(style: &calamine::Style) -> bool {
    let Some(format) = &style.number_format else { return false };
    match format.format_id {
        // The built-in formats with hours (ECMA-376 18.8.30), East Asian ones included.
        Some(18..=22 | 32..=35 | 45..=47 | 55 | 56) => true,
        _ => has_hours(&format.format_code),
    }
}

/// Whether `h` stands in a format's code outside quotes and escapes.
fn has_hours(code: &str) -> bool {
    let mut quoted = false;
    let mut escaped = false;
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            'h' | 'H' if !quoted => return true,
            _ => {}
        }
    }
    false
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
fn fault(error: XlsxError) -> FileFault {
    tracing::debug!(%error, "a workbook cannot be read");
    match error {
        XlsxError::Password => FileFault::Password,
        _ => FileFault::Damaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_in_a_format() {
        for (code, hours) in [
            ("yyyy/m/d h:mm", true),
            ("yyyy-mm-dd h:mm:ss", true),
            ("[h]:mm", true),
            ("h\"时\"mm\"分\"", true),
            ("yyyy-mm-dd", false),
            ("yyyy\"h\"m", false),
            ("yyyy\\hm", false),
            ("General", false),
        ] {
            assert_eq!(has_hours(code), hours, "{code}");
        }
    }

    #[test]
    fn strict_iso_cells() {
        assert_eq!(iso("2027-03-20T19:00:00"), Cell::DateTime("2027-03-20T19:00:00".parse().unwrap()));
        assert_eq!(iso("2027-03-20"), Cell::Date("2027-03-20".parse().unwrap()));
        assert_eq!(iso("19:00:00"), Cell::Time("19:00:00".parse().unwrap()));
        assert_eq!(iso("soon"), Cell::Text("soon".to_owned()));
    }
}
