//! 突增: more matters of one kind at one place than usual (第五条(七), 第十六条).
//!
//! Counted in whole days of 24 hours back from now, so that a night shift sees it as it comes.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::rule_set::SurgeRules;
use crate::work_order::WorkOrder;

/// 突增预警, with the orders behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Surge {
    /// 三级分类的编号.
    pub category_id: String,
    /// 乡镇街道; empty where nobody said.
    pub township_code: String,
    /// 工单编号 of the last 24 hours, in the order in which they came.
    pub numbers: Vec<String>,
    /// 基线日均: orders a day before that.
    pub daily_mean: f64,
    /// 偏离: how many standard deviations above the mean; `None` where the days before were all
    /// alike and there is no deviation to measure by.
    pub z_score: Option<f64>,
}

/// A sudden rise has so many orders at least: one or two are unusual where none is usual, and disturb nobody.
const SURGE_MIN: usize = 3;

/// 突增所计的工单: what is counted of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SurgeOrder<'a> {
    pub number: &'a str,
    /// Empty when not classified yet; then it does not count.
    pub category_id: &'a str,
    pub township_code: &'a str,
    pub registered_at: DateTime<Utc>,
}

impl<'a> From<&'a WorkOrder> for SurgeOrder<'a> {
    fn from(order: &'a WorkOrder) -> Self {
        Self {
            number: &order.number,
            category_id: &order.matter.category_id,
            township_code: &order.matter.place.township_code,
            registered_at: order.registered_at,
        }
    }
}

/// 突增预警 at `now` among all classified orders, the largest first.
pub fn surges<'a>(
    orders: impl IntoIterator<Item = impl Into<SurgeOrder<'a>>>,
    now: DateTime<Utc>,
    rules: SurgeRules,
) -> Vec<Surge> {
    let mut groups: BTreeMap<(&str, &str), Vec<SurgeOrder<'a>>> = BTreeMap::new();
    for order in orders {
        let order = order.into();
        if !order.category_id.is_empty() {
            let key = (order.category_id, order.township_code);
            groups.entry(key).or_default().push(order);
        }
    }
    let mut found: Vec<Surge> = groups
        .into_iter()
        .filter_map(|(key, orders)| surge_of(key, orders, now, rules))
        .collect();
    found.sort_by_key(|surge| Reverse(surge.numbers.len()));
    found
}

fn surge_of(
    (category_id, township_code): (&str, &str),
    mut orders: Vec<SurgeOrder<'_>>,
    now: DateTime<Utc>,
    rules: SurgeRules,
) -> Option<Surge> {
    orders.sort_by_key(|order| (order.registered_at, order.number));
    let days_ago = |order: &SurgeOrder<'_>| (now - order.registered_at).num_days();
    let is_past = |order: &&SurgeOrder<'_>| order.registered_at <= now;
    let recent: Vec<SurgeOrder<'_>> = orders
        .iter()
        .filter(is_past)
        .filter(|order| now - order.registered_at < TimeDelta::days(1))
        .copied()
        .collect();
    let baseline: Vec<f64> = (1..=i64::from(rules.baseline_days))
        .map(|day| {
            let of_day = orders.iter().filter(is_past);
            let n_of_day = of_day.filter(|order| days_ago(order) == day).count();
            counted(n_of_day)
        })
        .collect();
    let n_days = f64::from(rules.baseline_days.max(1));
    let daily_mean = baseline.iter().sum::<f64>() / n_days;
    let variance = baseline
        .iter()
        .map(|n| (n - daily_mean).powi(2))
        .sum::<f64>()
        / n_days;
    let n_recent = counted(recent.len());
    let z_score = (variance > 0.0).then(|| (n_recent - daily_mean) / variance.sqrt());
    if recent.len() < SURGE_MIN {
        return None;
    }
    let is_many = recent.len() >= rules.n_in_a_day as usize;
    let is_unusual = z_score.is_some_and(|z| z * 100.0 >= f64::from(rules.z_hundredths));
    // Where such matters come every day in such numbers, the number alone says nothing.
    let is_surge = match z_score {
        Some(_) => is_unusual || (is_many && n_recent > daily_mean),
        None => is_many && n_recent > daily_mean,
    };
    is_surge.then(|| Surge {
        category_id: category_id.to_owned(),
        township_code: township_code.to_owned(),
        numbers: recent.iter().map(|order| order.number.to_owned()).collect(),
        daily_mean,
        z_score,
    })
}

/// A number of orders, of which there are never billions.
fn counted(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
