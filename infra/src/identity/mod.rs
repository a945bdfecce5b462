//! People and what they are: sign-in, sessions, profiles, consents, organisations, members, operators.
//!
//! Lock order within a verb: the person's ledger row, then the organisation or the invitation. A verb that changes a
//! session or a person tells every process through [`Tokens`].

mod access;
pub mod consent;
mod entity;
pub mod housekeeping;
pub mod invitation;
mod ledger;
pub mod member;
pub mod operator;
pub mod organisation;
pub mod person;
mod refresh;
pub mod sample;
pub mod session;
pub mod sign_in;
mod tokens;

pub use access::Session;
pub use tokens::{Granted, Tokens};
