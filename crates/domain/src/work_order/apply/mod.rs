//! Folding events into a work order. No rule stands here: an event happened, so it applies.

mod after;
mod assignment;
mod limits;

use chrono::{DateTime, Utc};

use self::limits::{end_limit, lift, move_limit};
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::work_order::assignment::{
    Assignment, AssignmentNumber, AssignmentStage, Part, SendBack,
};
use crate::work_order::{
    Conclusion, Coordination, Event, EventKind, KindChange, Stage, Verification, WorkOrder,
};

/// Folds one event into the state; `None` is an order that is not registered yet.
///
/// # Panics
/// When an event other than `Registered` comes first, or `Registered` comes twice, or an event
/// names an assignment that was never made: `decide` never gives such a history, so the log is
/// damaged.
pub fn apply(order: &mut Option<WorkOrder>, event: &Event) {
    if let EventKind::Registered { .. } = &event.kind {
        assert!(order.is_none(), "an order is registered once");
        *order = registered(event);
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let order = order
        .as_mut()
        .expect("the first event of an order registers it");
    order.version += 1;
    if !event.kind.is_reminder() {
        order.unchanged_since = order.version;
    }
    order.last_event_at = order.last_event_at.max(event.occurred_at);
    match &event.kind {
        EventKind::Registered { .. } => unreachable!("handled above"),
        EventKind::TownshipReported { .. }
        | EventKind::KindChangeRequested { .. }
        | EventKind::KindChangeRuled { .. }
        | EventKind::ClassEscalated { .. }
        | EventKind::UpstreamLimitSet { .. }
        | EventKind::Supplemented { .. }
        | EventKind::RepeatAbsorbed { .. }
        | EventKind::LinkedTo { .. }
        | EventKind::CallerCorrected { .. }
        | EventKind::ResultReturnRecorded { .. }
        | EventKind::OwnCallBackRecorded { .. } => order.apply_to_matter(event),
        EventKind::LimitStarted { .. }
        | EventKind::LimitMoved { .. }
        | EventKind::AnsweredOnTheSpot { .. }
        | EventKind::RefusedOutOfScope { .. }
        | EventKind::TransferredToEmergency { .. }
        | EventKind::VerificationBegun { .. }
        | EventKind::VerificationRecorded { .. }
        | EventKind::CoordinationRequested { .. }
        | EventKind::MergedInto { .. }
        | EventKind::Withdrawn { .. }
        | EventKind::Completed
        | EventKind::FinallyClosed
        | EventKind::Archived { .. } => order.apply_to_center(event),
        EventKind::Dispatched { .. }
        | EventKind::Delivered { .. }
        | EventKind::Urged { .. }
        | EventKind::UrgeReceived { .. }
        | EventKind::SignedFor { .. }
        | EventKind::PassedDown { .. }
        | EventKind::ContactRecorded { .. }
        | EventKind::FirstResponded { .. }
        | EventKind::ProgressReported { .. }
        | EventKind::SentBack { .. }
        | EventKind::SendBackRuled { .. }
        | EventKind::BindingReleased { .. }
        | EventKind::OpinionSubmitted { .. }
        | EventKind::ReplySubmitted { .. }
        | EventKind::ReplyRejected { .. }
        | EventKind::ReplySigned { .. }
        | EventKind::FinalClosureRequested { .. }
        | EventKind::FinalClosureReviewed { .. }
        | EventKind::DelayWrittenOff { .. } => order.apply_to_handling(event),
        EventKind::ExtensionRequested { .. }
        | EventKind::ExtensionReviewed { .. }
        | EventKind::CityRuled { .. }
        | EventKind::ExtensionExplained { .. } => order.apply_to_extension(event),
        EventKind::Rated { .. }
        | EventKind::ScreeningRequested { .. }
        | EventKind::ScreeningReviewed { .. }
        | EventKind::EvidenceSupplied { .. }
        | EventKind::ScreeningRuled { .. } => order.apply_to_rating(event),
        // What it changes stands in the dispatch that follows it.
        EventKind::Designated { .. } | EventKind::ReworkOrdered { .. } => {}
    }
}

/// The order that a whole history leads to; `None` for an empty one.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a Event>) -> Option<WorkOrder> {
    let mut order = None;
    for event in events {
        apply(&mut order, event);
    }
    order
}

