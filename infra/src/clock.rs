//! The system's clock, behind the domain's trait.

use domain::time::{Clock, Instant};

/// The clock of the machine, truncated to milliseconds so that both databases store it exactly.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> Instant {
        let now = chrono::Utc::now();
        Instant::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now)
    }
}
