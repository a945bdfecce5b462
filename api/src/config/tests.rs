use super::*;
use std::path::Path;

const KEY: &str = "qL9j5c1mJX0Yc0c9m7jT2Xk0pZy3o8m1l4E5r6t7u8s=";
const OTHER: &str = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo=";

fn load(file: Option<&Path>, environment: &[(&str, &str)]) -> Result<Config, ConfigError> {
    let environment = environment.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned()));
    Config::load_from(file, environment)
}

/// The keys that are wrong.
fn faults(file: Option<&Path>, environment: &[(&str, &str)]) -> Vec<String> {
    load(file, environment).unwrap_err().0.into_iter().map(|fault| fault.key).collect()
}

fn production<'a>() -> Vec<(&'a str, &'a str)> {
    vec![
        ("profile", "production"),
        ("wechat_appid", "wx1234567890abcdef"),
        ("wechat_secret", "0123456789abcdef0123456789abcdef"),
        ("master_key", KEY),
        ("jwt_secret", OTHER),
    ]
}

#[test]
fn nothing_given_is_the_embedded_set_up() {
    let config = load(None, &[]).unwrap();
    assert_eq!(config.profile, Profile::Embedded);
    assert!(config.sample_city);
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(config.database_url(), "sqlite://./data/changqing.sqlite?mode=rwc");
    assert_eq!(config.shown().len() + SECRETS.len(), Config::keys().count());
}

#[test]
fn the_environment_goes_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changqing.toml");
    let text = "listen = \"0.0.0.0:80\"\nbody_bytes_max = 2048\nsample_city = false\ntrusted_proxies = [\"10.0.0.0/8\"]\n";
    std::fs::write(&file, text).unwrap();
    let environment = [("listen", "127.0.0.1:81"), ("log_format", "json"), ("request_seconds_max", "7")];
    let config = load(Some(&file), &environment).unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:81");
    assert_eq!((config.body_bytes_max, config.request_seconds_max), (2048, 7));
    assert_eq!(config.log_format, LogFormat::Json);
    assert!(!config.sample_city);
    assert!(config.trusted_proxies[0].contains(&"10.1.2.3".parse::<std::net::IpAddr>().unwrap()));
}

#[test]
fn a_secret_of_digits_stays_text() {
    let config = load(None, &[("wechat_secret", "007"), ("trusted_proxies", "10.0.0.2, ::1")]).unwrap();
    assert_eq!(config.wechat_secret, "007");
    assert_eq!(config.trusted_proxies.shown(), "10.0.0.2/32,::1/128");
}

#[test]
fn everything_wrong_is_told_at_once_with_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changqing.toml");
    std::fs::write(&file, "lisen = \"0.0.0.0:80\"\nbody_bytes_max = -1\n[listen]\nport = 1\n").unwrap();
    let environment = [
        ("profil", "production"),
        ("request_seconds_max", "ten"),
        ("sample_city", "perhaps"),
        ("log", "info,=="),
        ("master_key", "short"),
        ("database_url", "mysql://x"),
        ("wechat_api_base", "ftp://x"),
        ("trusted_proxies", "10.0.0.0/99"),
        ("requests_in_flight_max", "0"),
        ("log_format", "xml"),
        ("config", "/etc/changqing.toml"),
    ];
    let mut wrong = faults(Some(&file), &environment);
    wrong.sort();
    let expected = [
        "body_bytes_max",
        "database_url",
        "lisen",
        "listen",
        "log",
        "log_format",
        "master_key",
        "profil",
        "request_seconds_max",
        "requests_in_flight_max",
        "sample_city",
        "trusted_proxies",
        "wechat_api_base",
    ];
    assert_eq!(wrong, expected);
}

#[test]
fn a_file_that_is_not_there_or_no_toml_is_an_error() {
    assert_eq!(faults(Some(Path::new("/nowhere/changqing.toml")), &[]), ["/nowhere/changqing.toml"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("changqing.toml");
    std::fs::write(&file, "listen = ").unwrap();
    assert_eq!(faults(Some(&file), &[]), ["TOML"]);
}

#[test]
fn secrets_come_from_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (key, url, empty) =
        (path("key", &format!("{KEY}\n")), path("url", " postgres://x/y\n"), path("empty", "\n"));
    let config = load(None, &[("master_key_file", &key), ("database_url_file", &url)]).unwrap();
    assert_eq!(config.master_key.as_deref(), Some(KEY));
    assert_eq!(config.database_url(), "postgres://x/y");
    let wrong = faults(
        None,
        &[
            ("master_key_file", &key),
            ("master_key", KEY),
            ("jwt_secret_file", "/nowhere/jwt"),
            ("redis_url_file", &empty),
            ("log_file", &key),
        ],
    );
    assert_eq!(wrong, ["redis_url_file", "master_key_file", "jwt_secret_file", "log_file"]);
}

#[test]
fn production_refuses_what_is_for_rehearsals() {
    let config = load(None, &production()).unwrap();
    assert!(!config.sample_city && config.warnings().is_empty());
    for (change, key) in [
        (("wechat_api_base", "http://127.0.0.1:9000"), "wechat_api_base"),
        (("wechat_api_base", "https://api.weixin.qq.com.evil.example"), "wechat_api_base"),
        (("wechat_appid", SANDBOX_APPID), "wechat_appid"),
        (("wechat_secret", "sandbox"), "wechat_secret"),
        (("sample_city", "true"), "sample_city"),
        (("master_key", ""), "master_key"),
        (("jwt_secret", ""), "jwt_secret"),
        (("master_key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="), "master_key"),
        (("jwt_secret", KEY), "jwt_secret"),
    ] {
        let mut environment = production();
        environment.retain(|(key, _)| *key != change.0);
        environment.push(change);
        assert_eq!(faults(None, &environment), [key], "{change:?}");
    }
    let mut official = production();
    official.push(("wechat_api_base", "https://api.weixin.qq.com/"));
    assert!(load(None, &official).is_ok());
    let bare = faults(None, &[("profile", "production")]);
    assert_eq!(bare, ["wechat_appid", "wechat_secret", "master_key", "jwt_secret"]);
}

#[test]
fn an_embedded_server_that_others_reach_is_warned_of() {
    let config = load(None, &[("listen", "0.0.0.0:8080")]).unwrap();
    assert_eq!(config.warnings()[0].key, "listen");
}

#[test]
fn secrets_are_never_shown() {
    let mut environment = production();
    environment.extend([("database_url", "postgres://u:hunter2@h/d"), ("redis_url", "redis://:hunter2@h")]);
    let config = load(None, &environment).unwrap();
    let shown = format!("{config:?}");
    for secret in [KEY, OTHER, "hunter2", "0123456789abcdef0123456789abcdef"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let error = load(None, &[("database_url", "hunter2"), ("master_key", "hunter2")]).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}
