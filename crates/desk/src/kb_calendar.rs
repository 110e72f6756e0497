//! 有效期与复核 by the month: what ends and what is to be checked, what is overdue first (第六条(四)).

use chrono::{Datelike as _, NaiveDate};
use desk_store::DueDays;
use domain::clock_face::date_of;
use domain::kb::offer::unit_called;
use domain::kb::usage::months_after;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

/// This month and those after it.
const MONTHS: u32 = 12;
const OVERDUE: &str = "overdue";

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbCalendarMonth {
    /// `overdue` or `2026-11`.
    pub key: String,
    pub title: String,
    /// How many articles; one whose review and end both fall in counts once.
    pub n: u64,
    /// 复核 3 条，到期 1 条; empty for none.
    pub counts_text: String,
    pub is_overdue: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbCalendarKey {
    pub key: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbDueRow {
    pub id: String,
    pub title: String,
    pub unit: String,
    /// The handling unit of that name; empty for none.
    pub unit_id: String,
    pub next_review_text: String,
    pub valid_until_text: String,
    pub is_review_due: bool,
    pub is_expired: bool,
    /// What is asked of its unit already: 复核 ZS20261124-W01-0001，12月1日（周二）到期.
    pub task_text: String,
}

/// 复核日历.
pub(crate) fn kb_calendar(desk: &Desk, (): ()) -> Result<Vec<KbCalendarMonth>, CallError> {
    let today = date_of(desk.now());
    let months = (0..MONTHS).map(|n| month_of(today, n));
    let stretches = std::iter::once(overdue(today)).chain(months);
    let counted = desk.store.read(|reader| {
        stretches
            .map(|(key, days)| Ok((key, reader.count_kb_due(days)?)))
            .collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(counted
        .into_iter()
        .map(|(key, counts)| KbCalendarMonth {
            title: title_of(&key),
            n: counts.n_articles,
            counts_text: text::due_counts(counts),
            is_overdue: key == OVERDUE,
            key,
        })
        .collect())
}

fn title_of(key: &str) -> String {
    match key.split_once('-') {
        Some((year, month)) => format!("{year}年{}月", month.trim_start_matches('0')),
        None => "已过期限".to_owned(),
    }
}

fn overdue(today: NaiveDate) -> (String, DueDays) {
    let days = DueDays {
        first: None,
        end: today,
    };
    (OVERDUE.to_owned(), days)
}

/// The `n`-th month from this one; of this month what is left.
fn month_of(today: NaiveDate, n: u32) -> (String, DueDays) {
    let first = months_after(today, n);
    let days = DueDays {
        first: Some(first.max(today)),
        end: months_after(today, n + 1),
    };
    (format!("{}-{:02}", first.year(), first.month()), days)
}

/// The articles of a month.
pub(crate) fn kb_calendar_articles(
    desk: &Desk,
    request: KbCalendarKey,
) -> Result<Vec<KbDueRow>, CallError> {
    let today = date_of(desk.now());
    let months = (0..MONTHS).map(|n| month_of(today, n));
    let mut stretches = std::iter::once(overdue(today)).chain(months);
    let (_, days) = stretches
        .find(|(key, _)| *key == request.key)
        .ok_or_else(|| CallError::invalid("复核日历只到往后十二个月。"))?;
    let rows = desk.store.read(|reader| {
        let due = reader.kb_due(days)?.into_iter().map(|stored| {
            let tasks = reader.open_kb_tasks_of(&stored.article.id)?;
            Ok((stored.article, tasks))
        });
        due.collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(rows
        .into_iter()
        .map(|(article, tasks)| {
            let unit = unit_called(&article.unit, &desk.reference.units);
            let tasks: Vec<String> = tasks
                .iter()
                .map(|task| {
                    let kind = text::kb_task_kind(task.kind);
                    let due = time_text::day(task.due_on);
                    format!("{kind} {}，{due}到期", task.number)
                })
                .collect();
            KbDueRow {
                is_review_due: article.next_review_on.is_some_and(|on| on <= today),
                is_expired: article.is_expired_on(today),
                next_review_text: article
                    .next_review_on
                    .map(time_text::date)
                    .unwrap_or_default(),
                valid_until_text: article.valid_until.map(time_text::date).unwrap_or_default(),
                id: article.id.0,
                title: article.title,
                unit: article.unit,
                unit_id: unit.map(|id| id.0).unwrap_or_default(),
                task_text: tasks.join("；"),
            }
        })
        .collect())
}
