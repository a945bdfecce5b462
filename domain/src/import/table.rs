//! The tables that are imported: their columns, the titles these go by, and how a table is recognised.

use super::text::fold;
use super::titles::OTHER_TABLES;
pub use super::titles::TABLES;

/// A table that is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Districts: read for their names only.
    Districts,
    /// Night schools.
    Schools,
    /// Night classes, and through them the terms.
    Classes,
}

/// A column of one of the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    Code,
    Name,
    NameEn,
    Kind,
    VenueSceneCode,
    Venue,
    District,
    Street,
    Address,
    Lng,
    Lat,
    Datum,
    CoordPrecision,
    NearestMetroCode,
    NearestMetroMetres,
    MaxClassesPerPerson,
    Fictional,
    SchoolCode,
    SchoolName,
    TermName,
    TermCode,
    Title,
    TitleEn,
    Category,
    Teacher,
    Weekday,
    StartTime,
    EndTime,
    FirstLesson,
    LastLesson,
    Lessons,
    LessonMinutes,
    SkipDates,
    Capacity,
    FeeYuan,
    FeeFen,
    Admission,
    EnrolOpens,
    EnrolCloses,
    DrawAt,
    Waitlist,
    AgeMin,
    AgeMax,
    Room,
    /// Known, and of no use to us: the source of a coordinate, a district's statistics code. Read over.
    Aside,
}

/// What is known of a table.
#[derive(Debug)]
pub struct Table {
    /// Which it is.
    pub kind: TableKind,
    /// Its name in a report.
    pub word: &'static str,
    /// What its sheet or file is called, as far as that is a hint.
    pub(super) names: &'static [&'static str],
    /// Every column with its titles.
    pub columns: &'static [(Column, &'static [&'static str])],
    /// Of each group one column must be there.
    pub required: &'static [&'static [Column]],
    /// Titles that only this table has.
    pub(super) signature: &'static [&'static str],
}

/// Units behind a title that say nothing new; 元 and 分 are not among them.
const UNITS: [&str; 9] = ["(人)", "(名)", "(个)", "(次)", "(节)", "(门)", "(岁)", "(周岁)", "(选填)"];

/// Titles of a table that no other has must be met this often for it to be recognised by them alone.
const SIGNATURE_MIN: usize = 2;

impl Table {
    /// The table of this kind.
    pub fn of(kind: TableKind) -> &'static Self {
        match kind {
            TableKind::Districts => &TABLES[0],
            TableKind::Schools => &TABLES[1],
            TableKind::Classes => &TABLES[2],
        }
    }

    /// The column that goes by this title, with or without a unit behind it that changes nothing.
    pub fn column(&self, title: &str) -> Option<Column> {
        let key = title_key(title);
        let bare = UNITS.iter().find_map(|unit| key.strip_suffix(unit));
        let column = |key: &str| {
            self.columns.iter().find(|(_, titles)| titles.contains(&key)).map(|(column, _)| *column)
        };
        column(&key).or_else(|| column(bare?))
    }

    /// The title a column goes by in the city's workbook.
    pub fn title(&self, column: Column) -> &'static str {
        self.columns
            .iter()
            .find(|(known, _)| *known == column)
            .and_then(|(_, titles)| titles.first().copied())
            .unwrap_or_default()
    }

    /// Whether some titles show that it is this table, whatever the sheet is called.
    pub fn is_signed(&self, titles: &[String]) -> bool {
        titles.iter().filter(|title| self.signature.contains(&title_key(title).as_str())).count()
            >= SIGNATURE_MIN
    }

    /// Whether a sheet or file of this name is probably this table.
    pub fn is_named(&self, sheet: &str) -> bool {
        let name = sheet.to_lowercase();
        self.names.iter().any(|hint| name.contains(hint)) && !is_other_table(sheet)
    }
}

/// Whether a sheet or file is one of the city's tables that are not imported.
pub fn is_other_table(sheet: &str) -> bool {
    let name = sheet.rsplit_once('.').map_or(sheet, |(stem, _)| stem).trim().to_lowercase();
    OTHER_TABLES.contains(&name.as_str())
}

/// What all spellings of one title have in common: half width, no spaces or line breaks, small letters, without
/// the mark of a required column.
pub fn title_key(title: &str) -> String {
    let folded: String = fold(title).text.chars().filter(|c| !c.is_whitespace()).collect();
    let key = folded.to_lowercase();
    let key = key.trim_matches('*');
    key.strip_suffix("(必填)").unwrap_or(key).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_in_all_spellings() {
        let classes = Table::of(TableKind::Classes);
        for (title, column) in [
            ("学费（元）", Some(Column::FeeYuan)),
            ("学费\n（元）", Some(Column::FeeYuan)),
            (" 学费 (元) ", Some(Column::FeeYuan)),
            ("fee_fen", Some(Column::FeeFen)),
            ("Fee_Fen", Some(Column::FeeFen)),
            ("*名额", Some(Column::Capacity)),
            ("名额（必填）", Some(Column::Capacity)),
            ("名额\n（人）", Some(Column::Capacity)),
            ("名额（分）", None),
            ("名额2", None),
            ("", None),
        ] {
            assert_eq!(classes.column(title), column, "{title:?}");
        }
    }

    #[test]
    fn every_title_is_a_key_and_stands_for_one_column() {
        for table in &TABLES {
            let mut seen = std::collections::HashSet::new();
            for title in table.columns.iter().flat_map(|(_, titles)| titles.iter()) {
                assert_eq!(title_key(title), **title);
                assert!(seen.insert(*title), "{title} twice in {}", table.word);
            }
            for title in table.signature {
                assert!(table.column(title).is_some(), "{title} is no column of {}", table.word);
            }
            for column in table.required.iter().copied().flatten() {
                assert!(!table.title(*column).is_empty());
            }
            assert_eq!(Table::of(table.kind).kind, table.kind);
        }
    }

    #[test]
    fn names_are_hints() {
        let named = |sheet| {
            TABLES.iter().filter(|table| table.is_named(sheet)).map(|table| table.word).collect::<Vec<_>>()
        };
        assert_eq!(named("夜校"), ["schools"]);
        assert_eq!(named("schools.csv"), ["schools"]);
        assert_eq!(named("2027春季课程"), ["classes"]);
        assert_eq!(named("Classes.csv"), ["classes"]);
        assert_eq!(named("Sheet1"), [""; 0]);
        assert!(is_other_table("青年小店") && is_other_table("shops.csv") && !is_other_table("夜校"));
    }
}
