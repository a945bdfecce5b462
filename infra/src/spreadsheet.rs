//! Tables for people with Excel: CSV that it opens as UTF-8, and XLSX.

use crate::error::{Error, Result};
use rust_xlsxwriter::{Format, Workbook};

/// Excel takes a file for UTF-8 only with this in front.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// `rows` under `header` as CSV (RFC 4180) with a byte order mark. No cell is taken for a formula.
pub fn csv(header: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let failed = |error: csv::Error| Error::Stored(error.to_string());
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(header).map_err(failed)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::Stored(error.to_string()))
}

/// A cell that begins like a formula is one to a spreadsheet; an apostrophe makes it a text (OWASP, CSV injection).
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

/// `rows` under `header` as a workbook of one sheet; every cell is a text.
pub fn xlsx(sheet: &str, header: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let failed = |error: rust_xlsxwriter::XlsxError| Error::Stored(error.to_string());
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let page = workbook.add_worksheet();
    page.set_name(sheet).map_err(failed)?;
    for (column, title) in (0_u16..).zip(header) {
        page.write_string_with_format(0, column, *title, &bold).map_err(failed)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            page.write_string(row, column, cell).map_err(failed)?;
        }
    }
    page.set_freeze_panes(1, 0).map_err(failed)?;
    page.autofit();
    workbook.save_to_buffer().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_what_excel_takes_for_utf_8_and_for_no_formula() {
        let rows = vec![vec!["=1+1".to_owned(), "张三, \"小\"".to_owned()]];
        let bytes = csv(&["甲", "乙"], &rows).unwrap();
        assert!(bytes.starts_with(BYTE_ORDER_MARK));
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text, "\u{feff}甲,乙\r\n'=1+1,\"张三, \"\"小\"\"\"\r\n");
    }
}
