//! The lists of work orders, a page at a time.
//!
//! A page begins where the last one ended (by key, not by offset), so page 1,000 costs what page 1
//! does and nothing is shown twice when orders come in between.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::work_order::{Stage, WaitKind};
use rusqlite::{Row, ToSql};
use thiserror::Error;

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::order_text;
use crate::store::Reader;
use crate::work_order::{COLUMNS, WorkOrderRecord, position_at, record_of};

/// Rows of a page, at most.
pub const PAGE_MAX: u32 = 500;

/// 队列: which orders a list shows. The first six come newest first, the due ones by their due time,
/// each order once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    All,
    /// Registered since `from`: the beginning of today.
    Today {
        from: DateTime<Utc>,
    },
    /// 待派.
    ToDispatch,
    /// 已派单，未送达.
    Undelivered,
    /// 办理中.
    InHandling,
    /// 已办结, at the center.
    Concluded,
    /// 即将到期: a limit was warned of, and is not over yet.
    DueSoon {
        now: DateTime<Utc>,
    },
    /// 已超期: a limit is over that somebody is held to.
    Overdue {
        now: DateTime<Utc>,
    },
    /// 待答复, the longest waited for first.
    Waiting {
        kind: WaitKind,
    },
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderFilter {
    pub queue: Queue,
    /// What the person looks for: every run of characters must occur. Blank is no search; a search
    /// with nothing in it that can be looked for, such as `**`, finds nothing.
    pub search: Option<String>,
    /// Where the last page ended; `None` for the first.
    pub after: Option<Cursor>,
    /// At most [`PAGE_MAX`] rows are given.
    pub limit: u32,
}

/// Where a page ended. As text it may travel to the window and back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The due time, or since when, in the lists that go by one; otherwise 0.
    at: i64,
    position: i64,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a cursor")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.at, self.position)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let number = |text: &str| text.parse().ok();
        text.split_once('.')
            .and_then(|(at, position)| Some((number(at)?, number(position)?)))
            .map(|(at, position)| Self { at, position })
            .ok_or(CursorError)
    }
}

/// A query being put together: conditions and the values in them.
struct Query {
    sequence: Sequence,
    conditions: Vec<String>,
    values: Vec<(&'static str, Box<dyn ToSql>)>,
}

/// Which key the pages of a list go by, and where the rows come from in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequence {
    ByAge,
    /// The hits of a search, as the full text gives them.
    HitsByAge,
    ByDueTime,
    ByWait,
}

impl Sequence {
    fn from(self) -> &'static str {
        match self {
            Self::ByAge => "work_order",
            Self::ByDueTime => {
                "order_limit CROSS JOIN work_order ON work_order.position = order_limit.order_position"
            }
            Self::ByWait => {
                "order_wait CROSS JOIN work_order ON work_order.position = order_wait.order_position"
            }
            Self::HitsByAge => {
                "order_text CROSS JOIN work_order ON work_order.position = order_text.rowid"
            }
        }
    }

    fn position(self) -> &'static str {
        match self {
            Self::ByAge => "work_order.position",
            Self::HitsByAge => "order_text.rowid",
            Self::ByDueTime => "order_limit.order_position",
            Self::ByWait => "order_wait.order_position",
        }
    }

    /// What comes before the position in the key of the list; the newest come first without one.
    fn at(self) -> Option<&'static str> {
        match self {
            Self::ByAge | Self::HitsByAge => None,
            Self::ByDueTime => Some("limit_due_at"),
            Self::ByWait => Some("since"),
        }
    }
}

