//! The harness of the end-to-end suites: real servers over sockets, both set-ups, a database of its own per test.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

pub mod database;
