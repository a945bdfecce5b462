//! What runs beside the requests, and how it is asked to end.

use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// The background work of one process: schedulers, listeners, refreshers.
#[derive(Debug, Clone, Default)]
pub struct Background {
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl Background {
    /// Runs `work` until it ends by itself. It has to watch [`Background::stopping`] and finish what it holds.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Cancelled when the process is about to end.
    pub fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Asks all work to end and waits for it, at most `time_max`; whether all of it has ended.
    pub async fn stop(&self, time_max: Duration) -> bool {
        self.stopping.cancel();
        self.tasks.close();
        tokio::time::timeout(time_max, self.tasks.wait()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_is_asked_and_waited_for() {
        let background = Background::default();
        let stopping = background.stopping();
        background.spawn(async move { stopping.cancelled().await });
        assert!(background.stop(Duration::from_secs(1)).await);
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_does_not_end_is_not_waited_for_for_ever() {
        let background = Background::default();
        background.spawn(std::future::pending());
        assert!(!background.stop(Duration::from_secs(1)).await);
    }
}
