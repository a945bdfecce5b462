//! Every way a sign-in ends.

use std::net::TcpListener;

use super::server::{Reply, Server};
use super::{SECRET, client, impatient_client};
use crate::wechat::{ANSWER_BYTES_MAX, Identity, SIGN_IN_CODE_BYTES_MAX, SignInError, Unavailable};

const GOOD: &str = r#"{"session_key":"HyVFkGl5F5OQWJZZaNzBBg==","openid":"oGZUI0egBJY1zhBYw2KhdUfwVJJE"}"#;

/// Signs in against a server that gives this one reply, and holds that nothing secret is in what
/// comes back.
async fn outcome(reply: Reply) -> Result<Identity, SignInError> {
    let server = Server::answering(reply);
    let client = client(&server.base);
    let outcome = client.sign_in("the-code").await;
    let shown = format!("{client:?} {outcome:?}");
    let said = outcome.as_ref().map_or_else(ToString::to_string, |identity| identity.openid.clone());
    for secret in [SECRET, "the-code", "HyVFkGl5F5OQWJZZaNzBBg"] {
        assert!(!shown.contains(secret) && !said.contains(secret), "{shown} {said}");
    }
    server.request().await;
    outcome
}

async fn error(reply: Reply) -> SignInError {
    outcome(reply).await.expect_err("this is no identity")
}

#[tokio::test]
async fn a_good_code_is_an_identity() {
    let server = Server::answering(Reply::json("text/plain", GOOD));
    let identity = client(&server.base).sign_in("0a1B/c&d=é").await.expect("an identity");
    assert_eq!(identity.openid, "oGZUI0egBJY1zhBYw2KhdUfwVJJE");
    assert_eq!(identity.unionid, None);
    assert_eq!(identity.session_key.expose(), "HyVFkGl5F5OQWJZZaNzBBg==");
    let request = server.request().await;
    let expected = format!(
        "GET /sns/jscode2session?appid=wx0123456789abcdef&secret={SECRET}&js_code=0a1B%2Fc%26d%3D%C3%A9&grant_type=authorization_code HTTP/1.1\r\n"
    );
    assert!(request.starts_with(&expected), "{request}");
    assert!(!request.to_ascii_lowercase().contains("cookie"), "{request}");
}

#[tokio::test]
async fn the_content_type_says_nothing_and_unknown_fields_are_ignored() {
    let body =
        r#"{"openid":"o1","unionid":"u1","session_key":"k","errcode":0,"errmsg":"ok","is_limit":false}"#;
    for content_type in ["application/json", "text/plain; charset=utf-8", "text/html", "image/jpeg"] {
        let identity = outcome(Reply::json(content_type, body)).await.expect("an identity");
        assert_eq!(identity.unionid.as_deref(), Some("u1"));
    }
    let unbound = r#"{"openid":"o1","unionid":"","session_key":"k"}"#;
    assert_eq!(outcome(Reply::json("text/plain", unbound)).await.expect("an identity").unionid, None);
}

#[tokio::test]
async fn each_errcode_has_its_meaning() {
    let misconfigured = |errcode| SignInError::Misconfigured { errcode };
    let cases = [
        (40029, SignInError::CodeInvalid),
        (40163, SignInError::CodeInvalid),
        (40226, SignInError::Blocked),
        (45011, SignInError::RateLimited),
        (45009, SignInError::RateLimited),
        (-1, SignInError::Unavailable(Unavailable::Errcode(-1))),
        (99999, SignInError::Unavailable(Unavailable::Errcode(99999))),
    ];
    let config =
        [40002, 40013, 40125, 40164, 41002, 41004, 41008, 43001].map(|code| (code, misconfigured(code)));
    for (errcode, expected) in cases.into_iter().chain(config) {
        let body = format!(
            r#"{{"errcode":{errcode},"errmsg":"{SECRET} the-code, rid: 652d44d0-1d0af18b-5b069232"}}"#
        );
        assert_eq!(error(Reply::json("text/plain", &body)).await, expected, "{errcode}");
    }
}

#[tokio::test]
async fn a_refusal_is_believed_before_an_identity() {
    let both = r#"{"openid":"o1","session_key":"k","errcode":"40226"}"#;
    assert_eq!(error(Reply::json("text/plain", both)).await, SignInError::Blocked);
}

