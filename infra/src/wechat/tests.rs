//! The client against a server that answers whatever a test wants, byte by byte.

mod base;
mod environment;
mod server;
mod sign_in;

use std::time::Duration;

use super::{SecretText, Settings, Timeouts, WeChat};

const SECRET: &str = "an-app-secret-of-the-tests";

fn settings(base: &str) -> Settings {
    Settings {
        base: base.to_owned(),
        appid: "wx0123456789abcdef".to_owned(),
        secret: SecretText::new(SECRET),
        timeouts: Timeouts::default(),
    }
}

fn client(base: &str) -> WeChat {
    WeChat::new(settings(base)).expect("the settings of the tests are good")
}

fn impatient_client(base: &str) -> WeChat {
    let timeouts = Timeouts { total: Duration::from_millis(300), ..Timeouts::default() };
    WeChat::new(Settings { timeouts, ..settings(base) }).expect("the settings of the tests are good")
}
