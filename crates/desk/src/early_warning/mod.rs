//! 预警: what the rules found among the orders, with its ground, and what people did about it (第十六条).
//!
//! The rules are asked by each desk over what it has, and find the same; what people do is one record for all
//! desks. Nothing takes effect by a warning.

pub mod act;
pub(crate) mod watch;

use desk_store::{Reader, StoredEarlyWarning};
use domain::early_warning::{
    EarlyWarningFound, EarlyWarningRefusal, EarlyWarningRule, EarlyWarningStage, EarlyWarningStep,
    EarlyWarningThresholds, WARNING_KEEPERS, WARNING_TOLD_ORDERS_MAX, WARNING_TUNERS,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::work_order::WorkOrderRow;
use crate::{text, time_text};

#[derive(Debug, Clone, Deserialize, TS)]
pub struct EarlyWarningsAsk {
    /// Those that were closed, in the place of those that are open.
    pub closed: bool,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct EarlyWarningId {
    pub id: String,
}

/// 预警 in the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EarlyWarningRow {
    pub id: String,
    #[ts(type = "EarlyWarningRule")]
    pub rule: EarlyWarningRule,
    pub rule_text: String,
    /// 渠江街道 停水.
    pub title: String,
    /// 近 24 小时 6 件，此前日均 0.3 件.
    pub ground_text: String,
    pub n_orders: u32,
    pub found_text: String,
    #[ts(type = "EarlyWarningStage")]
    pub stage: EarlyWarningStage,
    pub stage_text: String,
}

/// 阈值 as they are typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThresholdForm {
    pub surge_in_a_day: u32,
    pub surge_z_hundredths: u32,
    pub repeat_min: u32,
    pub repeat_days: u32,
    pub words: Vec<String>,
    pub hears_crowds: bool,
    pub satisfaction_floor_percent: u32,
    pub satisfaction_min_rated: u32,
    pub satisfaction_days: u32,
    pub quiet_hours: u32,
}

