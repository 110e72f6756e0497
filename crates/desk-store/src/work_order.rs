//! 工单: the row that lists are drawn from. It can be drawn again from the events at any time.

use chrono::{DateTime, Utc};
use domain::matter::{MatterClass, MatterKind, phone_digits};
use domain::work_order::Stage;
use domain::{ActorId, HandlingUnitId};
use rusqlite::{OptionalExtension, Row, named_params, params};

use crate::columns::{AsJson, AsMillis, AsText};
use crate::fault::StoreFault;
use crate::order_limit::{OrderWait, RunningLimit};
use crate::order_text::OrderText;
use crate::order_told::OrderPosition;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- position: registered_at and a count within the millisecond, so it sorts by age, and a page
    -- of any list is a range of it. It is ours, never SQLite's, and never leaves the desk.
    CREATE TABLE work_order (
        position INTEGER NOT NULL PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        class TEXT NOT NULL,
        category_id TEXT NOT NULL,
        stage TEXT NOT NULL,
        caller_name TEXT NOT NULL,
        phone TEXT NOT NULL,
        contact_phone TEXT NOT NULL,
        phone_digits TEXT NOT NULL,
        contact_digits TEXT NOT NULL,
        place_text TEXT NOT NULL,
        unit_id TEXT,
        unit_name TEXT NOT NULL,
        registered_at INTEGER NOT NULL,
        is_confidential INTEGER NOT NULL,
        next_limit TEXT,
        next_due_at INTEGER,
        next_warn_at INTEGER,
        is_concluded INTEGER NOT NULL,
        operator_id TEXT NOT NULL,
        n_waiting_intents INTEGER NOT NULL,
        text_digest BLOB NOT NULL
    ) STRICT;
    CREATE INDEX work_order_stage ON work_order (stage);
    CREATE INDEX work_order_concluded ON work_order (is_concluded);
    CREATE INDEX work_order_due ON work_order (next_due_at, position, next_warn_at)
        WHERE next_due_at IS NOT NULL;
    CREATE INDEX work_order_warn ON work_order (next_warn_at) WHERE next_warn_at IS NOT NULL;
    CREATE INDEX work_order_phone ON work_order (phone_digits) WHERE phone_digits <> '';
    CREATE INDEX work_order_contact ON work_order (contact_digits) WHERE contact_digits <> '';
";

/// Two desks that worked alone may have given one number; the center tells a person, and both orders
/// are listed. SQLite can only drop a constraint with its table.
pub(crate) const LET_NUMBERS_MEET: &str = "
    CREATE TABLE work_order_anew (
        position INTEGER NOT NULL PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        number TEXT NOT NULL,
        title TEXT NOT NULL,
        kind TEXT NOT NULL,
        class TEXT NOT NULL,
        category_id TEXT NOT NULL,
        stage TEXT NOT NULL,
        caller_name TEXT NOT NULL,
        phone TEXT NOT NULL,
        contact_phone TEXT NOT NULL,
        phone_digits TEXT NOT NULL,
        contact_digits TEXT NOT NULL,
        place_text TEXT NOT NULL,
        unit_id TEXT,
        unit_name TEXT NOT NULL,
        registered_at INTEGER NOT NULL,
        is_confidential INTEGER NOT NULL,
        next_limit TEXT,
        next_due_at INTEGER,
        next_warn_at INTEGER,
        is_concluded INTEGER NOT NULL,
        operator_id TEXT NOT NULL,
        n_waiting_intents INTEGER NOT NULL,
        text_digest BLOB NOT NULL
    ) STRICT;
    INSERT INTO work_order_anew
        SELECT position, id, number, title, kind, class, category_id, stage, caller_name, phone,
               contact_phone, phone_digits, contact_digits, place_text, unit_id, unit_name,
               registered_at, is_confidential, next_limit, next_due_at, next_warn_at,
               is_concluded, operator_id, n_waiting_intents, text_digest
        FROM work_order;
    DROP TABLE work_order;
    ALTER TABLE work_order_anew RENAME TO work_order;
    CREATE INDEX work_order_stage ON work_order (stage);
    CREATE INDEX work_order_concluded ON work_order (is_concluded);
    CREATE INDEX work_order_due ON work_order (next_due_at, position, next_warn_at)
        WHERE next_due_at IS NOT NULL;
    CREATE INDEX work_order_warn ON work_order (next_warn_at) WHERE next_warn_at IS NOT NULL;
    CREATE INDEX work_order_phone ON work_order (phone_digits) WHERE phone_digits <> '';
    CREATE INDEX work_order_contact ON work_order (contact_digits) WHERE contact_digits <> '';
