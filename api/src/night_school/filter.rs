//! Which classes a list is asked for.

use super::card::{ClassCard, From, phase};
use crate::http::Problem;
use crate::http::page::{List, Page};
use crate::http::problem::Answer;
use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use domain::geo::{Datum, MINUTES_MAX, Mode};
use domain::id::{SchoolId, TermId};
use domain::night_school::{Category, Phase, Standing};
use domain::time::Instant;
use infra::night_school::catalogue::{Listed, Snapshot, Standings};
use serde::Deserialize;
use std::str::FromStr;
use std::sync::Arc;
use utoipa::IntoParams;
use uuid::Uuid;

/// How far "near" is where nobody says, in minutes.
const MINUTES_DEFAULT: u16 = 15;
/// Characters of a search at most.
const SEARCH_CHARS_MAX: usize = 50;

/// Filters of `GET /classes`; lists are separated by commas.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ClassQuery {
    /// `trm_…`
    term: Option<String>,
    /// `sch_…`
    school: Option<String>,
    /// Categories.
    category: Option<String>,
    /// Weekdays, 1 (Monday) to 7.
    weekday: Option<String>,
    /// Classes that meet on or after this day.
    from: Option<String>,
    /// Classes that meet on or before this day.
    to: Option<String>,
    /// Lessons that begin at this time of day or later, such as 18:30.
    starts_after: Option<String>,
    /// Only those in which there is a seat or an entry to be had now.
    available: Option<bool>,
    /// Phases; without it what is over or called off is left out.
    phase: Option<String>,
    /// `lat,lng`, in the datum of `datum`.
    near: Option<String>,
    /// How far, in minutes (1–240, default 15).
    minutes: Option<u16>,
    /// `walk` (default) or `cycle`.
    mode: Option<String>,
    /// Any part of the title, the teacher, the school, the category.
    q: Option<String>,
    /// `gcj02` (default) or `wgs84`, of what is asked and answered.
    datum: Option<String>,
    /// How many at most (1–100, default 20).
    limit: Option<u32>,
    /// Where the last page ended.
    cursor: Option<String>,
}

/// The filters, read.
pub struct Filter {
    term: Option<TermId>,
    school: Option<SchoolId>,
    categories: Vec<Category>,
    weekdays: Vec<u8>,
    from_day: Option<NaiveDate>,
    to_day: Option<NaiveDate>,
    starts_after: Option<NaiveTime>,
    available: bool,
    phases: Vec<Phase>,
    near: Option<(From, f64)>,
    words: Option<String>,
    datum: Datum,
    page: Page,
}

fn unknown(field: &str, what: &str) -> Problem {
    Problem::invalid(field, format!("无法识别“{what}”"), format!("“{what}” is not known here"))
}

fn one<T: FromStr>(field: &str, text: Option<&str>) -> Answer<Option<T>> {
    text.map(|text| text.parse().map_err(|_| unknown(field, text))).transpose()
}

fn several<T>(field: &str, text: Option<&str>, read: impl Fn(&str) -> Option<T>) -> Answer<Vec<T>> {
    let parts = text.unwrap_or_default().split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| read(part).ok_or_else(|| unknown(field, part))).collect()
}

/// The datum that `text` names.
pub fn datum(text: Option<&str>) -> Answer<Datum> {
    text.map_or(Ok(Datum::default()), |text| Datum::from_word(text).ok_or_else(|| unknown("datum", text)))
}

impl ClassQuery {
    /// The filters, or what is wrong with them.
    pub fn read(&self) -> Answer<Filter> {
        let datum = datum(self.datum.as_deref())?;
        let time =
            |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| unknown("startsAfter", text));
        let weekday = |text: &str| text.parse::<u8>().ok().filter(|day| (1..=7).contains(day));
        let words =
            self.q.as_deref().map(|words| words.trim().to_lowercase()).filter(|words| !words.is_empty());
        if words.as_ref().is_some_and(|words| words.chars().count() > SEARCH_CHARS_MAX) {
            let (zh, en) =
                (format!("最多 {SEARCH_CHARS_MAX} 个字"), format!("{SEARCH_CHARS_MAX} characters at most"));
            return Err(Problem::invalid("q", zh, en));
        }
        Ok(Filter {
            term: one("term", self.term.as_deref())?,
            school: one("school", self.school.as_deref())?,
            categories: several("category", self.category.as_deref(), Category::from_word)?,
            weekdays: several("weekday", self.weekday.as_deref(), weekday)?,
            from_day: one("from", self.from.as_deref())?,
            to_day: one("to", self.to.as_deref())?,
            starts_after: self.starts_after.as_deref().map(time).transpose()?,
            available: self.available.unwrap_or_default(),
            phases: several("phase", self.phase.as_deref(), Phase::from_word)?,
            near: self.near(datum)?,
            words,
            datum,
            page: Page::parse(self.limit, self.cursor.as_deref())?,
        })
    }

    /// Where from, and how many metres of straight line are near.
    fn near(&self, datum: Datum) -> Answer<Option<(From, f64)>> {
        let minutes = self.minutes.unwrap_or(MINUTES_DEFAULT);
        if minutes == 0 || minutes > MINUTES_MAX {
            let (zh, en) = (format!("须在 1 到 {MINUTES_MAX} 之间"), format!("1 to {MINUTES_MAX}"));
            return Err(Problem::invalid("minutes", zh, en));
        }
        let mode =
            self.mode.as_deref().map(|word| Mode::from_word(word).ok_or_else(|| unknown("mode", word)));
        let mode = mode.transpose()?.unwrap_or_default();
        let Some(text) = self.near.as_deref() else { return Ok(None) };
        let wrong =
            || Problem::invalid("near", "应为“纬度,经度”，如 31.77,119.96", "lat,lng such as 31.77,119.96");
        let (lat, lng) = text.split_once(',').ok_or_else(wrong)?;
        let (lat, lng) = (lat.trim().parse().map_err(|_| wrong())?, lng.trim().parse().map_err(|_| wrong())?);
        let point = datum.read(lat, lng).map_err(|_| wrong())?;
        Ok(Some((From { point, mode }, mode.reach_m(minutes))))
    }
}

