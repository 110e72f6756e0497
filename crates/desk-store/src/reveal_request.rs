//! 查看申请: who asked to be shown who brought a sealed matter, and what another person said to it. Asked
//! once, decided once, never taken away. 导出申请 stand beside them: what takes a second person to leave the
//! house is asked for and decided in the same way, and what was granted goes out once.

use chrono::{DateTime, Utc};
use domain::ActorId;
use rusqlite::{OptionalExtension as _, Row, params};

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE reveal_request (
        id TEXT NOT NULL PRIMARY KEY,
        work_order_id TEXT NOT NULL,
        purpose TEXT NOT NULL,
        asked_by TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        decided_by TEXT NOT NULL DEFAULT '',
        decided_at INTEGER NOT NULL DEFAULT 0,
        is_granted INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX reveal_request_order ON reveal_request (work_order_id, asked_at);
    CREATE INDEX reveal_request_open ON reveal_request (decided_at, asked_at);
    CREATE TRIGGER reveal_request_is_decided_once BEFORE UPDATE ON reveal_request
        WHEN OLD.decided_at <> 0 OR NEW.id <> OLD.id OR NEW.work_order_id <> OLD.work_order_id
            OR NEW.purpose <> OLD.purpose OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at
        BEGIN SELECT RAISE(ABORT, 'a request is decided once'); END;
    CREATE TRIGGER reveal_request_is_not_deleted BEFORE DELETE ON reveal_request
        BEGIN SELECT RAISE(ABORT, 'requests are only added'); END;
";

/// What of the requests are exports, and which of them went out.
pub(crate) const ADD_EXPORTS: &str = "
    ALTER TABLE reveal_request ADD COLUMN export_text TEXT NOT NULL DEFAULT '';
    CREATE TRIGGER reveal_request_export_stays BEFORE UPDATE ON reveal_request
        WHEN NEW.export_text <> OLD.export_text
        BEGIN SELECT RAISE(ABORT, 'a request stays what it is'); END;
    CREATE TABLE export_made (
        request_id TEXT NOT NULL PRIMARY KEY,
        serial TEXT NOT NULL,
        at INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER export_made_is_not_changed BEFORE UPDATE ON export_made
        BEGIN SELECT RAISE(ABORT, 'exports are only added'); END;
    CREATE TRIGGER export_made_is_not_deleted BEFORE DELETE ON export_made
        BEGIN SELECT RAISE(ABORT, 'exports are only added'); END;
";

/// More are looked at by nobody at once.
const LISTED_MAX: u32 = 50;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealRequest {
    /// `UUIDv7`.
    pub id: String,
    /// The order; of an export, a name of exactly what is wanted.
    pub work_order_id: String,
    /// 用途: its code; of an export, as it was typed.
    pub purpose: String,
    /// 导出的内容, for who decides; empty where somebody wants to know who called.
    pub export_text: String,
    pub asked_by: ActorId,
    pub asked_at: DateTime<Utc>,
    /// None while nobody has decided.
    pub decision: Option<RevealDecision>,
}

/// What another person said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevealDecision {
    pub by: ActorId,
    pub at: DateTime<Utc>,
    pub is_granted: bool,
}

impl RevealRequest {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let by: String = row.get("decided_by")?;
        let decision = RevealDecision {
            by: ActorId(by),
            at: row.get::<_, AsMillis>("decided_at")?.0,
            is_granted: row.get("is_granted")?,
        };
        Ok(Self {
            id: row.get("id")?,
            work_order_id: row.get("work_order_id")?,
            purpose: row.get("purpose")?,
            export_text: row.get("export_text")?,
            asked_by: ActorId(row.get("asked_by")?),
            asked_at: row.get::<_, AsMillis>("asked_at")?.0,
            decision: Some(decision).filter(|it| !it.by.0.is_empty()),
        })
    }
}

impl Reader {
    /// What was asked of an order since then, the last first.
    pub fn reveal_requests_of(
        &self,
        work_order_id: &str,
        since: DateTime<Utc>,
    ) -> Result<Vec<RevealRequest>, StoreFault> {
        let sql = "SELECT id, work_order_id, purpose, export_text, asked_by, asked_at, decided_by, decided_at, is_granted
                   FROM reveal_request WHERE work_order_id = ?1 AND asked_at > ?2
                   ORDER BY asked_at DESC, id DESC LIMIT ?3";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(
            params![work_order_id, AsMillis(since), LISTED_MAX],
            RevealRequest::of,
        )?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// What nobody has decided since then, the first first.
    pub fn open_reveal_requests(
        &self,
        since: DateTime<Utc>,
    ) -> Result<Vec<RevealRequest>, StoreFault> {
        let sql = "SELECT id, work_order_id, purpose, export_text, asked_by, asked_at, decided_by, decided_at, is_granted
                   FROM reveal_request WHERE decided_at = 0 AND asked_at > ?1
                   ORDER BY asked_at, id LIMIT ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![AsMillis(since), LISTED_MAX], RevealRequest::of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    pub fn reveal_request(&self, id: &str) -> Result<Option<RevealRequest>, StoreFault> {
        let sql = "SELECT id, work_order_id, purpose, export_text, asked_by, asked_at, decided_by, decided_at, is_granted
                   FROM reveal_request WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row([id], RevealRequest::of).optional()?)
    }