#[tokio::test]
async fn an_identity_is_whole_or_none() {
    let long = format!(r#"{{"openid":"{}","session_key":"k"}}"#, "o".repeat(129));
    for body in [
        "{}",
        r#"{"openid":"o1"}"#,
        r#"{"session_key":"k"}"#,
        r#"{"openid":"","session_key":"k"}"#,
        r#"{"openid":"o1","session_key":""}"#,
        r#"{"openid":"a b","session_key":"k"}"#,
        r#"{"openid":"o1","unionid":"u\n1","session_key":"k"}"#,
        r#"{"openid":7,"session_key":"k"}"#,
        &long,
    ] {
        assert_eq!(error(Reply::json("text/plain", body)).await, Unavailable::Garbled.into(), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_unavailable() {
    let whole = |body: &str| Reply::json("text/plain", body);
    let page = "<html><body>502 Bad Gateway</body></html>";
    let cases = [
        (whole(&GOOD[..40]), Unavailable::Garbled),
        (whole(page), Unavailable::Garbled),
        (whole(""), Unavailable::Garbled),
        (Reply::status("502 Bad Gateway", "text/html", page), Unavailable::Status(502)),
        // An identity under an error status comes from something in between.
        (Reply::status("500 Internal Server Error", "text/plain", GOOD), Unavailable::Status(500)),
        (Reply::status("404 Not Found", "text/plain", ""), Unavailable::Status(404)),
        (
            Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"openid\":".to_vec()),
            Unavailable::Broken,
        ),
        (Reply::Raw(b"not http at all\r\n\r\n".to_vec()), Unavailable::Broken),
        (Reply::Raw(Vec::new()), Unavailable::Broken),
    ];
    for (reply, why) in cases {
        assert_eq!(error(reply).await, why.into());
    }
}

#[tokio::test]
async fn a_huge_answer_is_not_read_to_its_end() {
    let just_fits = format!("{GOOD}{}", " ".repeat(ANSWER_BYTES_MAX - GOOD.len()));
    outcome(Reply::json("text/plain", &just_fits)).await.expect("an identity with much space behind it");
    assert_eq!(error(Reply::json("text/plain", &format!("{just_fits} "))).await, Unavailable::TooLong.into());
    // Without a length given, and never ending as far as the client can know.
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 8 * 1024 * 1024]].concat();
    assert_eq!(error(Reply::Raw(endless)).await, Unavailable::TooLong.into());
}

#[tokio::test]
async fn silence_ends_in_time() {
    for begun in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"] {
        let server = Server::answering(Reply::Unfinished(begun.as_bytes()));
        let outcome = impatient_client(&server.base).sign_in("the-code").await;
        assert_eq!(outcome.expect_err("silence"), Unavailable::TimedOut.into(), "{begun}");
        // The server's thread ends because the client has hung up.
        server.request().await;
    }
}

#[tokio::test]
async fn nobody_there_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("it is bound"));
    drop(listener);
    let outcome = client(&base).sign_in("the-code").await;
    assert_eq!(outcome.expect_err("nobody listens"), Unavailable::Unreachable.into());
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a free port");
    elsewhere.set_nonblocking(true).expect("a listener that does not wait");
    let address = elsewhere.local_addr().expect("it is bound");
    let redirect = format!("HTTP/1.1 302 Found\r\nlocation: http://{address}/\r\ncontent-length: 0\r\n\r\n");
    assert_eq!(error(Reply::Raw(redirect.into_bytes())).await, Unavailable::Status(302).into());
    assert!(elsewhere.accept().is_err(), "the AppSecret went elsewhere");
}

#[tokio::test]
async fn what_cannot_be_a_code_is_not_sent() {
    // Nobody listens there: an attempt would end as unreachable.
    let client = client("http://127.0.0.1:1");
    let long = "x".repeat(SIGN_IN_CODE_BYTES_MAX + 1);
    for code in ["", "a\nb", "\0", &long] {
        assert_eq!(client.sign_in(code).await.expect_err("no code"), SignInError::CodeInvalid, "{code}");
    }
}
