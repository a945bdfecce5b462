//! What the answers look like, byte by byte.

use super::{APPID, Answer, SECRET, ask, noon, query, sign_in_with, unconnected};

/// HTTP 200, `text/plain`, an errcode, and a rid whose first group is the time.
fn assert_refused(answer: &Answer, errcode: i64, words: &str) {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/plain");
    assert_eq!(answer.errcode(), errcode);
    let errmsg = answer.json()["errmsg"].as_str().expect("an errmsg").to_owned();
    let (said, rid) = errmsg.rsplit_once(" rid: ").expect("a rid");
    assert_eq!(said, words);
    let groups: Vec<_> = rid.split('-').collect();
    assert_eq!(groups.iter().map(|group| group.len()).collect::<Vec<_>>(), [8, 8, 8], "{rid}");
    assert!(groups.iter().all(|group| u32::from_str_radix(group, 16).is_ok()), "{rid}");
    assert_eq!(i64::from_str_radix(groups[0], 16).expect("hexadecimal"), noon().timestamp());
}

#[tokio::test]
async fn success_says_nothing_of_errors() {
    let answer = ask(&unconnected(), "GET", &sign_in_with("sandbox:resident:1"), "").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.headers["content-type"], "text/plain");
    let json = answer.json();
    let fields: Vec<_> = json.as_object().expect("an object").keys().collect();
    assert_eq!(fields, ["openid", "session_key"]);
}

#[tokio::test]
async fn each_fault_of_a_request_has_its_errcode() {
    let code = "sandbox:resident:1";
    let grant = "authorization_code";
    let router = unconnected();
    for (path, errcode, words) in [
        ("/sns/jscode2session".to_owned(), 41002, "appid missing,"),
        (query("", SECRET, code, grant), 41002, "appid missing,"),
        (query(APPID, "", code, grant), 41004, "appsecret missing,"),
        (format!("/sns/jscode2session?appid={APPID}"), 41004, "appsecret missing,"),
        (query(APPID, SECRET, "", grant), 41008, "missing code,"),
        (query(APPID, SECRET, code, ""), 40002, "invalid grant_type,"),
        (query(APPID, SECRET, code, "client_credential"), 40002, "invalid grant_type,"),
        (query("wx0", SECRET, code, grant), 40013, "invalid appid,"),
        (query(APPID, "guessed", code, grant), 40125, "invalid appsecret,"),
        (query(APPID, SECRET, "0a1B2c", grant), 40029, "invalid code,"),
        (query(APPID, SECRET, "%FF%00", grant), 40029, "invalid code,"),
    ] {
        assert_refused(&ask(&router, "GET", &path, "").await, errcode, words);
    }
    // None of these attempts spent the code.
    ask(&router, "GET", &sign_in_with(code), "").await.json()["openid"].as_str().expect("an identity");
    assert_refused(&ask(&router, "GET", &sign_in_with(code), "").await, 40163, "code been used,");
}

#[tokio::test]
async fn another_method_and_another_path() {
    let router = unconnected();
    for method in ["POST", "PUT", "DELETE"] {
        let answer = ask(&router, method, &sign_in_with("sandbox:resident:1"), "").await;
        assert_refused(&answer, 43001, "require GET method,");
    }
    for path in
        ["/", "/sns", "/sns/jscode2session/", "/cgi-bin/stable_token", "/__sandbox", "/__sandbox/reset"]
    {
        assert_eq!(ask(&router, "GET", path, "").await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn no_two_refusals_have_one_name() {
    let router = unconnected();
    let mut rids = std::collections::HashSet::new();
    for _ in 0..1_000 {
        let json = ask(&router, "GET", "/sns/jscode2session", "").await.json();
        assert!(rids.insert(json["errmsg"].to_string()), "{json}");
    }
}
