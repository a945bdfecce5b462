//! Reading the files of an import: bytes and a name in, typed rows or a report out.
//!
//! Shared by the command line and by uploads. Invariant: whatever the bytes are, reading ends soon, in bounded
//! memory and without a panic, and a file that is refused is refused with its reason.

pub mod apply;
mod delimited;
mod encoding;
mod package;
pub mod runs;
mod sniff;
mod workbook;

use domain::import::cell::Sheet;
use domain::import::city::{self, CityRows, Rejected};
use domain::import::expected::Expected;
use domain::import::found::{FileFault, Found};
use domain::import::report::{CellError, CellPlace};

/// The largest file that is read, in bytes. The city's workbook has 156 KB.
pub const FILE_BYTES_MAX: u64 = 10 * 1024 * 1024;

/// The most files of one import: one workbook, or the city's tables one by one.
pub const FILES_MAX: usize = 32;

/// The longest file or sheet name that a report repeats, in characters.
const NAME_CHARS_MAX: usize = 100;

/// A file as it came.
#[derive(Debug, Clone, Copy)]
pub struct ImportFile<'a> {
    /// Its name, for messages and as a hint at what a CSV holds.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// Reads the files of one import together: a class may belong to a school of another file.
pub fn read(files: &[ImportFile<'_>]) -> Result<CityRows, Box<Rejected>> {
    let mut sheets = Vec::new();
    let mut faults = Vec::new();
    if files.len() > FILES_MAX {
        let max = u32::try_from(FILES_MAX).unwrap_or(u32::MAX);
        let found = Found::File(FileFault::TooMany);
        faults.push(CellError {
            place: CellPlace::sheet(""),
            found,
            expected: Expected::FilesAtMost { max },
        });
    }
    for file in files.iter().take(FILES_MAX) {
        match sheets_of(file) {
            Ok(read) => sheets.extend(read),
            Err(fault) => faults.push(fault_of(&base_name(file.name), fault)),
        }
    }
    city::read(&sheets, faults)
}

fn sheets_of(file: &ImportFile<'_>) -> Result<Vec<Sheet>, FileFault> {
    if u64::try_from(file.bytes.len()).unwrap_or(u64::MAX) > FILE_BYTES_MAX {
        return Err(FileFault::TooLarge);
    }
    let name = base_name(file.name);
    match sniff::content(&name, file.bytes)? {
        sniff::Content::Package => {
            package::check(file.bytes)?;
            workbook::read(file.bytes)
        }
        sniff::Content::Text => {
            let (text, decoded) = encoding::decode(file.bytes)?;
            Ok(vec![Sheet { decoded, ..delimited::read(&name, &text) }])
        }
    }
}

fn fault_of(name: &str, fault: FileFault) -> CellError {
    let expected = match fault {
        FileFault::TooLarge => Expected::BytesAtMost { max: FILE_BYTES_MAX },
        FileFault::TooLargeUnpacked => Expected::BytesAtMost { max: package::UNPACKED_BYTES_MAX },
        FileFault::Macros => Expected::WithoutMacros,
        FileFault::Password => Expected::WithoutPassword,
        FileFault::Encoding => Expected::Utf8,
        _ => Expected::ReadableFile,
    };
    CellError { place: CellPlace::sheet(name), found: Found::File(fault), expected }
}

/// The name without folders, bounded: clients send whole paths.
fn base_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    shortened(base)
}

fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
