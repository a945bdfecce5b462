//! What somebody is in an organisation.

use crate::id::{ClassId, EventId, ShopId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A role in an organisation, each with all that the one before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// At the door and the counter: scans, sees the roster, marks attendance.
    Staff,
    /// Also edits, publishes, decides and forces.
    Manager,
    /// Also chooses the members.
    Owner,
}

impl Role {
    /// Every role, the least first.
    pub const ALL: [Self; 3] = [Self::Staff, Self::Manager, Self::Owner];

    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::Manager => "manager",
            Self::Owner => "owner",
        }
    }

    /// The role with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A thing of an organisation to which a role can be narrowed, and on which an action is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Thing {
    /// A night class, with its lessons.
    Class(ClassId),
    /// An event.
    Event(EventId),
    /// A shop, with its offers.
    Shop(ShopId),
}

impl Thing {
    /// The word in the database.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Class(_) => "class",
            Self::Event(_) => "event",
            Self::Shop(_) => "shop",
        }
    }

    /// The id without its kind, as in the database.
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Class(id) => id.0,
            Self::Event(id) => id.0,
            Self::Shop(id) => id.0,
        }
    }

    /// What the database calls `kind` and `id`.
    pub fn from_parts(kind: &str, id: Uuid) -> Option<Self> {
        match kind {
            "class" => Some(Self::Class(ClassId(id))),
            "event" => Some(Self::Event(EventId(id))),
            "shop" => Some(Self::Shop(ShopId(id))),
            _ => None,
        }
    }
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Class(id) => id.fmt(f),
            Self::Event(id) => id.fmt(f),
            Self::Shop(id) => id.fmt(f),
        }
    }
}

/// The text is no id of a class, an event or a shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of a class, an event or a shop")]
pub struct NoThing;

impl FromStr for Thing {
    type Err = NoThing;

    fn from_str(text: &str) -> Result<Self, NoThing> {
        let class = text.parse().map(Self::Class);
        class
            .or_else(|_| text.parse().map(Self::Event))
            .or_else(|_| text.parse().map(Self::Shop))
            .map_err(|_| NoThing)
    }
}

/// A role, over the whole organisation or over one thing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Membership {
    /// The role.
    pub role: Role,
    /// The only thing it is for; none = the whole organisation.
    pub scope: Option<Thing>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_ids_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_word(role.word()), Some(role));
            assert_eq!(serde_json::to_string(&role).unwrap(), format!("\"{}\"", role.word()));
        }
        let id = Uuid::from_u128(7);
        for thing in [Thing::Class(ClassId(id)), Thing::Event(EventId(id)), Thing::Shop(ShopId(id))] {
            assert_eq!(thing.to_string().parse(), Ok(thing));
            assert_eq!(Thing::from_parts(thing.kind(), thing.uuid()), Some(thing));
        }
        assert_eq!("org_00000000000000000000000007".parse::<Thing>(), Err(NoThing));
        assert_eq!(Thing::from_parts("school", id), None);
        assert!(Role::Staff < Role::Manager && Role::Manager < Role::Owner);
    }
}
