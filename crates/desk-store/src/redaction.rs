//! 涂销 at the desk: what was said in a story goes from the feed, from the desk's own intents, from what
//! people noted beside it and with its files; what is drawn of it is drawn anew by who asks for this.

use rusqlite::params;
use wire::{Entry, Envelope, RedactedSubject, files_named};

use crate::columns::AsText;
use crate::fault::StoreFault;
use crate::intent::{ENVELOPE_COLUMNS, read_envelope};
use crate::store::{Store, Writer};

/// Pages of the full text merged in one step.
const MERGED_PAGES: i64 = 200;

impl Writer {
    /// Takes out of a story what the entry `seq` says, for good. Nobody has to see to it any more, and what people
    /// noted of it goes with it.
    pub(crate) fn redact(
        &mut self,
        redacted: &RedactedSubject,
        seq: u64,
    ) -> Result<(), StoreFault> {
        for entry in self.told_before(&redacted.id, seq)? {
            if !redacted.covers(&entry, seq) {
                continue;
            }
            self.strip_entry(&entry)?;
            let sql = "UPDATE feed_entry SET is_task = 2 WHERE seq = ?1 AND is_task <> 0";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute([entry.seq])?;
            let sql = "UPDATE settlement SET note = '' WHERE entry_hash = ?1";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute([entry.hash.0])?;
        }
        Ok(())
    }

    /// Takes out what was said before `seq`: what the center has as well, and can tell again.
    pub(crate) fn strip(&mut self, subject: &str, seq: u64) -> Result<(), StoreFault> {
        for entry in self.told_before(subject, seq)? {
            self.strip_entry(&entry)?;
        }
        Ok(())
    }

    fn told_before(&self, subject: &str, seq: u64) -> Result<Vec<Entry>, StoreFault> {
        let which = "WHERE subject = ?1 AND subject <> '' AND seq < ?2 ORDER BY seq";
        self.entries(which, params![subject, seq])
    }

    /// Takes the words out of an entry, out of the intent of this desk that it answers, and its files.
    fn strip_entry(&mut self, entry: &Entry) -> Result<(), StoreFault> {
        self.redact_files(entry)?;
        if let Some(redacted) = entry.redacted() {
            self.put_body(&redacted)?;
        }
        let Some(origin) = &entry.origin else {
            return Ok(());
        };
        let sql = format!("SELECT {ENVELOPE_COLUMNS} FROM intent WHERE id = ?1");
        let envelopes: Vec<Envelope> = {
            let mut statement = self.connection().prepare_cached(&sql)?;
            let envelopes = statement.query_map([&origin.id], read_envelope)?;
            envelopes.collect::<rusqlite::Result<_>>()?
        };
        for redacted in envelopes.iter().filter_map(Envelope::redacted) {
            let sql = "UPDATE intent SET command = '', cover = ?2 WHERE id = ?1";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute(params![redacted.id, AsText(redacted.cover)])?;
        }
        Ok(())
    }

    /// Puts a body, whole or stripped, in the place of the one that is there.
    pub(crate) fn put_body(&mut self, entry: &Entry) -> Result<(), StoreFault> {
        let sql = "UPDATE feed_entry SET body = ?2, cover = ?3 WHERE seq = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![entry.seq, entry.body, AsText(entry.cover)])?;
        Ok(())
    }

    /// Files that the center has: should another order have the same one, it is fetched again.
    fn redact_files(&mut self, entry: &Entry) -> Result<(), StoreFault> {
        for sha256 in files_named(&entry.body) {
            let connection = self.connection();
            let sql = "DELETE FROM blob WHERE sha256 = ?1 AND is_at_center = 1";
            if connection.prepare_cached(sql)?.execute([sha256.0])? > 0 {
                let sql = "DELETE FROM blob_part WHERE sha256 = ?1";
                connection.prepare_cached(sql)?.execute([sha256.0])?;
            }
        }
        Ok(())
    }

    /// Merges the full text on, so that the words of what was taken out go from it; whether there is more
    /// to merge. A word that no order has any more stands in it until then.
    fn merge_order_text(&mut self, is_first: bool) -> Result<bool, StoreFault> {
        let n_pages = if is_first {
            -MERGED_PAGES
        } else {
            MERGED_PAGES
        };
        let before = self.connection().total_changes();
        let sql = "INSERT INTO order_text (order_text, rank) VALUES ('merge', ?1)";
        self.connection().prepare_cached(sql)?.execute([n_pages])?;
        // Less than two changes: nothing was merged (fts5).
        Ok(self.connection().total_changes() - before >= 2)
    }
}

impl Store {
    /// Takes what was overwritten off the disk: out of the full text, step by step, so that nobody waits
    /// long, and out of the log. The file itself is overwritten at once (`secure_delete`).
    pub fn shred(&self) -> Result<(), StoreFault> {
        let mut is_first = true;
        while self.commit(|writer| writer.merge_order_text(is_first))? {
            is_first = false;
        }
        self.truncate_log()
    }
}
