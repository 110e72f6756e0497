//! 统计: the orders of a scope counted by the day on which they were registered, as the analysis of the desks
//! counts them (`domain::analysis`).

use std::collections::BTreeMap;

use anyhow::Result;
use center::Records;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::HandlingUnitId;
use domain::analysis::OrderFigures;
use domain::clock_face::date_of;
use domain::data_sharing::ShareScope;
use serde_json::{Map, Value, json};

use super::list::{STEP, behind, is_shared};
use super::problem::Problem;
use super::question::{self, SharedDays};
use super::rows::{Counted, ROW, key_before};
use super::view::Names;

/// Where nobody says otherwise, up to today.
const DAYS: u64 = 30;
const DAYS_MAX: i64 = 366;
const FIELDS: [&str; 3] = ["by", "from", "until"];

/// 分组.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Day,
    Category,
    Township,
    /// 主办单位.
    Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    by: By,
    first: NaiveDate,
    last: NaiveDate,
}

impl Question {
    pub(super) fn read(query: &str, now: DateTime<Utc>) -> Result<Self, Problem> {
        let form = &question::fields(query, &FIELDS)?;
        let by = match form.get("by") {
            Some("day") | None => By::Day,
            Some("category") => By::Category,
            Some("township") => By::Township,
            Some("unit") => By::Unit,
            Some(_) => {
                return Err(Problem::malformed(
                    "by 应为 day、category、township 或 unit。",
                ));
            }
        };
        let days = SharedDays::read(form)?;
        let last = days.last.unwrap_or_else(|| date_of(now));
        let usual = last.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(last);
        let first = days.first.unwrap_or(usual);
        if last < first {
            return Err(Problem::malformed("until 早于 from。"));
        }
        if (last - first).num_days() >= DAYS_MAX {
            return Err(Problem::malformed(format!("一次最多统计 {DAYS_MAX} 天。")));
        }
        Ok(Self { by, first, last })
    }

    pub(super) fn answer(
        &self,
        records: &dyn Records,
        scope: &ShareScope,
        names: &Names,
        now: DateTime<Utc>,
    ) -> Result<Value> {
        let days = SharedDays {
            first: Some(self.first),
            last: Some(self.last),
        };
        let begin_ms = days.begin().map(|it| it.timestamp_millis());
        let mut from = days.end().map(key_before).unwrap_or_default();
        let mut groups: BTreeMap<String, OrderFigures> = BTreeMap::new();
        let mut total = OrderFigures::default();
        'reading: loop {
            let rows = records.range(ROW, "", &from, STEP)?;
            let Some(last) = rows.last() else {
                break;
            };
            from = behind(&last.key);
            for record in &rows {
                let counted: Counted = serde_json::from_str(&record.body)?;
                if begin_ms.is_some_and(|begin| counted.registered_ms < begin) {
                    break 'reading;
                }
                if is_shared(&counted, scope, names) {
                    let marks = counted.marks();
                    total.add(&marks, now);
                    let value = self.value(&counted);
                    groups.entry(value).or_default().add(&marks, now);
                }
            }
        }
        let rows = groups.iter().map(|(value, of)| {
            let mut row = figures(of);
            row.insert("value".to_owned(), json!(value));
            row.insert("text".to_owned(), json!(self.text(value, names)));
            row
        });
        Ok(json!({
            "by": self.name(),
            "from": self.first.to_string(),
            "until": self.last.to_string(),
            "items": rows.collect::<Vec<_>>(),
            "total": figures(&total),
        }))
    }

    fn name(&self) -> &'static str {
        match self.by {
            By::Day => "day",
            By::Category => "category",
            By::Township => "township",
            By::Unit => "unit",
        }
    }

    fn value(&self, counted: &Counted) -> String {
        match self.by {
            By::Day => DateTime::from_timestamp_millis(counted.registered_ms)
                .map(|at| date_of(at).to_string())
                .unwrap_or_default(),
            By::Category => counted.category_id.clone(),
            By::Township => counted.township_code.clone(),
            By::Unit => counted
                .lead
                .as_ref()
                .map(|it| it.0.clone())
                .unwrap_or_default(),
        }
    }

    fn text(&self, value: &str, names: &Names) -> String {
        match self.by {
            By::Day => value.to_owned(),
            By::Category if value.is_empty() => "未分类".to_owned(),
            By::Township if value.is_empty() => "未填地点".to_owned(),
            By::Unit if value.is_empty() => "未派单".to_owned(),
            By::Category => names.tables.category_text(value).to_owned(),
            By::Township => names.tables.township_text(value).to_owned(),
            By::Unit => names.unit(&HandlingUnitId(value.to_owned())),
        }
    }
}

fn figures(of: &OrderFigures) -> Map<String, Value> {
    let each = [
        ("n_orders", of.n_orders),
        ("n_answered_on_the_spot", of.n_answered),
        ("n_dispatched", of.n_dispatched),
        ("n_late", of.n_late),
        ("n_rated", of.n_rated),
        ("n_satisfied", of.n_satisfied),
    ];
    each.into_iter()
        .map(|(name, n)| (name.to_owned(), json!(n)))
        .collect()
}
