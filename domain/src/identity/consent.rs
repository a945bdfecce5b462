//! What people consent to, purpose by purpose, and in which version of its text (个人信息保护法 第十四条: a changed
//! purpose needs a new consent).
//!
//! Invariant: `person_ledger.consented` is what [`covers_booking`] says of the person's consents. So whoever raises
//! a version that booking needs also clears that column in a migration.

use crate::refusal::{FieldError, Refusal};

/// What something about a person is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// The agreement of use, and the account itself.
    Service,
    /// Telling the host who has a seat.
    Booking,
    /// Messages through WeChat beyond those one asked for.
    Messages,
    /// Using one's position to find what is near.
    Location,
}

/// One purpose as it is asked for today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// What for.
    pub purpose: Purpose,
    /// The version of its text, from 1.
    pub version: u32,
    /// Whether nobody can book without it.
    pub needed_for_booking: bool,
    /// What is asked, in Chinese.
    pub chinese: &'static str,
    /// What is asked, in English.
    pub english: &'static str,
}

/// What is asked today.
pub const ASKED: [Ask; 4] = [
    Ask {
        purpose: Purpose::Service,
        version: 1,
        needed_for_booking: true,
        chinese: "同意《服务协议》与《隐私政策》，并为我建立账号",
        english: "I accept the agreement of use and the privacy policy, and want an account",
    },
    Ask {
        purpose: Purpose::Booking,
        version: 1,
        needed_for_booking: true,
        chinese: "同意把我的昵称、年龄和报名信息提供给我所报名的主办方",
        english: "The host of what I book may see my nickname, my age and my booking",
    },
    Ask {
        purpose: Purpose::Messages,
        version: 1,
        needed_for_booking: false,
        chinese: "同意通过微信接收与我有关的提醒",
        english: "I want reminders through WeChat",
    },
    Ask {
        purpose: Purpose::Location,
        version: 1,
        needed_for_booking: false,
        chinese: "同意用我的位置查找附近的课程与活动",
        english: "My position may be used to find what is near",
    },
];

impl Purpose {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Booking => "booking",
            Self::Messages => "messages",
            Self::Location => "location",
        }
    }

    /// The purpose with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        ASKED.iter().map(|ask| ask.purpose).find(|purpose| purpose.word() == word)
    }
}

/// A consent that was given and not withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Given {
    /// What for.
    pub purpose: Purpose,
    /// To which version of its text.
    pub version: u32,
}

/// Whether everything is consented to, in the version of today, that booking needs.
pub fn covers_booking(given: &[Given]) -> bool {
    ASKED
        .iter()
        .filter(|ask| ask.needed_for_booking)
        .all(|ask| given.contains(&Given { purpose: ask.purpose, version: ask.version }))
}

/// All consents of today: with them a stand-in's newcomers begin.
pub fn everything() -> Vec<Given> {
    ASKED.iter().map(|ask| Given { purpose: ask.purpose, version: ask.version }).collect()
}

/// Reads a whole new set of consents as it was sent. Nobody can consent to a text that is not shown any more.
pub fn check(sent: &[(String, u32)]) -> Result<Vec<Given>, Refusal> {
    let mut errors = Vec::new();
    let mut given: Vec<Given> = Vec::new();
    for (index, (word, version)) in sent.iter().enumerate() {
        match ASKED.iter().find(|ask| ask.purpose.word() == word) {
            None => errors.push(FieldError::new(
                format!("/items/{index}/purpose"),
                "没有这项用途",
                "there is no such purpose",
            )),
            Some(ask) if ask.version != *version => errors.push(FieldError::new(
                format!("/items/{index}/version"),
                format!("现行版本为 {}", ask.version),
                format!("the version of today is {}", ask.version),
            )),
            Some(ask) => given.push(Given { purpose: ask.purpose, version: ask.version }),
        }
    }
    given.sort_unstable();
    given.dedup();
    if errors.is_empty() { Ok(given) } else { Err(Refusal::Invalid(errors)) }
}

/// What must be written to come from `before` to `after`: first what is given anew, then what is withdrawn.
pub fn change(before: &[Given], after: &[Given]) -> (Vec<Given>, Vec<Given>) {
    let missing_in = |there: &[Given], here: &[Given]| -> Vec<Given> {
        here.iter().filter(|given| !there.contains(given)).copied().collect()
    };
    (missing_in(before, after), missing_in(after, before))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(purpose: Purpose, version: u32) -> Given {
        Given { purpose, version }
    }

    #[test]
    fn booking_needs_each_of_its_purposes_in_the_version_of_today() {
        assert!(covers_booking(&everything()));
        assert!(covers_booking(&[given(Purpose::Service, 1), given(Purpose::Booking, 1)]));
        for short in [
            &[][..],
            &[given(Purpose::Service, 1)],
            &[given(Purpose::Service, 1), given(Purpose::Booking, 0)],
        ] {
            assert!(!covers_booking(short), "{short:?}");
        }
    }

    #[test]
    fn only_todays_texts_can_be_consented_to() {
        let sent = |word: &str, version| (word.to_owned(), version);
        let twice = [sent("booking", 1), sent("service", 1), sent("booking", 1)];
        assert_eq!(check(&twice), Ok(vec![given(Purpose::Service, 1), given(Purpose::Booking, 1)]));
        assert_eq!(check(&[]), Ok(vec![]));
        let Err(Refusal::Invalid(errors)) = check(&[sent("selling", 1), sent("service", 2)]) else {
            panic!("accepted")
        };
        let pointers: Vec<_> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/items/0/purpose", "/items/1/version"]);
    }

    #[test]
    fn a_change_touches_only_what_differs() {
        let before = [given(Purpose::Service, 1), given(Purpose::Messages, 1)];
        let after = [given(Purpose::Service, 1), given(Purpose::Booking, 1)];
        assert_eq!(
            change(&before, &after),
            (vec![given(Purpose::Booking, 1)], vec![given(Purpose::Messages, 1)])
        );
        assert_eq!(change(&after, &after), (vec![], vec![]));
        for ask in ASKED {
            assert_eq!(Purpose::from_word(ask.purpose.word()), Some(ask.purpose));
        }
    }
}
