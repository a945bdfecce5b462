//! Who somebody is and what they may do, over HTTP on both set-ups.

mod blocked;
mod consents;
mod members;
mod notices;
mod organisations;
mod profile;
mod sessions;
mod sign_in;
mod stored;
mod verbs;
