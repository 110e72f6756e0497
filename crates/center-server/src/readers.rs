//! Connections that only read, beside the writer. Each is used by one at a time, off the runtime.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use tokio::sync::Semaphore;

use crate::database::{AnyLedger, AnyRecords, Database};

/// Connections at most. Whoever comes when all are in use waits for one.
const READERS_MAX: usize = 8;

/// One connection.
pub struct Reader {
    pub ledger: AnyLedger,
    pub records: AnyRecords,
}

/// All of them. Clones are handles to the same.
#[derive(Clone)]
pub struct Readers {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    idle: Mutex<Vec<Reader>>,
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn new(database: Database) -> Self {
        Self {
            shared: Arc::new(Shared {
                database,
                idle: Mutex::new(Vec::new()),
                permits: Semaphore::new(READERS_MAX),
            }),
        }
    }

    /// Opens a connection for a thread that keeps it.
    pub(crate) fn open(&self) -> Result<Reader> {
        let database = &self.shared.database;
        Ok(Reader {
            ledger: database.open_reader()?,
            records: database.open_records()?,
        })
    }

    /// Reads, on a thread that may wait for the disk.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.shared.permits.acquire().await;
        let _permit = permit.context("Waiting for a reader")?;
        let readers = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let reader = match readers.idle().pop() {
                Some(reader) => reader,
                None => readers.open()?,
            };
            let done = work(&reader);
            readers.idle().push(reader);
            done
        });
        done.await.context("Reading")?
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Reader>> {
        let idle = self.shared.idle.lock();
        idle.unwrap_or_else(PoisonError::into_inner)
    }
}
