//! Epochs: which edits of which topic this process knows of.
//!
//! What was read under one epoch must not be shown under a later one. A near epoch belongs to this process and moves
//! whenever it hears of an edit. A far epoch is what all processes call the same state of the data: the revisions in the
//! database. It is known only while the revisions have been read after the last edit heard of; until then nothing is
//! shared. Both only grow, so a sum of them stands for several topics.

use super::Event;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::Notify;

/// Topics known at most: the program has a dozen, so more are a foreign hand's.
const TOPICS_MAX: usize = 1024;

/// The epochs of one process.
#[derive(Debug, Default)]
pub struct Epochs {
    state: RwLock<State>,
    doubted: Notify,
}

#[derive(Debug, Default)]
struct State {
    topics: HashMap<Box<str>, Topic>,
    /// Edits heard of.
    edits: u64,
    /// How often everything had to be forgotten.
    generation: u64,
    /// The edit after which everything was in doubt.
    doubted_at: u64,
    /// The edits heard of when the newest reading of the revisions began.
    read_at: Option<u64>,
}

#[derive(Debug, Default)]
struct Topic {
    generation: u64,
    /// The edit after which this topic was in doubt.
    doubted_at: u64,
    revision: i64,
}

/// What was known when a reading of the revisions began.
#[derive(Debug, Clone, Copy)]
pub struct Reading(u64);

impl Epochs {
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The epoch of `topics` in this process.
    pub fn near(&self, topics: &[&str]) -> u64 {
        let state = self.read();
        let of_topics: u64 =
            topics.iter().filter_map(|topic| state.topics.get(*topic)).map(|topic| topic.generation).sum();
        state.generation + of_topics
    }

    /// The epoch of `topics` that all processes share, if it is known.
    pub fn far(&self, topics: &[&str]) -> Option<i64> {
        let state = self.read();
        let read_at = state.read_at?;
        let mut epoch = 0;
        if state.doubted_at > read_at {
            return None;
        }
        for topic in topics.iter().filter_map(|topic| state.topics.get(*topic)) {
            if topic.doubted_at > read_at {
                return None;
            }
            epoch += topic.revision;
        }
        Some(epoch)
    }

    /// Hears of an edit, if that is what the event is.
    pub(super) fn hear(&self, event: &Event) {
        let mut state = self.write();
        match event {
            Event::Edited(topic)
                if state.topics.len() < TOPICS_MAX || state.topics.contains_key(topic.as_str()) =>
            {
                state.edits += 1;
                let edits = state.edits;
                let topic = state.topics.entry(topic.as_str().into()).or_default();
                topic.generation += 1;
                topic.doubted_at = edits;
            }
            Event::Edited(_) | Event::Missed => {
                state.edits += 1;
                state.generation += 1;
                state.doubted_at = state.edits;
            }
            _ => return,
        }
        drop(state);
        self.doubted.notify_one();
    }

    /// Returns when something has been heard that only reading the revisions can settle.
    pub async fn doubted(&self) {
        self.doubted.notified().await;
    }

    /// A reading of the revisions begins.
    pub fn begin(&self) -> Reading {
        Reading(self.read().edits)
    }

