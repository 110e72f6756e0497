//! 异常来电档案: what happened with each number (第二十二条). Only added to; it stays at this desk.

use domain::caller_dossier::{CallerDossier, DossierCommand, DossierEvent, apply};
use rusqlite::params;

use crate::columns::AsJson;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};
use crate::work_order::phone_digits;

pub(crate) const CREATE: &str = "
    CREATE TABLE caller_dossier_event (
        phone_digits TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (phone_digits, version)
    ) STRICT, WITHOUT ROWID;
    CREATE TRIGGER caller_dossier_is_not_changed BEFORE UPDATE ON caller_dossier_event
        BEGIN SELECT RAISE(ABORT, 'evidence is kept as it is'); END;
    CREATE TRIGGER caller_dossier_is_not_deleted BEFORE DELETE ON caller_dossier_event
        BEGIN SELECT RAISE(ABORT, 'evidence is kept'); END;
";

/// In one list.
pub const DOSSIERS_MAX_LISTED: u32 = 500;

/// 异常来电档案 with its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDossier {
    pub dossier: CallerDossier,
    /// The first opens it.
    pub events: Vec<DossierEvent>,
}

impl StoredDossier {
    /// The number of events.
    pub fn version(&self) -> u32 {
        u32::try_from(self.events.len()).unwrap_or(u32::MAX)
    }
}

impl Reader {
    /// The dossier of a number, written in any way; `None` where there never was one.
    pub fn caller_dossier(&self, phone: &str) -> Result<Option<StoredDossier>, StoreFault> {
        let sql = "SELECT body FROM caller_dossier_event WHERE phone_digits = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let events = statement.query_map([phone_digits(phone)], |row| {
            Ok(row.get::<_, AsJson<DossierEvent>>(0)?.0)
        })?;
        let events = events.collect::<rusqlite::Result<Vec<_>>>()?;
        if let Some(first) = events.first()
            && !matches!(first.kind, DossierCommand::Open { .. })
        {
            let detail = "a caller's dossier does not begin with its opening".to_owned();
            return Err(StoreFault::Damaged { detail });
        }
        let mut dossier = None;
        for event in &events {
            apply(&mut dossier, event);
        }
        Ok(dossier.map(|dossier| StoredDossier { dossier, events }))
    }

    /// The numbers that have a dossier.
    pub fn dossier_phones(&self) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT phone_digits FROM caller_dossier_event WHERE version = 1
                   ORDER BY phone_digits LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let phones = statement.query_map([DOSSIERS_MAX_LISTED], |row| row.get(0))?;
        Ok(phones.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Adds to the dossier of a number, after `version` events.
    pub fn append_dossier_event(
        &mut self,
        phone: &str,
        version: u32,
        event: &DossierEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO caller_dossier_event (phone_digits, version, body)
                   VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![phone_digits(phone), version + 1, AsJson(event)])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::ActorId;
    use domain::caller_dossier::{AbuseKind, CallEvidence};

    use super::*;
    use crate::tests::{Desk, at};

    fn event(kind: DossierCommand) -> DossierEvent {
        DossierEvent {
            occurred_at: at("2026-11-24 10:00"),
            actor: ActorId("1001".to_owned()),
            kind,
        }
    }

    fn opened() -> DossierEvent {
        event(DossierCommand::Open {
            phone: "138 0000 1234".to_owned(),
            kinds: vec![AbuseKind::Harassment],
            evidence: CallEvidence {
                called_at: at("2026-11-24 09:50"),
                duration_s: 300,
                recording: "R-1".to_owned(),
                note: String::new(),
            },
        })
    }

    #[test]
    fn a_dossier_is_kept_by_the_digits_of_its_number() {
        let mut desk = Desk::new();
        desk.change(|writer| writer.append_dossier_event("138 0000 1234", 0, &opened()));
        let taken_over = event(DossierCommand::TakeOver {
            reason: "辱骂".to_owned(),
        });
        desk.change(|writer| writer.append_dossier_event("+86 13800001234", 1, &taken_over));
        desk.restart();
        let stored = desk.query(|reader| reader.caller_dossier("13800001234"));
        let stored = stored.unwrap();
        assert!(stored.dossier.is_taken_over);
        assert_eq!(stored.version(), 2);
        assert_eq!(desk.query(Reader::dossier_phones), ["13800001234"]);
        assert_eq!(desk.query(|reader| reader.caller_dossier("110")), None);
    }

    #[test]
    fn evidence_is_not_changed_and_not_taken_out() {
        let desk = Desk::new();
        desk.change(|writer| writer.append_dossier_event("13800001234", 0, &opened()));
        for sql in [
            "UPDATE caller_dossier_event SET body = '{}'",
            "DELETE FROM caller_dossier_event",
        ] {
            let done = desk.store().commit(|writer| -> Result<(), StoreFault> {
                writer.connection().execute(sql, [])?;
                Ok(())
            });
            assert!(done.is_err(), "{sql}");
        }
    }

    #[test]
    fn a_dossier_without_its_opening_is_damage_and_not_a_panic() {
        let desk = Desk::new();
        let closed = event(DossierCommand::Close {
            reason: "误建".to_owned(),
        });
        desk.change(|writer| writer.append_dossier_event("13800001234", 0, &closed));
        let found = desk
            .store()
            .read(|reader| Ok(reader.caller_dossier("13800001234")?));
        let fault = found.unwrap_err().downcast::<StoreFault>().unwrap();
        assert!(matches!(fault, StoreFault::Damaged { .. }));
    }
}
