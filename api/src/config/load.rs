//! From a file and the environment to settings, all faults collected.

use super::{Config, ConfigError, Fault, SECRETS, Setting};
use figment::providers::{Env, Format, Toml};
use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile as Section, Provider};
use std::path::Path;

/// What the environment's names begin with.
const PREFIX: &str = "CHANGQING_";
/// Names after the prefix that are no settings: where the file is, and where the test scripts find the program.
const NO_SETTINGS: [&str; 2] = ["config", "bin"];

/// The settings that were given and not yet read.
#[derive(Debug)]
pub struct Given(Dict);

impl Given {
    /// Takes `key` out, if it was given.
    pub(super) fn take<T: Setting>(&mut self, key: &str, faults: &mut Vec<Fault>) -> Option<T> {
        let value = self.0.remove(key)?;
        match T::read(&value) {
            Ok(setting) => Some(setting),
            Err(expected) => {
                let english = format!("expected {expected}");
                faults.push(Fault::new(key, format!("格式不对，应为 {expected}"), english));
                None
            }
        }
    }

    fn take_text(&mut self, key: &str) -> Option<String> {
        Some(self.0.remove(key)?.as_str()?.trim().to_owned())
    }
}

/// `CHANGQING_*` as raw text: guessing types would make a number of a secret that consists of digits.
struct Environment(Vec<(String, String)>);

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
    }

    fn data(&self) -> Result<Map<Section, Dict>, figment::Error> {
        let values = self.0.iter().map(|(key, text)| (key.clone(), Value::from(text.as_str())));
        Ok(Map::from([(Section::Default, values.collect())]))
    }
}

impl Config {
    /// Loads `file` (if given) and the environment of this process over it.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let environment = Env::prefixed(PREFIX);
        Self::load_from(file, environment.iter().map(|(key, text)| (key.to_string(), text)))
    }

    /// Loads `file` and `environment`, names without prefix in lower case.
    pub fn load_from(
        file: Option<&Path>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut faults = Vec::new();
        let mut figment = Figment::new();
        if let Some(path) = file {
            match std::fs::read_to_string(path) {
                Ok(text) => figment = figment.merge(Toml::string(&text)),
                Err(error) => faults.push(unreadable(&path.display().to_string(), &error)),
            }
        }
        let environment = environment.into_iter().filter(|(key, _)| !NO_SETTINGS.contains(&key.as_str()));
        figment = figment.merge(Environment(environment.collect()));
        let given = figment.extract::<Dict>().unwrap_or_else(|error| {
            faults.push(Fault::new("TOML", format!("文件格式有误：{error}"), error.to_string()));
            Dict::new()
        });
        let config = Self::of(Given(given), &mut faults);
        if faults.is_empty() { Ok(config) } else { Err(ConfigError(faults)) }
    }

    fn of(mut given: Given, faults: &mut Vec<Fault>) -> Self {
        read_secret_files(&mut given, faults);
        let is_sample_city_said = given.0.contains_key("sample_city");
        let mut config = Self::read(&mut given, faults);
        for key in given.0.keys() {
            faults.push(Fault::new(key, "没有这个配置项", "there is no such setting"));
        }
        if !is_sample_city_said {
            config.sample_city = !config.is_production();
        }
        config.check(faults);
        config
    }
}

/// `master_key_file` becomes `master_key`.
fn read_secret_files(given: &mut Given, faults: &mut Vec<Fault>) {
    for secret in SECRETS {
        let key = format!("{secret}_file");
        let Some(path) = given.take_text(&key).filter(|path| !path.is_empty()) else { continue };
        if given.0.get(secret).and_then(Value::as_str).is_some_and(|text| !text.is_empty()) {
            let chinese = format!("{secret} 已经给出，两者只能用一个");
            faults.push(Fault::new(key, chinese, format!("{secret} is given too; only one of them may be")));
            continue;
        }
        match std::fs::read_to_string(&path) {
            Ok(text) if text.trim().is_empty() => {
                faults.push(Fault::new(key, format!("文件 {path} 是空的"), format!("{path} is empty")));
            }
            Ok(text) => drop(given.0.insert(secret.to_owned(), Value::from(text.trim()))),
            Err(error) => {
                let Fault { chinese, english, .. } = unreadable(&path, &error);
                faults.push(Fault::new(key, format!("{path} {chinese}"), format!("{path} {english}")));
            }
        }
    }
}

fn unreadable(path: &str, error: &std::io::Error) -> Fault {
    Fault::new(path, format!("读不出来：{error}"), format!("cannot be read: {error}"))
}
