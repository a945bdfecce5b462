//! The HTTP side of Changqing and its command line.
//!
//! A handler extracts, calls one verb of `infra`, and answers. It holds no SQL; a verb holds no HTTP.

pub mod app;
pub mod config;
pub mod http;
pub mod page;
pub mod sandbox;

pub use app::App;
