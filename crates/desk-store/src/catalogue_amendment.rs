//! 目录修订: what was put forward for the dispatch catalogue of the center, and how it was ruled on.

use domain::dispatch_catalogue::{AmendmentCommand, AmendmentEvent, CatalogueRecord, apply};
use rusqlite::params;

use crate::columns::{AsJson, AsText};
use crate::fault::StoreFault;
use crate::intent::KeptCommand;
use crate::order_told::OrderPosition;
use crate::redraw::numbered;
use crate::store::{Reader, Writer};

/// Of a desk alone, as it was at first; not read any more.
pub(crate) const CREATE: &str = "
    CREATE TABLE catalogue_amendment_event (
        amendment_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (amendment_id, version)
    ) STRICT, WITHOUT ROWID;
";

pub(crate) const OF_ALL_DESKS: &str = "
    -- version: from 1 without a gap. desk_seq: 0 for what the center sent.
    CREATE TABLE catalogue_event (
        version INTEGER NOT NULL PRIMARY KEY,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL
    ) STRICT;
";

impl KeptCommand for AmendmentCommand {
    /// Told apart from the commands about orders by its beginning.
    fn kind_name(&self) -> Result<String, StoreFault> {
        Ok(format!("amend_{}", AsText(self.kind()).name()?))
    }
}

impl Reader {
    /// Every amendment; `None` while none was put forward.
    pub fn catalogue_record(&self) -> Result<Option<CatalogueRecord>, StoreFault> {
        let sql = "SELECT body FROM catalogue_event ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let events = statement.query_map([], |row| {
            let AsJson::<AmendmentEvent>(event) = row.get("body")?;
            Ok(event)
        })?;
        let mut record = None;
        for event in events {
            apply(&mut record, &event?);
        }
        Ok(record)
    }

    /// The orders from a place on of which a return was ruled on, by age.
    pub fn orders_sent_back_since(
        &self,
        since: OrderPosition,
        limit: u32,
    ) -> Result<Vec<String>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SENT_BACK)?;
        let ids = statement.query_map(params![since.0, limit], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

/// By the event's name as its JSON has it (`domain::work_order::EventKind::SendBackRuled`).
const SENT_BACK: &str = "
    SELECT id FROM work_order
    WHERE position >= ?1 AND (
        EXISTS (
            SELECT 1 FROM feed_entry
            WHERE subject = work_order.id AND subject <> ''
              AND body LIKE '%\"event\":\"send_back_ruled\"%'
        )
        OR EXISTS (
            SELECT 1 FROM event
            WHERE work_order_id = work_order.id AND body LIKE '%\"event\":\"send_back_ruled\"%'
        )
    )
    ORDER BY position LIMIT ?2";

impl Writer {
    /// Adds what the intent `desk_seq` led to, after `base_version`.
    pub fn append_catalogue_event(
        &mut self,
        desk_seq: u64,
        base_version: u32,
        event: &AmendmentEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO catalogue_event (version, desk_seq, body) VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![base_version + 1, desk_seq, AsJson(event)])?;
        Ok(())
    }

    /// Puts a story in place of the one before, as [`Writer::replace_kb_events`].
    pub fn replace_catalogue_events(
        &mut self,
        story: &[(u64, &[AmendmentEvent])],
    ) -> Result<(), StoreFault> {
        self.connection()
            .execute("DELETE FROM catalogue_event", [])?;
        for (desk_seq, version, event) in numbered(story) {
            self.append_catalogue_event(desk_seq, version, event)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::dispatch_catalogue::CatalogueAmendment;
    use domain::work_order::{AssignmentNumber, EventKind};
    use domain::{ActorId, HandlingUnitId};

    use super::*;
    use crate::tests::{Desk, at};

    fn event(actor: &str, kind: AmendmentCommand) -> AmendmentEvent {
        AmendmentEvent {
            occurred_at: at("2026-11-24 10:00"),
            actor: ActorId(actor.to_owned()),
            kind,
        }
    }

    fn proposed(id: &str) -> AmendmentEvent {
        let amendment = CatalogueAmendment {
            category_id: "c-070".to_owned(),
            from: HandlingUnitId("公安局".to_owned()),
            to: HandlingUnitId("综合执法局".to_owned()),
            because: vec!["1号".to_owned(), "2号".to_owned()],
        };
        let id = id.to_owned();
        event("1001", AmendmentCommand::Propose { id, amendment })
    }

    fn ruled(id: &str) -> AmendmentEvent {
        let rule = AmendmentCommand::Rule {
            id: id.to_owned(),
            is_adopted: true,
            reason: String::new(),
        };
        event("1002", rule)
    }

    #[test]
    fn amendments_come_back_with_their_rulings() {
        let mut desk = Desk::new();
        assert_eq!(desk.query(Reader::catalogue_record), None);
        desk.change(|writer| {
            writer.append_catalogue_event(1, 0, &proposed("a"))?;
            writer.append_catalogue_event(2, 1, &proposed("b"))?;
            writer.append_catalogue_event(3, 2, &ruled("a"))
        });
        desk.restart();
        let record = desk.query(Reader::catalogue_record).unwrap();
        let versions = record.cases.iter().map(|it| (it.id.as_str(), it.version()));
        assert_eq!(versions.collect::<Vec<_>>(), [("a", 2), ("b", 1)]);
        assert_eq!((record.n_events, record.adopted.len()), (3, 1));
        // The center has confirmed only the first; the rest waits no more.
        desk.change(|writer| writer.replace_catalogue_events(&[(0, &[proposed("a")])]));
        let record = desk.query(Reader::catalogue_record).unwrap();
        assert_eq!((record.n_events, record.adopted.len()), (1, 0));
    }

    #[test]
    fn what_was_sent_back_is_a_range_of_the_orders() {
        let plan = Desk::new().plan(SENT_BACK);
        assert!(!plan.contains("SCAN"), "{plan}");
        let ruled = EventKind::SendBackRuled {
            assignment: AssignmentNumber::FIRST,
            is_accepted: true,
            reason: String::new(),
        };
        let body = serde_json::to_string(&ruled).unwrap();
        assert!(body.contains(r#""event":"send_back_ruled""#), "{body}");
    }
}
