//! People, organisations, roles, permissions and consent: what they are, and what they allow.

pub mod consent;
pub mod line;
pub mod organisation;
pub mod permission;
pub mod profile;
pub mod role;
pub mod session;

pub use permission::{Action, Authority, Standing, permits};
pub use role::{Membership, Role, Thing};
