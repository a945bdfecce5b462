//! Everything at once: random requests of everybody to several kinds of quotas with shared limits and overlapping hours,
//! through several processes, while seats come free, offers run out and a class is called off. Then the invariants.

use super::asking::{Said, accept, all_at_once, approve, cancel, decline, reject, resize, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::Process;
use crate::on_both;
use domain::booking::command::{Booking, Command, Outcome};
use domain::booking::state::State;
use domain::id::{BookingId, PersonId, QuotaId};
use infra::random::Random;
use std::collections::HashMap;
use std::sync::Mutex;

/// What a caller cannot be answered with: everything that is no rule of the kernel's.
const FAULTS: [&str; 3] = ["overloaded", "unavailable", "outcome unknown"];

struct Storm<'a> {
    fixture: &'a Fixture,
    quotas: Vec<QuotaId>,
    people: Vec<PersonId>,
    /// What anybody was last answered of a booking, at which version of it.
    known: Mutex<HashMap<BookingId, Booking>>,
}

impl<'a> Storm<'a> {
    async fn over(fixture: &'a Fixture) -> Self {
        let two = fixture.limit("classes per term", 2).await;
        let one = fixture.limit("classes at one school", 1).await;
        let spec = QuotaSpec { capacity: Some(4), party_max: 3, waitlist_max: 12, ..QuotaSpec::default() };
        let mut quotas = Vec::new();
        for (admission, waitlist, hours, limits) in [
            ("first_come", "instant", vec![(0, 2)], vec![two]),
            ("first_come", "instant", vec![(1, 3)], vec![two, one]),
            ("first_come", "offer", vec![(2, 4)], vec![two]),
            ("first_come", "off", vec![(0, 1), (5, 6)], vec![]),
            ("approval", "instant", vec![(3, 6)], vec![two, one]),
            ("approval", "offer", vec![], vec![two]),
            ("first_come", "instant", vec![(5, 7)], vec![one]),
            ("first_come", "instant", vec![(4, 5)], vec![two]),
        ] {
            quotas
                .push(fixture.quota(QuotaSpec { waitlist, admission, hours, limits, ..spec.clone() }).await);
        }
        let people = fixture.people(16).await;
        Self { fixture, quotas, people, known: Mutex::default() }
    }

    /// A booking somebody was told of, in one of `states`.
    fn some(&self, dice: &Random, states: &[State]) -> Option<Booking> {
        let known = self.known.lock().unwrap();
        let mut fit: Vec<&Booking> =
            known.values().filter(|booking| states.contains(&booking.state)).collect();
        fit.sort_by_key(|booking| booking.id);
        if fit.is_empty() { None } else { Some(fit[below(dice, fit.len())].clone()) }
    }

    fn somebody(&self, dice: &Random) -> PersonId {
        self.people[below(dice, self.people.len())]
    }

    fn command(&self, dice: &Random, person: PersonId) -> Command {
        let quota = self.quotas[below(dice, self.quotas.len())];
        let party = u16::try_from(1 + below(dice, 3)).unwrap();
        let take = self.fixture.take_party(quota, person, party);
        match below(dice, 100) {
            0..50 => take,
            50..66 => cancel(quota, person),
            66..74 => resize(quota, person, party),
            74..80 => self.some(dice, &[State::Offered]).map_or(take, |of| accept(&of)),
            80..83 => self.some(dice, &[State::Offered]).map_or(take, |of| decline(&of)),
            83..91 => self.some(dice, &[State::Pending]).map_or(take, |of| approve(&of)),
            91..93 => self.some(dice, &[State::Pending]).map_or(take, |of| reject(&of)),
            _ => self
                .some(dice, &[State::Confirmed])
                .map_or(take, |of| self.fixture.swap(quota, of.person, &of)),
        }
    }

    fn note(&self, command: &Command, said: &Said) {
        let word = state(said);
        assert!(!FAULTS.contains(&word.as_str()) && !word.contains(' '), "{command:?}: {said:?}");
        if let Ok(Outcome::Booking { booking, .. }) = said {
            let mut known = self.known.lock().unwrap();
            let last = known.entry(booking.id).or_insert_with(|| (**booking).clone());
            assert_eq!((last.person, last.quota, last.seq), (booking.person, booking.quota, booking.seq));
            *last = (**booking).clone();
        }
    }

