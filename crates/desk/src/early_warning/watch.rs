//! 发现预警: the rules are asked over what has come, once a minute at most, and what they find is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{
    CountAsk, OrderPosition, Reader, StoredEarlyWarning, ToldOrder, WorkOrderRecord, Writer,
};
use domain::HandlingUnitId;
use domain::analysis::{AnalysisPeriod, Dimension, Figure};
use domain::clock_face::date_of;
use domain::early_warning::{
    EarlyWarningFinding, EarlyWarningGround, EarlyWarningRound, EarlyWarningThresholds,
    UnitRatings, WatchedOrder, crowds, repeats, satisfaction_drops, sudden_rises, words,
};
use domain::matter::phone_digits;
use intake::special::{Certainty, SpecialKind};
use wire::early_warning_subject;

use crate::desk::{Desk, new_id};
use crate::error::CallError;

/// Not looked more often.
const LOOKED_EVERY: TimeDelta = TimeDelta::seconds(60);
/// Orders of one day that are looked at, the latest.
const ORDERS_MAX: u32 = 5_000;
/// Orders of one caller that are looked at.
const OF_CALLER_MAX: u32 = 100;
/// Badly rated orders that stand behind a warning about a unit.
const BADLY_RATED_MAX: u32 = 100;

/// When the rules were asked last.
#[derive(Default)]
pub(crate) struct Watch(Mutex<Option<DateTime<Utc>>>);

impl Watch {
    /// Whether it is time to look, which is then taken as done.
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        let mut looked_at = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = looked_at.is_none_or(|at| now < at || now - at >= LOOKED_EVERY);
        if is_due {
            *looked_at = Some(now);
        }
        is_due
    }
}

/// The thresholds in force.
pub(crate) fn thresholds(reader: &Reader) -> anyhow::Result<EarlyWarningThresholds> {
    let set = reader.early_warning_thresholds()?.into_iter().next();
    Ok(set.map_or_else(EarlyWarningThresholds::built_in, |it| it.thresholds))
}

/// Asks the rules, and keeps what they find that is new. Nothing while the orders are still being read.
pub(crate) fn look(desk: &Desk) -> Result<(), CallError> {
    let now = desk.now();
    let Some(recent) = desk.recall.recent(&desk.store, now)? else {
        return Ok(());
    };
    if !desk.watch.is_due(now) {
        return Ok(());
    }
    let (by, told, ratings) = desk.store.read(|reader| {
        let by = thresholds(reader)?;
        let day = OrderPosition::at(now - TimeDelta::days(1));
        let told = reader.orders_told(day, OrderPosition::END, ORDERS_MAX)?;
        let ratings = ratings(reader, &by, now)?;
        Ok((by, told, ratings))
    })?;
    let of_last_day: Vec<WatchedOrder> = told.iter().map(|it| watched(desk, it)).collect();
    let of_callers = desk
        .store
        .read(|reader| of_callers(reader, &of_last_day, now))?;
    let in_memory: Vec<WatchedOrder> = (recent.into_iter())
        .map(|order| WatchedOrder {
            id: order.id,
            phone: String::new(),
            category_id: order.category_id,
            township_code: order.place.township_code,
            said: String::new(),
            is_crowd: false,
            registered_at: order.registered_at,
        })
        .collect();
    let baseline_days = desk.rule_sets.in_force_on(date_of(now)).surge.baseline_days;
    let mut findings = sudden_rises(&in_memory, now, &by, baseline_days);
    findings.extend(repeats(&of_callers, now, &by));
    findings.extend(words(&of_last_day, now, &by));
    findings.extend(crowds(&of_last_day, now, &by));
    let units: Vec<UnitRatings> = ratings.iter().map(|(unit, _)| unit.clone()).collect();
    let badly_rated: BTreeMap<HandlingUnitId, Vec<String>> = (ratings.into_iter())
        .map(|(unit, orders)| (unit.unit, orders))
        .collect();
    findings.extend(satisfaction_drops(&units, &by).into_iter().map(|finding| {
        let orders = match &finding.ground {
            EarlyWarningGround::SatisfactionDrop { unit, .. } => badly_rated.get(unit).cloned(),
            EarlyWarningGround::Surge { .. }
            | EarlyWarningGround::Repeat { .. }
            | EarlyWarningGround::Words { .. }
            | EarlyWarningGround::Crowd { .. } => None,
        };
        EarlyWarningFinding {
            orders: orders.unwrap_or_default(),
            ..finding
        }
    }));
    let is_news = desk.store.read(|reader| {
        let mut news = findings.iter().map(|it| news_of(reader, it, &by, now));
        let is_unnamed = !reader.unnamed_early_warnings()?.is_empty();
        Ok(is_unnamed || news.any(|it| !matches!(it, Ok(News::None))))
    })?;
    if !is_news {
        return Ok(());
    }
    desk.store.commit(|writer| -> Result<(), CallError> {
        for unnamed in writer.unnamed_early_warnings()? {
            writer.name_early_warning(&unnamed.id, &early_warning_subject(&unnamed.about))?;
        }
        for finding in &findings {
            keep(writer, finding, &by, now)?;
        }
        Ok(())
    })?;
    // Nobody who listens is no harm.
    drop(desk.changes.send(&["early_warnings", "status"]));
    Ok(())
}

/// What is to be kept of a finding.
enum News {
    None,
    Warning,
    /// More orders of one that is open.
    Orders {
        id: String,
    },
}

