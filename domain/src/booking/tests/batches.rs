//! Many commands in one transaction: each sees what those before it did, as if it were alone.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{Answer, Command, Outcome};
use crate::booking::limit::Window;
use crate::booking::quota::{Admission, Quota, Waitlist};
use crate::booking::state::State;
use crate::refusal::Refusal;

fn state(answer: &Answer) -> Result<State, &Refusal> {
    match answer {
        Ok(Outcome::Booking { booking, .. }) => Ok(booking.state),
        Ok(Outcome::Nothing) => panic!("nothing"),
        Err(refusal) => Err(refusal),
    }
}

#[test]
fn enrol_cancel_enrol_of_one_person() {
    let mut store = Store::new(t(0), [seats(1, 1)]);
    let answers = store.batch(&[take(b(1), q(1), p(1)), cancel(q(1), p(1)), take(b(2), q(1), p(1))]);
    let states: Vec<_> = answers.iter().map(state).collect();
    assert_eq!(states, [Ok(State::Confirmed), Ok(State::Cancelled), Ok(State::Confirmed)]);
    // The first was born cancelled: its row is there, its place is not taken twice.
    let rows: Vec<_> = store.bookings.values().map(|row| (row.state, row.ordinal, row.seq)).collect();
    assert_eq!(rows, [(State::Cancelled, 1, 1), (State::Confirmed, 1, 2)]);
    assert_eq!(store.quota(q(1)).counts.held(), 1);
}

#[test]
fn who_gives_up_and_asks_again_in_one_batch_goes_behind_whoever_waits() {
    let mut store = Store::new(t(0), [seats(1, 1)]);
    let again = [take(b(1), q(1), p(1)), take(b(2), q(1), p(2)), cancel(q(1), p(1)), take(b(3), q(1), p(1))];
    store.batch(&again);
    assert_eq!((store.state(b(2)), store.state(b(3))), (State::Confirmed, State::Waitlisted));
}

#[test]
fn every_fifth_request_is_sent_twice() {
    let mut store = Store::new(t(0), [Quota { waitlist_max: 40, ..seats(1, 100) }]);
    let mut batch: Vec<Command> = Vec::new();
    for n in 1..=213_u16 {
        batch.push(take(b(u64::from(n)), q(1), p(n)));
        if n % 5 == 0 {
            // Some at once, some later in the batch.
            let repeated = if n % 2 == 0 { n } else { n - 4 };
            batch.push(take(b(1000 + u64::from(n)), q(1), p(repeated)));
        }
    }
    assert_eq!(batch.len(), 255);
    let answers = store.batch(&batch);
    let first = |person| batch.iter().position(|command| command.person == Some(person)).unwrap();
    for (place, (command, answer)) in batch.iter().zip(&answers).enumerate() {
        let original = first(command.person.unwrap());
        match (answer, &answers[original]) {
            (Ok(Outcome::Booking { booking, created, .. }), Ok(Outcome::Booking { booking: same, .. })) => {
                assert_eq!((booking, *created), (same, place == original));
            }
            (refused, same) => assert_eq!(refused, same),
        }
    }
    assert_eq!(store.in_state(q(1), State::Confirmed).len(), 100);
    assert_eq!(store.in_state(q(1), State::Waitlisted).len(), 40);
    assert_eq!(answers.iter().filter(|answer| **answer == Err(Refusal::SoldOut)).count(), 73 + 73 / 5);
    assert_eq!(store.bookings.len(), 140);
    // The whole batch sent again makes nothing.
    let before = store.bookings.clone();
    store.batch(&batch);
    assert_eq!(store.bookings, before);
}

#[test]
fn one_person_two_classes_at_one_hour() {
    let mut store = Store::new(t(0), [seats(1, 9).at_hour(19), seats(2, 9).at_hour(19)]);
    let answers = store.batch(&[take(b(1), q(1), p(1)), take(b(2), q(2), p(1))]);
    assert_eq!(state(&answers[0]), Ok(State::Confirmed));
    assert!(matches!(state(&answers[1]), Err(Refusal::ScheduleConflict(clash)) if clash.quota == q(1)));
}

