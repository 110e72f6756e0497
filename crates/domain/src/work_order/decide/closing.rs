//! 办结以后: final closure, result to the superior, rework, archive, and what is not held against
//! a unit (第五条(二), 第十二条, 决定 I-11、I-13、I-14).

use super::sending_back::check_not_dispatcher;
use super::{Facts, named, required};
use crate::refusal::{Field, Refusal};
use crate::time_limit::LimitKind;
use crate::work_order::{
    ArchiveOutcome, Assignment, ClosureOpinion, Command, CommandKind, DispatchGround, Event,
    EventKind, RatingRecord, ScreeningStage, WorkOrder, WriteOffGround,
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
        Command::RequestFinalClosure {
            assignment,
            opinion,
        } => {
            let opinion = Box::new(checked_opinion(order, opinion, facts)?);
            Ok(vec![facts.event(EventKind::FinalClosureRequested {
                assignment: *assignment,
                opinion,
            })])
        }
        Command::ReviewFinalClosure {
            assignment,
            is_accepted,
            reason,
        } => {
            let assignment = named(order, *assignment)?;
            review_final_closure(order, assignment, *is_accepted, reason, facts)
        }
        Command::RecordResultReturn { state } => Ok(vec![
            facts.event(EventKind::ResultReturnRecorded { state: *state }),
        ]),
        Command::RecordOwnCallBack { note } => {
            Ok(vec![facts.event(EventKind::OwnCallBackRecorded {
                note: required(Field::Note, note)?,
            })])
        }
        Command::OrderRework { assignment, reason } => {
            order_rework(named(order, *assignment)?, reason, facts)
        }
        Command::Archive => {
            let outcome = archive_outcome(order, facts)?;
            Ok(vec![facts.event(EventKind::Archived { outcome })])
        }
        Command::WriteOffDelay {
            assignment,
            limit,
            write_off,
            note,
        } => write_off_delay(
            named(order, *assignment)?,
            (*limit, *write_off),
            note,
            facts,
        ),
        _ => unreachable!("a command of another file"),
    }
}

/// 终结办理意见: every requisite is there; whether it is right the unit answers for (决定 I-13).
fn checked_opinion(
    order: &WorkOrder,
    opinion: &ClosureOpinion,
    facts: &Facts<'_>,
) -> Result<ClosureOpinion, Refusal> {
    let checked = ClosureOpinion {
        facts: required(Field::InvestigatedFacts, &opinion.facts)?,
        legal_basis: required(Field::LegalBasis, &opinion.legal_basis)?,
        earlier_orders: opinion
            .earlier_orders
            .iter()
            .map(|number| required(Field::OrderNumber, number))
            .collect::<Result<_, _>>()?,
        signed_by: required(Field::HeadSignature, &opinion.signed_by)?,
        explanation: required(Field::Explanation, &opinion.explanation)?,
    };
    let mut orders: Vec<&String> = checked.earlier_orders.iter().collect();
    orders.push(&order.number);
    orders.sort_unstable();
    orders.dedup();
    let (n_orders, n_needed) = (
        orders.len(),
        facts.rule_set_of(order).final_closure_min_count,
    );
    if n_orders < n_needed as usize {
        return Err(Refusal::TooFewForFinalClosure { n_orders, n_needed });
    }
    Ok(checked)
}

/// 要件审查: the whole order is closed for ever once no other unit has anything left to do.
fn review_final_closure(
    order: &WorkOrder,
    assignment: &Assignment,
    is_accepted: bool,
    reason: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    check_not_dispatcher(assignment, CommandKind::ReviewFinalClosure, facts)?;
    let mut events = vec![facts.event(EventKind::FinalClosureReviewed {
        assignment: assignment.number,
        is_accepted,
        reason: required(Field::Reason, reason)?,
    })];
    let mut others = order
        .open_assignments()
        .filter(|it| it.number != assignment.number && it.part.answers());
    if is_accepted && others.next().is_none() && order.open_places().next().is_none() {
        events.push(facts.event(EventKind::FinallyClosed));
    }
    Ok(events)
}

