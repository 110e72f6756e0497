//! Vectors against rules: which differ, and which have no rule yet.

use anyhow::{Context as _, Result};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use serde_json::Value;

use super::rules::{Answer, Rule};
use super::vectors::{Limit, Vectors, WorkingDays, moment};

/// What came of a file. `total` counts the vectors, the lists hold a line for each that differs
/// and for each that no rule of the domain answers.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) total: usize,
    pub(super) wrong: Vec<String>,
    pub(super) unsupported: Vec<String>,
}

impl Tally {
    /// The tally as the one JSON line that programs read.
    pub(super) fn json(&self) -> String {
        // Written out so that the order of the keys is that of the contract.
        format!(
            r#"{{"total":{},"wrong":{},"unsupported":{}}}"#,
            self.total,
            self.wrong.len(),
            self.unsupported.len()
        )
    }
}

pub(super) fn check(vectors: &Vectors) -> Result<Tally> {
    let calendar = WorkCalendar::built_in();
    let rule_sets = RuleSets::built_in();
    let mut tally = Tally {
        total: vectors.working_days.len() + vectors.limits.len(),
        ..Tally::default()
    };
    for vector in &vectors.working_days {
        tally
            .wrong
            .extend(working_days_difference(&calendar, vector));
    }
    for limit in &vectors.limits {
        let rule =
            Rule::of(limit).with_context(|| format!("Reading the limit `{}`", limit.name))?;
        match rule {
            Some(rule) => tally
                .wrong
                .extend(limit_difference(limit, &rule.answer(&calendar, &rule_sets))),
            None => tally
                .unsupported
                .push(format!("unsupported {}: {}", limit.name, limit.rule)),
        }
    }
    Ok(tally)
}

fn working_days_difference(calendar: &WorkCalendar, vector: &WorkingDays) -> Option<String> {
    let WorkingDays {
        start,
        n,
        next_day_rule,
    } = vector;
    let got = calendar.add_working_days(*start, *n);
    (got != *next_day_rule)
        .then(|| format!("wrong working_days {start} + {n}: expected {next_day_rule}, got {got}"))
}

/// Compares every expected field, so that an expectation nobody computes is not passed over.
fn limit_difference(limit: &Limit, answer: &Answer) -> Option<String> {
    let differences: Vec<String> = limit
        .expect
        .iter()
        .filter_map(|(field, expected)| {
            let got = answer.get(field.as_str());
            let is_right = got.is_some_and(|got| is_same(expected, got));
            let got = got.map_or_else(
                || "nothing".to_owned(),
                |got| got.as_str().map_or_else(|| got.to_string(), str::to_owned),
            );
            (!is_right).then(|| format!("{field} expected {expected}, got {got}"))
        })
        .collect();
    let (name, rule) = (&limit.name, &limit.rule);
    (!differences.is_empty()).then(|| format!("wrong {name} ({rule}): {}", differences.join("; ")))
}

/// Whether two moments or two other values are the same; a moment has more than one spelling.
fn is_same(expected: &Value, got: &Value) -> bool {
    match (expected.as_str(), got.as_str()) {
        (Some(expected), Some(got)) => moment(expected) == moment(got),
        _ => expected == got,
    }
}
