//! 办理: what a unit does with what it was given, up to the signature under its answer
//! (第五条(一), 第六条(二), 第十条, 第十一条(二)(四), 第十八条).

use super::{Facts, named, optional, recorded_at, required};
use crate::refusal::{Field, Refusal};
use crate::time_limit::LimitKind;
use crate::work_order::{
    Assignment, AssignmentNumber, AssignmentStage, Command, CommandKind, ContactOutcome,
    ContactRecord, Event, EventKind, ExtensionStage, Feedback, Part, Reply, WorkOrder,
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
    let kind = match command {
        Command::Urge {
            assignment,
            reason,
            method,
        } => EventKind::Urged {
            assignment: *assignment,
            reason: required(Field::Reason, reason)?,
            method: required(Field::Method, method)?,
        },
        Command::RecordUrgeReceipt {
            assignment,
            answered_by,
        } => EventKind::UrgeReceived {
            assignment: *assignment,
            answered_by: required(Field::AnsweredBy, answered_by)?,
        },
        Command::SignFor { assignment } => EventKind::SignedFor {
            assignment: *assignment,
        },
        Command::PassDown {
            assignment,
            to,
            note,
        } => EventKind::PassedDown {
            assignment: *assignment,
            to: required(Field::PartOfUnit, to)?,
            note: optional(Field::Note, note)?,
        },
        Command::RecordContact {
            assignment,
            contact,
        } => EventKind::ContactRecorded {
            assignment: *assignment,
            contact: ContactRecord {
                contacted_at: recorded_at(
                    Field::Time,
                    contact.contacted_at,
                    order.registered_at,
                    facts,
                )?,
                phone: required(Field::ContactNumber, &contact.phone)?,
                outcome: contact.outcome,
                note: optional(Field::Note, &contact.note)?,
            },
        },
        Command::RespondFirst { assignment, text } => EventKind::FirstResponded {
            assignment: *assignment,
            text: required(Field::Report, text)?,
        },
        Command::ReportProgress { assignment, text } => EventKind::ProgressReported {
            assignment: *assignment,
            text: required(Field::Report, text)?,
        },
        Command::SubmitOpinion { assignment, text } => {
            let text = required(Field::AssistingOpinion, text)?;
            let submitted = facts.event(EventKind::OpinionSubmitted {
                assignment: *assignment,
                text,
            });
            return Ok(with_completion(order, *assignment, submitted, facts));
        }
        Command::SubmitReply { assignment, reply } => {
            let assignment = named(order, *assignment)?;
            EventKind::ReplySubmitted {
                assignment: assignment.number,
                reply: Box::new(checked_reply(order, assignment, reply, facts)?),
            }
        }
        Command::SignReply { assignment } => {
            check_other_reviewer(named(order, *assignment)?, CommandKind::SignReply, facts)?;
            let signed = facts.event(EventKind::ReplySigned {
                assignment: *assignment,
            });
            return Ok(with_completion(order, *assignment, signed, facts));
        }
        Command::RejectReply { assignment, reason } => {
            check_other_reviewer(named(order, *assignment)?, CommandKind::RejectReply, facts)?;
            EventKind::ReplyRejected {
                assignment: *assignment,
                reason: required(Field::Reason, reason)?,
            }
        }
        _ => unreachable!("a command of another file"),
    };
    Ok(vec![facts.event(kind)])
}

/// 谁审核谁负责: the reviewer is not the one who wrote the answer (第十八条).
fn check_other_reviewer(
    assignment: &Assignment,
    command: CommandKind,
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    if assignment.replied_by.as_ref() == Some(&facts.actor.id) {
        return Err(Refusal::SamePerson { command });
    }
    Ok(())
}

