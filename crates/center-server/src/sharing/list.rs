//! 工单列表: the orders of a scope, the latest registered first, page by page.
//!
//! A page goes on behind the last order that was looked at. An order's place never changes and what is
//! registered meanwhile stands before it, so whoever reads to the end has had every order once that was
//! there when he began.

use anyhow::Result;
use center::Records;
use chrono::{DateTime, Utc};
use domain::data_sharing::{ShareScope, ShareSight};
use domain::work_order::Stage;
use serde_json::{Value, json};

use super::problem::Problem;
use super::question::{self, SharedDays};
use super::rows::{Counted, ROW, Row, key_before};
use super::view::{self, Names};

/// Rows looked at for one answer; then the page ends, however few were found.
const LOOKED_AT_MAX: usize = 5_000;
pub(super) const STEP: usize = 500;
const FIELDS: [&str; 8] = [
    "from", "until", "unit", "category", "township", "state", "limit", "cursor",
];

/// What is asked for. An empty list is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    days: SharedDays,
    units: Vec<String>,
    categories: Vec<String>,
    townships: Vec<String>,
    stages: Vec<Stage>,
    limit: usize,
    cursor: Option<String>,
}

impl Question {
    pub(super) fn read(query: &str) -> Result<Self, Problem> {
        let form = &question::fields(query, &FIELDS)?;
        Ok(Self {
            days: SharedDays::read(form)?,
            units: question::values(form, "unit")?,
            categories: question::values(form, "category")?,
            townships: question::values(form, "township")?,
            stages: question::stages(form)?,
            limit: question::limit(form)?,
            cursor: question::cursor(form)?,
        })
    }

    pub(super) fn answer(
        &self,
        records: &dyn Records,
        scope: &ShareScope,
        sight: ShareSight,
        names: &Names,
        now: DateTime<Utc>,
    ) -> Result<Value> {
        let begin_ms = self.days.begin().map(|it| it.timestamp_millis());
        let mut from = match &self.cursor {
            Some(key) => behind(key),
            None => self.days.end().map(key_before).unwrap_or_default(),
        };
        let mut items = Vec::new();
        let mut n_looked_at = 0;
        let mut last = None;
        'reading: while n_looked_at < LOOKED_AT_MAX {
            let rows = records.range(ROW, "", &from, STEP)?;
            if rows.is_empty() {
                last = None;
                break;
            }
            for record in rows {
                let row: Row = serde_json::from_str(&record.body)?;
                if begin_ms.is_some_and(|begin| row.counted.registered_ms < begin) {
                    last = None;
                    break 'reading;
                }
                n_looked_at += 1;
                if is_shared(&row.counted, scope, names) && self.wants(&row, names) {
                    items.push(view::order(&row, sight, names, now));
                }
                from = behind(&record.key);
                last = Some(record.key);
                if items.len() == self.limit {
                    break 'reading;
                }
            }
        }
        Ok(json!({ "items": items, "next": last.as_deref().map(question::cursor_of) }))
    }

    fn wants(&self, row: &Row, names: &Names) -> bool {
        let counted = &row.counted;
        let any = |wanted: &[String], of: &str| wanted.iter().any(|it| it == of);
        let category = counted.category_id.as_str();
        (self.units.is_empty() || counted.units.iter().any(|it| any(&self.units, &it.0)))
            && (self.categories.is_empty()
                || any(&self.categories, category)
                || any(&self.categories, names.field(category)))
            && (self.townships.is_empty() || any(&self.townships, &counted.township_code))
            && (self.stages.is_empty() || self.stages.contains(&row.stage))
    }
}

/// Whether somebody with that scope may know of it.
pub(super) fn is_shared(counted: &Counted, scope: &ShareScope, names: &Names) -> bool {
    let category = counted.category_id.as_str();
    scope.covers(&counted.units, category, names.field(category))
}

/// Where the keys behind one begin.
pub(super) fn behind(key: &str) -> String {
    format!("{key}\u{1}")
}
