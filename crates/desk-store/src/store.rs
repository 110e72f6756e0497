//! One writer, many readers.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::analysis::PackedOrder;
use crate::fault::{OpenError, StoreFault};
use crate::folder::{self, FolderLock};
use crate::key::DatabaseKey;
use crate::order_told::{OrderNewsBoard, OrderPosition};
use crate::{audit, connection, migration};

/// Readers at a time; the next one waits. A desk has one window or a few.
pub const READERS_MAX: usize = 4;
/// Up to this size a file is read through at every start; it costs two tenths of a second. A larger
/// one is for [`Store::check`] to read through in the background.
const CHECKED_AT_START_MAX_BYTES: u64 = 16 << 20;

/// The desk's database, open.
pub struct Store {
    // In the order in which they are closed: the last connection moves the WAL into the file, and
    // the folder is let go of after that.
    pool: Pool,
    writer: Mutex<Writer>,
    order_news: Arc<OrderNewsBoard>,
    path: PathBuf,
    key: DatabaseKey,
    _lock: FolderLock,
}

/// Reads one moment of the store.
#[derive(Debug)]
pub struct Reader {
    connection: Connection,
}

/// Reads and changes the store, inside one transaction. Whatever a [`Reader`] can read, it can.
#[derive(Debug)]
pub struct Writer {
    reader: Reader,
    /// Orders that the transaction under way has drawn or taken out.
    drawn_orders: BTreeSet<OrderPosition>,
    /// What it has counted of orders, none for one that was taken out; written as it ends.
    pub(crate) counted: BTreeMap<OrderPosition, Option<PackedOrder>>,
    /// The connection is ready for much at once.
    expects_much: bool,
}

impl Store {
    /// Opens the database of `folder`, creating or migrating it where needed.
    ///
    /// SQLite cannot tell a wrong key from a damaged first page. `key` comes from
    /// [`crate::KeySlots`], which have compared it with its check value; so what cannot be
    /// read here is damaged. A file that is found damaged or too new is left as it was, byte by
    /// byte.
    pub fn open(folder: &Path, key: &DatabaseKey) -> Result<Self, OpenError> {
        connection::check_library()?;
        std::fs::create_dir_all(folder)?;
        let lock = FolderLock::take(folder)?;
        let path = folder.join(folder::DATABASE);
        folder::create_private(&path)?;
        let mut writer = connection::open_writer(&path, key)?;
        migration::check_version(&writer)?;
        if path.metadata()?.len() <= CHECKED_AT_START_MAX_BYTES {
            check(&writer)?;
        }
        migration::migrate(&mut writer)?;
        writer.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
        let key = DatabaseKey::from_bytes(key.as_bytes())
            .ok_or_else(|| anyhow::anyhow!("A key has 32 bytes"))?;
        let store = Self {
            pool: Pool::default(),
            writer: Mutex::new(Writer {
                reader: Reader { connection: writer },
                drawn_orders: BTreeSet::new(),
                counted: BTreeMap::new(),
                expects_much: false,
            }),
            order_news: Arc::default(),
            path,
            key,
            _lock: lock,
        };
        store.commit(Writer::ensure_store_id)?;
        Ok(store)
    }

    /// Moves the database and its keys of `folder` into a new sub folder, and returns that. For a
    /// fresh start after damage; nothing is deleted. Fails while a program has the folder open.
    pub fn set_aside(folder: &Path, now: DateTime<Utc>) -> std::io::Result<PathBuf> {
        folder::set_aside(folder, now)
    }

    /// Reads through the whole file and tells whether every page is in order. Takes a reader for
    /// as long as that lasts: seconds for a hundred megabytes, minutes for gigabytes.
    pub fn check(&self) -> Result<(), StoreFault> {
        let slot = self.pool.take(|| self.open_reader())?;
        check(&slot.reader()?.connection)
    }

