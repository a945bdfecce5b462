//! Night schools over HTTP.

mod editing;
pub mod fixture;
mod freshness;
mod reading;