";

/// Bits of a position below the millisecond: so many orders may be registered in one.
pub(crate) const POSITION_BITS: u32 = 16;

/// 工单 as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkOrderRecord {
    pub id: String,
    pub number: String,
    pub title: String,
    pub kind: MatterKind,
    pub class: MatterClass,
    /// Empty when not classified yet.
    pub category_id: String,
    pub stage: Stage,
    pub caller_name: String,
    pub phone: String,
    pub contact_phone: String,
    /// 事发地点 in words.
    pub place_text: String,
    /// 主办单位, once dispatched.
    pub unit_id: Option<HandlingUnitId>,
    /// Its name; empty without one.
    pub unit_name: String,
    pub registered_at: DateTime<Utc>,
    pub is_confidential: bool,
    /// The limits that run, by their ends.
    pub limits: Vec<RunningLimit>,
    /// What is waited for.
    pub waits: Vec<OrderWait>,
    /// Whether nobody has anything left to do for the caller: answered, completed, withdrawn …
    pub is_concluded: bool,
    /// Who registered it.
    pub operator_id: ActorId,
    /// Intents of it that the center has not answered.
    pub n_waiting_intents: u32,
}

/// The columns [`record_of`] reads, for queries of this table in any file.
pub(crate) const COLUMNS: &str = "work_order.position, id, number, title, kind, class, \
     category_id, stage, caller_name, phone, contact_phone, place_text, unit_id, unit_name, \
     registered_at, is_confidential, limits, waits, is_concluded, operator_id, n_waiting_intents";

pub(crate) fn record_of(row: &Row<'_>) -> rusqlite::Result<WorkOrderRecord> {
    Ok(WorkOrderRecord {
        id: row.get("id")?,
        number: row.get("number")?,
        title: row.get("title")?,
        kind: row.get::<_, AsText<_>>("kind")?.0,
        class: row.get::<_, AsText<_>>("class")?.0,
        category_id: row.get("category_id")?,
        stage: row.get::<_, AsText<_>>("stage")?.0,
        caller_name: row.get("caller_name")?,
        phone: row.get("phone")?,
        contact_phone: row.get("contact_phone")?,
        place_text: row.get("place_text")?,
        unit_id: row.get::<_, Option<String>>("unit_id")?.map(HandlingUnitId),
        unit_name: row.get("unit_name")?,
        registered_at: row.get::<_, AsMillis>("registered_at")?.0,
        is_confidential: row.get("is_confidential")?,
        limits: row.get::<_, AsJson<_>>("limits")?.0,
        waits: row.get::<_, AsJson<_>>("waits")?.0,
        is_concluded: row.get("is_concluded")?,
        operator_id: ActorId(row.get("operator_id")?),
        n_waiting_intents: row.get("n_waiting_intents")?,
    })
}

/// The first position of a millisecond.
pub(crate) fn position_at(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis() << POSITION_BITS
}

