//! Whether the city kept its promises: what makes a rehearsal fail.

use super::city::{Roster, RushClass};
use super::figures::Fate;
use super::generator::Run;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a rehearsal found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// People who have more than one seat, and bookings that two people hold.
    pub double_booked: usize,
    /// Seats given beyond those there are.
    pub oversold: usize,
    /// Seats that stayed empty although people were refused or wait.
    pub left_empty: usize,
    /// People who were told that they have a seat and are not on the roster, or were told two things.
    pub broken_promises: usize,
    /// Requests without a usable answer.
    pub failed: usize,
}

impl Verdict {
    /// Whether all promises were kept.
    pub fn holds(&self) -> bool {
        *self == Self::default()
    }
}

/// Judges a run: `people[n]` made the n-th request, of `class`, and `roster` is what the server says afterwards.
pub fn judge(class: &RushClass, people: &[usize], run: &Run, roster: &Roster) -> Verdict {
    let mut bookings: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    let mut fates: BTreeMap<usize, BTreeSet<(Fate, String)>> = BTreeMap::new();
    let (mut seats, mut failed, mut refused) = (BTreeSet::new(), 0, 0);
    for (answer, person) in run.answers.iter().zip(people) {
        let fate = Fate::of(answer);
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        let booking = body.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        match fate {
            Fate::Confirmed | Fate::Waitlisted => {
                bookings.entry(booking.clone()).or_default().insert(*person);
                if fate == Fate::Confirmed {
                    seats.insert(booking.clone());
                }
            }
            Fate::Refused => refused += 1,
            Fate::TurnedAway => continue,
            Fate::Failed => {
                failed += 1;
                continue;
            }
        }
        fates.entry(*person).or_default().insert((fate, booking));
    }
    let on_roster: BTreeSet<&String> = roster.confirmed.iter().collect();
    let shared = bookings.values().filter(|holders| holders.len() > 1).count();
    let several = fates.values().filter(|fates| fates.len() > 1).count();
    let there_are = class.seats as usize;
    let given = roster.confirmed.len();
    let wanted = refused + roster.waitlisted.len() > 0;
    Verdict {
        double_booked: (given - on_roster.len()) + shared,
        oversold: given.saturating_sub(there_are),
        left_empty: if wanted { there_are.saturating_sub(given) } else { 0 },
        broken_promises: several + seats.len().saturating_sub(given),
        failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rush::generator::Answer;
    use std::time::Duration;

    fn answer(status: u16, body: &str) -> Answer {
        Answer { status, body: body.as_bytes().to_vec(), took: Duration::ZERO, at: Duration::ZERO }
    }

    fn confirmed(booking: &str) -> Answer {
        answer(201, &format!(r#"{{"id":"{booking}","state":"confirmed"}}"#))
    }

    fn judged(answers: Vec<Answer>, people: &[usize], roster: &[&str]) -> Verdict {
        let class = RushClass { id: "cls_1".into(), seats: 2 };
        let run = Run { answers, took: Duration::from_secs(1) };
        let roster =
            Roster { confirmed: roster.iter().map(ToString::to_string).collect(), waitlisted: Vec::new() };
        judge(&class, people, &run, &roster)
    }

    #[test]
    fn kept_promises_hold() {
        let refused = answer(409, r#"{"code":"sold_out"}"#);
        let answers = vec![confirmed("a"), confirmed("b"), confirmed("a"), refused];
        assert!(judged(answers, &[0, 1, 0, 2], &["p0", "p1"]).holds());
    }

    #[test]
    fn each_broken_promise_is_seen() {
        assert_eq!(judged(vec![confirmed("a"), confirmed("a")], &[0, 1], &["p0", "p1"]).double_booked, 1);
        assert_eq!(judged(vec![confirmed("a")], &[0], &["p0", "p0"]).double_booked, 1);
        assert_eq!(judged(vec![confirmed("a")], &[0], &["p0", "p1", "p2"]).oversold, 1);
        assert_eq!(judged(vec![answer(409, r#"{"code":"sold_out"}"#)], &[0], &["p1"]).left_empty, 1);
        assert_eq!(judged(vec![confirmed("a"), confirmed("b")], &[0, 1], &["p0"]).broken_promises, 1);
        assert_eq!(judged(vec![confirmed("a"), confirmed("b")], &[0, 0], &["p0", "p1"]).broken_promises, 1);
        assert_eq!(judged(vec![answer(500, "")], &[0], &[]).failed, 1);
    }
}
