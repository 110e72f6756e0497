//! The database of a county: one SQLite file, WAL, `synchronous=FULL`. The ledger and the records
//! have a connection each.
//!
//! Not encrypted: the center's disk is (protection.md), and the portal reads what it serves.

mod copy;
mod ledger;
mod records;

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use copy::{check_sqlite, copy_sqlite};
pub use ledger::SqliteLedger;
pub use records::SqliteRecords;

/// Before this, the reset of a WAL could silently lose committed changes.
const SQLITE_OLDEST: i32 = 3_051_003;
/// How long one connection waits while another writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
const STATEMENTS_MAX: usize = 64;
/// Pages that a connection keeps, in KiB.
const CACHE_KIB: i64 = 32 << 10;

/// From each version to the next; steps are only added.
const STEPS: [&str; 3] = [ledger::CREATE, records::CREATE, ledger::ADD_COVER];

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
    let transaction = begin(connection)?;
    let found: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    ensure!(
        found <= known,
        "The file is of version {found}, this program knows {known}"
    );
    if found == known {
        return Ok(());
    }
    for step in STEPS.iter().skip(usize::try_from(found)?) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

/// A transaction that writes. It waits for the other connection at its beginning; one that began by
/// reading would be refused as soon as it wants to write over what the other has written meanwhile.
fn begin(connection: &Connection) -> Result<Transaction<'_>> {
    let behavior = TransactionBehavior::Immediate;
    Ok(Transaction::new_unchecked(connection, behavior)?)
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
}
