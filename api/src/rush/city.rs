//! The city as a rehearsal sees it: only the public API, as any client.

use super::Failure;
use super::generator::{self, Answer, Request};
use domain::time::{Instant, local, rfc3339};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::time::Duration;

/// How long freeing everybody may take, in seconds.
const EMPTY_SECONDS_MAX: u64 = 60;
/// Sign-ins side by side.
const SIGN_INS_AT_ONCE: usize = 64;

/// A running server, and the operator who rehearses on it.
pub struct City {
    /// Where it listens.
    pub server: SocketAddr,
    /// Tells this rehearsal's people and codes from those of others.
    pub run: String,
    operator: String,
}

/// A class made for the rehearsal.
#[derive(Debug, Clone)]
pub struct RushClass {
    /// `cls_…`
    pub id: String,
    /// Seats.
    pub seats: u32,
}

/// What the roster says after the run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// People with a seat, each as often as they have one.
    pub confirmed: Vec<String>,
    /// People in the line.
    pub waitlisted: Vec<String>,
}

fn body(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or(Value::Null)
}

impl City {
    /// Signs in as the sample operator. Refuses a server that does not use the sandbox.
    pub async fn enter(server: SocketAddr, run: String) -> Result<Self, Failure> {
        let config = one(server, Request::get(server, "/api/v1/config")).await?;
        if body(&config).get("sandbox") != Some(&Value::Bool(true)) {
            return Err(Failure::Refused(
                "this server signs real people in; a rehearsal makes thousands of them".into(),
            ));
        }
        let mut city = Self { server, run, operator: String::new() };
        city.operator = city.sign_in(&["operator".to_owned()], |_| {}).await?.pop().unwrap_or_default();
        Ok(city)
    }

    /// Signs everybody in; their access tokens, in the same order.
    pub async fn sign_in(
        &self,
        people: &[String],
        each: impl Fn(u64) + Clone + Send + 'static,
    ) -> Result<Vec<String>, Failure> {
        let requests: Vec<Request> = people
            .iter()
            .map(|person| {
                let code = json!({ "code": format!("sandbox:{person}:{}", self.run) }).to_string();
                Request::json("POST", self.server, "/api/v1/auth/wechat", None, &code)
            })
            .collect();
        let run = generator::run(self.server, &requests, SIGN_INS_AT_ONCE, true, move || each(1)).await?;
        run.answers
            .iter()
            .map(|answer| match body(answer).get("accessToken").and_then(Value::as_str) {
                Some(token) => Ok(token.to_owned()),
                None => Err(Failure::unexpected("sign in", answer)),
            })
            .collect()
    }

    /// Makes and publishes a class that opens at `opens_at`, in the first school and term there are.
    pub async fn make_class(
        &self,
        seats: u32,
        waitlist: &str,
        opens_at: Instant,
    ) -> Result<RushClass, Failure> {
        let first =
            |answer: &Answer| body(answer).pointer("/items/0/id").and_then(Value::as_str).map(str::to_owned);
        let school = self.ask("GET", "/api/v1/schools?limit=1", None).await?;
        let term = self.ask("GET", "/api/v1/terms?limit=1", None).await?;
        let school = first(&school).ok_or_else(|| Failure::unexpected("list schools", &school))?;
        let term = first(&term).ok_or_else(|| Failure::unexpected("list terms", &term))?;
        let lesson = local(opens_at).date_naive() + chrono::Days::new(30);
        let class = json!({
            "school": school, "term": term, "title": format!("演练 {}", self.run), "titleEn": "Rehearsal",
            "category": "media", "weekday": chrono::Datelike::weekday(&lesson).number_from_monday(),
            "startTime": "18:30", "endTime": "20:00", "firstLessonOn": lesson, "lastLessonOn": lesson,
            "priceFen": 0, "capacity": seats, "admission": "first_come", "waitlist": waitlist,
            "opensAt": rfc3339(opens_at), "closesAt": rfc3339(opens_at + chrono::TimeDelta::days(1)),
        });
        let made = self.ask("POST", "/api/v1/classes", Some(&class)).await?;
        let id = body(&made).get("id").and_then(Value::as_str).map(str::to_owned);
        let id = id.ok_or_else(|| Failure::unexpected("make a class", &made))?;
        let published = self.ask("POST", &format!("/api/v1/classes/{id}/publish"), Some(&json!({}))).await?;
        if published.status >= 300 {
            return Err(Failure::unexpected("publish the class", &published));
        }
        Ok(RushClass { id, seats })
    }

