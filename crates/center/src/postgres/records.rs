//! The table of records.

use std::collections::BTreeMap;

use anyhow::Result;

use super::PostgresAddress;
use super::link::{Link, Purpose, RECORDS_LOCK};
use crate::records::{Expected, Record, RecordChange, Records, Written, check_limits, settled};

pub(super) const CREATE: &str = r#"
    CREATE TABLE record (
        kind text COLLATE "C" NOT NULL,
        key text COLLATE "C" NOT NULL,
        body text NOT NULL,
        PRIMARY KEY (kind, key)
    );
"#;

const RANGE: &str = "SELECT key, body FROM record WHERE kind = $1 AND key >= $2
                     ORDER BY key LIMIT $3";
const THERE: &str = "SELECT record.kind, record.key, record.body
                     FROM record JOIN unnest($1::text[], $2::text[]) AS asked (kind, key)
                     USING (kind, key)";
const PUT: &str = "INSERT INTO record (kind, key, body)
                   SELECT kind, key, body
                   FROM unnest($1::text[], $2::text[], $3::text[]) AS put (kind, key, body)
                   ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body";
const REMOVE: &str = "DELETE FROM record USING unnest($1::text[], $2::text[]) AS gone (kind, key)
                      WHERE record.kind = gone.kind AND record.key = gone.key";

/// The records beside [`PostgresLedger`](crate::PostgresLedger), in the same database.
pub struct PostgresRecords {
    link: Link,
}

impl PostgresRecords {
    /// Connects, making the tables where they are missing.
    pub fn open(address: &PostgresAddress) -> Result<Self> {
        let link = Link::open(address, Purpose::Records)?;
        Ok(Self { link })
    }
}

impl Records for PostgresRecords {
    fn get(&self, kind: &str, key: &str) -> Result<Option<String>> {
        let sql = "SELECT body FROM record WHERE kind = $1 AND key = $2";
        let rows = self.link.rows(sql, &[&kind, &key])?;
        Ok(rows.first().map(|row| row.try_get("body")).transpose()?)
    }

    fn range(&self, kind: &str, prefix: &str, from: &str, n_max: usize) -> Result<Vec<Record>> {
        let first = prefix.max(from);
        let n_max = i64::try_from(n_max)?;
        let mut records = Vec::new();
        for row in self.link.rows(RANGE, &[&kind, &first, &n_max])? {
            let key: String = row.try_get("key")?;
            // What begins with the prefix stands together, from the prefix itself on.
            if !key.starts_with(prefix) {
                break;
            }
            let body = row.try_get("body")?;
            records.push(Record { key, body });
        }
        Ok(records)
    }

    fn write(&mut self, changes: &[RecordChange]) -> Result<Written> {
        check_limits(changes)?;
        let asked = changes
            .iter()
            .filter(|it| it.expected != Expected::Anything);
        let (kinds, keys): (Vec<_>, Vec<_>) = asked.map(|it| (it.kind, it.key.as_str())).unzip();
        let done = self.link.transact(|work| {
            // One writes after the other: a row that is not there yet cannot be locked.
            work.execute("SELECT pg_advisory_xact_lock($1)", &[&RECORDS_LOCK])?;
            let mut there = BTreeMap::new();
            for row in work.rows(THERE, &[&kinds, &keys])? {
                let at: (String, String) = (row.try_get("kind")?, row.try_get("key")?);
                there.insert(at, row.try_get("body")?);
            }
            let there =
                |kind: &str, key: &str| Ok(there.get(&(kind.to_owned(), key.to_owned())).cloned());
            let Some(settled) = settled(changes, there)? else {
                return Ok(None);
            };
            let (mut kinds, mut keys, mut bodies) = (Vec::new(), Vec::new(), Vec::new());
            let (mut gone_kinds, mut gone_keys) = (Vec::new(), Vec::new());
            for ((kind, key), body) in settled {
                if let Some(body) = body {
                    kinds.push(kind);
                    keys.push(key);
                    bodies.push(body);
                } else {
                    gone_kinds.push(kind);
                    gone_keys.push(key);
                }
            }
            if !kinds.is_empty() {
                work.execute(PUT, &[&kinds, &keys, &bodies])?;
            }
            if !gone_kinds.is_empty() {
                work.execute(REMOVE, &[&gone_kinds, &gone_keys])?;
            }
            Ok(Some(()))
        })?;
        Ok(done.map_or(Written::Conflict, |()| Written::Done))
    }
}
