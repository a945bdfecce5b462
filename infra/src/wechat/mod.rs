//! The client of the WeChat platform's server API (`api.weixin.qq.com`); so far, signing in.
//!
//! Invariant: the AppSecret, session keys and sign-in codes leave this folder in a request to the
//! platform and in no other way: not in a log line, not in an error, not in a `Debug` text. They
//! travel in query strings, so no URL is ever logged and no `reqwest::Error` kept.
//!
//! The platform answers a refusal with HTTP 200 and an `errcode`, and labels JSON `text/plain`; so
//! the status says only whether the platform itself answered, and the content type says nothing.

mod answer;
mod client;
mod secret_text;
mod sign_in;
#[cfg(test)]
mod tests;

pub use answer::Unavailable;
pub use client::{
    ANSWER_BYTES_MAX, CALLS_AT_ONCE_MAX, OFFICIAL_BASE, Settings, SettingsError, Timeouts, WeChat,
};
pub use secret_text::SecretText;
pub use sign_in::{Identity, SIGN_IN_CODE_BYTES_MAX, SignInError};
