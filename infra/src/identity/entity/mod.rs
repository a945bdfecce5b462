//! Rows of this context's tables. Nothing outside `infra::identity` sees them.

pub mod consent;
pub mod invitation;
pub mod membership;
pub mod organisation;
pub mod person;
pub mod session;
