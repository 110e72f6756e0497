//! 移出本机 and 调阅: what was said in orders that are long over is put away while the center can be reached, a
//! few orders at a time, and comes back when somebody opens one.

use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::TimeDelta;
use desk_store::SyncLedger;
use wire::Entry;

use super::driver::Driver;
use super::shown::NotBroughtBack;

/// How often the desk looks for what is due.
const EACH: Duration = Duration::from_secs(3_600);
/// Orders at a time: no submit waits long for them.
const ORDERS: usize = 100;
/// How long what was asked for stays.
const BACK_FOR_HOURS: i64 = 24;
const CHANGED: &[&str] = &["work_orders"];

/// How far the desk is with it.
#[derive(Debug, Default)]
pub(super) struct PuttingAway {
    /// When it was looked for and nothing was left.
    done: Option<Instant>,
    /// Something was put away since what was overwritten was taken off the disk.
    is_on_disk: bool,
}

impl PuttingAway {
    /// Puts away what is due, when it is time; the last of it takes all of it off the disk.
    pub(super) fn go_on(&mut self, driver: &mut Driver) {
        if self.done.is_some_and(|done| done.elapsed() < EACH) {
            return;
        }
        let stepped = step(driver);
        self.is_on_disk |= stepped.as_ref().is_ok_and(|n| *n > 0);
        if stepped.as_ref().is_ok_and(|n| *n == ORDERS) {
            return;
        }
        self.done = Some(Instant::now());
        let ended = stepped.and_then(|_few| {
            if self.is_on_disk {
                driver.store.shred()?;
            }
            Ok(())
        });
        match ended {
            Ok(()) => self.is_on_disk = false,
            Err(error) => {
                tracing::error!(error = format!("{error:#}"), "not all is put away");
            }
        }
    }
}

/// Puts away the next that are due; how many there were.
pub(super) fn step(driver: &mut Driver) -> Result<usize> {
    let Some(days) = driver.keep_days else {
        return Ok(0);
    };
    let now = driver.clock.now();
    let before = now - TimeDelta::days(i64::from(days));
    let (drawing, tables) = (&driver.drawing, &driver.tables);
    let mut ledger = SyncLedger::new(&driver.store, |writer, touched| {
        drawing.redraw(writer, touched, tables)
    });
    let n = ledger.put_away(before, now, ORDERS)?;
    if n > 0 {
        driver.folding.forget();
        tracing::info!(n, "what was said in orders that are long over was put away");
        tell(driver);
    }
    Ok(n)
}

/// Takes what the center told, if it is what was put away.
pub(super) fn take_back(driver: &mut Driver, subject: &str, entries: Option<Vec<Entry>>) {
    let taken = match entries {
        Some(entries) => taken(driver, subject, &entries),
        None => Ok(Some(NotBroughtBack::NotTold)),
    };
    let failed = taken.unwrap_or_else(|error| {
        tracing::error!(error = format!("{error:#}"), "a story is not taken back");
        Some(NotBroughtBack::NotTold)
    });
    driver.shown.change(|known| match failed {
        Some(why) => known.not_brought_back.insert(subject.to_owned(), why),
        None => known.not_brought_back.remove(subject),
    });
    tell(driver);
}

fn taken(driver: &Driver, subject: &str, entries: &[Entry]) -> Result<Option<NotBroughtBack>> {
    let until = driver.clock.now() + TimeDelta::hours(BACK_FOR_HOURS);
    let (drawing, tables) = (&driver.drawing, &driver.tables);
    let mut ledger = SyncLedger::new(&driver.store, |writer, touched| {
        drawing.redraw(writer, touched, tables)
    });
    Ok(match ledger.bring_back(subject, entries, until)? {
        Ok(()) => None,
        Err(other) => {
            tracing::error!(subject, %other, "the center told something else");
            Some(NotBroughtBack::OtherStory)
        }
    })
}

fn tell(driver: &Driver) {
    if let Some(office) = driver.office.upgrade() {
        office.catch_up();
        office.tell_changed(CHANGED);
    }
}
