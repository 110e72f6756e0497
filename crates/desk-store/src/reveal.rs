//! 查看敏感信息: who had which masked field of which order shown. Only ever added to.

use ::audit::{Entry, Outcome};
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

/// To what end; and how often one person had something shown lately.
pub(crate) const ADD_PURPOSE: &str = "
    ALTER TABLE reveal ADD COLUMN purpose TEXT NOT NULL DEFAULT '';
    CREATE INDEX reveal_actor ON reveal (actor_id, revealed_at);
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
    /// 用途: its code.
    pub purpose: String,
    pub revealed_at: DateTime<Utc>,
}

impl Reader {
    /// What was shown of an order, the first first.
    pub fn reveals_of(&self, work_order_id: &str) -> Result<Vec<Reveal>, StoreFault> {
        let sql = "SELECT id, work_order_id, actor_id, field, purpose, revealed_at FROM reveal
                   WHERE work_order_id = ?1 ORDER BY revealed_at, id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map([work_order_id], |row| {
            Ok(Reveal {
                id: row.get("id")?,
                work_order_id: row.get("work_order_id")?,
                actor_id: ActorId(row.get("actor_id")?),
                field: row.get("field")?,
                purpose: row.get("purpose")?,
                revealed_at: row.get::<_, AsMillis>("revealed_at")?.0,
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// How many fields one person has had shown since then.
    pub fn count_reveals(&self, actor: &ActorId, since: DateTime<Utc>) -> Result<u64, StoreFault> {
        let sql = "SELECT count(*) FROM reveal WHERE actor_id = ?1 AND revealed_at > ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        Ok(statement.query_row(params![actor.0, AsMillis(since)], |row| row.get(0))?)
    }

    /// Who has had more fields shown since then than is usual, and how many, by number.
    pub fn reveals_over(
        &self,
        since: DateTime<Utc>,
        n_usual: u64,
    ) -> Result<Vec<(ActorId, u64)>, StoreFault> {
        let sql = "SELECT actor_id, count(*) FROM reveal WHERE revealed_at > ?1
                   GROUP BY actor_id HAVING count(*) > ?2 ORDER BY actor_id";
        let mut statement = self.connection().prepare_cached(sql)?;
        let rows = statement.query_map(params![AsMillis(since), n_usual], |row| {
            Ok((ActorId(row.get(0)?), row.get(1)?))
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    /// Notes that a field was shown. Before it is shown: if this fails, it is not.
    pub fn append_reveal(&mut self, reveal: &Reveal) -> Result<(), StoreFault> {
        let sql = "INSERT INTO reveal (id, work_order_id, actor_id, field, purpose, revealed_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.connection().prepare_cached(sql)?.execute(params![
            reveal.id,
            reveal.work_order_id,
            reveal.actor_id.0,
            reveal.field,
            reveal.purpose,
            AsMillis(reveal.revealed_at),
        ])?;
        // The same is an entry of the audit; said once, it stands in both.
        self.append_audit(Entry {
            at_ms: reveal.revealed_at.timestamp_millis(),
            actor: reveal.actor_id.0.clone(),
            desk: String::new(),
            session: String::new(),
            act: "reveal".to_owned(),
            object: reveal.work_order_id.clone(),
            purpose: reveal.purpose.clone(),
            fields: vec![reveal.field.clone()],
            outcome: Outcome::Shown,
        })?;
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
            purpose: "call_back".to_owned(),
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
        let since = at("2026-11-23 09:15");
        let person = ActorId("1001".to_owned());
        assert_eq!(desk.query(|reader| reader.count_reveals(&person, since)), 2);
        assert_eq!(
            desk.query(|reader| reader.reveals_over(since, 1)),
            [(person, 2)]
        );
        assert_eq!(desk.query(|reader| reader.reveals_over(since, 2)), []);
        assert_eq!(desk.query(Reader::audit_head).n, 3);
    }
}
