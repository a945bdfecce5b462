//! The booking kernel: a person takes one of a limited number.
//!
//! Classes, events and offers are one thing here: a [`quota::Quota`] and its [`state::State`]-carrying bookings.
//! [`decide::carry_out`] is the only way a booking changes. It works on an [`image::Image`] of what was read
//! under locks, command by command in order of arrival; the difference is then written by `infra::booking`.
//!
//! Invariants, each a property test in `tests`: seats given ≤ capacity and counters = rows; at most
//! `per_person` live bookings; a freed seat goes to the first waiting party that fits; nobody overtakes a
//! waiting party that fits; limits and hours hold across quotas; a refusal changes nothing.

pub mod command;
pub mod decide;
pub mod eligibility;
pub mod image;
pub mod limit;
pub mod line;
pub mod pass;
pub mod quota;
pub mod slot;
pub mod state;
mod take;

#[cfg(test)]
mod tests;
