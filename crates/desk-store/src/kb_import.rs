//! 导入记录: which rows of files became which articles, and how the columns of files were read.

use chrono::{DateTime, Utc};
use domain::kb::KbArticleId;
use rusqlite::{OptionalExtension as _, params};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- row_hash: of what the row says, so that the same file again is known row by row.
    CREATE TABLE kb_imported (
        row_hash TEXT NOT NULL PRIMARY KEY,
        article_id TEXT NOT NULL,
        imported_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- names_hash: of the names at the head of the columns.
    CREATE TABLE kb_mapping (
        names_hash TEXT NOT NULL PRIMARY KEY,
        mapping TEXT NOT NULL,
        used_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX kb_mapping_used ON kb_mapping (used_at);
    CREATE INDEX kb_record_title ON kb_record (title, unit);
";

/// Mappings that are kept; the one that was not used for longest goes first.
pub const KB_MAPPINGS_MAX: u32 = 200;

const SQL_NAMED: &str = "SELECT 1 FROM kb_record WHERE title = ?1 AND unit = ?2";

impl Reader {
    /// The article that a row became; `None` for a row that was never imported.
    pub fn kb_imported_as(&self, row_hash: &str) -> Result<Option<KbArticleId>, StoreFault> {
        let sql = "SELECT article_id FROM kb_imported WHERE row_hash = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let id = statement
            .query_row([row_hash], |row| row.get(0))
            .optional()?;
        Ok(id.map(KbArticleId))
    }

    /// Whether there is a record of that title and unit.
    pub fn has_kb_record_named(&self, title: &str, unit: &str) -> Result<bool, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_NAMED)?;
        Ok(statement.exists([title, unit])?)
    }

    /// How the columns under these names were read the last time.
    pub fn kb_mapping(&self, names_hash: &str) -> Result<Option<String>, StoreFault> {
        let sql = "SELECT mapping FROM kb_mapping WHERE names_hash = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement
            .query_row([names_hash], |row| row.get(0))
            .optional()?)
    }
}

impl Writer {
    /// Keeps what a row became, the last time it was imported.
    pub fn put_kb_imported(
        &mut self,
        row_hash: &str,
        id: &KbArticleId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_imported (row_hash, article_id, imported_at)
                   VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![row_hash, id.0, AsMillis(now)])?;
        Ok(())
    }

    /// Keeps how columns under these names were read.
    pub fn put_kb_mapping(
        &mut self,
        names_hash: &str,
        mapping: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT OR REPLACE INTO kb_mapping (names_hash, mapping, used_at)
                   VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![names_hash, mapping, AsMillis(now)])?;
        let sql = "DELETE FROM kb_mapping WHERE names_hash IN (
                       SELECT names_hash FROM kb_mapping ORDER BY used_at DESC
                       LIMIT -1 OFFSET ?1)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute([KB_MAPPINGS_MAX])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn rows_are_known_again() {
        let mut desk = Desk::new();
        let id = KbArticleId("kb-1".to_owned());
        let now = at("2026-11-24 09:00");
        desk.change(|writer| writer.put_kb_imported("a", &id, now));
        desk.restart();
        assert_eq!(desk.query(|reader| reader.kb_imported_as("a")), Some(id));
        assert_eq!(desk.query(|reader| reader.kb_imported_as("b")), None);
    }

    #[test]
    fn mappings_are_kept_as_long_as_they_are_used() {
        let desk = Desk::new();
        let begin = at("2026-11-24 09:00");
        for n in 0..=KB_MAPPINGS_MAX {
            let now = begin + chrono::TimeDelta::minutes(n.into());
            desk.change(|writer| writer.put_kb_mapping(&n.to_string(), "{}", now));
        }
        assert_eq!(desk.query(|reader| reader.kb_mapping("0")), None);
        let kept = desk.query(|reader| reader.kb_mapping("1"));
        assert_eq!(kept.as_deref(), Some("{}"));
        let plan = desk.plan("SELECT names_hash FROM kb_mapping ORDER BY used_at DESC");
        assert!(plan.contains("kb_mapping_used"), "{plan}");
        let plan = desk.plan(SQL_NAMED);
        assert!(plan.contains("kb_record_title"), "{plan}");
    }
}
