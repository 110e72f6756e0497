//! 本单位统计: the indicators of 第二十三条 over the unit's own orders and tasks. Every number leads
//! back to the orders behind it, those left out with their reason.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::Datelike as _;
use chrono::{DateTime, NaiveDate, Utc};
use domain::clock_face::{at, date_of};
use domain::indicators::{
    Basis, Exclusion, Figure, Holder, Indicator, IndicatorParameters, ItemId, KbUpdateTask, Period,
    Sources, tally,
};
use domain::{HandlingUnitId, WorkOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Subject;
use wording::text;

use super::error::CallError;
use super::kb_task::tasks_of;
use super::order_list::{UnitOrderRow, live_rows, row_view};
use super::unit_article::UnitTask;
use super::unit_order::{DONE, UnitOrder, done_key, prefix};
use super::visit::Visit;
use crate::readers::Reader;

/// Finished orders of one month that are counted. The largest unit of a county has some hundred.
const ORDERS_MAX: usize = 5_000;
/// So many months back may be looked at.
const MONTHS_MAX: i32 = 24;

/// What a unit is told of itself. The center's own indicators are none of them.
const INDICATORS: [Indicator; 14] = [
    Indicator::TimelySigning,
    Indicator::TimelyCompletion,
    Indicator::Overdue,
    Indicator::Contact,
    Indicator::TimelyFirstResponse,
    Indicator::Solved,
    Indicator::Satisfaction,
    Indicator::SuccessfulScreening,
    Indicator::SendBack,
    Indicator::AcceptedSendBack,
    Indicator::LateSendBack,
    Indicator::Extension,
    Indicator::Rework,
    Indicator::TimelyKbUpdate,
];

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct StatisticsMonth {
    /// `2026-11`; empty for this month.
    pub(super) month: String,
}

/// Which of the numbers of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(super) enum FigurePart {
    Numerator,
    /// Counted, and not in the numerator.
    Rest,
    Excluded,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitFigure {
    pub(super) name: String,
    pub(super) article: String,
    /// 未发生 where nothing was there to count.
    pub(super) percent_text: String,
    pub(super) n_numerator: usize,
    pub(super) n_denominator: usize,
    pub(super) n_excluded: usize,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitStatistics {
    pub(super) month: String,
    pub(super) month_text: String,
    /// The months that may be looked at, the latest first.
    pub(super) months: Vec<String>,
    pub(super) figures: Vec<UnitFigure>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct FigureItems {
    pub(super) month: String,
    pub(super) name: String,
    pub(super) part: FigurePart,
}

/// One item behind a number.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct FigureItem {
    /// The order; null for a task of the knowledge base.
    pub(super) order: Option<UnitOrderRow>,
    pub(super) number: String,
    /// Why it is left out; empty where it counts.
    pub(super) reason: String,
}

/// What the indicators are counted from.
struct Counted {
    rows: BTreeMap<String, UnitOrder>,
    orders: Vec<WorkOrder>,
    tasks: Vec<KbUpdateTask>,
}

/// 统计.
pub(super) async fn statistics(
    visit: &Visit,
    request: StatisticsMonth,
) -> Result<UnitStatistics, CallError> {
    let month = Month::read(&request.month, visit.now)?;
    let counted = counted(visit, month).await?;
    let figures = INDICATORS.iter().map(|indicator| {
        let figure = figure(visit, &counted, *indicator, month);
        UnitFigure {
            name: text::indicator(*indicator).to_owned(),
            article: indicator.article().to_owned(),
            percent_text: figure
                .ratio()
                .map_or_else(|| "未发生".to_owned(), |ratio| ratio.percent_text(1)),
            n_numerator: figure.numerator.len(),
            n_denominator: figure.denominator.len(),
            n_excluded: figure.excluded.len(),
        }
    });
    Ok(UnitStatistics {
        figures: figures.collect(),
        month: month.text(),
        month_text: format!("{}年{}月", month.year, month.month),
        months: Month::of(date_of(visit.now))
            .back(12)
            .map(Month::text)
            .collect(),
    })
}

/// 数字背后的件.
pub(super) async fn figure_items(
    visit: &Visit,
    request: FigureItems,
) -> Result<Vec<FigureItem>, CallError> {
    let month = Month::read(&request.month, visit.now)?;
    let indicator = INDICATORS
        .into_iter()
        .find(|it| text::indicator(*it) == request.name);
    let indicator = indicator.ok_or_else(|| CallError::invalid("没有这项指标。"))?;
    let counted = counted(visit, month).await?;
    let figure = figure(visit, &counted, indicator, month);
    let item = |(item, exclusion): (&ItemId, Option<Exclusion>)| {
        let number = match item {
            ItemId::Order { number }
            | ItemId::Assignment { number, .. }
            | ItemId::Dispatch { number, .. } => number,
            ItemId::Record { id } => id,
        };
        let row = counted.rows.get(number);
        FigureItem {
            order: row.map(|row| row_view(visit, row)),
            number: number.clone(),
            reason: exclusion.map_or_else(String::new, text::exclusion),
        }
    };
    let counts = |it| (it, None);
    Ok(match request.part {
        FigurePart::Numerator => figure.numerator.iter().map(counts).map(item).collect(),
        FigurePart::Rest => {
            let rest = figure.denominator.difference(&figure.numerator);
            rest.map(counts).map(item).collect()
        }
        FigurePart::Excluded => {
            let excluded = figure.excluded.iter();
            excluded.map(|(it, why)| item((it, Some(*why)))).collect()
        }
    })
}

fn figure(visit: &Visit, counted: &Counted, indicator: Indicator, month: Month) -> Figure {
    let basis = Basis {
        period: month.period(),
        as_of: visit.now,
        rule_sets: &visit.office.rules.rule_sets,
        parameters: IndicatorParameters::of_the_house(),
    };
    let sources = Sources {
        orders: &counted.orders,
        repeats: &BTreeSet::new(),
        calls: &[],
        kb_update_tasks: &counted.tasks,
        kb_searches: &[],
    };
    tally(indicator, sources, &basis).figure_of(&Holder::Unit(visit.unit.clone()))
}

/// Every order of the unit of which anything may belong to the month: it is still on the unit's
/// desk, or something happened to it since the month began.
async fn counted(visit: &Visit, month: Month) -> Result<Counted, CallError> {
    let (unit, since) = (
        visit.unit.clone(),
        at(month.first(), chrono::NaiveTime::MIN),
    );
    let read = visit.office.readers.read(move |reader| {
        let mut rows = live_rows(reader, &unit)?;
        rows.extend(finished_since(reader, &unit, since)?);
        let mut orders = Vec::with_capacity(rows.len());
        for row in &rows {
            let subject = center::subject(&*reader.ledger, &row.subject)?;
            orders.extend(subject.as_ref().and_then(Subject::order).cloned());
        }
        let tasks = tasks_of(reader, &unit)?;
        Ok(Counted {
            orders,
            tasks: tasks.iter().filter_map(UnitTask::update_task).collect(),
            rows: rows
                .into_iter()
                .map(|row| (row.number.clone(), row))
                .collect(),
        })
    });
    let mut counted = read.await?;
    // Two orders may bear one number; each is counted under it once.
    let mut seen = BTreeSet::new();
    counted
        .orders
        .retain(|order| seen.insert(order.number.clone()));
    Ok(counted)
}

pub(super) fn finished_since(
    reader: &Reader,
    unit: &HandlingUnitId,
    since: DateTime<Utc>,
) -> Result<Vec<UnitOrder>> {
    let prefix = prefix(unit);
    let last = done_key(unit, since.timestamp_millis(), "\u{10ffff}");
    let mut rows = Vec::new();
    for record in reader.records.range(DONE, &prefix, &prefix, ORDERS_MAX)? {
        if record.key > last {
            break;
        }
        let row: UnitOrder = serde_json::from_str(&record.body)?;
        if row.unit == *unit {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// 自然月.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Month {
    year: i32,
    month: u32,
}

impl Month {
    fn of(day: NaiveDate) -> Self {
        Self {
            year: day.year(),
            month: day.month(),
        }
    }

    fn read(text: &str, now: DateTime<Utc>) -> Result<Self, CallError> {
        let this = Self::of(date_of(now));
        if text.trim().is_empty() {
            return Ok(this);
        }
        let first = NaiveDate::parse_from_str(&format!("{}-01", text.trim()), "%Y-%m-%d");
        let read = first.ok().map(Self::of);
        let is_there = |it: &Self| *it <= this && this.n_since(*it) < MONTHS_MAX;
        let read = read.filter(is_there);
        read.ok_or_else(|| CallError::invalid(format!("没有“{text}”的统计。")))
    }

    fn n_since(self, earlier: Self) -> i32 {
        let count = |it: Self| it.year * 12 + i32::try_from(it.month).unwrap_or(0);
        count(self) - count(earlier)
    }

    fn first(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, self.month, 1).unwrap_or(NaiveDate::MIN)
    }

    fn period(self) -> Period {
        let month = Period::month(self.year, self.month);
        let first = self.first();
        // A month that was read is one.
        month
            .or_else(|| Period::days(first, first))
            .unwrap_or_else(|| unreachable!("a day is a period"))
    }

    fn before(self) -> Self {
        match self.month {
            1 => Self {
                year: self.year - 1,
                month: 12,
            },
            month => Self {
                month: month - 1,
                ..self
            },
        }
    }

    fn back(self, n: usize) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |month| Some(month.before())).take(n)
    }

    fn text(self) -> String {
        format!("{}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_read_and_counted_back() {
        // 2026-01-31 20:00 UTC is February in Beijing.
        let now = DateTime::from_timestamp(1_769_889_600, 0).unwrap();
        assert_eq!(Month::read("", now).unwrap().text(), "2026-02");
        assert_eq!(Month::read("2025-12", now).unwrap().text(), "2025-12");
        for text in ["2026-03", "2023-01", "2026-13", "昨天"] {
            assert!(Month::read(text, now).is_err(), "{text}");
        }
        let back = Month::read("2026-02", now).unwrap().back(3);
        let back: Vec<String> = back.map(Month::text).collect();
        assert_eq!(back, ["2026-02", "2026-01", "2025-12"]);
    }
}
