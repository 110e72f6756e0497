//! 分析: what is counted of each order, packed by the day on which it was registered, so that any question
//! over half a million orders is one pass over a few megabytes.
//!
//! Ready-made counts by day, township, category, unit, channel and kind would be as many rows as there
//! are orders, since hardly two of a day are alike in all of them; and a row for each order takes SQLite ten times as
//! long to step through as these bytes take to read. So each day is one row with its orders packed
//! behind each other. It is drawn with the row of the order, and can be drawn again at any time.

mod packed;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::analysis::{AnalysisPeriod, CountedOrder, Dimension, Figure, OrderFigures};
use domain::clock_face::date_of;
use rusqlite::{OptionalExtension as _, params};

use self::packed::ORDER_BYTES;
pub(crate) use self::packed::PackedOrder;
use crate::columns::AsText;
use crate::fault::StoreFault;
use crate::order_told::OrderPosition;
use crate::store::{Reader, Writer};

pub(crate) const CREATE: &str = "
    -- What stands for a township, a category or a unit in the packed orders; never given twice.
    CREATE TABLE counted_value (
        dimension TEXT NOT NULL,
        code INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (dimension, code),
        UNIQUE (dimension, value)
    ) STRICT, WITHOUT ROWID;
    -- day: from the beginning of the common era on, in Beijing. orders: by age.
    CREATE TABLE counted_day (
        day INTEGER NOT NULL PRIMARY KEY,
        orders BLOB NOT NULL
    ) STRICT;
";

/// Orders behind a figure that are given at once, at most.
pub const COUNTED_PAGE_MAX: u32 = 500;

/// What is asked of the counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountAsk {
    pub period: AnalysisPeriod,
    /// Which values of a dimension count; a dimension that is not there is not looked at. A value counts
    /// for its own dimension's list also where that is narrowed, so that others can be chosen.
    pub filter: BTreeMap<Dimension, BTreeSet<String>>,
    /// By when something is late.
    pub now: DateTime<Utc>,
}

/// The count of a value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedValue {
    /// Empty where an order has none.
    pub value: String,
    pub figures: OrderFigures,
    pub n_before: u32,
    pub n_year_ago: u32,
}

/// 分析结果.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts {
    pub figures: OrderFigures,
    pub before: OrderFigures,
    pub year_ago: OrderFigures,
    /// The most frequent first; what does not occur in any of the periods is not there.
    pub values: BTreeMap<Dimension, Vec<CountedValue>>,
    /// By the day, of the period and of the year before.
    pub days: BTreeMap<NaiveDate, OrderFigures>,
    pub days_year_ago: BTreeMap<NaiveDate, u32>,
    /// By the hour of the day in which they were registered.
    pub hours: [u32; 24],
}

/// The codes of a dimension and which of them are asked for.
struct Column {
    values: Vec<String>,
    /// `None` where all count.
    wanted: Option<Vec<bool>>,
    tallies: Vec<(OrderFigures, u32, u32)>,
}

impl Column {
    fn has(&self, code: u16) -> bool {
        let of_code = |wanted: &Vec<bool>| wanted.get(usize::from(code)).copied();
        self.wanted
            .as_ref()
            .is_none_or(|wanted| of_code(wanted).unwrap_or(false))
    }
}

impl Reader {
    /// Counts the orders of a period and of those it is compared with.
    pub fn count_orders(&self, ask: &CountAsk) -> Result<Counts, StoreFault> {
        let mut columns = self.columns(&ask.filter)?;
        let (period, now) = (ask.period, ask.now);
        let (before, year_ago) = (period.before(), period.year_ago());
        let mut counts = Counts {
            figures: OrderFigures::default(),
            before: OrderFigures::default(),
            year_ago: OrderFigures::default(),
            values: BTreeMap::new(),
            days: BTreeMap::new(),
            days_year_ago: BTreeMap::new(),
            hours: [0; 24],
        };
        for (day, orders) in self.counted_days(&[period, before, year_ago])? {
            let [is_now, is_before, is_year_ago] =
                [period, before, year_ago].map(|it| it.contains(day));
            let mut of_day = OrderFigures::default();
            for order in packed::orders(&orders) {
                // Which dimensions do not have it: one counts it still, for its own list.
                let mut n_missed = 0;
                let mut missed = 0;
                for (nth, column) in columns.iter().enumerate() {
                    if !column.has(order.code(nth)) {
                        n_missed += 1;
                        missed = nth;
                    }
                }
                if n_missed > 1 {
                    continue;
                }
                let marks = order.marks();
                for (nth, column) in columns.iter_mut().enumerate() {
                    if n_missed == 1 && nth != missed {
                        continue;
                    }
                    let tally = column.tallies.get_mut(usize::from(order.code(nth)));
                    if let Some((figures, n_before, n_year_ago)) = tally {
                        if is_now {
                            figures.add(&marks, now);
                        }
                        *n_before += u32::from(is_before);
                        *n_year_ago += u32::from(is_year_ago);
                    }
                }
                if n_missed == 0 {
                    of_day.add(&marks, now);
                    if is_now && let Some(n) = counts.hours.get_mut(order.hour()) {
                        *n += 1;
                    }
                }
            }
            if is_now {
                counts.figures = counts.figures.and(of_day);
                counts.days.insert(day, of_day);
            }
            if is_before {
                counts.before = counts.before.and(of_day);
            }
            if is_year_ago {
                counts.year_ago = counts.year_ago.and(of_day);
                counts.days_year_ago.insert(day, of_day.n_orders);
            }
        }
        counts.values = (Dimension::ALL.into_iter().zip(columns))
            .map(|(dimension, column)| (dimension, values_of(column)))
            .collect();
        Ok(counts)
    }

