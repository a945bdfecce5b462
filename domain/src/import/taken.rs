//! What reading one cell gives: a value, a value with a remark, or what was expected instead.

use super::expected::Expected;
use super::reason::Reason;

/// A value that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken<T> {
    /// The value.
    pub value: T,
    /// Set where it stands otherwise in the cell.
    pub remark: Option<Remark>,
}

/// What was taken otherwise than it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// What was taken, as people write it.
    pub taken: String,
    /// Why that is worth saying.
    pub reason: Reason,
}

/// Every reader of a cell answers with this; it never panics and never guesses.
pub type Reading<T> = Result<Taken<T>, Expected>;

impl<T> Taken<T> {
    /// A value that stands as it should.
    pub fn plain(value: T) -> Self {
        Self { value, remark: None }
    }

    /// A value with a remark where there is a reason for one.
    pub fn with(value: T, reason: Option<Reason>, taken: impl FnOnce(&T) -> String) -> Self {
        let remark = reason.map(|reason| Remark { taken: taken(&value), reason });
        Self { value, remark }
    }

    /// The same reading of another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Taken<U> {
        Taken { value: change(self.value), remark: self.remark }
    }
}

/// A text cell, for the tests of the readers.
#[cfg(test)]
pub(super) fn text_cell(text: &str) -> super::cell::Cell {
    super::cell::Cell::text(text.to_owned())
}
