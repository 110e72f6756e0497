//! 预警: what was found at this desk and on what ground, found once and never taken away; and what people did
//! about it and which thresholds they set, at whichever desk.

use chrono::{DateTime, Utc};
use domain::ActorId;
use domain::early_warning::{
    EarlyWarningAct, EarlyWarningCommand, EarlyWarningEvent, EarlyWarningGround,
    EarlyWarningRecord, EarlyWarningRound, EarlyWarningStep, EarlyWarningThresholds, apply,
};
use rusqlite::{OptionalExtension as _, Row, params};
use wire::EARLY_WARNING_THRESHOLDS;

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::redraw::numbered;
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

/// What people do is one record for all desks.
pub(crate) const OF_ALL_DESKS: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE early_warning_event (
        subject TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (subject, version)
    ) STRICT, WITHOUT ROWID;
    -- Drawn of the events, the first from 1 on. closed_at: 0 while it is open.
    CREATE TABLE early_warning_round (
        subject TEXT NOT NULL,
        number INTEGER NOT NULL,
        found_at INTEGER NOT NULL,
        closed_at INTEGER NOT NULL,
        PRIMARY KEY (subject, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX early_warning_round_closed ON early_warning_round (closed_at, found_at);
    -- By what a warning is known at all desks; empty for what was closed before they knew. When it was closed
    -- is drawn of the rounds.
    ALTER TABLE early_warning ADD COLUMN subject TEXT NOT NULL DEFAULT '';
    CREATE INDEX early_warning_subject ON early_warning (subject, closed_at);
    DROP TRIGGER early_warning_is_closed_once;
    CREATE TRIGGER early_warning_is_not_changed BEFORE UPDATE ON early_warning
        WHEN NEW.id <> OLD.id OR NEW.about <> OLD.about OR NEW.ground <> OLD.ground
            OR NEW.found_at <> OLD.found_at
        BEGIN SELECT RAISE(ABORT, 'a warning stays as it was found'); END;
";

/// In one list, the latest.
pub const EARLY_WARNINGS_MAX_LISTED: u32 = 200;
/// Orders of one warning that are listed, the latest.
pub const EARLY_WARNING_ORDERS_MAX: u32 = 200;
/// Versions of the thresholds that are listed, the latest.
const THRESHOLDS_MAX_LISTED: usize = 50;

/// Between the subject of what was found elsewhere and which time it was.
const ROUND_MARK: char = '/';

impl KeptCommand for EarlyWarningCommand {
    /// Told apart from the commands about orders by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("early_warning_{}", AsText(self.kind()).name()?))
    }
}

/// A warning as it was found here, or as whoever acted about it elsewhere saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEarlyWarning {
    /// `UUIDv7` for what was found here; the subject and which time it was for what was not.
    pub id: String,
    /// Empty for what was not found here.
    pub about: String,
    /// [`wire::early_warning_subject`]; empty for what was closed before all desks knew.
    pub subject: String,
    pub ground: EarlyWarningGround,
    pub found_at: DateTime<Utc>,
    /// None while it is open.
    pub closed_at: Option<DateTime<Utc>>,
}

impl StoredEarlyWarning {
    /// What was done about this one, of all the times the same was warned of.
    pub fn round<'a>(
        &self,
        record: Option<&'a EarlyWarningRecord>,
    ) -> Option<&'a EarlyWarningRound> {
        let mut rounds = record?.rounds.iter();
        rounds.find(|round| round.closed_at() == self.closed_at)
    }
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

const COLUMNS: &str = "id, about, subject, ground, found_at, closed_at";

