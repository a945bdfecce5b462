//! Why a cell is worth a warning although it was understood.

use crate::language::Language;
use serde::{Deserialize, Serialize};

/// What was taken otherwise than it stands. Each is a case in which only one thing can be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Reason {
    /// Stray spaces or line breaks.
    Spaces,
    /// Full-width digits, letters or signs.
    FullWidth,
    /// Another middle dot than `·`.
    MiddleDot,
    /// A unit in the cell, such as 人 or 元.
    Unit,
    /// Commas of thousands, or zeros after the point of a whole number.
    NumberForm,
    /// A word for "without limit".
    Unlimited,
    /// A word for "costs nothing".
    Free,
    /// A word or sign for "none".
    NoneMeant,
    /// Another word for a known one, such as 星期六 for 周六.
    Synonym,
    /// A date in another form than `2027-03-20`.
    DateForm,
    /// A date without a year, where the term leaves exactly one.
    YearAdded,
    /// A time in another form than `19:00`.
    TimeForm,
    /// A date or time that stands as the bare number Excel keeps.
    SerialNumber,
    /// A list with another separator than `;`.
    Separator,
    /// An entry of a list that stands there twice.
    Repeated,
    /// The code of the term, made from its name (or the other way round).
    TermDerived,
    /// A day without class on which there would be none anyway.
    SkipDayWithoutLesson,
    /// A school's name beside its code that differs from the school's own.
    SchoolNameDiffers,
    /// A column nobody asked for.
    UnknownColumn,
    /// A row of totals.
    TotalRow,
    /// A remark below or between the data.
    RemarkRow,
    /// The header again, as on the next printed page.
    RepeatedHeader,
    /// A CSV that is not UTF-8 but GB 18030, as Chinese Excel saves it.
    Gb18030,
    /// A CSV in UTF-16, as Excel's "Unicode text".
    Utf16,
}

impl Reason {
    /// The reason, for people.
    pub fn text(self, language: Language) -> &'static str {
        let (chinese, english) = match self {
            Self::Spaces => ("去掉了多余的空格或换行", "stray spaces or line breaks removed"),
            Self::FullWidth => ("全角字符按半角读取", "full-width characters read as half-width"),
            Self::MiddleDot => ("间隔号统一为“·”", "middle dot changed to “·”"),
            Self::Unit => ("去掉了单位", "unit removed"),
            Self::NumberForm => ("数字写法已统一", "number written in another way"),
            Self::Unlimited => ("按不限读取", "read as unlimited"),
            Self::Free => ("按 0 元读取", "read as 0 yuan"),
            Self::NoneMeant => ("按空白读取", "read as blank"),
            Self::Synonym => ("按同义词读取", "read as the word it stands for"),
            Self::DateForm => ("日期写法已统一", "date written in another way"),
            Self::YearAdded => {
                ("日期没有年份，按学期补上", "date without a year; the term leaves only this one")
            }
            Self::TimeForm => ("时间写法已统一", "time written in another way"),
            Self::SerialNumber => {
                ("按 Excel 日期序号读取", "read as Excel's serial number of a date or time")
            }
            Self::Separator => ("分隔符已统一", "list with another separator"),
            Self::Repeated => ("重复项只取一次", "repeated entry taken once"),
            Self::TermDerived => ("学期名称与代码由另一列推出", "term's name or code made from the other"),
            Self::SkipDayWithoutLesson => {
                ("当天本来没有课，停课日期未采用", "there is no class on that day anyway; left out")
            }
            Self::SchoolNameDiffers => {
                ("学校名称与编码对应的不同，以编码为准", "the school's name differs; its code counts")
            }
            Self::UnknownColumn => ("不认识的列，未读取", "unknown column, not read"),
            Self::TotalRow => ("合计行，未读取", "row of totals, not read"),
            Self::RemarkRow => ("说明文字，未读取", "remark, not read"),
            Self::RepeatedHeader => ("重复的表头，未读取", "header again, not read"),
            Self::Utf16 => ("文件不是 UTF-8，按 UTF-16 读取", "not UTF-8; read as UTF-16"),
            Self::Gb18030 => ("文件不是 UTF-8，按 GB 18030 读取", "not UTF-8; read as GB 18030"),
        };
        language.choose(chinese, english)
    }
}