    /// Reads with one of [`READERS_MAX`] connections. Everything read inside `query` is of one
    /// moment, whatever is committed meanwhile. Do not read or change the store inside a read: with
    /// all connections taken that would wait for itself. A debug build asserts it.
    pub fn read<T>(&self, query: impl FnOnce(&Reader) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let _reading = Reading::begin();
        let slot = self.pool.take(|| self.open_reader())?;
        let reader = slot.reader()?;
        reader
            .connection
            .execute_batch("BEGIN DEFERRED")
            .map_err(StoreFault::from)?;
        query(reader)
        // Dropping the slot ends the transaction, in a panic too.
    }

    /// Changes the store: all of `change`, on the disk, or nothing, after an error, a full disk or
    /// a panic. The first change of a call that is recorded ([`crate::audited`]) keeps its entry too.
    pub fn commit<T, E: From<StoreFault>>(
        &self,
        change: impl FnOnce(&mut Writer) -> Result<T, E>,
    ) -> Result<T, E> {
        debug_assert!(!Reading::is_under_way(), "A change inside a read");
        let mut writer = self.lock_writer();
        self.renew(&mut writer)?;
        let mut transaction = Transaction::begin(&mut writer)?;
        let value = change(transaction.writer)?;
        transaction.writer.keep_counts()?;
        let takes_up = audit::take_up(transaction.writer)?;
        transaction.commit()?;
        if takes_up {
            audit::taken_up();
        }
        let drawn = std::mem::take(&mut transaction.writer.drawn_orders);
        self.order_news.post(drawn);
        Ok(value)
    }

    /// Much will be written, or no longer: more memory and a longer log make it faster.
    pub fn expect_much(&self, is_much: bool) -> Result<(), StoreFault> {
        let mut writer = self.lock_writer();
        if writer.expects_much != is_much {
            connection::expect(&writer.reader.connection, is_much)?;
            writer.expects_much = is_much;
        }
        Ok(())
    }

    /// Moves the log into the file and empties it. While somebody reads what was before, it stays.
    pub(crate) fn truncate_log(&self) -> Result<(), StoreFault> {
        let writer = self.lock_writer();
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let is_busy: bool = writer
            .reader
            .connection
            .query_row(sql, [], |row| row.get(0))?;
        if is_busy {
            return Err(StoreFault::Busy);
        }
        Ok(())
    }

    /// What is new of the orders, for one who keeps them in memory.
    pub fn order_news(&self) -> Arc<OrderNewsBoard> {
        Arc::clone(&self.order_news)
    }

