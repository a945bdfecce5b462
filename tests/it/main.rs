//! The end-to-end suites.

mod kernel;
