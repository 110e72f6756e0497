//! 热点: what many people bring at once. A sudden rise of one kind at one place against what is usual
//! there (第十六条), and orders of the last days that tell of one happening, whoever told it. Shown here; who must
//! do something about a sudden rise is told of it by a warning ([`crate::early_warning`]).

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::clock_face::date_of;
use domain::rule_set::SurgeRules;
use domain::surge::{Surge, SurgeOrder, surges};
use serde::Serialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::early_warning::watch::thresholds;
use crate::error::CallError;
use crate::recall::RecentOrder;
use crate::{text, time_text};

/// So many orders on one happening are a hot issue.
const GROUP_MIN: usize = 3;
/// So many of each are told.
const ISSUES_MAX: usize = 30;
/// So many of its orders are named, the latest first.
const ORDERS_MAX: usize = 50;
/// Days that the trend shows, today last.
const TREND_DAYS: u64 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HotIssueKind {
    /// 突增: more of one category at one place than usual.
    Surge,
    /// 关联群: orders that tell of one happening.
    Related,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct HotIssueDay {
    /// 11月25日（周三）.
    pub text: String,
    pub n_orders: u32,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct HotIssueOrder {
    pub id: String,
    pub number: String,
    pub title: String,
    pub registered_text: String,
}

/// 热点.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HotIssue {
    pub kind: HotIssueKind,
    /// 三汇镇 供水供气 · 停水, or what the first of them says.
    pub title: String,
    pub category_id: String,
    pub category_text: String,
    pub township_code: String,
    pub township_text: String,
    /// 近 24 小时.
    pub n_last_day: u32,
    /// The 24 hours before.
    pub n_day_before: u32,
    /// All that belong to it, as far back as is looked.
    pub n_orders: u32,
    /// 近 24 小时 6 件，此前日均 0.3 件.
    pub growth_text: String,
    /// The last seven days, today last.
    pub days: Vec<HotIssueDay>,
    /// The latest first.
    pub orders: Vec<HotIssueOrder>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct HotIssues {
    /// Sudden rises first, then what tells of one happening, each the largest first.
    pub issues: Vec<HotIssue>,
    /// Why it may be incomplete; empty when it is not.
    pub note: String,
}

/// 热点.
pub(crate) fn hot_issues(desk: &Desk, (): ()) -> Result<HotIssues, CallError> {
    let now = desk.now();
    let Some(recent) = desk.recall.recent(&desk.store, now)? else {
        return Ok(HotIssues {
            issues: Vec::new(),
            note: desk
                .recall
                .n_read()
                .map(text::still_reading)
                .unwrap_or_default(),
        });
    };
    let by = desk.store.read(thresholds)?;
    let baseline_days = desk.rule_sets.in_force_on(date_of(now)).surge.baseline_days;
    let mut issues = surge_issues(desk, &recent, now, by.surge_rules(baseline_days));
    issues.truncate(ISSUES_MAX);
    let mut related = related_issues(desk, &recent, now);
    related.truncate(ISSUES_MAX);
    issues.extend(related);
    Ok(HotIssues {
        issues,
        note: String::new(),
    })
}

fn surge_issues(
    desk: &Desk,
    recent: &[RecentOrder],
    now: DateTime<Utc>,
    rules: SurgeRules,
) -> Vec<HotIssue> {
    let counted = recent.iter().map(|order| SurgeOrder {
        number: &order.number,
        category_id: &order.category_id,
        township_code: &order.place.township_code,
        registered_at: order.registered_at,
    });
    let surges = surges(counted, now, rules);
    let issue = |surge: &Surge| {
        let orders: Vec<&RecentOrder> = recent
            .iter()
            .filter(|order| {
                order.category_id == surge.category_id
                    && order.place.township_code == surge.township_code
            })
            .collect();
        let township = desk.reference.township_text(&surge.township_code);
        let category = desk.reference.category_text(&surge.category_id);
        HotIssue {
            title: format!("{township} {category}").trim().to_owned(),
            growth_text: format!(
                "近 24 小时 {} 件，此前日均 {:.1} 件",
                surge.numbers.len(),
                surge.daily_mean
            ),
            ..shown(desk, HotIssueKind::Surge, &orders, now)
        }
    };
    surges.iter().map(issue).collect()
}

fn related_issues(desk: &Desk, recent: &[RecentOrder], now: DateTime<Utc>) -> Vec<HotIssue> {
    let mut groups: BTreeMap<u32, Vec<&RecentOrder>> = BTreeMap::new();
    for order in recent {
        groups.entry(order.group).or_default().push(order);
    }
    let mut issues: Vec<HotIssue> = groups
        .into_values()
        .filter(|orders| orders.len() >= GROUP_MIN)
        .map(|orders| shown(desk, HotIssueKind::Related, &orders, now))
        .collect();
    issues.sort_by_key(|issue| std::cmp::Reverse((issue.n_last_day, issue.n_orders)));
    issues
}

/// What both kinds show of their orders, which come by age.
fn shown(desk: &Desk, kind: HotIssueKind, orders: &[&RecentOrder], now: DateTime<Utc>) -> HotIssue {
    let day = TimeDelta::days(1);
    let n_within = |from: TimeDelta, to: TimeDelta| {
        let is_within = |order: &&&RecentOrder| {
            let age = now - order.registered_at;
            from <= age && age < to
        };
        count(orders.iter().filter(is_within).count())
    };
    let n_last_day = n_within(TimeDelta::zero(), day);
    let n_day_before = n_within(day, day * 2);
    let category_id = most_said(orders.iter().map(|it| it.category_id.as_str()));
    let township_code = most_said(orders.iter().map(|it| it.place.township_code.as_str()));
    let first = orders.first();
    HotIssue {
        kind,
        title: first.map_or_else(String::new, |it| it.title.clone()),
        category_text: desk.reference.category_text(&category_id).to_owned(),
        township_text: desk.reference.township_text(&township_code).to_owned(),
        category_id,
        township_code,
        n_last_day,
        n_day_before,
        n_orders: count(orders.len()),
        growth_text: format!("近 24 小时 {n_last_day} 件，前 24 小时 {n_day_before} 件"),
        days: days(orders, now),
        orders: (orders.iter().rev().take(ORDERS_MAX))
            .map(|order| HotIssueOrder {
                id: order.id.clone(),
                number: order.number.clone(),
                title: order.title.clone(),
                registered_text: time_text::moment(order.registered_at),
            })
            .collect(),
    }
}

fn days(orders: &[&RecentOrder], now: DateTime<Utc>) -> Vec<HotIssueDay> {
    let today = date_of(now);
    let days = (0..TREND_DAYS).rev();
    days.filter_map(|ago| today.checked_sub_days(Days::new(ago)))
        .map(|day| {
            let of_day = orders.iter().filter(|it| date_of(it.registered_at) == day);
            HotIssueDay {
                text: time_text::day(day),
                n_orders: count(of_day.count()),
            }
        })
        .collect()
}

/// The value that stands most often, empty ones left out.
fn most_said<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for value in values.filter(|it| !it.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.into_iter().max_by_key(|(_, n)| *n);
    most.map_or_else(String::new, |(value, _)| value.to_owned())
}

/// A number of orders, of which there are never billions.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