impl Reader {
    /// The row of one order; `None` for one that is not there.
    pub fn work_order_record(&self, id: &str) -> Result<Option<WorkOrderRecord>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM work_order WHERE id = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([id], record_of).optional()?)
    }

    /// The orders of that number: one, unless two desks that worked alone gave it to two.
    pub fn work_orders_numbered(&self, number: &str) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT id FROM work_order WHERE number = ?1 ORDER BY position";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([number], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }

    /// The latest orders of a caller, by the number that called or the one left; newest first.
    /// `phone` may be written in any way; an empty one finds nothing.
    pub fn orders_of_phone(
        &self,
        phone: &str,
        limit: u32,
    ) -> Result<Vec<WorkOrderRecord>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_of_phone())?;
        let rows = statement.query_map(params![phone_digits(phone), limit], record_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The row at a place.
    pub fn work_order_at(
        &self,
        position: OrderPosition,
    ) -> Result<Option<WorkOrderRecord>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM work_order WHERE position = ?1");
        let mut statement = self.connection().prepare_cached(&sql)?;
        Ok(statement.query_row([position.0], record_of).optional()?)
    }

    /// As [`Reader::orders_of_phone`], each with its place.
    pub fn placed_orders_of_phone(
        &self,
        phone: &str,
        limit: u32,
    ) -> Result<Vec<(OrderPosition, WorkOrderRecord)>, StoreFault> {
        let mut statement = self.connection().prepare_cached(&sql_of_phone())?;
        let rows = statement.query_map(params![phone_digits(phone), limit], |row| {
            Ok((OrderPosition(row.get("position")?), record_of(row)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// The row's position and the digest of its text.
    pub(crate) fn placed(&self, id: &str) -> Result<Option<(i64, [u8; 32])>, StoreFault> {
        let sql = "SELECT position, text_digest FROM work_order WHERE id = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let placed = statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(placed.optional()?)
    }

    fn free_position(&self, registered_at: DateTime<Utc>) -> Result<i64, StoreFault> {
        let first = position_at(registered_at);
        let last = first + (1 << POSITION_BITS) - 1;
        let sql = "SELECT max(position) FROM work_order WHERE position BETWEEN ?1 AND ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let taken: Option<i64> = statement.query_row([first, last], |row| row.get(0))?;
        match taken {
            None => Ok(first),
            Some(taken) if taken < last => Ok(taken + 1),
            Some(_) => Err(anyhow::anyhow!("Too many orders in the same millisecond").into()),
        }
    }
}

fn sql_of_phone() -> String {
    format!(
        "SELECT {COLUMNS} FROM work_order
         WHERE (phone_digits <> '' AND phone_digits = ?1)
            OR (contact_digits <> '' AND contact_digits = ?1)
         ORDER BY position DESC LIMIT ?2"
    )
}

impl Writer {
    /// Puts the row of an order in place of the one before. `text` is 诉求内容, by which it is
    /// found; it is not kept here.
    pub fn put_work_order(
        &mut self,
        order: &WorkOrderRecord,
        text: &str,
    ) -> Result<(), StoreFault> {
        let phones = [&order.phone, &order.contact_phone].map(|phone| phone_digits(phone));
        let searched = OrderText::of(order, text, phones.each_ref().map(String::as_str));
        let [phone_digits, contact_digits] = &phones;
        let placed = self.placed(&order.id)?;
        let position = match placed {
            Some((position, _)) => position,
            None => self.free_position(order.registered_at)?,
        };
        self.connection()
            .prepare_cached(PUT)?
            .execute(named_params! {
                ":position": position,
                ":id": order.id,
                ":number": order.number,
                ":title": order.title,
                ":kind": AsText(order.kind),
                ":class": AsText(order.class),
                ":category_id": order.category_id,
                ":stage": AsText(order.stage),
                ":caller_name": order.caller_name,
                ":phone": order.phone,
                ":contact_phone": order.contact_phone,
                ":phone_digits": phone_digits,
                ":contact_digits": contact_digits,
                ":place_text": order.place_text,
                ":unit_id": order.unit_id.as_ref().map(|unit| &unit.0),
                ":unit_name": order.unit_name,
                ":registered_at": AsMillis(order.registered_at),
                ":is_confidential": order.is_confidential,
                ":limits": AsJson(&order.limits),
                ":waits": AsJson(&order.waits),
                ":is_concluded": order.is_concluded,
                ":operator_id": order.operator_id.0,
                ":n_waiting_intents": order.n_waiting_intents,
                ":text_digest": searched.digest(),
            })?;
        if placed.is_none_or(|(_, digest)| digest != searched.digest()) {
            self.put_order_text(position, &searched, placed.is_none())?;
        }
        self.put_order_limits(position, order)?;
        self.note_order(OrderPosition(position));
        Ok(())
    }

    /// Units have other names since: the rows say so too.
    pub fn rename_units(
        &mut self,
        name_of: impl Fn(&HandlingUnitId) -> String,
    ) -> Result<(), StoreFault> {
        let sql = "SELECT DISTINCT unit_id, unit_name FROM work_order WHERE unit_id IS NOT NULL";
        let mut statement = self.connection().prepare_cached(sql)?;
        let units = statement.query_map([], |row| {
            Ok((HandlingUnitId(row.get(0)?), row.get::<_, String>(1)?))
        })?;
        let units = units.collect::<rusqlite::Result<Vec<_>>>()?;
        drop(statement);
        for (unit, shown) in units {
            let name = name_of(&unit);
            if name != shown {
                let sql = "UPDATE work_order SET unit_name = ?3
                           WHERE unit_id = ?1 AND unit_name = ?2";
                let mut statement = self.connection().prepare_cached(sql)?;
                statement.execute(params![unit.0, shown, name])?;
            }
        }
        Ok(())
    }
}

const PUT: &str = "
    INSERT INTO work_order (
        position, id, number, title, kind, class, category_id, stage, caller_name, phone,
        contact_phone, phone_digits, contact_digits, place_text, unit_id, unit_name,
        registered_at, is_confidential, limits, waits, is_concluded, operator_id,
        n_waiting_intents, text_digest, is_drawn_whole
    ) VALUES (
        :position, :id, :number, :title, :kind, :class, :category_id, :stage, :caller_name, :phone,
        :contact_phone, :phone_digits, :contact_digits, :place_text, :unit_id, :unit_name,
        :registered_at, :is_confidential, :limits, :waits, :is_concluded, :operator_id,
        :n_waiting_intents, :text_digest, 1
    )
    ON CONFLICT (id) DO UPDATE SET
        number = excluded.number, title = excluded.title, kind = excluded.kind,
        class = excluded.class, category_id = excluded.category_id, stage = excluded.stage,
        caller_name = excluded.caller_name, phone = excluded.phone,
        contact_phone = excluded.contact_phone, phone_digits = excluded.phone_digits,
        contact_digits = excluded.contact_digits, place_text = excluded.place_text,
        unit_id = excluded.unit_id, unit_name = excluded.unit_name,
        registered_at = excluded.registered_at, is_confidential = excluded.is_confidential,
        limits = excluded.limits, waits = excluded.waits, is_concluded = excluded.is_concluded,
        operator_id = excluded.operator_id, n_waiting_intents = excluded.n_waiting_intents,
        text_digest = excluded.text_digest, is_drawn_whole = 1
";

#[cfg(test)]
mod tests {
    use domain::time_limit::LimitKind;
    use domain::work_order::WaitKind;

    use super::*;
    use crate::tests::{Desk, at, record};
    use crate::{OrderFilter, Queue};

    fn found(desk: &Desk, search: &str) -> Vec<String> {
        let filter = OrderFilter {
            queue: Queue::All,
            search: Some(search.to_owned()),
            after: None,
            limit: 10,
        };
        let (page, _) = desk.query(|reader| reader.list_work_orders(&filter));
        page.into_iter().map(|order| order.id).collect()
    }

    #[test]
    fn a_row_there_and_back_and_in_place_of_the_one_before() {
        let mut desk = Desk::new();
        let mut order = record("1", at("2026-11-23 09:15"));
        desk.change(|writer| writer.put_work_order(&order, "两天没水了"));
        assert_eq!(
            desk.query(|reader| reader.work_order_record("1")),
            Some(order.clone())
        );
        order = WorkOrderRecord {
            title: "小区停电".to_owned(),
            stage: Stage::Dispatched,
            unit_id: Some(HandlingUnitId("chengguan".to_owned())),
            unit_name: "城管局".to_owned(),
            limits: vec![RunningLimit {
                kind: LimitKind::Dispatch,
                due_at: at("2026-11-25 00:00"),
                warn_at: at("2026-11-24 14:00"),
                is_waived: true,
            }],
            waits: vec![OrderWait {
                kind: WaitKind::ExtensionReview,
                since: at("2026-11-24 09:00"),
            }],
            is_concluded: true,
            is_confidential: true,
            n_waiting_intents: 2,
            ..order
        };
        desk.change(|writer| writer.put_work_order(&order, "两天没电了"));
        desk.restart();
        assert_eq!(
            desk.query(|reader| reader.work_order_record("1")),
            Some(order)
        );
        assert_eq!(desk.query(|reader| reader.count(Queue::All)), 1);
        assert_eq!(desk.query(|reader| reader.work_order_record("2")), None);
        // The text before is not found any more.
        assert_eq!(found(&desk, "没电"), ["1"]);
        assert!(found(&desk, "没水").is_empty());
        assert!(found(&desk, "停水").is_empty());
    }

    #[test]
    fn orders_of_the_same_millisecond_keep_their_sequence() {
        let desk = Desk::new();
        let registered_at = at("2026-11-23 09:15");
        for id in ["b", "a", "c"] {
            desk.change(|writer| writer.put_work_order(&record(id, registered_at), ""));
        }
        let earlier = record("d", at("2026-11-23 09:14"));
        desk.change(|writer| writer.put_work_order(&earlier, ""));
        assert_eq!(found(&desk, "王秀英"), ["c", "a", "b", "d"]);
    }

    #[test]
    fn an_order_that_was_not_taken_leaves_no_trace() {
        let mut desk = Desk::new();
        let order = record("1", at("2026-11-23 09:15"));
        desk.change(|writer| writer.put_work_order(&order, "两天没水了"));
        assert_eq!(found(&desk, "没水"), ["1"]);
        desk.change(|writer| writer.remove_work_order("1"));
        desk.change(|writer| writer.remove_work_order("never-there"));
        desk.restart();
        assert!(found(&desk, "没水").is_empty());
        assert_eq!(desk.query(|reader| reader.count(Queue::All)), 0);
        assert_eq!(desk.query(|reader| reader.work_order_record("1")), None);
    }

    #[test]
    fn rows_bear_the_names_that_units_have_now() {
        let desk = Desk::new();
        for (id, unit) in [("1", "renshe"), ("2", "chengguan")] {
            let order = WorkOrderRecord {
                unit_id: Some(HandlingUnitId(unit.to_owned())),
                unit_name: "旧名".to_owned(),
                ..record(id, at("2026-11-23 09:15"))
            };
            desk.change(|writer| writer.put_work_order(&order, ""));
        }
        desk.change(|writer| {
            writer.rename_units(|unit| match unit.0.as_str() {
                "renshe" => "县人社局".to_owned(),
                _ => "旧名".to_owned(),
            })
        });
        let names = ["1", "2"].map(|id| {
            let row = desk.query(|reader| reader.work_order_record(id));
            row.unwrap().unit_name
        });
        assert_eq!(names, ["县人社局", "旧名"]);
    }

    #[test]
    fn two_desks_that_worked_alone_may_have_given_one_number() {
        let desk = Desk::new();
        let order = record("1", at("2026-11-23 09:15"));
        desk.change(|writer| writer.put_work_order(&order, ""));
        let other = WorkOrderRecord {
            id: "2".to_owned(),
            ..order
        };
        desk.change(|writer| writer.put_work_order(&other, ""));
        assert_eq!(found(&desk, "王秀英"), ["2", "1"]);
    }

    #[test]
    fn a_caller_is_known_by_either_number_however_written() {
        let desk = Desk::new();
        let numbers = [
            ("1", "138 0000 1234", ""),
            ("2", "", "+86 13800001234"),
            ("3", "13800001234", "13800001234"),
            ("4", "0818-7212345", ""),
            ("5", "", ""),
        ];
        for (n, (id, phone, contact_phone)) in (0..).zip(numbers) {
            let order = WorkOrderRecord {
                phone: phone.to_owned(),
                contact_phone: contact_phone.to_owned(),
                ..record(id, at("2026-11-23 09:15") + chrono::TimeDelta::minutes(n))
            };
            desk.change(|writer| writer.put_work_order(&order, ""));
        }
        let of_phone = |phone, limit| {
            let orders = desk.query(|reader| reader.orders_of_phone(phone, limit));
            orders.into_iter().map(|order| order.id).collect::<Vec<_>>()
        };
        assert_eq!(of_phone("8613800001234", 10), ["3", "2", "1"]);
        assert_eq!(of_phone("138-0000-1234", 2), ["3", "2"]);
        assert_eq!(of_phone("08187212345", 10), ["4"]);
        assert!(of_phone("", 10).is_empty());
        assert!(of_phone("1234", 10).is_empty());
        let plan = desk.plan(&sql_of_phone());
        assert!(
            plan.contains("MULTI-INDEX OR") && !plan.contains("SCAN"),
            "{plan}"
        );
    }
}
