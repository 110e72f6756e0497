//! Where the ledger and the records are kept: SQLite in the data folder, or what `--database` names.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use center::{Ledger, Records, SqliteLedger, SqliteRecords};

pub type AnyLedger = Box<dyn Ledger + Send>;
pub type AnyRecords = Box<dyn Records + Send>;

/// Which store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    Sqlite(PathBuf),
}

impl Database {
    /// Reads what stands after `--database`.
    pub fn parse(text: &str) -> Result<Self> {
        match text.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            Some(_) | None => bail!("数据库应写作 sqlite:文件"),
        }
    }

    /// The file, for a database that is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
        }
    }

    /// Opens a connection of its own to the ledger. Only the writer's is written to.
    pub fn open_ledger(&self) -> Result<AnyLedger> {
        match self {
            Self::Sqlite(path) => Ok(Box::new(SqliteLedger::open(path)?)),
        }
    }

    /// One that reads beside it. Any number may be open.
    pub fn open_reader(&self) -> Result<AnyLedger> {
        self.open_ledger()
    }

    /// Opens a connection of its own to the records. Only the writer's is written to.
    pub fn open_records(&self) -> Result<AnyRecords> {
        match self {
            Self::Sqlite(path) => Ok(Box::new(SqliteRecords::open(path)?)),
        }
    }
}
