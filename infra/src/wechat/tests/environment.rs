//! The client on a machine unlike this one. A process cannot safely change its own environment, so
//! these run another test of this file in a process of its own.

use std::process::Command;

/// Runs one test of this crate by its full name in this environment, and holds that it ran and passed.
fn passes_with(test: &str, environment: &[(&str, &str)]) {
    let this = std::env::current_exe().expect("the test binary");
    let mut command = Command::new(this);
    command.args(["--exact", test, "--nocapture"]).envs(environment.iter().copied());
    let output = command.output().expect("the test binary runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

const A_SIGN_IN: &str = "wechat::tests::sign_in::a_good_code_is_an_identity";

#[test]
fn no_certificates_on_the_machine() {
    let none = [("SSL_CERT_FILE", "/nonexistent/ca.crt"), ("SSL_CERT_DIR", "/nonexistent")];
    passes_with("wechat::tests::base::the_official_base_is_good", &none);
    passes_with(A_SIGN_IN, &none);
}

#[test]
fn a_proxy_in_the_environment_is_not_for_a_stand_in() {
    // Nobody listens there.
    let dead = "http://127.0.0.1:1";
    passes_with(
        A_SIGN_IN,
        &[("HTTP_PROXY", dead), ("http_proxy", dead), ("ALL_PROXY", dead), ("all_proxy", dead)],
    );
}
