//! What every endpoint shares: problems, extractors, the layer around them.

pub mod body;
pub mod edge;
pub mod etag;
pub mod health;
pub mod json;
pub mod page;
pub mod parameters;
pub mod problem;
pub mod rate;
pub mod request_id;
pub mod traffic;
pub mod version;

pub use body::{Body, OptionalBody};
pub use parameters::{Id, Params};
pub use problem::Problem;