impl Query {
    /// The orders of a queue that `hits`, an FTS5 expression, is for.
    fn of(queue: Queue, hits: Option<String>) -> Self {
        let sequence = match queue {
            Queue::DueSoon { .. } | Queue::Overdue { .. } => Sequence::ByDueTime,
            Queue::Waiting { .. } => Sequence::ByWait,
            Queue::All
            | Queue::Today { .. }
            | Queue::ToDispatch
            | Queue::Undelivered
            | Queue::InHandling
            | Queue::Concluded => match hits {
                None => Sequence::ByAge,
                Some(_) => Sequence::HitsByAge,
            },
        };
        let mut query = Self {
            sequence,
            conditions: Vec::new(),
            values: Vec::new(),
        };
        if let Some(hits) = hits {
            query.require_hit(hits);
        }
        match queue {
            Queue::All => {}
            Queue::Today { from } => {
                let condition = format!("{} >= :from", sequence.position());
                query.require(condition, ":from", position_at(from));
            }
            Queue::ToDispatch => query.require_stage(Stage::Registered),
            Queue::Undelivered => query.require_stage(Stage::Dispatched),
            Queue::InHandling => query.require_stage(Stage::Delivered),
            Queue::Concluded => query.require("is_concluded = :yes", ":yes", true),
            Queue::DueSoon { now } => query.require(DUE_SOON, ":now", AsMillis(now)),
            Queue::Overdue { now } => query.require(OVERDUE, ":now", AsMillis(now)),
            Queue::Waiting { kind } => query.require("wait = :wait", ":wait", AsText(kind)),
        }
        query
    }

    fn require(
        &mut self,
        condition: impl Into<String>,
        name: &'static str,
        value: impl ToSql + 'static,
    ) {
        self.conditions.push(condition.into());
        self.values.push((name, Box::new(value)));
    }

    fn require_stage(&mut self, stage: Stage) {
        self.require("stage = :stage", ":stage", AsText(stage));
    }

    fn require_hit(&mut self, hits: String) {
        let condition = match self.sequence {
            Sequence::ByAge | Sequence::HitsByAge => "order_text MATCH :hits",
            Sequence::ByDueTime | Sequence::ByWait => {
                "work_order.position IN
                 (SELECT rowid FROM order_text WHERE order_text MATCH :hits)"
            }
        };
        self.require(condition, ":hits", hits);
    }

    /// Only a page of the list.
    fn page(mut self, after: Option<Cursor>, limit: u32) -> Self {
        let position = self.sequence.position();
        match self.sequence.at() {
            None => {
                let condition = format!("{position} < :position");
                let position = after.map_or(i64::MAX, |after| after.position);
                self.require(condition, ":position", position);
            }
            Some(key) => {
                let first = Cursor {
                    at: i64::MIN,
                    position: i64::MIN,
                };
                let Cursor { at, position: last } = after.unwrap_or(first);
                self.require(format!("({key}, {position}) > (:at, :position)"), ":at", at);
                self.values.push((":position", Box::new(last)));
            }
        }
        self.values.push((":limit", Box::new(limit)));
        self
    }

    fn page_sql(&self) -> String {
        let position = self.sequence.position();
        let (at, sequence) = match self.sequence.at() {
            None => ("0", format!("{position} DESC")),
            Some(key) => (key, format!("{key}, {position}")),
        };
        let from = self.sequence.from();
        let conditions = self.conditions.join(" AND ");
        format!(
            "SELECT {COLUMNS}, {at} AS key_at FROM {from} WHERE {conditions}
             ORDER BY {sequence} LIMIT :limit"
        )
    }

    fn count_sql(&self) -> String {
        // The order's own row is not looked at.
        let from = match self.sequence {
            Sequence::ByDueTime => "order_limit",
            Sequence::ByWait => "order_wait",
            Sequence::ByAge | Sequence::HitsByAge => self.sequence.from(),
        };
        let conditions = self.conditions.join(" AND ");
        if conditions.is_empty() {
            return format!("SELECT count(*) FROM {from}");
        }
        format!("SELECT count(*) FROM {from} WHERE {conditions}")
    }

    fn values(&self) -> Vec<(&str, &dyn ToSql)> {
        self.values
            .iter()
            .map(|(name, value)| (*name, value.as_ref()))
            .collect()
    }
}

/// The page's query; `None` when the search cannot find anything.
fn page_query(filter: &OrderFilter, limit: u32) -> Option<Query> {
    let search = filter.search.as_deref().map(str::trim);
    let hits = match search.filter(|search| !search.is_empty()) {
        None => None,
        Some(search) => Some(order_text::match_expression(search, filter.queue)?),
    };
    Some(Query::of(filter.queue, hits).page(filter.after, limit))
}

