//! A city of people and organisations only, and processes that serve it.

use domain::id::{OrganisationId, PersonId, SessionId};
use domain::identity::organisation::{Draft, Kind};
use domain::identity::profile::Newcomer;
use domain::refusal::Refusal;
use domain::time::{Clock, Instant, ManualClock};
use infra::audit::Acting;
use infra::bus::Bus;
use infra::database::Database;
use infra::database::sql::sql;
use infra::error::{Error, Result};
use infra::identity::session::{Standing, refresh};
use infra::identity::sign_in::{Who, sign_in};
use infra::identity::{Granted, Session, Tokens, operator, organisation};
use infra::random::Random;
use infra::secrets::Secret;
use sea_orm::{ConnectionTrait, Value};
use std::sync::Arc;
use tests::database::{Setup, TestDatabase};

/// One process: connections, a bus and tokens of its own. The secret is the city's.
pub struct Process {
    pub database: Database,
    pub bus: Bus,
    pub tokens: Arc<Tokens>,
}

pub struct Fixture {
    test: TestDatabase,
    pub clock: Arc<ManualClock>,
    pub random: Random,
    pub process: Process,
}

async fn process(test: &TestDatabase) -> Process {
    let bus = Bus::default();
    let tokens = Tokens::start(&Secret::from([7; 32]), bus.clone());
    Process { database: test.open().await, bus, tokens }
}

impl Fixture {
    pub async fn new(setup: Setup) -> Self {
        let test = TestDatabase::new(setup).await;
        let clock = Arc::new(ManualClock::at("2026-11-24T02:00:00Z".parse().unwrap()));
        Self { process: process(&test).await, test, clock, random: Random::seeded(1) }
    }

    /// One more process on the same database.
    pub async fn another(&self) -> Process {
        process(&self.test).await
    }

    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    pub fn database(&self) -> &Database {
        &self.process.database
    }

    /// Signs in, as a stand-in's newcomer the first time.
    pub async fn sign_in(&self, openid: &str) -> Result<Standing> {
        let who = Who { openid, unionid: None };
        sign_in(self.database(), &self.random, who, Newcomer::FilledIn, self.now()).await
    }

    pub async fn person(&self, openid: &str) -> PersonId {
        self.sign_in(openid).await.unwrap().person
    }

    pub async fn signed_in(&self, openid: &str) -> (Session, Granted) {
        let standing = self.sign_in(openid).await.unwrap();
        let granted = self.process.tokens.grant(&standing, self.now()).unwrap();
        (Session { person: standing.person, session: standing.session }, granted)
    }

    pub async fn refresh(&self, token: &str) -> Result<Granted> {
        let standing = refresh(self.database(), &self.process.tokens, token, self.now()).await?;
        self.process.tokens.grant(&standing, self.now())
    }

    /// What a process says of an access token.
    pub async fn verify_at(&self, process: &Process, token: &str) -> Result<Session> {
        process.tokens.verify(&process.database, token, self.now()).await
    }

    pub async fn verify(&self, token: &str) -> Result<Session> {
        self.verify_at(&self.process, token).await
    }

    pub async fn end(&self, session: SessionId) {
        let process = &self.process;
        infra::identity::session::end(&process.database, &process.tokens, session, self.now()).await.unwrap();
    }

    pub async fn grant_operator(&self, who: &str) {
        let process = &self.process;
        let acting = Acting::at_the_machine();
        operator::grant(&process.database, &process.tokens, &self.random, who, &acting, self.now())
            .await
            .unwrap();
    }

    /// An organisation that `person` asked for.
    pub async fn organisation(&self, person: PersonId) -> OrganisationId {
        let draft = Draft::check(Kind::School, "青年夜校", None).unwrap();
        let acting = acting(person);
        let process = &self.process;
        organisation::create(
            &process.database,
            &process.tokens,
            &self.random,
            draft,
            (person, &acting),
            None,
            self.now(),
        )
        .await
        .unwrap()
        .id
    }

    pub async fn execute(&self, text: &str, values: impl IntoIterator<Item = Value>) {
        let transaction = self.database().begin().await.unwrap();
        transaction.execute_raw(sql(&transaction, text, values)).await.unwrap();
        transaction.commit().await.unwrap();
    }

    /// The number that `text` selects.
    pub async fn number(&self, text: &str, values: impl IntoIterator<Item = Value>) -> i64 {
        let reader = self.database().reader();
        let row = reader.query_one_raw(sql(reader, text, values)).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }
}

/// Somebody, through a request.
pub fn acting(person: PersonId) -> Acting {
    Acting { person: Some(person), organisation: None, request_id: Some("test".into()) }
}

/// The refusal that `result` is.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
