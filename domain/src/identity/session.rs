//! A sign-in on one device: how long it lasts, and how its refresh token rotates.
//!
//! A session counts its refresh tokens: *generation* 1 comes with the sign-in, each refresh gives the next one. Only
//! the number of the newest, the head, is kept. What a presented token means follows from the two numbers alone.

/// Seconds for which an access token is good.
pub const ACCESS_SECONDS: i64 = 3_600;
/// Days after which a session ends by itself, however often it was refreshed. Signing in again costs a person of a
/// mini-app nothing.
pub const SESSION_DAYS: i64 = 90;

/// What a genuine refresh token means for its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The newest: the next generation begins.
    Next(u32),
    /// The one before the newest: the answer of the last refresh was lost, or two refreshes ran at once. The newest
    /// has not been used, or the head would be further; it is given again.
    Again(u32),
    /// An older one: two parties hold tokens of this session, and one of them is not the person.
    Reused,
    /// One that was never given out: the session was restored from an older copy of the database.
    Unknown,
}

/// What presenting generation `presented` means where `head` is the newest.
pub fn rotation(presented: u32, head: u32) -> Rotation {
    if presented > head {
        Rotation::Unknown
    } else if presented == head {
        Rotation::Next(head.saturating_add(1))
    } else if presented.saturating_add(1) == head {
        Rotation::Again(head)
    } else {
        Rotation::Reused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_refresh_can_be_repeated_until_its_successor_is_used() {
        for (presented, head, meaning) in [
            (1, 1, Rotation::Next(2)),
            (1, 2, Rotation::Again(2)),
            (2, 2, Rotation::Next(3)),
            (2, 3, Rotation::Again(3)),
            (1, 3, Rotation::Reused),
            (7, 30, Rotation::Reused),
            (4, 3, Rotation::Unknown),
        ] {
            assert_eq!(rotation(presented, head), meaning, "{presented} of {head}");
        }
    }

    /// However many refreshes with one token run at once, and in whatever order they are carried out.
    #[test]
    fn refreshes_at_once_never_end_the_session() {
        let mut head = 5;
        let mut given = Vec::new();
        for _ in 0..10 {
            match rotation(5, head) {
                Rotation::Next(next) | Rotation::Again(next) => {
                    head = next;
                    given.push(next);
                }
                ended => panic!("{ended:?}"),
            }
        }
        assert_eq!(given, [6; 10]);
    }
}
