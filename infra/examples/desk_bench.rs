#![allow(warnings, clippy::all, clippy::pedantic)]
use domain::booking::command::*; use domain::id::*; use domain::time::*;
use infra::booking::{desk::*, transaction::Kernel}; use infra::bus::Bus; use infra::database::*; use infra::random::Random;
use sea_orm::*; use std::sync::Arc; use tokio::sync::Notify;
#[tokio::main]
async fn main() {
    let url = std::env::args().nth(1).unwrap(); let n: usize = std::env::args().nth(2).unwrap().parse().unwrap();
    let db = connect(&DatabaseOptions { url, read_url: None, connections_max: 16 }).await.unwrap();
    db.migrate().await.unwrap();
    let clock: Arc<dyn Clock> = Arc::new(infra::clock::SystemClock); let random = Arc::new(Random::from_system());
    let kernel = Kernel { database: db.clone(), clock: clock.clone(), random: random.clone(), frames: Arc::default() };
    let desk = Desk::open(kernel, Bus::default(), DeskLimits::default(), Arc::new(Notify::new()));
    for rep in 0..5 {
    let q: QuotaId = random.id(clock.now()); let now = clock.now();
    let tx = db.begin().await.unwrap(); let b = db.backend();
    let inst = |t: Instant| -> Value { if b == DbBackend::Postgres { t.into() } else { rows::instant_text(t).into() } };
    let h = |x| inst(now + chrono::TimeDelta::hours(x));
    tx.execute_raw(Statement::from_sql_and_values(b, "insert into quotas (id,kind,subject_id,status,capacity,admission,opens_at,closes_at,waitlist,waitlist_max,promote_until,cancel_until) values ($1,'class',$2,'open',1000000,'first_come',$3,$4,'instant',20,$5,$6)", vec![q.0.into(), random.uuid(now).into(), h(-1), h(10), h(20), h(20)])).await.unwrap();
    for k in 0..10 { tx.execute_raw(Statement::from_sql_and_values(b, "insert into quota_slots (quota_id, starts_at, ends_at) values ($1,$2,$3)", vec![q.0.into(), h(30+k*100), h(32+k*100)])).await.unwrap(); }
    tx.execute_unprepared("insert into limits (key,per,counted_window,max) values ('a','person','term',2) on conflict (key) do nothing").await.unwrap();
    tx.execute_unprepared("insert into limits (key,per,counted_window,max) values ('b','school','term',2) on conflict (key) do nothing").await.unwrap();
    tx.execute_raw(Statement::from_sql_and_values(b, "insert into quota_limits (quota_id, limit_id) select $1, id from limits", vec![q.0.into()])).await.unwrap();
    let people: Vec<PersonId> = (0..n).map(|_| random.id(now)).collect();
    for c in people.chunks(5000) {
    tx.execute_raw(rows::Rows::ids(c.iter().copied()).statement(b, "insert into person_ledger (person_id, blocked, consented, birth_date) select r.id, false, true, '2001-01-01' from {rows}", vec![])).await.unwrap(); }
    tx.commit().await.unwrap();
    let t = std::time::Instant::now();
    let queue = Arc::new(std::sync::Mutex::new(people)); let mut js = tokio::task::JoinSet::new();
    for _ in 0..256 { let (queue, desk, random, clock) = (queue.clone(), desk.clone(), random.clone(), clock.clone()); js.spawn(async move { let mut ok = 0; loop { let Some(p) = queue.lock().unwrap().pop() else { return ok }; 
        let id: BookingId = random.id(clock.now());
        let r = desk.submit(Command { quota: q, person: Some(p), verb: Verb::Take(Take { id, party: 1, waitlist: true, instead_of: None, answers: None }) }).await; if let Ok(Outcome::Booking{booking,..}) = r { if booking.state.word()=="confirmed" { ok += 1 } } else { panic!("{r:?}") } } }); }
    let mut ok = 0; while let Some(r) = js.join_next().await { ok += r.unwrap(); }
    let e = t.elapsed(); println!("rep {rep}: {ok} confirmed in {e:?} = {:.0}/s  figures {:?}", ok as f64 / e.as_secs_f64(), desk.figures().all().map(|x| (x.0, x.2)));
    }
}
