//! 异常来电档案: what happened with each number (第二十二条), at whichever desk.

use domain::caller_dossier::{CallerDossier, DossierCommand, DossierEvent, apply};
use domain::matter::phone_digits;
use rusqlite::params;
use wire::dossier_subject;

use crate::columns::{AsJson, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::redraw::numbered;
use crate::store::{Reader, Writer};

/// Of a desk alone, as it was at first; not read any more.
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

pub(crate) const OF_ALL_DESKS: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE dossier_event (
        subject TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (subject, version)
    ) STRICT, WITHOUT ROWID;
";

/// In one list.
pub const DOSSIERS_MAX_LISTED: u32 = 500;

impl KeptCommand for DossierCommand {
    /// Told apart from the commands about orders by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("dossier_{}", AsText(self.kind()).name()?))
    }
}

/// 异常来电档案 with its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDossier {
    pub dossier: CallerDossier,
    /// The first opens it.
    pub events: Vec<DossierEvent>,
}

impl Reader {
    /// The dossier of a number, written in any way; `None` where there never was one.
    pub fn caller_dossier(&self, phone: &str) -> Result<Option<StoredDossier>, StoreFault> {
        self.dossier_of(&dossier_subject(phone))
    }

    /// The same by its subject ([`wire::dossier_subject`]).
    pub fn dossier_of(&self, subject: &str) -> Result<Option<StoredDossier>, StoreFault> {
        let sql = "SELECT body FROM dossier_event WHERE subject = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let events = statement.query_map([subject], |row| {
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

    /// Every dossier, by number; at most [`DOSSIERS_MAX_LISTED`].
    pub fn caller_dossiers(&self) -> Result<Vec<StoredDossier>, StoreFault> {
        let sql = "SELECT subject FROM dossier_event WHERE version = 1 LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let subjects = statement.query_map([DOSSIERS_MAX_LISTED], |row| row.get(0))?;
        let subjects = subjects.collect::<rusqlite::Result<Vec<String>>>()?;
        let mut dossiers = Vec::with_capacity(subjects.len());
        for subject in subjects {
            dossiers.extend(self.dossier_of(&subject)?);
        }
        dossiers.sort_by_key(|it| phone_digits(&it.dossier.phone));
        Ok(dossiers)
    }
}

impl Writer {
    /// Adds to a dossier ([`wire::dossier_subject`]) what the intent `desk_seq` led to, after `base_version`.
    pub fn append_dossier_event(
        &mut self,
        subject: &str,
        desk_seq: u64,
        base_version: u32,
        event: &DossierEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO dossier_event (subject, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![subject, base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Puts a story in place of the one before, as [`Writer::replace_kb_events`].
    pub fn replace_dossier_events(
        &mut self,
        subject: &str,
        story: &[(u64, &[DossierEvent])],
    ) -> Result<(), StoreFault> {
        self.connection()
            .prepare_cached("DELETE FROM dossier_event WHERE subject = ?1")?
            .execute([subject])?;
        for (desk_seq, version, event) in numbered(story) {
            self.append_dossier_event(subject, desk_seq, version, event)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::ActorId;
    use domain::caller_dossier::{AbuseKind, CallEvidence};

    use super::*;
    use crate::tests::{Desk, at};

    const PHONE: &str = "138 0000 1234";

    fn event(kind: DossierCommand) -> DossierEvent {
        DossierEvent {
            occurred_at: at("2026-11-24 10:00"),
            actor: ActorId("1001".to_owned()),
            kind,
        }
    }

    fn opened() -> DossierEvent {
        event(DossierCommand::Open {
            phone: PHONE.to_owned(),
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
        desk.change(|writer| writer.append_dossier_event(&dossier_subject(PHONE), 1, 0, &opened()));
        let taken_over = event(DossierCommand::TakeOver {
            reason: "辱骂".to_owned(),
        });
        desk.change(|writer| {
            writer.append_dossier_event(&dossier_subject("+86 13800001234"), 2, 1, &taken_over)
        });
        desk.restart();
        let stored = desk.query(|reader| reader.caller_dossier("13800001234"));
        let stored = stored.unwrap();
        assert!(stored.dossier.is_taken_over);
        assert_eq!(stored.dossier.n_events, 2);
        assert_eq!(desk.query(Reader::caller_dossiers), [stored]);
        assert_eq!(desk.query(|reader| reader.caller_dossier("110")), None);
    }

    /// What the center made of it takes the place of what this desk thought.
    #[test]
    fn a_story_is_put_in_place_of_the_one_before() {
        let desk = Desk::new();
        desk.change(|writer| writer.append_dossier_event(&dossier_subject(PHONE), 1, 0, &opened()));
        let closed = event(DossierCommand::Close {
            reason: "误建".to_owned(),
        });
        let told = [opened(), closed];
        desk.change(|writer| writer.replace_dossier_events(&dossier_subject(PHONE), &[(0, &told)]));
        let stored = desk.query(|reader| reader.caller_dossier("13800001234"));
        assert!(stored.unwrap().dossier.is_closed);
        desk.change(|writer| writer.replace_dossier_events(&dossier_subject(PHONE), &[]));
        assert_eq!(
            desk.query(|reader| reader.caller_dossier("13800001234")),
            None
        );
    }

    #[test]
    fn a_dossier_without_its_opening_is_damage_and_not_a_panic() {
        let desk = Desk::new();
        let closed = event(DossierCommand::Close {
            reason: "误建".to_owned(),
        });
        desk.change(|writer| writer.append_dossier_event(&dossier_subject(PHONE), 1, 0, &closed));
        let found = desk
            .store()
            .read(|reader| Ok(reader.caller_dossier("13800001234")?));
        let fault = found.unwrap_err().downcast::<StoreFault>().unwrap();
        assert!(matches!(fault, StoreFault::Damaged { .. }));
    }
}
