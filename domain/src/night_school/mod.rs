//! Night schools: schools, terms, classes and their lessons, and what of a class can be booked.
//!
//! A [`class::ClassSpec`] is what an editor says of a class, checked; a [`settings::QuotaSettings`] is what the booking
//! kernel needs of it. What residents see besides (phase, time as text) is derived here from both, never stored.

pub mod category;
pub mod check;
pub mod class;
pub mod edit;
pub mod phase;
pub mod school;
pub mod seating;
pub mod settings;
pub mod term;
pub mod time_text;
pub mod timetable;

#[cfg(test)]
mod tests;

pub use category::Category;
pub use class::{ClassDraft, ClassSpec};
pub use phase::{Phase, Standing};
pub use settings::QuotaSettings;