fn news_of(
    reader: &Reader,
    finding: &EarlyWarningFinding,
    by: &EarlyWarningThresholds,
    now: DateTime<Utc>,
) -> anyhow::Result<News> {
    let here = reader.last_early_warning_about(&finding.about)?;
    let mut added: Vec<&String> = Vec::new();
    for order in &finding.orders {
        let is_here = match &here {
            Some(here) => reader.early_warning_has(&here.id, order)?,
            None => false,
        };
        if !is_here {
            added.push(order);
        }
    }
    if let Some(open) = here.as_ref().filter(|here| here.closed_at.is_none()) {
        let id = open.id.clone();
        let is_more = !added.is_empty();
        return Ok(if is_more {
            News::Orders { id }
        } else {
            News::None
        });
    }
    let record = reader.early_warning_record(&early_warning_subject(&finding.about))?;
    let last = record.as_ref().and_then(|record| record.rounds.last());
    // Open elsewhere: this desk finds it too, with the orders that it has.
    if last.is_some_and(|last| last.closed_at().is_none()) {
        return Ok(News::Warning);
    }
    if let Some(last) = last {
        added.retain(|order| !last.found.orders.contains(order));
    }
    let closed_here = here.and_then(|here| here.closed_at);
    let closed_at = closed_here.max(last.and_then(EarlyWarningRound::closed_at));
    let quiet = TimeDelta::hours(by.quiet_hours.into());
    let is_quiet = closed_at.is_some_and(|closed_at| now - closed_at < quiet);
    Ok(if added.is_empty() || is_quiet {
        News::None
    } else {
        News::Warning
    })
}

fn keep(
    writer: &mut Writer,
    finding: &EarlyWarningFinding,
    by: &EarlyWarningThresholds,
    now: DateTime<Utc>,
) -> Result<(), CallError> {
    let id = match news_of(writer, finding, by, now)? {
        News::None => return Ok(()),
        News::Orders { id } => id,
        News::Warning => {
            let warning = StoredEarlyWarning {
                id: new_id(),
                about: finding.about.clone(),
                subject: early_warning_subject(&finding.about),
                ground: finding.ground.clone(),
                found_at: now,
                closed_at: None,
            };
            writer.append_early_warning(&warning)?;
            warning.id
        }
    };
    for order in &finding.orders {
        writer.add_order_to_early_warning(&id, order, now)?;
    }
    Ok(())
}

fn watched(desk: &Desk, told: &ToldOrder) -> WatchedOrder {
    let matter = &told.matter;
    let said = format!("{}\n{}", matter.title, matter.text);
    let alerts = desk.listening.special.alerts(&said);
    let is_crowd = |it: &intake::special::Alert| {
        it.kind == SpecialKind::Crowd && it.certainty == Certainty::Now
    };
    WatchedOrder {
        id: told.id.clone(),
        phone: phone_digits(&matter.caller.phone),
        category_id: told.category_id.clone(),
        township_code: matter.place.township_code.clone(),
        is_crowd: alerts.iter().any(is_crowd),
        said,
        registered_at: told.position.registered_at(),
    }
}

/// The orders of whoever called in the last 24 hours.
fn of_callers(
    reader: &Reader,
    of_last_day: &[WatchedOrder],
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<WatchedOrder>> {
    let called: BTreeSet<&str> = of_last_day.iter().map(|it| it.phone.as_str()).collect();
    let mut orders = Vec::new();
    for phone in called.into_iter().filter(|it| !it.is_empty()) {
        let records = reader.orders_of_phone(phone, OF_CALLER_MAX)?;
        let order = |record: WorkOrderRecord| WatchedOrder {
            id: record.id,
            phone: phone.to_owned(),
            category_id: record.category_id,
            township_code: String::new(),
            said: String::new(),
            is_crowd: false,
            registered_at: record.registered_at,
        };
        orders.extend(records.into_iter().map(order));
    }
    orders.retain(|it| it.registered_at <= now);
    Ok(orders)
}

/// The ratings of each unit over the days that are looked at, with the orders that were rated badly.
fn ratings(
    reader: &Reader,
    by: &EarlyWarningThresholds,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<(UnitRatings, Vec<String>)>> {
    let today = date_of(now);
    let first = today - TimeDelta::days(i64::from(by.satisfaction_days) - 1);
    let Some(period) = AnalysisPeriod::days(first, today) else {
        return Ok(Vec::new());
    };
    let ask = |filter| CountAsk {
        period,
        filter,
        now,
    };
    let counted = reader.count_orders(&ask(BTreeMap::new()))?;
    let counted = counted.values.get(&Dimension::Unit).into_iter().flatten();
    let mut all = Vec::new();
    for value in counted.filter(|it| !it.value.is_empty()) {
        let ratings = UnitRatings {
            unit: HandlingUnitId(value.value.clone()),
            n_satisfied: value.figures.n_satisfied,
            n_rated: value.figures.n_rated,
        };
        let mut orders = Vec::new();
        if !satisfaction_drops(std::slice::from_ref(&ratings), by).is_empty() {
            let of_unit =
                BTreeMap::from([(Dimension::Unit, BTreeSet::from([value.value.clone()]))]);
            let (places, _) = reader.orders_behind(
                &ask(of_unit),
                Figure::Dissatisfied,
                OrderPosition::END,
                BADLY_RATED_MAX,
            )?;
            for place in places {
                orders.extend(reader.work_order_at(place)?.map(|it| it.id));
            }
        }
        all.push((ratings, orders));
    }
    Ok(all)
}