impl Reader {
    /// One page, and where the next one begins; `None` after the last.
    pub fn list_work_orders(
        &self,
        filter: &OrderFilter,
    ) -> Result<(Vec<WorkOrderRecord>, Option<Cursor>), StoreFault> {
        let limit = filter.limit.min(PAGE_MAX);
        // One row more tells whether there is another page.
        let Some(query) = page_query(filter, limit + 1) else {
            return Ok((Vec::new(), None));
        };
        let mut statement = self.connection().prepare_cached(&query.page_sql())?;
        let rows = statement.query_map(query.values().as_slice(), |row| {
            Ok((record_of(row)?, cursor_of(row)?))
        })?;
        let mut page = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        let limit = limit as usize;
        let has_more = page.len() > limit;
        page.truncate(limit);
        let (records, cursors): (Vec<_>, Vec<_>) = page.into_iter().unzip();
        let next = cursors.last().copied().filter(|_| has_more);
        Ok((records, next))
    }

    /// How many orders a queue has.
    pub fn count(&self, queue: Queue) -> Result<u64, StoreFault> {
        let query = Query::of(queue, None);
        let mut statement = self.connection().prepare_cached(&query.count_sql())?;
        Ok(statement.query_row(query.values().as_slice(), |row| row.get(0))?)
    }

    /// How many orders have a limit that is over between two instants, the end not included.
    pub fn count_due_between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<u64, StoreFault> {
        let mut statement = self.connection().prepare_cached(COUNT_DUE)?;
        let values = (AsMillis(from), AsMillis(until));
        Ok(statement.query_row(values, |row| row.get(0))?)
    }

    /// The orders of which a limit is over between two instants, the end not included; by due time,
    /// each once.
    pub fn due_between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<WorkOrderRecord>, StoreFault> {
        let tables = Sequence::ByDueTime.from();
        let sql = format!(
            "SELECT {COLUMNS} FROM {tables}
             WHERE limit_due_at >= ?1 AND limit_due_at < ?2 AND is_waived = 0
               AND NOT EXISTS (
                   SELECT 1 FROM order_limit AS sooner
                   WHERE sooner.order_position = order_limit.order_position
                     AND sooner.is_waived = 0 AND sooner.limit_due_at >= ?1
                     AND (sooner.limit_due_at, sooner.limit_kind)
                         < (order_limit.limit_due_at, order_limit.limit_kind))
             ORDER BY limit_due_at, order_limit.order_position LIMIT ?3"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let values = (AsMillis(from), AsMillis(until), limit.min(PAGE_MAX));
        let rows = statement.query_map(values, record_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

const COUNT_DUE: &str = "SELECT count(DISTINCT order_position) FROM order_limit
                         WHERE limit_due_at >= ?1 AND limit_due_at < ?2 AND is_waived = 0";
/// A limit that was warned of, the soonest of its order.
const DUE_SOON: &str = "limit_due_at >= :now AND limit_warn_at <= :now AND NOT EXISTS (
    SELECT 1 FROM order_limit AS sooner
    WHERE sooner.order_position = order_limit.order_position
      AND sooner.limit_due_at >= :now AND sooner.limit_warn_at <= :now
      AND (sooner.limit_due_at, sooner.limit_kind)
          < (order_limit.limit_due_at, order_limit.limit_kind))";
/// A limit that somebody is held to, the first of its order to be over.
const OVERDUE: &str = "limit_due_at < :now AND is_waived = 0 AND NOT EXISTS (
    SELECT 1 FROM order_limit AS sooner
    WHERE sooner.order_position = order_limit.order_position AND sooner.is_waived = 0
      AND (sooner.limit_due_at, sooner.limit_kind)
          < (order_limit.limit_due_at, order_limit.limit_kind))";

fn cursor_of(row: &Row<'_>) -> rusqlite::Result<Cursor> {
    Ok(Cursor {
        at: row.get("key_at")?,
        position: row.get("position")?,
    })
}

#[cfg(test)]
mod tests;
