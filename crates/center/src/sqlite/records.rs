//! The table of records.

use std::path::Path;

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Change, Shared};
use crate::records::{Record, RecordChange, Records, Written, check_limits, settled};

pub(super) const CREATE: &str = "
    CREATE TABLE record (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
";

const ONE: &str = "SELECT body FROM record WHERE kind = ?1 AND key = ?2";
const RANGE: &str = "SELECT key, body FROM record WHERE kind = ?1 AND key >= ?2
                     ORDER BY key LIMIT ?3";

/// The records beside [`SqliteLedger`](crate::SqliteLedger), in the same file.
#[derive(Debug)]
pub struct SqliteRecords {
    pub(super) connection: Shared,
}

impl SqliteRecords {
    /// Opens the file, creating it where it is missing.
    pub fn open(path: &Path) -> Result<Self> {
        let connection = Shared::open(path)?;
        Ok(Self { connection })
    }
}

impl Records for SqliteRecords {
    fn get(&self, kind: &str, key: &str) -> Result<Option<String>> {
        body_at(&self.connection.lock(), kind, key)
    }

    fn range(&self, kind: &str, prefix: &str, from: &str, n_max: usize) -> Result<Vec<Record>> {
        let connection = self.connection.lock();
        let mut statement = connection.prepare_cached(RANGE)?;
        // What begins with the prefix stands together, from the prefix itself on.
        let rows = statement.query_map(params![kind, prefix.max(from), n_max], |row| {
            Ok(Record {
                key: row.get("key")?,
                body: row.get("body")?,
            })
        })?;
        let mut records = Vec::new();
        for record in rows {
            let record = record?;
            if !record.key.starts_with(prefix) {
                break;
            }
            records.push(record);
        }
        Ok(records)
    }

    fn write(&mut self, changes: &[RecordChange]) -> Result<Written> {
        check_limits(changes)?;
        let connection = self.connection.lock();
        let change = Change::begin(&connection)?;
        let there = |kind: &str, key: &str| body_at(&change, kind, key);
        let Some(settled) = settled(changes, there)? else {
            return Ok(Written::Conflict);
        };
        for ((kind, key), body) in settled {
            let sql = match body {
                Some(_) => {
                    "INSERT INTO record (kind, key, body) VALUES (?1, ?2, ?3)
                     ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"
                }
                None => "DELETE FROM record WHERE kind = ?1 AND key = ?2 AND ?3 IS NULL",
            };
            let mut statement = change.prepare_cached(sql)?;
            statement.execute(params![kind, key, body])?;
        }
        change.commit()?;
        Ok(Written::Done)
    }
}

fn body_at(connection: &Connection, kind: &str, key: &str) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached(ONE)?;
    let body = statement.query_row([kind, key], |row| row.get(0));
    Ok(body.optional()?)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn every_read_goes_by_an_index() {
        let folder = tempfile::tempdir().unwrap();
        let records = SqliteRecords::open(&folder.path().join("center.db")).unwrap();
        let mut plans = String::new();
        for sql in [ONE, RANGE] {
            let sql = format!("EXPLAIN QUERY PLAN {sql}");
            let connection = records.connection.lock();
            let mut statement = connection.prepare(&sql).unwrap();
            let lines = statement
                .raw_query()
                .mapped(|row| row.get::<_, String>("detail"));
            lines.for_each(|line| plans.push_str(&(line.unwrap() + "\n")));
        }
        expect![[r#"
            SEARCH record USING PRIMARY KEY (kind=? AND key=?)
            SEARCH record USING PRIMARY KEY (kind=? AND key>?)
        "#]]
        .assert_eq(&plans);
    }
}
