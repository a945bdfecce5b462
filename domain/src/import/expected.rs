//! What should have stood in a cell, as data, with its text in both languages.

use crate::language::Language;
use serde::{Deserialize, Serialize};

const MEBIBYTE: u64 = 1024 * 1024;

/// What was expected. Values inside are already written as people read them (`2027-03-20`, `19:00`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Expected {
    /// A code of letters, digits, `-` and `_`.
    Code { length_max: u32 },
    /// Text of bounded length.
    Text { length_max: u32 },
    /// What a rule of the night schools says, in its own words.
    Rule { chinese: String, english: String },
    /// A whole number.
    Integer { min: u32, max: u32 },
    /// A whole number, or nothing (or 不限) for no limit.
    IntegerOrUnlimited { min: u32, max: u32 },
    /// An amount in yuan, at most two decimals.
    Yuan { max: u32 },
    /// An amount in fen.
    Fen { max: u32 },
    /// A day.
    Date,
    /// A day with its year: the term does not leave exactly one.
    DateWithYear { term: String },
    /// Days, separated by `;`.
    DateList,
    /// A time of day.
    Time,
    /// A day and a time.
    DateTime,
    /// A day of the week.
    Weekday,
    /// One of these words.
    OneOf { words: Vec<String> },
    /// One of these districts.
    District { names: Vec<String> },
    /// Degrees of longitude.
    Longitude { min: u32, max: u32 },
    /// Degrees of latitude.
    Latitude { min: u32, max: u32 },
    /// Who something is for, in the words of the form.
    Audience,
    /// A term such as 2027春季 or 2027-spring.
    Term,
    /// The same term as another cell of the row says.
    SameTerm { other: String },
    /// The name this term has elsewhere.
    TermNamed { name: String, row: u32 },
    /// The result of a formula, which the file does not hold.
    StoredValue,
    /// A cell with fewer characters.
    FewerCharacters { max: u32 },
    /// A code that stands nowhere else.
    Unique { sheet: String, row: u32 },
    /// A school that is in the file or was imported before.
    KnownSchool,
    /// The name of the school this code belongs to.
    SchoolNamed { name: String },
    /// Not before another cell of the row.
    NotBefore { title: String, value: String },
    /// Later than another cell of the row.
    LaterThan { title: String, value: String },
    /// At least another cell of the row.
    AtLeast { title: String, value: String },
    /// At most this many minutes: the class is not longer.
    MinutesAtMost { max: u32 },
    /// A day that falls on this day of the week (1 = Monday).
    OnWeekday { weekday: u32 },
    /// The number of lessons that the dates give.
    LessonCount { count: u32, first: String, last: String, skipped: u32 },
    /// A day on which there is class: the first and last lesson cannot be left out.
    NotFirstOrLastLesson,
    /// The time of the draw, since there is one.
    DrawTime,
    /// Nothing: there is no draw.
    NoDrawTime,
    /// At least the seats that are given out.
    CapacityAtLeast { given: u32 },
    /// A sheet with a header row; some of its titles.
    Header { titles: Vec<String> },
    /// A column of this title.
    Column { title: String },
    /// Only one column of this title.
    OneColumn { title: String },
    /// At most this many rows.
    RowsAtMost { max: u32 },
    /// At most this many columns.
    ColumnsAtMost { max: u32 },
    /// A workbook or table with schools or classes in it.
    SchoolsOrClasses,
    /// A file of a kind that can be read.
    ReadableFile,
    /// An .xlsx without macros.
    WithoutMacros,
    /// A file without a password.
    WithoutPassword,
    /// A file of at most this many bytes.
    BytesAtMost { max: u64 },
    /// At most this many files at once.
    FilesAtMost { max: u32 },
    /// A file in UTF-8 (or GB 18030).
    Utf8,
}

impl Expected {
    /// A fixed set of words.
    pub fn one_of(words: &[&str]) -> Self {
        Self::OneOf { words: words.iter().map(|word| (*word).to_owned()).collect() }
    }

