//! Night schools over HTTP.

mod fixture;
mod freshness;
mod reading;
