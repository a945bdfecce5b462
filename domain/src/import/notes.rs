//! Collects what is to be told, bounded.

use super::report::{CellError, CellNote, NOTES_MAX};

/// What reading has found to tell so far.
#[derive(Debug, Default)]
pub struct Notes {
    /// What was not understood.
    pub errors: Vec<CellError>,
    /// What was understood otherwise than it stands.
    pub warnings: Vec<CellNote>,
    /// How many of both were too many.
    pub left_out: u32,
}

impl Notes {
    /// One more error.
    pub fn error(&mut self, error: CellError) {
        if self.errors.len() < NOTES_MAX {
            self.errors.push(error);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// One more warning.
    pub fn warning(&mut self, note: CellNote) {
        if self.warnings.len() < NOTES_MAX {
            self.warnings.push(note);
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Puts both in the order of the sheets, rows and columns.
    pub fn sort(&mut self, sheets: &[&str]) {
        let key = |place: &super::report::CellPlace| {
            let sheet = sheets.iter().position(|name| *name == place.sheet);
            let column = place.column.clone().unwrap_or_default();
            (sheet, place.row, column.len(), column)
        };
        self.errors.sort_by_cached_key(|error| key(&error.place));
        self.warnings.sort_by_cached_key(|note| key(&note.place));
    }
}
