//! 合计 of what is drawn, kept as it is drawn: of each order, article and task by which entries it was
//! drawn, and one sum over all.

use rusqlite::{OptionalExtension as _, params};
use wire::{Hash, Tally, TallyKind};

use crate::fault::StoreFault;
use crate::store::{Reader, Writer};
use crate::undrawn::IS_UNDRAWN;

pub(crate) const CREATE: &str = "
    CREATE TABLE tallied (
        id TEXT NOT NULL PRIMARY KEY,
        kind TEXT NOT NULL,
        hash BLOB NOT NULL CHECK (length(hash) = 32)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tally (
        one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
        n_orders INTEGER NOT NULL,
        n_articles INTEGER NOT NULL,
        n_tasks INTEGER NOT NULL,
        n_cases INTEGER NOT NULL,
        sum BLOB NOT NULL CHECK (length(sum) = 32)
    ) STRICT;
    INSERT INTO tally (one, n_orders, n_articles, n_tasks, n_cases, sum)
        VALUES (1, 0, 0, 0, 0, zeroblob(32));
    -- What was drawn by an earlier program is drawn once more, and so comes into the sum.
    UPDATE sync_position SET undrawn_after = 0 WHERE seq > 0;
";

pub(crate) const ADD_CATALOGUES: &str = "
    ALTER TABLE tally ADD COLUMN n_catalogues INTEGER NOT NULL DEFAULT 0;
";

pub(crate) const ADD_ASSESSMENTS: &str = "
    ALTER TABLE tally ADD COLUMN n_assessments INTEGER NOT NULL DEFAULT 0;
";

pub(crate) const ADD_DOSSIERS: &str = "
    ALTER TABLE tally ADD COLUMN n_dossiers INTEGER NOT NULL DEFAULT 0;
";

pub(crate) const ADD_EARLY_WARNINGS: &str = "
    ALTER TABLE tally ADD COLUMN n_early_warnings INTEGER NOT NULL DEFAULT 0;
";

impl Reader {
    /// The sum over all that is drawn; `None` while something is not, or cannot be read here.
    pub fn tally(&self) -> Result<Option<Tally>, StoreFault> {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM unread_subject) OR {IS_UNDRAWN}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let is_partial: bool = statement.query_row([], |row| row.get(0))?;
        if is_partial {
            return Ok(None);
        }
        self.drawn_tally().map(Some)
    }

    fn drawn_tally(&self) -> Result<Tally, StoreFault> {
        let sql = "SELECT n_orders, n_articles, n_tasks, n_cases, n_catalogues, n_assessments,
                          n_dossiers, n_early_warnings, sum
                   FROM tally WHERE one = 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| {
            Ok(Tally {
                n_orders: row.get(0)?,
                n_articles: row.get(1)?,
                n_tasks: row.get(2)?,
                n_cases: row.get(3)?,
                n_catalogues: row.get(4)?,
                n_assessments: row.get(5)?,
                n_dossiers: row.get(6)?,
                n_early_warnings: row.get(7)?,
                sum: Hash(row.get(8)?),
            })
        })?)
    }

    fn tallied(&self, id: &str) -> Result<Option<(TallyKind, Hash)>, StoreFault> {
        let sql = "SELECT kind, hash FROM tallied WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let tallied = statement.query_row([id], |row| {
            Ok((kind_named(&row.get::<_, String>(0)?), Hash(row.get(1)?)))
        });
        Ok(tallied.optional()?)
    }
}