    /// One of many who ask: three things of one person at once, in as many processes. Now and then due work is run
    /// instead, or time passes.
    async fn ask(&self, processes: [&Process; 3], seed: u64, count: usize) {
        let dice = Random::seeded(seed);
        for _ in 0..count {
            match below(&dice, 20) {
                0 => drop(processes[below(&dice, 3)].scheduler.run_due().await.unwrap()),
                1 => self.fixture.advance(i64::try_from(below(&dice, 30)).unwrap()),
                _ => {
                    let person = self.somebody(&dice);
                    let commands = [(); 3].map(|()| self.command(&dice, person));
                    let asks = processes.iter().map(|process| process.desk.clone()).zip(commands.clone());
                    for (command, said) in commands.iter().zip(&all_at_once(asks).await) {
                        self.note(command, said);
                    }
                }
            }
        }
    }

    /// Half of all people give half of what they hold back, everybody at once.
    async fn leave(&self, processes: [&Process; 3]) {
        let places = self
            .people
            .iter()
            .step_by(2)
            .flat_map(|person| self.quotas.iter().map(|quota| (*person, *quota)));
        let asks = places
            .step_by(2)
            .enumerate()
            .map(|(n, (person, quota))| (processes[n % 3].desk.clone(), cancel(quota, person)));
        for said in all_at_once(asks).await {
            assert!(["cancelled", "nothing"].contains(&state(&said).as_str()), "{said:?}");
        }
    }

    /// The host calls a class off: it is shut first.
    async fn call_off(&self, quota: QuotaId) {
        let sql = "update quotas set status = 'cancelled', version = version + 1, edition = edition + 1 where id = $1";
        self.fixture.execute(sql, vec![quota.0.into()]).await;
        let now = self.fixture.instant(domain::time::Clock::now(&*self.fixture.clock));
        let sql = "insert into due_work (subject_id, kind, due_at) values ($1, 'close_out', $2)";
        self.fixture.execute(sql, vec![quota.0.into(), now]).await;
    }

    /// Whoever was ever told of a booking finds it.
    async fn assert_kept(&self) {
        let told: Vec<BookingId> = self.known.lock().unwrap().keys().copied().collect();
        assert!(told.len() > 100, "it was a storm: {}", told.len());
        for booking in told {
            let sql = "select count(*) from bookings where id = $1";
            assert_eq!(self.fixture.number(sql, vec![booking.0.into()]).await, 1);
        }
    }
}

fn below(dice: &Random, end: usize) -> usize {
    usize::try_from(u32::from_le_bytes(dice.bytes())).unwrap() % end
}

async fn storm(fixture: &Fixture, seed: u64) {
    let others = [fixture.another().await, fixture.another().await];
    let processes = [&fixture.process, &others[0], &others[1]];
    let storm = Storm::over(fixture).await;
    let ask = |n: u64| storm.ask(processes, 100 * seed + n, 30);
    tokio::join!(ask(0), ask(1), ask(2), ask(3), ask(4), ask(5), ask(6), ask(7));
    assert_eq!(fixture.broken().await, 0, "seed {seed}");
    assert_eq!(fixture.clashes().await + fixture.beyond_limits().await, 0, "seed {seed}");
    storm.leave(processes).await;
    fixture.assert_sound().await;
    tokio::join!(ask(10), ask(11), ask(12), ask(13), storm.call_off(storm.quotas[0]));
    storm.leave(processes).await;
    fixture.assert_sound().await;
    storm.assert_kept().await;
    let live = "select count(*) from bookings where quota_id = $1 \
        and state in ('pending', 'waitlisted', 'offered', 'confirmed')";
    assert_eq!(fixture.number(live, vec![storm.quotas[0].0.into()]).await, 0, "called off and empty");
    // Time goes on until no offer is left.
    fixture.advance(24 * 60);
    fixture.assert_sound().await;
}

on_both! {
    async fn a_storm(fixture: Fixture) {
        storm(&fixture, 1).await;
    }

    async fn another_storm(fixture: Fixture) {
        storm(&fixture, 2).await;
    }
}
