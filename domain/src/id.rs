//! Identifiers: one type per kind of thing, UUIDv7 inside, TypeID text outside (`cls_01h2xcejqtf2nbrexx3vqjhp41`).
//!
//! The text is at most 32 characters, so that one fits the `scene` of a mini-app code. Source: TypeID
//! specification 0.3 (base 32 of Crockford in lower case, 26 digits, the first ≤ 7).

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LENGTH: usize = 26;

/// The text is no identifier of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier of the form {prefix}_…")]
pub struct InvalidId {
    /// The prefix that was expected.
    pub prefix: &'static str,
}

fn encode(prefix: &str, id: Uuid) -> String {
    let value = id.as_u128();
    let mut text = String::with_capacity(prefix.len() + 1 + SUFFIX_LENGTH);
    text.push_str(prefix);
    text.push('_');
    for place in (0..SUFFIX_LENGTH).rev() {
        let digit = usize::try_from((value >> (5 * place)) & 31).unwrap_or_default();
        text.push(char::from(ALPHABET.get(digit).copied().unwrap_or_default()));
    }
    text
}

fn decode(prefix: &'static str, text: &str) -> Result<Uuid, InvalidId> {
    let refused = InvalidId { prefix };
    let suffix = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).ok_or(refused)?;
    if suffix.len() != SUFFIX_LENGTH || suffix.as_bytes().first().is_none_or(|first| *first > b'7') {
        return Err(refused);
    }
    let mut value: u128 = 0;
    for byte in suffix.bytes() {
        let digit = ALPHABET.iter().position(|known| *known == byte).ok_or(refused)?;
        value = (value << 5) | digit as u128;
    }
    Ok(Uuid::from_u128(value))
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);

        impl $name {
            /// What the text of such an identifier begins with.
            pub const PREFIX: &'static str = $prefix;
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode($prefix, self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&encode($prefix, self.0))
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                decode($prefix, text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'_, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person with an account.
    PersonId = "prs";
    /// A school's, shop's, host's or the city's organisation.
    OrganisationId = "org";
    /// A night school.
    SchoolId = "sch";
    /// A term of night classes.
    TermId = "trm";
    /// A night class.
    ClassId = "cls";
    /// One meeting of a class.
    LessonId = "lsn";
    /// An event.
    EventId = "evt";
    /// A youth shop.
    ShopId = "shp";
    /// An offer of a shop.
    OfferId = "ofr";
    /// An experience route.
    RouteId = "rte";
    /// A place.
    PlaceId = "plc";
    /// A limited number that people take from: the kernel's view of a class, an event, an offer.
    QuotaId = "quo";
    /// One person's share of a quota.
    BookingId = "bkg";
    /// A notice to a person.
    NoticeId = "ntc";
    /// A family of refresh tokens: one sign-in on one device.
    SessionId = "ses";
    /// One run of the import.
    ImportId = "imp";
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the TypeID specification (`spec/valid.yml`), with our prefixes.
    #[test]
    fn vectors_of_the_specification() {
        for (uuid, suffix) in [
            ("00000000-0000-0000-0000-000000000000", "00000000000000000000000000"),
            ("00000000-0000-0000-0000-000000000001", "00000000000000000000000001"),
            ("00000000-0000-0000-0000-000000000020", "00000000000000000000000010"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
            ("01890a5d-ac96-774b-bcce-b302099a8057", "01h455vb4pex5vsknk084sn02q"),
        ] {
            let id = ClassId(uuid.parse().unwrap());
            let text = format!("cls_{suffix}");
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
            assert!(text.len() <= 32);
        }
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for text in [
            "",
            "cls",
            "cls_",
            "bkg_01h455vb4pex5vsknk084sn02q",
            "cls_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "cls_01H455VB4PEX5VSKNK084SN02Q",
            "cls_01h455vb4pex5vsknk084sn02",
            "cls_01h455vb4pex5vsknk084sn02qq",
            "cls_01h455vb4pex5vsknk084sn0iq",
            "cls-01h455vb4pex5vsknk084sn02q",
            "cls_01h455vb4pex5vsknk084sn0é",
        ] {
            assert_eq!(text.parse::<ClassId>(), Err(InvalidId { prefix: "cls" }), "{text}");
        }
    }
}
