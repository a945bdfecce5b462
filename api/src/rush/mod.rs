//! `changqing rush`: rehearses an opening against a running server, or one of its own.
//!
//! Everybody is signed in before the clock starts; the rehearsal makes its own class as operator and takes it away again. It
//! refuses a server that signs real people in, and ends with a failure if a promise was broken.

mod bare;
mod city;
mod figures;
mod generator;
mod html;
mod server;
mod verdict;

pub mod bench;

pub use bare::serve as serve_bare;

use crate::cli::say;
use city::{City, Roster, RushClass};
use clap::Args;
use figures::{Fate, fates, latency};
use generator::{Answer, Request, Run};
use indicatif::{ProgressBar, ProgressStyle};
use server::Server;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use verdict::{Verdict, judge};

/// How long everybody stands before the closed door, in seconds.
const LEAD_SECONDS: i64 = 2;

/// Rehearse an opening.
#[derive(Debug, Clone, Args)]
pub struct RushArgs {
    /// A running server, such as http://127.0.0.1:8080; one of its own if not given.
    #[arg(long)]
    url: Option<String>,
    /// People who want a seat.
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    people: u32,
    /// Seats there are.
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    seats: u32,
    /// Share of people who press the button twice, such as 5%.
    #[arg(long, default_value = "5%", value_parser = percent)]
    duplicates: u32,
    /// Connections side by side.
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    connections: u32,
    /// Waiting list of the class: off, instant or offer.
    #[arg(long, default_value = "instant", value_parser = ["off", "instant", "offer"])]
    waitlist: String,
    /// Write a report with plots here.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
}

fn percent(text: &str) -> Result<u32, String> {
    let share: u32 =
        text.trim_end_matches('%').parse().map_err(|_| "expected a share such as 5%".to_owned())?;
    if share <= 100 { Ok(share) } else { Err("0% to 100%".into()) }
}

/// Why a rehearsal could not be held or did not pass.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The rehearsal cannot be held.
    #[error("{0}")]
    Refused(String),
    /// The server answered what it should not.
    #[error("could not {what}: status {status}, {body}")]
    Unexpected {
        /// What was asked.
        what: String,
        /// The answer's status; 0 = none.
        status: u16,
        /// The beginning of the answer.
        body: String,
    },
    /// The network or a file.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A promise was broken.
    #[error("promises were broken: {0:?}")]
    Broken(Verdict),
}

impl Failure {
    fn unexpected(what: &str, answer: &Answer) -> Self {
        let body = String::from_utf8_lossy(&answer.body).chars().take(300).collect();
        Self::Unexpected { what: what.into(), status: answer.status, body }
    }
}

/// What a rehearsal measured and found.
pub struct Report {
    args: RushArgs,
    rush: Run,
    roster: Roster,
    verdict: Verdict,
    bare_per_second: f64,
    layers_per_second: f64,
    resident_kib: Option<u64>,
}

impl Report {
    /// Name and value of every figure.
    fn lines(&self) -> Vec<(String, String)> {
        let (rush, fates, took) = (&self.rush, fates(&self.rush), latency(&self.rush));
        let count = |fate| fates.get(&fate).copied().unwrap_or_default().to_string();
        let millis = |time: std::time::Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let rate = rush.per_second();
        let line = |name: &str, value: String| (name.to_owned(), value);
        let mut lines = vec![
            line("人数 people", self.args.people.to_string()),
            line("请求 requests", rush.answers.len().to_string()),
            line("名额 seats", self.args.seats.to_string()),
            line("每秒裁决 decided/s", format!("{rate:.0}")),
            line("用时 took", format!("{:.2} s", rush.took.as_secs_f64())),
            line("p50", millis(took.p50)),
            line("p99", millis(took.p99)),
            line("max", millis(took.max)),
            line("确认 confirmed (answers)", count(Fate::Confirmed)),
            line("确认 confirmed (roster)", self.roster.confirmed.len().to_string()),
            line("候补 waitlisted (roster)", self.roster.waitlisted.len().to_string()),
            line("满员拒绝 refused", count(Fate::Refused)),
            line("请稍后再试 turned away", count(Fate::TurnedAway)),
            line("无答复 failed", count(Fate::Failed)),
            line("重复占位 double-booked", self.verdict.double_booked.to_string()),
            line("超发 oversold", self.verdict.oversold.to_string()),
            line("裸静态 bare static/s", format!("{:.0}", self.bare_per_second)),
            line("比裸静态 ratio to bare static", format!("{:.2}", rate / self.bare_per_second.max(1.0))),
            line("带全部层的静态 static behind all layers/s", format!("{:.0}", self.layers_per_second)),
            line("比值 ratio to it", format!("{:.2}", rate / self.layers_per_second.max(1.0))),
        ];
        if let Some(kib) = self.resident_kib {
            lines.push(line("服务器内存 server memory", format!("{} MiB", kib / 1024)));
        }
        lines
    }
}

