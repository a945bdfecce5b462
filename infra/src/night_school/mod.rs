//! Queries and verbs of schools, terms and classes.

pub mod read;
pub mod record;
pub mod write_class;
pub mod write_place;
