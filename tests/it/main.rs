//! The end-to-end suites.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod booking;
mod browser;
mod identity;
mod import;
mod imports;
mod kernel;
mod night_school;
mod page;
mod platform;
