//! Holds the rows of all tables against each other: codes, schools, terms.
//!
//! Works on what was seen, not on what was read without a fault, so that a class is not blamed for its
//! school's bad cell and nothing is reported only at the next try.

use super::cell::Cell;
use super::class::ClassRow;
use super::expected::Expected;
use super::found::Found;
use super::name::optional_name;
use super::notes::Notes;
use super::reason::Reason;
use super::report::{CellError, CellNote, CellPlace};
use super::row::{Placed, RowPlace};
use super::table::{Column, TableKind};
use super::term::{TermName, TermRow};
use super::text::name_key;
use std::collections::{BTreeMap, HashMap};

/// What has been seen of an import so far, faulty rows included.
#[derive(Debug, Default)]
pub struct Reading {
    /// What there is to tell.
    pub notes: Notes,
    /// Every code with its table and row.
    pub codes: Vec<(TableKind, String, RowPlace)>,
    /// Every school's code and name.
    pub school_names: Vec<(String, Option<String>)>,
    /// The school of every class.
    pub class_schools: Vec<ClassSchool>,
    /// The term of every class.
    pub class_terms: Vec<(TermName, RowPlace)>,
}

/// The school that a class names.
#[derive(Debug)]
pub struct ClassSchool {
    /// The school's code.
    pub school_code: String,
    /// The class's own code; empty where it could not be read.
    pub class_code: String,
    /// The cell with the school's name, where the sheet has one.
    pub name: Cell,
    /// The row of the class.
    pub place: RowPlace,
}

/// A class that names a school which is not in the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingReference {
    /// The cell with the school's code.
    pub place: CellPlace,
    /// The code of the school.
    pub school_code: String,
    /// The class that needs it.
    pub class_code: String,
}

impl MissingReference {
    /// The error, should no such school be known.
    pub fn error(&self) -> CellError {
        let found = Found::Cell(self.school_code.clone());
        CellError { place: self.place.clone(), found, expected: Expected::KnownSchool }
    }
}

/// Notes doubled codes, terms with two names and schools under another's name; gives the schools that are
/// not in the import.
pub fn check(reading: &mut Reading) -> Vec<MissingReference> {
    let Reading { notes, codes, school_names, class_schools, class_terms } = reading;
    unique_codes(codes, notes);
    term_names(class_terms, notes);
    schools_of_classes(class_schools, school_names, notes)
}

fn unique_codes(codes: &[(TableKind, String, RowPlace)], notes: &mut Notes) {
    let mut first: HashMap<(TableKind, &str), &RowPlace> = HashMap::new();
    for (kind, code, place) in codes {
        match first.get(&(*kind, code.as_str())) {
            Some(other) => {
                let expected = Expected::Unique { sheet: other.sheet.to_string(), row: other.row };
                notes.error(place.error(Column::Code, code, expected));
            }
            None => {
                first.insert((*kind, code), place);
            }
        }
    }
}

/// One code of a term has one name. Spellings of the same name are taken as the first one.
fn term_names(terms: &[(TermName, RowPlace)], notes: &mut Notes) {
    let mut first: HashMap<&str, &(TermName, RowPlace)> = HashMap::new();
    for named in terms {
        let (term, place) = named;
        let (known, known_place) = *first.entry(&term.code).or_insert(named);
        if known.name == term.name {
            continue;
        }
        if known.is_same_name(&term.name) {
            notes.warning(CellNote {
                place: place.cell(Column::TermName),
                found: Found::Cell(term.name.clone()),
                taken: known.name.clone(),
                reason: Reason::Synonym,
            });
        } else {
            let expected = Expected::TermNamed { name: known.name.clone(), row: known_place.row };
            notes.error(place.error(Column::TermName, &term.name, expected));
        }
    }
}

/// The code decides. A name beside it that is the name of another school contradicts it; one that is nobody's
/// is an old or short name.
fn schools_of_classes(
    classes: &[ClassSchool],
    schools: &[(String, Option<String>)],
    notes: &mut Notes,
) -> Vec<MissingReference> {
    let names: HashMap<&str, Option<&String>> =
        schools.iter().map(|(code, name)| (code.as_str(), name.as_ref())).collect();
    let keys: HashMap<String, &str> =
        schools.iter().filter_map(|(code, name)| Some((name_key(name.as_ref()?), code.as_str()))).collect();
    let mut missing = Vec::new();
    for class in classes {
        let Some(own_name) = names.get(class.school_code.as_str()) else {
            missing.push(MissingReference {
                place: class.place.cell(Column::SchoolCode),
                school_code: class.school_code.clone(),
                class_code: class.class_code.clone(),
            });
            continue;
        };
        let beside = optional_name(100)(&class.name).ok().and_then(|taken| taken.value);
        let (Some(own_name), Some(beside)) = (own_name, beside) else { continue };
        if name_key(&beside) == name_key(own_name) {
            continue;
        }
        if keys.contains_key(&name_key(&beside)) {
            let expected = Expected::SchoolNamed { name: (*own_name).clone() };
            notes.error(class.place.error(Column::SchoolName, beside, expected));
        } else {
            notes.warning(CellNote {
                place: class.place.cell(Column::SchoolName),
                found: Found::Cell(beside),
                taken: (*own_name).clone(),
                reason: Reason::SchoolNameDiffers,
            });
        }
    }
    missing
}

/// The terms of the classes: each from its first to its last lesson.
pub fn terms(classes: &[Placed<ClassRow>], reading: &Reading) -> Vec<TermRow> {
    let mut terms: BTreeMap<&str, TermRow> = BTreeMap::new();
    for Placed { row, .. } in classes {
        let name = || reading.class_terms.iter().find(|(term, _)| term.code == row.term_code);
        let term = terms.entry(&row.term_code).or_insert_with(|| TermRow {
            code: row.term_code.clone(),
            name: name().map_or_else(|| row.term_code.clone(), |(term, _)| term.name.clone()),
            first_day: row.first_lesson_on,
            last_day: row.last_lesson_on,
        });
        term.first_day = term.first_day.min(row.first_lesson_on);
        term.last_day = term.last_day.max(row.last_lesson_on);
    }
    terms.into_values().collect()
}
