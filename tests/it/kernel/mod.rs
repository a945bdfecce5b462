//! The booking kernel on both databases: what the domain promises must hold under concurrency and faults.

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
