//! The lists of work orders, a page at a time.
//!
//! A page begins where the last one ended (by key, not by offset), so page 1,000 costs what page 1
//! does and nothing is shown twice when orders come in between.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use domain::work_order::Stage;
use rusqlite::{Row, ToSql};
use thiserror::Error;

use crate::columns::{AsMillis, AsText};
use crate::fault::StoreFault;
use crate::order_text;
use crate::store::Reader;
use crate::work_order::{COLUMNS, WorkOrderRecord, position_at, record_of};

/// Rows of a page, at most.
pub const PAGE_MAX: u32 = 500;

/// 队列: which orders a list shows. The first five come newest first, the due ones by their due
/// time.
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
    /// 即将到期: warned of, and not overdue yet.
    DueSoon {
        now: DateTime<Utc>,
    },
    /// 已超期.
    Overdue {
        now: DateTime<Utc>,
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
    /// The due time, in the lists that go by it; otherwise 0.
    due_at: i64,
    position: i64,
}

/// A text that is no cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a cursor")]
pub struct CursorError;

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.due_at, self.position)
    }
}

impl FromStr for Cursor {
    type Err = CursorError;

    fn from_str(text: &str) -> Result<Self, CursorError> {
        let number = |text: &str| text.parse().ok();
        text.split_once('.')
            .and_then(|(due_at, position)| Some((number(due_at)?, number(position)?)))
            .map(|(due_at, position)| Self { due_at, position })
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
}

impl Sequence {
    fn from(self) -> &'static str {
        match self {
            Self::ByAge | Self::ByDueTime => "work_order",
            Self::HitsByAge => {
                "order_text CROSS JOIN work_order ON work_order.position = order_text.rowid"
            }
        }
    }

    fn position(self) -> &'static str {
        match self {
            Self::ByAge | Self::ByDueTime => "work_order.position",
            Self::HitsByAge => "order_text.rowid",
        }
    }
}

impl Query {
    /// The orders of a queue that `hits`, an FTS5 expression, is for.
    fn of(queue: Queue, hits: Option<String>) -> Self {
        let sequence = match queue {
            Queue::DueSoon { .. } | Queue::Overdue { .. } => Sequence::ByDueTime,
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
            Queue::DueSoon { now } => {
                let condition = "next_due_at >= :now AND next_warn_at <= :now";
                query.require(condition, ":now", AsMillis(now));
            }
            Queue::Overdue { now } => query.require("next_due_at < :now", ":now", AsMillis(now)),
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
            Sequence::ByDueTime => {
                "work_order.position IN
                 (SELECT rowid FROM order_text WHERE order_text MATCH :hits)"
            }
        };
        self.require(condition, ":hits", hits);
    }

    /// Only a page of the list.
    fn page(mut self, after: Option<Cursor>, limit: u32) -> Self {
        match self.sequence {
            Sequence::ByAge | Sequence::HitsByAge => {
                let condition = format!("{} < :position", self.sequence.position());
                let position = after.map_or(i64::MAX, |after| after.position);
                self.require(condition, ":position", position);
            }
            Sequence::ByDueTime => {
                let first = Cursor {
                    due_at: i64::MIN,
                    position: i64::MIN,
                };
                let Cursor { due_at, position } = after.unwrap_or(first);
                let condition = "(next_due_at, work_order.position) > (:due_at, :position)";
                self.require(condition, ":due_at", due_at);
                self.values.push((":position", Box::new(position)));
            }
        }
        self.values.push((":limit", Box::new(limit)));
        self
    }

    fn page_sql(&self) -> String {
        let sequence = match self.sequence {
            Sequence::ByAge => "work_order.position DESC",
            Sequence::HitsByAge => "order_text.rowid DESC",
            Sequence::ByDueTime => "next_due_at, work_order.position",
        };
        let from = self.sequence.from();
        let conditions = self.conditions.join(" AND ");
        format!("SELECT {COLUMNS} FROM {from} WHERE {conditions} ORDER BY {sequence} LIMIT :limit")
    }

    fn count_sql(&self) -> String {
        let from = self.sequence.from();
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
            Ok((record_of(row)?, cursor_of(row, query.sequence)?))
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

    /// The orders whose next limit is over between two instants, the end not included; by due time.
    pub fn due_between(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<WorkOrderRecord>, StoreFault> {
        let sql = format!(
            "SELECT {COLUMNS} FROM work_order
             WHERE next_due_at >= ?1 AND next_due_at < ?2
             ORDER BY next_due_at, position LIMIT ?3"
        );
        let mut statement = self.connection().prepare_cached(&sql)?;
        let values = (AsMillis(from), AsMillis(until), limit.min(PAGE_MAX));
        let rows = statement.query_map(values, record_of)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn cursor_of(row: &Row<'_>, sequence: Sequence) -> rusqlite::Result<Cursor> {
    let due_at = match sequence {
        Sequence::ByAge | Sequence::HitsByAge => 0,
        Sequence::ByDueTime => row.get("next_due_at")?,
    };
    Ok(Cursor {
        due_at,
        position: row.get("position")?,
    })
}

#[cfg(test)]
mod tests;
