//! Opens the package of a workbook within bounds, before anything believes what it says of itself.
//!
//! A ZIP declares sizes it need not keep. So every part is unpacked once, counted, and thrown away; only then
//! is the package read. That costs some milliseconds for a real workbook, and bounds a malicious one.

use domain::import::found::FileFault;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// The most bytes of all parts together, unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// The most bytes of the shared strings, each of which becomes a string of its own in memory.
const STRINGS_BYTES_MAX: u64 = 32 * 1024 * 1024;

/// The most bytes of a part that says how cells look or how parts hang together.
const FRAME_BYTES_MAX: u64 = 2 * 1024 * 1024;

/// The longest element of the styles, in bytes: the reader copies a format's code for every style that has it.
const STYLE_ELEMENT_BYTES_MAX: usize = 2 * 1024;

/// The most parts.
const PARTS_MAX: usize = 1_000;

/// Refuses what is no .xlsx, has macros, is damaged, or unpacks to too much.
pub fn check(bytes: &[u8]) -> Result<(), FileFault> {
    let mut package = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileFault::Damaged)?;
    if package.len() > PARTS_MAX {
        return Err(FileFault::TooLargeUnpacked);
    }
    let names: Vec<String> =
        package.file_names().filter_map(Result::ok).map(|name| name.to_lowercase()).collect();
    kind(&names)?;
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..package.len() {
        let mut part = package.by_index(index).map_err(|_| FileFault::Damaged)?;
        let name = part.name().map_err(|_| FileFault::Damaged)?.to_lowercase();
        let bound = left.min(part_bytes_max(&name));
        left -= unpack(&name, &mut part, bound)?;
    }
    Ok(())
}

/// What the names of the parts tell.
fn kind(names: &[String]) -> Result<(), FileFault> {
    let has = |part: &str| names.iter().any(|name| name.trim_start_matches('/') == part);
    let has_under = |folder: &str| names.iter().any(|name| name.trim_start_matches('/').starts_with(folder));
    if names.iter().any(|name| name.ends_with("vbaproject.bin")) {
        Err(FileFault::Macros)
    } else if has("xl/workbook.bin") {
        Err(FileFault::BinaryWorkbook)
    } else if has_under("word/") {
        Err(FileFault::Word)
    } else if has_under("ppt/") {
        Err(FileFault::Presentation)
    } else if has("mimetype") && has("content.xml") {
        Err(FileFault::OpenDocument)
    } else if has("[content_types].xml") {
        Ok(())
    } else {
        Err(FileFault::Unknown)
    }
}

fn part_bytes_max(name: &str) -> u64 {
    let is_frame =
        ["styles.xml", "workbook.xml", ".rels", "[content_types].xml"].iter().any(|end| name.ends_with(end));
    if is_frame {
        FRAME_BYTES_MAX
    } else if name.ends_with("sharedstrings.xml") {
        STRINGS_BYTES_MAX
    } else {
        UNPACKED_BYTES_MAX
    }
}

/// Unpacks a part and forgets it; gives its size.
fn unpack(name: &str, part: &mut impl Read, bytes_max: u64) -> Result<u64, FileFault> {
    let mut part = part.take(bytes_max + 1);
    let size = if name.ends_with("styles.xml") {
        let mut styles = Vec::new();
        part.read_to_end(&mut styles).map_err(|_| FileFault::Damaged)?;
        if styles.split(|byte| *byte == b'<').any(|element| element.len() > STYLE_ELEMENT_BYTES_MAX) {
            return Err(FileFault::Damaged);
        }
        u64::try_from(styles.len()).unwrap_or(u64::MAX)
    } else if name.ends_with("[content_types].xml") {
        let mut types = Vec::new();
        part.read_to_end(&mut types).map_err(|_| FileFault::Damaged)?;
        if types.windows(12).any(|window| window == b"macroEnabled") {
            return Err(FileFault::Macros);
        }
        u64::try_from(types.len()).unwrap_or(u64::MAX)
    } else {
        std::io::copy(&mut part, &mut std::io::sink()).map_err(|_| FileFault::Damaged)?
    };
    if size > bytes_max { Err(FileFault::TooLargeUnpacked) } else { Ok(size) }
}
