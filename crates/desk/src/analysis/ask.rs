//! What is asked of the analysis: the days, and which orders.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use desk_store::CountAsk;
use domain::analysis::{AnalysisPeriod, AnalysisSpan, Dimension, StepLength};
use domain::clock_face::date_of;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ChosenFilter, group};
use crate::error::CallError;
use crate::reference::ReferenceTables;
use crate::{text, time_text};

/// Filters at once, at most.
const FILTERS_MAX: usize = 50;
/// The longest value of a filter, in characters.
const VALUE_MAX_CHARS: usize = 100;

/// The days that are looked at: a usual period, or two days as 2026-11-26, both included.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AnalysisDays {
    Span {
        #[ts(type = "AnalysisSpan")]
        span: AnalysisSpan,
    },
    Days {
        first: String,
        last: String,
    },
}

/// Only orders with that value; of several values of a dimension any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnalysisFilter {
    #[ts(type = "Dimension")]
    pub dimension: Dimension,
    /// Of categories also the name of the first level, for all below it. Empty for orders without one.
    pub value: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AnalysisAsk {
    pub days: AnalysisDays,
    /// Without any, all orders count.
    pub filters: Vec<AnalysisFilter>,
}

impl AnalysisAsk {
    pub(crate) fn resolved(
        &self,
        reference: &ReferenceTables,
        now: DateTime<Utc>,
    ) -> Result<CountAsk, CallError> {
        let too_much = |it: &AnalysisFilter| it.value.chars().count() > VALUE_MAX_CHARS;
        if self.filters.len() > FILTERS_MAX || self.filters.iter().any(too_much) {
            return Err(CallError::invalid(format!(
                "筛选条件最多 {FILTERS_MAX} 个，每个最多 {VALUE_MAX_CHARS} 字。"
            )));
        }
        let mut filter: BTreeMap<Dimension, BTreeSet<String>> = BTreeMap::new();
        for AnalysisFilter { dimension, value } in &self.filters {
            let wanted = filter.entry(*dimension).or_default();
            let below: Vec<&str> = match dimension {
                Dimension::Category => reference.categories_of(value).collect(),
                Dimension::Township
                | Dimension::Unit
                | Dimension::Channel
                | Dimension::Kind
                | Dimension::Class
                | Dimension::Treatment
                | Dimension::Satisfaction
                | Dimension::Reason => Vec::new(),
            };
            if below.is_empty() {
                wanted.insert(value.clone());
            } else {
                wanted.extend(below.into_iter().map(str::to_owned));
            }
        }
        let period = period(&self.days, date_of(now))?;
        Ok(CountAsk {
            period,
            filter,
            now,
        })
    }

    pub(super) fn chosen(&self, reference: &ReferenceTables) -> Vec<ChosenFilter> {
        let chosen = |filter: &AnalysisFilter| ChosenFilter {
            dimension: filter.dimension,
            title: text::dimension(filter.dimension).to_owned(),
            value: filter.value.clone(),
            text: group::value_text(reference, filter.dimension, &filter.value),
            wider: match filter.dimension {
                Dimension::Category => group::field_of(reference, &filter.value).to_owned(),
                Dimension::Township
                | Dimension::Unit
                | Dimension::Channel
                | Dimension::Kind
                | Dimension::Class
                | Dimension::Treatment
                | Dimension::Satisfaction
                | Dimension::Reason => String::new(),
            },
        };
        self.filters.iter().map(chosen).collect()
    }

    pub(super) fn values_of(&self, dimension: Dimension) -> BTreeSet<&str> {
        let of_it = self.filters.iter().filter(|it| it.dimension == dimension);
        of_it.map(|it| it.value.as_str()).collect()
    }
}

fn period(days: &AnalysisDays, today: NaiveDate) -> Result<AnalysisPeriod, CallError> {
    match days {
        AnalysisDays::Span { span } => Ok(span.days(today)),
        AnalysisDays::Days { first, last } => {
            let (first, last) = (day_of(first)?, day_of(last)?);
            AnalysisPeriod::days(first, last)
                .ok_or_else(|| CallError::invalid("截止日期要在起始日期之后，最长 30 年。"))
        }
    }
}

pub(crate) fn day_of(text: &str) -> Result<NaiveDate, CallError> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    let is_usual = |day: &NaiveDate| (1900..=9999).contains(&day.year());
    day.filter(is_usual)
        .ok_or_else(|| CallError::invalid("请填写起止日期。"))
}

/// 2026年11月1日至11月26日.
pub(crate) fn period_text(period: AnalysisPeriod) -> String {
    let (first, last) = (period.first(), period.last());
    if first == last {
        return time_text::date(first);
    }
    let until = if first.year() == last.year() {
        short(last)
    } else {
        time_text::date(last)
    };
    format!("{}至{until}", time_text::date(first))
}

pub(crate) fn step_text(days: AnalysisPeriod, length: StepLength) -> String {
    match length {
        StepLength::Day => short(days.first()),
        StepLength::Week => format!("{}—{}", short(days.first()), short(days.last())),
        StepLength::Month => format!("{}年{}月", days.first().year(), days.first().month()),
    }
}

fn short(day: NaiveDate) -> String {
    format!("{}月{}日", day.month(), day.day())
}
