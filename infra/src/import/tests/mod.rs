//! The city's own files, whole and with one thing broken at a time.

mod broken_cells;
mod fixture;
mod hostile;
mod sample;
mod written;
