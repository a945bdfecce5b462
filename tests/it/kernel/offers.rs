//! Offered seats: accepted, declined, run out, and all of that at once.

use super::asking::{accept, all_at_once, booking, cancel, decline, made, state};
use super::fixture::{Fixture, QuotaSpec};
use crate::on_both;
use domain::booking::command::Booking;
use domain::id::{PersonId, QuotaId};

fn spec() -> QuotaSpec {
    QuotaSpec { capacity: Some(1), waitlist: "offer", ..QuotaSpec::default() }
}

/// A class whose one seat has just been offered to the first of `waiting`.
async fn offered(fixture: &Fixture, spec: QuotaSpec, waiting: usize) -> (QuotaId, Vec<Booking>) {
    let quota = fixture.quota(spec).await;
    let holder = fixture.person().await;
    fixture.seat(quota, holder).await;
    let mut line = Vec::new();
    for person in fixture.people(waiting).await {
        line.push(fixture.wait(quota, person).await);
    }
    let said = fixture.process.desk.submit(cancel(quota, holder)).await;
    assert_eq!(state(&said), "cancelled");
    assert_eq!(fixture.story(quota, line[0].person).await, ["offered"]);
    (quota, line)
}

async fn stand(fixture: &Fixture, quota: QuotaId, line: &[Booking]) -> Vec<String> {
    let mut states = Vec::new();
    for waiting in line {
        states.push(fixture.story(quota, waiting.person).await.concat());
    }
    states
}

/// An offer answered in two ways at once; the states it may have led to, and that the seat was not lost.
async fn answered_twice(fixture: &Fixture, answers: [fn(&Booking) -> domain::booking::command::Command; 2]) {
    let other = fixture.another().await;
    for _ in 0..12 {
        let (quota, line) = offered(fixture, spec(), 2).await;
        let asks = [
            (fixture.process.desk.clone(), answers[0](&line[0])),
            (other.desk.clone(), answers[1](&line[0])),
        ];
        let said = all_at_once(asks).await;
        let winner = stand(fixture, quota, &line).await;
        match winner[0].as_str() {
            // Whoever was second was told that it is too late, or gave up what was accepted.
            "confirmed" => assert_eq!(winner[1], "waitlisted"),
            "declined" | "cancelled" => assert_eq!(winner[1], "offered"),
            other => panic!("{other}"),
        }
        assert!(said.iter().any(|said| state(said) == winner[0]), "somebody was told: {said:?}");
        fixture.assert_sound().await;
    }
}

