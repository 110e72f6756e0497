//! The only place here that calls the domain's limits: a named rule and its input become moments.

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, NaiveDateTime, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face;
use domain::rule_set::RuleSets;
use domain::time_limit::Span;

use super::vectors::Limit;

/// A rule that the domain has, and when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    span: Span,
    started_at: NaiveDateTime,
}

/// What the domain answers, as the county's clocks show it.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) due: NaiveDateTime,
    pub(super) target: Option<NaiveDateTime>,
}

impl Rule {
    /// Reads the rule of a limit; `None` where the domain has no such rule yet.
    pub(super) fn of(limit: &Limit) -> Result<Option<Self>> {
        let rule = limit.rule.trim();
        let (span, field, n) = if let Some(n) = number_before(rule, "WD") {
            (Span::WorkingDays(n), "n", n)
        } else if let Some(n) = number_before(rule, "h natural") {
            (Span::Hours(n), "h", n)
        } else {
            return Ok(None);
        };
        // The rule's name and the input may both give the number.
        if let Some(given) = limit.input.get(field) {
            ensure!(
                given.as_u64() == Some(u64::from(n)),
                "The rule `{rule}` and the input {field}={given} differ"
            );
        }
        let started_at = limit
            .started_at("start")
            .context("The input has no `start`")?;
        Ok(Some(Self { span, started_at }))
    }

    pub(super) fn answer(self, calendar: &WorkCalendar, rule_sets: &RuleSets) -> Answer {
        let started_at = clock_face::at(self.started_at.date(), self.started_at.time());
        let rule_set = rule_sets.in_force_on(self.started_at.date());
        let due = self.span.due(started_at, calendar, rule_set.target_time);
        Answer {
            due: shown(due.due_at),
            target: due.target_at.map(shown),
        }
    }
}

fn number_before(rule: &str, unit: &str) -> Option<u32> {
    rule.strip_suffix(unit)?.trim().parse().ok()
}

fn shown(at: DateTime<Utc>) -> NaiveDateTime {
    clock_face::date_of(at).and_time(clock_face::time_of(at))
}
