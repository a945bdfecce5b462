//! How one setting is read: as TOML has it, or as the text of an environment variable.

use figment::value::Value;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

/// Which rules of safety apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// For newcomers, tests and rehearsals: sample city, sandbox, secrets of its own.
    #[default]
    Embedded,
    /// For people: refuses the sandbox, default secrets and plain defaults.
    Production,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one object a line.
    Json,
}

/// A kind of value a setting can have.
pub trait Setting: Sized {
    /// Reads it; what was expected if it is none.
    fn read(value: &Value) -> Result<Self, &'static str>;
    /// Shows it; nothing where it is not set.
    fn shown(&self) -> String;
}

/// What the environment gave, or a string of the file.
fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim)
}

impl Setting for String {
    fn read(value: &Value) -> Result<Self, &'static str> {
        text(value).filter(|text| !text.is_empty()).map(ToOwned::to_owned).ok_or("a text that is not empty")
    }
    fn shown(&self) -> String {
        self.clone()
    }
}

impl<T: Setting> Setting for Option<T> {
    /// An empty text is the same as nothing: `KEY=` in a list of variables unsets it.
    fn read(value: &Value) -> Result<Self, &'static str> {
        if text(value) == Some("") { Ok(None) } else { T::read(value).map(Some) }
    }
    fn shown(&self) -> String {
        self.as_ref().map(T::shown).unwrap_or_default()
    }
}

impl Setting for PathBuf {
    fn read(value: &Value) -> Result<Self, &'static str> {
        String::read(value).map(Self::from).map_err(|_| "a path")
    }
    fn shown(&self) -> String {
        self.display().to_string()
    }
}

impl Setting for SocketAddr {
    fn read(value: &Value) -> Result<Self, &'static str> {
        parsed(value, "an address with a port, such as 127.0.0.1:8080")
    }
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Setting for bool {
    fn read(value: &Value) -> Result<Self, &'static str> {
        match value {
            Value::Bool(_, value) => Ok(*value),
            _ => parsed(value, "true or false"),
        }
    }
    fn shown(&self) -> String {
        self.to_string()
    }
}

macro_rules! whole_numbers {
    ($($type:ty)*) => {$(
        impl Setting for $type {
            fn read(value: &Value) -> Result<Self, &'static str> {
                let expected = "a whole number, not below zero";
                match value.to_i128() {
                    Some(number) => Self::try_from(number).map_err(|_| expected),
                    None => parsed(value, expected),
                }
            }
            fn shown(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
whole_numbers! { u32 u64 usize }

impl Setting for Vec<IpNet> {
    /// A list, or one text with commas between.
    fn read(value: &Value) -> Result<Self, &'static str> {
        let expected = "addresses or networks, such as 10.0.0.2 or 10.0.0.0/8";
        let parts: Vec<&str> = match value.as_array() {
            Some(items) => items.iter().map(text).collect::<Option<_>>().ok_or(expected)?,
            None => text(value).ok_or(expected)?.split(',').collect(),
        };
        let network = |part: &str| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from));
        let given = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
        given.map(network).collect::<Result<_, _>>().map_err(|_| expected)
    }
    fn shown(&self) -> String {
        self.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

impl Setting for Profile {
    fn read(value: &Value) -> Result<Self, &'static str> {
        match text(value) {
            Some("embedded") => Ok(Self::Embedded),
            Some("production") => Ok(Self::Production),
            _ => Err("embedded or production"),
        }
    }
    fn shown(&self) -> String {
        match self {
            Self::Embedded => "embedded".into(),
            Self::Production => "production".into(),
        }
    }
}

impl Setting for LogFormat {
    fn read(value: &Value) -> Result<Self, &'static str> {
        match text(value) {
            Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            _ => Err("text or json"),
        }
    }
    fn shown(&self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Json => "json".into(),
        }
    }
}

fn parsed<T: FromStr>(value: &Value, expected: &'static str) -> Result<T, &'static str> {
    text(value).and_then(|text| text.parse().ok()).ok_or(expected)
}
