//! 移出本机: what was said in an order that was over long ago goes from this desk, once the center cannot lose
//! it any more, and is asked of the center when somebody opens the order. The desk keeps the hash of each entry
//! and takes nothing else in its place.

use chrono::{DateTime, Utc};
use rusqlite::params;
use wire::Entry;

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- back_until 0: it is away; else it was asked for and is here until then. -1: it cannot go.
    CREATE TABLE put_away (
        subject TEXT NOT NULL PRIMARY KEY,
        back_until INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
";

const DUE: &str = "
    SELECT order_touched.work_order_id
    FROM order_touched INDEXED BY order_touched_at
    JOIN work_order ON work_order.id = order_touched.work_order_id AND work_order.is_concluded = 1
    LEFT JOIN put_away ON put_away.subject = order_touched.work_order_id
    WHERE order_touched.last_event_at < ?1
      AND (put_away.subject IS NULL OR put_away.back_until BETWEEN 1 AND ?2)
      AND work_order.n_waiting_intents = 0
      AND EXISTS (SELECT 1 FROM feed_entry
                  WHERE feed_entry.subject = order_touched.work_order_id
                    AND feed_entry.subject <> '')
      AND NOT EXISTS (SELECT 1 FROM feed_entry, sync_position
                      WHERE feed_entry.subject = order_touched.work_order_id
                        AND feed_entry.subject <> ''
                        AND (feed_entry.seq > sync_position.durable_seq OR is_task IN (1, 3)))
    ORDER BY order_touched.last_event_at LIMIT ?3";

/// Why a story that was told is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the story that was told is not the one that was put away")]
pub struct OtherStory;

impl Reader {
    /// Whether what was said in an order is away.
    pub fn is_put_away(&self, subject: &str) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM put_away WHERE subject = ?1 AND back_until = 0)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([subject], |row| row.get(0))?)
    }

    /// Orders that are over since before `before`, whole at the center and here, of which nobody has anything
    /// to see to, and that were not asked for of late.
    pub(crate) fn due_to_go(
        &self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
        n_max: usize,
    ) -> Result<Vec<String>, StoreFault> {
        let mut statement = self.connection().prepare_cached(DUE)?;
        let due = statement.query_map(params![AsMillis(before), AsMillis(now), n_max], |row| {
            row.get(0)
        })?;
        Ok(due.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Takes what was said out of the next orders that are due. Which have changed.
    pub(crate) fn put_away(
        &mut self,
        before: DateTime<Utc>,
        now: DateTime<Utc>,
        n_max: usize,
    ) -> Result<Vec<String>, StoreFault> {
        let due = self.due_to_go(before, now, n_max)?;
        let end = self.sync_position()?.cursor.seq + 1;
        for subject in &due {
            let is_bare = self
                .confirmed_of(subject)?
                .iter()
                .any(|entry| entry.cover.is_bare());
            if !is_bare {
                self.strip(subject, end)?;
            }
            let back_until = if is_bare { -1 } else { 0 };
            let sql = "INSERT OR REPLACE INTO put_away (subject, back_until) VALUES (?1, ?2)";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute(params![subject, back_until])?;
        }
        Ok(due)
    }

    /// Puts back what was said, until the day after.
    pub(crate) fn bring_back(
        &mut self,
        subject: &str,
        told: &[Entry],
        until: DateTime<Utc>,
    ) -> Result<Result<(), OtherStory>, StoreFault> {
        let here = self.confirmed_of(subject)?;
        let is_same = |(here, told): (&Entry, &Entry)| {
            here.seq == told.seq && here.hash == told.hash && told.computed_hash() == told.hash
        };
        // The center may be further on than this desk.
        if told.len() < here.len() || !here.iter().zip(told).all(is_same) {
            return Ok(Err(OtherStory));
        }
        for entry in told.iter().take(here.len()) {
            self.put_body(entry)?;
        }
        let sql = "UPDATE put_away SET back_until = ?2 WHERE subject = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![subject, AsMillis(until)])?;
        Ok(Ok(()))
    }

    /// One that was taken out for good is not away any more: there is nothing to ask for.
    pub(crate) fn forget_put_away(&mut self, subject: &str) -> Result<(), StoreFault> {
        let sql = "DELETE FROM put_away WHERE subject = ?1";
        self.connection().prepare_cached(sql)?.execute([subject])?;
        Ok(())
    }
}
