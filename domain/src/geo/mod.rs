//! Where things are and how far that is on foot or by bike.
//!
//! Inside, a [`Point`] is always WGS-84; GCJ-02 is a way of writing one down, for the map of the mini-app.

mod datum;
pub mod district;
mod gcj02;
mod point;
mod reach;

pub use datum::Datum;
pub use point::{InvalidPoint, Point};
pub use reach::{DETOUR_FACTOR, MINUTES_MAX, Mode};
