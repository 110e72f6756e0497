//! The only place here that calls the domain's limits: a named rule and its input become answers.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face;
use domain::extension::{ExtensionCaps, extended_due_at};
use domain::rule_set::{RuleSet, RuleSets};
use domain::screening::ScreeningLimits;
use domain::time_limit::{LimitKind, Span, TimeLimit};
use domain::upstream::MonthEndPrinciple;
use serde_json::Value;

use super::vectors::Limit;

const SCREENING: &str = "screening: principle 2WD / hard cut-off next-month 1st rolled";
const PROVINCE: &str = "province: within month (principle) + category 5WD";
const EXTENSION: &str = "extension";

/// A rule that the domain has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Span(Span),
    Evidence,
    Screening,
    Province { category_days: u32 },
    Extension { base_days: u32 },
}

/// A rule, and when it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rule {
    kind: Kind,
    started_at: DateTime<Utc>,
}

/// What the domain answers, by the name of the field: moments as the county's clocks show them.
pub(super) type Answer = BTreeMap<&'static str, Value>;

impl Rule {
    /// Reads the rule of a limit; `None` where the domain has no such rule yet.
    pub(super) fn of(limit: &Limit) -> Result<Option<Self>> {
        let rule = limit.rule.trim();
        let (kind, start) = if let Some(n) = number_before(rule, "WD") {
            same_number(limit, "n", n)?;
            (Kind::Span(Span::WorkingDays(n)), "start")
        } else if let Some(n) = number_before(rule, "h natural") {
            same_number(limit, "h", n)?;
            (Kind::Span(Span::Hours(n)), "start")
        } else if rule == "24h skip non-working days" {
            (Kind::Evidence, "start")
        } else if rule == SCREENING {
            (Kind::Screening, "eval_received")
        } else if rule == PROVINCE {
            (Kind::Province { category_days: 5 }, "assigned")
        } else if rule == EXTENSION {
            let base = limit.input.get("base").and_then(Value::as_u64);
            let base_days = u32::try_from(base.context("The input has no number `base`")?)?;
            (Kind::Extension { base_days }, "delivered")
        } else {
            return Ok(None);
        };
        let started_at = limit
            .started_at(start)
            .with_context(|| format!("The input has no `{start}`"))?;
        let started_at = clock_face::at(started_at.date(), started_at.time());
        Ok(Some(Self { kind, started_at }))
    }

    pub(super) fn answer(self, calendar: &WorkCalendar, rule_sets: &RuleSets) -> Answer {
        let Self { kind, started_at } = self;
        let rule_set = rule_sets.in_force_on(clock_face::date_of(started_at));
        let start = |kind, span| TimeLimit::start(kind, span, started_at, calendar, rule_set);
        match kind {
            Kind::Span(span) => limit_answer(&start(LimitKind::Handle, span)),
            Kind::Evidence => limit_answer(&domain::screening::evidence_limit(
                started_at, calendar, rule_set,
            )),
            Kind::Screening => {
                let limits = ScreeningLimits::of(started_at, started_at, calendar, rule_set);
                Answer::from([
                    ("principle", shown(limits.principle_due_at)),
                    ("hard_cutoff", shown(limits.cut_off_at)),
                    ("principle_after_cutoff", limits.is_cut_short().into()),
                ])
            }
            Kind::Province { category_days } => {
                let due_at = start(LimitKind::Handle, Span::WorkingDays(category_days)).due_at;
                let principle = MonthEndPrinciple::of(started_at, due_at, calendar, rule_set);
                Answer::from([
                    ("month_end", shown(principle.month_end_at)),
                    ("last_workday_target", shown(principle.target_at)),
                    ("category_due", shown(due_at)),
                    ("flag_conflict", principle.crosses_month.into()),
                ])
            }
            Kind::Extension { base_days } => {
                let base = start(LimitKind::Handle, Span::WorkingDays(base_days));
                extension_answer(&base, base_days, calendar, rule_set)
            }
        }
    }
}

fn limit_answer(limit: &TimeLimit) -> Answer {
    let mut answer = Answer::from([("due", shown(limit.due_at))]);
    answer.extend(limit.target_at.map(|at| ("target", shown(at))));
    answer
}

fn extension_answer(
    base: &TimeLimit,
    base_days: u32,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Answer {
    let caps = ExtensionCaps::of(base_days, rule_set);
    let extended = |days| shown(extended_due_at(base, days, calendar));
    Answer::from([
        ("base_due", shown(base.due_at)),
        ("general_max(+3WD)", extended(caps.general_days)),
        (
            "complex_total7_harmonised max(base+3,7)",
            extended(caps.grave_days),
        ),
        ("complex_ext7 (base+7)", extended(caps.exceptional_days)),
    ])
}

/// The rule's name and the input may both give the number.
fn same_number(limit: &Limit, field: &str, n: u32) -> Result<()> {
    if let Some(given) = limit.input.get(field) {
        let rule = limit.rule.trim();
        ensure!(
            given.as_u64() == Some(u64::from(n)),
            "The rule `{rule}` and the input {field}={given} differ"
        );
    }
    Ok(())
}

fn number_before(rule: &str, unit: &str) -> Option<u32> {
    rule.strip_suffix(unit)?.trim().parse().ok()
}

fn shown(at: DateTime<Utc>) -> Value {
    let moment = clock_face::date_of(at).and_time(clock_face::time_of(at));
    moment.format("%Y-%m-%dT%H:%M").to_string().into()
}
