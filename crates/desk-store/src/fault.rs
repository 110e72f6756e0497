//! What can go wrong below the rules, told apart as far as somebody reacts to it.

use rusqlite::{ErrorCode, ffi};
use thiserror::Error;

/// Why reading or writing failed.
#[derive(Debug, Error)]
pub enum StoreFault {
    /// Nothing of the change was kept; the store goes on, and takes changes again once there is
    /// space.
    #[error("the disk is full")]
    DiskFull,
    /// A page cannot be read or does not make sense. What is there should be set aside, not
    /// written to.
    #[error("the database is damaged: {detail}")]
    Damaged { detail: String },
    /// Another connection kept the database locked for longer than a program of ours does.
    #[error("the database is busy")]
    Busy,
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

/// Why a store did not open.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Not a database of this key, or no longer one: SQLite cannot tell a wrong key from a damaged
    /// first page. The caller has compared the key with its check value, so it is damage.
    #[error("the database is damaged: {detail}")]
    Damaged { detail: String },
    /// Written by a newer program. Nothing was touched.
    #[error("the database has version {found}, this program knows {known}")]
    TooNew { found: u32, known: u32 },
    /// Another program works with this folder.
    #[error("another program has this folder open (process {pid:?})")]
    AnotherProgram { pid: Option<u32> },
    /// The program was built with an SQLite that can lose commits (before 3.51.3).
    #[error("SQLite {found} is too old")]
    SqliteTooOld { found: String },
    #[error("the disk is full")]
    DiskFull,
    #[error(transparent)]
    Storage(#[from] anyhow::Error),
}

impl StoreFault {
    pub(crate) fn damaged(detail: impl Into<String>) -> Self {
        let detail = detail.into();
        Self::Damaged { detail }
    }
}

impl From<rusqlite::Error> for StoreFault {
    fn from(error: rusqlite::Error) -> Self {
        let Some(&ffi::Error {
            code,
            extended_code,
        }) = error.sqlite_error()
        else {
            return Self::Other(error.into());
        };
        let is_one_of = |codes: &[ErrorCode]| codes.contains(&code);
        if is_one_of(&[ErrorCode::DiskFull]) || extended_code == ffi::SQLITE_IOERR_SHMSIZE {
            // The shared memory of the WAL could not grow: that, too, is a file in our folder.
            Self::DiskFull
        } else if is_one_of(&[ErrorCode::DatabaseCorrupt, ErrorCode::NotADatabase])
            || UNREADABLE.contains(&extended_code)
        {
            Self::damaged(error.to_string())
        } else if is_one_of(&[ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked]) {
            Self::Busy
        } else {
            Self::Other(error.into())
        }
    }
}

/// The I/O errors that say the bytes on the disk cannot be had or are not those we wrote.
const UNREADABLE: [i32; 6] = [
    ffi::SQLITE_IOERR_READ,
    ffi::SQLITE_IOERR_SHORT_READ,
    ffi::SQLITE_IOERR_DATA,
    ffi::SQLITE_IOERR_CORRUPTFS,
    ffi::SQLITE_IOERR_BADKEY,
    ffi::SQLITE_IOERR_CODEC,
];

impl From<StoreFault> for OpenError {
    fn from(fault: StoreFault) -> Self {
        match fault {
            StoreFault::DiskFull => Self::DiskFull,
            StoreFault::Damaged { detail } => Self::Damaged { detail },
            StoreFault::Busy => Self::AnotherProgram { pid: None },
            StoreFault::Other(error) => Self::Storage(error),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        StoreFault::from(error).into()
    }
}

impl From<std::io::Error> for OpenError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{QuotaExceeded, StorageFull};
        if [StorageFull, QuotaExceeded].contains(&error.kind()) {
            Self::DiskFull
        } else {
            Self::Storage(error.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_says_and_what_it_means() {
        let fault =
            |code| StoreFault::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None));
        assert!(matches!(fault(ffi::SQLITE_FULL), StoreFault::DiskFull));
        assert!(matches!(
            fault(ffi::SQLITE_IOERR_SHMSIZE),
            StoreFault::DiskFull
        ));
        assert!(matches!(
            fault(ffi::SQLITE_CORRUPT),
            StoreFault::Damaged { .. }
        ));
        assert!(matches!(
            fault(ffi::SQLITE_NOTADB),
            StoreFault::Damaged { .. }
        ));
        assert!(matches!(
            fault(ffi::SQLITE_IOERR_READ),
            StoreFault::Damaged { .. }
        ));
        assert!(matches!(fault(ffi::SQLITE_BUSY), StoreFault::Busy));
        assert!(matches!(
            fault(ffi::SQLITE_CONSTRAINT),
            StoreFault::Other(_)
        ));
        assert!(matches!(
            fault(ffi::SQLITE_IOERR_WRITE),
            StoreFault::Other(_)
        ));
    }
}