    /// The places of the orders behind a figure, the youngest first, and how many there are; at most
    /// [`COUNTED_PAGE_MAX`].
    pub fn orders_behind(
        &self,
        ask: &CountAsk,
        figure: Figure,
        before: OrderPosition,
        limit: u32,
    ) -> Result<(Vec<OrderPosition>, u32), StoreFault> {
        let found = self.all_orders_behind(ask, figure)?;
        let n_orders = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let limit = limit.min(COUNTED_PAGE_MAX) as usize;
        let page = found.into_iter().rev().filter(|it| *it < before);
        Ok((page.take(limit).collect(), n_orders))
    }

    /// The places of all orders behind a figure, the oldest first: eight bytes for each.
    pub fn all_orders_behind(
        &self,
        ask: &CountAsk,
        figure: Figure,
    ) -> Result<Vec<OrderPosition>, StoreFault> {
        let columns = self.columns(&ask.filter)?;
        let mut found = Vec::new();
        for (_, orders) in self.counted_days(&[ask.period])? {
            for order in packed::orders(&orders) {
                let is_asked = columns
                    .iter()
                    .enumerate()
                    .all(|(nth, column)| column.has(order.code(nth)));
                if is_asked && figure.has(&order.marks(), ask.now) {
                    found.push(order.position());
                }
            }
        }
        Ok(found)
    }

    /// The packed orders of some periods, each day once and in order.
    fn counted_days(
        &self,
        periods: &[AnalysisPeriod],
    ) -> Result<Vec<(NaiveDate, Vec<u8>)>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_DAYS)?;
        let mut days = BTreeMap::new();
        for period in periods {
            let ends = [period.first(), period.last()].map(|it| it.num_days_from_ce());
            let mut rows = statement.query(ends)?;
            while let Some(row) = rows.next()? {
                let day: i32 = row.get(0)?;
                if let std::collections::btree_map::Entry::Vacant(entry) = days.entry(day) {
                    entry.insert(row.get::<_, Vec<u8>>(1)?);
                }
            }
        }
        let date = |(day, orders)| Some((NaiveDate::from_num_days_from_ce_opt(day)?, orders));
        Ok(days.into_iter().filter_map(date).collect())
    }

    /// The columns in the order of [`Dimension::ALL`].
    fn columns(
        &self,
        filter: &BTreeMap<Dimension, BTreeSet<String>>,
    ) -> Result<Vec<Column>, StoreFault> {
        let column = |dimension| {
            let values = match packed::fixed_values(dimension)? {
                Some(values) => values,
                None => self.counted_values(dimension)?,
            };
            let wanted = filter.get(&dimension).map(|wanted| {
                let is_wanted = |value: &String| wanted.contains(value);
                values.iter().map(is_wanted).collect()
            });
            let tallies = vec![(OrderFigures::default(), 0, 0); values.len()];
            Ok(Column {
                values,
                wanted,
                tallies,
            })
        };
        Dimension::ALL.into_iter().map(column).collect()
    }

    /// The values of a dimension by their codes; they have no gap, and 0 is none.
    fn counted_values(&self, dimension: Dimension) -> Result<Vec<String>, StoreFault> {
        let mut statement = self.connection().prepare_cached(SQL_VALUES)?;
        let values = statement.query_map([AsText(dimension)], |row| row.get(0))?;
        let values: Vec<String> = values.collect::<rusqlite::Result<_>>()?;
        Ok(std::iter::once(String::new()).chain(values).collect())
    }

    fn counted_day(&self, day: i32) -> Result<Vec<u8>, StoreFault> {
        let sql = "SELECT orders FROM counted_day WHERE day = ?1";
        let mut statement = self.connection().prepare_cached(sql)?;
        let orders = statement.query_row([day], |row| row.get(0)).optional()?;
        Ok(orders.unwrap_or_default())
    }
}

