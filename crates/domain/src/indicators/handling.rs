//! 办件质效: signing, completion, delays, extensions, contact, rework and the first response of
//! special matters, by unit (第六条(二), 第十一条(二)至(四), 第二十三条).

use chrono::{DateTime, TimeDelta, Utc};

use super::Basis;
use super::period::Moment;
use super::settled::{Settled, lifted_because, settle, settle_kind, write_off};
use super::tally::{Exclusion, Holder, ItemId, Standing, Tally};
use crate::time_limit::{LimitKind, LimitState};
use crate::work_order::{Assignment, AssignmentStage, WorkOrder};

/// 办理结果 of an assignment, once it is settled (第十一条(二)(三)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HandlingOutcome {
    /// 期内办结, a granted extension included.
    OnTime,
    /// 超期办结.
    CompletedLate,
    /// 超期未结.
    OpenLate,
    /// 超期退回, whatever was ruled and done afterwards.
    SentBackLate,
}

/// 签收及时率: signed for in time, of those signed for or past the limit. Withdrawn orders do not
/// count; nor does one that was sent back in time instead (决定 I-4).
pub(super) fn timely_signing(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let settled = settle_kind(assignment, LimitKind::SignFor, basis.as_of)?;
        if assignment.stage == AssignmentStage::Withdrawn {
            return Some((settled.moment(), Standing::Excluded(Exclusion::Withdrawn)));
        }
        if let Settled::OnTime { at } = settled
            && assignment.signed_for_at != Some(at)
        {
            return Some((Moment::Act(at), Standing::Excluded(Exclusion::SentBack)));
        }
        Some(settled.standing(assignment, LimitKind::SignFor))
    })
}

/// 按时办结率: completed in time, of those completed or past the limit; a late return is late
/// (第十一条(二)).
pub(super) fn timely_completion(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    by_outcome(orders, basis, |outcome| outcome == HandlingOutcome::OnTime)
}

/// 超期率: 超期办结、超期未结 and 超期退回, of the same items (决定 I-18).
pub(super) fn overdue(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    by_outcome(orders, basis, |outcome| match outcome {
        HandlingOutcome::OnTime => false,
        HandlingOutcome::CompletedLate
        | HandlingOutcome::OpenLate
        | HandlingOutcome::SentBackLate => true,
    })
}

fn by_outcome(
    orders: &[WorkOrder],
    basis: &Basis<'_>,
    is_in_numerator: impl Fn(HandlingOutcome) -> bool,
) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let (moment, outcome) = judged(assignment, basis.as_of)?;
        let standing = match outcome {
            _ if !assignment.part.answers() => Standing::Excluded(Exclusion::Assisting),
            Ok(outcome) => Standing::counted_if(is_in_numerator(outcome)),
            Err(exclusion) => Standing::Excluded(exclusion),
        };
        Some((moment, standing))
    })
}

impl Assignment {
    /// 办理结果 as it stands at `as_of`; `None` while it is open and not late, or where it does not
    /// count (决定 I-9、I-14、I-18). For an assisting unit it is that of its opinion (协办迟报, 第十条).
    pub fn handling_outcome_at(&self, as_of: DateTime<Utc>) -> Option<HandlingOutcome> {
        judged(self, as_of).and_then(|(_, outcome)| outcome.ok())
    }
}

/// How the handling went, and what settled it. Of several delays the earliest that is held against
/// the unit decides; where none is, what was done in time counts all the same.
fn judged(
    assignment: &Assignment,
    as_of: DateTime<Utc>,
) -> Option<(Moment, Result<HandlingOutcome, Exclusion>)> {
    let kind = if assignment.part.answers() {
        LimitKind::Handle
    } else {
        LimitKind::Assist
    };
    let mut late: Vec<_> = [LimitKind::SendBack, kind]
        .into_iter()
        .filter_map(|kind| match settle_kind(assignment, kind, as_of)? {
            Settled::Late { due_at } => Some((due_at, kind)),
            Settled::OnTime { .. } | Settled::Lifted { .. } | Settled::Suspended { .. } => None,
        })
        .collect();
    late.sort_unstable();
    let exclusion_of = |kind| exclusion_of_delay(assignment, kind, as_of);
    if let Some((due_at, kind)) = late.iter().find(|(_, kind)| exclusion_of(*kind).is_none()) {
        return Some((Moment::End(*due_at), Ok(late_outcome(assignment, *kind))));
    }
    let excused = late
        .first()
        .and_then(|(due_at, kind)| Some((Moment::End(*due_at), Err(exclusion_of(*kind)?))));
    let settled = settle_kind(assignment, kind, as_of)?;
    let moment = settled.moment();
    match settled {
        Settled::OnTime { .. } => Some((moment, Ok(HandlingOutcome::OnTime))),
        Settled::Suspended { .. } => Some((moment, Err(Exclusion::Suspended))),
        Settled::Lifted { .. } => excused.or(Some((moment, Err(lifted_because(assignment))))),
        Settled::Late { .. } => excused,
    }
}

fn late_outcome(assignment: &Assignment, kind: LimitKind) -> HandlingOutcome {
    if kind == LimitKind::SendBack {
        HandlingOutcome::SentBackLate
    } else if assignment.completed_at.is_some() {
        HandlingOutcome::CompletedLate
    } else {
        HandlingOutcome::OpenLate
    }
}