    /// The requests for a seat, one per token.
    pub fn enrolments(&self, class: &RushClass, tokens: &[&String]) -> Vec<Request> {
        let path = format!("/api/v1/classes/{}/enrolment", class.id);
        tokens.iter().map(|token| Request::json("PUT", self.server, &path, Some(token), "{}")).collect()
    }

    /// Reads the whole roster.
    pub async fn roster(&self, class: &RushClass) -> Result<Roster, Failure> {
        let mut roster = Roster::default();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/classes/{}/roster?limit=100{cursor}", class.id);
            let answer = self.ask("GET", &path, None).await?;
            let page = body(&answer);
            let items = page.get("items").and_then(Value::as_array);
            let items = items.ok_or_else(|| Failure::unexpected("read the roster", &answer))?;
            for item in items {
                let text = |pointer: &str| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
                let person = text("/person/id").to_owned();
                match text("/state") {
                    "confirmed" => roster.confirmed.push(person),
                    "waitlisted" => roster.waitlisted.push(person),
                    _ => {}
                }
            }
            match page.get("nextCursor").and_then(Value::as_str) {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(roster),
            }
        }
    }

    /// Takes the class away again.
    pub async fn remove(&self, class: &RushClass) -> Result<(), Failure> {
        let path = format!("/api/v1/classes/{}/cancel", class.id);
        let answer = self.ask("POST", &path, Some(&json!({ "reason": "演练结束 rehearsal over" }))).await?;
        if answer.status < 300 { Ok(()) } else { Err(Failure::unexpected("cancel the class", &answer)) }
    }

    /// Takes the class away and waits until nobody has a place in it any more.
    pub async fn empty(&self, class: &RushClass) -> Result<(), Failure> {
        self.remove(class).await?;
        let path = format!("/api/v1/classes/{}/roster?limit=1", class.id);
        let began = std::time::Instant::now();
        while began.elapsed() < Duration::from_secs(EMPTY_SECONDS_MAX) {
            let roster = self.ask("GET", &path, None).await?;
            if body(&roster).pointer("/items/0").is_none() {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Err(Failure::Refused("the class that was called off was not freed".into()))
    }

    /// The server's time.
    pub async fn now(&self) -> Result<Instant, Failure> {
        let answer = self.ask("GET", "/api/v1/time", None).await?;
        let now =
            body(&answer).get("serverNow").and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
        let now: chrono::DateTime<chrono::FixedOffset> =
            now.parse().map_err(|_| Failure::unexpected("ask the time", &answer))?;
        Ok(now.to_utc())
    }

    /// Waits until the server's clock shows `at`.
    pub async fn wait_until(&self, at: Instant) -> Result<(), Failure> {
        let left = (at - self.now().await?).to_std().unwrap_or(Duration::ZERO);
        tokio::time::sleep(left).await;
        Ok(())
    }

    async fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Answer, Failure> {
        let body = body.map(Value::to_string).unwrap_or_default();
        one(self.server, Request::json(method, self.server, path, Some(&self.operator), &body)).await
    }
}

async fn one(server: SocketAddr, request: Request) -> Result<Answer, Failure> {
    let mut run = generator::run(server, &[request], 1, true, || {}).await?;
    run.answers.pop().ok_or_else(|| Failure::Refused("no answer".into()))
}
