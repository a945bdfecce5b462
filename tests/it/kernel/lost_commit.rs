//! Nobody answers the commit. The caller learns that the outcome is unknown, and asking again finds out; nothing is lost
//! and nothing is done twice.

use super::asking::{Said, all_at_once, cancel, made, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::{Process, ProcessSpec, until};
use super::wire::{Fault, Wire};
use crate::on_city;
use infra::database::DatabaseOptions;
use std::time::{Duration, Instant};

/// A process that reaches its database through a wire.
async fn behind_a_wire(fixture: &Fixture) -> (Process, Wire) {
    let wire = Wire::to(fixture.database.url()).await;
    let options = DatabaseOptions { url: wire.url.clone(), ..fixture.database.options() };
    let process = fixture.process_with(ProcessSpec { options, ..ProcessSpec::on(&fixture.database) }).await;
    (process, wire)
}

/// Twenty people ask for ten seats; the first commit that comes along meets `fault`. What each was answered first, and
/// again.
async fn asked_twice(fixture: &Fixture, fault: Fault) -> (Vec<Said>, Vec<Said>) {
    let (process, wire) = behind_a_wire(fixture).await;
    let quota = fixture.quota(QuotaSpec { waitlist_max: 5, ..QuotaSpec::default() }).await;
    let people = fixture.people(20).await;
    // Frames and connections are there.
    process.desk.submit(cancel(quota, people[0])).await.unwrap();
    wire.fail_next(fault);
    let ask = || people.iter().map(|person| (process.desk.clone(), fixture.take(quota, *person)));
    let first = all_at_once(ask()).await;
    assert!(wire.has_failed());
    let again = all_at_once(ask()).await;
    assert_eq!(fixture.in_state(quota, "confirmed").await, 10);
    assert_eq!(fixture.in_state(quota, "waitlisted").await, 5);
    assert_eq!(again.iter().filter(|said| state(said) == "confirmed").count(), 10);
    assert_eq!(again.iter().filter(|said| state(said) == "waitlisted").count(), 5);
    for (first, again) in first.iter().zip(&again) {
        // Those behind a batch that hangs may have waited for too long.
        if !["outcome unknown", "unavailable", "overloaded"].contains(&state(first).as_str()) {
            assert_eq!(state(first), state(again), "what was answered stays so");
        }
    }
    fixture.assert_sound().await;
    (first, again)
}

on_city! {
    async fn the_commit_was_carried_out_and_asking_again_finds_the_booking(fixture: Fixture) {
        let (first, again) = asked_twice(&fixture, Fault::CutAfter).await;
        let unknown: Vec<usize> = (0..20).filter(|n| state(&first[*n]) == "outcome unknown").collect();
        assert!(!unknown.is_empty());
        for n in unknown {
            assert!(!made(&again[n]), "it was there already");
        }
    }

    async fn the_commit_was_not_carried_out_and_asking_again_makes_the_booking(fixture: Fixture) {
        let (first, again) = asked_twice(&fixture, Fault::CutBefore).await;
        let unknown: Vec<usize> = (0..20).filter(|n| state(&first[*n]) == "outcome unknown").collect();
        assert!(!unknown.is_empty());
        for n in unknown {
            assert!(made(&again[n]) || state(&again[n]) == "SoldOut", "nothing was stored: {:?}", again[n]);
        }
    }

    /// The server does not hang up, it says nothing. The caller is told within seconds, and the quota goes on.
    async fn silence_after_the_commit(fixture: Fixture) {
        let begun = Instant::now();
        let (first, again) = asked_twice(&fixture, Fault::SilentAfter).await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        let unknown: Vec<usize> = (0..20).filter(|n| state(&first[*n]) == "outcome unknown").collect();
        assert!(!unknown.is_empty());
        for n in unknown {
            assert!(!made(&again[n]), "it was there already");
        }
    }

    /// Silence before the commit is no unknown outcome: nothing can have been stored.
    async fn silence_at_the_beginning(fixture: Fixture) {
        let begun = Instant::now();
        let (first, _) = asked_twice(&fixture, Fault::SilentAtBegin).await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
        assert!(first.iter().any(|said| state(said) == "unavailable"));
        assert!(first.iter().all(|said| state(said) != "outcome unknown"));
    }

    /// A cancel whose answer was lost: the seat went to the next in the same transaction, and cancelling again does nothing.
    async fn a_cancel_whose_answer_was_lost(fixture: Fixture) {
        let (process, wire) = behind_a_wire(&fixture).await;
        let quota = fixture.quota(QuotaSpec { capacity: Some(1), ..QuotaSpec::default() }).await;
        let people = fixture.people(3).await;
        fixture.seat(quota, people[0]).await;
        fixture.wait(quota, people[1]).await;
        fixture.wait(quota, people[2]).await;
        wire.fail_next(Fault::CutAfter);
        assert_eq!(state(&process.desk.submit(cancel(quota, people[0])).await), "outcome unknown");
        assert_eq!(state(&process.desk.submit(cancel(quota, people[0])).await), "nothing");
        assert_eq!(fixture.story(quota, people[1]).await, ["confirmed"]);
        assert_eq!(fixture.told(people[1]).await, ["seat_given"]);
        assert_eq!(fixture.story(quota, people[2]).await, ["waitlisted"]);
        fixture.assert_sound().await;
    }

    /// What may have changed is not refused from memory.
    async fn memory_forgets_what_may_have_changed(fixture: Fixture) {
        let (process, wire) = behind_a_wire(&fixture).await;
        for _ in 0..6 {
            let spec = QuotaSpec { capacity: Some(1), waitlist: "off", ..QuotaSpec::default() };
            let quota = fixture.quota(spec).await;
            let people = fixture.people(2).await;
            fixture.seat(quota, people[0]).await;
            let before = process.figure("desk_refused_from_memory");
            until(5, "memory refuses", async || {
                process.desk.submit(fixture.take(quota, people[1])).await.unwrap_err();
                process.figure("desk_refused_from_memory") > before
            })
            .await;
            wire.fail_next(Fault::CutAfter);
            assert_eq!(state(&process.desk.submit(cancel(quota, people[0])).await), "outcome unknown");
            let said = process.desk.submit(fixture.take(quota, people[1])).await;
            assert_eq!(state(&said), "confirmed");
        }
    }
}