#[test]
fn one_person_at_the_limit_in_three_quotas_at_once() {
    let term = limit(7, Window::Term, 2);
    let mut store = Store::new(t(0), (1..=3).map(|n| seats(n, 9).limited(term.clone())));
    let answers = store.batch(&[take(b(1), q(1), p(1)), take(b(2), q(2), p(1)), take(b(3), q(3), p(1))]);
    assert_eq!((state(&answers[0]), state(&answers[1])), (Ok(State::Confirmed), Ok(State::Confirmed)));
    assert!(matches!(state(&answers[2]), Err(Refusal::LimitReached(_))));
}

#[test]
fn promoted_in_two_lines_of_one_batch_takes_the_first_only() {
    let mut store = Store::new(t(0), [seats(1, 1).at_hour(19), seats(2, 1).at_hour(19)]);
    store.batch(&[
        take(b(1), q(1), p(1)),
        take(b(2), q(2), p(2)),
        take(b(3), q(1), p(3)),
        take(b(4), q(2), p(3)),
    ]);
    store.batch(&[cancel(q(2), p(2)), cancel(q(1), p(1))]);
    assert_eq!((store.state(b(4)), store.state(b(3))), (State::Confirmed, State::Waitlisted));
    assert_eq!(store.booking(b(3)).passed_over.as_deref(), Some("schedule_conflict"));
}

/// What has ended in this batch is answered like what ended before it, which the batch has not read.
#[test]
fn what_ended_in_the_batch_is_as_what_ended_before_it() {
    let offered = || {
        let mut store =
            Store::new(t(0), [Quota { waitlist: Waitlist::Offer { minutes: 30 }, ..seats(1, 1) }]);
        store.batch(&[take(b(1), q(1), p(1)), take(b(2), q(1), p(2)), cancel(q(1), p(1))]);
        assert_eq!(store.state(b(2)), State::Offered);
        store
    };
    let pending = || {
        let mut store = Store::new(t(0), [Quota { admission: Admission::Approval, ..seats(1, 1) }]);
        store.get(take(b(2), q(1), p(2)));
        store
    };
    let ends = |store: &Store, end: Command, then: Command, expected: Answer| {
        let (mut one, mut two) = (store.clone(), store.clone());
        assert_eq!(one.batch(&[end.clone(), then.clone()])[1], expected, "in one batch: {end:?}, {then:?}");
        two.ask(end.clone()).unwrap();
        assert_eq!(two.ask(then.clone()), expected, "in two batches: {end:?}, {then:?}");
        assert_eq!(one.bookings, two.bookings);
    };
    let (mine, theirs) = (q(1), p(2));
    let expired: Answer = Err(Refusal::OfferExpired);
    ends(&offered(), decline(mine, theirs, b(2)), accept(mine, theirs, b(2)), expired.clone());
    ends(&offered(), decline(mine, theirs, b(2)), decline(mine, theirs, b(2)), Ok(Outcome::Nothing));
    ends(&offered(), cancel(mine, theirs), accept(mine, theirs, b(2)), expired);
    ends(&offered(), cancel(mine, theirs), decline(mine, theirs, b(2)), Ok(Outcome::Nothing));
    ends(&pending(), cancel(mine, theirs), reject(mine, theirs, b(2), "no"), Ok(Outcome::Nothing));
    ends(&pending(), cancel(mine, theirs), approve(mine, theirs, b(2)), Err(Refusal::WrongState));
    ends(
        &pending(),
        reject(mine, theirs, b(2), "no"),
        reject(mine, theirs, b(2), "no"),
        Ok(Outcome::Nothing),
    );
    ends(&pending(), reject(mine, theirs, b(2), "no"), resize(mine, theirs, 2), Err(Refusal::WrongState));
    ends(&pending(), reject(mine, theirs, b(2), "no"), cancel(mine, theirs), Ok(Outcome::Nothing));
}