    /// All revisions as the reading found them; the topics whose revision has moved. Readings end in the order in which they began.
    pub fn finish(&self, reading: Reading, revisions: &[(String, i64)]) -> Vec<String> {
        let mut state = self.write();
        let first = state.read_at.replace(reading.0).is_none();
        for (name, _) in revisions {
            if !state.topics.contains_key(name.as_str()) {
                state.topics.insert(name.as_str().into(), Topic::default());
            }
        }
        let found: HashMap<&str, i64> =
            revisions.iter().map(|(name, revision)| (name.as_str(), *revision)).collect();
        let mut moved = Vec::new();
        for (name, topic) in &mut state.topics {
            let revision = found.get(&**name).copied().unwrap_or(0);
            if topic.revision != revision {
                topic.revision = revision;
                // Also if the edit had been heard of: a replica may have shown the time before it until now.
                topic.generation += 1;
                moved.push(name.to_string());
            }
        }
        if first {
            // What was read earlier may be of any revision; and nobody needs to hear of edits before their time.
            state.generation += 1;
            moved.clear();
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(topic: &str) -> Event {
        Event::Edited(topic.to_owned())
    }

    fn rows(rows: &[(&str, i64)]) -> Vec<(String, i64)> {
        rows.iter().map(|(topic, revision)| ((*topic).to_owned(), *revision)).collect()
    }

    #[test]
    fn an_edit_moves_its_topic_and_no_other() {
        let epochs = Epochs::default();
        let (schools, classes, both) =
            (epochs.near(&["schools"]), epochs.near(&["classes"]), epochs.near(&["schools", "classes"]));
        epochs.hear(&edited("classes"));
        assert_eq!(epochs.near(&["schools"]), schools);
        assert_ne!(epochs.near(&["classes"]), classes);
        assert_ne!(epochs.near(&["schools", "classes"]), both);
        epochs.hear(&Event::Missed);
        assert_ne!(epochs.near(&["schools"]), schools);
    }

    #[test]
    fn nothing_is_shared_before_the_revisions_were_read() {
        let epochs = Epochs::default();
        assert_eq!(epochs.far(&["classes"]), None);
        let before = epochs.near(&["classes"]);
        assert!(epochs.finish(epochs.begin(), &rows(&[("classes", 5)])).is_empty());
        assert_eq!(epochs.far(&["classes"]), Some(5));
        assert_eq!(epochs.far(&["never edited"]), Some(0));
        assert_ne!(
            epochs.near(&["classes"]),
            before,
            "what was kept before the first reading is of any revision"
        );
    }

    #[test]
    fn an_edit_heard_of_is_settled_only_by_a_later_reading() {
        let epochs = Epochs::default();
        epochs.finish(epochs.begin(), &rows(&[("classes", 5)]));
        let reading = epochs.begin();
        epochs.hear(&edited("classes"));
        epochs.finish(reading, &rows(&[("classes", 5)]));
        assert_eq!(epochs.far(&["classes"]), None, "that reading may have been before the edit");
        assert_eq!(epochs.far(&["schools"]), Some(0));
        let heard = epochs.near(&["classes"]);
        assert_eq!(epochs.finish(epochs.begin(), &rows(&[("classes", 6)])), ["classes"]);
        assert_eq!(epochs.far(&["classes"]), Some(6));
        assert_ne!(epochs.near(&["classes"]), heard, "a replica may have shown the old state until now");
    }

    #[test]
    fn a_revision_that_moves_or_vanishes_is_an_edit() {
        let epochs = Epochs::default();
        epochs.finish(epochs.begin(), &rows(&[("classes", 5)]));
        let before = epochs.near(&["classes"]);
        assert!(epochs.finish(epochs.begin(), &rows(&[("classes", 5)])).is_empty());
        assert_eq!(epochs.near(&["classes"]), before);
        assert_eq!(epochs.finish(epochs.begin(), &rows(&[("classes", 6), ("schools", 1)])).len(), 2);
        assert_eq!(epochs.finish(epochs.begin(), &rows(&[("schools", 1)])), ["classes"]);
        assert_eq!(epochs.far(&["classes", "schools"]), Some(1));
    }

    #[test]
    fn everything_is_in_doubt_after_something_was_missed() {
        let epochs = Epochs::default();
        epochs.finish(epochs.begin(), &rows(&[("classes", 5)]));
        epochs.hear(&Event::Missed);
        assert_eq!(epochs.far(&["classes"]), None);
        epochs.finish(epochs.begin(), &rows(&[("classes", 5)]));
        assert_eq!(epochs.far(&["classes"]), Some(5));
    }

    #[test]
    fn invented_topics_do_not_fill_the_memory() {
        let epochs = Epochs::default();
        for number in 0..2 * TOPICS_MAX {
            epochs.hear(&edited(&number.to_string()));
        }
        assert_eq!(epochs.read().topics.len(), TOPICS_MAX);
        let before = epochs.near(&["one too many"]);
        epochs.hear(&edited("one too many"));
        assert_ne!(epochs.near(&["one too many"]), before, "then everything is forgotten instead");
    }
}
