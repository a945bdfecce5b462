//! Schools, terms and classes: how they are stored, read and edited.

pub mod catalogue;
pub mod edit;
pub mod edit_place;
pub(crate) mod limits;
pub mod read;
pub mod record;
pub mod roster;
pub(crate) mod write_class;
pub(crate) mod write_place;