/// Where a class stands in a list: a number, then its id.
struct Position(i64, Uuid);

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.0, self.1.simple())
    }
}

impl FromStr for Position {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (number, id) = text.split_once('/').ok_or(())?;
        Ok(Self(number.parse().map_err(drop)?, id.parse().map_err(drop)?))
    }
}

impl Filter {
    /// The page of the classes that are asked for.
    pub fn list(&self, all: &Snapshot, standings: &Standings, now: Instant) -> Answer<List<ClassCard>> {
        let untouched = |listed: &Listed| listed.class.standing;
        let mut found: Vec<(i64, &Arc<Listed>, Standing)> = Vec::new();
        for listed in &all.classes {
            let standing = standings.get(&listed.class.quota).copied().unwrap_or_else(|| untouched(listed));
            if let Some(number) = self.number(listed, &standing, now) {
                found.push((number, listed, standing));
            }
        }
        found.sort_by_key(|(number, listed, _)| (*number, listed.class.id));
        let after = self.page.after::<Position>()?;
        let later = |(number, listed, _): &(i64, &Arc<Listed>, Standing)| {
            after.as_ref().is_none_or(|after| (*number, listed.class.id.0) > (after.0, after.1))
        };
        let page: Vec<_> = found.into_iter().filter(later).take(self.page.limit as usize + 1).collect();
        let list = List::cut(page, &self.page, |(number, listed, _)| Position(*number, listed.class.id.0));
        let from = self.near.map(|(from, _)| from);
        Ok(list.map(|(_, listed, standing)| ClassCard::new(listed, &standing, self.datum, from, now)))
    }

    /// The number by which `listed` is sorted, if it is asked for: metres away, else when it first meets.
    fn number(&self, listed: &Listed, standing: &Standing, now: Instant) -> Option<i64> {
        let (spec, table) = (&listed.class.spec, &listed.class.spec.timetable);
        let none_or = |list_is_empty: bool, holds: bool| list_is_empty || holds;
        let matches = self.term.is_none_or(|term| spec.term == term)
            && self.school.is_none_or(|school| spec.school == school)
            && none_or(self.categories.is_empty(), self.categories.contains(&spec.category))
            && none_or(self.weekdays.is_empty(), self.weekdays.contains(&table.weekday_number()))
            && self.from_day.is_none_or(|day| table.last() >= day)
            && self.to_day.is_none_or(|day| table.first() <= day)
            && self.starts_after.is_none_or(|time| table.start_time() >= time)
            && self.words.as_ref().is_none_or(|words| listed.words.contains(words.as_str()));
        if !matches || !self.is_in_phase(phase(listed, standing, now)) {
            return None;
        }
        match self.near {
            None => {
                let days = i64::from(table.first().num_days_from_ce());
                Some(days * 1_440 + i64::from(table.start_time().num_seconds_from_midnight() / 60))
            }
            Some((from, reach)) => {
                let metres = from.point.metres_to(listed.school.spec.position?.point);
                #[expect(clippy::cast_possible_truncation, reason = "metres on one planet")]
                (metres <= reach).then_some(metres as i64)
            }
        }
    }

    fn is_in_phase(&self, phase: Phase) -> bool {
        if self.available && !matches!(phase, Phase::Open | Phase::Entering) {
            return false;
        }
        if self.phases.is_empty() {
            !phase.is_past() || self.from_day.is_some()
        } else {
            self.phases.contains(&phase)
        }
    }
}