const SQL_DAYS: &str =
    "SELECT day, orders FROM counted_day WHERE day BETWEEN ?1 AND ?2 ORDER BY day";
const SQL_VALUES: &str = "SELECT value FROM counted_value WHERE dimension = ?1 ORDER BY code";

fn values_of(column: Column) -> Vec<CountedValue> {
    let mut values: Vec<CountedValue> = (column.values.into_iter().zip(column.tallies))
        .map(|(value, (figures, n_before, n_year_ago))| CountedValue {
            value,
            figures,
            n_before,
            n_year_ago,
        })
        .filter(|it| it.figures.n_orders + it.n_before + it.n_year_ago > 0)
        .collect();
    values.sort_by_key(|it| std::cmp::Reverse(it.figures.n_orders));
    values
}

impl Writer {
    /// Puts what is counted of an order in place of what was before. The order's row is there already.
    pub fn count_order(&mut self, id: &str, order: &CountedOrder) -> Result<(), StoreFault> {
        let Some((position, _)) = self.placed(id)? else {
            return Err(anyhow::anyhow!("An order without a row is not counted").into());
        };
        let unit = order.unit.as_ref().map_or("", |unit| unit.0.as_str());
        let codes = [
            self.code_of(Dimension::Township, &order.township_code)?,
            self.code_of(Dimension::Category, &order.category_id)?,
            self.code_of(Dimension::Unit, unit)?,
        ];
        let packed = PackedOrder::of(OrderPosition(position), codes, order);
        self.counted.insert(OrderPosition(position), Some(packed));
        Ok(())
    }

    /// Takes an order out of the counts.
    pub(crate) fn uncount_order(&mut self, position: i64) {
        self.counted.insert(OrderPosition(position), None);
    }

    /// Writes what the transaction has counted, each day once: a day is one row, and many orders that
    /// are drawn together are of the same day.
    pub(crate) fn keep_counts(&mut self) -> Result<(), StoreFault> {
        let mut of_days: BTreeMap<i32, Vec<_>> = BTreeMap::new();
        for (position, order) in std::mem::take(&mut self.counted) {
            let day = date_of(position.registered_at()).num_days_from_ce();
            of_days.entry(day).or_default().push((position, order));
        }
        for (day, changes) in of_days {
            let before = self.counted_day(day)?;
            let orders = packed::orders(&before).map(|order| (order.position(), order));
            let mut orders: BTreeMap<_, _> = orders.collect();
            for (position, order) in changes {
                match order {
                    Some(order) => orders.insert(position, order),
                    None => orders.remove(&position),
                };
            }
            let mut bytes = Vec::with_capacity(orders.len() * ORDER_BYTES);
            for order in orders.values() {
                bytes.extend_from_slice(order.bytes());
            }
            if bytes != before {
                let sql = "INSERT INTO counted_day (day, orders) VALUES (?1, ?2)
                           ON CONFLICT (day) DO UPDATE SET orders = ?2";
                let mut statement = self.connection().prepare_cached(sql)?;
                statement.execute(params![day, bytes])?;
            }
        }
        Ok(())
    }

    /// The code of a value, which is given when it is met first; 0 for none.
    fn code_of(&mut self, dimension: Dimension, value: &str) -> Result<u16, StoreFault> {
        if value.is_empty() {
            return Ok(0);
        }
        let sql = "SELECT code FROM counted_value WHERE dimension = ?1 AND value = ?2";
        let mut statement = self.connection().prepare_cached(sql)?;
        let known = statement.query_row(params![AsText(dimension), value], |row| row.get(0));
        if let Some(code) = known.optional()? {
            return Ok(code);
        }
        let sql = "INSERT INTO counted_value (dimension, code, value)
                   SELECT ?1, coalesce(max(code), 0) + 1, ?2 FROM counted_value
                   WHERE dimension = ?1
                   RETURNING code";
        let mut statement = self.connection().prepare_cached(sql)?;
        let code: i64 = statement.query_row(params![AsText(dimension), value], |row| row.get(0))?;
        let code = u16::try_from(code);
        Ok(code.map_err(|_too_many| anyhow::anyhow!("Too many values of {dimension:?}"))?)
    }
}

#[cfg(test)]
mod tests;
