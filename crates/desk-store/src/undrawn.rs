//! 待显示: what parts of a snapshot have touched and is not drawn yet, or has to be drawn anew. Named one by one, so
//! that a desk that ends in the middle goes on where it was.

use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE undrawn (
        subject TEXT NOT NULL PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    INSERT INTO undrawn
        SELECT DISTINCT subject FROM feed_entry, sync_position
        WHERE subject <> '' AND subject > drawn_to AND undrawn_after >= 0
          AND feed_entry.seq > undrawn_after
        ORDER BY subject;
    ALTER TABLE sync_position DROP COLUMN undrawn_after;
    ALTER TABLE sync_position DROP COLUMN drawn_to;
";

/// Whether anything is undrawn.
pub(crate) const IS_UNDRAWN: &str = "EXISTS (SELECT 1 FROM undrawn)";

impl Reader {
    /// The next that are not drawn.
    pub(crate) fn undrawn(&self, n_max: usize) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT subject FROM undrawn ORDER BY subject LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let subjects = statement.query_map([n_max], |row| row.get(0))?;
        Ok(subjects.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Something was said of it, and it is drawn later.
    pub(crate) fn note_undrawn(&mut self, subject: &str) -> Result<(), StoreFault> {
        let sql = "INSERT OR IGNORE INTO undrawn (subject) VALUES (?1)";
        self.connection().prepare_cached(sql)?.execute([subject])?;
        Ok(())
    }

    /// It is drawn as far as it was told.
    pub fn note_drawn(&mut self, subject: &str) -> Result<(), StoreFault> {
        let sql = "DELETE FROM undrawn WHERE subject = ?1";
        self.connection().prepare_cached(sql)?.execute([subject])?;
        Ok(())
    }

    /// Everything is to be drawn anew.
    pub(crate) fn note_all_undrawn(&mut self) -> Result<(), StoreFault> {
        let sql = "INSERT OR IGNORE INTO undrawn
                   SELECT DISTINCT subject FROM feed_entry WHERE subject <> '' ORDER BY subject";
        self.connection().execute(sql, [])?;
        Ok(())
    }
}
