//! The database goes away in the middle of a rush and comes back: nothing acknowledged is lost, and the desk goes on by
//! itself.

use super::asking::{booking, state};
use super::fixture::{Fixture, QuotaSpec};
use super::process::until;
use super::server::Server;
use domain::booking::command::Booking;
use domain::id::{PersonId, QuotaId};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tests::database::TestDatabase;
use tokio::task::JoinSet;

/// Asks, and asks again while there is no answer, as the mini-app does; what was answered in the end.
async fn ask_until_answered(
    fixture: Arc<Fixture>,
    quota: QuotaId,
    person: PersonId,
) -> (String, Option<Booking>) {
    let deadline = Instant::now() + Duration::from_secs(40);
    loop {
        assert!(Instant::now() < deadline, "the desk does not come back");
        let said = fixture.process.desk.submit(fixture.take(quota, person)).await;
        match state(&said).as_str() {
            "unavailable" | "outcome unknown" | "overloaded" => {}
            "SoldOut" => return ("SoldOut".into(), None),
            _ => return (state(&said), Some(booking(&said))),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_server_is_killed_and_restarted_in_a_rush() {
    let server = Server::start().await;
    let database = TestDatabase::on(server.url()).await;
    let fixture = Arc::new(Fixture::on(database).await);
    let spec = QuotaSpec { capacity: Some(700), waitlist_max: 100, ..QuotaSpec::default() };
    let quota = fixture.quota(spec).await;
    let people = fixture.people(1_000).await;
    let answered = Arc::new(AtomicUsize::new(0));
    let mut asking = JoinSet::new();
    // Forty at a time, so that it is a long rush of many batches.
    let turns = Arc::new(tokio::sync::Semaphore::new(40));
    for person in people {
        let (fixture, answered, turns) = (Arc::clone(&fixture), Arc::clone(&answered), Arc::clone(&turns));
        asking.spawn(async move {
            let _turn = turns.acquire().await.unwrap();
            let said = ask_until_answered(fixture, quota, person).await;
            answered.fetch_add(1, SeqCst);
            said
        });
    }
    until(20, "the rush has begun", async || answered.load(SeqCst) > 150).await;
    server.kill();
    server.resume().await;
    until(20, "it goes on", async || answered.load(SeqCst) > 450).await;
    server.restart().await;
    let said = asking.join_all().await;
    for (said, booking) in &said {
        let Some(booking) = booking else { continue };
        let rows = fixture.rows("select state from bookings where id = $1", vec![booking.id.0.into()]).await;
        let stored: String =
            rows.first().expect("an acknowledged booking is there").try_get_by_index(0).unwrap();
        assert_eq!(stored, *said);
    }
    assert_eq!(said.iter().filter(|(said, _)| said == "SoldOut").count(), 200);
    assert_eq!(fixture.in_state(quota, "confirmed").await, 700);
    assert_eq!(fixture.in_state(quota, "waitlisted").await, 100);
    fixture.assert_sound().await;
}
