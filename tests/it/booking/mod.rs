//! A resident's story over HTTP: enrol, wait, be promoted, show the pass, give it up.

mod fixture;
mod refusals;
mod story;
