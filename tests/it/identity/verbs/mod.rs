//! What lies below HTTP, on both databases: locks, what is kept on record, and what no endpoint shows.

mod fixture;
mod ledger;
mod members;
mod sessions;
mod sign_in;
