//! What a file is, by its content; its name only helps to say what is wrong with it.

use domain::import::found::FileFault;

/// How a file is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// A ZIP package, perhaps an .xlsx.
    Package,
    /// Text, perhaps a CSV.
    Text,
}

const ZIP: &[u8] = b"PK\x03\x04";
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Looks at the first bytes, and into the directory of an old compound file.
pub fn content(name: &str, bytes: &[u8]) -> Result<Content, FileFault> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(FileFault::Empty);
    }
    if bytes.starts_with(ZIP) {
        return Ok(Content::Package);
    }
    if bytes.starts_with(COMPOUND) {
        return Err(compound(bytes));
    }
    if bytes.starts_with(b"%PDF") {
        return Err(FileFault::Pdf);
    }
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_lowercase()).unwrap_or_default();
    if matches!(extension.as_str(), "xlsx" | "xlsm") || bytes.starts_with(b"PK") {
        return Err(FileFault::Damaged);
    }
    let is_utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let is_markup = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
    if (bytes.contains(&0) && !is_utf16) || is_markup {
        return Err(FileFault::Unknown);
    }
    Ok(Content::Text)
}

/// An OLE compound file: a locked .xlsx, a Word document, or Excel 97–2003. Its directory names the streams in
/// UTF-16 (MS-CFB 2.6).
fn compound(bytes: &[u8]) -> FileFault {
    let names = |stream: &str| {
        let utf16: Vec<u8> = stream.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes.windows(utf16.len()).any(|window| window == utf16)
    };
    if names("EncryptedPackage") {
        FileFault::Password
    } else if names("WordDocument") {
        FileFault::Word
    } else if names("PowerPoint Document") {
        FileFault::Presentation
    } else {
        FileFault::OldExcel
    }
}
