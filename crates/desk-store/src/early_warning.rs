//! 预警: what was found at this desk, on what ground, and what people did about it. Found once, never
//! taken away; the thresholds that people set stand beside it, version by version.

use chrono::{DateTime, Utc};
use domain::ActorId;
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningGround, EarlyWarningStep, EarlyWarningThresholds,
};
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::{AsJson, AsMillis};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- about: what it is about, so that nobody is warned of the same twice. closed_at: 0 while it is open.
    CREATE TABLE early_warning (
        id TEXT NOT NULL PRIMARY KEY,
        about TEXT NOT NULL,
        ground TEXT NOT NULL,
        found_at INTEGER NOT NULL,
        closed_at INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX early_warning_open ON early_warning (closed_at, found_at, id);
    CREATE INDEX early_warning_about ON early_warning (about, found_at);
    CREATE TABLE early_warning_order (
        warning_id TEXT NOT NULL,
        order_id TEXT NOT NULL,
        added_at INTEGER NOT NULL,
        PRIMARY KEY (warning_id, order_id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE early_warning_step (
        warning_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        act TEXT NOT NULL,
        by_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (warning_id, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE early_warning_thresholds (
        version INTEGER NOT NULL PRIMARY KEY,
        body TEXT NOT NULL,
        by_id TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER early_warning_is_closed_once BEFORE UPDATE ON early_warning
        WHEN OLD.closed_at <> 0 OR NEW.id <> OLD.id OR NEW.about <> OLD.about
            OR NEW.ground <> OLD.ground OR NEW.found_at <> OLD.found_at
        BEGIN SELECT RAISE(ABORT, 'a warning is closed once'); END;
    CREATE TRIGGER early_warning_is_not_deleted BEFORE DELETE ON early_warning
        BEGIN SELECT RAISE(ABORT, 'warnings are only added'); END;
    CREATE TRIGGER early_warning_step_is_not_changed BEFORE UPDATE ON early_warning_step
        BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
    CREATE TRIGGER early_warning_step_is_not_deleted BEFORE DELETE ON early_warning_step
        BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
    CREATE TRIGGER early_warning_thresholds_is_not_changed BEFORE UPDATE ON early_warning_thresholds
        BEGIN SELECT RAISE(ABORT, 'thresholds are only added'); END;
    CREATE TRIGGER early_warning_thresholds_is_not_deleted BEFORE DELETE ON early_warning_thresholds
        BEGIN SELECT RAISE(ABORT, 'thresholds are only added'); END;
";

/// In one list, the latest.
pub const EARLY_WARNINGS_MAX_LISTED: u32 = 200;
/// Orders of one warning that are listed, the latest.
pub const EARLY_WARNING_ORDERS_MAX: u32 = 200;
/// Versions of the thresholds that are listed, the latest.
const THRESHOLDS_MAX_LISTED: u32 = 50;

/// A warning as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEarlyWarning {
    /// `UUIDv7`.
    pub id: String,
    pub about: String,
    pub ground: EarlyWarningGround,
    pub found_at: DateTime<Utc>,
    /// None while it is open.
    pub closed_at: Option<DateTime<Utc>>,
}

/// 阈值版本, who set it and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredThresholds {
    /// From 1 on.
    pub version: u32,
    pub thresholds: EarlyWarningThresholds,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

const COLUMNS: &str = "id, about, ground, found_at, closed_at";

fn warning_of(row: &Row<'_>) -> rusqlite::Result<StoredEarlyWarning> {
    let closed_at = row.get::<_, AsMillis>("closed_at")?.0;
    Ok(StoredEarlyWarning {
        id: row.get("id")?,
        about: row.get("about")?,
        ground: row.get::<_, AsJson<EarlyWarningGround>>("ground")?.0,
        found_at: row.get::<_, AsMillis>("found_at")?.0,
        closed_at: Some(closed_at).filter(|it| *it != DateTime::UNIX_EPOCH),
    })
}

fn sql_of_open() -> String {
    format!(
        "SELECT {COLUMNS} FROM early_warning WHERE closed_at = 0
         ORDER BY found_at DESC, id DESC LIMIT ?1"
    )
}

fn sql_of_closed() -> String {
    format!(
        "SELECT {COLUMNS} FROM early_warning WHERE closed_at > 0
         ORDER BY closed_at DESC, found_at DESC LIMIT ?1"
    )
}

fn sql_of_about() -> String {
    format!("SELECT {COLUMNS} FROM early_warning WHERE about = ?1 ORDER BY found_at DESC LIMIT 1")
}

impl Reader {
    /// The warnings that nobody has closed, the last found first.
    pub fn open_early_warnings(&self) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        self.early_warnings_by(&sql_of_open())
    }

    /// Those that were closed, the last closed first.
    pub fn closed_early_warnings(&self) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        self.early_warnings_by(&sql_of_closed())
    }

    fn early_warnings_by(&self, sql: &str) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([EARLY_WARNINGS_MAX_LISTED], warning_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn count_open_early_warnings(&self) -> Result<u64, StoreFault> {
        let sql = "SELECT count(*) FROM early_warning WHERE closed_at = 0";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    pub fn early_warning(&self, id: &str) -> Result<Option<StoredEarlyWarning>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM early_warning WHERE id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([id], warning_of).optional()?)
    }

    /// The last warning about the same.
    pub fn last_early_warning_about(
        &self,
        about: &str,
    ) -> Result<Option<StoredEarlyWarning>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_of_about())?;
        Ok(statement.query_row([about], warning_of).optional()?)
    }

    /// The ids of the orders behind a warning, the last added first, and how many there are.
    pub fn orders_of_early_warning(&self, id: &str) -> Result<(Vec<String>, u32), StoreFault> {
        let sql = "SELECT count(*) FROM early_warning_order WHERE warning_id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let n_orders = statement.query_row([id], |row| row.get(0))?;
        let sql = "SELECT order_id FROM early_warning_order WHERE warning_id = ?1
                   ORDER BY added_at DESC, order_id DESC LIMIT ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![id, EARLY_WARNING_ORDERS_MAX], |row| row.get(0))?;
        Ok((rows.collect::<rusqlite::Result<_>>()?, n_orders))
    }

    /// Whether an order is behind a warning.
    pub fn early_warning_has(&self, id: &str, order_id: &str) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM early_warning_order
                                  WHERE warning_id = ?1 AND order_id = ?2)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([id, order_id], |row| row.get(0))?)
    }

    /// What was done about a warning, the first first.
    pub fn early_warning_steps(&self, id: &str) -> Result<Vec<EarlyWarningStep>, StoreFault> {
        let sql = "SELECT act, by_id, at FROM early_warning_step
                   WHERE warning_id = ?1 ORDER BY number";
        let mut statement = self.connection().prepare_cached(sql)?;
        let steps = statement.query_map([id], |row| {
            Ok(EarlyWarningStep {
                act: row.get::<_, AsJson<EarlyWarningAct>>("act")?.0,
                by: ActorId(row.get("by_id")?),
                at: row.get::<_, AsMillis>("at")?.0,
            })
        })?;
        Ok(steps.collect::<rusqlite::Result<_>>()?)
    }

    /// The versions of the thresholds, the last first; none before anybody has set any.
    pub fn early_warning_thresholds(&self) -> Result<Vec<StoredThresholds>, StoreFault> {
        let sql = "SELECT version, body, by_id, at FROM early_warning_thresholds
                   ORDER BY version DESC LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([THRESHOLDS_MAX_LISTED], |row| {
            Ok(StoredThresholds {
                version: row.get("version")?,
                thresholds: row.get::<_, AsJson<EarlyWarningThresholds>>("body")?.0,
                by: ActorId(row.get("by_id")?),
                at: row.get::<_, AsMillis>("at")?.0,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Keeps a warning that was found.
    pub fn append_early_warning(&mut self, warning: &StoredEarlyWarning) -> Result<(), StoreFault> {
        let sql = "INSERT INTO early_warning (id, about, ground, found_at) VALUES (?1, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![
            warning.id,
            warning.about,
            AsJson(&warning.ground),
            AsMillis(warning.found_at),
        ])?;
        Ok(())
    }

    /// Puts an order behind a warning; one that is there already stays as it was added.
    pub fn add_order_to_early_warning(
        &mut self,
        id: &str,
        order_id: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO early_warning_order (warning_id, order_id, added_at)
                   VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![id, order_id, AsMillis(at)])?;
        Ok(())
    }

    /// Keeps what was done, from number 1 on; fails where that number was done already.
    pub fn append_early_warning_step(
        &mut self,
        id: &str,
        number: u32,
        step: &EarlyWarningStep,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO early_warning_step (warning_id, number, act, by_id, at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(sql)?.execute(params![
            id,
            number,
            AsJson(&step.act),
            step.by.0,
            AsMillis(step.at),
        ])?;
        if let EarlyWarningAct::Closed { .. } = step.act {
            let sql = "UPDATE early_warning SET closed_at = ?2 WHERE id = ?1";
            let mut statement = self.connection().prepare_cached(sql)?;
            statement.execute(params![id, AsMillis(step.at)])?;
        }
        Ok(())
    }

    /// Keeps thresholds; fails where there is that version.
    pub fn append_early_warning_thresholds(
        &mut self,
        set: &StoredThresholds,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO early_warning_thresholds (version, body, by_id, at)
                   VALUES (?1, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![
            set.version,
            AsJson(&set.thresholds),
            set.by.0,
            AsMillis(set.at),
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    fn warning(id: &str, found_at: &str) -> StoredEarlyWarning {
        StoredEarlyWarning {
            id: id.to_owned(),
            about: "words 记者".to_owned(),
            ground: EarlyWarningGround::Words {
                word: "记者".to_owned(),
            },
            found_at: at(found_at),
            closed_at: None,
        }
    }

    fn step(act: EarlyWarningAct) -> EarlyWarningStep {
        EarlyWarningStep {
            act,
            by: ActorId("2001".to_owned()),
            at: at("2026-11-23 10:00"),
        }
    }

    #[test]
    fn a_warning_is_closed_once_and_stays_with_what_was_done() {
        let mut desk = Desk::new();
        let first = warning("a", "2026-11-23 09:15");
        let note = step(EarlyWarningAct::Noted {
            note: String::new(),
        });
        let close = step(EarlyWarningAct::Closed {
            reason: "已答复".to_owned(),
        });
        desk.change(|writer| {
            writer.append_early_warning(&first)?;
            for order in ["order-1", "order-2", "order-1"] {
                writer.add_order_to_early_warning("a", order, at("2026-11-23 09:15"))?;
            }
            writer.append_early_warning_step("a", 1, &note)
        });
        assert_eq!(
            desk.query(Reader::open_early_warnings),
            std::slice::from_ref(&first)
        );
        assert_eq!(desk.query(Reader::count_open_early_warnings), 1);
        desk.change(|writer| {
            writer.append_early_warning_step("a", 2, &close)?;
            writer.append_early_warning(&warning("b", "2026-11-24 09:15"))
        });
        for change in [
            "DELETE FROM early_warning",
            "UPDATE early_warning SET closed_at = 0 WHERE id = 'a'",
            "UPDATE early_warning SET about = '' WHERE id = 'b'",
            "DELETE FROM early_warning_step",
            "UPDATE early_warning_step SET by_id = ''",
        ] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            assert!(refused.is_err(), "{change}");
        }
        desk.restart();
        let closed = StoredEarlyWarning {
            closed_at: Some(at("2026-11-23 10:00")),
            ..first
        };
        assert_eq!(desk.query(Reader::closed_early_warnings), [closed]);
        let steps = desk.query(|reader| reader.early_warning_steps("a"));
        assert_eq!(steps, [note, close]);
        let (orders, n_orders) = desk.query(|reader| reader.orders_of_early_warning("a"));
        assert_eq!((orders.len(), n_orders), (2, 2));
        let last = desk.query(|reader| reader.last_early_warning_about("words 记者"));
        assert_eq!(last.unwrap().id, "b");
    }

    #[test]
    fn thresholds_are_only_added() {
        let desk = Desk::new();
        assert_eq!(desk.query(Reader::early_warning_thresholds), []);
        let set = StoredThresholds {
            version: 1,
            thresholds: EarlyWarningThresholds::built_in(),
            by: ActorId("2001".to_owned()),
            at: at("2026-11-23 09:15"),
        };
        desk.change(|writer| writer.append_early_warning_thresholds(&set));
        let twice = desk
            .store()
            .commit(|writer| writer.append_early_warning_thresholds(&set));
        assert!(twice.is_err());
        assert_eq!(desk.query(Reader::early_warning_thresholds), [set]);
    }

    #[test]
    fn plans_of_the_warnings() {
        let desk = Desk::new();
        for sql in [sql_of_open(), sql_of_closed(), sql_of_about()] {
            let plan = desk.plan(&sql);
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }
}
