//! Counters that all processes share, for limits of the kind "so many a minute".
//!
//! Best effort: without Redis there is no shared count, and the caller counts for itself.

use crate::link::Link;
use domain::time::Clock;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long Redis may take to count.
const COUNT_MAX: Duration = Duration::from_millis(50);

/// Counts in Redis.
#[derive(Clone)]
pub struct SharedCounter {
    link: Option<Link>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SharedCounter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SharedCounter").field("link", &self.link).finish_non_exhaustive()
    }
}

impl SharedCounter {
    /// A counter; one that never counts, without `link`.
    pub fn new(link: Option<Link>, clock: Arc<dyn Clock>) -> Self {
        Self { link, clock }
    }

    /// Counts one more of `key` and says how many that makes in the present window, of all processes together. Windows
    /// are `window_seconds` long and lie one after the other. Nothing if Redis is not there or takes over 50 ms.
    pub async fn incr(&self, key: &str, window_seconds: u32) -> Option<u64> {
        let link = self.link.as_ref()?;
        let length = i64::from(window_seconds.max(1));
        let window = self.clock.now().timestamp().div_euclid(length);
        let name = link.key(&format!("count:{key}:{length}:{window}"));
        let mut commands = redis::pipe();
        commands.cmd("INCR").arg(&name);
        // The name is never used again after its window, so it need not end at the exact second.
        commands.cmd("EXPIRE").arg(&name).arg(2 * length).ignore();
        let (count,) = link.run::<(u64,)>(&commands, COUNT_MAX).await?;
        Some(count)
    }
}
