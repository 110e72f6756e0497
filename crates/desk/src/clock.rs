//! The only place where the desk reads the time.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time; tests bring one they can move.
pub trait Clock: Send + Sync {
    /// The present instant, to the millisecond: what is stored is what was decided upon.
    fn now(&self) -> DateTime<Utc>;

    /// Milliseconds that this program has been running, by a clock that nobody sets.
    fn uptime_ms(&self) -> u64 {
        static STARTED: OnceLock<Instant> = OnceLock::new();
        let running = STARTED.get_or_init(Instant::now).elapsed();
        u64::try_from(running.as_millis()).unwrap_or(u64::MAX)
    }
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        let now = std::time::SystemTime::now();
        let since_epoch = now
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        to_millisecond(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The computer's clock, moved by the number of seconds that stands in a file. Only a build with
/// debug assertions uses it, for tests that let days pass in a real window.
#[derive(Debug, Clone)]
pub struct ShiftedClock {
    pub file: PathBuf,
}

impl Clock for ShiftedClock {
    fn now(&self) -> DateTime<Utc> {
        let shift = std::fs::read_to_string(&self.file).ok();
        let seconds = shift.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        SystemClock.now() + TimeDelta::seconds(seconds)
    }
}

fn to_millisecond(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or(DateTime::UNIX_EPOCH)
}
