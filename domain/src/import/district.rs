//! The districts of Changzhou, by code, by name, and by name without its suffix.

use super::cell::Cell;
use super::expected::Expected;
use super::reason::Reason;
use super::taken::{Reading, Taken};
use super::text::{fold, name_key};

/// One division of the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistrictRow {
    /// Our code, such as `TN`.
    pub code: String,
    /// Its name, such as 天宁区.
    pub name: String,
}

/// The six divisions (GB/T 2260) and the economic development zone, with the codes of the city's own tables.
/// Known without any file, so that a table of schools alone can be read.
const CHANGZHOU: [(&str, &str); 7] = [
    ("TN", "天宁区"),
    ("ZL", "钟楼区"),
    ("XB", "新北区"),
    ("WJ", "武进区"),
    ("JK", "常州经开区"),
    ("JT", "金坛区"),
    ("LY", "溧阳市"),
];

/// All districts that a cell can name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Districts {
    known: Vec<DistrictRow>,
}

impl Default for Districts {
    fn default() -> Self {
        Self::with(&[])
    }
}

impl Districts {
    /// The districts of Changzhou, and those of a file; a file's name for a code counts more.
    pub fn with(rows: &[DistrictRow]) -> Self {
        let mut known = rows.to_vec();
        for (code, name) in CHANGZHOU {
            if !known.iter().any(|row| row.code == code) {
                known.push(DistrictRow { code: code.to_owned(), name: name.to_owned() });
            }
        }
        Self { known }
    }

    /// The code of the district that stands in the cell.
    pub fn read(&self, cell: &Cell) -> Reading<String> {
        let refused =
            || Expected::District { names: self.known.iter().map(|row| row.name.clone()).collect() };
        let Cell::Text(text) = cell else { return Err(refused()) };
        let folded = fold(text);
        let taken = |row: &DistrictRow, reason| Taken::with(row.code.clone(), reason, |_| row.name.clone());
        if let Some(row) = self.known.iter().find(|row| folded.text == row.code || folded.text == row.name) {
            return Ok(taken(row, folded.reason));
        }
        let spelled = short(&folded.text);
        let mut meant = self.known.iter().filter(|row| !spelled.is_empty() && short(&row.name) == spelled);
        match (meant.next(), meant.next()) {
            (Some(row), None) => Ok(taken(row, Some(Reason::Synonym))),
            _ => Err(refused()),
        }
    }
}

/// What all spellings of one district have in common: no province, city and suffix.
fn short(name: &str) -> String {
    let key = name_key(name);
    let mut rest = key.as_str();
    for before in ["江苏省", "江苏", "常州市", "常州"] {
        rest = rest.strip_prefix(before).unwrap_or(rest);
    }
    rest.strip_suffix(['区', '市', '县']).unwrap_or(rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::taken::text_cell;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_codes_and_short_names() {
        let districts = Districts::default();
        for (text, code, reason) in [
            ("TN", "TN", None),
            ("天宁区", "TN", None),
            (" 天宁区", "TN", Some(Reason::Spaces)),
            ("天宁", "TN", Some(Reason::Synonym)),
            ("常州市天宁区", "TN", Some(Reason::Synonym)),
            ("溧阳", "LY", Some(Reason::Synonym)),
            ("江苏省常州市溧阳市", "LY", Some(Reason::Synonym)),
            ("常州经开区", "JK", None),
            ("经开区", "JK", Some(Reason::Synonym)),
            ("经开", "JK", Some(Reason::Synonym)),
        ] {
            let read = districts.read(&text_cell(text)).unwrap();
            assert_eq!(
                (read.value.as_str(), read.remark.map(|remark| remark.reason)),
                (code, reason),
                "{text}"
            );
        }
        for text in ["", "常州", "常州市", "区", "姑苏区", "tn", "天宁区钟楼区"] {
            assert!(
                matches!(districts.read(&text_cell(text)), Err(Expected::District { names }) if names.len() == 7),
                "{text}"
            );
        }
        assert!(districts.read(&Cell::Number(320_402.0)).is_err());
    }

    #[test]
    fn a_file_adds_and_renames() {
        let districts = Districts::with(&[
            DistrictRow { code: "TN".to_owned(), name: "天宁新区".to_owned() },
            DistrictRow { code: "QS".to_owned(), name: "戚墅堰区".to_owned() },
        ]);
        assert_eq!(districts.read(&text_cell("戚墅堰区")), Ok(Taken::plain("QS".to_owned())));
        assert_eq!(districts.read(&text_cell("天宁新区")), Ok(Taken::plain("TN".to_owned())));
        assert!(districts.read(&text_cell("天宁区")).is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC*|[常州市天宁区 ]{0,8}") {
            let _ = Districts::default().read(&text_cell(&text));
        }
    }
}
