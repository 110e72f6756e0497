//! 自动催办: when the center urges a unit by itself, before a limit and after it (第五条(一)).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::WorkCalendar;
use crate::clock_face::{at, date_of, previous_day};
use crate::rule_set::RuleSet;
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::work_order::{Assignment, AssignmentStage};

/// 催办档.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UrgeStep {
    /// 前一工作日: when the center opens on the working day before the last one.
    DayBefore,
    /// 临期: when the limit is warned of.
    Near,
    /// 逾期, at once.
    Overdue,
}

/// 自动催办时点 of one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UrgePoint {
    pub step: UrgeStep,
    pub limit: LimitKind,
    /// By this the limit is known: one that moved is another.
    pub due_at: DateTime<Utc>,
    /// From then on; of [`UrgeStep::Overdue`], after it.
    pub at: DateTime<Utc>,
}

/// The points at which a unit is urged, by time. Who has answered, sent the order back or asked for more
/// time is not urged meanwhile.
pub fn urge_points(
    assignment: &Assignment,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Vec<UrgePoint> {
    let is_with_unit = matches!(
        assignment.stage,
        AssignmentStage::Delivered | AssignmentStage::SignedFor
    );
    let is_pending = |kind| {
        kind == LimitKind::Handle
            && assignment
                .extension
                .as_ref()
                .is_some_and(|case| case.stage.is_pending())
    };
    let mut points: Vec<UrgePoint> = assignment
        .limits
        .iter()
        .filter(|(limit, state)| {
            *state == LimitState::Running
                && is_with_unit
                && !limit.is_suspended()
                && !is_pending(limit.kind)
        })
        .flat_map(|(limit, _)| points_of(limit, calendar, rule_set))
        .collect();
    points.sort_by_key(|point| (point.at, point.step));
    points
}

fn points_of(limit: &TimeLimit, calendar: &WorkCalendar, rule_set: &RuleSet) -> Vec<UrgePoint> {
    let point = |step, at| UrgePoint {
        step,
        limit: limit.kind,
        due_at: limit.due_at,
        at,
    };
    let near = point(UrgeStep::Near, limit.warn_at);
    let overdue = point(UrgeStep::Overdue, limit.due_at);
    let mut points = match limit.kind {
        LimitKind::Handle | LimitKind::Assist => {
            let day_before = day_before(limit, calendar, rule_set);
            vec![point(UrgeStep::DayBefore, day_before), near, overdue]
        }
        LimitKind::SignFor | LimitKind::FirstResponse | LimitKind::Progress => vec![near, overdue],
        // A right of the unit, or the center's own.
        LimitKind::SendBack
        | LimitKind::Dispatch
        | LimitKind::ScreeningReview
        | LimitKind::Evidence
        | LimitKind::Verification => Vec::new(),
    };
    // A short limit has no day before: nobody is urged to what was just given to him.
    points.retain(|point| point.at > limit.started_at);
    points
}

fn day_before(limit: &TimeLimit, calendar: &WorkCalendar, rule_set: &RuleSet) -> DateTime<Utc> {
    let last_day = date_of(limit.due_at - chrono::TimeDelta::milliseconds(1));
    let before = calendar.this_or_previous_working_day(previous_day(last_day));
    let opens = u32::from(rule_set.office_hours.morning.opens);
    let opening = chrono::NaiveTime::from_num_seconds_from_midnight_opt(opens * 60, 0);
    at(before, opening.unwrap_or(chrono::NaiveTime::MIN))
}
