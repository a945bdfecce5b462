//! What is asked of a desk, and what is read in its answer.

use super::fixture::Fixture;
use domain::booking::command::{Booking, By, Command, Outcome, Take, Target, Verb};
use domain::id::{BookingId, PersonId, QuotaId};
use infra::booking::desk::Desk;
use infra::error::Error;
use tokio::task::JoinSet;

/// What the desk said.
pub type Said = Result<Outcome, Error>;

impl Fixture {
    pub fn take(&self, quota: QuotaId, person: PersonId) -> Command {
        self.take_party(quota, person, 1)
    }

    pub fn take_party(&self, quota: QuotaId, person: PersonId, party: u16) -> Command {
        let id: BookingId = self.id();
        let take = Take { id, party, waitlist: true, instead_of: None, answers: None };
        Command { quota, person: Some(person), verb: Verb::Take(take) }
    }

    /// Wants a seat of `quota`, and gives up `old` only for that.
    pub fn swap(&self, quota: QuotaId, person: PersonId, old: &Booking) -> Command {
        let id: BookingId = self.id();
        let instead_of = Some((old.quota, old.id));
        let take = Take { id, party: 1, waitlist: true, instead_of, answers: None };
        Command { quota, person: Some(person), verb: Verb::Take(take) }
    }

    /// Has a seat of `quota`, whatever else is so.
    pub async fn seat(&self, quota: QuotaId, person: PersonId) -> Booking {
        let said = self.process.desk.submit(self.take(quota, person)).await;
        assert_eq!(state(&said), "confirmed");
        booking(&said)
    }

    /// Has joined the line of `quota`.
    pub async fn wait(&self, quota: QuotaId, person: PersonId) -> Booking {
        let said = self.process.desk.submit(self.take(quota, person)).await;
        assert_eq!(state(&said), "waitlisted");
        booking(&said)
    }
}

fn command(quota: QuotaId, person: PersonId, verb: Verb) -> Command {
    Command { quota, person: Some(person), verb }
}

/// The person gives up whatever they have of `quota`.
pub fn cancel(quota: QuotaId, person: PersonId) -> Command {
    command(quota, person, Verb::Cancel { target: Target::Own, by: By::Person, reason: None })
}

pub fn accept(of: &Booking) -> Command {
    command(of.quota, of.person, Verb::Accept(of.id))
}

pub fn decline(of: &Booking) -> Command {
    command(of.quota, of.person, Verb::Decline(of.id))
}

pub fn approve(of: &Booking) -> Command {
    command(of.quota, of.person, Verb::Approve(of.id))
}

pub fn reject(of: &Booking) -> Command {
    command(of.quota, of.person, Verb::Reject(of.id, None))
}

pub fn resize(quota: QuotaId, person: PersonId, party: u16) -> Command {
    command(quota, person, Verb::Resize { target: Target::Own, party })
}

pub fn sweep(quota: QuotaId, restart: bool) -> Command {
    Command { quota, person: None, verb: Verb::Sweep { restart } }
}

/// The state a command led to; a refusal's name otherwise.
pub fn state(said: &Said) -> String {
    match said {
        Ok(Outcome::Booking { booking, .. }) => booking.state.to_string(),
        Ok(Outcome::Nothing) => "nothing".into(),
        Err(Error::Refused(refusal)) => {
            let name = format!("{refusal:?}");
            name.split([' ', '(', '{']).next().unwrap_or_default().to_owned()
        }
        Err(Error::Overloaded { .. }) => "overloaded".into(),
        Err(Error::Unavailable(_)) => "unavailable".into(),
        Err(Error::OutcomeUnknown(_)) => "outcome unknown".into(),
        Err(error) => format!("{error}"),
    }
}

/// The booking that was answered.
pub fn booking(said: &Said) -> Booking {
    match said {
        Ok(Outcome::Booking { booking, .. }) => (**booking).clone(),
        other => panic!("no booking: {other:?}"),
    }
}

/// Whether this very request made the booking.
pub fn made(said: &Said) -> bool {
    matches!(said, Ok(Outcome::Booking { created: true, .. }))
}

/// Hands all of them in at once; the answers in the order of the commands.
pub async fn all_at_once(asks: impl IntoIterator<Item = (Desk, Command)>) -> Vec<Said> {
    let mut asking = JoinSet::new();
    let mut count = 0;
    for (place, (desk, command)) in asks.into_iter().enumerate() {
        asking.spawn(async move { (place, desk.submit(command).await) });
        count = place + 1;
    }
    let mut answers: Vec<Option<Said>> = (0..count).map(|_| None).collect();
    while let Some(answer) = asking.join_next().await {
        let (place, said) = answer.unwrap();
        answers[place] = Some(said);
    }
    answers.into_iter().map(Option::unwrap).collect()
}
