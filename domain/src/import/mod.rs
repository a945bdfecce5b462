//! Reading the city's tables: what a cell can mean, what a row says, what does not fit together.
//!
//! Pure: cells in, typed rows and a report out; where the cells came from and where the rows go is others'
//! business. Invariant: what can mean only one thing is taken, with a warning where it stands otherwise than
//! the forms say; everything else is an error that names sheet, row, column, what was found and what was
//! expected. All errors are reported, not the first; with any error there are no rows.

pub mod audience;
pub mod cell;
pub mod city;
pub mod class;
mod class_check;
pub mod coordinate;
pub mod cross_check;
pub mod date;
pub mod decimal;
pub mod district;
pub mod expected;
pub mod found;
mod header;
pub mod instant;
pub mod integer;
pub mod money;
pub mod moved;
pub mod name;
mod notes;
pub mod reason;
pub mod report;
pub mod row;
mod scan;
pub mod school;
pub mod table;
pub mod taken;
pub mod term;
pub mod text;
pub mod time_of_day;
mod titles;
pub mod weekday;
pub mod word;
