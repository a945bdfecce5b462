//! I/O of Changqing: the database, the cache, WeChat.
//!
//! A verb here is one transaction: load, ask the domain, store, queue notices. No HTTP, and no rule that the
//! domain could decide.

pub mod audit;
pub mod booking;
pub mod bus;
pub mod cache;
pub mod clock;
pub mod counter;
pub mod database;
pub mod error;
pub mod idempotency;
pub mod identity;
pub mod import;
pub mod link;
pub mod night_school;
pub mod notice;
pub mod random;
pub mod revisions;
pub mod sample;
pub mod secrets;
pub mod spreadsheet;
pub mod wechat;

pub use error::{Error, Result};
