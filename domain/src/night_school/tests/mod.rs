//! Classes against the rules: forms, phases, edits.

mod edits;
mod fixture;
mod forms;
mod phases;
