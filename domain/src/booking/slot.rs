//! The hours a quota occupies, and whether two of them meet.

use crate::booking::quota::Kind;
use crate::id::QuotaId;
use crate::time::Instant;
use uuid::Uuid;

/// Hours that are occupied, `[starts_at, ends_at)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The first instant.
    pub starts_at: Instant,
    /// The first instant after it.
    pub ends_at: Instant,
}

/// What the person already has at that hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clash {
    /// The quota that is in the way.
    pub quota: QuotaId,
    /// What sort of thing it is.
    pub kind: Kind,
    /// The class, event or offer it is the quota of.
    pub subject: Uuid,
    /// The hours of it that overlap.
    pub slot: Slot,
}

/// The first slot of `taken` that overlaps one of `wanted`; both sorted by start, neither overlapping itself.
pub fn overlap(taken: &[Slot], wanted: &[Slot]) -> Option<Slot> {
    let (mut taken, mut wanted) = (taken.iter().peekable(), wanted.iter().peekable());
    while let (Some(have), Some(want)) = (taken.peek(), wanted.peek()) {
        if have.ends_at <= want.starts_at {
            taken.next();
        } else if want.ends_at <= have.starts_at {
            wanted.next();
        } else {
            return Some(**have);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slots(raw: &[(u8, u8)]) -> Vec<Slot> {
        let at = |minute: i64| Instant::from_timestamp(minute * 60, 0).unwrap();
        let mut end = 0;
        raw.iter()
            .map(|(gap, length)| {
                let start = end + i64::from(*gap);
                end = start + i64::from(*length) + 1;
                Slot { starts_at: at(start), ends_at: at(end) }
            })
            .collect()
    }

    proptest! {
        #[test]
        fn finds_an_overlap_exactly_where_there_is_one(
            a in prop::collection::vec((0_u8..9, 0_u8..9), 0..9),
            b in prop::collection::vec((0_u8..9, 0_u8..9), 0..9),
        ) {
            let (a, b) = (slots(&a), slots(&b));
            let meets = |x: &Slot| b.iter().any(|y| x.starts_at < y.ends_at && y.starts_at < x.ends_at);
            prop_assert_eq!(overlap(&a, &b), a.iter().copied().find(meets));
        }
    }
}
