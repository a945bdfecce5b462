//! Codes without a server: their form, and how much is remembered.

use chrono::TimeDelta;
use domain::time::Instant;

use super::noon;
use crate::sandbox::answer::Errcode;
use crate::sandbox::codes::{Code, Codes};

fn spend(codes: &mut Codes, text: &str, now: Instant) -> Result<(), Errcode> {
    codes.spend(&Code::parse(text).expect("a code"), now)
}

#[test]
fn the_form_of_a_code() {
    let long = "x".repeat(64);
    let nonce = "n".repeat(256);
    for (text, openid) in [
        ("sandbox:operator:1", "operator"),
        ("sandbox:a_B-9:anything at all: 新", "a_B-9"),
        (format!("sandbox:{long}:{nonce}").as_str(), long.as_str()),
    ] {
        assert_eq!(Code::parse(text).map(|code| code.openid), Some(openid), "{text}");
    }
    for text in [
        "",
        "sandbox",
        "sandbox:operator",
        "sandbox:operator:",
        "sandbox::1",
        "Sandbox:operator:1",
        " sandbox:operator:1",
        "sandbox:op.erator:1",
        "sandbox:öperator:1",
        "sandbox:operator:a\nb",
        "sandbox:operator:\u{85}",
        &format!("sandbox:{long}x:1"),
        &format!("sandbox:operator:{nonce}n"),
    ] {
        assert_eq!(Code::parse(text), None, "{text}");
    }
}

#[test]
fn a_spent_code_is_remembered_for_its_life() {
    let mut codes = Codes::new(10);
    let spent = Err(Errcode::CODE_USED);
    assert_eq!(spend(&mut codes, "sandbox:a:1", noon()), Ok(()));
    assert_eq!(spend(&mut codes, "sandbox:a:1", noon() + TimeDelta::milliseconds(299_999)), spent);
    // A clock set back does not make it good again.
    assert_eq!(spend(&mut codes, "sandbox:a:1", noon() - TimeDelta::hours(1)), spent);
    assert_eq!(spend(&mut codes, "sandbox:a:1", noon() + TimeDelta::minutes(5)), Ok(()));
    assert_eq!(codes.remembered(), (1, 1, 1));
}

#[test]
fn memory_is_bounded_and_nobody_is_turned_away() {
    let mut codes = Codes::new(10);
    for person in 0..25 {
        assert_eq!(spend(&mut codes, &format!("sandbox:{person}:1"), noon()), Ok(()));
        let (spent, order, people) = codes.remembered();
        assert!(spent <= 10 && order == spent && people <= 10, "{:?}", codes.remembered());
    }
    // The newest are those remembered.
    assert_eq!(spend(&mut codes, "sandbox:24:1", noon()), Err(Errcode::CODE_USED));
    assert_eq!(spend(&mut codes, "sandbox:0:1", noon()), Ok(()));
}

#[test]
fn a_rush_of_different_people_is_no_crowd() {
    let mut codes = Codes::new(crate::sandbox::SPENT_CODES_MAX);
    for person in 0..20_000 {
        assert_eq!(spend(&mut codes, &format!("sandbox:rush-{person}:1"), noon()), Ok(()));
    }
    assert_eq!(codes.remembered(), (20_000, 20_000, 20_000));
    assert_eq!(spend(&mut codes, "sandbox:rush-0:1", noon()), Err(Errcode::CODE_USED));
}
