//! 改类、升级与重算: what moves limits from outside the handling (第十一条(四)(五), 决定 I-6、I-16、
//! I-20).

use chrono::SubsecRound as _;

use super::dispatching::{assisting_span, under_upstream};
use super::{Facts, conceivable_at, required};
use crate::matter::{MatterClass, MatterKind};
use crate::refusal::{Field, Refusal};
use crate::time_limit::{LimitKind, LimitState, Span, TimeLimit, recount};
use crate::upstream::UpstreamLimit;
use crate::work_order::{
    Assignment, AssignmentNumber, Command, CommandKind, Event, EventKind, LimitMove,
    TownshipReport, WorkOrder,
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
        Command::RequestKindChange { kind, reason } => {
            if *kind == order.matter.kind {
                return Err(Refusal::KindUnchanged);
            }
            Ok(vec![facts.event(EventKind::KindChangeRequested {
                kind: *kind,
                reason: required(Field::Reason, reason)?,
            })])
        }
        Command::RuleOnKindChange {
            is_approved,
            reason,
        } => rule_on_kind_change(order, *is_approved, reason, facts),
        Command::EscalateClass {
            class,
            reason,
            report,
        } => escalate(order, *class, reason, report.as_ref(), facts),
        Command::SetUpstreamLimit { upstream, document } => {
            let upstream = UpstreamLimit {
                due_at: upstream.due_at.trunc_subsecs(3),
                ..*upstream
            };
            set_upstream_limit(order, upstream, document, facts)
        }
        Command::RecountLimits { notice } => recount_limits(order, notice, facts),
        _ => unreachable!("a command of another file"),
    }
}

/// 审核类型变更: not by whoever asked. Approved, the units' limits are counted again from the same
/// start, whether that gives them more time or less (决定 I-16).
fn rule_on_kind_change(
    order: &WorkOrder,
    is_approved: bool,
    reason: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let change = order.kind_change.as_ref().ok_or(Refusal::NoKindChange)?;
    if change.requested_by == facts.actor.id {
        return Err(Refusal::SamePerson {
            command: CommandKind::RuleOnKindChange,
        });
    }
    let reason = required(Field::Reason, reason)?;
    let mut events = vec![facts.event(EventKind::KindChangeRuled {
        is_approved,
        reason,
    })];
    if is_approved {
        let rule_set = facts.rule_set_of(order);
        events.extend(moved(order, facts, &LimitMove::KindChanged, |limit| {
            let span = span_for(limit.kind, change.kind, facts, order)?;
            Some(limit.with_span(span, facts.calendar, rule_set))
        }));
    }
    Ok(events)
}

fn span_for(
    limit: LimitKind,
    kind: MatterKind,
    facts: &Facts<'_>,
    order: &WorkOrder,
) -> Option<Span> {
    let rule_set = facts.rule_set_of(order);
    match limit {
        LimitKind::Handle => Some(Span::WorkingDays(rule_set.handle_days(kind))),
        LimitKind::Assist => Some(assisting_span(kind, rule_set)),
        LimitKind::Dispatch
        | LimitKind::SignFor
        | LimitKind::FirstResponse
        | LimitKind::Progress
        | LimitKind::SendBack
        | LimitKind::ScreeningReview
        | LimitKind::Evidence
        | LimitKind::Verification => None,
    }
}

/// 升级: the township is told with it, and whoever has the order already has the hours of the new
/// class from now on (第十一条(四)).
fn escalate(
    order: &WorkOrder,
    class: MatterClass,
    reason: &str,
    report: Option<&TownshipReport>,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    if class <= order.matter.class {
        return Err(Refusal::ClassNotHigher);
    }
    let mut events = vec![facts.event(EventKind::ClassEscalated {
        class,
        reason: required(Field::Reason, reason)?,
    })];
    if let Some(report) = report {
        let report = super::dispatching::checked_report(order, report, facts)?;
        events.push(facts.event(EventKind::TownshipReported { report }));
    } else if order.township_reports.is_empty() {
        return Err(Refusal::TownshipReportMissing);
    }
    let rule_set = facts.rule_set_of(order);
    let Some(response) = rule_set.response_limits(class) else {
        return Ok(events);
    };
    let delivered = order
        .open_assignments()
        .filter(|it| it.part.answers() && it.delivered_at.is_some());
    for assignment in delivered {
        let limits = [
            (
                LimitKind::FirstResponse,
                Span::Hours(response.first_response_hours),
                assignment.first_response.is_none(),
            ),
            (
                LimitKind::Progress,
                Span::WorkingDays(response.progress_days),
                assignment.progress.is_empty(),
            ),
        ];
        for (kind, span, is_wanted) in limits {
            // Of two limits of one kind the earlier was started first, and both must be kept.
            if is_wanted {
                let limit = TimeLimit::start(kind, span, facts.now, facts.calendar, rule_set);
                events.push(facts.limit_started(assignment.number, limit));
            }
        }
    }
    Ok(events)
}

/// 登记上级期限: moves what the units have now; what is delivered later starts under it
/// (决定 I-6).
fn set_upstream_limit(
    order: &WorkOrder,
    upstream: UpstreamLimit,
    document: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let document = required(Field::Document, document)?;
    let upstream = UpstreamLimit {
        due_at: conceivable_at(upstream.due_at, facts)?,
        ..upstream
    };
    let mut events = vec![facts.event(EventKind::UpstreamLimitSet { upstream, document })];
    let rule_set = facts.rule_set_of(order);
    let of_others = order.upstream.iter().copied();
    let mut known: Vec<_> = of_others
        .filter(|it| it.superior != upstream.superior)
        .collect();
    known.push(upstream);
    events.extend(moved(order, facts, &LimitMove::Upstream, |limit| {
        Some(under_upstream(limit, &known, facts.calendar, rule_set))
    }));
    Ok(events)
}

/// 重算: only what is not due yet, and only where the calendar moves it (决定 I-20).
fn recount_limits(
    order: &WorkOrder,
    notice: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let because = LimitMove::CalendarChanged {
        notice: required(Field::Document, notice)?,
    };
    let rule_set = facts.rule_set_of(order);
    let events = moved(order, facts, &because, |limit| {
        let recounts = recount([limit], facts.calendar, rule_set, facts.now);
        recounts.into_iter().next().map(|it| it.after)
    });
    if events.is_empty() {
        return Err(Refusal::NothingMoves);
    }
    Ok(events)
}

/// The running limits of the order that `count` moves.
fn moved(
    order: &WorkOrder,
    facts: &Facts<'_>,
    because: &LimitMove,
    count: impl Fn(&TimeLimit) -> Option<TimeLimit>,
) -> Vec<Event> {
    running(order)
        .filter_map(|(number, limit)| {
            facts.limit_moved(number, (limit, count(limit)?), because.clone())
        })
        .collect()
}

/// The running limits, of the center and of each unit.
fn running(order: &WorkOrder) -> impl Iterator<Item = (Option<AssignmentNumber>, &TimeLimit)> {
    let of_center = order.limits.iter().map(|limit| (None, limit));
    let of_unit = |it: &Assignment| Some(it.number);
    let of_units = order
        .open_assignments()
        .flat_map(move |it| it.limits.iter().map(move |limit| (of_unit(it), limit)));
    of_center
        .chain(of_units)
        .filter(|(_, (_, state))| *state == LimitState::Running)
        .map(|(number, (limit, _))| (number, limit))
}
