//! 目录修订: what was put forward for the dispatch catalogue of this desk, and how it was ruled on. Only
//! added to.

use domain::dispatch_catalogue::{AmendmentCase, AmendmentEvent, apply};
use rusqlite::params;

use crate::columns::AsJson;
use crate::fault::StoreFault;
use crate::order_told::OrderPosition;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE catalogue_amendment_event (
        amendment_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (amendment_id, version)
    ) STRICT, WITHOUT ROWID;
";

/// In one list.
pub const AMENDMENTS_MAX_LISTED: u32 = 1_000;

/// 修订案 with its id; `UUIDv7`, so the ids are in the order in which they were put forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAmendment {
    pub id: String,
    pub version: u32,
    pub case: AmendmentCase,
}

impl Reader {
    /// Every amendment, in the order in which they were put forward.
    pub fn catalogue_amendments(&self) -> Result<Vec<StoredAmendment>, StoreFault> {
        let sql = "SELECT amendment_id, body FROM catalogue_amendment_event
                   ORDER BY amendment_id, version LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        // A case has two events at most.
        let rows = statement.query_map([2 * AMENDMENTS_MAX_LISTED], |row| {
            let AsJson::<AmendmentEvent>(event) = row.get("body")?;
            Ok((row.get::<_, String>("amendment_id")?, event))
        })?;
        let events = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let mut stored = Vec::new();
        for of_case in events.chunk_by(|one, other| one.0 == other.0) {
            let mut case = None;
            for (_, event) in of_case {
                apply(&mut case, event);
            }
            if let (Some((id, _)), Some(case)) = (of_case.first(), case) {
                stored.push(StoredAmendment {
                    id: id.clone(),
                    version: u32::try_from(of_case.len()).unwrap_or(u32::MAX),
                    case,
                });
            }
        }
        Ok(stored)
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
    WHERE position >= ?1 AND EXISTS (
        SELECT 1 FROM event
        WHERE work_order_id = work_order.id AND body LIKE '%\"event\":\"send_back_ruled\"%'
    )
    ORDER BY position LIMIT ?2";

impl Writer {
    /// Adds to an amendment, after `version` events.
    pub fn append_amendment_event(
        &mut self,
        id: &str,
        version: u32,
        event: &AmendmentEvent,
    ) -> Result<(), StoreFault> {
        let sql = "INSERT INTO catalogue_amendment_event (amendment_id, version, body)
                   VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        statement.execute(params![id, version + 1, AsJson(event)])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use domain::dispatch_catalogue::{AmendmentCommand, CatalogueAmendment};
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

    #[test]
    fn amendments_come_back_with_their_rulings() {
        let mut desk = Desk::new();
        let proposed = AmendmentCommand::Propose {
            amendment: CatalogueAmendment {
                category_id: "c-070".to_owned(),
                from: HandlingUnitId("公安局".to_owned()),
                to: HandlingUnitId("综合执法局".to_owned()),
                because: vec!["1号".to_owned(), "2号".to_owned()],
            },
        };
        let ruled = AmendmentCommand::Rule {
            is_adopted: true,
            reason: String::new(),
        };
        desk.change(|writer| {
            writer.append_amendment_event("a", 0, &event("1001", proposed.clone()))?;
            writer.append_amendment_event("b", 0, &event("1001", proposed.clone()))?;
            writer.append_amendment_event("a", 1, &event("1002", ruled.clone()))
        });
        desk.restart();
        let stored = desk.query(Reader::catalogue_amendments);
        let ruled: Vec<bool> = stored.iter().map(|it| it.case.ruling.is_some()).collect();
        assert_eq!(ruled, [true, false]);
        assert_eq!((stored[0].id.as_str(), stored[0].version), ("a", 2));
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
