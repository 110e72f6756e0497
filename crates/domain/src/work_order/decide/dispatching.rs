//! 派单与送达: one unit, several that countersign, or a lead with those that assist; and the limits
//! that run from delivery (第十条, 第十一条(一)(二)(四), 决定 I-3、I-5、I-19).

use std::collections::BTreeSet;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};

use super::{Facts, named, optional, recorded_at, required};
use crate::calendar::WorkCalendar;
use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnitId;
use crate::matter::{Matter, MatterClass, MatterKind};
use crate::precedent::Precedent;
use crate::refusal::{Field, Refusal};
use crate::rule_set::RuleSet;
use crate::time_limit::{LimitKind, LimitState, Span, SuspensionReason, TimeLimit};
use crate::upstream::UpstreamLimit;
use crate::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, Command, CommandKind, DispatchForm,
    DispatchGround, DispatchPlan, Event, EventKind, LimitMove, Part, TownshipReport, WorkOrder,
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
        Command::Dispatch {
            unit,
            opinion,
            plan,
        } => dispatch(order, unit, opinion, plan, facts),
        Command::RequestCoordination { reason, units } => {
            request_coordination(order, reason, units, facts)
        }
        Command::Designate {
            unit,
            assisting,
            opinion,
            document,
        } => designate(order, (unit, assisting), opinion, document, facts),
        Command::RecordDelivery {
            delivered_at,
            answered_by,
            phone,
            assignment,
        } => {
            let assignment = undelivered(order, *assignment)?;
            let call = (answered_by.as_str(), phone.as_str());
            let delivered_at = delivered_at.trunc_subsecs(3);
            record_delivery(order, assignment, delivered_at, call, facts)
        }
        Command::ConfirmDelivery { assignment } => {
            let assignment = named(order, *assignment)?;
            Ok(delivered(order, assignment, facts.now, ("", ""), facts))
        }
        Command::RecordTownshipReport { report } => {
            let report = checked_report(order, report, facts)?;
            Ok(vec![facts.event(EventKind::TownshipReported { report })])
        }
        _ => unreachable!("a command of another file"),
    }
}

/// 转办时限 of a matter accepted at `accepted_at` (第十一条(一)). The house aims at passing a special
/// matter on within minutes (第一时间, 决定 I-5) and is told when they are over.
pub fn dispatch_limit(
    class: MatterClass,
    accepted_at: DateTime<Utc>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> TimeLimit {
    let days = Span::WorkingDays(rule_set.dispatch_days);
    let mut limit = TimeLimit::start(LimitKind::Dispatch, days, accepted_at, calendar, rule_set);
    if class.is_special() {
        let minutes = i64::from(rule_set.special_dispatch_minutes);
        limit.warn_at = accepted_at + TimeDelta::minutes(minutes);
        limit.target_at = Some(limit.warn_at);
    }
    limit
}

/// 派单: every unit once, the township told of a special matter first (第十条, 第十一条(四)).
fn dispatch(
    order: &WorkOrder,
    unit: &HandlingUnitId,
    opinion: &str,
    plan: &DispatchPlan,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let opinion = optional(Field::Opinion, opinion)?;
    let mut events = Vec::new();
    if let Some(report) = &plan.report {
        let report = checked_report(order, report, facts)?;
        events.push(facts.event(EventKind::TownshipReported { report }));
    }
    if order.matter.class.is_special() && order.township_reports.is_empty() && events.is_empty() {
        return Err(Refusal::TownshipReportMissing);
    }
    let by = ground_of(order, unit, &plan.by, facts)?;
    let parts = match order.open_places().next() {
        Some(_) if order.stage != crate::work_order::Stage::Registered => {
            place_taken(order, plan)?.map(|place| vec![(unit, place.part, Some(place.number))])
        }
        Some(_) | None => None,
    };
    let parts = match parts {
        Some(parts) => parts,
        None => parts_of(unit, plan)?,
    };
    for (unit, _, _) in &parts {
        facts.check_unit(unit)?;
        if order.open_assignments().any(|it| it.unit == **unit) {
            return Err(Refusal::UnitHasPart {
                unit: (*unit).clone(),
            });
        }
    }
    events.extend(parts.into_iter().map(|(unit, part, replaces)| {
        facts.event(EventKind::Dispatched {
            unit: unit.clone(),
            opinion: opinion.clone(),
            part,
            by: by.clone(),
            replaces,
            rework_of: None,
        })
    }));
    Ok(events)
}

/// Which of the places that were sent back the unit takes: the one that is named, or the only one.
fn place_taken<'a>(
    order: &'a WorkOrder,
    plan: &DispatchPlan,
) -> Result<Option<&'a Assignment>, Refusal> {
    if plan.form != DispatchForm::Single || !plan.others.is_empty() {
        return Err(Refusal::AssignmentNotNamed);
    }
    let mut places = order.open_places();
    match plan.replaces {
        Some(number) => places
            .find(|place| place.number == number)
            .map(Some)
            .ok_or(Refusal::AssignmentUnknown { assignment: number }),
        None => match (places.next(), places.next()) {
            (Some(only), None) => Ok(Some(only)),
            _ => Err(Refusal::AssignmentNotNamed),
        },
    }
}

