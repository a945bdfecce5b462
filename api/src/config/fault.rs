//! What is wrong with a configuration, said to whoever runs the program.

use std::fmt;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The key it is about; the file's name where it is about the whole file.
    pub key: String,
    /// What is wrong, in Chinese.
    pub chinese: String,
    /// What is wrong, in English.
    pub english: String,
}

impl Fault {
    /// A fault of `key`, said in both languages.
    pub fn new(key: impl Into<String>, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { key: key.into(), chinese: chinese.into(), english: english.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} · {}", self.key, self.chinese, self.english)
    }
}

/// Everything that is wrong, at once.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError(pub Vec<Fault>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("配置有误 · The configuration is wrong:")?;
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}
