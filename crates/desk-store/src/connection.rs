//! Opening one connection to the encrypted file, with everything every connection needs.

use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use crate::fault::{OpenError, StoreFault};
use crate::key::DatabaseKey;

/// Before this, the reset of a WAL could silently lose committed changes.
const SQLITE_OLDEST: i32 = 3_051_003;
/// How long a connection waits for a lock. Writers queue in a mutex, so only a checkpoint at the
/// end of another connection is ever waited for.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// What is left of the WAL's file after a large change.
const LOG_KEPT_BYTES: i64 = 16 << 20;
/// Prepared statements kept by each connection: all we have, with room.
const STATEMENTS_MAX: usize = 256;
/// Pages that stay deciphered, in KiB: the writer comes back to the same ends of many trees.
const WRITER_CACHE_KIB: i64 = 16 << 10;
/// While a new desk reads everything, which no other time has so much of.
const WRITER_CACHE_FOR_MUCH_KIB: i64 = 192 << 10;
/// Pages in the log before they are moved into the file: as SQLite has it, and where much is written to the same
/// pages again and again.
const LOG_PAGES: i64 = 1_000;
const LOG_PAGES_FOR_MUCH: i64 = 16_000;

/// Refuses to run on an SQLite that may lose commits, or on one without encryption.
pub(crate) fn check_library() -> Result<(), OpenError> {
    if rusqlite::version_number() < SQLITE_OLDEST {
        let found = rusqlite::version().to_owned();
        return Err(OpenError::SqliteTooOld { found });
    }
    Ok(())
}

/// The connection that writes. Changes nothing in a file that it cannot read.
pub(crate) fn open_writer(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreFault> {
    let connection = open(path, key)?;
    // Until the file has been found in order, closing must not move the WAL into it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0))?;
    let mode: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        // Without it readers and the writer would wait for each other.
        return Err(anyhow::anyhow!("The folder's file system has no WAL, only {mode}").into());
    }
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;",
    )?;
    connection.pragma_update(None, "journal_size_limit", LOG_KEPT_BYTES)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    Ok(connection)
}

/// Readies the connection that writes for much at once, or for the usual.
pub(crate) fn expect(connection: &Connection, is_much: bool) -> Result<(), StoreFault> {
    let (cache_kib, log_pages) = if is_much {
        (WRITER_CACHE_FOR_MUCH_KIB, LOG_PAGES_FOR_MUCH)
    } else {
        (WRITER_CACHE_KIB, LOG_PAGES)
    };
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.query_row(
        &format!("PRAGMA wal_autocheckpoint = {log_pages}"),
        [],
        |_| Ok(()),
    )?;
    Ok(())
}

/// A connection that can only read.
pub(crate) fn open_reader(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreFault> {
    let connection = open(path, key)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    Ok(connection)
}

/// Whether the cipher still works. Once a page could not be read it refuses every page from then on,
/// though the file is in order and the disk may be, too; only another connection helps.
pub(crate) fn is_usable(connection: &Connection) -> bool {
    let status = connection.query_row("PRAGMA cipher_status", [], |row| row.get::<_, String>(0));
    status.is_ok_and(|status| status == "1")
}

/// Once for the program, before anything is opened. SQLite says that it is ready a moment before SQLCipher is, and
/// who opens an encrypted file in that moment, on another thread, is refused the key.
fn make_ready() {
    static READY: Once = Once::new();
    READY.call_once(|| {
        // Otherwise what ciphers is torn down when the program ends, under threads that still read.
        openssl_sys::init();
        // Whether it can be opened is asked of the file that is wanted.
        drop(Connection::open_in_memory());
    });
}

fn open(path: &Path, key: &DatabaseKey) -> Result<Connection, StoreFault> {
    make_ready();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    // What it would write to stderr comes to us as an error anyway.
    connection.execute_batch("PRAGMA cipher_log_level = NONE;")?;
    let pragma = Zeroizing::new(format!("PRAGMA key = \"{}\";", *key.pragma_literal()));
    connection.execute_batch(&pragma)?;
    let cipher = connection
        .query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0))
        .unwrap_or_default();
    if cipher.is_empty() {
        // Without SQLCipher `PRAGMA key` does nothing and says nothing.
        return Err(anyhow::anyhow!("SQLite was built without SQLCipher").into());
    }
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Without it a statement over a partial index is prepared anew for every value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;")?;
    Ok(connection)
}
