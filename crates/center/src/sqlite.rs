//! The database of a county: one SQLite file, WAL, `synchronous=FULL`. The ledger that writes and the
//! records beside it share a connection, so that what one writes does not empty the other's pages; whoever
//! reads beside them has connections of their own. While a server runs, [`LogMover`] moves what is committed
//! from the log into the file.
//!
//! Not encrypted: the center's disk is (protection.md), and the portal reads what it serves.

mod copy;
mod ledger;
mod ledger_tables;
mod log_mover;
mod records;

use std::ops::Deref;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

pub use copy::{check_sqlite, copy_sqlite};
pub use ledger::SqliteLedger;
pub use log_mover::LogMover;
pub use records::SqliteRecords;

/// Before this, the reset of a WAL could silently lose committed changes.
const SQLITE_OLDEST: i32 = 3_051_003;
/// How long one connection waits while another writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
const STATEMENTS_MAX: usize = 64;
/// Pages that a connection keeps, in KiB.
const CACHE_KIB: i64 = 32 << 10;
/// Pages in the log at which whoever commits moves them into the file; before that [`LogMover`] has moved them.
const LOG_PAGES: u32 = 16 << 10;

/// From each version to the next; steps are only added.
const STEPS: [&str; 4] = [
    ledger_tables::CREATE,
    records::CREATE,
    ledger_tables::ADD_COVER,
    ledger_tables::INTENTS_BY_ROW,
];

/// A connection, for one at a time.
#[derive(Debug, Clone)]
struct Shared(Arc<Mutex<Connection>>);

impl Shared {
    fn open(path: &Path) -> Result<Self> {
        Ok(Self(Arc::new(Mutex::new(open(path)?))))
    }

    /// A change that a panic left by halves is rolled back by the next.
    fn lock(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the file with everything that every connection needs, creating it where it is missing.
fn open(path: &Path) -> Result<Connection> {
    let connection =
        Connection::open(path).with_context(|| format!("Opening {}", path.display()))?;
    prepare(&connection).with_context(|| format!("Opening {}", path.display()))?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> Result<()> {
    ensure!(
        rusqlite::version_number() >= SQLITE_OLDEST,
        "SQLite {} may lose commits",
        rusqlite::version()
    );
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Without it a statement over a partial index is prepared anew for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    ensure!(mode == "wal", "The file system has no WAL, only {mode}");
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;
         PRAGMA secure_delete = ON;",
    )?;
    migrate(connection)
}

fn migrate(connection: &Connection) -> Result<()> {
    let known = u32::try_from(STEPS.len())?;
    let change = Change::begin(connection)?;
    let found: u32 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    ensure!(
        found <= known,
        "The file is of version {found}, this program knows {known}"
    );
    if found == known {
        return Ok(());
    }
    for step in STEPS.iter().skip(usize::try_from(found)?) {
        change.execute_batch(step)?;
    }
    change.pragma_update(None, "user_version", known)?;
    change.commit()?;
    Ok(())
}

/// A transaction that writes; dropped without [`Change::commit`], it never was.
struct Change<'a>(&'a Connection);

impl<'a> Change<'a> {
    fn begin(connection: &'a Connection) -> rusqlite::Result<Self> {
        begin(connection)?;
        Ok(Self(connection))
    }

    /// The one that [`Ledger::begin`](crate::Ledger::begin) began, or a new one.
    fn go_on(connection: &'a Connection) -> rusqlite::Result<Self> {
        if connection.is_autocommit() {
            return Self::begin(connection);
        }
        Ok(Self(connection))
    }

    fn commit(self) -> rusqlite::Result<()> {
        self.0.execute_batch("COMMIT")
    }
}

impl Deref for Change<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.0
    }
}

impl Drop for Change<'_> {
    fn drop(&mut self) {
        // One that cannot be rolled back now is when the next begins.
        drop(roll_back(self.0));
    }
}

/// Waits for other connections at its beginning; one that began by reading would be refused as soon as it wants
/// to write over what another has written meanwhile.
fn begin(connection: &Connection) -> rusqlite::Result<()> {
    roll_back(connection)?;
    connection.execute_batch("BEGIN IMMEDIATE")
}

/// Ends what was begun and is not to be kept. SQLite has ended it already after some errors.
fn roll_back(connection: &Connection) -> rusqlite::Result<()> {
    if connection.is_autocommit() {
        return Ok(());
    }
    connection.execute_batch("ROLLBACK")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_a_newer_program_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("center.db");
        let connection = open(&path).unwrap();
        connection
            .pragma_update(None, "user_version", STEPS.len() + 1)
            .unwrap();
        drop(connection);
        assert!(open(&path).is_err());
    }

    #[test]
    fn a_file_from_before_the_records_gets_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("center.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch(STEPS[0]).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        drop(connection);
        let connection = open(&path).unwrap();
        let n = connection.query_row("SELECT count(*) FROM record", [], |row| row.get(0));
        assert_eq!(n, Ok(0));
    }

    #[test]
    fn intents_of_before_are_where_they_are_looked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("center.db");
        let connection = Connection::open(&path).unwrap();
        for step in &STEPS[..3] {
            connection.execute_batch(step).unwrap();
        }
        connection.pragma_update(None, "user_version", 3).unwrap();
        let sql = "INSERT INTO intent (desk, number, id, seq, hash, envelope)
                   VALUES ('W02', 1, 'b', 3, zeroblob(32), 'of b'),
                          ('W01', 2, 'c', 2, zeroblob(32), 'of c'),
                          ('W01', 1, 'a', 1, zeroblob(32), 'of a')";
        connection.execute(sql, []).unwrap();
        drop(connection);
        let connection = open(&path).unwrap();
        let sql = "SELECT group_concat(desk || number || id || seq || envelope, ' ') FROM
                   (SELECT * FROM intent WHERE length(hash) = 32 ORDER BY desk, number)";
        let there: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
        assert_eq!(there, "W011a1of a W012c2of c W021b3of b");
        let sql = "INSERT INTO intent (desk, number, id, seq, hash, envelope)
                   VALUES ('W01', 2, 'd', 4, zeroblob(32), '')";
        assert!(connection.execute(sql, []).is_err());
    }

    #[test]
    fn what_was_begun_and_not_committed_never_was() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("center.db")).unwrap();
        let put = "INSERT INTO record (kind, key, body) VALUES ('k', 'a', '{}')";
        let n = || -> u32 {
            let sql = "SELECT count(*) FROM record";
            connection.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        let change = Change::begin(&connection).unwrap();
        change.execute(put, []).unwrap();
        drop(change);
        assert_eq!(n(), 0);
        // Somebody left one open: who goes on keeps it, who begins does not.
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        connection.execute(put, []).unwrap();
        Change::go_on(&connection).unwrap().commit().unwrap();
        assert_eq!(n(), 1);
        connection
            .execute_batch("BEGIN IMMEDIATE; DELETE FROM record;")
            .unwrap();
        Change::begin(&connection).unwrap().commit().unwrap();
        assert_eq!(n(), 1);
    }
}
