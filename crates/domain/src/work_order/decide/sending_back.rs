//! 退回: a unit says that an order is not its own, and the center rules (第五条(三), 第十条,
//! 第十一条(二), 决定 I-4、I-7).

use chrono::{DateTime, TimeDelta, Utc};

use super::{Facts, named, required};
use crate::calendar::WorkCalendar;
use crate::refusal::{Field, Refusal};
use crate::rule_set::RuleSet;
use crate::time_limit::{LimitKind, Span, SuspensionReason, TimeLimit};
use crate::work_order::{
    Assignment, AssignmentStage, Command, CommandKind, Event, EventKind, LimitMove, WorkOrder,
};

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "called for the commands of this file"
)]
pub(super) fn decide(
    order: &WorkOrder,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::SendBack {
            assignment,
            reason,
            basis,
            suggestion,
        } => {
            let assignment = named(order, *assignment)?;
            send_back(order, assignment, (reason, basis, suggestion), facts)
        }
        Command::RuleOnSendBack {
            assignment,
            is_accepted,
            reason,
        } => {
            let assignment = named(order, *assignment)?;
            rule(order, assignment, *is_accepted, reason, facts)
        }
        Command::ReleaseBinding { assignment, reason } => {
            Ok(vec![facts.event(EventKind::BindingReleased {
                assignment: *assignment,
                reason: required(Field::Reason, reason)?,
            })])
        }
        _ => unreachable!("a command of another file"),
    }
}

/// 退回时限: until when the unit may send the order back in time; later it may still, and is late
/// (第十一条(二), 决定 I-4).
pub fn send_back_due_at(
    order: &WorkOrder,
    assignment: &Assignment,
    facts: &Facts<'_>,
) -> Option<DateTime<Utc>> {
    send_back_limit(order, assignment, facts).map(|limit| limit.due_at)
}

fn send_back_limit(
    order: &WorkOrder,
    assignment: &Assignment,
    facts: &Facts<'_>,
) -> Option<TimeLimit> {
    let rule_set = facts.rule_set_of(order);
    let span = Span::WorkingDays(rule_set.send_back.days);
    let start = |delivered_at| {
        TimeLimit::start(
            LimitKind::SendBack,
            span,
            delivered_at,
            facts.calendar,
            rule_set,
        )
    };
    assignment.delivered_at.map(start)
}

/// 退回审核内控: by when the center means to have ruled on a return that waits for it, in its own
/// office hours; a target, never a delay of anybody (决定 I-7).
pub fn send_back_review_target(
    sent_back_at: DateTime<Utc>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> Option<DateTime<Utc>> {
    let hours = i64::from(rule_set.send_back.review_office_hours);
    let is_day_off = |date| !calendar.is_working_day(date);
    let office_hours = rule_set.office_hours.office_hours();
    office_hours.after(sent_back_at, TimeDelta::hours(hours), &[], is_day_off)
}

/// 退回 with reason, basis and suggestion. The limit is written down with it, so that a late one is
/// seen to be late (超期退回视为超期办理件); a second one has no limit of its own.
fn send_back(
    order: &WorkOrder,
    assignment: &Assignment,
    (reason, basis, suggestion): (&str, &str, &str),
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let sent_back = EventKind::SentBack {
        assignment: assignment.number,
        reason: required(Field::Reason, reason)?,
        basis: required(Field::Basis, basis)?,
        suggestion: required(Field::Suggestion, suggestion)?,
    };
    let mut events = Vec::new();
    if assignment.limit(LimitKind::SendBack).is_none() {
        let limit = send_back_limit(order, assignment, facts);
        events.extend(limit.map(|limit| facts.limit_started(assignment.number, limit)));
    }
    events.push(facts.event(sent_back));
    // A limit that is over already stays so: the review gives no time back.
    let suspended = unit_limits(assignment).filter_map(|limit| {
        let suspended = limit.suspend(SuspensionReason::SendBackReview, facts.now);
        suspended.ok().map(|suspended| (limit, suspended))
    });
    events.extend(suspended.filter_map(|change| {
        facts.limit_moved(Some(assignment.number), change, LimitMove::Suspended)
    }));
    Ok(events)
}

/// The limits that the review of a return takes its time from (决定 I-7).
fn unit_limits(assignment: &Assignment) -> impl Iterator<Item = &TimeLimit> {
    [LimitKind::Handle, LimitKind::Assist]
        .into_iter()
        .filter_map(|kind| assignment.running_limit(kind))
}

/// 裁定退回: not by whoever dispatched it. A rejection sets no clock back; an acceptance ends the
/// unit's, and starts the center's for the next dispatch (决定 I-7).
fn rule(
    order: &WorkOrder,
    assignment: &Assignment,
    is_accepted: bool,
    reason: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    check_not_dispatcher(assignment, CommandKind::RuleOnSendBack, facts)?;
    let mut events = vec![facts.event(EventKind::SendBackRuled {
        assignment: assignment.number,
        is_accepted,
        reason: required(Field::Reason, reason)?,
    })];
    let rule_set = facts.rule_set_of(order);
    if is_accepted {
        let span = Span::WorkingDays(rule_set.dispatch_days);
        events.push(facts.center_limit(LimitKind::Dispatch, span, rule_set));
        return Ok(events);
    }
    let resumed = unit_limits(assignment).filter_map(|limit| {
        let resumed = limit.resume(facts.now, facts.calendar, rule_set);
        resumed.ok().map(|resumed| (limit, resumed))
    });
    events.extend(resumed.filter_map(|change| {
        facts.limit_moved(Some(assignment.number), change, LimitMove::Resumed)
    }));
    Ok(events)
}

/// 双人分离: who dispatched an order does not rule on what the unit says to it (第五条(三)).
pub(super) fn check_not_dispatcher(
    assignment: &Assignment,
    command: CommandKind,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    if assignment.dispatched_by == facts.actor.id {
        return Err(Refusal::SamePerson { command });
    }
    Ok(())
}

/// 不得退回: whether what was settled for matters of that kind binds the unit (第十条).
pub(super) fn check_unbound(assignment: &Assignment) -> Result<(), Refusal> {
    if assignment.ground.binds() && !assignment.is_released {
        return Err(Refusal::Bound {
            ground: assignment.ground.clone(),
        });
    }
    Ok(())
}

impl WorkOrder {
    /// 退回次数 of the order, by whichever units; three are reported (第二十一条(三)).
    pub fn n_send_backs(&self) -> usize {
        self.assignments
            .iter()
            .filter(|it| it.send_back.is_some())
            .count()
    }

    /// 反复退回: whether the order has been sent back so often that it is reported
    /// (第二十一条(三), 决定 I-7).
    pub fn is_sent_back_again_and_again(&self, facts: &Facts<'_>) -> bool {
        self.n_send_backs() >= facts.rule_set_of(self).send_back.warn_at_count as usize
    }
}

/// Where a unit may send an order back from.
pub(super) const MAY_BE_SENT_BACK: &[AssignmentStage] = super::handling::WITH_UNIT;
