//! What stood where something else was expected: mostly the cell's own text, sometimes a fact about the file.

use crate::language::Language;
use serde::{Deserialize, Serialize};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Found {
    /// An empty cell.
    Blank,
    /// What stands in the cell, bounded.
    Cell(String),
    /// The sheet has no such column.
    NoColumn,
    /// The sheet has no row that could be its header.
    NoHeader,
    /// More rows or columns than are read.
    More,
    /// A file that cannot be read.
    File(FileFault),
}

/// What is wrong with a whole file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FileFault {
    /// No bytes.
    Empty,
    /// More bytes than are read.
    TooLarge,
    /// Small, but unpacks to more than is read.
    TooLargeUnpacked,
    /// More files at once than are read.
    TooMany,
    /// An .xls of Excel 97–2003.
    OldExcel,
    /// A workbook locked with a password.
    Password,
    /// A workbook with macros.
    Macros,
    /// A binary workbook (.xlsb).
    BinaryWorkbook,
    /// A Word document, whatever its name.
    Word,
    /// A presentation, whatever its name.
    Presentation,
    /// A file of OpenDocument.
    OpenDocument,
    /// A PDF.
    Pdf,
    /// A workbook by its beginning, but damaged.
    Damaged,
    /// No kind of file that is known.
    Unknown,
    /// Text in an encoding that is not read.
    Encoding,
    /// Readable, but no table in it that is imported.
    NoTable,
}

impl Found {
    /// What was found, for people.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Blank => language.choose("（空白）", "(blank)").to_owned(),
            Self::Cell(text) => text.clone(),
            Self::NoColumn => language.choose("没有这一列", "no such column").to_owned(),
            Self::NoHeader => language.choose("没有表头", "no header row").to_owned(),
            Self::More => language.choose("超出的内容", "more than that").to_owned(),
            Self::File(fault) => fault.text(language).to_owned(),
        }
    }
}

impl FileFault {
    /// What is wrong, for people.
    pub fn text(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Empty => ("空文件", "an empty file"),
            Self::TooLarge => ("文件太大", "a file that is too large"),
            Self::TooLargeUnpacked => ("解压后太大的文件", "a file that is too large when unpacked"),
            Self::TooMany => ("文件太多", "too many files"),
            Self::OldExcel => ("旧版 Excel 文件（.xls）", "an old Excel file (.xls)"),
            Self::Password => ("有密码的工作簿", "a workbook with a password"),
            Self::Macros => ("含宏的工作簿", "a workbook with macros"),
            Self::BinaryWorkbook => ("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"),
            Self::Word => ("Word 文档", "a Word document"),
            Self::Presentation => ("演示文稿", "a presentation"),
            Self::OpenDocument => ("OpenDocument 文件", "an OpenDocument file"),
            Self::Pdf => ("PDF 文件", "a PDF"),
            Self::Damaged => ("损坏的工作簿", "a damaged workbook"),
            Self::Unknown => ("不认识的文件", "an unknown kind of file"),
            Self::Encoding => ("不认识的文字编码", "text in an unknown encoding"),
            Self::NoTable => ("没有可以导入的表", "no table that is imported"),
        };
        language.choose(chinese, english)
    }
}
