//! 配置: what the administrator sets. A file (TOML), over it the environment, over it the flags.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::database::Database;

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything stands that is not in another database.
    pub data: PathBuf,
    pub database: Database,
    pub web: Web,
}

/// The door for browsers.
#[derive(Debug, Clone)]
pub struct Web {
    pub address: SocketAddr,
}

impl Config {
    /// For a data folder, with everything else as it is when nobody set it.
    pub fn of(data: PathBuf) -> Self {
        Self {
            database: Database::Sqlite(data.join("center.db")),
            web: Web {
                address: SocketAddr::from(([127, 0, 0, 1], 8080)),
            },
            data,
        }
    }
}
