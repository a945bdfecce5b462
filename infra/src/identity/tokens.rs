//! The tokens of one process, and what it has heard about them.

use crate::bus::{Bus, Event};
use crate::database::Database;
use crate::error::Result;
use crate::identity::access::{AccessTokens, Session};
use crate::identity::refresh::RefreshTokens;
use crate::identity::session::Standing;
use crate::secrets::Secret;
use domain::id::{PersonId, SessionId};
use domain::refusal::Refusal;
use domain::time::Instant;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// Sessions and people doubted one by one; with more than that, everything is doubted once.
const DOUBTS_MAX: usize = 4096;

/// What a sign-in or a refresh gives.
#[derive(Debug)]
pub struct Granted {
    /// Shown with every request.
    pub access_token: String,
    /// Seconds for which it is good.
    pub expires_in: i64,
    /// Traded for the next pair.
    pub refresh_token: String,
}

/// Makes, reads and verifies the tokens of people.
pub struct Tokens {
    access: AccessTokens,
    refresh: RefreshTokens,
    doubts: Doubts,
    bus: Bus,
}

impl Tokens {
    /// With keys from `secret`; hears on `bus` what other processes ended. Needs a runtime.
    pub fn start(secret: &Secret, bus: Bus) -> Arc<Self> {
        let mut listener = bus.subscribe();
        let this = Arc::new(Self {
            access: AccessTokens::new(secret),
            refresh: RefreshTokens::new(secret),
            doubts: Doubts::default(),
            bus,
        });
        let heard = Arc::downgrade(&this);
        tokio::spawn(async move {
            while let Some(event) = listener.next().await {
                let Some(tokens) = heard.upgrade() else { break };
                tokens.doubts.hear(&event);
            }
        });
        this
    }

    /// The session that an access token stands for, now: from memory where that may answer.
    pub async fn verify(&self, database: &Database, token: &str, now: Instant) -> Result<Session> {
        self.access.verify(database, &self.doubts, token, now).await
    }

    /// Whose access token it is, whether or not its session still stands.
    pub fn read_access(&self, token: &str, now: Instant) -> Result<Session, Refusal> {
        self.access.read(token, now)
    }

    /// Which refresh token `text` is; none if we did not make it.
    pub(super) fn read_refresh(&self, text: &str) -> Option<(SessionId, u32)> {
        self.refresh.read(text)
    }

    /// A pair of tokens.
    pub fn grant(&self, standing: &Standing, now: Instant) -> Result<Granted> {
        let of = Session { person: standing.person, session: standing.session };
        let (access_token, expires_in) = self.access.make(of, standing.expires_at, now)?;
        let refresh_token = self.refresh.make(standing.session, standing.generation);
        Ok(Granted { access_token, expires_in, refresh_token })
    }

    /// To be called when the end of a session is committed.
    pub fn session_ended(&self, session: SessionId) {
        self.doubts.raise(session.0);
        self.bus.publish(Event::SessionEnded(session));
    }

    /// To be called when a change of a person is committed.
    pub fn person_changed(&self, person: PersonId) {
        self.doubts.raise(person.0);
        self.bus.publish(Event::PersonChanged(person));
    }
}

/// Of whom something was heard, and in what order: what was read before must be read again.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    /// Counts the doubts.
    turn: AtomicU64,
    /// What was read before this turn is doubted whatever it is.
    everything_before: AtomicU64,
    /// The last turn in which a session or a person was doubted.
    about: RwLock<HashMap<Uuid, u64>>,
    /// Whether `about` has anything in it: mostly it has not.
    any: AtomicBool,
}

impl Doubts {
    /// The turn to remember with a reading that begins now.
    pub fn turn(&self) -> u64 {
        self.turn.load(Ordering::SeqCst)
    }

    /// Whether `of` was doubted since `turn`.
    pub fn touch(&self, of: Session, turn: u64) -> bool {
        if turn < self.everything_before.load(Ordering::SeqCst) {
            return true;
        }
        if !self.any.load(Ordering::SeqCst) {
            return false;
        }
        let about = self.about.read().unwrap_or_else(PoisonError::into_inner);
        [of.session.0, of.person.0].iter().any(|id| about.get(id).is_some_and(|doubted| *doubted > turn))
    }

    fn raise(&self, id: Uuid) {
        let mut about = self.about.write().unwrap_or_else(PoisonError::into_inner);
        let turn = self.turn.fetch_add(1, Ordering::SeqCst) + 1;
        if about.len() >= DOUBTS_MAX {
            self.everything_before.store(turn, Ordering::SeqCst);
            about.clear();
        } else {
            about.insert(id, turn);
        }
        self.any.store(!about.is_empty(), Ordering::SeqCst);
    }

    fn hear(&self, event: &Event) {
        match event {
            Event::SessionEnded(session) => self.raise(session.0),
            Event::PersonChanged(person) => self.raise(person.0),
            Event::Missed => {
                let turn = self.turn.fetch_add(1, Ordering::SeqCst) + 1;
                self.everything_before.store(turn, Ordering::SeqCst);
            }
            Event::QuotaChanged(_) | Event::Edited(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: u128) -> Session {
        Session {
            person: PersonId(Uuid::from_u128(number)),
            session: SessionId(Uuid::from_u128(number + 1000)),
        }
    }

    #[test]
    fn only_what_was_read_before_is_doubted() {
        let doubts = Doubts::default();
        let before = doubts.turn();
        assert!(!doubts.touch(of(1), before));
        doubts.hear(&Event::SessionEnded(of(1).session));
        doubts.hear(&Event::PersonChanged(of(2).person));
        assert!(doubts.touch(of(1), before) && doubts.touch(of(2), before));
        assert!(!doubts.touch(of(3), before));
        assert!(!doubts.touch(of(1), doubts.turn()) && !doubts.touch(of(2), doubts.turn()));
    }

    #[test]
    fn too_many_doubts_and_missed_ones_are_about_everything() {
        let doubts = Doubts::default();
        let before = doubts.turn();
        for number in 0..=DOUBTS_MAX as u128 {
            doubts.raise(Uuid::from_u128(number + 1_000_000));
        }
        assert!(doubts.touch(of(1), before));
        let after = doubts.turn();
        assert!(!doubts.touch(of(1), after));
        assert!(doubts.about.read().unwrap().len() <= DOUBTS_MAX);
        doubts.hear(&Event::Missed);
        assert!(doubts.touch(of(1), after) && !doubts.touch(of(1), doubts.turn()));
    }
}