fn registered(event: &Event) -> Option<WorkOrder> {
    let EventKind::Registered {
        number,
        matter,
        rule_set,
    } = &event.kind
    else {
        return None;
    };
    Some(WorkOrder {
        number: number.clone(),
        matter: matter.as_ref().clone(),
        rule_set: rule_set.clone(),
        registered_at: event.occurred_at,
        registered_by: event.actor.clone(),
        stage: Stage::Registered,
        conclusion: None,
        limits: Vec::new(),
        assignments: Vec::new(),
        verification: None,
        coordination: None,
        kind_change: None,
        township_reports: Vec::new(),
        round_from: AssignmentNumber::FIRST,
        upstream: Vec::new(),
        supplements: Vec::new(),
        absorbed: Vec::new(),
        links: Vec::new(),
        merged_into: None,
        result_return: None,
        rating: None,
        n_own_call_backs: 0,
        archived: None,
        last_event_at: event.occurred_at,
        version: 1,
        unchanged_since: 1,
    })
}

impl WorkOrder {
    /// What is known of the matter, whoever has it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the events of this part"
    )]
    fn apply_to_matter(&mut self, event: &Event) {
        match &event.kind {
            EventKind::TownshipReported { report } => self.township_reports.push(report.clone()),
            EventKind::KindChangeRequested { kind, reason } => {
                self.kind_change = Some(KindChange {
                    kind: *kind,
                    reason: reason.clone(),
                    requested_by: event.actor.clone(),
                    requested_at: event.occurred_at,
                });
            }
            EventKind::KindChangeRuled { is_approved, .. } => {
                let change = self.kind_change.take();
                if let Some(change) = change.filter(|_| *is_approved) {
                    self.matter.kind = change.kind;
                }
            }
            EventKind::ClassEscalated { class, .. } => self.matter.class = *class,
            EventKind::UpstreamLimitSet { upstream, .. } => {
                self.upstream
                    .retain(|known| known.superior != upstream.superior);
                self.upstream.push(*upstream);
            }
            EventKind::CallerCorrected { caller, reason: _ } => {
                self.matter.caller = caller.as_ref().clone();
            }
            EventKind::Supplemented { text, files: _ } if text.is_empty() => {}
            EventKind::Supplemented { text, files: _ } => self.supplements.push(text.clone()),
            EventKind::RepeatAbsorbed { number, text } => {
                self.absorbed.push(number.clone());
                if !text.is_empty() {
                    self.supplements.push(text.clone());
                }
                // 作催办: whoever answers is asked for a receipt (决定 I-15).
                let answering = self.assignments.iter_mut();
                for assignment in answering.filter(|it| it.stage.is_open() && it.part.answers()) {
                    assignment.n_urges += 1;
                }
            }
            EventKind::LinkedTo { number } => self.links.push(number.clone()),
            EventKind::ResultReturnRecorded { state } => self.result_return = Some(*state),
            EventKind::OwnCallBackRecorded { .. } => self.n_own_call_backs += 1,
            _ => unreachable!("an event of another part"),
        }
    }

    /// What the center does with the order.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the events of this part"
    )]
    fn apply_to_center(&mut self, event: &Event) {
        let at = event.occurred_at;
        match &event.kind {
            EventKind::LimitStarted { limit, assignment } => {
                let started = (limit.clone(), LimitState::Running);
                self.limits_of(*assignment, limit.kind).push(started);
            }
            EventKind::LimitMoved {
                limit, assignment, ..
            } => move_limit(self.limits_of(*assignment, limit.kind), limit),
            EventKind::AnsweredOnTheSpot { answer, article } => {
                self.stage = Stage::AnsweredOnTheSpot;
                self.conclusion = Some(Conclusion::Answer {
                    answer: answer.clone(),
                    article: article.clone(),
                });
                end_limit(&mut self.limits, LimitKind::Dispatch, at);
            }
            EventKind::RefusedOutOfScope {
                class,
                guidance,
                legal_basis,
            } => {
                self.stage = Stage::RefusedOutOfScope;
                self.conclusion = Some(Conclusion::OutOfScope {
                    class: *class,
                    guidance: guidance.clone(),
                    legal_basis: legal_basis.clone(),
                });
                end_limit(&mut self.limits, LimitKind::Dispatch, at);
            }
            EventKind::TransferredToEmergency { line, note } => {
                self.stage = Stage::TransferredToEmergency;
                self.conclusion = Some(Conclusion::Transfer {
                    line: *line,
                    note: note.clone(),
                });
                end_limit(&mut self.limits, LimitKind::Dispatch, at);
            }
            EventKind::VerificationBegun { asked, question } => {
                self.stage = Stage::UnderVerification;
                self.verification = Some(Verification {
                    asked: asked.clone(),
                    question: question.clone(),
                    begun_at: at,
                    finding: None,
                });
            }
            EventKind::VerificationRecorded {
                answered_by,
                finding,
            } => {
                self.stage = Stage::Registered;
                if let Some(verification) = &mut self.verification {
                    verification.finding = Some((answered_by.clone(), finding.clone()));
                }
                end_limit(&mut self.limits, LimitKind::Verification, at);
            }
            EventKind::CoordinationRequested { reason, units } => {
                self.stage = Stage::UnderCoordination;
                self.coordination = Some(Coordination {
                    reason: reason.clone(),
                    units: units.clone(),
                    requested_at: at,
                });
            }
            EventKind::MergedInto { number } => {
                self.stage = Stage::Merged;
                self.merged_into = Some(number.clone());
                self.lift_all(at);
            }
            EventKind::Withdrawn { .. } => {
                self.stage = Stage::Withdrawn;
                self.lift_all(at);
            }
            EventKind::Completed => {
                self.stage = Stage::Completed;
                self.close_open(at);
            }
            EventKind::FinallyClosed => {
                self.stage = Stage::FinallyClosed;
                self.close_open(at);
            }
            EventKind::Archived { outcome } => {
                self.stage = Stage::Archived;
                self.archived = Some(*outcome);
                self.lift_all(at);
            }
            _ => unreachable!("an event of another part"),
        }
    }

    /// What passes between the center and a unit, from the dispatch to the answer.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "called for the events of this part"
    )]
    fn apply_to_handling(&mut self, event: &Event) {
        let at = event.occurred_at;
        match &event.kind {
            EventKind::Dispatched { .. } => self.dispatched(event),
            EventKind::Delivered {
                delivered_at,
                assignment,
                ..
            } => self.delivered(*assignment, *delivered_at),
            EventKind::Urged { assignment, .. } => {
                let assignment = self.of(*assignment);
                assignment.n_urges += 1;
                assignment.last_urged_at = Some(at);
            }
            EventKind::UrgeReceived { assignment, .. } => {
                self.of(*assignment).n_urges_received += 1;
            }
            EventKind::SignedFor { assignment } => {
                let assignment = self.of(*assignment);
                assignment.stage = AssignmentStage::SignedFor;
                assignment.signed_for_at = Some(at);
                end_limit(&mut assignment.limits, LimitKind::SignFor, at);
            }
            EventKind::PassedDown { assignment, to, .. } => {
                self.of(*assignment).passed_down_to.push(to.clone());
            }
            EventKind::ContactRecorded {
                assignment,
                contact,
            } => self.of(*assignment).contacts.push(contact.clone()),
            EventKind::FirstResponded { assignment, text } => {
                let assignment = self.of(*assignment);
                assignment.first_response = Some(text.clone());
                end_limit(&mut assignment.limits, LimitKind::FirstResponse, at);
            }
            EventKind::ProgressReported { assignment, text } => {
                let assignment = self.of(*assignment);
                assignment.progress.push(text.clone());
                end_limit(&mut assignment.limits, LimitKind::Progress, at);
            }
            EventKind::SentBack {
                assignment,
                reason,
                basis,
                suggestion,
            } => {
                let assignment = self.of(*assignment);
                assignment.send_back = Some(SendBack {
                    sent_back_at: at,
                    reason: reason.clone(),
                    basis: basis.clone(),
                    suggestion: suggestion.clone(),
                    ruling: None,
                    from: assignment.stage,
                });
                assignment.stage = AssignmentStage::SendBackReview;
                end_limit(&mut assignment.limits, LimitKind::SendBack, at);
                end_limit(&mut assignment.limits, LimitKind::SignFor, at);
            }
            EventKind::SendBackRuled {
                assignment,
                is_accepted,
                reason,
            } => {
                self.of(*assignment)
                    .send_back_ruled(at, *is_accepted, reason);
                self.settle_stage();
            }
            EventKind::BindingReleased { assignment, .. } => {
                self.of(*assignment).is_released = true;
            }
            EventKind::OpinionSubmitted { assignment, text } => {
                let assignment = self.of(*assignment);
                assignment.assisting_opinion = Some(text.clone());
                assignment.completed(at);
            }
            EventKind::ReplySubmitted { assignment, reply } => {
                let assignment = self.of(*assignment);
                assignment.reply = Some(reply.as_ref().clone());
                assignment.replied_by = Some(event.actor.clone());
                assignment.stage = AssignmentStage::AwaitingSignature;
            }
            EventKind::ReplyRejected { assignment, .. } => {
                self.of(*assignment).stage = AssignmentStage::SignedFor;
            }
            EventKind::ReplySigned { assignment } => {
                let assignment = self.of(*assignment);
                assignment.signed_by = Some(event.actor.clone());
                assignment.completed(at);
            }
            EventKind::FinalClosureRequested {
                assignment,
                opinion,
            } => {
                let assignment = self.of(*assignment);
                assignment.closure_opinion = Some(opinion.as_ref().clone());
                assignment.closure_requested_at = Some(at);
                assignment.stage = AssignmentStage::FinalClosureReview;
            }
            EventKind::FinalClosureReviewed {
                assignment,
                is_accepted,
                ..
            } => self.of(*assignment).closure_reviewed(at, *is_accepted),
            EventKind::DelayWrittenOff {
                assignment,
                limit,
                write_off,
                ..
            } => self.of(*assignment).written_off.push((*limit, *write_off)),
            _ => unreachable!("an event of another part"),
        }
    }

    fn dispatched(&mut self, event: &Event) {
        let EventKind::Dispatched {
            unit,
            opinion,
            part,
            by,
            replaces,
            rework_of,
        } = &event.kind
        else {
            return;
        };
        let is_first_of_several =
            *part != Part::Countersigning || self.open_assignments().next().is_none();
        if part.answers() && is_first_of_several {
            self.conclusion = Some(Conclusion::Dispatch {
                unit: unit.clone(),
                opinion: opinion.clone(),
                dispatched_at: event.occurred_at,
            });
        }
        let n_before = u32::try_from(self.assignments.len()).unwrap_or(u32::MAX);
        let number = AssignmentNumber(n_before.saturating_add(1));
        if matches!(self.stage, Stage::Registered | Stage::UnderCoordination) {
            self.round_from = number;
        }
        self.assignments.push(Assignment {
            number,
            unit: unit.clone(),
            part: *part,
            ground: by.clone(),
            opinion: opinion.clone(),
            stage: AssignmentStage::Dispatched,
            dispatched_at: event.occurred_at,
            dispatched_by: event.actor.clone(),
            delivered_at: None,
            replaces: *replaces,
            rework_of: *rework_of,
            limits: Vec::new(),
            signed_for_at: None,
            passed_down_to: Vec::new(),
            contacts: Vec::new(),
            first_response: None,
            progress: Vec::new(),
            is_released: false,
            send_back: None,
            extension: None,
            n_extensions_granted: 0,
            assisting_opinion: None,
            reply: None,
            replied_by: None,
            signed_by: None,
            completed_at: None,
            closure_opinion: None,
            closure_requested_at: None,
            n_urges: 0,
            last_urged_at: None,
            n_urges_received: 0,
            rating: None,
            rating_delivered_at: None,
            screening: None,
            written_off: Vec::new(),
        });
        self.settle_stage();
    }

    fn delivered(&mut self, named: Option<AssignmentNumber>, at: DateTime<Utc>) {
        let number = named.unwrap_or(AssignmentNumber::FIRST);
        let assignment = self.of(number);
        assignment.stage = AssignmentStage::Delivered;
        assignment.delivered_at = Some(at);
        self.settle_stage();
        let is_all_delivered = self
            .open_assignments()
            .all(|assignment| assignment.stage != AssignmentStage::Dispatched);
        // A place that nobody has taken yet is still to be dispatched.
        if is_all_delivered && self.open_places().next().is_none() {
            end_limit(&mut self.limits, LimitKind::Dispatch, at);
        }
    }

    /// 待派, 待送达 or 办理中, by what the units have.
    fn settle_stage(&mut self) {
        let is_delivered = |it: &Assignment| it.stage != AssignmentStage::Dispatched;
        let is_with_somebody =
            |it: &Assignment| it.stage.is_open() || it.stage == AssignmentStage::Completed;
        self.stage = if self.open_assignments().any(is_delivered) {
            Stage::Delivered
        } else if self.open_assignments().next().is_some() {
            Stage::Dispatched
        } else if self.assignments.iter().any(is_with_somebody) {
            Stage::Delivered
        } else {
            Stage::Registered
        };
    }

    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    fn of(&mut self, number: AssignmentNumber) -> &mut Assignment {
        self.assignments
            .iter_mut()
            .find(|assignment| assignment.number == number)
            .expect("an event names an assignment that was made")
    }

    /// Where a limit stands: with the assignment that is named, or by its kind where none is.
    fn limits_of(
        &mut self,
        named: Option<AssignmentNumber>,
        kind: LimitKind,
    ) -> &mut Vec<(TimeLimit, LimitState)> {
        let is_of_first = kind.is_held_against_the_unit() && !self.assignments.is_empty();
        match named.or(is_of_first.then_some(AssignmentNumber::FIRST)) {
            Some(number) => &mut self.of(number).limits,
            None => &mut self.limits,
        }
    }

    /// Nobody has anything to do any more.
    fn lift_all(&mut self, at: DateTime<Utc>) {
        self.close_open(at);
        for assignment in &mut self.assignments {
            lift(&mut assignment.limits, at);
        }
    }

    /// The order is answered: what was asked of other units is asked no longer, nor is a place that
    /// is still open to be dispatched.
    fn close_open(&mut self, at: DateTime<Utc>) {
        lift(&mut self.limits, at);
        let open = self.assignments.iter_mut().filter(|it| it.stage.is_open());
        for assignment in open {
            lift(&mut assignment.limits, at);
            assignment.stage = AssignmentStage::Withdrawn;
        }
    }
}