/// 答复 with all that must stand behind it.
fn checked_reply(
    order: &WorkOrder,
    assignment: &Assignment,
    reply: &Reply,
    facts: &Facts<'_>,
) -> Result<Reply, Refusal> {
    let text = required(Field::Reply, &reply.text)?;
    let responsible_person = required(Field::ResponsiblePerson, &reply.responsible_person)?;
    let feedback = checked_feedback(order, assignment, &reply.feedback, facts)?;
    if order.matter.class.is_special() && assignment.first_response.is_none() {
        return Err(Refusal::FirstResponseMissing);
    }
    let is_unexplained = assignment
        .extension
        .as_ref()
        .is_some_and(|case| case.stage == ExtensionStage::Granted && case.explained.is_none());
    if is_unexplained {
        return Err(Refusal::ExtensionUnexplained);
    }
    if assignment.part == Part::Lead {
        check_opinions(order, &reply.cited_opinions, facts)?;
    }
    Ok(Reply {
        text,
        responsible_person,
        feedback,
        cited_opinions: reply.cited_opinions.clone(),
    })
}

/// 联系与反馈: the caller was reached and told, or was tried at different times of day in vain
/// (第六条(二), 决定 I-17).
fn checked_feedback(
    order: &WorkOrder,
    assignment: &Assignment,
    feedback: &Feedback,
    facts: &Facts<'_>,
) -> Result<Feedback, Refusal> {
    match feedback {
        Feedback::CallerNotReached => {
            let n_needed = facts.rule_set_of(order).contact_attempts;
            let n_made = assignment.n_attempts_in_vain();
            if n_made < n_needed as usize {
                return Err(Refusal::AttemptsMissing { n_made, n_needed });
            }
            Ok(Feedback::CallerNotReached)
        }
        Feedback::Given { given_at, method } => {
            let is_reached = |it: &ContactRecord| it.outcome == ContactOutcome::Reached;
            if !assignment.contacts.iter().any(is_reached) {
                return Err(Refusal::ContactMissing);
            }
            let earliest = assignment.delivered_at.unwrap_or(order.registered_at);
            Ok(Feedback::Given {
                given_at: recorded_at(Field::Time, *given_at, earliest, facts)?,
                method: required(Field::Method, method)?,
            })
        }
    }
}

/// 协办意见: every one that was given is cited, and none that still has time is missing; who is
/// late with it holds the lead up no longer (第十条).
fn check_opinions(
    order: &WorkOrder,
    cited: &[AssignmentNumber],
    facts: &Facts<'_>,
) -> Result<(), Refusal> {
    let assisting = || {
        order
            .assignments
            .iter()
            .filter(|it| it.part == Part::Assisting)
    };
    let has_time = |it: &&Assignment| {
        it.stage.is_open()
            && it
                .running_limit(LimitKind::Assist)
                .is_none_or(|limit| !limit.is_overdue_at(facts.now))
    };
    let missing: Vec<_> = assisting().filter(has_time).map(|it| it.number).collect();
    if !missing.is_empty() {
        return Err(Refusal::OpinionsMissing {
            assignments: missing,
        });
    }
    let not_cited: Vec<_> = assisting()
        .filter(|it| it.assisting_opinion.is_some() && !cited.contains(&it.number))
        .map(|it| it.number)
        .collect();
    if !not_cited.is_empty() {
        return Err(Refusal::OpinionsNotCited {
            assignments: not_cited,
        });
    }
    Ok(())
}

/// 办结 of the order, if `done` was the last thing that was asked of any unit: what the lead has
/// answered is answered for those that assist it, and every unit that countersigns answers for
/// itself (第十条).
fn with_completion(
    order: &WorkOrder,
    number: AssignmentNumber,
    done: Event,
    facts: &Facts<'_>,
) -> Vec<Event> {
    let is_done = |it: &Assignment| it.number == number || !it.stage.is_open();
    let answering = || order.assignments.iter().filter(|it| it.part.answers());
    let answers_itself = order.assignment(number).is_some_and(|it| it.part.answers());
    let is_place_open = order.open_places().any(|it| it.part.answers());
    let mut events = vec![done];
    if answers_itself && !is_place_open && answering().all(is_done) {
        events.push(facts.event(EventKind::Completed));
    }
    events
}

/// 在办: whether the unit may act on the order itself, signed for or not (决定 I-3、I-4).
pub(super) const WITH_UNIT: &[AssignmentStage] =
    &[AssignmentStage::Delivered, AssignmentStage::SignedFor];
