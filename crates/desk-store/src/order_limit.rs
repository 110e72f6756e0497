//! 计时中的时限与待答复: what lists of orders go by besides the order's own row. They are drawn with
//! the row, so they can be drawn again at any time.
//!
//! An order has several limits, and which of them is over and which comes next depends on the hour at
//! which somebody asks; so each stands by itself.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::WorkOrder;
use domain::time_limit::LimitKind;
use domain::work_order::WaitKind;
use rusqlite::params;
use serde::{Deserialize, Serialize};

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::store::{Reader, Writer};
use crate::work_order::WorkOrderRecord;

pub(crate) const CREATE: &str = "
    -- Of one kind with one end there is one row, however many units have it.
    CREATE TABLE order_limit (
        order_position INTEGER NOT NULL,
        limit_due_at INTEGER NOT NULL,
        limit_kind TEXT NOT NULL,
        limit_warn_at INTEGER NOT NULL,
        is_waived INTEGER NOT NULL,
        PRIMARY KEY (order_position, limit_due_at, limit_kind)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_limit_due
        ON order_limit (limit_due_at, order_position, limit_warn_at, is_waived);
    CREATE INDEX order_limit_warn ON order_limit (limit_warn_at);
    CREATE TABLE order_wait (
        order_position INTEGER NOT NULL,
        wait TEXT NOT NULL,
        since INTEGER NOT NULL,
        PRIMARY KEY (order_position, wait)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX order_wait_since ON order_wait (wait, since, order_position);
    -- As a row shows them. What was drawn before knows of one limit, and is drawn anew when the desk
    -- opens.
    ALTER TABLE work_order ADD COLUMN limits TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE work_order ADD COLUMN waits TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE work_order ADD COLUMN is_drawn_whole INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX work_order_to_draw ON work_order (is_drawn_whole) WHERE is_drawn_whole = 0;
    DROP INDEX work_order_due;
    DROP INDEX work_order_warn;
    ALTER TABLE work_order DROP COLUMN next_limit;
    ALTER TABLE work_order DROP COLUMN next_due_at;
    ALTER TABLE work_order DROP COLUMN next_warn_at;
";

/// 计时中的时限 that a list shows and a notice warns of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RunningLimit {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub due_at: DateTime<Utc>,
    pub kind: LimitKind,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub warn_at: DateTime<Utc>,
    /// 待批暂挂、待审: nobody is held to it once it is over.
    pub is_waived: bool,
}

/// 待答复: what somebody's word is waited for, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderWait {
    pub kind: WaitKind,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub since: DateTime<Utc>,
}

/// The limits that run, by their ends.
pub fn running_limits(order: &WorkOrder) -> Vec<RunningLimit> {
    let mut limits: BTreeMap<_, RunningLimit> = BTreeMap::new();
    for (limit, is_waived) in order.ticking_limits() {
        let one = RunningLimit {
            due_at: limit.due_at,
            kind: limit.kind,
            warn_at: limit.warn_at,
            is_waived,
        };
        let of_all = limits.entry((limit.due_at, limit.kind)).or_insert(one);
        of_all.warn_at = of_all.warn_at.min(one.warn_at);
        of_all.is_waived &= is_waived;
    }
    limits.into_values().collect()
}

/// What is waited for, by kind, each since the earliest request.
pub fn order_waits(order: &WorkOrder) -> Vec<OrderWait> {
    let mut waits: BTreeMap<WaitKind, DateTime<Utc>> = BTreeMap::new();
    for wait in order.waits() {
        let since = waits.entry(wait.kind).or_insert(wait.since);
        *since = (*since).min(wait.since);
    }
    let one = |(kind, since)| OrderWait { kind, since };
    waits.into_iter().map(one).collect()
}

impl WorkOrderRecord {
    /// 下一时限: the one that is over first, of those that are not over yet.
    pub fn next_limit_at(&self, now: DateTime<Utc>) -> Option<RunningLimit> {
        let mut limits = self.limits.iter();
        limits.find(|limit| limit.due_at >= now).copied()
    }

    /// 已超期的时限: the one that was over first.
    pub fn overdue_limit_at(&self, now: DateTime<Utc>) -> Option<RunningLimit> {
        let mut limits = self.limits.iter();
        let is_overdue = |limit: &&RunningLimit| limit.due_at < now && !limit.is_waived;
        limits.find(is_overdue).copied()
    }

    /// 待批暂挂的时限: over, and nobody is held to it for now.
    pub fn waived_limit_at(&self, now: DateTime<Utc>) -> Option<RunningLimit> {
        let mut limits = self.limits.iter();
        let is_it = |limit: &&RunningLimit| limit.due_at < now && limit.is_waived;
        limits.find(is_it).copied()
    }
}

impl Reader {
    /// Orders whose rows were drawn before there were limits and waits beside them.
    pub fn orders_to_draw(&self, limit: u32) -> Result<Vec<String>, StoreFault> {
        let sql = "SELECT id FROM work_order WHERE is_drawn_whole = 0 LIMIT ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let ids = statement.query_map([limit], |row| row.get(0))?;
        Ok(ids.collect::<rusqlite::Result<_>>()?)
    }
}

impl Writer {
    pub(crate) fn put_order_limits(
        &mut self,
        position: i64,
        order: &WorkOrderRecord,
    ) -> Result<(), StoreFault> {
        self.remove_order_limits(position)?;
        let sql = "INSERT INTO order_limit
                   (order_position, limit_due_at, limit_kind, limit_warn_at, is_waived)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for limit in &order.limits {
            statement.execute(params![
                position,
                AsMillis(limit.due_at),
                AsText(limit.kind),
                AsMillis(limit.warn_at),
                limit.is_waived,
            ])?;
        }
        let sql = "INSERT INTO order_wait (order_position, wait, since) VALUES (?1, ?2, ?3)";
        let mut statement = self.connection().prepare_cached(sql)?;
        for wait in &order.waits {
            statement.execute(params![position, AsText(wait.kind), AsMillis(wait.since)])?;
        }
        Ok(())
    }

    pub(crate) fn remove_order_limits(&mut self, position: i64) -> Result<(), StoreFault> {
        for sql in [
            "DELETE FROM order_limit WHERE order_position = ?1",
            "DELETE FROM order_wait WHERE order_position = ?1",
        ] {
            self.connection().prepare_cached(sql)?.execute([position])?;
        }
        Ok(())
    }
}