    /// Puts another connection in the place of one that a failed read has left of no use.
    fn renew(&self, writer: &mut Writer) -> Result<(), StoreFault> {
        if !connection::is_usable(&writer.reader.connection) {
            tracing::warn!("The writer's connection is opened again after a failed read");
            let connection = connection::open_writer(&self.path, &self.key)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
            writer.reader = Reader { connection };
            writer.expects_much = false;
        }
        Ok(())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn key(&self) -> &DatabaseKey {
        &self.key
    }

    fn open_reader(&self) -> Result<Reader, StoreFault> {
        let connection = connection::open_reader(&self.path, &self.key)?;
        Ok(Reader { connection })
    }

    /// A panic inside a change poisons the mutex; its transaction has been rolled back by then, so
    /// the writer is as good as before.
    fn lock_writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the file grow to `n_pages` pages and no further: a full disk for tests. 0 asks.
    #[cfg(any(test, feature = "full-disk"))]
    #[expect(clippy::unwrap_used, reason = "for tests")]
    pub fn limit_pages(&self, n_pages: u32) -> u32 {
        let writer = self.lock_writer();
        let pragma = format!("PRAGMA max_page_count = {n_pages}");
        let query = writer
            .reader
            .connection
            .query_row(&pragma, [], |row| row.get(0));
        query.unwrap()
    }
}

impl Store {
    /// Runs SQL past everything that keeps the store in order: somebody with the key, for tests.
    #[cfg(any(test, feature = "full-disk"))]
    pub fn as_attacker(&self, sql: &str) -> Result<(), StoreFault> {
        self.commit(|writer| Ok(writer.reader.connection.execute_batch(sql)?))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Reader {
    /// Reads another file than the store's own.
    pub(crate) fn over(connection: Connection) -> Self {
        Self { connection }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }
}

impl Writer {
    pub(crate) fn note_order(&mut self, position: OrderPosition) {
        self.drawn_orders.insert(position);
    }
}

impl Deref for Writer {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

/// A change under way; dropped without [`Self::commit`], it never was.
struct Transaction<'a> {
    writer: &'a mut Writer,
}

impl<'a> Transaction<'a> {
    fn begin(writer: &'a mut Writer) -> Result<Self, StoreFault> {
        roll_back(&writer.reader.connection);
        writer.drawn_orders.clear();
        writer.counted.clear();
        writer.reader.connection.execute_batch("BEGIN IMMEDIATE")?;
        Ok(Self { writer })
    }

    fn commit(&mut self) -> Result<(), StoreFault> {
        Ok(self.writer.reader.connection.execute_batch("COMMIT")?)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        roll_back(&self.writer.reader.connection);
    }
}

/// Ends an open transaction without keeping it. SQLite has ended it already after some errors.
fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = connection.execute_batch("ROLLBACK")
    {
        tracing::error!(%error, "Rolling back failed");
    }
}

/// A read that this thread is in, until it is dropped.
struct Reading;

impl Reading {
    fn begin() -> Self {
        let was_reading = IS_READING.replace(true);
        debug_assert!(!was_reading, "A read inside a read");
        Self
    }

    fn is_under_way() -> bool {
        IS_READING.get()
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        IS_READING.set(false);
    }
}

thread_local! {
    static IS_READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether every page can be read and makes sense.
pub(crate) fn check(connection: &Connection) -> Result<(), StoreFault> {
    let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        Ok(())
    } else {
        Err(StoreFault::damaged(answer))
    }
}

/// The readers: opened when first needed, kept for the next.
#[derive(Default)]
struct Pool {
    state: Mutex<PoolState>,
    returned: Condvar,
}

#[derive(Default)]
struct PoolState {
    idle: Vec<Reader>,
    n_taken: usize,
}

impl Pool {
    fn take(
        &self,
        open: impl FnOnce() -> Result<Reader, StoreFault>,
    ) -> Result<ReaderSlot<'_>, StoreFault> {
        let mut state = self.lock();
        while state.n_taken >= READERS_MAX {
            state = self
                .returned
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.n_taken += 1;
        let idle = state.idle.pop();
        drop(state);
        // From here on dropping the slot gives the place back, whether or not opening succeeds.
        let mut slot = ReaderSlot {
            pool: self,
            reader: idle,
        };
        if slot.reader.is_none() {
            slot.reader = Some(open()?);
        }
        Ok(slot)
    }

    fn lock(&self) -> MutexGuard<'_, PoolState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the readers, given back when dropped.
struct ReaderSlot<'a> {
    pool: &'a Pool,
    reader: Option<Reader>,
}

impl ReaderSlot<'_> {
    fn reader(&self) -> Result<&Reader, StoreFault> {
        let reader = self.reader.as_ref();
        Ok(reader.ok_or_else(|| anyhow::anyhow!("A taken slot has a reader"))?)
    }
}

impl Drop for ReaderSlot<'_> {
    fn drop(&mut self) {
        let reader = self.reader.take();
        if let Some(reader) = &reader {
            roll_back(&reader.connection);
        }
        // One that cannot end its transaction would show the same moment for ever.
        let is_good = |reader: &Reader| {
            reader.connection.is_autocommit() && connection::is_usable(&reader.connection)
        };
        let reader = reader.filter(is_good);
        let mut state = self.pool.lock();
        state.n_taken -= 1;
        state.idle.extend(reader);
        drop(state);
        self.pool.returned.notify_one();
    }
}
