//! 本单位的工单列表: queues that are questions, one list, what is new.

use std::cmp::{Ordering, Reverse};

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::clock_face::{date_of, end_of};
use domain::work_order::{AssignmentStage, Part};
use domain::{HandlingUnitId, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wording::limit::{self, Urgency};
use wording::{text, time_text};

use super::error::CallError;
use super::unit_order::{
    DONE, DONE_COUNT, LIVE, RowNews, RowScreening, SEPARATOR, UnitOrder, prefix,
};
use super::visit::Visit;
use crate::readers::Reader;

/// The most rows of one page.
const PAGE_MAX_ROWS: usize = 200;
/// A unit that has more open than this has other troubles than a list that ends.
const LIVE_ROWS_MAX: usize = 5_000;
/// So many finished orders are looked through for a word.
const SEARCHED_ROWS_MAX: usize = 5_000;
/// The longest search text that is looked at, in characters.
const SEARCH_MAX_CHARS: usize = 100;
/// The latest news that are shown.
const NEWS_MAX: usize = 20;

/// A queue is a question that somebody of the unit asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(super) enum UnitQueue {
    ToSignFor,
    InHandling,
    DueToday,
    Overdue,
    UnderReview,
    ToCountersign,
    Assisting,
    Urged,
    Screening,
    Concluded,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitQueueCount {
    pub(super) queue: UnitQueue,
    pub(super) text: String,
    pub(super) n_orders: u64,
}

/// Something that happened to the unit.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitNews {
    /// The order it is about.
    pub(super) order_id: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) at: i64,
    pub(super) at_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitOverview {
    pub(super) queues: Vec<UnitQueueCount>,
    /// The latest first.
    pub(super) news: Vec<UnitNews>,
    pub(super) n_kb_open: usize,
    pub(super) now: i64,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct UnitOrderList {
    pub(super) queue: UnitQueue,
    pub(super) search: String,
    /// Where the page before ended.
    pub(super) after: Option<String>,
    pub(super) limit: usize,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitOrderRow {
    pub(super) id: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) kind_text: String,
    #[ts(type = "MatterClass")]
    pub(super) class: domain::matter::MatterClass,
    pub(super) class_text: String,
    pub(super) category_text: String,
    pub(super) place_text: String,
    pub(super) stage_text: String,
    /// 主办、协办、会签; empty for a unit that handles it alone.
    pub(super) part_text: String,
    /// What somebody waits for; empty for nothing.
    pub(super) note_text: String,
    pub(super) limit_name: String,
    pub(super) due_at: Option<i64>,
    pub(super) due_text: String,
    pub(super) left_text: String,
    pub(super) urgency: Urgency,
    /// 诉求人信息密封.
    pub(super) is_sealed: bool,
    /// 催办待回执.
    pub(super) is_urged: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitOrderRows {
    pub(super) rows: Vec<UnitOrderRow>,
    pub(super) total: u64,
    pub(super) next: Option<String>,
}

impl UnitQueue {
    const ALL: [Self; 10] = [
        Self::ToSignFor,
        Self::InHandling,
        Self::DueToday,
        Self::Overdue,
        Self::ToCountersign,
        Self::Urged,
        Self::UnderReview,
        Self::Assisting,
        Self::Screening,
        Self::Concluded,
    ];

    fn text(self, visit: &Visit) -> &'static str {
        match self {
            Self::ToSignFor => "待签收",
            Self::InHandling => "办理中",
            Self::DueToday => "今天到期",
            Self::Overdue => "已超期",
            Self::UnderReview => "退回延期审核中",
            Self::ToCountersign if visit.actor.roles.contains(&Role::UnitReviewer) => "待我审核",
            Self::ToCountersign => "待内审",
            Self::Assisting => "协办",
            Self::Urged => "催办待回执",
            Self::Screening => "甄别、补证",
            Self::Concluded => "已办结",
        }
    }

    fn has(self, row: &UnitOrder, now: DateTime<Utc>) -> bool {
        let is_open = row.stage.is_open();
        match self {
            Self::ToSignFor => matches!(
                row.stage,
                AssignmentStage::Delivered | AssignmentStage::Dispatched
            ),
            Self::InHandling => row.stage == AssignmentStage::SignedFor && row.part.answers(),
            Self::DueToday => {
                let today = end_of(date_of(now));
                let next = row.next_limit();
                is_open && next.is_some_and(|it| now <= it.due_at && it.due_at <= today)
            }
            Self::Overdue => is_open && row.is_overdue_at(now),
            Self::UnderReview => {
                let is_reviewed = matches!(
                    row.stage,
                    AssignmentStage::SendBackReview | AssignmentStage::FinalClosureReview
                );
                is_open && (is_reviewed || row.is_extension_pending)
            }
            Self::ToCountersign => row.stage == AssignmentStage::AwaitingSignature,
            Self::Assisting => is_open && row.part == Part::Assisting,
            Self::Urged => row.n_urges_open > 0,
            Self::Screening => row.screening != RowScreening::None,
            Self::Concluded => !is_open,
        }
    }
}

/// 概览: how many orders each queue has, and what is new.
pub(super) async fn overview(visit: &Visit, (): ()) -> Result<UnitOverview, CallError> {
    let unit = visit.unit.clone();
    let read = visit.office.readers.read(move |reader| {
        let n_done: u64 = match reader.records.get(DONE_COUNT, &unit.0)? {
            Some(body) => serde_json::from_str(&body)?,
            None => 0,
        };
        let tasks = super::kb_task::tasks_of(reader, &unit)?;
        let n_kb_open = tasks.iter().filter(|task| task.is_open).count();
        Ok((live_rows(reader, &unit)?, n_done, n_kb_open))
    });
    let (rows, n_done, n_kb_open) = read.await?;
    let now = visit.now;
    let n_of = |queue: UnitQueue| rows.iter().filter(|row| queue.has(row, now)).count() as u64;
    let queues = UnitQueue::ALL.into_iter().map(|queue| UnitQueueCount {
        queue,
        text: queue.text(visit).to_owned(),
        n_orders: if queue == UnitQueue::Concluded {
            n_of(queue) + n_done
        } else {
            n_of(queue)
        },
    });
    let mut heard: Vec<(&UnitOrder, &RowNews)> = rows
        .iter()
        .filter_map(|row| Some((row, row.news.as_ref()?)))
        .collect();
    heard.sort_by_key(|(_, news)| Reverse(news.at));
    Ok(UnitOverview {
        queues: queues.collect(),
        news: heard.into_iter().take(NEWS_MAX).map(news).collect(),
        n_kb_open,
        now: now.timestamp_millis(),
    })
}

fn news((row, news): (&UnitOrder, &RowNews)) -> UnitNews {
    UnitNews {
        order_id: row.subject.clone(),
        number: row.number.clone(),
        title: row.title.clone(),
        text: news.what.text().to_owned(),
        at: news.at.timestamp_millis(),
        at_text: time_text::moment(news.at),
    }
}

/// 工单列表, one page.
pub(super) async fn work_orders(
    visit: &Visit,
    request: UnitOrderList,
) -> Result<UnitOrderRows, CallError> {
    if request.search.chars().count() > SEARCH_MAX_CHARS {
        let message = format!("查找内容最多 {SEARCH_MAX_CHARS} 字。");
        return Err(CallError::invalid(message));
    }
    let (unit, now) = (visit.unit.clone(), visit.now);
    let n_max = request.limit.clamp(1, PAGE_MAX_ROWS);
    let words = words(&request.search);
    let UnitOrderList { queue, after, .. } = request;
    let read = visit.office.readers.read(move |reader| {
        let mut rows = live_rows(reader, &unit)?;
        if !words.is_empty() {
            // Whoever looks for an order does not know in which queue it is.
            rows.retain(|row| is_found(row, &words));
            rows.sort_by(by_limit);
            rows.extend(found_done(reader, &unit, &words)?);
            return Ok(page(rows, after, n_max));
        }
        rows.retain(|row| queue.has(row, now));
        if queue == UnitQueue::Concluded {
            // What may still be disputed stands before what is over.
            rows.sort_by_key(|row| Reverse(row.last_event_at));
            return concluded(reader, &unit, rows, after.as_deref(), n_max);
        }
        rows.sort_by(by_limit);
        Ok(page(rows, after, n_max))
    });
    let (rows, total, next) = read.await?;
    Ok(UnitOrderRows {
        rows: rows.iter().map(|row| row_view(visit, row)).collect(),
        total,
        next,
    })
}

/// What is over first, first; what has no limit last.
fn by_limit(one: &UnitOrder, other: &UnitOrder) -> Ordering {
    let due = |row: &UnitOrder| row.next_limit().map(|limit| limit.due_at);
    let has_none = due(one).is_none().cmp(&due(other).is_none());
    has_none
        .then_with(|| due(one).cmp(&due(other)))
        .then_with(|| one.number.cmp(&other.number))
}

type Page = (Vec<UnitOrder>, u64, Option<String>);

/// One page of rows that are all at hand; `after` is how many came before it.
fn page(rows: Vec<UnitOrder>, after: Option<String>, n_max: usize) -> Page {
    let total = rows.len();
    let from: usize = after.and_then(|it| it.parse().ok()).unwrap_or(0);
    let rows: Vec<UnitOrder> = rows.into_iter().skip(from).take(n_max).collect();
    let n_shown = from.saturating_add(rows.len());
    let next = (n_shown < total).then(|| n_shown.to_string());
    (rows, total as u64, next)
}

/// The finished orders, the latest first; `after` is the key of the last one shown.
fn concluded(
    reader: &Reader,
    unit: &HandlingUnitId,
    live: Vec<UnitOrder>,
    after: Option<&str>,
    n_max: usize,
) -> Result<Page> {
    let prefix = prefix(unit);
    let from = match after {
        Some(key) => format!("{prefix}{key}\u{1}"),
        None => prefix.clone(),
    };
    let n_done: Option<String> = reader.records.get(DONE_COUNT, &unit.0)?;
    let n_done: u64 = n_done.map_or(Ok(0), |body| serde_json::from_str(&body))?;
    let total = n_done + live.len() as u64;
    let mut rows = if after.is_none() { live } else { Vec::new() };
    let records = reader.records.range(DONE, &prefix, &from, n_max + 1)?;
    let is_more = records.len() > n_max;
    let shown = records.iter().take(n_max);
    let last = shown.clone().next_back().filter(|_| is_more);
    let next = last.and_then(|last| last.key.strip_prefix(&prefix));
    rows.extend(own_rows(unit, shown.map(|record| record.body.as_str()))?);
    Ok((rows, total, next.map(str::to_owned)))
}

/// Finished orders with all the words, the latest first, of those that are looked through.
fn found_done(reader: &Reader, unit: &HandlingUnitId, words: &[String]) -> Result<Vec<UnitOrder>> {
    let prefix = prefix(unit);
    let records = reader
        .records
        .range(DONE, &prefix, &prefix, SEARCHED_ROWS_MAX)?;
    let mut rows = own_rows(unit, records.iter().map(|record| record.body.as_str()))?;
    rows.retain(|row| is_found(row, words));
    Ok(rows)
}

/// A key may begin alike for two units; the row says whose it is.
fn own_rows<'a>(
    unit: &HandlingUnitId,
    bodies: impl Iterator<Item = &'a str>,
) -> Result<Vec<UnitOrder>> {
    let mut rows = Vec::new();
    for body in bodies {
        let row: UnitOrder = serde_json::from_str(body)?;
        if row.unit == *unit {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// What a unit has to do with now.
pub(super) fn live_rows(reader: &Reader, unit: &HandlingUnitId) -> Result<Vec<UnitOrder>> {
    let prefix = prefix(unit);
    let records = reader
        .records
        .range(LIVE, &prefix, &prefix, LIVE_ROWS_MAX)?;
    own_rows(unit, records.iter().map(|record| record.body.as_str()))
}

fn words(search: &str) -> Vec<String> {
    search.split_whitespace().map(str::to_lowercase).collect()
}

fn is_found(row: &UnitOrder, words: &[String]) -> bool {
    let UnitOrder {
        number,
        title,
        text,
        place_text,
        ..
    } = row;
    let said = format!("{number}{SEPARATOR}{title}{SEPARATOR}{text}{SEPARATOR}{place_text}");
    let said = said.to_lowercase();
    words.iter().all(|word| said.contains(word.as_str()))
}

pub(super) fn row_view(visit: &Visit, row: &UnitOrder) -> UnitOrderRow {
    let now = visit.now;
    let next = row.next_limit();
    let waits = row.waits_since.is_some();
    let urgency = match next {
        None => Urgency::Met,
        Some(_) if row.is_overdue_at(now) => Urgency::Overdue,
        // What is over while the center or the city has it is nobody's delay.
        Some(limit) if waits || now > limit.due_at => Urgency::Suspended,
        Some(limit) => limit::urgency(limit.due_at, limit.warn_at, now),
    };
    UnitOrderRow {
        id: row.subject.clone(),
        number: row.number.clone(),
        title: row.title.clone(),
        kind_text: text::kind(row.kind).to_owned(),
        class: row.class,
        class_text: text::class(row.class).to_owned(),
        category_text: visit.tables.category_text(&row.category_id).to_owned(),
        place_text: row.place_text.clone(),
        stage_text: text::assignment_stage(row.stage).to_owned(),
        part_text: match row.part {
            Part::Sole => String::new(),
            Part::Countersigning | Part::Lead | Part::Assisting => text::part(row.part).to_owned(),
        },
        note_text: note(row).to_owned(),
        limit_name: next.map_or_else(String::new, |limit| text::limit(limit.kind).to_owned()),
        due_at: next.map(|limit| limit.due_at.timestamp_millis()),
        due_text: next.map_or_else(String::new, |limit| time_text::deadline(limit.due_at)),
        left_text: if urgency == Urgency::Suspended {
            "待裁定".to_owned()
        } else {
            next.map_or_else(String::new, |limit| time_text::left(now, limit.due_at))
        },
        urgency,
        is_sealed: row.is_sealed,
        is_urged: row.n_urges_open > 0,
    }
}

fn note(row: &UnitOrder) -> &'static str {
    match row.screening {
        RowScreening::MayBeAsked => return "不满意，可申请甄别",
        RowScreening::UnderReview => return "甄别审核中",
        RowScreening::AwaitsEvidence => return "甄别待补证",
        RowScreening::None => {}
    }
    if row.is_extension_pending {
        "延期待批"
    } else if row.is_extension_unexplained {
        "延期已批，待说明"
    } else {
        ""
    }
}