type PartOfUnit<'a> = (&'a HandlingUnitId, Part, Option<AssignmentNumber>);

/// Which unit has which part (第十条).
fn parts_of<'a>(
    unit: &'a HandlingUnitId,
    plan: &'a DispatchPlan,
) -> Result<Vec<PartOfUnit<'a>>, Refusal> {
    let (first, others) = match plan.form {
        DispatchForm::Single => (Part::Sole, Part::Sole),
        DispatchForm::Countersigned => (Part::Countersigning, Part::Countersigning),
        DispatchForm::LeadAndAssisting => (Part::Lead, Part::Assisting),
    };
    let is_single = plan.form == DispatchForm::Single;
    if is_single != plan.others.is_empty() {
        return Err(Refusal::UnitsMissing);
    }
    let mut seen = BTreeSet::from([unit]);
    if let Some(unit) = plan.others.iter().find(|unit| !seen.insert(unit)) {
        return Err(Refusal::UnitTwice { unit: unit.clone() });
    }
    let others = plan.others.iter().map(|unit| (unit, others, None));
    Ok(std::iter::once((unit, first, None)).chain(others).collect())
}

/// 派单依据: what was settled for matters of that kind binds, whether the dispatcher says so or not;
/// and a precedent that is cited is one of the register, for that unit, and held when the matter
/// came (第十条).
fn ground_of(
    order: &WorkOrder,
    unit: &HandlingUnitId,
    cited: &DispatchGround,
    facts: &Facts<'_>,
) -> Result<DispatchGround, Refusal> {
    let registered_on = date_of(order.registered_at);
    match cited {
        DispatchGround::Duty => {
            let found = facts.precedents.find(&order.matter, registered_on);
            let binding = found.filter(|precedent| precedent.lead == *unit);
            Ok(binding.map_or(DispatchGround::Duty, Precedent::ground))
        }
        DispatchGround::Precedent { id, .. } => facts
            .precedents
            .get(id)
            .filter(|precedent| precedent.lead == *unit && precedent.holds_on(registered_on))
            .map(Precedent::ground)
            .ok_or_else(|| Refusal::PrecedentNotApplicable { id: id.clone() }),
        DispatchGround::Coordination { .. } | DispatchGround::Designation { .. } => {
            checked_ground(cited)
        }
    }
}

fn checked_ground(ground: &DispatchGround) -> Result<DispatchGround, Refusal> {
    let document = |document: &str| required(Field::Document, document);
    Ok(match ground {
        DispatchGround::Duty => DispatchGround::Duty,
        DispatchGround::Coordination { document: given } => DispatchGround::Coordination {
            document: document(given)?,
        },
        DispatchGround::Designation { document: given } => DispatchGround::Designation {
            document: document(given)?,
        },
        DispatchGround::Precedent {
            id,
            document: given,
        } => DispatchGround::Precedent {
            id: required(Field::Document, id)?,
            document: document(given)?,
        },
    })
}

