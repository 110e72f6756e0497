//! 评价与甄别: the city's rating comes in, and a unit may have a bad one screened (第五条(四),
//! 第十二条(一), 决定 I-11、I-12).

use chrono::SubsecRound as _;

use super::{Facts, named, optional, recorded_at, required};
use crate::refusal::{Field, Refusal};
use crate::screening::{ScreeningTiming, evidence_limit, review_limit};
use crate::time_limit::LimitKind;
use crate::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, Command, CommandKind, Event, EventKind,
    RatingRecord, Screening, ScreeningReview, ScreeningStage, Stage, WorkOrder,
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
        Command::ImportRating { assignment, rating } => {
            import_rating(order, *assignment, rating, facts)
        }
        Command::RequestScreening {
            assignment,
            reason,
            late_reason,
            evidence,
        } => {
            let assignment = named(order, *assignment)?;
            request_screening(order, assignment, (reason, late_reason), evidence, facts)
        }
        Command::ReviewScreening {
            assignment,
            review,
            reason,
        } => {
            let mut events = vec![facts.event(EventKind::ScreeningReviewed {
                assignment: *assignment,
                review: *review,
                reason: required(Field::Reason, reason)?,
            })];
            if *review == ScreeningReview::AskEvidence {
                let rule_set = facts.rule_set_of(order);
                let limit = evidence_limit(facts.now, facts.calendar, rule_set);
                events.push(facts.limit_started(*assignment, limit));
            }
            Ok(events)
        }
        Command::SupplyEvidence {
            assignment,
            evidence,
        } => supply_evidence(order, named(order, *assignment)?, evidence, facts),
        Command::RecordScreeningRuling {
            assignment,
            is_removed,
            document,
        } => Ok(vec![facts.event(EventKind::ScreeningRuled {
            assignment: *assignment,
            is_removed: *is_removed,
            document: required(Field::Document, document)?,
        })]),
        _ => unreachable!("a command of another file"),
    }
}

/// 导入评价: one for each answer, and as the city gave it (第十二条).
fn import_rating(
    order: &WorkOrder,
    number: Option<AssignmentNumber>,
    rating: &RatingRecord,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let answered_at = match number {
        Some(number) => {
            let assignment = named(order, number)?;
            if assignment.rating.is_some() {
                return Err(Refusal::AlreadyRated);
            }
            assignment.completed_at
        }
        None if order.stage != Stage::AnsweredOnTheSpot => {
            return Err(Refusal::AssignmentNotNamed);
        }
        None if order.rating.is_some() => return Err(Refusal::AlreadyRated),
        None => None,
    };
    let earliest = answered_at.unwrap_or(order.registered_at);
    let rating = RatingRecord {
        rated_at: recorded_at(
            Field::Time,
            rating.rated_at.trunc_subsecs(3),
            earliest,
            facts,
        )?,
        note: optional(Field::Note, &rating.note)?,
        ..rating.clone()
    };
    Ok(vec![facts.event(EventKind::Rated {
        assignment: number,
        rating,
    })])
}

/// 申请甄别: within the principle as it is, later with a reason, after the cut-off not at all
/// (决定 I-11).
fn request_screening(
    order: &WorkOrder,
    assignment: &Assignment,
    (reason, late_reason): (&str, &str),
    evidence: &[String],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let rating = bad_rating(assignment)?;
    let rule_set = facts.rule_set_of(order);
    let limits = assignment.screening_limits(rating, facts.calendar, rule_set);
    let reason = required(Field::Reason, reason)?;
    let late_reason = optional(Field::Reason, late_reason)?;
    match limits.timing(facts.now) {
        ScreeningTiming::CutOff => {
            let cut_off_at = limits.cut_off_at;
            return Err(Refusal::ScreeningCutOff { cut_off_at });
        }
        ScreeningTiming::NeedsReason if late_reason.is_empty() => {
            let principle_due_at = limits.principle_due_at;
            return Err(Refusal::ScreeningReasonMissing { principle_due_at });
        }
        ScreeningTiming::NeedsReason | ScreeningTiming::WithinPrinciple => {}
    }
    let requested = facts.event(EventKind::ScreeningRequested {
        assignment: assignment.number,
        reason,
        late_reason,
        evidence: checked_evidence(evidence)?,
    });
    let limit = review_limit(facts.now, facts.calendar, rule_set);
    Ok(vec![
        requested,
        facts.limit_started(assignment.number, limit),
    ])
}

/// 补证: late evidence is not taken, and the center's review begins anew with what came in time
/// (决定 I-12).
fn supply_evidence(
    order: &WorkOrder,
    assignment: &Assignment,
    evidence: &[String],
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let limit = assignment.running_limit(LimitKind::Evidence);
    if let Some(late) = limit.filter(|limit| limit.is_overdue_at(facts.now)) {
        let due_at = late.due_at;
        return Err(Refusal::EvidenceTooLate { due_at });
    }
    let evidence = checked_evidence(evidence)?;
    if evidence.is_empty() {
        return Err(Refusal::TextMissing {
            field: Field::Evidence,
        });
    }
    let limit = review_limit(facts.now, facts.calendar, facts.rule_set_of(order));
    Ok(vec![
        facts.event(EventKind::EvidenceSupplied {
            assignment: assignment.number,
            evidence,
        }),
        facts.limit_started(assignment.number, limit),
    ])
}

fn checked_evidence(evidence: &[String]) -> Result<Vec<String>, Refusal> {
    evidence
        .iter()
        .map(|piece| required(Field::Evidence, piece))
        .collect()
}

/// The rating that may be screened.
fn bad_rating(assignment: &Assignment) -> Result<&RatingRecord, Refusal> {
    assignment
        .rating
        .as_ref()
        .filter(|rating| rating.satisfaction.is_bad())
        .ok_or(Refusal::NotRatedBad)
}

/// Whether a screening of the assignment may begin, or stands where the command starts from.
pub(super) fn check_screening(
    assignment: &Assignment,
    command: CommandKind,
    stage: Option<ScreeningStage>,
) -> Result<(), Refusal> {
    let is_at = |screening: &Screening| Some(screening.stage) == stage;
    match (&assignment.screening, stage) {
        (None, None) => bad_rating(assignment).map(|_| ()),
        (Some(_), None) => Err(Refusal::AlreadyScreened),
        (Some(screening), Some(_)) if is_at(screening) => Ok(()),
        (_, Some(_)) => Err(Refusal::NoScreening { command }),
    }
}

/// What a rating is of.
pub(super) const ANSWERED: &[AssignmentStage] =
    &[AssignmentStage::Completed, AssignmentStage::FinallyClosed];
