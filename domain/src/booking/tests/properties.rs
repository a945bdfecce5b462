//! The invariants of the contract, through random histories.
//!
//! [`Store::batch`] holds them against every command and every transaction; here it is seen that whatever has to
//! move does, and that a batch is nothing but its commands one after another.

use super::fixture::*;
use super::history::{ask, happen, happening, made_out};
use super::invariants;
use super::store::Store;
use super::world::world;
use crate::booking::command::{Answer, Booking, Outcome};
use crate::booking::quota::{Quota, Waitlist};
use crate::booking::state::State;
use crate::id::BookingId;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn window() -> impl Strategy<Value = usize> {
    prop_oneof![4 => 1..=3_usize, 1 => Just(usize::MAX)]
}

fn at_peace(store: &Store) {
    for quota in store.quotas.values() {
        assert_eq!(quota.sweep_after, None);
        invariants::no_seat_waits_for_somebody(store, quota);
    }
}

proptest! {
    /// Seats ≤ capacity, counters = rows, live ≤ `per_person`, tickets unique, limits and hours of everybody,
    /// nobody overtaken, refusals without effect: at every step. And in the end no seat is free beside somebody
    /// who waits for it and may have it.
    #[test]
    fn a_history_keeps_the_contract(
        quotas in world(),
        window in window(),
        portion in 1..4_usize,
        history in prop::collection::vec(happening(), 1..50),
    ) {
        let mut store = Store::new(t(0), quotas).reading(window);
        store.freed_per_sweep = portion;
        let mut next = 0;
        for happening in &history {
            happen(&mut store, happening, &mut next);
            if store.due_now().is_empty() {
                at_peace(&store);
            }
        }
        store.run_due();
        at_peace(&store);
        store.run_to_the_end();
        at_peace(&store);
        prop_assert!(store.in_state(q(1), State::Offered).is_empty(), "all offers have an end");
    }

    /// A batch is its commands one after another: the same answers, the same rows, the same counters.
    #[test]
    fn a_batch_is_its_commands_one_by_one(
        quotas in world(),
        before in prop::collection::vec(happening(), 0..12),
        batch in prop::collection::vec(ask(), 2..14),
        due_first in any::<bool>(),
    ) {
        let mut together = Store::new(t(0), quotas);
        let mut next = 0;
        for happening in &before {
            happen(&mut together, happening, &mut next);
        }
        if due_first {
            together.run_due();
        }
        let commands = made_out(&together, &batch, &mut next);
        let mut apart = together.clone();
        let answers = together.batch(&commands);
        let one_by_one: Vec<Answer> = commands.into_iter().map(|command| apart.ask(command)).collect();
        for (one, other) in answers.iter().zip(&one_by_one) {
            prop_assert_eq!(plain(one), plain(other));
        }
        prop_assert_eq!(rows(&together), rows(&apart));
        together.run_due();
        apart.run_due();
        prop_assert_eq!(rows(&together), rows(&apart));
        for (one, other) in together.quotas.values().zip(apart.quotas.values()) {
            prop_assert_eq!(Quota { version: 0, ..one.clone() }, Quota { version: 0, ..other.clone() });
        }
    }

    /// However little of the line a batch reads, the same people get the seats that are freed.
    #[test]
    fn how_much_is_read_decides_nothing(
        capacity in 1..5_u32,
        busy in prop::collection::vec(any::<bool>(), 16),
        leaves in prop::collection::vec(1..=16_u16, 1..10),
        offers in any::<bool>(),
    ) {
        let waitlist = if offers { Waitlist::Offer { minutes: 30 } } else { Waitlist::Instant };
        let quota = Quota { waitlist, ..seats(1, capacity).at_hour(19) };
        let mut full = Store::new(t(0), [quota, seats(2, 99).at_hour(19)]);
        for (n, busy) in (1..=16_u16).zip(busy) {
            let request = take(b(u64::from(n)), q(1), p(n));
            full.get(request);
            if busy && full.state(b(u64::from(n))) == State::Waitlisted {
                full.get(take(b(100 + u64::from(n)), q(2), p(n)));
            }
        }
        let cancels: Vec<_> = leaves.iter().map(|n| cancel(q(1), p(*n))).collect();
        let outcome = |window: usize, at_once: bool| {
            let mut store = full.clone().reading(window);
            if at_once {
                store.batch(&cancels);
            } else {
                for command in cancels.clone() {
                    store.ask(command).unwrap();
                }
            }
            store.run_due();
            let states: Vec<State> = store.bookings.values().map(|row| row.state).collect();
            states
        };
        let plainly = outcome(usize::MAX, false);
        for window in [1, 2, 3, 5, usize::MAX] {
            prop_assert_eq!(&outcome(window, true), &plainly, "reading {} in one batch", window);
            prop_assert_eq!(&outcome(window, false), &plainly, "reading {} one by one", window);
        }
    }
}

/// Without what only says when and how often somebody was passed over.
fn row(booking: &Booking) -> Booking {
    Booking { passed_over: None, changed_at: booking.created_at, ..booking.clone() }
}

fn rows(store: &Store) -> BTreeMap<BookingId, Booking> {
    store.bookings.iter().map(|(id, booking)| (*id, row(booking))).collect()
}

fn plain(answer: &Answer) -> Answer {
    let mut answer = answer.clone();
    if let Ok(Outcome::Booking { booking, .. }) = &mut answer {
        **booking = row(booking);
    }
    answer
}