pub(super) fn checked_report(
    order: &WorkOrder,
    report: &TownshipReport,
    facts: &Facts<'_>,
) -> Result<TownshipReport, Refusal> {
    facts.check_unit(&report.township)?;
    Ok(TownshipReport {
        township: report.township.clone(),
        answered_by: required(Field::AnsweredBy, &report.answered_by)?,
        reported_at: recorded_at(Field::Time, report.reported_at, order.registered_at, facts)?,
        method: required(Field::Method, &report.method)?,
    })
}

/// 提请专题协调: the center's own limit stands still until a unit is designated (第十条, 决定 I-17).
fn request_coordination(
    order: &WorkOrder,
    reason: &str,
    units: &[HandlingUnitId],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let reason = required(Field::Reason, reason)?;
    for unit in units {
        facts.check_unit(unit)?;
    }
    let mut events = vec![facts.event(EventKind::CoordinationRequested {
        reason,
        units: units.to_vec(),
    })];
    // A limit that is over already stays so: there is nothing left to stand still.
    let suspended = running_dispatch_limit(order).and_then(|limit| {
        let suspended = limit.suspend(SuspensionReason::AwaitingDesignation, facts.now);
        suspended.ok().map(|suspended| (limit, suspended))
    });
    events
        .extend(suspended.and_then(|change| facts.limit_moved(None, change, LimitMove::Suspended)));
    Ok(events)
}

/// 指定承办: ends the standstill, dispatches, and binds (第十条).
fn designate(
    order: &WorkOrder,
    (unit, assisting): (&HandlingUnitId, &[HandlingUnitId]),
    opinion: &str,
    document: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let document = required(Field::Document, document)?;
    let mut events = vec![facts.event(EventKind::Designated {
        document: document.clone(),
    })];
    let resumed = running_dispatch_limit(order).and_then(|limit| {
        let resumed = limit.resume(facts.now, facts.calendar, facts.rule_set_of(order));
        resumed.ok().map(|resumed| (limit, resumed))
    });
    events.extend(resumed.and_then(|change| facts.limit_moved(None, change, LimitMove::Resumed)));
    let plan = DispatchPlan {
        form: if assisting.is_empty() {
            DispatchForm::Single
        } else {
            DispatchForm::LeadAndAssisting
        },
        others: assisting.to_vec(),
        by: DispatchGround::Designation { document },
        replaces: None,
        report: None,
    };
    events.extend(dispatch(order, unit, opinion, &plan, facts)?);
    Ok(events)
}

fn running_dispatch_limit(order: &WorkOrder) -> Option<&TimeLimit> {
    order
        .limits
        .iter()
        .rev()
        .find(|(limit, state)| limit.kind == LimitKind::Dispatch && *state == LimitState::Running)
        .map(|(limit, _)| limit)
}

/// The assignment that a telephone call delivers: the one that is named, or the only one.
fn undelivered(
    order: &WorkOrder,
    assignment: Option<AssignmentNumber>,
) -> Result<&Assignment, Refusal> {
    if let Some(number) = assignment {
        return named(order, number);
    }
    let mut undelivered = order
        .open_assignments()
        .filter(|it| it.stage == AssignmentStage::Dispatched);
    match (undelivered.next(), undelivered.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(Refusal::AssignmentNotNamed),
        (None, _) => Err(Refusal::WrongStage {
            command: CommandKind::RecordDelivery,
            stage: order.stage,
        }),
    }
}

/// 电话送达 (决定 I-19).
fn record_delivery(
    order: &WorkOrder,
    assignment: &Assignment,
    delivered_at: DateTime<Utc>,
    (answered_by, phone): (&str, &str),
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let answered_by = required(Field::AnsweredBy, answered_by)?;
    let phone = required(Field::DeliveryPhone, phone)?;
    // In an emergency people telephone first and write the order after.
    let (earliest, latest) = (order.registered_at, facts.now);
    if delivered_at < earliest || delivered_at > latest {
        return Err(Refusal::DeliveryTimeImpossible {
            delivered_at,
            earliest,
            latest,
        });
    }
    let call = (answered_by.as_str(), phone.as_str());
    Ok(delivered(order, assignment, delivered_at, call, facts))
}

