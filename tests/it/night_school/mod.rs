//! Night schools over HTTP.

mod editing;
mod fixture;
mod freshness;
mod reading;
