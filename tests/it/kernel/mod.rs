//! The booking kernel on both databases: what the domain promises must hold under concurrency and faults.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod asking;
mod fixture;
mod process;
mod soundness;

mod desk;
mod due;
mod long_line;
mod offers;
mod one_person;
mod poison;
mod promotion;
mod seals;
