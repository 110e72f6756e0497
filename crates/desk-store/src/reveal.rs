//! 查看敏感信息: who had which masked field of which order shown. Only ever added to.

use chrono::{DateTime, Utc};
use domain::ActorId;
use rusqlite::params;

use crate::columns::AsMillis;
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    CREATE TABLE reveal (
        id TEXT NOT NULL PRIMARY KEY,
        work_order_id TEXT NOT NULL,
        actor_id TEXT NOT NULL,
        field TEXT NOT NULL,
        revealed_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX reveal_order ON reveal (work_order_id, revealed_at);
    CREATE TRIGGER reveal_is_not_changed BEFORE UPDATE ON reveal
        BEGIN SELECT RAISE(ABORT, 'reveals are only added'); END;
    CREATE TRIGGER reveal_is_not_deleted BEFORE DELETE ON reveal
        BEGIN SELECT RAISE(ABORT, 'reveals are only added'); END;
";

/// One field shown to one person once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reveal {
    /// `UUIDv7`.
    pub id: String,
    pub work_order_id: String,
    pub actor_id: ActorId,
    /// The name of the field, never its value.
    pub field: String,
    pub revealed_at: DateTime<Utc>,
}

impl Reader {
    /// What was shown of an order, the first first.
    pub fn reveals_of(&self, work_order_id: &str) -> Result<Vec<Reveal>, StoreFault> {
        let sql = "SELECT id, work_order_id, actor_id, field, revealed_at FROM reveal
                   WHERE work_order_id = ?1 ORDER BY revealed_at, id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([work_order_id], |row| {
            Ok(Reveal {
                id: row.get("id")?,
                work_order_id: row.get("work_order_id")?,
                actor_id: ActorId(row.get("actor_id")?),
                field: row.get("field")?,
                revealed_at: row.get::<_, AsMillis>("revealed_at")?.0,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Notes that a field was shown. Before it is shown: if this fails, it is not.
    pub fn append_reveal(&mut self, reveal: &Reveal) -> Result<(), StoreFault> {
        let sql = "INSERT INTO reveal (id, work_order_id, actor_id, field, revealed_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        self.connection().prepare_cached(sql)?.execute(params![
            reveal.id,
            reveal.work_order_id,
            reveal.actor_id.0,
            reveal.field,
            AsMillis(reveal.revealed_at),
        ])?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at};

    #[test]
    fn reveals_are_only_added() {
        let mut desk = Desk::new();
        let reveal = |id: &str, order: &str, revealed_at: &str| Reveal {
            id: id.to_owned(),
            work_order_id: order.to_owned(),
            actor_id: ActorId("1001".to_owned()),
            field: "phone".to_owned(),
            revealed_at: at(revealed_at),
        };
        let first = reveal("1", "order-1", "2026-11-23 09:15");
        let second = reveal("2", "order-1", "2026-11-23 09:16");
        desk.change(|writer| {
            writer.append_reveal(&second)?;
            writer.append_reveal(&reveal("3", "order-2", "2026-11-23 09:17"))?;
            writer.append_reveal(&first)
        });
        for change in ["DELETE FROM reveal", "UPDATE reveal SET actor_id = ''"] {
            let refused = desk.store().commit(|writer| -> Result<(), StoreFault> {
                Ok(writer.connection().execute_batch(change)?)
            });
            assert!(refused.unwrap_err().to_string().contains("only added"));
        }
        desk.restart();
        assert_eq!(
            desk.query(|reader| reader.reveals_of("order-1")),
            [first, second]
        );
    }
}
