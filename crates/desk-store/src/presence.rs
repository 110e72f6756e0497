//! 在岗记录: who signed in, failed to, left the desk locked, and handed over. Only ever added to.

use ::audit::{Entry, Outcome};
use chrono::{DateTime, Utc};
use domain::ActorId;
use rusqlite::{OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE presence (
        n INTEGER NOT NULL PRIMARY KEY,
        at INTEGER NOT NULL,
        what TEXT NOT NULL,
        person TEXT NOT NULL,
        detail TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE TRIGGER presence_is_not_changed BEFORE UPDATE ON presence
        BEGIN SELECT RAISE(ABORT, 'presence is only added'); END;
    CREATE TRIGGER presence_is_not_deleted BEFORE DELETE ON presence
        BEGIN SELECT RAISE(ABORT, 'presence is only added'); END;
";

/// In one list.
pub const PRESENCE_MAX_LISTED: u32 = 200;

/// What happened at the desk. Frozen: the names stand in every desk's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    SignedInOnline,
    SignedInOffline,
    /// The number or the password was wrong, or the person may not sign in.
    Failed,
    /// Too many tries: none for a while.
    Barred,
    Locked,
    /// Nobody touched it for as long as the desk waits.
    LockedIdle,
    Unlocked,
    SignedOut,
    PasswordChanged,
    HandOverWritten,
    HandOverConfirmed,
    Enrolled,
}

/// One line of the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceEntry {
    pub at: DateTime<Utc>,
    pub what: Presence,
    /// As it was typed, for a failure.
    pub person: ActorId,
    pub detail: String,
}

impl Reader {
    /// The latest lines, the last first.
    pub fn presence(&self) -> Result<Vec<PresenceEntry>, StoreFault> {
        let sql = "SELECT at, what, person, detail FROM presence ORDER BY n DESC LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([PRESENCE_MAX_LISTED], |row| {
            Ok(PresenceEntry {
                at: row.get::<_, AsMillis>("at")?.0,
                what: row.get::<_, AsText<_>>("what")?.0,
                person: ActorId(row.get("person")?),
                detail: row.get("detail")?,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// When the last line was written: a clock that shows less was put back.
    pub fn last_presence_at(&self) -> Result<Option<DateTime<Utc>>, StoreFault> {
        let sql = "SELECT at FROM presence ORDER BY n DESC LIMIT 1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let at = statement.query_row([], |row| Ok(row.get::<_, AsMillis>(0)?.0));
        Ok(at.optional()?)
    }
}

impl Writer {
    pub fn append_presence(&mut self, entry: &PresenceEntry) -> Result<(), StoreFault> {
        let sql = "INSERT INTO presence (at, what, person, detail) VALUES (?1, ?2, ?3, ?4)";
        self.connection().prepare_cached(sql)?.execute(params![
            AsMillis(entry.at),
            AsText(entry.what),
            entry.person.0,
            entry.detail,
        ])?;
        // The same is an entry of the audit; said once, it stands in both.
        let is_refused = matches!(entry.what, Presence::Failed | Presence::Barred);
        self.append_audit(Entry {
            at_ms: entry.at.timestamp_millis(),
            actor: entry.person.0.clone(),
            desk: String::new(),
            session: String::new(),
            act: AsText(entry.what).name()?,
            object: match entry.what {
                Presence::HandOverWritten | Presence::HandOverConfirmed => entry.detail.clone(),
                Presence::SignedInOnline
                | Presence::SignedInOffline
                | Presence::Failed
                | Presence::Barred
                | Presence::Locked
                | Presence::LockedIdle
                | Presence::Unlocked
                | Presence::SignedOut
                | Presence::PasswordChanged
                | Presence::Enrolled => String::new(),
            },
            purpose: String::new(),
            fields: Vec::new(),
            outcome: if is_refused {
                Outcome::Refused
            } else {
                Outcome::Done
            },
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn presence_is_only_added() {
        let mut desk = Desk::new();
        let entry = |what, clock: &str| PresenceEntry {
            at: at(clock),
            what,
            person: ActorId("1001".to_owned()),
            detail: String::new(),
        };
        let signed_in = entry(Presence::SignedInOnline, "2026-11-23 09:15");
        let locked = entry(Presence::LockedIdle, "2026-11-23 09:30");
        desk.change(|writer| {
            writer.append_presence(&signed_in)?;
            writer.append_presence(&locked)
        });
        for change in ["DELETE FROM presence", "UPDATE presence SET person = ''"] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            assert!(refused.is_err(), "{change}");
        }
        desk.restart();
        assert_eq!(desk.query(Reader::presence), [locked, signed_in]);
        assert_eq!(
            desk.query(Reader::last_presence_at),
            Some(at("2026-11-23 09:30"))
        );
    }
}
