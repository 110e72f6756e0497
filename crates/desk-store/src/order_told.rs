//! 工单的讲述: what was told in each order, for what is kept in memory of all of them, and the news of
//! orders that were drawn anew.
//!
//! The news live as long as the store is open: whoever keeps orders in memory reads all of them when
//! it begins. Nothing of it is on the disk, so a submit writes nothing more for it.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::Event;
use domain::matter::Matter;
use domain::work_order::{EventKind, Stage};
use rusqlite::{Params, Row, params};
use wire::EntryBody;

use crate::columns::{AsJson, AsText};
use crate::fault::StoreFault;
use crate::store::Reader;
use crate::work_order::{POSITION_BITS, position_at};

/// More news than this are not kept one by one: everything is read again.
const NEWS_MAX: usize = 100_000;

/// 工单 with what was told when it was registered, and how it is filed now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldOrder {
    pub position: OrderPosition,
    pub id: String,
    pub number: String,
    pub matter: Matter,
    /// Empty when not classified yet.
    pub category_id: String,
    pub stage: Stage,
}

/// The place of an order among all, by age; it never changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderPosition(pub(crate) i64);

impl OrderPosition {
    /// Before every order.
    pub const START: Self = Self(i64::MIN);
    /// After every order.
    pub const END: Self = Self(i64::MAX);

    /// As a number that may travel to the window and back.
    pub fn number(self) -> i64 {
        self.0
    }

    /// The place of that number, whether or not an order is there.
    pub fn numbered(number: i64) -> Self {
        Self(number)
    }

    /// The first place of an instant.
    pub fn at(at: DateTime<Utc>) -> Self {
        Self(position_at(at))
    }

    /// When the order was registered.
    pub fn registered_at(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0 >> POSITION_BITS).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

/// What is new since it was last asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderNews {
    /// Orders that were drawn, drawn anew or taken out.
    pub positions: BTreeSet<OrderPosition>,
    /// More than can be told one by one: read all again.
    pub is_overrun: bool,
}

impl OrderNews {
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty() && !self.is_overrun
    }
}

/// The news of one store, for one who follows it.
#[derive(Debug, Default)]
pub struct OrderNewsBoard {
    state: Mutex<Posted>,
    posted: Condvar,
}

#[derive(Debug, Default)]
struct Posted {
    news: OrderNews,
    n_changes: u64,
    is_closed: bool,
}

impl OrderNewsBoard {
    pub(crate) fn post(&self, positions: BTreeSet<OrderPosition>) {
        if positions.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.n_changes += 1;
        let news = &mut state.news;
        if news.is_overrun {
            // Everything is read again anyway.
        } else if news.positions.len() + positions.len() > NEWS_MAX {
            *news = OrderNews {
                positions: BTreeSet::new(),
                is_overrun: true,
            };
        } else {
            news.positions.extend(positions);
        }
        self.posted.notify_all();
    }

    /// Takes the oldest news, so many at most. That there is too much is told until [`Self::forget`].
    pub fn take(&self, n_max: usize) -> OrderNews {
        let mut state = self.lock();
        let news = &mut state.news;
        let rest = match news.positions.iter().nth(n_max).copied() {
            Some(next) => news.positions.split_off(&next),
            None => BTreeSet::new(),
        };
        OrderNews {
            positions: std::mem::replace(&mut news.positions, rest),
            is_overrun: news.is_overrun,
        }
    }

    /// Forgets all news, because everything is read again from here on.
    pub fn forget(&self) {
        self.lock().news = OrderNews::default();
    }

