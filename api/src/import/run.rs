//! One import from its first byte to its last row, beside the requests.
//!
//! Invariant: whatever happens while the process lives, the run's row is told how it ended.

use super::upload::UploadedFile;
use crate::app::App;
use domain::id::ImportId;
use infra::Error;
use infra::audit::Acting;
use infra::bus::Event;
use infra::import::apply::{Applied, Options, apply};
use infra::import::runs::{self, Outcome, Refused};
use infra::import::{ImportFile, read};
use infra::night_school::edit::TOPIC;
use tokio::sync::watch;

/// Reading begins.
const BEGUN: u8 = 5;
/// All files are read.
const READ: u8 = 30;
/// The coarsest step that is worth a statement, in per cent.
const STEP: u8 = 20;

/// Imports `files` and writes down what came of it.
pub async fn run(app: App, id: ImportId, files: Vec<UploadedFile>, options: Options, acting: Acting) {
    let outcome = match import(&app, id, files, options, &acting).await {
        Ok(outcome) => outcome,
        Err(Error::OutcomeUnknown(error)) => {
            tracing::error!(%id, error, "import: outcome unknown");
            Outcome::Refused(Refused::OutcomeUnknown)
        }
        Err(error) => {
            tracing::error!(%id, %error, "import failed");
            Outcome::Refused(Refused::Unavailable)
        }
    };
    if let Err(error) = runs::finish(&app.database, id, &outcome, app.now()).await {
        tracing::error!(%id, %error, "the end of an import was not written down");
    }
}

async fn import(
    app: &App,
    id: ImportId,
    files: Vec<UploadedFile>,
    options: Options,
    acting: &Acting,
) -> Result<Outcome, Error> {
    runs::advance(&app.database, id, BEGUN).await?;
    let reading = tokio::task::spawn_blocking(move || {
        let files: Vec<ImportFile<'_>> =
            files.iter().map(|file| ImportFile { name: &file.name, bytes: &file.bytes }).collect();
        read(&files)
    });
    let rows = match reading.await.map_err(|error| Error::Unavailable(error.to_string()))? {
        Ok(rows) => rows,
        Err(rejected) => return Ok(Outcome::Report(rejected.report)),
    };
    if app.background.stopping().is_cancelled() {
        return Ok(Outcome::Refused(Refused::Interrupted));
    }
    runs::advance(&app.database, id, READ).await?;
    let (far, seen) = watch::channel(0);
    let applying = async move {
        let heard = |percent| {
            far.send_replace(percent);
        };
        apply(&app.database, &app.random, acting, &rows, options, app.now(), heard).await
    };
    let (applied, ()) = tokio::join!(applying, follow(app, id, seen));
    Ok(match applied? {
        Applied::Done { report, quotas } => {
            if !options.dry_run {
                app.bus.publish(Event::Edited(TOPIC.to_owned()));
                for quota in &quotas {
                    app.desk.edited(*quota);
                }
            }
            Outcome::Report(report)
        }
        Applied::Rejected(report) => Outcome::Report(report),
        Applied::OverSample => Outcome::Refused(Refused::SampleCity),
    })
}

/// Writes down how far the applying came, until it has ended. Not on SQLite, where it holds the only writer.
async fn follow(app: &App, id: ImportId, mut seen: watch::Receiver<u8>) {
    let mut written = READ;
    while seen.changed().await.is_ok() {
        let percent = READ + u8::try_from(u16::from(*seen.borrow_and_update()) * 7 / 10).unwrap_or_default();
        if app.database.is_sqlite() || percent < written.saturating_add(STEP) || percent >= 100 {
            continue;
        }
        written = percent;
        if let Err(error) = runs::advance(&app.database, id, percent).await {
            tracing::warn!(%id, %error, "the progress of an import was not written down");
        }
    }
}
