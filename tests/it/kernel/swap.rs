//! A seat given up only for another: both or neither.

use super::asking::{all_at_once, booking, cancel, state, sweep};
use super::fixture::{Fixture, QuotaSpec};
use crate::on_both;

on_both! {
    async fn the_old_seat_is_given_up_only_if_the_new_is_won(fixture: Fixture) {
        let hours = QuotaSpec { capacity: Some(1), hours: vec![(0, 2)], ..QuotaSpec::default() };
        let [old, new] = [fixture.quota(hours.clone()).await, fixture.quota(hours).await];
        let people = fixture.people(3).await;
        let mine = fixture.seat(old, people[0]).await;
        fixture.seat(new, people[1]).await;
        fixture.wait(old, people[2]).await;
        let desk = &fixture.process.desk;
        // The new one is full: the old one stays, and the line is joined.
        assert_eq!(state(&desk.submit(fixture.swap(new, people[0], &mine)).await), "waitlisted");
        assert_eq!(fixture.story(old, people[0]).await, ["confirmed"]);
        desk.submit(cancel(new, people[0])).await.unwrap();
        desk.submit(cancel(new, people[1])).await.unwrap();
        // It is free: at the same hour, which only works because the old one is given up in the same moment.
        assert_eq!(state(&desk.submit(fixture.take(new, people[0])).await), "ScheduleConflict");
        let won = desk.submit(fixture.swap(new, people[0], &mine)).await;
        assert_eq!(state(&won), "confirmed");
        assert_eq!(fixture.story(old, people[0]).await, ["cancelled"]);
        assert_eq!(fixture.story(old, people[2]).await, ["confirmed"], "and goes to the next");
        // What is no longer there cannot be given up.
        assert_eq!(state(&desk.submit(fixture.swap(old, people[0], &mine)).await), "waitlisted");
        fixture.assert_sound().await;
    }

    /// Everybody of A wants B and everybody of B wants A, a few seats are free in each, two processes: as many win as
    /// there are seats, nobody loses what they had, and nobody has both.
    async fn everybody_swaps_with_everybody(fixture: Fixture) {
        let hours = QuotaSpec { capacity: Some(33), hours: vec![(0, 2)], waitlist: "off", ..QuotaSpec::default() };
        let quotas = fixture.quotas(2, hours).await;
        let people = fixture.people(60).await;
        let other = fixture.another().await;
        let mut has = Vec::new();
        for (n, person) in people.iter().enumerate() {
            has.push(fixture.seat(quotas[n % 2], *person).await);
        }
        for round in 0..4 {
            let asks = has.iter().enumerate().map(|(n, mine)| {
                let wanted = if mine.quota == quotas[0] { quotas[1] } else { quotas[0] };
                let desk = if (n + round) % 3 == 0 { &other.desk } else { &fixture.process.desk };
                (desk.clone(), fixture.swap(wanted, mine.person, mine))
            });
            let said = all_at_once(asks).await;
            for (mine, said) in has.iter_mut().zip(&said) {
                match state(said).as_str() {
                    "confirmed" => *mine = booking(said),
                    "SoldOut" => {}
                    other => panic!("{other}"),
                }
            }
            for mine in &has {
                let sql = "select count(*) from bookings where person_id = $1 and state = 'confirmed'";
                assert_eq!(fixture.number(sql, vec![mine.person.0.into()]).await, 1);
                let states = fixture.story(mine.quota, mine.person).await;
                assert_eq!(states.last().map(String::as_str), Some("confirmed"));
            }
            fixture.assert_sound().await;
        }
    }

    /// A sweep of the old quota stands in the same batch as the swap that frees a seat of it: whoever stands in front
    /// and fits now comes before those behind whom the sweep goes on.
    async fn a_seat_freed_by_a_swap_during_a_sweep_goes_to_the_front(fixture: Fixture) {
        let limits = vec![fixture.limit("classes per term", 1).await];
        let spec = QuotaSpec { capacity: Some(3), party_max: 2, waitlist_max: 100, ..QuotaSpec::default() };
        let old = fixture.quota(QuotaSpec { limits: limits.clone(), ..spec.clone() }).await;
        let new = fixture.quota(spec).await;
        let elsewhere = fixture.quota(QuotaSpec { capacity: None, limits, ..QuotaSpec::default() }).await;
        let holders = fixture.people(3).await;
        let mine = fixture.seat(old, holders[0]).await;
        fixture.seat(old, holders[1]).await;
        fixture.seat(old, holders[2]).await;
        // In front a party of two that can, then forty that cannot, then two that can.
        let line = fixture.people(43).await;
        let desk = &fixture.process.desk;
        desk.submit(fixture.take_party(old, line[0], 2)).await.unwrap();
        for person in &line[1..] {
            fixture.wait(old, *person).await;
        }
        for person in &line[1..41] {
            fixture.seat(elsewhere, *person).await;
        }
        // One seat: too few for the two, and the sweep is under way behind the first.
        desk.submit(cancel(old, holders[1])).await.unwrap();
        let under_way = "select count(*) from quotas where sweep_after > 0";
        assert_eq!(fixture.number(under_way, vec![]).await, 1);
        let batch = [fixture.swap(new, holders[0], &mine), sweep(old, false)];
        fixture.process.kernel.carry_out(&batch).await.unwrap();
        fixture.process.settle().await;
        assert_eq!(fixture.story(old, line[0]).await, ["confirmed"]);
        assert_eq!(fixture.story(old, line[41]).await, ["waitlisted"]);
        fixture.assert_sound().await;
    }
}
