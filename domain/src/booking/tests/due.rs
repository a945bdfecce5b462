//! The scheduler of the store: work that is due, done one by one, and time that goes by.

use super::store::Store;
use crate::booking::command::{Command, Due, DueKind, Outcome};
use crate::id::QuotaId;
use crate::time::Instant;

impl Store {
    /// Work that is due now, the longest due first.
    pub fn due_now(&self) -> Vec<Due> {
        let mut due: Vec<Due> = self.due.iter().copied().filter(|due| due.at <= self.now).collect();
        due.sort_by_key(|due| (due.at, due.quota, due.kind));
        due
    }

    /// Whether work of this kind is due for `quota` now.
    pub fn is_due(&self, quota: QuotaId, kind: DueKind) -> bool {
        self.due.iter().any(|due| due.quota == quota && due.kind == kind && due.at <= self.now)
    }

    /// Does one piece of due work.
    pub fn do_due(&mut self, due: Due) {
        assert!(self.due.remove(&due));
        let answer = self.ask(Command { quota: due.quota, person: None, verb: due.kind.verb() });
        assert_eq!(answer, Ok(Outcome::Nothing));
    }

    /// Does what is due now, until nothing is.
    pub fn run_due(&mut self) {
        let mut rounds = 0;
        while let Some(due) = self.due_now().first().copied() {
            self.do_due(due);
            rounds += 1;
            assert!(rounds < 10_000, "due work without end: {:?}", self.due);
        }
    }

    /// Lets time pass until `to`, doing what becomes due when it does.
    pub fn wait_until(&mut self, to: Instant) {
        self.run_due();
        while let Some(next) = self.due.iter().map(|due| due.at).min().filter(|at| *at <= to) {
            self.now = next;
            self.run_due();
        }
        self.now = to;
    }

    /// Does all due work there is, whenever it becomes due.
    pub fn run_to_the_end(&mut self) {
        self.run_due();
        while let Some(next) = self.due.iter().map(|due| due.at).min() {
            self.now = next;
            self.run_due();
        }
    }
}
