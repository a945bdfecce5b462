//! Limits: how many of something one person may have, in a window of the Shanghai calendar.

use crate::time::{Instant, at_local, local_date, next_midnight};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Weekday};
use std::fmt;

/// Over what one limit counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Per {
    /// Everything of its sort the person has.
    Person,
    /// What the person has of this quota.
    Quota,
    /// What the person has at this shop.
    Shop,
    /// What the person has at this school.
    School,
}

/// In which stretch of time a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// Ever.
    Total,
    /// A calendar day.
    Day,
    /// A calendar week, from Monday.
    Week,
    /// A calendar month.
    Month,
    /// The term the limit belongs to.
    Term,
}

impl Window {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Total => "total",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Term => "term",
        }
    }

    /// The window with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Total, Self::Day, Self::Week, Self::Month, Self::Term]
            .into_iter()
            .find(|window| window.word() == word)
    }

    /// The name of the window `at` lies in; empty where there is only one.
    fn name(self, at: Instant) -> String {
        let day = local_date(at);
        match self {
            Self::Total | Self::Term => String::new(),
            Self::Day => day.to_string(),
            Self::Week => format!("{}-W{:02}", day.iso_week().year(), day.iso_week().week()),
            Self::Month => format!("{}-{:02}", day.year(), day.month()),
        }
    }

    /// The first instant after the window `at` lies in; nothing if it does not end by the calendar.
    fn ends(self, at: Instant) -> Option<Instant> {
        let midnight = |day: Option<NaiveDate>| day.map(|day| at_local(day, NaiveTime::MIN));
        let day = local_date(at);
        match self {
            Self::Total | Self::Term => None,
            Self::Day => Some(next_midnight(at)),
            Self::Week => midnight(day.week(Weekday::Mon).first_day().checked_add_days(Days::new(7))),
            Self::Month => {
                midnight(day.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))))
            }
        }
    }
}

impl Per {
    /// The word in the database and over HTTP.
    pub fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Quota => "quota",
            Self::Shop => "shop",
            Self::School => "school",
        }
    }

    /// The scope with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Person, Self::Quota, Self::Shop, Self::School].into_iter().find(|per| per.word() == word)
    }
}

/// One limit. Quotas that count together share the same limit, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// The row it is.
    pub id: i64,
    /// Over what it counts together.
    pub per: Per,
    /// When it counts anew.
    pub window: Window,
    /// How many are allowed.
    pub max: u16,
}

impl Limit {
    /// What a booking seated at `at` debits of this limit.
    pub fn debit(&self, at: Instant) -> Debit {
        Debit { limit: self.id, window: self.window.name(at) }
    }

    /// The refusal when it is reached at `at`.
    pub fn hit(&self, at: Instant) -> LimitHit {
        LimitHit { per: self.per, window: self.window, max: self.max, until: self.window.ends(at) }
    }
}

/// Which limit was reached, and when it counts anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitHit {
    /// Over what it counts.
    pub per: Per,
    /// In which window.
    pub window: Window,
    /// How many are allowed.
    pub max: u16,
    /// When the window ends, if the calendar ends it.
    pub until: Option<Instant>,
}

/// One window of one limit that a booking has debited, and credits when it is given back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Debit {
    /// The limit.
    pub limit: i64,
    /// The window's name; empty where there is only one.
    pub window: String,
}

/// Everything a booking has debited. Text: `12,15@2026-11-24`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Debits(pub Vec<Debit>);

impl Debits {
    /// Whether `debit` is among them.
    pub fn contains(&self, debit: &Debit) -> bool {
        self.0.contains(debit)
    }

    /// Reads the text; what is no debit is left out, since it can debit nothing.
    pub fn parse(text: &str) -> Self {
        let one = |part: &str| {
            let (limit, window) = part.split_once('@').unwrap_or((part, ""));
            Some(Debit { limit: limit.parse().ok()?, window: window.to_owned() })
        };
        Self(text.split(',').filter_map(one).collect())
    }
}

impl fmt::Display for Debits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, debit) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            let at = if debit.window.is_empty() { "" } else { "@" };
            write!(f, "{comma}{}{at}{}", debit.limit, debit.window)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn windows_follow_the_calendar_of_shanghai() {
        // 2027-01-01 00:00 in Shanghai, a Friday of ISO week 2026-W53.
        let new_year = at("2026-12-31T16:00:00Z");
        let eve = at("2026-12-31T15:59:59.999Z");
        for (window, before, after, ends) in [
            (Window::Total, "", "", None),
            (Window::Term, "", "", None),
            (Window::Day, "2026-12-31", "2027-01-01", Some("2027-01-01T16:00:00Z")),
            (Window::Week, "2026-W53", "2026-W53", Some("2027-01-03T16:00:00Z")),
            (Window::Month, "2026-12", "2027-01", Some("2027-01-31T16:00:00Z")),
        ] {
            assert_eq!(window.name(eve), before);
            assert_eq!(window.name(new_year), after);
            assert_eq!(window.ends(new_year), ends.map(at));
        }
    }

    #[test]
    fn debits_read_what_they_wrote() {
        for text in ["", "12", "12,15@2026-11-24", "1@2026-W53,2@2027-01"] {
            assert_eq!(Debits::parse(text).to_string(), text);
        }
    }
}