/// 送达; starts every limit that runs from it (第十一条(二)(四), 决定 I-3).
fn delivered(
    order: &WorkOrder,
    assignment: &Assignment,
    delivered_at: DateTime<Utc>,
    (answered_by, phone): (&str, &str),
    facts: &Facts<'_>,
) -> Vec<Event> {
    let mut events = vec![facts.event(EventKind::Delivered {
        delivered_at,
        answered_by: answered_by.to_owned(),
        phone: phone.to_owned(),
        assignment: Some(assignment.number),
    })];
    let rule_set = facts.rule_set_of(order);
    let Matter { kind, class, .. } = order.matter;
    for (kind, span) in limits_from_delivery(assignment.part, kind, class, rule_set) {
        let limit = TimeLimit::start(kind, span, delivered_at, facts.calendar, rule_set);
        let limit = under_upstream(&limit, &order.upstream, facts.calendar, rule_set);
        events.push(facts.limit_started(assignment.number, limit));
    }
    events
}

/// A superior's limit bears on the answer, and on the opinions that must come before it
/// (决定 I-6, 第十条).
pub(super) fn under_upstream(
    limit: &TimeLimit,
    known: &[UpstreamLimit],
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> TimeLimit {
    match limit.kind {
        LimitKind::Handle => limit.with_upstream(known, calendar, rule_set),
        LimitKind::Assist => {
            let before_lead = |upstream: &UpstreamLimit| UpstreamLimit {
                due_at: before_lead(limit, upstream.due_at, calendar, rule_set),
                ..*upstream
            };
            let known: Vec<_> = known.iter().map(before_lead).collect();
            limit.with_upstream(&known, calendar, rule_set)
        }
        LimitKind::Dispatch
        | LimitKind::SignFor
        | LimitKind::FirstResponse
        | LimitKind::Progress
        | LimitKind::SendBack
        | LimitKind::ScreeningReview
        | LimitKind::Evidence
        | LimitKind::Verification => limit.clone(),
    }
}

/// 协办期限 where the lead's own limit ends at `lead_due_at` (第十条, 决定参数 协办先于主办).
pub(super) fn before_lead(
    limit: &TimeLimit,
    lead_due_at: DateTime<Utc>,
    calendar: &WorkCalendar,
    rule_set: &RuleSet,
) -> DateTime<Utc> {
    let days = rule_set.assisting_days_before_lead;
    let mut lead = limit.clone();
    lead.due_at = lead_due_at;
    let last_day = calendar.subtract_working_days(lead.last_day(), days);
    limit.counting.end_of_last_day(limit.started_at, last_day)
}

/// 送达起算的时限: those that run from delivery for a unit with that part, and a matter of that kind
/// and class.
pub fn limits_from_delivery(
    part: Part,
    kind: MatterKind,
    class: MatterClass,
    rule_set: &RuleSet,
) -> Vec<(LimitKind, Span)> {
    let mut limits = vec![(LimitKind::SignFor, Span::WorkingDays(rule_set.sign_days))];
    if !part.answers() {
        limits.push((LimitKind::Assist, assisting_span(kind, rule_set)));
        return limits;
    }
    if let Some(response) = rule_set.response_limits(class) {
        limits.push((
            LimitKind::FirstResponse,
            Span::Hours(response.first_response_hours),
        ));
        limits.push((
            LimitKind::Progress,
            Span::WorkingDays(response.progress_days),
        ));
    }
    limits.push((
        LimitKind::Handle,
        Span::WorkingDays(rule_set.handle_days(kind)),
    ));
    limits
}

/// 协办期间: the working day before the lead's own limit, never less than one (第十条).
pub(super) fn assisting_span(kind: MatterKind, rule_set: &RuleSet) -> Span {
    let lead_days = rule_set.handle_days(kind);
    let days = lead_days.saturating_sub(rule_set.assisting_days_before_lead);
    Span::WorkingDays(days.max(1))
}
