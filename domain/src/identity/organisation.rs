//! Organisations: schools, shops, hosts and the city itself; and the invitations into them.

use super::line::line;
use super::role::{Membership, Role, Thing};
use crate::refusal::{FieldError, Refusal};
use crate::time::Instant;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// Characters in the name of an organisation at most.
pub const NAME_CHARS_MAX: usize = 80;
/// How long an invitation can be taken up, at most.
pub const INVITATION_DAYS_MAX: i64 = 30;

/// What an organisation is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Holds night classes.
    School,
    /// Gives offers.
    Shop,
    /// Holds events.
    Host,
    /// The city.
    City,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::School, Self::Shop, Self::Host, Self::City];

    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Shop => "shop",
            Self::Host => "host",
            Self::City => "city",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// How far an organisation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Asked for by a resident, not decided on.
    Pending,
    /// Known to the city.
    Active,
    /// No longer.
    Closed,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Active, Self::Closed];

    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Closed => "closed",
        }
    }

    /// The state with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// An organisation that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is there for.
    pub kind: Kind,
    /// Its Chinese name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
}

impl Draft {
    /// Checks what was sent.
    pub fn check(kind: Kind, name: &str, name_en: Option<&str>) -> Result<Self, Refusal> {
        let name = line("/name", name, NAME_CHARS_MAX);
        let name_en = name_en.map(|name| line("/nameEn", name, NAME_CHARS_MAX)).transpose();
        match (name, name_en) {
            (Ok(name), Ok(name_en)) => Ok(Self { kind, name, name_en }),
            (name, name_en) => Err(Refusal::Invalid(name.err().into_iter().chain(name_en.err()).collect())),
        }
    }

    /// The state in which it begins. Only operators make an organisation of the city.
    pub fn begins(&self, by_operator: bool) -> Result<State, Refusal> {
        match (by_operator, self.kind) {
            (true, _) => Ok(State::Active),
            (false, Kind::City) => Err(Refusal::Forbidden),
            (false, _) => Ok(State::Pending),
        }
    }
}

/// Checks an invitation to `role`: an owner is never narrowed to one thing, and it ends in time.
pub fn check_invitation(
    role: Role,
    scope: Option<Thing>,
    expires_at: Instant,
    now: Instant,
) -> Result<Membership, Refusal> {
    let mut errors = Vec::new();
    if role == Role::Owner && scope.is_some() {
        errors.push(FieldError::new("/scope", "所有者不能限定范围", "an owner has no scope"));
    }
    if expires_at <= now || expires_at > now + TimeDelta::days(INVITATION_DAYS_MAX) {
        errors.push(FieldError::new(
            "/expiresAt",
            format!("须在今后 {INVITATION_DAYS_MAX} 天之内"),
            format!("must lie within the next {INVITATION_DAYS_MAX} days"),
        ));
    }
    if errors.is_empty() { Ok(Membership { role, scope }) } else { Err(Refusal::Invalid(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::ClassId;
    use uuid::Uuid;

    fn pointers(refusal: Refusal) -> Vec<String> {
        let Refusal::Invalid(errors) = refusal else { panic!("{refusal:?}") };
        errors.into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn every_wrong_field_is_named() {
        assert_eq!(pointers(Draft::check(Kind::Shop, " ", Some("")).unwrap_err()), ["/name", "/nameEn"]);
        let draft = Draft::check(Kind::Shop, " 青果巷咖啡 ", None).unwrap();
        assert_eq!(draft, Draft { kind: Kind::Shop, name: "青果巷咖啡".into(), name_en: None });
    }

    #[test]
    fn residents_wait_for_a_decision_and_cannot_be_the_city() {
        for kind in Kind::ALL {
            let draft = Draft { kind, name: "x".into(), name_en: None };
            assert_eq!(draft.begins(true), Ok(State::Active));
            let resident = if kind == Kind::City { Err(Refusal::Forbidden) } else { Ok(State::Pending) };
            assert_eq!(draft.begins(false), resident);
            assert_eq!(Kind::from_word(kind.word()), Some(kind));
        }
        for state in State::ALL {
            assert_eq!(State::from_word(state.word()), Some(state));
        }
    }

    #[test]
    fn invitations_end_within_thirty_days() {
        let now: Instant = "2026-11-24T02:00:00Z".parse().unwrap();
        let class = Some(Thing::Class(ClassId(Uuid::from_u128(1))));
        for (role, scope, seconds, wrong) in [
            (Role::Staff, class, 60, &[][..]),
            (Role::Owner, None, 30 * 86_400, &[]),
            (Role::Owner, class, 60, &["/scope"]),
            (Role::Staff, None, 0, &["/expiresAt"]),
            (Role::Staff, None, -1, &["/expiresAt"]),
            (Role::Owner, class, 30 * 86_400 + 1, &["/scope", "/expiresAt"]),
        ] {
            let checked = check_invitation(role, scope, now + TimeDelta::seconds(seconds), now);
            match checked {
                Ok(membership) => assert!(wrong.is_empty() && membership == Membership { role, scope }),
                Err(refusal) => assert_eq!(pointers(refusal), wrong),
            }
        }
    }
}
