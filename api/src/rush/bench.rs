//! `changqing bench`: the figures we promise, each as a ratio to a limit measured in the same repetition.
//!
//! Five interleaved repetitions, because one alone moves by a third on a shared machine; minimum, median and maximum are
//! given. It measures a server of its own, on the stores that the environment names (`CHANGQING_DATABASE_URL`,
//! `CHANGQING_REDIS_URL`), else the embedded ones.

use super::city::City;
use super::figures::{Fate, fates, spread};
use super::generator::{self, Request, Run};
use super::server::Server;
use super::{Failure, LEAD_SECONDS};
use crate::cli::say;
use clap::Args;
use std::net::SocketAddr;

/// Measure the figures.
#[derive(Debug, Clone, Args)]
pub struct BenchArgs {
    /// Repetitions.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    repetitions: u32,
    /// Requests per figure and repetition.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(100..=200_000))]
    requests: u32,
    /// Connections side by side.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    connections: u32,
}

/// One repetition, in answers per second.
struct Repetition {
    bare: f64,
    layers: f64,
    enrolled: f64,
    refused: f64,
    list: f64,
    same_size: f64,
}

/// Measures and prints.
pub async fn run(args: BenchArgs) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("changqing-bench-{}", std::process::id()));
    let began = std::time::Instant::now();
    let server = Server::program(&folder).await?;
    let ready = began.elapsed();
    let idle = server.resident_kib();
    let measured = measure(&args, &server).await;
    let after = server.resident_kib();
    drop(server);
    let _ = std::fs::remove_dir_all(&folder);
    let repetitions = measured?;
    let column = |of: fn(&Repetition) -> f64| -> Vec<f64> { repetitions.iter().map(of).collect() };
    say(format!("{:<52} {:>9} {:>9} {:>9}", "", "min", "median", "max"));
    for (name, values) in [
        ("bare static handler, answers/s", column(|r| r.bare)),
        ("static behind all layers, answers/s", column(|r| r.layers)),
        ("enrolments confirmed/s", column(|r| r.enrolled)),
        ("refusals once sold out/s", column(|r| r.refused)),
        ("cached GET /classes, answers/s", column(|r| r.list)),
        ("static of the same size, answers/s", column(|r| r.same_size)),
    ] {
        let [min, median, max] = spread(&values);
        say(format!("{name:<52} {min:>9.0} {median:>9.0} {max:>9.0}"));
    }
    for (name, values) in [
        ("enrolments / static", column(|r| r.enrolled / r.layers)),
        ("enrolments / bare", column(|r| r.enrolled / r.bare)),
        ("refusals / static", column(|r| r.refused / r.layers)),
        ("cached list / static of the same size", column(|r| r.list / r.same_size)),
        ("layers / bare", column(|r| r.layers / r.bare)),
    ] {
        let [min, median, max] = spread(&values);
        say(format!("{name:<52} {min:>9.2} {median:>9.2} {max:>9.2}"));
    }
    say(format!("ready after {:.2} s (first start, with the sample city)", ready.as_secs_f64()));
    let mib = |kib: Option<u64>| kib.map_or_else(|| "?".into(), |kib| (kib / 1024).to_string());
    say(format!("memory {} MiB idle, {} MiB after all of it", mib(idle), mib(after)));
    Ok(())
}

async fn measure(args: &BenchArgs, server: &Server) -> Result<Vec<Repetition>, Failure> {
    let bare = Server::bare().await?;
    let run = format!("{:x}", std::process::id());
    let city = City::enter(server.address, run.clone()).await?;
    // One more than there are requests: whoever takes the only seat of the full class is nobody else.
    let names: Vec<String> = (0..=args.requests).map(|n| format!("bench-{run}-{n}")).collect();
    let tokens = city.sign_in(&names, |_| {}).await?;
    let tokens: Vec<&String> = tokens.iter().collect();
    let mut repetitions = Vec::new();
    for _ in 0..args.repetitions {
        repetitions.push(repetition(args, &city, bare.address, &tokens).await?);
    }
    Ok(repetitions)
}

async fn repetition(
    args: &BenchArgs,
    city: &City,
    bare: SocketAddr,
    tokens: &[&String],
) -> Result<Repetition, Failure> {
    let send = |server: SocketAddr, requests: Vec<Request>| async move {
        generator::run(server, &requests, args.connections as usize, true, || {}).await
    };
    let many = |server: SocketAddr, path: &str| vec![Request::get(server, path); args.requests as usize];
    let bare = send(bare, many(bare, "/")).await?.per_second();
    let layers = send(city.server, many(city.server, "/healthz")).await?.per_second();
    // Two classes: one with a seat for everybody, one with a single seat that is taken first.
    let opens = city.now().await? + chrono::TimeDelta::seconds(LEAD_SECONDS);
    let class = city.make_class(args.requests, "instant", opens).await?;
    let full = city.make_class(1, "off", opens).await?;
    city.wait_until(opens).await?;
    let (first, rest) = tokens.split_at(1);
    send(city.server, city.enrolments(&full, first)).await?;
    let enrolled = send(city.server, city.enrolments(&class, rest)).await?;
    expect(&enrolled, Fate::Confirmed, rest.len())?;
    // Everybody leaves again, so that the next figure and repetition find nobody at a limit.
    city.empty(&class).await?;
    let refused = send(city.server, city.enrolments(&full, rest)).await?;
    expect(&refused, Fate::Refused, rest.len())?;
    city.empty(&full).await?;
    let path = "/api/v1/classes?limit=20";
    let warm = generator::run(city.server, &[Request::get(city.server, path)], 1, true, || {}).await?;
    let size = warm.answers.first().map_or(0, |answer| answer.body.len());
    let list = send(city.server, many(city.server, path)).await?.per_second();
    let same_size = send(city.server, many(city.server, &format!("/static/{size}"))).await?.per_second();
    let (enrolled, refused) = (enrolled.per_second(), refused.per_second());
    Ok(Repetition { bare, layers, enrolled, refused, list, same_size })
}

fn expect(run: &Run, fate: Fate, count: usize) -> Result<(), Failure> {
    let fates = fates(run);
    if fates.get(&fate).copied().unwrap_or_default() == count {
        Ok(())
    } else {
        let example = run.answers.iter().find(|answer| Fate::of(answer) != fate);
        let example = example.map(|answer| String::from_utf8_lossy(&answer.body).into_owned());
        Err(Failure::Refused(format!("expected {count} {fate:?}, found {fates:?}; for example {example:?}")))
    }
}
