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
use crate::grams;
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

/// How a list is ordered and which key its pages go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sequence {
    NewestFirst,
    DueFirst,
}

/// A query being put together: conditions and the values in them.
struct Query {
    from: &'static str,
    conditions: Vec<&'static str>,
    values: Vec<(&'static str, Box<dyn ToSql>)>,
    sequence: Sequence,
}

impl Query {
    fn of(queue: Queue) -> Self {
        let mut query = Self {
            from: "work_order",
            conditions: Vec::new(),
            values: Vec::new(),
            sequence: Sequence::NewestFirst,
        };
        match queue {
            Queue::All => {}
            Queue::Today { from } => {
                query.require("work_order.position >= :from", ":from", position_at(from));
            }
            Queue::ToDispatch => query.require_stage(Stage::Registered),
            Queue::Undelivered => query.require_stage(Stage::Dispatched),
            Queue::InHandling => query.require_stage(Stage::Delivered),
            Queue::Concluded => query.conditions.push("is_concluded = 1"),
            Queue::DueSoon { now } => {
                query.sequence = Sequence::DueFirst;
                query.require("next_due_at >= :now", ":now", AsMillis(now));
                query.conditions.push("next_warn_at <= :now");
            }
            Queue::Overdue { now } => {
                query.sequence = Sequence::DueFirst;
                query.require("next_due_at < :now", ":now", AsMillis(now));
            }
        }
        query
    }

    fn require(
        &mut self,
        condition: &'static str,
        name: &'static str,
        value: impl ToSql + 'static,
    ) {
        self.conditions.push(condition);
        self.values.push((name, Box::new(value)));
    }

    fn require_stage(&mut self, stage: Stage) {
        self.require("stage = :stage", ":stage", AsText(stage));
    }

    /// The hits of the full text, newest first as they stand there; of the few that are due, those
    /// that are hits.
    fn require_match(&mut self, expression: String) {
        let condition = match self.sequence {
            Sequence::NewestFirst => {
                self.from = "order_text CROSS JOIN work_order
                             ON work_order.position = order_text.rowid";
                "order_text MATCH :match"
            }
            Sequence::DueFirst => {
                "work_order.position IN
                 (SELECT rowid FROM order_text WHERE order_text MATCH :match)"
            }
        };
        self.require(condition, ":match", expression);
    }

    /// The SQL of a page, with the columns of a record.
    fn page(mut self, after: Option<Cursor>, limit: u32) -> Self {
        match self.sequence {
            Sequence::NewestFirst => {
                let condition = if self.from == "work_order" {
                    "work_order.position < :position"
                } else {
                    "order_text.rowid < :position"
                };
                let position = after.map_or(i64::MAX, |after| after.position);
                self.require(condition, ":position", position);
            }
            Sequence::DueFirst => {
                let Cursor { due_at, position } = after.unwrap_or(Cursor {
                    due_at: i64::MIN,
                    position: i64::MIN,
                });
                self.require(
                    "(next_due_at, work_order.position) > (:due_at, :position)",
                    ":due_at",
                    due_at,
                );
                self.values.push((":position", Box::new(position)));
            }
        }
        self.values.push((":limit", Box::new(limit)));
        self
    }

    fn page_sql(&self) -> String {
        let sequence = match self.sequence {
            Sequence::NewestFirst if self.from == "work_order" => "work_order.position DESC",
            Sequence::NewestFirst => "order_text.rowid DESC",
            Sequence::DueFirst => "next_due_at, work_order.position",
        };
        format!(
            "SELECT {COLUMNS} FROM {} WHERE {} ORDER BY {sequence} LIMIT :limit",
            self.from,
            self.conditions.join(" AND "),
        )
    }

    fn count_sql(&self) -> String {
        let conditions = if self.conditions.is_empty() {
            "TRUE".to_owned()
        } else {
            self.conditions.join(" AND ")
        };
        format!("SELECT count(*) FROM {} WHERE {conditions}", self.from)
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
    let mut query = Query::of(filter.queue);
    let search = filter.search.as_deref().map(str::trim);
    if let Some(search) = search.filter(|search| !search.is_empty()) {
        query.require_match(grams::match_expression(search)?);
    }
    Some(query.page(filter.after, limit))
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
        let query = Query::of(queue);
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
        Sequence::NewestFirst => 0,
        Sequence::DueFirst => row.get("next_due_at")?,
    };
    Ok(Cursor {
        due_at,
        position: row.get("position")?,
    })
}

#[cfg(test)]
mod tests;
