//! The HTTP side of Changqing and its command line.
//!
//! A handler extracts, calls one verb of `infra`, and answers. It holds no SQL; a verb holds no HTTP.

pub mod app;
pub mod background;
pub mod booking;
pub mod cli;
pub mod config;
pub mod home;
pub mod http;
pub mod identity;
pub mod import;
pub mod metrics;
pub mod night_school;
pub mod notice;
pub mod page;
pub mod readiness;
pub mod router;
pub mod rush;
pub mod sandbox;
pub mod serve;
pub mod start;
pub mod subject;

pub use app::App;