/// 重办: the same unit again, with limits of its own from the next delivery on.
fn order_rework(
    assignment: &Assignment,
    reason: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let reason = required(Field::Reason, reason)?;
    Ok(vec![
        facts.event(EventKind::ReworkOrdered {
            assignment: assignment.number,
            reason: reason.clone(),
        }),
        facts.event(EventKind::Dispatched {
            unit: assignment.unit.clone(),
            opinion: reason,
            part: assignment.part,
            by: DispatchGround::Duty,
            replaces: None,
            rework_of: Some(assignment.number),
        }),
    ])
}

/// 归档结果: not while a bad rating is being screened, or still may be (第十二条(一)).
fn archive_outcome(order: &WorkOrder, facts: &Facts<'_>) -> Result<ArchiveOutcome, Refusal> {
    let mut outcomes = vec![match &order.rating {
        Some(rating) if rating.satisfaction.is_bad() => ArchiveOutcome::Dissatisfied,
        Some(_) => ArchiveOutcome::Satisfied,
        None => ArchiveOutcome::NotRated,
    }];
    for assignment in order.assignments.iter().filter(|it| it.is_latest_in(order)) {
        outcomes.push(outcome_of(assignment, order, facts)?);
    }
    let is_any = |outcome| outcomes.contains(&outcome);
    Ok([
        ArchiveOutcome::Dissatisfied,
        ArchiveOutcome::RatingRemoved,
        ArchiveOutcome::Satisfied,
    ]
    .into_iter()
    .find(|outcome| is_any(*outcome))
    .unwrap_or(ArchiveOutcome::NotRated))
}

fn outcome_of(
    assignment: &Assignment,
    order: &WorkOrder,
    facts: &Facts<'_>,
) -> Result<ArchiveOutcome, Refusal> {
    let Some(rating) = &assignment.rating else {
        return Ok(ArchiveOutcome::NotRated);
    };
    if !rating.satisfaction.is_bad() {
        return Ok(ArchiveOutcome::Satisfied);
    }
    match assignment.screening.as_ref().map(|it| it.stage) {
        Some(ScreeningStage::Removed) => Ok(ArchiveOutcome::RatingRemoved),
        Some(ScreeningStage::Upheld | ScreeningStage::DeniedByCounty) => {
            Ok(ArchiveOutcome::Dissatisfied)
        }
        Some(ScreeningStage::AwaitingEvidence) => {
            // 逾期不再甄别，按不满意归档 (决定 I-12).
            match assignment.running_limit(LimitKind::Evidence) {
                Some(limit) if !limit.is_overdue_at(facts.now) => Err(Refusal::ScreeningOpen {
                    cut_off_at: limit.due_at,
                }),
                Some(_) | None => Ok(ArchiveOutcome::Dissatisfied),
            }
        }
        Some(ScreeningStage::CountyReview | ScreeningStage::CityRuling) => {
            Err(Refusal::ScreeningOpen {
                cut_off_at: cut_off_at(assignment, rating, order, facts),
            })
        }
        None => {
            let cut_off_at = cut_off_at(assignment, rating, order, facts);
            if facts.now > cut_off_at {
                Ok(ArchiveOutcome::Dissatisfied)
            } else {
                Err(Refusal::ScreeningOpen { cut_off_at })
            }
        }
    }
}

fn cut_off_at(
    assignment: &Assignment,
    rating: &RatingRecord,
    order: &WorkOrder,
    facts: &Facts<'_>,
) -> chrono::DateTime<chrono::Utc> {
    let rule_set = facts.rule_set_of(order);
    let limits = assignment.screening_limits(rating, facts.calendar, rule_set);
    limits.cut_off_at
}

impl Assignment {
    /// Whether no rework has taken its place.
    fn is_latest_in(&self, order: &WorkOrder) -> bool {
        !order
            .assignments
            .iter()
            .any(|other| other.rework_of == Some(self.number))
    }
}

/// 核销: only what is late, by name (决定 I-14).
fn write_off_delay(
    assignment: &Assignment,
    (limit, write_off): (LimitKind, WriteOffGround),
    note: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let is_it =
        |delay: &crate::work_order::Delay| delay.limit == limit && delay.written_off.is_none();
    if !assignment.delays_at(facts.now).iter().any(is_it) {
        return Err(Refusal::NoDelay { limit });
    }
    Ok(vec![facts.event(EventKind::DelayWrittenOff {
        assignment: assignment.number,
        limit,
        write_off,
        note: required(Field::Note, note)?,
    })])
}
