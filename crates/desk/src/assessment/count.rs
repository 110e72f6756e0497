//! 计数: what a period comes to by a scheme, as it was known at an instant. The orders are folded again up to
//! that instant, so what was frozen is counted again as it was, unless somebody told later of what had
//! happened before.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use desk_store::Reader;
use domain::assessment::{
    AssessedPeriod, Assessment, AssessmentScheme, DeductedEvent, FrozenEvents, FrozenFigure,
    FrozenUnit, UnitFigures, score,
};
use domain::clock_face::{at, end_of};
use domain::indicators::{Basis, IndicatorParameters, KbUpdateTask, Period, Sources};
use domain::kb::task;
use domain::supervision::Measure;
use domain::work_order::fold;
use domain::{HandlingUnitId, WorkOrder};
use wire::Hash;

use crate::desk::Desk;

/// A limit may end so long after the last that happened to a concluded order.
const SLACK_DAYS: i64 = 60;
/// Orders that are in memory at a time.
const BATCH: usize = 500;

/// What took effect against units in the period: unit, what it was, and the number of the case.
type Events = Vec<(HandlingUnitId, DeductedEvent, String)>;

/// Counts and scores every unit there is.
pub(super) fn count(
    desk: &Desk,
    reader: &Reader,
    scheme: &AssessmentScheme,
    period: AssessedPeriod,
    as_of: DateTime<Utc>,
) -> anyhow::Result<Assessment> {
    let days = period.days();
    let days = days.ok_or_else(|| anyhow::anyhow!("A period that no calendar has"))?;
    let (from, until) = (at(days.0, NaiveTime::MIN), end_of(days.1));
    let whole = Period::days(days.0, days.1);
    let basis = Basis {
        period: whole.ok_or_else(|| anyhow::anyhow!("A period that ends before it begins"))?,
        as_of,
        rule_sets: &desk.rule_sets,
        parameters: IndicatorParameters::of_the_house(),
    };
    let tasks = reader.kb_tasks_due_from(days.0, until)?;
    let tasks = tasks.iter().map(|it| update_task(reader, it, as_of));
    let tasks: Vec<Option<KbUpdateTask>> = tasks.collect::<anyhow::Result<_>>()?;
    let tasks: Vec<KbUpdateTask> = tasks.into_iter().flatten().collect();
    let mut figures = UnitFigures::count(scheme, sources(&[], &tasks), &basis);
    let mut seen = BTreeSet::new();
    let ids = reader.orders_touched(from - TimeDelta::days(SLACK_DAYS), until)?;
    for ids in ids.chunks(BATCH) {
        let mut orders = Vec::with_capacity(ids.len());
        for id in ids {
            let order = order_as_of(reader, id, as_of)?;
            // Two orders may bear one number; each is counted under it once.
            orders.extend(order.filter(|order| seen.insert(order.number.clone())));
        }
        figures.add(UnitFigures::count(scheme, sources(&orders, &[]), &basis));
    }
    let events = events(reader, from, until, as_of)?;
    let units = desk.reference.units.iter().map(|unit| &unit.id);
    Ok(score(scheme, &figures, &events, units))
}

fn sources<'a>(orders: &'a [WorkOrder], tasks: &'a [KbUpdateTask]) -> Sources<'a> {
    /// Repeats are the center's to count, and no unit's.
    static NONE: BTreeSet<String> = BTreeSet::new();
    Sources {
        orders,
        repeats: &NONE,
        calls: &[],
        kb_update_tasks: tasks,
        kb_searches: &[],
    }
}

/// The order as it was known at `as_of`.
fn order_as_of(
    reader: &Reader,
    id: &str,
    as_of: DateTime<Utc>,
) -> anyhow::Result<Option<WorkOrder>> {
    let events = reader.events_of(id)?;
    let known = events
        .iter()
        .take_while(|stored| stored.event.occurred_at <= as_of)
        .map(|stored| &stored.event);
    Ok(fold(known))
}

/// The task as it was known at `as_of`; `None` where there was none, or it was cancelled.
fn update_task(
    reader: &Reader,
    number: &str,
    as_of: DateTime<Utc>,
) -> anyhow::Result<Option<KbUpdateTask>> {
    let events = reader.kb_task_events_of(number)?;
    let known = events.iter().take_while(|it| it.occurred_at <= as_of);
    Ok(task::fold(known).as_ref().and_then(KbUpdateTask::of))
}

/// What was issued in the period; that alone was made known to the unit.
fn events(
    reader: &Reader,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    as_of: DateTime<Utc>,
) -> anyhow::Result<Events> {
    let cases = reader.supervisory_cases_issued(from, until)?;
    let known = cases
        .into_iter()
        .filter(|case| case.issued_at.is_some_and(|at| at <= as_of));
    Ok(known
        .map(|case| {
            let event = match case.ground.measure() {
                Measure::Admonition => DeductedEvent::Admonition,
                Measure::Supervision => DeductedEvent::Supervision,
                Measure::Referral => DeductedEvent::Referral,
            };
            (case.unit, event, case.number)
        })
        .collect())
}

/// 冻结 of what was counted.
pub(super) fn frozen(assessment: &Assessment) -> Vec<FrozenUnit> {
    let units = assessment.units.iter();
    units
        .map(|score| FrozenUnit {
            unit: score.unit.clone(),
            figures: score
                .lines
                .iter()
                .map(|it| FrozenFigure {
                    indicator: it.line.indicator,
                    points: it.figure.points,
                    n_items: u32::try_from(it.figure.denominator.len()).unwrap_or(u32::MAX),
                    full_points: it.figure.full_points,
                    sha256: Hash::of(it.figure.evidence_text().as_bytes()).to_string(),
                })
                .collect(),
            events: score
                .deductions
                .iter()
                .map(|it| FrozenEvents {
                    event: it.event,
                    numbers: it.numbers.clone(),
                })
                .collect(),
        })
        .collect()
}
