//! From the bytes of a CSV to its text: UTF-8, UTF-16 with a byte order mark, or GB 18030, as Chinese Excel
//! saves it (GB 18030 holds GBK and GB 2312).

use domain::import::found::FileFault;
use domain::import::reason::Reason;
use encoding_rs::{Encoding, GB18030, UTF_8};

/// The text, and why it is worth a remark that it was not UTF-8.
pub fn decode(bytes: &[u8]) -> Result<(String, Option<Reason>), FileFault> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = exactly(encoding, bytes.get(mark..).unwrap_or_default())?;
        return Ok((text, (encoding != UTF_8).then_some(Reason::Utf16)));
    }
    if let Ok(text) = exactly(UTF_8, bytes) {
        return Ok((text, None));
    }
    Ok((exactly(GB18030, bytes)?, Some(Reason::Gb18030)))
}

fn exactly(encoding: &'static Encoding, bytes: &[u8]) -> Result<String, FileFault> {
    let text =
        encoding.decode_without_bom_handling_and_without_replacement(bytes).ok_or(FileFault::Encoding)?;
    if text.contains('\0') { Err(FileFault::Encoding) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_encodings_and_no_guess() {
        let text = "编码,学校名称\nNS01,夜校·一";
        let (gbk, _, _) = GB18030.encode(text);
        let utf16: Vec<u8> = "\u{feff}编码".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(text.as_bytes()), Ok((text.to_owned(), None)));
        assert_eq!(decode(format!("\u{feff}{text}").as_bytes()), Ok((text.to_owned(), None)));
        assert_eq!(decode(&gbk), Ok((text.to_owned(), Some(Reason::Gb18030))));
        assert_eq!(decode(&utf16), Ok(("编码".to_owned(), Some(Reason::Utf16))));
        assert_eq!(decode(&[0xff, 0x41, 0xff]), Err(FileFault::Encoding));
        assert_eq!(decode(b"a,b\0c"), Err(FileFault::Encoding));
    }
}
