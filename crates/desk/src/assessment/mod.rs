//! 考核: the scheme, what a period comes to by it, appeals, and what is handed out of it (第二十三条).

pub mod act;
mod count;
pub mod export;
pub mod items;
pub mod round;
pub mod scheme;
pub mod table;
#[cfg(test)]
mod tests;
pub mod trial;

use chrono::{DateTime, Datelike as _, Utc};
use domain::assessment::{AssessedPeriod, AssessmentRefusal, SchemeRecord};
use domain::clock_face::date_of;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::text;

/// So many months back a period can be chosen.
const MONTHS_BACK: usize = 24;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct SchemeNumber {
    pub number: String,
}

/// A period by a scheme.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RoundKey {
    pub number: String,
    /// 2026-10 or 2026.
    pub period: String,
}

/// 考核期 to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct PeriodChoice {
    /// 2026-10 or 2026.
    pub period: String,
    pub text: String,
}

/// 2026-10 or 2026.
fn read_period(text: &str) -> Result<AssessedPeriod, CallError> {
    AssessedPeriod::of_id(text).ok_or_else(|| AssessmentRefusal::PeriodUnknown.into())
}

/// The periods up to this month and this year, the latest first; months before years.
fn periods(now: DateTime<Utc>) -> Vec<PeriodChoice> {
    let today = date_of(now);
    let mut months = Vec::with_capacity(MONTHS_BACK);
    let (mut year, mut month) = (today.year(), today.month());
    for _ in 0..MONTHS_BACK {
        months.push(AssessedPeriod::Month { year, month });
        (year, month) = if month == 1 {
            (year - 1, 12)
        } else {
            (year, month - 1)
        };
    }
    let years = [today.year(), today.year() - 1].map(|year| AssessedPeriod::Year { year });
    let all = months.into_iter().chain(years);
    all.map(|period| PeriodChoice {
        period: period.id(),
        text: text::assessed_period(period),
    })
    .collect()
}

fn load(desk: &Desk, number: &str) -> Result<SchemeRecord, CallError> {
    let record = desk
        .store
        .read(|reader| Ok(reader.load_assessment(number)?))?;
    record.ok_or_else(|| AssessmentRefusal::NotDrafted.into())
}

/// 2026年下半年办理考核（第2版）.
fn scheme_name(record: &SchemeRecord) -> String {
    format!("{}（第{}版）", record.scheme.name, record.scheme.version)
}
