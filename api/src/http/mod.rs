//! What every endpoint shares: problems, extractors, the layers around them.

pub mod extract;
pub mod problem;

pub use extract::{Body, Id, Params};
pub use problem::Problem;
