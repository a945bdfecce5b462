//! The booking kernel on both databases: what the domain promises must hold under concurrency and faults.

mod asking;
mod fixture;
mod process;
mod soundness;

mod approval;
mod deadlock;
mod desk;
mod due;
mod edited;
mod frozen;
mod long_line;
mod lost_commit;
mod offers;
mod one_person;
mod poison;
mod pressure;
mod promotion;
mod restart;
mod seals;
mod server;
mod storm;
mod swap;
mod wire;
mod worker;
