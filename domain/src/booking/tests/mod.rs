//! Tests of the kernel: an in-memory [`store`] does what the database will do, [`invariants`] are held against
//! it after every command, tables go through the rules, and properties through random histories.

mod draw;
mod due;
mod fixture;
mod history;
mod invariants;
mod store;
mod world;

mod across;
mod approval;
mod batches;
mod called_off;
mod drawn;
mod giving_up;
mod offers;
mod parties;
mod properties;
mod states;
mod sweeping;
mod taking;
mod verdicts;