    /// Waits until nothing was posted for so long: while a store is being filled, reading all of it
    /// again and again leads to nothing. False once the board is closed.
    pub fn wait_until_quiet(&self, quiet: Duration) -> bool {
        let mut state = self.lock();
        loop {
            let n_changes = state.n_changes;
            let waited = self.posted.wait_timeout(state, quiet);
            let (now, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            state = now;
            if state.is_closed || (timeout.timed_out() && state.n_changes == n_changes) {
                return !state.is_closed;
            }
        }
    }

    /// Waits until there is news; false once the board is closed.
    pub fn wait(&self) -> bool {
        let mut state = self.lock();
        while state.news.is_empty() && !state.is_closed {
            state = self
                .posted
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        !state.is_closed
    }

    /// Nobody follows any more: lets go whoever waits.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.posted.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Posted> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// It was told in the first entry of the feed that is about it or, while the desk's own intent waits, in its
/// first event.
const COLUMNS: &str = "position, id, number, category_id, stage,
    (SELECT body FROM feed_entry WHERE subject = work_order.id AND subject <> ''
     ORDER BY seq LIMIT 1) AS entry,
    (SELECT body FROM event WHERE work_order_id = work_order.id AND version = 1) AS event";

impl Reader {
    /// The next orders after a place up to another, by age.
    pub fn orders_told(
        &self,
        after: OrderPosition,
        last: OrderPosition,
        limit: u32,
    ) -> Result<Vec<ToldOrder>, StoreFault> {
        self.told(&sql_told(), params![after.0, last.0, limit])
    }

    /// The orders before a place, the youngest first.
    pub fn orders_told_before(
        &self,
        before: OrderPosition,
        limit: u32,
    ) -> Result<Vec<ToldOrder>, StoreFault> {
        self.told(&sql_told_before(), params![before.0, limit])
    }

    /// The order at a place; `None` where there is none any more.
    pub fn order_told(&self, position: OrderPosition) -> Result<Option<ToldOrder>, StoreFault> {
        let sql = format!("SELECT {COLUMNS} FROM work_order WHERE position = ?1");
        Ok(self.told(&sql, [position.0])?.pop())
    }

    fn told(&self, sql: &str, values: impl Params) -> Result<Vec<ToldOrder>, StoreFault> {
        let mut statement = self.connection().prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        let mut told = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get("id")?;
            let registered = match registered_of(row)? {
                Some(event) => Some(event),
                // Something else was said of it first: that it was refused once.
                None => self.events_of(&id)?.into_iter().next().map(|it| it.event),
            };
            let Some(EventKind::Registered { matter, .. }) = registered.map(|it| it.kind) else {
                continue;
            };
            told.push(ToldOrder {
                position: OrderPosition(row.get("position")?),
                id,
                number: row.get("number")?,
                matter: *matter,
                category_id: row.get("category_id")?,
                stage: row.get::<_, AsText<_>>("stage")?.0,
            });
        }
        Ok(told)
    }

    /// The place of the youngest order; `None` while there is none.
    pub fn last_order(&self) -> Result<Option<OrderPosition>, StoreFault> {
        let sql = "SELECT max(position) FROM work_order";
        let mut statement = self.connection().prepare_cached(sql)?;
        let last: Option<i64> = statement.query_row([], |row| row.get(0))?;
        Ok(last.map(OrderPosition))
    }
}

/// How it was told, where that is the first that was said.
fn registered_of(row: &Row<'_>) -> rusqlite::Result<Option<Event>> {
    let entry: Option<String> = row.get("entry")?;
    if let Some(body) = entry {
        // One that this program cannot read waits for its update.
        let body = serde_json::from_str::<EntryBody>(&body).ok();
        let accepted = body.and_then(EntryBody::into_accepted);
        let events = accepted.and_then(|it| it.story.into_order());
        return Ok(events.and_then(|events| events.into_iter().next()));
    }
    let event: Option<AsJson<Event>> = row.get("event")?;
    Ok(event.map(|AsJson(event)| event))
}

fn sql_told() -> String {
    format!(
        "SELECT {COLUMNS} FROM work_order
         WHERE position > ?1 AND position <= ?2
         ORDER BY position LIMIT ?3"
    )
}

fn sql_told_before() -> String {
    format!(
        "SELECT {COLUMNS} FROM work_order
         WHERE position < ?1
         ORDER BY position DESC LIMIT ?2"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at, register_order};

    #[test]
    fn all_are_told_by_age_and_news_tell_of_each_once() {
        let desk = Desk::new();
        for (n, title) in [(1, "小区停水"), (2, "路灯不亮"), (3, "占道经营")] {
            desk.change(|writer| register_order(writer, n, title));
        }
        let last = desk.query(Reader::last_order).unwrap();
        let told = desk.query(|reader| reader.orders_told(OrderPosition::START, last, 2));
        let ids: Vec<&str> = told.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["order-1", "order-2"]);
        assert_eq!(told[0].matter.title, "小区停水");
        assert_eq!(told[0].position.registered_at(), at("2026-11-23 09:15"));
        let rest = desk.query(|reader| reader.orders_told(told[1].position, last, 2));
        assert_eq!(rest.len(), 1);
        let before = desk.query(|reader| reader.orders_told_before(OrderPosition::END, 2));
        let ids: Vec<&str> = before.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["order-3", "order-2"]);

        let board = desk.store().order_news();
        assert_eq!(board.take(2).positions.len(), 2);
        assert_eq!(board.take(2).positions.len(), 1);
        assert!(board.take(2).is_empty());
        desk.change(|writer| writer.remove_work_order("order-2"));
        let news = board.take(2);
        let gone: Vec<_> = news.positions.iter().copied().collect();
        assert_eq!(gone, [told[1].position]);
        assert_eq!(desk.query(|reader| reader.order_told(gone[0])), None);
    }

    #[test]
    fn a_change_that_was_not_kept_is_no_news() {
        let desk = Desk::new();
        let failed = desk.store().commit(|writer| {
            register_order(writer, 1, "小区停水")?;
            Err::<(), StoreFault>(anyhow::anyhow!("changed its mind").into())
        });
        assert!(failed.is_err());
        assert!(desk.store().order_news().take(10).is_empty());
        desk.change(|_| Ok(()));
        assert!(desk.store().order_news().take(10).is_empty());
    }

    #[test]
    fn the_next_orders_are_a_range() {
        let desk = Desk::new();
        for sql in [sql_told(), sql_told_before()] {
            let plan = desk.plan(&sql);
            assert!(!plan.contains("SCAN"), "{plan}");
        }
    }

    #[test]
    fn too_much_news_is_told_as_such() {
        let board = OrderNewsBoard::default();
        let many = (0..i64::try_from(NEWS_MAX).unwrap()).map(OrderPosition);
        board.post(many.collect());
        board.post(BTreeSet::from([OrderPosition(-1)]));
        let news = board.take(10);
        assert!(news.is_overrun && news.positions.is_empty());
        board.forget();
        assert!(board.take(10).is_empty());
    }
}
