//! Instants, the clock, and the Shanghai calendar.
//!
//! Inside, instants are UTC with millisecond precision (so that both databases store them exactly);
//! outside they are written with +08:00. Asia/Shanghai has had no daylight saving since 1991, so a
//! fixed offset is its whole rule (IANA tz database, zone Asia/Shanghai).

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, TimeDelta, Utc,
};
use std::sync::Mutex;

/// A point in time, UTC.
pub type Instant = DateTime<Utc>;

/// Seconds east of UTC of Asia/Shanghai.
const SHANGHAI_OFFSET_SECONDS: i32 = 8 * 3600;

/// Where "now" comes from: the system's clock in the program, a hand-moved one in tests.
pub trait Clock: Send + Sync {
    /// The current instant, truncated to milliseconds.
    fn now(&self) -> Instant;
}

/// A clock that stands still until it is moved: for tests and rehearsals.
#[derive(Debug)]
pub struct ManualClock(Mutex<Instant>);

impl ManualClock {
    /// A clock standing at `at`.
    pub fn at(at: Instant) -> Self {
        Self(Mutex::new(at.trunc_subsecs(3)))
    }

    /// Moves the clock to `at`, forwards or backwards.
    pub fn set(&self, at: Instant) {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = at.trunc_subsecs(3);
    }

    /// Moves the clock by `delta`.
    pub fn advance(&self, delta: TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now += delta;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The zone of everything people read.
pub fn shanghai() -> FixedOffset {
    const OFFSET: FixedOffset = match FixedOffset::east_opt(SHANGHAI_OFFSET_SECONDS) {
        Some(offset) => offset,
        None => unreachable!(),
    };
    OFFSET
}

/// `at` on the wall clock of Shanghai.
pub fn local(at: Instant) -> DateTime<FixedOffset> {
    at.with_timezone(&shanghai())
}

/// The calendar day of `at` in Shanghai.
pub fn local_date(at: Instant) -> NaiveDate {
    local(at).date_naive()
}

/// The instant at which the wall clock of Shanghai shows `date` `time`.
pub fn at_local(date: NaiveDate, time: NaiveTime) -> Instant {
    let shifted = date.and_time(time) - TimeDelta::seconds(i64::from(SHANGHAI_OFFSET_SECONDS));
    shifted.and_utc()
}

/// The first instant of the Shanghai day after the one `at` lies in.
pub fn next_midnight(at: Instant) -> Instant {
    let tomorrow = local_date(at).checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
    at_local(tomorrow, NaiveTime::MIN)
}

/// RFC 3339 with +08:00 and only the fraction that is there: `2027-02-20T10:00:00+08:00`.
pub fn rfc3339(at: Instant) -> String {
    local(at).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// Full years from `birth` to `on`. Somebody born on 29 February grows older on 1 March in common years
/// (民法典 第十七条 counts full years; the day after the anniversary's eve).
pub fn full_years(birth: NaiveDate, on: NaiveDate) -> i32 {
    let years = on.year() - birth.year();
    if (on.month(), on.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_lesson_at_18_30_is_18_30_there() {
        let at = at_local(day("2027-03-20"), NaiveTime::from_hms_opt(18, 30, 0).unwrap());
        assert_eq!(rfc3339(at), "2027-03-20T18:30:00+08:00");
        assert_eq!(at.to_rfc3339(), "2027-03-20T10:30:00+00:00");
    }

    #[test]
    fn the_day_changes_at_midnight_in_shanghai() {
        let before = "2026-11-24T15:59:59.999Z".parse().unwrap();
        let after = "2026-11-24T16:00:00Z".parse().unwrap();
        assert_eq!(local_date(before), day("2026-11-24"));
        assert_eq!(local_date(after), day("2026-11-25"));
        assert_eq!(next_midnight(before), after);
    }

    #[test]
    fn full_years_change_on_the_birthday() {
        assert_eq!(full_years(day("2008-11-24"), day("2026-11-23")), 17);
        assert_eq!(full_years(day("2008-11-24"), day("2026-11-24")), 18);
        assert_eq!(full_years(day("2008-02-29"), day("2026-02-28")), 17);
        assert_eq!(full_years(day("2008-02-29"), day("2026-03-01")), 18);
    }
}
