//! Which settings make a client, and what the settings show of themselves.

use super::server::{Reply, Server};
use super::{SECRET, client, settings};
use crate::wechat::{OFFICIAL_BASE, SecretText, Settings, SettingsError, WeChat};

#[test]
fn the_official_base_is_good() {
    let client = client(OFFICIAL_BASE);
    assert_eq!(
        format!("{client:?}"),
        r#"WeChat { base: "https://api.weixin.qq.com/", appid: "wx0123456789abcdef", .. }"#
    );
}

#[test]
fn a_base_is_an_address_and_nothing_else() {
    for base in [
        "",
        "api.weixin.qq.com",
        "ftp://api.weixin.qq.com",
        "file:///etc/passwd",
        "https://",
        "https://user@api.weixin.qq.com",
        "https://user:password@api.weixin.qq.com",
        "https://api.weixin.qq.com?access_token=x",
        "https://api.weixin.qq.com/#x",
        "mailto:someone",
    ] {
        let error = WeChat::new(settings(base)).expect_err("no base");
        assert!(matches!(error, SettingsError::Base), "{base}: {error}");
    }
}

#[test]
fn appid_and_secret_are_there() {
    let without_appid = Settings { appid: String::new(), ..settings(OFFICIAL_BASE) };
    assert!(matches!(WeChat::new(without_appid), Err(SettingsError::AppidMissing)));
    let without_secret = Settings { secret: SecretText::new(""), ..settings(OFFICIAL_BASE) };
    assert!(matches!(WeChat::new(without_secret), Err(SettingsError::SecretMissing)));
}

#[test]
fn the_secret_does_not_print() {
    let settings = settings(OFFICIAL_BASE);
    let shown = format!("{settings:?} {settings:#?}");
    assert!(shown.contains("SecretText(…)") && !shown.contains(SECRET), "{shown}");
}

#[tokio::test]
async fn a_path_before_the_platforms_own_is_kept() {
    for (path, expected) in
        [("", "/sns/"), ("/", "/sns/"), ("/wechat", "/wechat/sns/"), ("/wechat/", "/wechat/sns/")]
    {
        let server = Server::answering(Reply::json("text/plain", r#"{"openid":"o1","session_key":"k"}"#));
        client(&format!("{}{path}", server.base)).sign_in("the-code").await.expect("an identity");
        let request = server.request().await;
        assert!(request.starts_with(&format!("GET {expected}jscode2session?")), "{path}: {request}");
    }
}
