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

/// 突增预警 at `now` among all classified orders, the largest first.
pub fn surges<'a>(
    orders: impl IntoIterator<Item = &'a WorkOrder>,
    now: DateTime<Utc>,
    rules: SurgeRules,
) -> Vec<Surge> {
    let mut groups: BTreeMap<(&str, &str), Vec<&WorkOrder>> = BTreeMap::new();
    for order in orders {
        let matter = &order.matter;
        let key = (
            matter.category_id.as_str(),
            matter.place.township_code.as_str(),
        );
        if !matter.category_id.is_empty() {
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
    mut orders: Vec<&WorkOrder>,
    now: DateTime<Utc>,
    rules: SurgeRules,
) -> Option<Surge> {
    orders.sort_by_key(|order| (order.registered_at, &order.number));
    let days_ago = |order: &WorkOrder| (now - order.registered_at).num_days();
    let is_past = |order: &&&WorkOrder| order.registered_at <= now;
    let recent: Vec<&WorkOrder> = orders
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
    let is_many = recent.len() >= rules.n_in_a_day as usize;
    let is_unusual = z_score.is_some_and(|z| z * 100.0 >= f64::from(rules.z_hundredths));
    // Where such matters come every day in such numbers, the number alone says nothing.
    let is_surge = match z_score {
        Some(_) => is_unusual || (is_many && n_recent > daily_mean),
        None => is_many && n_recent > daily_mean,
    };
    (is_surge && !recent.is_empty()).then(|| Surge {
        category_id: category_id.to_owned(),
        township_code: township_code.to_owned(),
        numbers: recent.iter().map(|order| order.number.clone()).collect(),
        daily_mean,
        z_score,
    })
}

/// A number of orders, of which there are never billions.
fn counted(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
