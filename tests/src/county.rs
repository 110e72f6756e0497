//! A county: a center and several desks, each a real process with a folder of its own, and between
//! them lines that can be cut. All of them can be ended as a power cut would.

mod center;
mod child;
mod desk;
mod line;

pub use self::center::CenterProcess;
pub use self::desk::{CallFault, DeskProcess};
pub use self::line::{Line, LineState};

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long something may take until all is quiet again.
const QUIET_PATIENCE: Duration = Duration::from_mins(4);

/// Looks at a condition until it holds; an error of it counts as not yet.
pub fn wait_until(what: &str, mut holds: impl FnMut() -> Result<bool>) -> Result<()> {
    let began = Instant::now();
    loop {
        let found = holds();
        if matches!(found, Ok(true)) {
            return Ok(());
        }
        if began.elapsed() > QUIET_PATIENCE {
            bail!("still not: {what} ({found:?})");
        }
        std::thread::sleep(crate::LOOK_EVERY);
    }
}
