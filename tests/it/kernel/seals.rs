//! What memory says: only *no*, never to a holder, never longer than it is so.

use super::asking::{accept, booking, cancel, made, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::{Process, ProcessSpec, until};
use crate::on_both;
use domain::id::{PersonId, QuotaId};
use infra::bus::Bus;
use std::time::{Duration, Instant};

fn spec() -> QuotaSpec {
    QuotaSpec { capacity: Some(1), waitlist: "off", ..QuotaSpec::default() }
}

/// `person` asks `process` until memory has answered them; what it said.
async fn refused_from_memory(
    fixture: &Fixture,
    process: &Process,
    quota: QuotaId,
    person: PersonId,
) -> String {
    let before = process.figure("desk_refused_from_memory");
    let mut last = String::new();
    until(5, "memory refuses", async || {
        last = state(&process.desk.submit(fixture.take(quota, person)).await);
        process.figure("desk_refused_from_memory") > before
    })
    .await;
    last
}

/// Asks until it is not sold out any more; the answer, and how long that took.
async fn admitted(
    fixture: &Fixture,
    process: &Process,
    quota: QuotaId,
    person: PersonId,
) -> (String, Duration) {
    let begun = Instant::now();
    let mut last = String::new();
    until(5, "not sold out", async || {
        last = state(&process.desk.submit(fixture.take(quota, person)).await);
        last != "SoldOut"
    })
    .await;
    (last, begun.elapsed())
}

on_both! {
    async fn a_holder_is_never_told_sold_out(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { capacity: Some(5), ..spec() }).await;
        let holders = fixture.people(5).await;
        for holder in &holders {
            fixture.seat(quota, *holder).await;
        }
        let late = fixture.person().await;
        for round in 0..50 {
            assert_eq!(refused_from_memory(&fixture, &fixture.process, quota, late).await, "SoldOut");
            let again = fixture.process.desk.submit(fixture.take(quota, holders[round % 5])).await;
            assert_eq!((state(&again).as_str(), made(&again)), ("confirmed", false));
        }
    }

    /// Seals are made and renewed all the time by people who could not take the seat; whoever asks after the cancel was
    /// answered gets it, and is a holder from then on.
    async fn cancel_racing_the_seal(fixture: Fixture) {
        let quota = fixture.quota(spec()).await;
        let blocked = fixture.people(4).await;
        fixture.execute("update person_ledger set blocked = true", vec![]).await;
        let people = fixture.people(60).await;
        fixture.seat(quota, people[0]).await;
        let stop = tokio_util::sync::CancellationToken::new();
        let mut hammering = Vec::new();
        for person in blocked {
            let (desk, stop, command) = (fixture.process.desk.clone(), stop.clone(), fixture.take(quota, person));
            hammering.push(tokio::spawn(async move {
                while !stop.is_cancelled() {
                    let said = state(&desk.submit(command.clone()).await);
                    assert!(["SoldOut", "AccountBlocked"].contains(&said.as_str()), "{said}");
                    tokio::task::yield_now().await;
                }
            }));
        }
        let desk = &fixture.process.desk;
        for pair in people.windows(2) {
            // Seals are there at any moment, or just being read.
            assert_eq!(state(&desk.submit(cancel(quota, pair[0])).await), "cancelled");
            let said = desk.submit(fixture.take(quota, pair[1])).await;
            assert_eq!((state(&said).as_str(), made(&said)), ("confirmed", true));
            let again = desk.submit(fixture.take(quota, pair[1])).await;
            assert_eq!((state(&again).as_str(), made(&again)), ("confirmed", false));
        }
        stop.cancel();
        for hammer in hammering {
            hammer.await.unwrap();
        }
        assert!(fixture.process.figure("desk_refused_from_memory") > 0);
        fixture.assert_sound().await;
    }

    /// Another process frees one seat and says nothing; this one frees a second. Here that was answered, so here nobody
    /// is sold out.
    async fn a_cancel_clears_the_seal_also_if_a_seat_was_free_before(fixture: Fixture) {
        let other = fixture.another().await;
        for _ in 0..8 {
            let quota = fixture.quota(QuotaSpec { capacity: Some(2), ..spec() }).await;
            let people = fixture.people(3).await;
            fixture.seat(quota, people[0]).await;
            fixture.seat(quota, people[1]).await;
            assert_eq!(refused_from_memory(&fixture, &fixture.process, quota, people[2]).await, "SoldOut");
            assert_eq!(state(&other.desk.submit(cancel(quota, people[0])).await), "cancelled");
            assert_eq!(state(&fixture.process.desk.submit(cancel(quota, people[1])).await), "cancelled");
            fixture.seat(quota, people[2]).await;
        }
    }

    async fn another_process_says_so_for_a_second_at_most(fixture: Fixture) {
        let other = fixture.another().await;
        let quota = fixture.quota(spec()).await;
        let people = fixture.people(2).await;
        fixture.seat(quota, people[0]).await;
        assert_eq!(refused_from_memory(&fixture, &other, quota, people[1]).await, "SoldOut");
        assert_eq!(state(&fixture.process.desk.submit(cancel(quota, people[0])).await), "cancelled");
        let (said, took) = admitted(&fixture, &other, quota, people[1]).await;
        assert_eq!(said, "confirmed");
        assert!(took < Duration::from_millis(1_100), "{took:?}");
        fixture.assert_sound().await;
    }

    async fn another_process_that_hears_of_it_says_so_no_longer(fixture: Fixture) {
        let bus = Bus::default();
        let on_bus = || ProcessSpec { bus: bus.clone(), ..ProcessSpec::on(&fixture.database) };
        let [here, there] = [fixture.process_with(on_bus()).await, fixture.process_with(on_bus()).await];
        let quota = fixture.quota(spec()).await;
        let people = fixture.people(40).await;
        fixture.seat(quota, people[0]).await;
        let mut longest = Duration::ZERO;
        for pair in people.windows(2) {
            assert_eq!(refused_from_memory(&fixture, &there, quota, pair[1]).await, "SoldOut");
            assert_eq!(state(&here.desk.submit(cancel(quota, pair[0])).await), "cancelled");
            let (said, took) = admitted(&fixture, &there, quota, pair[1]).await;
            assert_eq!(said, "confirmed");
            longest = longest.max(took);
        }
        // Without hearing, a fresh seal would have answered for 600 ms at least, in some of 39 rounds.
        assert!(longest < Duration::from_millis(500), "{longest:?}");
    }

    async fn not_open_yet_ends_at_the_very_instant(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { opens: 60, ..spec() }).await;
        let people = fixture.people(2).await;
        fixture.clock.advance(chrono::TimeDelta::minutes(60) - chrono::TimeDelta::milliseconds(1));
        assert_eq!(refused_from_memory(&fixture, &fixture.process, quota, people[0]).await, "NotOpenYet");
        fixture.clock.advance(chrono::TimeDelta::milliseconds(1));
        fixture.seat(quota, people[0]).await;
        assert_eq!(state(&fixture.process.desk.submit(fixture.take(quota, people[1])).await), "SoldOut");
    }

    async fn the_verdict_changes_when_the_window_closes(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { closes: 60, ..spec() }).await;
        let people = fixture.people(2).await;
        fixture.seat(quota, people[0]).await;
        fixture.clock.advance(chrono::TimeDelta::minutes(60) - chrono::TimeDelta::milliseconds(1));
        assert_eq!(refused_from_memory(&fixture, &fixture.process, quota, people[1]).await, "SoldOut");
        fixture.clock.advance(chrono::TimeDelta::milliseconds(1));
        assert_eq!(state(&fixture.process.desk.submit(fixture.take(quota, people[1])).await), "Closed");
        assert_eq!(refused_from_memory(&fixture, &fixture.process, quota, people[1]).await, "Closed");
        let holder = fixture.process.desk.submit(fixture.take(quota, people[0])).await;
        assert_eq!((state(&holder).as_str(), made(&holder)), ("confirmed", false));
    }

    /// The line is full and the seat is offered: the instant at which the offer runs out changes the verdict, though
    /// nothing was written yet.
    async fn sold_out_ends_when_an_offer_runs_out(fixture: Fixture) {
        let quota = fixture.quota(QuotaSpec { waitlist: "offer", waitlist_max: 1, ..spec() }).await;
        let people = fixture.people(4).await;
        fixture.seat(quota, people[0]).await;
        fixture.wait(quota, people[1]).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(cancel(quota, people[0])).await), "cancelled");
        fixture.wait(quota, people[2]).await;
        fixture.advance(119);
        assert_eq!(refused_from_memory(&fixture, &fixture.process, quota, people[3]).await, "SoldOut");
        fixture.advance(1);
        fixture.wait(quota, people[3]).await;
        assert_eq!(fixture.story(quota, people[1]).await, ["expired"]);
        assert_eq!(fixture.story(quota, people[2]).await, ["offered"]);
        let offered = booking(&desk.submit(fixture.take(quota, people[2])).await);
        assert_eq!(state(&desk.submit(accept(&offered)).await), "confirmed");
        fixture.assert_sound().await;
    }
}
