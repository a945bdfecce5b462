//! A text that does not print: the AppSecret, a session key.

use std::fmt;

use serde::Deserialize;

/// A secret text. It has no `Display` and no `Serialize`, and its `Debug` shows nothing of it, not
/// even its length; whoever needs it says so with [`SecretText::expose`].
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct SecretText(String);

impl SecretText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub fn expose(&self) -> &str {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}
