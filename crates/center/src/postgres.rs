//! The database of a center that is to have PostgreSQL: the same tables as in SQLite, in a schema of
//! their own.
//!
//! One ledger is open for writing at a time, the sequencer: it holds an advisory lock for as long as
//! its connection lives, so the feed has one order and no gaps (decision 0009). Readers and records
//! have connections of their own. All of them block: they are used on threads, not in tasks.

mod ledger;
mod link;
mod records;

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use postgres::Config;
use postgres::config::Host;

pub use ledger::PostgresLedger;
pub use records::PostgresRecords;

/// Where a PostgreSQL database is, and as whom it is opened. The password is shown nowhere.
#[derive(Clone)]
pub struct PostgresAddress {
    config: Arc<Config>,
}

impl PostgresAddress {
    /// Reads `postgres://user@host/database`, or the like for a socket:
    /// `postgres:///database?host=/run/postgresql`.
    ///
    /// What is sent is not encrypted, so the host is this machine: a socket or a loopback address.
    pub fn parse(text: &str) -> Result<Self> {
        // The text itself may hold a password.
        let config: Config = text.parse().context("PostgreSQL 地址有误")?;
        ensure!(
            !config.get_hosts().is_empty() && config.get_dbname().is_some(),
            "PostgreSQL 地址须写明主机和库名"
        );
        let addresses = config.get_hostaddrs();
        let is_here = if addresses.is_empty() {
            config.get_hosts().iter().all(is_here)
        } else {
            addresses.iter().all(IpAddr::is_loopback)
        };
        ensure!(is_here, "PostgreSQL 须在本机：只用套接字或回环地址连接");
        let config = Arc::new(config);
        Ok(Self { config })
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|it: IpAddr| it.is_loopback())
        }
    }
}

impl fmt::Display for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hosts = self.config.get_hosts().iter().map(|host| match host {
            Host::Unix(folder) => folder.clone(),
            Host::Tcp(name) => PathBuf::from(name),
        });
        let database = self.config.get_dbname().unwrap_or_default();
        write!(f, "PostgreSQL database {database}")?;
        for host in hosts {
            write!(f, " at {}", host.display())?;
        }
        Ok(())
    }
}

impl fmt::Debug for PostgresAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_address() {
        for (text, is_good) in [
            ("postgres:///center?host=/run/postgresql", true),
            ("postgres://center@localhost/center", true),
            ("postgres://center@127.0.0.1:5433/center", true),
            ("postgresql://center@[::1]/center", true),
            ("host=/run/postgresql dbname=center", true),
            ("postgres://center@db.example/center", false),
            ("postgres://center@10.0.0.7/center", false),
            ("postgres://localhost,10.0.0.7/center", false),
            ("postgres://localhost/center?hostaddr=10.0.0.7", false),
            ("postgres://localhost", false),
            ("postgres:///center", false),
            ("postgres://center:s3cret@localhost:port/center", false),
            ("", false),
        ] {
            assert_eq!(PostgresAddress::parse(text).is_ok(), is_good, "{text}");
        }
    }

    #[test]
    fn the_password_is_shown_nowhere() {
        let address = PostgresAddress::parse("postgres://c:s3cret@localhost/center").unwrap();
        assert_eq!(
            format!("{address} {address:?}"),
            "PostgreSQL database center at localhost PostgreSQL database center at localhost"
        );
        let wrong = "postgres://c:s3cret@localhost:port/center?s3cret=s3cret";
        let fault = PostgresAddress::parse(wrong).unwrap_err();
        assert!(!format!("{fault:?}").contains("s3cret"), "{fault:?}");
    }
}
