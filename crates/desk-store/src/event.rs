//! 事件: what happened to each order, as the rules made it of the intents. What the center has confirmed stands
//! in the feed and nowhere else; here are the events that this desk's own waiting intents led to, which come
//! after it.

use domain::work_order::{EventKind, fold};
use domain::{Event, WorkOrder};
use rusqlite::params;

use wire::{Entry, EntryBody};

use crate::columns::AsJson;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- desk_seq has no foreign key: what the center sends will have no intent of this desk (0).
    CREATE TABLE event (
        work_order_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL DEFAULT 0,
        body TEXT NOT NULL,
        PRIMARY KEY (work_order_id, version)
    ) STRICT, WITHOUT ROWID;
";

/// What the center has confirmed (`desk_seq` 0) stood here as well as in the feed.
pub(crate) const KEEP_WAITING: &str = "
    CREATE TABLE event_waiting (
        work_order_id TEXT NOT NULL,
        version INTEGER NOT NULL,
        desk_seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (work_order_id, version)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO event_waiting SELECT work_order_id, version, desk_seq, body FROM event
        WHERE desk_seq <> 0;
    DROP TABLE event;
    ALTER TABLE event_waiting RENAME TO event;
";

/// An event of an order with its place in the order's story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// From 1 without a gap.
    pub version: u32,
    /// The intent of this desk that caused it and still waits; 0 for what is confirmed.
    pub desk_seq: u64,
    pub event: Event,
}

impl Reader {
    /// The story of an order, from its beginning; empty for one that is not there.
    pub fn events_of(&self, work_order_id: &str) -> Result<Vec<StoredEvent>, StoreFault> {
        let confirmed = confirmed_events(&self.confirmed_of(work_order_id)?);
        let mut events: Vec<StoredEvent> = (1..)
            .zip(confirmed)
            .map(|(version, event)| StoredEvent {
                version,
                desk_seq: 0,
                event,
            })
            .collect();
        let sql = "SELECT version, desk_seq, body FROM event
                   WHERE work_order_id = ?1 ORDER BY version";
        let mut statement = self.connection().prepare_cached(sql)?;
        let waiting = statement.query_map([work_order_id], |row| {
            let AsJson(event) = row.get("body")?;
            Ok(StoredEvent {
                version: row.get("version")?,
                desk_seq: row.get("desk_seq")?,
                event,
            })
        })?;
        for event in waiting {
            events.push(event?);
        }
        Ok(events)
    }

    /// The order as its events make it; `None` for one that is not there.
    pub fn load_work_order(&self, work_order_id: &str) -> Result<Option<WorkOrder>, StoreFault> {
        let events = self.events_of(work_order_id)?;
        if !is_a_story(&events) {
            let detail = format!("the events of order {work_order_id} are not a story");
            return Err(StoreFault::Damaged { detail });
        }
        Ok(fold(events.iter().map(|stored| &stored.event)))
    }

    /// Every order there is, for drawing the projections again; in the order of the ids.
    pub fn all_work_order_ids(&self) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT id FROM work_order ORDER BY id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

/// What entries say of an order, up to the first that this program cannot read (需要升级查看).
fn confirmed_events(entries: &[Entry]) -> Vec<Event> {
    let bodies = entries.iter().map_while(|entry| entry.read().ok());
    let accepted = bodies.filter_map(EntryBody::into_accepted);
    let events = accepted.filter_map(|it| it.story.into_order());
    events.flatten().collect()
}

/// Whether folding makes sense: versions from 1 without a gap, registered first and only then.
fn is_a_story(events: &[StoredEvent]) -> bool {
    (1..).zip(events).all(|(version, stored)| {
        let is_registered = matches!(stored.event.kind, EventKind::Registered { .. });
        stored.version == version && is_registered == (version == 1)
    })
}

impl Writer {
    /// Adds to the story of an order what the intent `desk_seq` led to, after `base_version`, and
    /// tells the version reached. Fails where that version is there already.
    pub fn append_events(
        &mut self,
        work_order_id: &str,
        desk_seq: u64,
        base_version: u32,
        events: &[Event],
    ) -> Result<u32, StoreFault> {
        let sql = "INSERT INTO event (work_order_id, version, desk_seq, body)
                   VALUES (?1, ?2, ?3, ?4)";
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut version = base_version;
        for event in events {
            version += 1;
            statement.execute(params![work_order_id, version, desk_seq, AsJson(event)])?;
        }
        Ok(version)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at, register_order, registered};
    use domain::work_order::{DispatchGround, Part, Stage};
    use domain::{ActorId, HandlingUnitId};

    fn dispatched(occurred_at: &str) -> Event {
        Event {
            occurred_at: at(occurred_at),
            actor: ActorId("1001".to_owned()),
            kind: EventKind::Dispatched {
                unit: HandlingUnitId("chengguan".to_owned()),
                opinion: "请核实处理。".to_owned(),
                part: Part::Sole,
                by: DispatchGround::Duty,
                replaces: None,
                rework_of: None,
            },
        }
    }

    #[test]
    fn an_order_is_the_fold_of_its_events() {
        let mut desk = Desk::new();
        desk.change(|writer| register_order(writer, 1, "小区停水"));
        let version = desk.change(|writer| {
            writer.append_events("order-1", 2, 1, &[dispatched("2026-11-23 09:20")])
        });
        assert_eq!(version, 2);
        desk.restart();
        let story = desk.query(|reader| reader.events_of("order-1"));
        let places: Vec<_> = story
            .iter()
            .map(|stored| (stored.version, stored.desk_seq))
            .collect();
        assert_eq!(places, [(1, 1), (2, 2)]);
        assert_eq!(story[1].event, dispatched("2026-11-23 09:20"));
        let order = desk
            .query(|reader| reader.load_work_order("order-1"))
            .unwrap();
        assert_eq!((order.stage, order.version), (Stage::Dispatched, 2));
        assert_eq!(desk.query(|reader| reader.load_work_order("order-2")), None);
    }

    #[test]
    fn a_version_is_taken_once() {
        let desk = Desk::new();
        desk.change(|writer| register_order(writer, 1, "小区停水"));
        let event = dispatched("2026-11-23 09:20");
        desk.change(|writer| writer.append_events("order-1", 2, 1, std::slice::from_ref(&event)));
        let again = desk
            .store()
            .commit(|writer| writer.append_events("order-1", 3, 1, &[event]));
        assert!(matches!(again, Err(StoreFault::Other(_))));
        assert_eq!(desk.query(|reader| reader.events_of("order-1")).len(), 2);
    }

    #[test]
    fn events_that_are_no_story_are_damage_and_not_a_panic() {
        let registered = registered("20261123-W01-0001", "小区停水", at("2026-11-23 09:15"));
        let dispatched = dispatched("2026-11-23 09:20");
        for (base_version, events) in [
            (0, vec![dispatched.clone()]),
            (0, vec![registered.clone(), registered.clone()]),
            (1, vec![registered, dispatched]),
        ] {
            let desk = Desk::new();
            desk.change(|writer| writer.append_events("order-1", 1, base_version, &events));
            let fault = desk
                .store()
                .read(|reader| Ok(reader.load_work_order("order-1")?));
            let fault = fault.unwrap_err().downcast::<StoreFault>().unwrap();
            assert!(matches!(fault, StoreFault::Damaged { .. }), "{fault:?}");
        }
    }
}
