//! 指标快算: the figures of a year by the rules of `domain`, as lines that another program can be held
//! against (`tests/slow.py`).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use center::Ledger;
use chrono::{DateTime, Utc};
use domain::WorkOrder;
use domain::indicators::{
    Basis, Holder, Indicator, IndicatorParameters, KbUpdateTask, Period, Sources, tally,
};
use domain::rule_set::RuleSets;
use wire::{EntryBody, Subject};

use crate::telephone::Telephone;

/// Entries read at a time.
const PAGE_ENTRIES: usize = 5_000;
const PAGE_BYTES: usize = 16 << 20;
/// What a ledger has that is counted.
#[derive(Debug, Default)]
pub struct Counted {
    pub orders: Vec<WorkOrder>,
    pub kb_update_tasks: Vec<KbUpdateTask>,
}

impl Counted {
    /// Every order and task that a ledger has.
    ///
    /// # Errors
    /// A fault of the ledger.
    pub fn of(ledger: &impl Ledger) -> Result<Self> {
        let mut subjects = std::collections::BTreeMap::<String, Option<Subject>>::new();
        let mut seq = 0;
        loop {
            let entries = ledger.entries_after(seq, PAGE_ENTRIES, PAGE_BYTES)?;
            let Some(last) = entries.last() else {
                break;
            };
            seq = last.seq;
            for entry in &entries {
                let body = entry.read().context("Reading an entry")?;
                if let Some(accepted) = EntryBody::accepted(&body) {
                    let subject = subjects.entry(entry.subject.clone()).or_default();
                    Subject::apply(subject, &accepted.story);
                }
            }
        }
        let mut counted = Self::default();
        for subject in subjects.into_values().flatten() {
            match subject {
                Subject::Order(order) => counted.orders.push(*order),
                Subject::Task(task) => counted.kb_update_tasks.extend(KbUpdateTask::of(&task)),
                Subject::Article(_)
                | Subject::Case(_)
                | Subject::Catalogue(_)
                | Subject::Assessment(_)
                | Subject::Dossier(_)
                | Subject::EarlyWarning(_) => {}
            }
        }
        Ok(counted)
    }
}

/// A line for each month, indicator and holder that has something to count: points, and how many items.
///
/// # Errors
/// For a year that no calendar has.
pub fn figures(
    counted: &Counted,
    telephone: &Telephone,
    rule_sets: &RuleSets,
    year: i32,
    as_of: DateTime<Utc>,
) -> Result<String> {
    let repeats = BTreeSet::new();
    let sources = Sources {
        orders: &counted.orders,
        repeats: &repeats,
        calls: &telephone.calls,
        kb_update_tasks: &counted.kb_update_tasks,
        kb_searches: &telephone.searches,
    };
    let mut lines = Vec::new();
    for month in 1..=12 {
        let basis = Basis {
            period: Period::month(year, month).context("A month")?,
            as_of,
            rule_sets,
            parameters: IndicatorParameters::of_the_house(),
        };
        for indicator in Indicator::ALL {
            for (holder, figure) in tally(indicator, sources, &basis).by_holder() {
                let holder = match holder {
                    Holder::Center => "center".to_owned(),
                    Holder::Unit(unit) => unit.0,
                };
                let n = figure.denominator.len();
                if n > 0 {
                    let points = figure.points;
                    lines.push((month, format!("{indicator:?}"), holder, points, n));
                }
            }
        }
    }
    lines.sort();
    let mut text = String::new();
    for (month, indicator, holder, points, n) in lines {
        writeln!(text, "{month:02} {indicator} {holder} {points} {n}")?;
    }
    Ok(text)
}
