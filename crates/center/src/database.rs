//! Where a center keeps what it keeps, chosen by one word: `sqlite:PATH` or `postgres://…`.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail, ensure};

use crate::ledger::Ledger;
use crate::postgres::{PostgresAddress, PostgresLedger, PostgresRecords};
use crate::records::Records;
use crate::sqlite::{LogMover, SqliteLedger, SqliteRecords};

const HOW_IT_IS_WRITTEN: &str = "数据库应写作 sqlite:文件 或 postgres://用户@主机/库名";

/// A ledger of whatever kind.
pub type AnyLedger = Box<dyn Ledger + Send>;
/// Records of whatever kind.
pub type AnyRecords = Box<dyn Records + Send>;

/// A database, not open yet.
#[derive(Debug, Clone)]
pub enum Database {
    Sqlite(PathBuf),
    Postgres(PostgresAddress),
}

impl Database {
    /// Reads what stands after `--database`.
    pub fn parse(text: &str) -> Result<Self> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            ensure!(!path.is_empty(), HOW_IT_IS_WRITTEN);
            return Ok(Self::Sqlite(PathBuf::from(path)));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(PostgresAddress::parse(text)?));
        }
        bail!(HOW_IT_IS_WRITTEN)
    }

    /// The file, for a database that is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// The ledger that writes, of which a center has one.
    pub fn open_ledger(&self) -> Result<AnyLedger> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(SqliteLedger::open(path)?),
            Self::Postgres(address) => Box::new(PostgresLedger::open(address)?),
        })
    }

    /// The same with the records that are written in turn with it.
    pub fn open_writer(&self) -> Result<(AnyLedger, AnyRecords)> {
        Ok(match self {
            Self::Sqlite(path) => {
                let ledger = SqliteLedger::open(path)?;
                let records = ledger.records();
                (Box::new(ledger), Box::new(records))
            }
            Self::Postgres(_) => (self.open_ledger()?, self.open_records()?),
        })
    }

    /// What keeps a database in order beside those that use it; `None` for one that does so itself.
    pub fn start_log_mover(&self) -> Result<Option<LogMover>> {
        self.file().map(LogMover::start).transpose()
    }

    /// One that reads beside it. Any number may be open.
    pub fn open_reader(&self) -> Result<AnyLedger> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(SqliteLedger::open_reader(path)?),
            Self::Postgres(address) => Box::new(PostgresLedger::open_reader(address)?),
        })
    }

    pub fn open_records(&self) -> Result<AnyRecords> {
        Ok(match self {
            Self::Sqlite(path) => Box::new(SqliteRecords::open(path)?),
            Self::Postgres(address) => Box::new(PostgresRecords::open(address)?),
        })
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "SQLite database {}", path.display()),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_database() {
        let shown = |text| Database::parse(text).map(|it| it.to_string());
        assert_eq!(shown("sqlite:a/b.db").unwrap(), "SQLite database a/b.db");
        let address = "postgres://c:s3cret@localhost/center";
        assert_eq!(
            shown(address).unwrap(),
            "PostgreSQL database center at localhost"
        );
        for bad in [
            "",
            "sqlite:",
            "a/b.db",
            "mysql://localhost/center",
            "postgres://",
        ] {
            assert!(shown(bad).is_err(), "{bad}");
        }
    }
}
