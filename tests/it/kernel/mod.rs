//! The booking kernel on both databases: what the domain promises must hold under concurrency and faults.

mod desk;
mod fixture;
