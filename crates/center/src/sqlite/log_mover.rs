//! Moves what is committed from the log into the file, beside the one that commits: who commits waits for the
//! log alone, and not for the file as well.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result};
use rusqlite::Connection;

/// How often it looks whether anything was committed.
const LOOK_EACH: Duration = Duration::from_millis(250);

/// Works on a thread of its own until it is dropped. Without it, or where it fails, whoever commits moves the
/// log when it has grown long.
#[derive(Debug)]
pub struct LogMover {
    stopping: Arc<Stopping>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Stopping {
    is_told: Mutex<bool>,
    told: Condvar,
}

impl LogMover {
    /// Begins over a file that a ledger has open.
    pub fn start(path: &Path) -> Result<Self> {
        let connection = super::open(path)?;
        let stopping = Arc::new(Stopping::default());
        let until = Arc::clone(&stopping);
        let thread = std::thread::Builder::new()
            .name("log-mover".to_owned())
            .spawn(move || run(&connection, &until))
            .context("Starting the thread that moves the log")?;
        Ok(Self {
            stopping,
            thread: Some(thread),
        })
    }
}

impl Drop for LogMover {
    fn drop(&mut self) {
        *self.stopping.lock() = true;
        self.stopping.told.notify_one();
        if let Some(thread) = self.thread.take() {
            // What a panic left in the log is moved by the next who commits.
            drop(thread.join());
        }
    }
}

impl Stopping {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it was told within so long.
    fn within(&self, long: Duration) -> bool {
        let waited = self
            .told
            .wait_timeout_while(self.lock(), long, |is_told| !*is_told);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn run(connection: &Connection, stopping: &Stopping) {
    let mut moved = None;
    while !stopping.within(LOOK_EACH) {
        // A fault shows where it counts, at a commit; here it is tried again.
        if let Ok(seen) = move_after(connection, moved) {
            moved = Some(seen);
        }
    }
}

/// Moves what others have committed since `moved`; what is there now.
fn move_after(connection: &Connection, moved: Option<i64>) -> rusqlite::Result<i64> {
    let seen = connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
    if moved != Some(seen) {
        // Neither readers nor the one that writes are waited for.
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_comes_into_the_file_and_nothing_is_done_twice() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("center.db");
        let writer = super::super::open(&path).unwrap();
        let mover = super::super::open(&path).unwrap();
        let first = move_after(&mover, None).unwrap();
        let n_bytes = || std::fs::metadata(&path).unwrap().len();
        let before = n_bytes();
        let body = "水".repeat(100_000);
        let sql = "INSERT INTO record (kind, key, body) VALUES ('k', ?1, ?2)";
        writer.execute(sql, ["a", &body]).unwrap();
        assert_eq!(n_bytes(), before, "it is in the log");
        let second = move_after(&mover, Some(first)).unwrap();
        assert!(second != first && n_bytes() > before);
        assert_eq!(move_after(&mover, Some(second)).unwrap(), second);
    }

    #[test]
    fn it_ends_when_it_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("center.db");
        drop(super::super::open(&path).unwrap());
        drop(LogMover::start(&path).unwrap());
    }
}