impl Writer {
    /// A subject was drawn by what made `drawn` of it; `None` for one of which nothing is confirmed.
    pub fn count_drawn(
        &mut self,
        id: &str,
        drawn: Option<(TallyKind, Hash)>,
    ) -> Result<(), StoreFault> {
        let before = self.tallied(id)?;
        if before == drawn {
            return Ok(());
        }
        let mut tally = self.drawn_tally()?;
        if let Some((kind, hash)) = before {
            tally.take(id, kind, hash);
        }
        if let Some((kind, hash)) = drawn {
            tally.put(id, kind, hash);
            let sql = "INSERT INTO tallied (id, kind, hash) VALUES (?1, ?2, ?3)
                       ON CONFLICT (id) DO UPDATE SET kind = ?2, hash = ?3";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute(params![id, name_of(kind), hash.0])?;
        } else {
            let sql = "DELETE FROM tallied WHERE id = ?1";
            self.connection().prepare_cached(sql)?.execute([id])?;
        }
        let sql = "UPDATE tally
                   SET n_orders = ?1, n_articles = ?2, n_tasks = ?3, n_cases = ?4,
                       n_catalogues = ?5, n_assessments = ?6, n_dossiers = ?7,
                       n_early_warnings = ?8, sum = ?9
                   WHERE one = 1";
        self.connection().prepare_cached(sql)?.execute(params![
            tally.n_orders,
            tally.n_articles,
            tally.n_tasks,
            tally.n_cases,
            tally.n_catalogues,
            tally.n_assessments,
            tally.n_dossiers,
            tally.n_early_warnings,
            tally.sum.0
        ])?;
        Ok(())
    }

    /// Everything is drawn anew from the entries, and the sum begins at nothing.
    pub(crate) fn draw_anew(&mut self) -> Result<(), StoreFault> {
        self.connection().execute_batch(
            "DELETE FROM tallied;
             UPDATE tally
             SET n_orders = 0, n_articles = 0, n_tasks = 0, n_cases = 0, n_catalogues = 0,
                 n_assessments = 0, n_dossiers = 0, n_early_warnings = 0,
                 sum = zeroblob(32);",
        )?;
        self.note_all_undrawn()
    }
}

fn name_of(kind: TallyKind) -> &'static str {
    match kind {
        TallyKind::Order => "order",
        TallyKind::Article => "article",
        TallyKind::Task => "task",
        TallyKind::Case => "case",
        TallyKind::Catalogue => "catalogue",
        TallyKind::Assessment => "assessment",
        TallyKind::Dossier => "dossier",
        TallyKind::EarlyWarning => "early_warning",
    }
}

fn kind_named(name: &str) -> TallyKind {
    match name {
        "article" => TallyKind::Article,
        "task" => TallyKind::Task,
        "case" => TallyKind::Case,
        "catalogue" => TallyKind::Catalogue,
        "assessment" => TallyKind::Assessment,
        "dossier" => TallyKind::Dossier,
        "early_warning" => TallyKind::EarlyWarning,
        _ => TallyKind::Order,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::Desk;

    /// Whatever was drawn in between, the sum is that of what is drawn now.
    #[test]
    fn the_sum_is_of_what_is_drawn_now() {
        let desk = Desk::new();
        let count = |id: &str, drawn: Option<(TallyKind, u8)>| {
            let drawn = drawn.map(|(kind, byte)| (kind, Hash([byte; 32])));
            desk.change(|writer| writer.count_drawn(id, drawn));
        };
        count("order-1", Some((TallyKind::Order, 1)));
        count("order-1", Some((TallyKind::Order, 2)));
        count("kb-1", Some((TallyKind::Article, 3)));
        count("task-1", Some((TallyKind::Task, 4)));
        count("task-1", None);
        count("never", None);
        let mut expected = Tally::EMPTY;
        expected.put("order-1", TallyKind::Order, Hash([2; 32]));
        expected.put("kb-1", TallyKind::Article, Hash([3; 32]));
        assert_eq!(desk.query(Reader::tally), Some(expected));
        // Nothing is said while all is drawn anew.
        let sql =
            "INSERT INTO feed_entry (seq, epoch, recorded_at, subject, body, previous_hash, hash)
                   VALUES (1, 1, 1, 'order-1', '{}', zeroblob(32), zeroblob(32))";
        desk.store().as_attacker(sql).unwrap();
        desk.change(Writer::draw_anew);
        assert_eq!(desk.query(Reader::tally), None);
    }
}