on_both! {
    async fn an_offer_runs_out_by_the_clock_and_goes_to_the_next(fixture: Fixture) {
        let (quota, line) = offered(&fixture, spec(), 3).await;
        fixture.advance(119);
        fixture.process.settle().await;
        assert_eq!(stand(&fixture, quota, &line).await, ["offered", "waitlisted", "waitlisted"]);
        fixture.advance(1);
        fixture.process.settle().await;
        assert_eq!(stand(&fixture, quota, &line).await, ["expired", "offered", "waitlisted"]);
        let mut told = fixture.told(line[0].person).await;
        told.sort();
        assert_eq!(told, ["offer_expired", "seat_offered"]);
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(accept(&line[0])).await), "OfferExpired");
        assert_eq!(state(&desk.submit(accept(&line[1])).await), "confirmed");
        assert_eq!(state(&desk.submit(accept(&line[1])).await), "confirmed", "and again");
        // Asked again, the first starts at the end of the line.
        let again = desk.submit(fixture.take(quota, line[0].person)).await;
        assert_eq!((state(&again).as_str(), made(&again)), ("waitlisted", true));
        assert!(booking(&again).seq > line[2].seq);
        fixture.advance(3 * 24 * 60);
        fixture.process.settle().await;
        assert_eq!(fixture.story(quota, line[1].person).await, ["confirmed"]);
        assert_eq!(fixture.due().await, 0);
        fixture.assert_sound().await;
    }

    /// The desk does not wait for due work: whoever asks first after the time finds the offer gone.
    async fn an_offer_is_over_at_its_instant_whoever_asks_first(fixture: Fixture) {
        let (quota, line) = offered(&fixture, spec(), 2).await;
        let desk = &fixture.process.desk;
        fixture.clock.advance(chrono::TimeDelta::minutes(120) - chrono::TimeDelta::milliseconds(1));
        assert_eq!(state(&desk.submit(fixture.take(quota, line[0].person)).await), "offered");
        fixture.clock.advance(chrono::TimeDelta::milliseconds(1));
        assert_eq!(state(&desk.submit(accept(&line[0])).await), "OfferExpired");
        assert_eq!(stand(&fixture, quota, &line).await, ["expired", "offered"]);
        fixture.assert_sound().await;
    }

    /// Nothing ran for three days. The offer ran out long ago; the next one gets their whole time.
    async fn after_downtime_the_next_has_the_whole_time(fixture: Fixture) {
        let (quota, line) = offered(&fixture, spec(), 3).await;
        fixture.advance(3 * 24 * 60);
        let restarted = fixture.another().await;
        restarted.settle().await;
        assert_eq!(stand(&fixture, quota, &line).await, ["expired", "offered", "waitlisted"]);
        fixture.advance(119);
        restarted.settle().await;
        assert_eq!(stand(&fixture, quota, &line).await, ["expired", "offered", "waitlisted"]);
        fixture.advance(1);
        restarted.settle().await;
        assert_eq!(stand(&fixture, quota, &line).await, ["expired", "expired", "offered"]);
        fixture.assert_sound().await;
    }

    async fn accepted_and_declined_at_once(fixture: Fixture) {
        answered_twice(&fixture, [accept, decline]).await;
    }

    async fn accepted_and_cancelled_at_once(fixture: Fixture) {
        answered_twice(&fixture, [accept, |of| cancel(of.quota, of.person)]).await;
    }

    /// Accepting, running out and asking anew meet at the very instant: by then it is over, for everybody alike.
    async fn accepted_and_expired_at_once(fixture: Fixture) {
        let other = fixture.another().await;
        for _ in 0..12 {
            let (quota, line) = offered(&fixture, spec(), 2).await;
            fixture.advance(120);
            let newcomer: PersonId = fixture.person().await;
            let asks = [
                (fixture.process.desk.clone(), accept(&line[0])),
                (other.desk.clone(), fixture.take(quota, newcomer)),
            ];
            let (said, due) = tokio::join!(all_at_once(asks), other.scheduler.run_due());
            due.unwrap();
            assert_eq!(said.iter().map(state).collect::<Vec<_>>(), ["OfferExpired", "waitlisted"]);
            fixture.process.settle().await;
            assert_eq!(stand(&fixture, quota, &line).await, ["expired", "offered"]);
        }
        fixture.assert_sound().await;
    }

    /// Who has meanwhile taken another class at that hour cannot accept; the offer stands until its time is over.
    async fn accepting_at_the_limit_is_refused_and_the_offer_runs_out(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let (quota, line) = offered(&fixture, QuotaSpec { limits: limits.clone(), ..spec() }, 2).await;
        let other = fixture.quota(QuotaSpec { limits, ..QuotaSpec::default() }).await;
        fixture.seat(other, line[0].person).await;
        let desk = &fixture.process.desk;
        assert_eq!(state(&desk.submit(accept(&line[0])).await), "LimitReached");
        assert_eq!(stand(&fixture, quota, &line).await, ["offered", "waitlisted"]);
        desk.submit(cancel(other, line[0].person)).await.unwrap();
        assert_eq!(state(&desk.submit(accept(&line[0])).await), "confirmed");
        fixture.assert_sound().await;
    }

    /// Too late to give a seat back, so nobody is given one they did not see; and none after the start.
    async fn after_the_cancel_deadline_a_seat_is_only_offered(fixture: Fixture) {
        let spec = QuotaSpec { capacity: Some(2), cancels: 60, starts: 90, closes: 80, ..QuotaSpec::default() };
        let quota = fixture.quota(spec).await;
        let people = fixture.people(5).await;
        for (place, person) in people.iter().enumerate() {
            let said = fixture.process.desk.submit(fixture.take(quota, *person)).await;
            assert_eq!(state(&said), if place < 2 { "confirmed" } else { "waitlisted" });
        }
        let desk = &fixture.process.desk;
        desk.submit(cancel(quota, people[0])).await.unwrap();
        assert_eq!(fixture.story(quota, people[2]).await, ["confirmed"]);
        fixture.advance(60);
        assert_eq!(state(&desk.submit(cancel(quota, people[1])).await), "DeadlinePassed");
        let by_host = domain::booking::command::Verb::Cancel {
            target: domain::booking::command::Target::Own,
            by: domain::booking::command::By::Host,
            reason: Some("请假".into()),
        };
        let by_host =
            domain::booking::command::Command { quota, person: Some(people[1]), verb: by_host };
        assert_eq!(state(&desk.submit(by_host).await), "cancelled");
        assert_eq!(fixture.story(quota, people[3]).await, ["offered"]);
        // The offer ends with the start, not two hours later, and then nobody is promoted any more.
        fixture.advance(30);
        fixture.process.settle().await;
        assert_eq!(fixture.story(quota, people[3]).await, ["expired"]);
        assert_eq!(fixture.story(quota, people[4]).await, ["waitlisted"]);
        assert_eq!(fixture.broken().await, 0);
    }
}
