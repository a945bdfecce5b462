//! The numbers of this process, for `/metrics`.

use crate::http::traffic::Traffic;
use infra::booking::desk::Desk;
use infra::database::Database;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric, text};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What every metric's name begins with.
const PREFIX: &str = "changqing";

/// All numbers of one process.
#[derive(Debug)]
pub struct Metrics {
    registry: Mutex<Registry>,
    /// The routes' numbers, counted by the layer around them.
    pub traffic: Arc<Traffic>,
}

impl Default for Metrics {
    fn default() -> Self {
        let traffic = Arc::new(Traffic::default());
        let mut registry = Registry::with_prefix(PREFIX);
        registry.register_collector(Box::new(Arc::clone(&traffic)));
        Self { registry: Mutex::new(registry), traffic }
    }
}

impl Metrics {
    /// Adds numbers that are read each time `/metrics` is.
    pub fn add(&self, numbers: impl Collector) {
        self.registry.lock().unwrap_or_else(PoisonError::into_inner).register_collector(Box::new(numbers));
    }

    /// OpenMetrics 1.0.
    pub fn text(&self) -> Result<String, fmt::Error> {
        let mut written = String::new();
        text::encode(&mut written, &self.registry.lock().unwrap_or_else(PoisonError::into_inner))?;
        Ok(written)
    }
}

/// What the desk has done, and how much waits for it.
pub struct DeskNumbers(pub Desk);

impl fmt::Debug for DeskNumbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeskNumbers")
    }
}

impl Collector for DeskNumbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        for (name, help, value) in self.0.figures().all() {
            let metric = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            ConstCounter::new(value).encode(metric)?;
        }
        let waiting =
            encoder.encode_descriptor("desk_queued", "Commands that wait", None, MetricType::Gauge)?;
        ConstGauge::new(i64::try_from(self.0.queued()).unwrap_or(i64::MAX)).encode(waiting)
    }
}

/// The connections to the database.
#[derive(Debug)]
pub struct ConnectionNumbers(pub Database);

impl Collector for ConnectionNumbers {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let pools = self.0.pools();
        let mut metric = encoder.encode_descriptor(
            "database_connections",
            "Connections to the database, by pool and whether one is in use",
            None,
            MetricType::Gauge,
        )?;
        for (pool, open, idle) in pools {
            let idle = i64::try_from(idle).unwrap_or(i64::MAX);
            for (state, count) in [("used", i64::from(open).saturating_sub(idle)), ("idle", idle)] {
                let labels = [("pool", pool), ("state", state)];
                ConstGauge::new(count).encode(metric.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }
}
