//! 交接班: what one shift left to the next. Written once, confirmed once, never deleted.

use chrono::{DateTime, Utc};
use domain::ActorId;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE hand_over (
        n INTEGER NOT NULL PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        from_id TEXT NOT NULL,
        from_name TEXT NOT NULL,
        written_at INTEGER NOT NULL,
        body TEXT NOT NULL,
        to_id TEXT,
        to_name TEXT,
        confirmed_at INTEGER
    ) STRICT;
    CREATE TRIGGER hand_over_is_confirmed_once BEFORE UPDATE ON hand_over
        WHEN OLD.confirmed_at IS NOT NULL OR NEW.body <> OLD.body OR NEW.from_id <> OLD.from_id
        BEGIN SELECT RAISE(ABORT, 'a hand-over is not changed'); END;
    CREATE TRIGGER hand_over_is_not_deleted BEFORE DELETE ON hand_over
        BEGIN SELECT RAISE(ABORT, 'a hand-over is kept'); END;
";

/// In one list.
pub const HAND_OVERS_MAX_LISTED: u32 = 200;

/// 交接班记录.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOver {
    pub id: String,
    pub from: ActorId,
    pub from_name: String,
    pub written_at: DateTime<Utc>,
    /// JSON, the form's own business.
    pub body: String,
    pub confirmed: Option<HandOverConfirmation>,
}

/// Who took the shift over, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOverConfirmation {
    pub by: ActorId,
    pub name: String,
    pub at: DateTime<Utc>,
}

const COLUMNS: &str = "id, from_id, from_name, written_at, body, to_id, to_name, confirmed_at";

impl Reader {
    /// The latest, the last first.
    pub fn hand_overs(&self) -> Result<Vec<HandOver>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM hand_over ORDER BY n DESC LIMIT ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let rows = statement.query_map([HAND_OVERS_MAX_LISTED], hand_over_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The last one, if nobody has confirmed it.
    pub fn open_hand_over(&self) -> Result<Option<HandOver>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM hand_over ORDER BY n DESC LIMIT 1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        let last = statement.query_row([], hand_over_of).optional()?;
        Ok(last.filter(|it| it.confirmed.is_none()))
    }
}

impl Writer {
    pub fn append_hand_over(&mut self, hand_over: &HandOver) -> Result<(), StoreFault> {
        let sql = "INSERT INTO hand_over (id, from_id, from_name, written_at, body)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(sql)?.execute(params![
            hand_over.id,
            hand_over.from.0,
            hand_over.from_name,
            AsMillis(hand_over.written_at),
            hand_over.body,
        ])?;
        Ok(())
    }

    pub fn confirm_hand_over(
        &mut self,
        id: &str,
        confirmation: &HandOverConfirmation,
    ) -> Result<(), StoreFault> {
        let sql = "UPDATE hand_over SET to_id = ?2, to_name = ?3, confirmed_at = ?4 WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id,
            confirmation.by.0,
            confirmation.name,
            AsMillis(confirmation.at),
        ])?;
        Ok(())
    }
}

fn hand_over_of(row: &Row<'_>) -> rusqlite::Result<HandOver> {
    let confirmed_at: Option<AsMillis> = row.get("confirmed_at")?;
    let confirmed = match confirmed_at {
        Some(AsMillis(at)) => Some(HandOverConfirmation {
            by: ActorId(row.get("to_id")?),
            name: row.get("to_name")?,
            at,
        }),
        None => None,
    };
    Ok(HandOver {
        id: row.get("id")?,
        from: ActorId(row.get("from_id")?),
        from_name: row.get("from_name")?,
        written_at: row.get::<_, AsMillis>("written_at")?.0,
        body: row.get("body")?,
        confirmed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn a_hand_over_is_confirmed_once_and_kept() {
        let mut desk = Desk::new();
        let written = HandOver {
            id: "h".to_owned(),
            from: ActorId("1001".to_owned()),
            from_name: "陈晓梅".to_owned(),
            written_at: at("2026-11-23 17:30"),
            body: "{}".to_owned(),
            confirmed: None,
        };
        desk.change(|writer| writer.append_hand_over(&written));
        desk.restart();
        assert_eq!(desk.query(Reader::open_hand_over), Some(written.clone()));
        let confirmation = HandOverConfirmation {
            by: ActorId("1002".to_owned()),
            name: "李强".to_owned(),
            at: at("2026-11-23 17:40"),
        };
        desk.change(|writer| writer.confirm_hand_over("h", &confirmation));
        assert_eq!(desk.query(Reader::open_hand_over), None);
        let confirmed = HandOver {
            confirmed: Some(confirmation.clone()),
            ..written
        };
        assert_eq!(desk.query(Reader::hand_overs), [confirmed]);
        let again = desk
            .store()
            .commit(|writer| writer.confirm_hand_over("h", &confirmation));
        assert!(again.is_err());
        for change in ["DELETE FROM hand_over", "UPDATE hand_over SET body = ''"] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            assert!(refused.is_err(), "{change}");
        }
    }
}
