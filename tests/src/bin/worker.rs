//! One more process on a database, for tests that freeze or kill one.
//!
//! `worker hold URL QUOTA PERSON` carries a request out but does not commit it: it says `holding`, waits for a line, then
//! commits and says how that ended. `worker rush URL QUOTA COUNT` takes a seat for each of the COUNT people it reads, one a
//! line, all at once, and says every booking once it is acknowledged.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use domain::booking::command::{Command, Outcome, Take, Verb};
use domain::id::{PersonId, QuotaId};
use domain::time::{Instant, ManualClock};
use infra::booking::desk::{Desk, DeskLimits};
use infra::booking::transaction::Kernel;
use infra::bus::Bus;
use infra::database::{DatabaseOptions, connect};
use infra::random::Random;
use std::io::{BufRead, Write};
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use uuid::Uuid;

/// Said to the test at once; it may kill us with the next breath.
fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").unwrap();
    out.flush().unwrap();
}

fn heard() -> String {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).unwrap();
    line.trim().to_owned()
}

fn take(kernel: &Kernel, quota: QuotaId, person: PersonId) -> Command {
    let id = kernel.random.id(kernel.clock.now());
    let take = Take { id, party: 1, waitlist: true, instead_of: None, answers: None };
    Command { quota, person: Some(person), verb: Verb::Take(take) }
}

async fn hold(kernel: Kernel, quota: QuotaId, person: PersonId) {
    let transaction = kernel.database.begin().await.unwrap();
    let command = take(&kernel, quota, person);
    kernel.within(&transaction, &[command]).await.unwrap();
    say("holding");
    heard();
    match transaction.commit().await {
        Ok(()) => say("committed"),
        Err(error) => say(&format!("lost: {error}")),
    }
}

async fn rush(kernel: Kernel, quota: QuotaId, count: usize) {
    let people: Vec<PersonId> = (0..count).map(|_| PersonId(heard().parse::<Uuid>().unwrap())).collect();
    let desk = Desk::open(kernel.clone(), Bus::default(), DeskLimits::default(), Arc::new(Notify::new()));
    let mut asking = JoinSet::new();
    for person in people {
        let (desk, command) = (desk.clone(), take(&kernel, quota, person));
        asking.spawn(async move {
            match desk.submit(command).await {
                Ok(Outcome::Booking { booking, .. }) => say(&format!("{} {}", booking.id.0, booking.state)),
                other => say(&format!("- {other:?}")),
            }
        });
    }
    asking.join_all().await;
    say("done");
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, url, quota, last] = arguments.as_slice() else {
        panic!("worker hold|rush URL QUOTA PERSON|COUNT")
    };
    let options = DatabaseOptions { url: url.clone(), read_url: None, connections_max: 8 };
    let ten_o_clock: Instant = "2027-02-20T02:00:00Z".parse().unwrap();
    let kernel = Kernel {
        database: connect(&options).await.unwrap(),
        clock: Arc::new(ManualClock::at(ten_o_clock)),
        random: Arc::new(Random::from_system()),
        frames: Arc::default(),
    };
    let quota = QuotaId(quota.parse().unwrap());
    match what.as_str() {
        "hold" => hold(kernel, quota, PersonId(last.parse().unwrap())).await,
        "rush" => rush(kernel, quota, last.parse().unwrap()).await,
        other => panic!("{other}"),
    }
}
