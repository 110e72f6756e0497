//! The only place where the center reads the time.

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time; tests bring one they can move.
pub trait Clock: Send + Sync {
    /// The present instant, to the millisecond: what is stored is what was decided upon.
    fn now(&self) -> DateTime<Utc>;
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
        let milliseconds = i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX);
        DateTime::from_timestamp_millis(milliseconds).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// The computer's clock, moved by the number of seconds that stands in a file. Only a build with
/// debug assertions uses it, for tests that let days pass.
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
