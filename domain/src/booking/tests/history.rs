//! Random histories: what happens in a small world.

use super::fixture::*;
use super::store::Store;
use crate::booking::command::{Booking, By, Command, Due, DueKind, Target, Verb};
use crate::booking::quota::{Phase, Status};
use crate::booking::state::{State, Step};
use crate::id::QuotaId;
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::sample::Index;

/// People there are.
const PEOPLE: u16 = 8;

/// Something that happens.
#[derive(Debug, Clone)]
pub enum Happening {
    /// Requests that are carried out in one transaction.
    Batch(Vec<Ask>),
    /// Minutes go by, and nobody does what becomes due.
    Later(i64),
    /// One piece of due work is done, whichever a worker took first.
    Work(Index),
    /// All due work is done.
    RunDue,
    /// Attendance is recorded, a voucher used up.
    Mark(Index, Step),
    /// The host changes the seats by so many; the line looks at once.
    Capacity(Index, i32),
    /// The host allows so many bookings a person.
    PerPerson(Index, u16),
    /// The thing is called off.
    CallOff(Index),
    /// A frozen draw is held; the index turns the order.
    Draw(Index, Index),
}

/// A request, to be made out against what is there.
#[derive(Debug, Clone)]
pub struct Ask {
    what: What,
    quota: Index,
    person: u16,
    booking: Index,
    party: u16,
    wait: bool,
}

#[derive(Debug, Clone, Copy)]
enum What {
    Take,
    Swap,
    Cancel,
    CancelThat,
    Remove,
    Accept,
    Decline,
    Approve,
    Reject,
    Resize,
    Freeze,
}

pub fn ask() -> impl Strategy<Value = Ask> {
    let what = prop_oneof![
        12 => Just(What::Take),
        2 => Just(What::Swap),
        6 => Just(What::Cancel),
        1 => Just(What::CancelThat),
        1 => Just(What::Remove),
        3 => Just(What::Accept),
        2 => Just(What::Decline),
        3 => Just(What::Approve),
        1 => Just(What::Reject),
        3 => Just(What::Resize),
        1 => Just(What::Freeze),
    ];
    let party = prop_oneof![5 => Just(1), 5 => 1..=3_u16, 1 => 0..=4_u16];
    (what, any::<Index>(), 1..=PEOPLE, any::<Index>(), party, prop::bool::weighted(0.9)).prop_map(
        |(what, quota, person, booking, party, wait)| Ask { what, quota, person, booking, party, wait },
    )
}

pub fn happening() -> impl Strategy<Value = Happening> {
    let step = prop_oneof![Just(Step::Attend), Just(Step::Miss), Just(Step::Correct), Just(Step::UseUp)];
    let later = prop_oneof![8 => 0..40_i64, 1 => 100..DAY];
    prop_oneof![
        24 => prop::collection::vec(ask(), 1..8).prop_map(Happening::Batch),
        8 => later.prop_map(Happening::Later),
        6 => any::<Index>().prop_map(Happening::Work),
        4 => Just(Happening::RunDue),
        2 => (any::<Index>(), step).prop_map(|(which, step)| Happening::Mark(which, step)),
        2 => (any::<Index>(), -2..4_i32).prop_map(|(which, by)| Happening::Capacity(which, by)),
        1 => (any::<Index>(), 1..=3_u16).prop_map(|(which, most)| Happening::PerPerson(which, most)),
        1 => any::<Index>().prop_map(Happening::CallOff),
        2 => (any::<Index>(), any::<Index>()).prop_map(|(which, order)| Happening::Draw(which, order)),
    ]
}

