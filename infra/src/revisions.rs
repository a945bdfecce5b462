//! Revisions: one number per topic of public data, moved by every edit in the edit's own transaction.
//!
//! They are what makes an edit visible where nobody was told of it: one from the command line, from another process
//! while Redis is lost. Every process reads them twice a second. Topics are few, a word per kind of data, never one per thing.

use crate::bus::{Bus, Event};
use crate::database::Database;
use crate::error::Result;
use sea_orm::{ConnectionTrait, Statement};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// How often the revisions are read.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// However much is heard, they are not read more often than this.
const LOOK_AT_MOST_EVERY: Duration = Duration::from_millis(20);

/// An edit of `topic`, in its transaction: as the last statement, because edits of one topic wait here for each other until
/// they commit. After the commit, the verb publishes [`Event::Edited`].
pub async fn bump(transaction: &impl ConnectionTrait, topic: &str) -> Result<()> {
    let statement = Statement::from_sql_and_values(
        transaction.get_database_backend(),
        "insert into revisions (topic, revision) values ($1, 1) \
         on conflict (topic) do update set revision = revisions.revision + 1",
        [topic.into()],
    );
    transaction.execute_raw(statement).await?;
    Ok(())
}

/// Watches the revisions for one process.
#[derive(Debug)]
pub struct Watcher {
    database: Database,
    bus: Bus,
    /// Readings end in the order in which they began.
    looking: Mutex<()>,
    failing: AtomicBool,
}

impl Watcher {
    /// A watcher that tells `bus` what has moved.
    pub fn new(database: Database, bus: Bus) -> Self {
        Self { database, bus, looking: Mutex::new(()), failing: AtomicBool::new(false) }
    }

    /// Looks twice a second, and whenever an edit was heard of, until `stop` is cancelled.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            match self.look().await {
                Ok(()) if self.failing.swap(false, Relaxed) => tracing::info!("revisions can be read again"),
                Err(error) if !self.failing.swap(true, Relaxed) => {
                    tracing::warn!(%error, "revisions not read: edits may be seen late");
                }
                _ => {}
            }
            let resting = async {
                tokio::time::sleep(LOOK_AT_MOST_EVERY).await;
                // Told or not, look again.
                let _ = tokio::time::timeout(LOOK_EVERY, self.bus.epochs().doubted()).await;
            };
            if stop.run_until_cancelled(resting).await.is_none() {
                return;
            }
        }
    }

    /// Reads the revisions now. Afterwards no cache of this process shows what was before an edit committed by then.
    pub async fn look(&self) -> Result<()> {
        let _in_order = self.looking.lock().await;
        let epochs = self.bus.epochs();
        let reading = epochs.begin();
        // Where cached things are read from: what is visible there of a revision is visible there of its edit.
        let database = self.database.replica();
        let select = Statement::from_string(self.database.backend(), "select topic, revision from revisions");
        let rows = database.query_all_raw(select).await?;
        let revisions = rows
            .iter()
            .map(|row| Ok((row.try_get("", "topic")?, row.try_get("", "revision")?)))
            .collect::<Result<Vec<(String, i64)>>>()?;
        for topic in epochs.finish(reading, &revisions) {
            self.bus.announce(Event::Edited(topic));
        }
        Ok(())
    }
}