fn warning_of(row: &Row<'_>) -> rusqlite::Result<StoredEarlyWarning> {
    let closed_at = row.get::<_, AsMillis>("closed_at")?.0;
    Ok(StoredEarlyWarning {
        id: row.get("id")?,
        about: row.get("about")?,
        subject: row.get("subject")?,
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

const OPEN_ELSEWHERE: &str = "FROM early_warning_round AS round WHERE closed_at = 0
    AND NOT EXISTS (SELECT 1 FROM early_warning
                    WHERE subject = round.subject AND closed_at = 0)";
const CLOSED_ELSEWHERE: &str = "FROM early_warning_round AS round WHERE closed_at > 0
    AND NOT EXISTS (SELECT 1 FROM early_warning
                    WHERE subject = round.subject AND closed_at = round.closed_at)";

impl Reader {
    /// The warnings that nobody has closed, here or elsewhere, the last found first.
    pub fn open_early_warnings(&self) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        let sql = format!("{OPEN_ELSEWHERE} ORDER BY found_at DESC LIMIT ?1");
        self.early_warnings_by(&sql_of_open(), &sql, |it| Some(it.found_at))
    }

    /// Those that were closed, the last closed first.
    pub fn closed_early_warnings(&self) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        let sql = format!("{CLOSED_ELSEWHERE} ORDER BY closed_at DESC LIMIT ?1");
        self.early_warnings_by(&sql_of_closed(), &sql, |it| it.closed_at)
    }

    /// Those found here and elsewhere, the last first by `at`.
    fn early_warnings_by(
        &self,
        found_here: &str,
        elsewhere: &str,
        at: impl Fn(&StoredEarlyWarning) -> Option<DateTime<Utc>>,
    ) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        let mut statement = self.connection().prepare_cached(found_here)?;
        let rows = statement.query_map([EARLY_WARNINGS_MAX_LISTED], warning_of)?;
        let mut all = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let sql = format!("SELECT subject, number {elsewhere}");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rounds = statement.query_map([EARLY_WARNINGS_MAX_LISTED], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        for (subject, number) in rounds.collect::<rusqlite::Result<Vec<(String, usize)>>>()? {
            all.extend(self.early_warning_elsewhere(&subject, number)?);
        }
        all.sort_by_key(|it| std::cmp::Reverse(at(it)));
        all.truncate(EARLY_WARNINGS_MAX_LISTED as usize);
        Ok(all)
    }

    fn early_warning_elsewhere(
        &self,
        subject: &str,
        number: usize,
    ) -> Result<Option<StoredEarlyWarning>, StoreFault> {
        let record = self.early_warning_record(subject)?;
        let rounds = record.as_ref().map_or(&[][..], |record| &record.rounds);
        let round = number.checked_sub(1).and_then(|nth| rounds.get(nth));
        Ok(round.map(|round| StoredEarlyWarning {
            id: format!("{subject}{ROUND_MARK}{number}"),
            about: String::new(),
            subject: subject.to_owned(),
            ground: round.found.ground.clone(),
            found_at: round.found.found_at,
            closed_at: round.closed_at(),
        }))
    }

    pub fn count_open_early_warnings(&self) -> Result<u64, StoreFault> {
        let sql = format!(
            "SELECT (SELECT count(*) FROM early_warning WHERE closed_at = 0)
                  + (SELECT count(*) {OPEN_ELSEWHERE})"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }

    pub fn early_warning(&self, id: &str) -> Result<Option<StoredEarlyWarning>, StoreFault> {
        if let Some((subject, number)) = id.split_once(ROUND_MARK) {
            let number = number.parse().unwrap_or(0);
            return self.early_warning_elsewhere(subject, number);
        }
        let sql = format!("SELECT {COLUMNS} FROM early_warning WHERE id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([id], warning_of).optional()?)
    }

    /// The last warning about the same that was found here.
    pub fn last_early_warning_about(
        &self,
        about: &str,
    ) -> Result<Option<StoredEarlyWarning>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_of_about())?;
        Ok(statement.query_row([about], warning_of).optional()?)
    }

    /// What was done at all desks about a subject ([`wire::early_warning_subject`]); `None` where nobody has done
    /// anything.
    pub fn early_warning_record(
        &self,
        subject: &str,
    ) -> Result<Option<EarlyWarningRecord>, StoreFault> {
        let sql = "SELECT body FROM early_warning_event WHERE subject = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let events = statement.query_map([subject], |row| {
            Ok(row.get::<_, AsJson<EarlyWarningEvent>>(0)?.0)
        })?;
        let mut record = None;
        for event in events {
            apply(&mut record, &event?);
        }
        Ok(record)
    }

    /// The ids of the orders behind a warning that was found here, the last added first, and how many there are.
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

    /// Whether an order is behind a warning that was found here.
    pub fn early_warning_has(&self, id: &str, order_id: &str) -> Result<bool, StoreFault> {
        let sql = "SELECT EXISTS (SELECT 1 FROM early_warning_order
                                  WHERE warning_id = ?1 AND order_id = ?2)";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([id, order_id], |row| row.get(0))?)
    }

    /// What was done about a warning at this desk alone, before all knew of each other, the first first.
    pub fn early_warning_steps_before(
        &self,
        id: &str,
    ) -> Result<Vec<EarlyWarningStep>, StoreFault> {
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

    /// The versions of the thresholds, the last first; none before anybody has set any. What this desk set alone,
    /// before they were for all, comes before what was set since.
    pub fn early_warning_thresholds(&self) -> Result<Vec<StoredThresholds>, StoreFault> {
        let sql = "SELECT version, body, by_id, at FROM early_warning_thresholds ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([], |row| {
            Ok(StoredThresholds {
                version: row.get("version")?,
                thresholds: row.get::<_, AsJson<EarlyWarningThresholds>>("body")?.0,
                by: ActorId(row.get("by_id")?),
                at: row.get::<_, AsMillis>("at")?.0,
            })
        })?;
        let mut sets = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let record = self.early_warning_record(EARLY_WARNING_THRESHOLDS)?;
        for set in record.map_or_else(Vec::new, |record| record.thresholds) {
            sets.push(StoredThresholds {
                version: sets.last().map_or(1, |last| last.version + 1),
                thresholds: set.thresholds,
                by: set.by,
                at: set.at,
            });
        }
        sets.reverse();
        sets.truncate(THRESHOLDS_MAX_LISTED);
        Ok(sets)
    }

    /// What was found here and is open, and has no name that all desks know yet.
    pub fn unnamed_early_warnings(&self) -> Result<Vec<StoredEarlyWarning>, StoreFault> {
        let sql =
            format!("SELECT {COLUMNS} FROM early_warning WHERE subject = '' AND closed_at = 0");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map([], warning_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Keeps a warning that was found.
    pub fn append_early_warning(&mut self, warning: &StoredEarlyWarning) -> Result<(), StoreFault> {
        let sql = "INSERT INTO early_warning (id, about, subject, ground, found_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(sql)?.execute(params![
            warning.id,
            warning.about,
            warning.subject,
            AsJson(&warning.ground),
            AsMillis(warning.found_at),
        ])?;
        Ok(())
    }

    /// Gives a warning that was found here the name that all desks know.
    pub fn name_early_warning(&mut self, id: &str, subject: &str) -> Result<(), StoreFault> {
        let sql = "UPDATE early_warning SET subject = ?2 WHERE id = ?1 AND subject = ''";
        self.connection()
            .prepare_cached(sql)?
            .execute([id, subject])?;
        self.draw_early_warning_rounds(subject)
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

    /// Adds to what was done what the intent `desk_seq` led to, after `base_version`.
    pub fn append_early_warning_event(
        &mut self,
        subject: &str,
        desk_seq: u64,
        base_version: u32,
        event: &EarlyWarningEvent,
    ) -> Result<(), StoreFault> {
        self.put_early_warning_event(subject, desk_seq, base_version, event)?;
        self.draw_early_warning_rounds(subject)
    }

    /// Puts a story in place of the one before, as [`Writer::replace_kb_events`].
    pub fn replace_early_warning_events(
        &mut self,
        subject: &str,
        story: &[(u64, &[EarlyWarningEvent])],
    ) -> Result<(), StoreFault> {
        self.connection()
            .prepare_cached("DELETE FROM early_warning_event WHERE subject = ?1")?
            .execute([subject])?;
        for (desk_seq, version, event) in numbered(story) {
            self.put_early_warning_event(subject, desk_seq, version, event)?;
        }
        self.draw_early_warning_rounds(subject)
    }

    fn put_early_warning_event(
        &mut self,
        subject: &str,
        desk_seq: u64,
        base_version: u32,
        event: &EarlyWarningEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO early_warning_event (subject, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![subject, base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Which times there were, and which of what was found here was closed by them.
    fn draw_early_warning_rounds(&mut self, subject: &str) -> Result<(), StoreFault> {
        let record = self.early_warning_record(subject)?;
        self.connection()
            .prepare_cached("DELETE FROM early_warning_round WHERE subject = ?1")?
            .execute([subject])?;
        let rounds = record.iter().flat_map(|record| &record.rounds);
        for (number, round) in (1_u32..).zip(rounds) {
            let closed_at = round.closed_at().unwrap_or(DateTime::UNIX_EPOCH);
            let sql = "INSERT INTO early_warning_round (subject, number, found_at, closed_at)
                       VALUES (?1, ?2, ?3, ?4)";
            self.connection().prepare_cached(sql)?.execute(params![
                subject,
                number,
                AsMillis(round.found.found_at),
                AsMillis(closed_at),
            ])?;
        }
        let sql = "UPDATE early_warning SET closed_at = coalesce(
                       (SELECT min(closed_at) FROM early_warning_round AS round
                        WHERE round.subject = early_warning.subject
                          AND round.closed_at >= early_warning.found_at), 0)
                   WHERE subject = ?1";
        self.connection().prepare_cached(sql)?.execute([subject])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
