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
        let transaction = self.database.begin().await?;
        let done = self.within(&transaction, commands).await?;
        match transaction.commit().await {
            Ok(()) => Ok(done),
            // The server said no: nothing is stored, and it can be tried again.
            Err(error) if classify(&error) == Failure::Transient => Err(error.into()),
            Err(error) => Err(Error::OutcomeUnknown(error.to_string())),
        }
    }

    /// Carries `commands` out within a transaction of the caller's, who has locked no people yet.
    pub async fn within(&self, transaction: &DatabaseTransaction, commands: &[Command]) -> Result<Done> {
        let mut image = read::image(transaction, &*self.clock, &self.frames, commands).await?;
        let answers = commands.iter().map(|command| decide::carry_out(&mut image, command)).collect();
        write::difference(transaction, &image, &self.random).await?;
        Ok(Done { answers, image })
    }
}
