//! Tests of the kernel: an in-memory [`store`] does what the database will do, [`invariants`] are held against
//! it after every command, tables go through the rules, and properties through random histories.

mod fixture;
mod invariants;
mod store;

mod across;
mod approval;
mod called_off;
mod drawn;
mod giving_up;
mod offers;
mod parties;
mod states;
mod sweeping;
mod taking;
mod verdicts;