/// Why a delay does not count against the unit, if so.
fn exclusion_of_delay(
    assignment: &Assignment,
    kind: LimitKind,
    as_of: DateTime<Utc>,
) -> Option<Exclusion> {
    if let Some(ground) = write_off(assignment, kind) {
        return Some(Exclusion::WrittenOff(ground));
    }
    if kind != LimitKind::Handle {
        return None;
    }
    if assignment.awaits_ruling_at(as_of) {
        return Some(Exclusion::AwaitingExtensionRuling);
    }
    let (limit, _) = assignment.limit(kind)?;
    let is_in_time = |at: DateTime<Utc>| !limit.is_overdue_at(at);
    (assignment.stage == AssignmentStage::FinalClosureReview
        && assignment.closure_requested_at.is_some_and(is_in_time))
    .then_some(Exclusion::AwaitingClosureReview)
}

/// 延期率: granted by the city, of those delivered to a unit that answers (第十一条(三)).
pub(super) fn extension(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |_, assignment| {
        let standing = if assignment.part.answers() {
            Standing::counted_if(assignment.n_extensions_granted > 0)
        } else {
            Standing::Excluded(Exclusion::Assisting)
        };
        Some((Moment::Act(assignment.delivered_at?), standing))
    })
}

/// 响应（联系）率: the caller contacted within the house's hours, whether reached or not, of those to
/// be contacted (第六条(二), 内控).
pub(super) fn contact(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |order, assignment| {
        let hours = i64::from(basis.rule_set_of(order).contact_hours);
        let due_at = assignment.delivered_at? + TimeDelta::hours(hours);
        let (moment, standing) = contacted(assignment, due_at, basis.as_of)?;
        let standing = if assignment.part.answers() {
            standing
        } else {
            Standing::Excluded(Exclusion::Assisting)
        };
        Some((moment, standing))
    })
}

fn contacted(
    assignment: &Assignment,
    due_at: DateTime<Utc>,
    as_of: DateTime<Utc>,
) -> Option<(Moment, Standing)> {
    let is_in_time = |at: &DateTime<Utc>| *at <= due_at;
    let contacted_at = assignment.first_contact().map(|it| it.contacted_at);
    if let Some(at) = contacted_at.filter(is_in_time) {
        return Some((Moment::Act(at), Standing::counted_if(true)));
    }
    let sent_back_at = assignment.send_back.as_ref().map(|it| it.sent_back_at);
    let gave_up = match assignment.stage {
        AssignmentStage::SentBack => sent_back_at.map(|at| (at, Exclusion::SentBack)),
        AssignmentStage::SendBackReview => sent_back_at.map(|at| (at, Exclusion::RulingPending)),
        AssignmentStage::Withdrawn => {
            let lifted_at = assignment.limits.iter().find_map(|(_, state)| match state {
                LimitState::Lifted { at } => Some(*at),
                LimitState::Running | LimitState::Met { .. } | LimitState::MetLate { .. } => None,
            });
            lifted_at.map(|at| (at, Exclusion::Withdrawn))
        }
        AssignmentStage::Dispatched
        | AssignmentStage::Delivered
        | AssignmentStage::SignedFor
        | AssignmentStage::AwaitingSignature
        | AssignmentStage::Completed
        | AssignmentStage::FinalClosureReview
        | AssignmentStage::FinallyClosed => None,
    };
    if let Some((at, exclusion)) = gave_up.filter(|(at, _)| is_in_time(at)) {
        return Some((Moment::Act(at), Standing::Excluded(exclusion)));
    }
    (as_of > due_at).then(|| (Moment::End(due_at), Standing::counted_if(false)))
}

/// 重办率: given back to be done again, of those completed.
pub(super) fn rework(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    of_assignments(orders, basis, |order, assignment| {
        let is_done_again = order
            .assignments
            .iter()
            .any(|other| other.rework_of == Some(assignment.number));
        let standing = if assignment.part.answers() {
            Standing::counted_if(is_done_again)
        } else {
            Standing::Excluded(Exclusion::Assisting)
        };
        Some((Moment::Act(assignment.completed_at?), standing))
    })
}

/// 特殊件及时率: the first response within 2 or 3 hours, of those due or given; after an escalation
/// every limit that was started must be met (第十一条(四), 决定 I-5).
pub(super) fn timely_first_response(orders: &[WorkOrder], basis: &Basis<'_>) -> Tally {
    let kind = LimitKind::FirstResponse;
    of_assignments(orders, basis, |_, assignment| {
        let settled = assignment
            .limits
            .iter()
            .filter(|(limit, _)| limit.kind == kind)
            .filter_map(|(limit, state)| settle(limit, *state, basis.as_of));
        let settled: Vec<Settled> = settled.collect();
        let first_late = settled.iter().find(|it| it.is_late());
        let decisive = first_late.or(settled.last())?;
        Some(decisive.standing(assignment, kind))
    })
}

/// Every assignment that `standing_of` has something to say of.
pub(super) fn of_assignments(
    orders: &[WorkOrder],
    basis: &Basis<'_>,
    standing_of: impl Fn(&WorkOrder, &Assignment) -> Option<(Moment, Standing)>,
) -> Tally {
    let mut tally = Tally::new(1);
    for order in orders {
        for assignment in &order.assignments {
            if let Some(settled) = standing_of(order, assignment) {
                let holder = Holder::Unit(assignment.unit.clone());
                tally.add_in(
                    basis.period,
                    assignment_item(order, assignment),
                    holder,
                    settled,
                );
            }
        }
    }
    tally
}

pub(super) fn assignment_item(order: &WorkOrder, assignment: &Assignment) -> ItemId {
    ItemId::Assignment {
        number: order.number.clone(),
        assignment: assignment.number,
    }
}