/// Holds the rehearsal `args` ask for.
pub async fn run(args: RushArgs) -> Result<(), Failure> {
    let folder = std::env::temp_dir().join(format!("changqing-rush-{}", std::process::id()));
    let own = match &args.url {
        Some(_) => None,
        None => Some(Server::program(&folder).await?),
    };
    let server = match (&args.url, &own) {
        (Some(url), _) => address(url)?,
        (None, Some(own)) => own.address,
        (None, None) => return Err(Failure::Refused("no server".into())),
    };
    let report = rehearse(args.clone(), server, own.as_ref()).await;
    drop(own);
    // Only there if the server was ours.
    let _ = std::fs::remove_dir_all(&folder);
    let report = report?;
    for (name, value) in report.lines() {
        say(format!("{value:>12}  {name}"));
    }
    if let Some(file) = &args.html {
        std::fs::write(file, html::page(&report))?;
        say(format!("{:>12}  {}", "→", file.display()));
    }
    if report.verdict.holds() { Ok(()) } else { Err(Failure::Broken(report.verdict)) }
}

async fn rehearse(args: RushArgs, server: SocketAddr, own: Option<&Server>) -> Result<Report, Failure> {
    let run = format!("{:x}", std::process::id());
    let city = City::enter(server, run.clone()).await?;
    let names: Vec<String> = (0..args.people).map(|n| format!("rush-{run}-{n}")).collect();
    let bar = progress("登录 sign-in", u64::from(args.people));
    let counting = bar.clone();
    let tokens = city.sign_in(&names, move |n| counting.inc(n)).await?;
    bar.finish();
    let opens_at = city.now().await? + chrono::TimeDelta::seconds(LEAD_SECONDS);
    let class = city.make_class(args.seats, &args.waitlist, opens_at).await?;
    let told = opening(&args, &city, &class, &tokens, opens_at).await;
    // The class goes whatever happened.
    let removed = city.remove(&class).await;
    let (people, rush, roster) = told?;
    removed?;
    let verdict = judge(&class, &people, &rush, &roster);
    let (requests, connections) = (rush.answers.len(), args.connections as usize);
    let bare = Server::bare().await?;
    let compare = |server: SocketAddr, path: &'static str| async move {
        let requests = vec![Request::get(server, path); requests];
        generator::run(server, &requests, connections, false, || {}).await
    };
    let bare_per_second = compare(bare.address, "/").await?.per_second();
    let layers_per_second = compare(server, "/healthz").await?.per_second();
    let resident_kib = own.and_then(Server::resident_kib);
    Ok(Report { args, rush, roster, verdict, bare_per_second, layers_per_second, resident_kib })
}

async fn opening(
    args: &RushArgs,
    city: &City,
    class: &RushClass,
    tokens: &[String],
    opens_at: domain::time::Instant,
) -> Result<(Vec<usize>, Run, Roster), Failure> {
    let people = order(tokens.len(), args.duplicates);
    let presses: Vec<&String> = people.iter().filter_map(|person| tokens.get(*person)).collect();
    let requests = city.enrolments(class, &presses);
    let bar = progress("抢位 rush", u64::try_from(requests.len()).unwrap_or(u64::MAX));
    city.wait_until(opens_at).await?;
    let counting = bar.clone();
    let each = move || counting.inc(1);
    let rush = generator::run(city.server, &requests, args.connections as usize, true, each).await?;
    bar.finish();
    let roster = city.roster(class).await?;
    Ok((people, rush, roster))
}

/// Who presses when: everybody once, and `duplicates` per cent a second time a little later.
fn order(people: usize, duplicates: u32) -> Vec<usize> {
    /// Presses between the first and the second of one person.
    const APART: usize = 37;
    let mut presses: Vec<(usize, usize)> = Vec::with_capacity(people * 2);
    for person in 0..people {
        presses.push((person * 2, person));
        if person % 100 < duplicates as usize {
            presses.push(((person + APART) * 2 + 1, person));
        }
    }
    presses.sort_unstable();
    presses.into_iter().map(|(_, person)| person).collect()
}

fn address(url: &str) -> Result<SocketAddr, Failure> {
    let host =
        url.strip_prefix("http://").ok_or_else(|| Failure::Refused("expected http://host:port".into()))?;
    let found = host.trim_end_matches('/').to_socket_addrs()?.next();
    found.ok_or_else(|| Failure::Refused(format!("{host} has no address")))
}

fn progress(what: &'static str, length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{msg:14} {bar:40} {pos}/{len} {per_sec}") {
        bar.set_style(style);
    }
    bar.set_message(what);
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_presses_and_some_press_twice() {
        let presses = order(1_000, 5);
        assert_eq!(presses.len(), 1_050);
        for person in 0..1_000 {
            let times = presses.iter().filter(|press| **press == person).count();
            assert_eq!(times, if person % 100 < 5 { 2 } else { 1 });
        }
    }

    #[test]
    fn shares_are_read_with_and_without_the_sign() {
        assert_eq!(percent("5%"), Ok(5));
        assert_eq!(percent("20"), Ok(20));
        assert!(percent("101%").is_err() && percent("x").is_err());
    }
}