impl Ask {
    /// The request, and the id it may need.
    pub fn made_out(&self, store: &Store, id: u64) -> Command {
        let quotas: Vec<QuotaId> = store.quotas.keys().copied().collect();
        let (quota, person) = (*self.quota.get(&quotas), p(self.person));
        let that = |preferred: &[State]| self.pick(store, |row| preferred.contains(&row.state));
        match self.what {
            What::Take => self.seat(id, quota),
            What::Swap => {
                let old = self.pick(store, |row| row.person == person);
                old.map_or(self.seat(id, quota), |old| self.seat(id, quota).instead_of(old.quota, old.id))
            }
            What::Cancel => cancel(quota, person),
            What::Remove => remove(quota, person, "host"),
            What::Resize => resize(quota, person, self.party),
            What::Freeze => freeze(quota),
            What::CancelThat => {
                that(&[State::Confirmed, State::Waitlisted]).map_or(cancel(quota, person), |row| {
                    let verb = Verb::Cancel { target: Target::Booking(row.id), by: By::Person, reason: None };
                    Command { quota: row.quota, person: Some(row.person), verb }
                })
            }
            What::Accept => self.of(that(&[State::Offered]), accept, quota),
            What::Decline => self.of(that(&[State::Offered]), decline, quota),
            What::Approve => self.of(that(&[State::Pending]), approve, quota),
            What::Reject => self.of(that(&[State::Pending]), |q, p, b| reject(q, p, b, "no"), quota),
        }
    }

    fn seat(&self, id: u64, quota: QuotaId) -> Command {
        let seat = take(b(id), quota, p(self.person)).party(self.party);
        if self.wait { seat } else { seat.now_or_never() }
    }

    /// One of the bookings there are: a preferred one if there is any, else whichever.
    fn pick<'a>(&self, store: &'a Store, preferred: impl Fn(&Booking) -> bool) -> Option<&'a Booking> {
        let mut rows: Vec<&Booking> = store.bookings.values().filter(|row| preferred(row)).collect();
        if rows.is_empty() {
            rows = store.bookings.values().collect();
        }
        (!rows.is_empty()).then(|| *self.booking.get(&rows))
    }

    fn of(
        &self,
        row: Option<&Booking>,
        verb: impl Fn(QuotaId, crate::id::PersonId, crate::id::BookingId) -> Command,
        quota: QuotaId,
    ) -> Command {
        // Now and then somebody answers for another.
        let stranger = self.party == 3 && self.wait && self.person == 1;
        row.map_or(cancel(quota, p(self.person)), |row| {
            verb(row.quota, if stranger { p(self.person) } else { row.person }, row.id)
        })
    }
}

/// Lets it happen. `next` is the id of the next booking.
pub fn happen(store: &mut Store, happening: &Happening, next: &mut u64) {
    let quotas: Vec<QuotaId> = store.quotas.keys().copied().collect();
    match happening {
        Happening::Batch(asks) => {
            let batch = made_out(store, asks, next);
            store.batch(&batch);
        }
        Happening::Later(minutes) => store.now += TimeDelta::minutes(*minutes),
        Happening::Work(which) => {
            let due = store.due_now();
            if !due.is_empty() {
                store.do_due(*which.get(&due));
            }
        }
        Happening::RunDue => store.run_due(),
        Happening::Mark(which, step) => {
            let rows: Vec<&Booking> =
                store.bookings.values().filter(|row| row.state.after(*step).is_ok()).collect();
            if !rows.is_empty() {
                let id = which.get(&rows).id;
                store.mark(id, *step);
            }
        }
        Happening::Capacity(which, by) => {
            let id = *which.get(&quotas);
            store.edit(id, |quota| {
                let floor = quota.counts.held().max(1);
                quota.capacity = quota.capacity.map(|seats| seats.saturating_add_signed(*by).max(floor));
            });
            store.ask(sweep(id, true)).unwrap();
        }
        Happening::PerPerson(which, most) => {
            store.edit(*which.get(&quotas), |quota| quota.per_person = *most);
        }
        Happening::CallOff(which) => {
            let id = *which.get(&quotas);
            store.edit(id, |quota| quota.status = Status::Cancelled);
            store.due.insert(Due { quota: id, kind: DueKind::CloseOut, at: store.now });
        }
        Happening::Draw(which, order) => {
            let frozen = |id: &QuotaId| store.quotas[id].phase == Phase::Frozen;
            let frozen: Vec<QuotaId> = quotas.into_iter().filter(frozen).collect();
            if !frozen.is_empty() {
                store.draw(*which.get(&frozen), |entries| order.index(entries));
            }
        }
    }
}

/// The requests of a batch, made out against what is there before it.
pub fn made_out(store: &Store, asks: &[Ask], next: &mut u64) -> Vec<Command> {
    let make = |ask: &Ask| {
        *next += 1;
        ask.made_out(store, *next)
    };
    asks.iter().map(make).collect()
}