    /// What was expected, for people.
    pub fn text(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Code { length_max } => format!("编码：字母、数字、“-”或“_”，不超过 {length_max} 个字符"),
            Self::Text { length_max } => format!("文字，1 到 {length_max} 个字符"),
            Self::Integer { min, max } => format!("{min} 到 {max} 之间的整数"),
            Self::IntegerOrUnlimited { min, max } => {
                format!("{min} 到 {max} 之间的整数；不限则留空或写“不限”")
            }
            Self::Yuan { max } => format!("金额（元），0 到 {max}，最多两位小数"),
            Self::Fen { max } => format!("金额（分），0 到 {max} 的整数"),
            Self::Date => "日期，如 2027-03-20".to_owned(),
            Self::DateWithYear { term } if term.is_empty() => "带年份的日期，如 2027-03-20".to_owned(),
            Self::DateWithYear { term } => {
                format!("带年份的日期，如 2027-03-20（学期“{term}”不能确定是哪一年）")
            }
            Self::DateList => "日期，多个用“;”分隔，如 2027-04-05;2027-05-03".to_owned(),
            Self::Time => "时间，如 19:00".to_owned(),
            Self::DateTime => {
                "日期和时间，如 2027-02-20 10:00（零点请写成文字“2027-02-20 00:00”）".to_owned()
            }
            Self::Weekday => "星期几，如 周六，或 1 到 7".to_owned(),
            Self::OneOf { words } => format!("以下之一：{}", words.join("、")),
            Self::District { names } => format!("区县名称或编码：{}", names.join("、")),
            Self::Longitude { min, max } => format!("经度，{min} 到 {max} 之间的度数"),
            Self::Latitude { min, max } => format!("纬度，{min} 到 {max} 之间的度数"),
            Self::Audience => "适用人群，如 18-35岁、在校学生或毕业3年内；所有人则留空".to_owned(),
            Self::Term => "学期，如 2027春季 或 2027-spring".to_owned(),
            Self::SameTerm { other } => format!("与同一行的学期“{other}”一致"),
            Self::TermNamed { name, row } => format!("“{name}”（第 {row} 行同一学期代码的名称）"),
            Self::StoredValue => "公式的结果（文件里没有保存，请在 Excel 中打开并保存一次）".to_owned(),
            Self::FewerCharacters { max } => format!("不超过 {max} 个字符"),
            Self::Unique { sheet, row } => format!("不重复的编码（“{sheet}”第 {row} 行已有）"),
            Self::Rule { chinese, .. } => chinese.clone(),
            Self::KnownSchool => "已有的学校编码，或同一文件中的学校".to_owned(),
            Self::SchoolNamed { name } => format!("该编码对应的学校“{name}”"),
            Self::NotBefore { title, value } => format!("不早于{title} {value}"),
            Self::LaterThan { title, value } => format!("晚于{title} {value}"),
            Self::AtLeast { title, value } => format!("不小于{title} {value}"),
            Self::MinutesAtMost { max } => format!("不超过 {max} 分钟（按开始和结束时间）"),
            Self::OnWeekday { weekday } => format!("{}的日期（与上课星期一致）", chinese_weekday(*weekday)),
            Self::LessonCount { count, first, last, skipped } => {
                format!("{count}（{first} 至 {last} 每周一次，停课 {skipped} 次）")
            }
            Self::NotFirstOrLastLesson => "首课和末课之间的停课日期".to_owned(),
            Self::DrawTime => "抽签时间（录取方式为抽签）".to_owned(),
            Self::NoDrawTime => "留空（录取方式不是抽签）".to_owned(),
            Self::CapacityAtLeast { given } => format!("不小于 {given}（已有 {given} 个名额被占用）"),
            Self::Header { titles } => format!("表头一行，如：{}", titles.join("、")),
            Self::Column { title } => format!("列“{title}”"),
            Self::OneColumn { title } => format!("只有一列“{title}”"),
            Self::RowsAtMost { max } => format!("每张表不超过 {max} 行"),
            Self::ColumnsAtMost { max } => format!("每张表不超过 {max} 列"),
            Self::SchoolsOrClasses => "至少一张夜校或课程表".to_owned(),
            Self::ReadableFile => "完好的 .xlsx 工作簿或 .csv 文件".to_owned(),
            Self::WithoutMacros => "不含宏的 .xlsx（请另存为“Excel 工作簿”）".to_owned(),
            Self::WithoutPassword => "没有密码的 .xlsx".to_owned(),
            Self::BytesAtMost { max } => format!("不超过 {} MiB", max / MEBIBYTE),
            Self::FilesAtMost { max } => format!("一次不超过 {max} 个文件"),
            Self::Utf8 => "UTF-8 编码（或 GB 18030）的文字".to_owned(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Code { length_max } => {
                format!("a code of letters, digits, “-” and “_”, at most {length_max} characters")
            }
            Self::Text { length_max } => format!("text, 1 to {length_max} characters"),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::IntegerOrUnlimited { min, max } => {
                format!("a whole number from {min} to {max}; blank or 不限 for no limit")
            }
            Self::Yuan { max } => format!("an amount in yuan, 0 to {max}, at most two decimals"),
            Self::Fen { max } => format!("an amount in fen, a whole number from 0 to {max}"),
            Self::Date => "a date such as 2027-03-20".to_owned(),
            Self::DateWithYear { term } if term.is_empty() => {
                "a date with its year, such as 2027-03-20".to_owned()
            }
            Self::DateWithYear { term } => {
                format!(
                    "a date with its year, such as 2027-03-20 (term “{term}” does not leave exactly one year)"
                )
            }
            Self::DateList => "dates separated by “;”, such as 2027-04-05;2027-05-03".to_owned(),
            Self::Time => "a time such as 19:00".to_owned(),
            Self::DateTime => {
                "a date and a time such as 2027-02-20 10:00 (midnight as the text “2027-02-20 00:00”)"
                    .to_owned()
            }
            Self::Weekday => "a day of the week such as 周六, or 1 (Monday) to 7".to_owned(),
            Self::OneOf { words } => format!("one of: {}", words.join(", ")),
            Self::District { names } => format!("a district's name or code: {}", names.join(", ")),
            Self::Longitude { min, max } => format!("longitude, degrees from {min} to {max}"),
            Self::Latitude { min, max } => format!("latitude, degrees from {min} to {max}"),
            Self::Audience => {
                "who it is for, such as 18-35岁 or 在校学生或毕业3年内; blank for everybody".to_owned()
            }
            Self::Term => "a term such as 2027春季 or 2027-spring".to_owned(),
            Self::SameTerm { other } => format!("the term “{other}” of the same row"),
            Self::TermNamed { name, row } => format!("“{name}”, the name this term has in row {row}"),
            Self::StoredValue => {
                "the formula's result (the file holds none: open it in Excel and save it)".to_owned()
            }
            Self::FewerCharacters { max } => format!("at most {max} characters"),
            Self::Unique { sheet, row } => {
                format!("a code that stands nowhere else (“{sheet}” row {row} has it)")
            }
            Self::Rule { english, .. } => english.clone(),
            Self::KnownSchool => "the code of a school in this file or imported before".to_owned(),
            Self::SchoolNamed { name } => format!("“{name}”, the school of this code"),
            Self::NotBefore { title, value } => format!("not before {title} {value}"),
            Self::LaterThan { title, value } => format!("later than {title} {value}"),
            Self::AtLeast { title, value } => format!("at least {title} {value}"),
            Self::MinutesAtMost { max } => format!("at most {max} minutes, as from start to end"),
            Self::OnWeekday { weekday } => format!("a {}, as the weekday says", english_weekday(*weekday)),
            Self::LessonCount { count, first, last, skipped } => {
                format!("{count} (weekly from {first} to {last}, less {skipped} without class)")
            }
            Self::NotFirstOrLastLesson => "a day between the first and the last lesson".to_owned(),
            Self::DrawTime => "the time of the draw, since admission is by lottery".to_owned(),
            Self::NoDrawTime => "nothing, since admission is not by lottery".to_owned(),
            Self::CapacityAtLeast { given } => format!("at least {given}, the seats that are given out"),
            Self::Header { titles } => format!("a header row with titles such as {}", titles.join(", ")),
            Self::Column { title } => format!("a column “{title}”"),
            Self::OneColumn { title } => format!("only one column “{title}”"),
            Self::RowsAtMost { max } => format!("at most {max} rows a sheet"),
            Self::ColumnsAtMost { max } => format!("at most {max} columns a sheet"),
            Self::SchoolsOrClasses => "at least one table of schools or classes".to_owned(),
            Self::ReadableFile => "an intact .xlsx workbook or .csv file".to_owned(),
            Self::WithoutMacros => "an .xlsx without macros (save it as “Excel Workbook”)".to_owned(),
            Self::WithoutPassword => "an .xlsx without a password".to_owned(),
            Self::BytesAtMost { max } => format!("at most {} MiB", max / MEBIBYTE),
            Self::FilesAtMost { max } => format!("at most {max} files at once"),
            Self::Utf8 => "text in UTF-8 (or GB 18030)".to_owned(),
        }
    }
}

fn chinese_weekday(weekday: u32) -> &'static str {
    match weekday {
        1 => "周一",
        2 => "周二",
        3 => "周三",
        4 => "周四",
        5 => "周五",
        6 => "周六",
        _ => "周日",
    }
}

fn english_weekday(weekday: u32) -> &'static str {
    match weekday {
        1 => "Monday",
        2 => "Tuesday",
        3 => "Wednesday",
        4 => "Thursday",
        5 => "Friday",
        6 => "Saturday",
        _ => "Sunday",
    }
}
