//! Night schools over HTTP.

pub mod fixture;
mod freshness;
mod reading;
