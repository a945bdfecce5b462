//! The figures of a run: counts, latencies, throughput over time.

use super::generator::{Answer, Run};
use std::collections::BTreeMap;
use std::time::Duration;

/// What became of a request, by the answer's status and code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// A seat.
    Confirmed,
    /// A place in the line.
    Waitlisted,
    /// A problem that says no: sold out.
    Refused,
    /// Turned away for being too many: 429 or 503.
    TurnedAway,
    /// Anything else, and no answer at all.
    Failed,
}

impl Fate {
    /// The fate that `answer` tells of.
    pub fn of(answer: &Answer) -> Self {
        let says = |word: &str| contains(&answer.body, word.as_bytes());
        match answer.status {
            200 | 201 if says("\"state\":\"confirmed\"") => Self::Confirmed,
            200 | 201 if says("\"state\":\"waitlisted\"") => Self::Waitlisted,
            409 if says("\"code\":\"sold_out\"") => Self::Refused,
            429 | 503 => Self::TurnedAway,
            _ => Self::Failed,
        }
    }
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

/// Latencies of a run.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    /// Half of the answers were faster.
    pub p50: Duration,
    /// All but one in a hundred were faster.
    pub p99: Duration,
    /// The slowest.
    pub max: Duration,
}

/// The latencies of `run`.
pub fn latency(run: &Run) -> Latency {
    let mut took: Vec<Duration> = run.answers.iter().map(|answer| answer.took).collect();
    took.sort_unstable();
    let at = |hundredths: usize| {
        let place = (took.len() * hundredths / 100).min(took.len().saturating_sub(1));
        took.get(place).copied().unwrap_or_default()
    };
    Latency { p50: at(50), p99: at(99), max: took.last().copied().unwrap_or_default() }
}

/// How many requests had which fate.
pub fn fates(run: &Run) -> BTreeMap<Fate, usize> {
    let mut fates = BTreeMap::new();
    for answer in &run.answers {
        *fates.entry(Fate::of(answer)).or_default() += 1;
    }
    fates
}

/// Answers per second, in `slices` equal slices of the run.
pub fn throughput(run: &Run, slices: usize) -> Vec<f64> {
    let width = run.took.as_secs_f64() / f64::from(u32::try_from(slices).unwrap_or(1)).max(1.0);
    let mut counts = vec![0_u32; slices];
    for answer in &run.answers {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a slice's number, never negative"
        )]
        let slice = (answer.at.as_secs_f64() / width.max(1e-9)) as usize;
        if let Some(count) = counts.get_mut(slice.min(slices.saturating_sub(1))) {
            *count += 1;
        }
    }
    counts.into_iter().map(|count| f64::from(count) / width.max(1e-9)).collect()
}

/// The smallest, the middle and the largest of some values.
pub fn spread(values: &[f64]) -> [f64; 3] {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |place: usize| sorted.get(place).copied().unwrap_or_default();
    [at(0), at(sorted.len() / 2), at(sorted.len().saturating_sub(1))]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str, millis: u64) -> Answer {
        let took = Duration::from_millis(millis);
        Answer { status, body: body.as_bytes().to_vec(), took, at: took }
    }

    #[test]
    fn fates_follow_status_and_words() {
        for (status, body, fate) in [
            (201, r#"{"id":"bkg_1","state":"confirmed"}"#, Fate::Confirmed),
            (200, r#"{"state":"waitlisted"}"#, Fate::Waitlisted),
            (409, r#"{"code":"sold_out"}"#, Fate::Refused),
            (409, r#"{"code":"schedule_conflict"}"#, Fate::Failed),
            (503, "", Fate::TurnedAway),
            (0, "", Fate::Failed),
        ] {
            assert_eq!(Fate::of(&answer(status, body, 1)), fate, "{body}");
        }
    }

    #[test]
    fn latencies_and_throughput_add_up() {
        let answers: Vec<Answer> = (1..=100).map(|millis| answer(200, "", millis)).collect();
        let run = Run { answers, took: Duration::from_millis(100) };
        let latency = latency(&run);
        assert_eq!(
            (latency.p50.as_millis(), latency.p99.as_millis(), latency.max.as_millis()),
            (51, 100, 100)
        );
        let slices = throughput(&run, 4);
        assert!((slices.iter().sum::<f64>() / 4.0 - run.per_second()).abs() < 1e-6);
        assert!(spread(&[3.0, 1.0, 2.0]).iter().zip([1.0, 2.0, 3.0]).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