    /// Whether what was asked for has gone out.
    pub fn is_export_made(&self, request_id: &str) -> Result<bool, StoreFault> {
        let sql = "SELECT count(*) FROM export_made WHERE request_id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let n: u32 = statement.query_row([request_id], |row| row.get(0))?;
        Ok(n > 0)
    }
}

impl Writer {
    /// Keeps a request that nobody has decided.
    pub fn append_reveal_request(&mut self, request: &RevealRequest) -> Result<(), StoreFault> {
        let sql = "INSERT INTO reveal_request (id, work_order_id, purpose, asked_by, asked_at,
                                               export_text)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.connection().prepare_cached(sql)?.execute(params![
            request.id,
            request.work_order_id,
            request.purpose,
            request.asked_by.0,
            AsMillis(request.asked_at),
            request.export_text,
        ])?;
        Ok(())
    }

    /// What was granted goes out under this number; fails where it went out before.
    pub fn keep_export_made(
        &mut self,
        request_id: &str,
        serial: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO export_made (request_id, serial, at) VALUES (?1, ?2, ?3)";
        self.connection().prepare_cached(sql)?.execute(params![
            request_id,
            serial,
            AsMillis(at)
        ])?;
        Ok(())
    }

    /// Keeps what another person said; fails where somebody has said it before.
    pub fn decide_reveal_request(
        &mut self,
        id: &str,
        decision: &RevealDecision,
    ) -> Result<(), StoreFault> {
        let sql = "UPDATE reveal_request SET decided_by = ?2, decided_at = ?3, is_granted = ?4
                   WHERE id = ?1";
        self.connection().prepare_cached(sql)?.execute(params![
            id,
            decision.by.0,
            AsMillis(decision.at),
            decision.is_granted,
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn a_request_is_decided_once_and_stays() {
        let mut desk = Desk::new();
        let request = |id: &str, asked_at: &str| RevealRequest {
            id: id.to_owned(),
            work_order_id: "order-1".to_owned(),
            purpose: "call_back".to_owned(),
            export_text: String::new(),
            asked_by: ActorId("1001".to_owned()),
            asked_at: at(asked_at),
            decision: None,
        };
        let (first, second) = (
            request("1", "2026-11-23 09:15"),
            request("2", "2026-11-23 09:20"),
        );
        let decision = |is_granted: bool| RevealDecision {
            by: ActorId("1002".to_owned()),
            at: at("2026-11-23 09:21"),
            is_granted,
        };
        desk.change(|writer| {
            writer.append_reveal_request(&first)?;
            writer.append_reveal_request(&second)?;
            writer.decide_reveal_request("1", &decision(true))
        });
        for change in [
            "DELETE FROM reveal_request",
            "UPDATE reveal_request SET is_granted = 0 WHERE id = '1'",
            "UPDATE reveal_request SET asked_by = '1003' WHERE id = '2'",
            "UPDATE reveal_request SET export_text = '台账' WHERE id = '2'",
        ] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            let told = refused.unwrap_err().to_string();
            assert!(
                ["only added", "once", "stays"]
                    .iter()
                    .any(|it| told.contains(it)),
                "{told}"
            );
        }
        let again = desk
            .store()
            .commit(|writer| writer.decide_reveal_request("1", &decision(false)));
        assert!(again.is_err());
        desk.restart();
        let decided = RevealRequest {
            decision: Some(decision(true)),
            ..first
        };
        let since = at("2026-11-23 09:00");
        assert_eq!(
            desk.query(|reader| reader.reveal_requests_of("order-1", since)),
            [second.clone(), decided]
        );
        assert_eq!(
            desk.query(|reader| reader.open_reveal_requests(since)),
            std::slice::from_ref(&second)
        );
        assert_eq!(
            desk.query(|reader| reader.reveal_request("2")),
            Some(second)
        );
        let later = at("2026-11-23 09:20");
        assert_eq!(desk.query(|reader| reader.open_reveal_requests(later)), []);
    }

    #[test]
    fn what_was_granted_goes_out_once() {
        let desk = Desk::new();
        let now = at("2026-11-23 09:30");
        desk.change(|writer| writer.keep_export_made("1", "W01-K7Q4M-X9P2T", now));
        assert!(desk.query(|reader| reader.is_export_made("1")));
        assert!(!desk.query(|reader| reader.is_export_made("2")));
        let again = desk
            .store()
            .commit(|writer| writer.keep_export_made("1", "W01-AAAAA-BBBBB", now));
        assert!(again.is_err());
        for change in [
            "DELETE FROM export_made",
            "UPDATE export_made SET request_id = '2'",
        ] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            let told = refused.unwrap_err().to_string();
            assert!(told.contains("only added"), "{told}");
        }
    }
}
