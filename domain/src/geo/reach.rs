//! "Fifteen minutes away": how far somebody gets on foot or by bike, and how long a way takes.
//!
//! Streets are not straight, so a way is taken to be longer than the line by a factor. Both speeds and the factor
//! stand here and nowhere else.

use super::point::Point;

/// How much longer a way is than the straight line.
pub const DETOUR_FACTOR: f64 = 1.3;
/// Kilometres an hour on foot.
const WALK_KMH: f64 = 4.8;
/// Kilometres an hour by bike.
const CYCLE_KMH: f64 = 15.0;
/// The longest way that can be asked for, in minutes.
pub const MINUTES_MAX: u16 = 240;

/// How somebody gets there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// On foot.
    #[default]
    Walk,
    /// By bike.
    Cycle,
}

impl Mode {
    /// The word over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Walk => "walk",
            Self::Cycle => "cycle",
        }
    }

    /// The mode with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Walk, Self::Cycle].into_iter().find(|mode| mode.word() == word)
    }

    fn metres_per_minute(self) -> f64 {
        match self {
            Self::Walk => WALK_KMH * 1000.0 / 60.0,
            Self::Cycle => CYCLE_KMH * 1000.0 / 60.0,
        }
    }

    /// Metres of straight line that can be reached in so many minutes.
    pub fn reach_m(self, minutes: u16) -> f64 {
        f64::from(minutes) * self.metres_per_minute() / DETOUR_FACTOR
    }

    /// Minutes a way of so many metres of straight line takes, begun minutes counted whole.
    pub fn minutes(self, straight_m: f64) -> u32 {
        let minutes = straight_m * DETOUR_FACTOR / self.metres_per_minute();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
        let whole = minutes.ceil().clamp(0.0, 1e6) as u32;
        whole
    }

    /// Minutes from one place to another.
    pub fn minutes_between(self, from: Point, to: Point) -> u32 {
        self.minutes(from.metres_to(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stated_speeds() {
        assert!((Mode::Walk.reach_m(15) - 923.08).abs() < 0.01);
        assert!((Mode::Cycle.reach_m(15) - 2_884.62).abs() < 0.01);
        for (mode, metres, minutes) in [
            (Mode::Walk, 0.0, 0),
            (Mode::Walk, 1.0, 1),
            (Mode::Walk, 923.0, 15),
            (Mode::Walk, 924.0, 16),
            (Mode::Cycle, 2_884.0, 15),
            (Mode::Cycle, 2_885.0, 16),
        ] {
            assert_eq!(mode.minutes(metres), minutes, "{mode:?} {metres}");
        }
    }

    #[test]
    fn words() {
        for mode in [Mode::Walk, Mode::Cycle] {
            assert_eq!(Mode::from_word(mode.word()), Some(mode));
        }
        assert_eq!(Mode::from_word("fly"), None);
    }

    proptest! {
        /// Reach and minutes draw the same line: what is within reach takes at most so many minutes, and no less is said.
        #[test]
        fn reach_and_minutes_agree(metres in 0.0..50_000.0_f64, minutes in 0_u16..=MINUTES_MAX) {
            for mode in [Mode::Walk, Mode::Cycle] {
                let clearly_off = (metres - mode.reach_m(minutes)).abs() > 1e-6;
                prop_assume!(clearly_off);
                prop_assert_eq!(metres <= mode.reach_m(minutes), mode.minutes(metres) <= u32::from(minutes));
            }
        }
    }
}