/// One version of the thresholds in the record.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ThresholdLine {
    pub version: u32,
    /// 罗兰 2001 11月26日（周四）09:15.
    pub set_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Thresholds {
    /// 0 for those of the program.
    pub version: u32,
    pub form: ThresholdForm,
    /// The last first.
    pub versions: Vec<ThresholdLine>,
    /// Why the person cannot set them; null when he can.
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct EarlyWarnings {
    /// The last found first.
    pub rows: Vec<EarlyWarningRow>,
    pub n_open: u64,
    /// Why there may be more; empty when there are not.
    pub note: String,
    pub thresholds: Thresholds,
}

/// One act in the record.
#[derive(Debug, Clone, Serialize, TS)]
pub struct EarlyWarningLine {
    pub text: String,
    pub by_text: String,
    pub at_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct EarlyWarningDetail {
    pub row: EarlyWarningRow,
    /// How many acts were done, to be given back with the next.
    pub version: u32,
    /// The last added first.
    pub orders: Vec<WorkOrderRow>,
    /// The first first.
    pub steps: Vec<EarlyWarningLine>,
    /// Why the person cannot act; null when he can.
    pub refusal: Option<String>,
}

/// 预警, after the rules were asked.
pub(crate) fn early_warnings(
    desk: &Desk,
    request: EarlyWarningsAsk,
) -> Result<EarlyWarnings, CallError> {
    watch::look(desk)?;
    let (rows, n_open, sets) = desk.store.read(|reader| {
        let warnings = if request.closed {
            reader.closed_early_warnings()?
        } else {
            reader.open_early_warnings()?
        };
        let rows = warnings
            .into_iter()
            .map(|it| Ok(row(desk, &Known::of(reader, it)?)));
        let rows = rows.collect::<anyhow::Result<Vec<_>>>()?;
        let n_open = reader.count_open_early_warnings()?;
        Ok((rows, n_open, reader.early_warning_thresholds()?))
    })?;
    let last = sets.first();
    let form = last.map_or_else(EarlyWarningThresholds::built_in, |it| it.thresholds.clone());
    let lines = sets.iter().map(|it| ThresholdLine {
        version: it.version,
        set_text: format!("{} {}", desk.person_text(&it.by), time_text::moment(it.at)),
    });
    let refusal = (!desk.operator.holds_any(&WARNING_TUNERS)).then(|| {
        let roles = &WARNING_TUNERS;
        text::early_warning_refusal(&EarlyWarningRefusal::NotPermitted { roles })
    });
    let n_read = desk.recall.n_read();
    Ok(EarlyWarnings {
        rows,
        n_open,
        note: n_read.map(text::still_reading).unwrap_or_default(),
        thresholds: Thresholds {
            version: last.map_or(0, |it| it.version),
            form: ThresholdForm::of(form),
            versions: lines.collect(),
            refusal,
        },
    })
}

/// 一条预警, with its orders and what was done.
pub(crate) fn early_warning(
    desk: &Desk,
    request: EarlyWarningId,
) -> Result<EarlyWarningDetail, CallError> {
    let now = desk.now();
    let found = desk.store.read(|reader| {
        let Some(warning) = reader.early_warning(&request.id)? else {
            return Ok(None);
        };
        let known = Known::of(reader, warning)?;
        let records = known.orders.iter().map(|id| reader.work_order_record(id));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        Ok(Some((known, records)))
    })?;
    let (known, records) = found.ok_or_else(not_there)?;
    let refusal = (!desk.operator.holds_any(&WARNING_KEEPERS)).then(|| {
        let roles = &WARNING_KEEPERS;
        text::early_warning_refusal(&EarlyWarningRefusal::NotPermitted { roles })
    });
    let line = |step: &EarlyWarningStep| EarlyWarningLine {
        text: text::early_warning_act(&step.act),
        by_text: desk.person_text(&step.by),
        at_text: time_text::moment(step.at),
    };
    Ok(EarlyWarningDetail {
        row: row(desk, &known),
        version: n_steps(&known.steps),
        orders: (records.iter().flatten())
            .map(|record| desk.row(record, now))
            .collect(),
        steps: known.steps.iter().map(line).collect(),
        refusal,
    })
}

fn not_there() -> CallError {
    CallError::invalid("没有这条预警。")
}

fn n_steps(steps: &[EarlyWarningStep]) -> u32 {
    u32::try_from(steps.len()).unwrap_or(u32::MAX)
}

/// A warning with what was done about it and the orders behind it, wherever they were found.
struct Known {
    warning: StoredEarlyWarning,
    steps: Vec<EarlyWarningStep>,
    /// The last added first, as many as are listed.
    orders: Vec<String>,
    n_orders: u32,
}

impl Known {
    fn of(reader: &Reader, warning: StoredEarlyWarning) -> anyhow::Result<Self> {
        let mut steps = reader.early_warning_steps_before(&warning.id)?;
        let (mut orders, mut n_orders) = reader.orders_of_early_warning(&warning.id)?;
        let record = reader.early_warning_record(&warning.subject)?;
        if let Some(round) = warning.round(record.as_ref()) {
            steps.extend_from_slice(&round.steps);
            for order in &round.found.orders {
                if !reader.early_warning_has(&warning.id, order)? {
                    orders.push(order.clone());
                    n_orders += 1;
                }
            }
        }
        Ok(Self {
            warning,
            steps,
            orders,
            n_orders,
        })
    }

    /// As it is told with an act.
    fn found(&self) -> EarlyWarningFound {
        let latest = self.orders.iter().take(WARNING_TOLD_ORDERS_MAX);
        EarlyWarningFound {
            ground: self.warning.ground.clone(),
            found_at: self.warning.found_at,
            orders: latest.cloned().collect(),
        }
    }
}

fn row(desk: &Desk, known: &Known) -> EarlyWarningRow {
    let Known { warning, steps, .. } = known;
    let stage = EarlyWarningStage::after(steps);
    let rule = warning.ground.rule();
    let (title, ground_text) = text::early_warning_ground(&desk.reference, &warning.ground);
    EarlyWarningRow {
        id: warning.id.clone(),
        rule,
        rule_text: text::early_warning_rule(rule).to_owned(),
        title,
        ground_text,
        n_orders: known.n_orders,
        found_text: time_text::moment(warning.found_at),
        stage,
        stage_text: text::early_warning_stage(stage).to_owned(),
    }
}

impl ThresholdForm {
    fn of(it: EarlyWarningThresholds) -> Self {
        Self {
            surge_in_a_day: it.surge_in_a_day,
            surge_z_hundredths: it.surge_z_hundredths,
            repeat_min: it.repeat_min,
            repeat_days: it.repeat_days,
            words: it.words,
            hears_crowds: it.hears_crowds,
            satisfaction_floor_percent: it.satisfaction_floor_percent,
            satisfaction_min_rated: it.satisfaction_min_rated,
            satisfaction_days: it.satisfaction_days,
            quiet_hours: it.quiet_hours,
        }
    }

    fn read(self) -> EarlyWarningThresholds {
        EarlyWarningThresholds {
            surge_in_a_day: self.surge_in_a_day,
            surge_z_hundredths: self.surge_z_hundredths,
            repeat_min: self.repeat_min,
            repeat_days: self.repeat_days,
            words: self.words,
            hears_crowds: self.hears_crowds,
            satisfaction_floor_percent: self.satisfaction_floor_percent,
            satisfaction_min_rated: self.satisfaction_min_rated,
            satisfaction_days: self.satisfaction_days,
            quiet_hours: self.quiet_hours,
        }
    }
}
