//! One batch, one transaction.

use crate::booking::frames::Frames;
use crate::booking::{read, write};
use crate::database::Database;
use crate::error::{Error, Failure, Result, classify};
use crate::random::Random;
use domain::booking::command::{Answer, Command};
use domain::booking::decide;
use domain::booking::image::Image;
use domain::time::Clock;
use sea_orm::DatabaseTransaction;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// How long the statements of a batch may take, and as long again its commit. The server's own limits come first; this one is
/// for a server, or a network, that says nothing at all: else a quota would stay busy until TCP gives up, a quarter of an
/// hour later.
const SILENCE_MAX: Duration = Duration::from_secs(6);

/// What a batch needs besides the database.
#[derive(Clone)]
pub struct Kernel {
    /// The database.
    pub database: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Ids of notices.
    pub random: Arc<Random>,
    /// Frames of quotas.
    pub frames: Arc<Frames>,
}

/// What became of a batch.
#[derive(Debug)]
pub struct Done {
    /// The answers, in the order of the commands.
    pub answers: Vec<Answer>,
    /// The image as it was decided on and committed.
    pub image: Image,
}

impl Kernel {
    /// Carries `commands` out in one transaction: all of them are stored, or none.
    pub async fn carry_out(&self, commands: &[Command]) -> Result<Done> {
        let statements = timeout(SILENCE_MAX, async {
            let transaction = self.database.begin().await?;
            let done = self.decide(&transaction, &self.frames, commands).await?;
            Ok::<_, Error>((transaction, done))
        });
        let silence = || Error::Unavailable("the database says nothing".into());
        let (transaction, done) = statements.await.map_err(|_| silence())??;
        match timeout(SILENCE_MAX, transaction.commit()).await {
            Ok(Ok(())) => Ok(done),
            // The server said no: nothing is stored, and it can be tried again.
            Ok(Err(error)) if classify(&error) == Failure::Transient => Err(error.into()),
            Ok(Err(error)) => Err(Error::OutcomeUnknown(error.to_string())),
            Err(_) => Err(Error::OutcomeUnknown("no answer to the commit".into())),
        }
    }

    /// Carries `commands` out within a transaction of the caller's, who has locked no people yet.
    ///
    /// Frames are read anew and not kept: the caller may have edited them, and its transaction may yet be rolled back.
    pub async fn within(&self, transaction: &DatabaseTransaction, commands: &[Command]) -> Result<Done> {
        self.decide(transaction, &Frames::default(), commands).await
    }

    async fn decide(
        &self,
        transaction: &DatabaseTransaction,
        frames: &Frames,
        commands: &[Command],
    ) -> Result<Done> {
        let mut image = read::image(transaction, &*self.clock, frames, commands).await?;
        let answers = commands.iter().map(|command| decide::carry_out(&mut image, command)).collect();
        write::difference(transaction, &image, &self.random).await?;
        Ok(Done { answers, image })
    }
}
