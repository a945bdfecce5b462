//! The rules of Changqing: plain values in, plain values out.
//!
//! No async, no I/O, no framework, no clock and no randomness of its own; depends on nothing of ours.

pub mod booking;
pub mod geo;
pub mod id;
pub mod identity;
pub mod import;
pub mod language;
pub mod night_school;
pub mod notice;
pub mod refusal;
pub mod time;
