//! The form of a vector file, and the moments written in it.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};
use serde::Deserialize;

/// A file of vectors. Notes and fields that are for readers only are passed over.
#[derive(Debug, Deserialize)]
pub(super) struct Vectors {
    #[serde(default)]
    pub(super) working_days: Vec<WorkingDays>,
    #[serde(default)]
    pub(super) limits: Vec<Limit>,
}

/// The `n`-th working day after `start`, where `start` itself is never counted.
#[derive(Debug, Deserialize)]
pub(super) struct WorkingDays {
    pub(super) start: NaiveDate,
    pub(super) n: u32,
    pub(super) next_day_rule: NaiveDate,
}

/// A named limit: what starts it and when it must fall due.
#[derive(Debug, Deserialize)]
pub(super) struct Limit {
    pub(super) name: String,
    pub(super) rule: String,
    pub(super) input: BTreeMap<String, serde_json::Value>,
    pub(super) expect: BTreeMap<String, serde_json::Value>,
}

impl Vectors {
    pub(super) fn parse(text: &str) -> Result<Self> {
        let vectors: Self = serde_json::from_str(text).context("Reading it as vectors")?;
        ensure!(
            !(vectors.working_days.is_empty() && vectors.limits.is_empty()),
            "It holds neither `working_days` nor `limits`"
        );
        for limit in &vectors.limits {
            limit
                .check_moments()
                .with_context(|| format!("Reading the limit `{}`", limit.name))?;
        }
        Ok(vectors)
    }
}

impl Limit {
    /// The moment in a field of the input.
    pub(super) fn started_at(&self, field: &str) -> Option<NaiveDateTime> {
        self.input
            .get(field)
            .and_then(|value| moment(value.as_str()?))
    }

    /// Every text of input and expectation is a moment: one that cannot be read would otherwise
    /// show up as a difference in the rules.
    fn check_moments(&self) -> Result<()> {
        for (field, value) in self.input.iter().chain(&self.expect) {
            if let Some(text) = value.as_str() {
                moment(text).with_context(|| {
                    format!("`{field}` is not a moment such as 2026-11-24T18:00: {text}")
                })?;
            }
        }
        ensure!(!self.expect.is_empty(), "It expects nothing");
        Ok(())
    }
}

/// Reads `2026-11-24T18:00`; `T24:00` is the end of that day, the same as `T00:00` of the next.
pub(super) fn moment(text: &str) -> Option<NaiveDateTime> {
    if let Some(date) = text
        .strip_suffix("T24:00")
        .or_else(|| text.strip_suffix("T24:00:00"))
    {
        let date: NaiveDate = date.parse().ok()?;
        return Some(
            date.checked_add_days(Days::new(1))?
                .and_time(NaiveTime::MIN),
        );
    }
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}
