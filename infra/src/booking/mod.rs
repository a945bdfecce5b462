//! The booking kernel's I/O: what is read under locks, what is written, and the desk in front of it.
//!
//! [`transaction::Kernel::carry_out`] is the transaction of KERNEL: quotas locked by id, then the line, then the people in one
//! sorted statement, then their bookings; decided in memory by `domain::booking`; the difference written set-wise. The
//! desk and the rare verbs both go through it. Nobody awaits the desk while holding a connection.

pub mod desk;
pub mod due;
pub mod frames;
pub mod mine;
mod read;
pub(crate) mod records;
pub mod transaction;
pub(crate) mod write;
