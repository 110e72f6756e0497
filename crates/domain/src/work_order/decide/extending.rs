//! 延期: the unit asks, the county reviews, the city grants (第五条(三), 第十一条(三)及末款,
//! 决定 I-8、I-9).

use chrono::NaiveTime;

use super::dispatching::before_lead;
use super::sending_back::check_not_dispatcher;
use super::{Facts, conceivable_at, named, recorded_at, required};
use crate::clock_face::at;
use crate::extension::{
    ExtensionAsk, ExtensionRefusal, ExtensionRequest, GrantedExtension, propose_extension,
};
use crate::refusal::{Field, Refusal};
use crate::time_limit::{LimitKind, TimeLimit};
use crate::work_order::{
    Assignment, Command, CommandKind, Event, EventKind, Explained, ExtensionCase, ExtensionStage,
    LimitMove, Part, WorkOrder,
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
        Command::RequestExtension {
            assignment,
            ask,
            reason,
        } => request(order, named(order, *assignment)?, ask, reason, facts),
        Command::ReviewExtension {
            assignment,
            is_forwarded,
            reason,
        } => {
            let assignment = named(order, *assignment)?;
            check_not_dispatcher(assignment, CommandKind::ReviewExtension, facts)?;
            Ok(vec![facts.event(EventKind::ExtensionReviewed {
                assignment: assignment.number,
                is_forwarded: *is_forwarded,
                reason: required(Field::Reason, reason)?,
            })])
        }
        Command::RecordCityRuling {
            assignment,
            granted_until,
            document,
        } => {
            let assignment = named(order, *assignment)?;
            let document = required(Field::Document, document)?;
            let granted_until = granted_until.map(|at| conceivable_at(at, facts));
            let granted_until = granted_until.transpose()?;
            city_ruled(order, assignment, granted_until, document, facts)
        }
        Command::ExplainExtension {
            assignment,
            explained,
        } => {
            let assignment = named(order, *assignment)?;
            Ok(vec![facts.event(EventKind::ExtensionExplained {
                assignment: assignment.number,
                explained: checked_explanation(order, explained, facts)?,
            })])
        }
        _ => unreachable!("a command of another file"),
    }
}

fn request(
    order: &WorkOrder,
    assignment: &Assignment,
    ask: &ExtensionAsk,
    reason: &str,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let reason = required(Field::Reason, reason)?;
    if let ExtensionAsk::Statutory { last_day, .. } = ask {
        conceivable_at(at(*last_day, NaiveTime::MIN), facts)?;
    }
    // Not running: the answer was given, or nothing was delivered, which the stage excludes.
    let limit = assignment
        .running_limit(LimitKind::Handle)
        .ok_or(Refusal::NoExtension {
            command: CommandKind::RequestExtension,
        })?;
    let request = ExtensionRequest {
        requested_at: facts.now,
        ask: ask.clone(),
    };
    let proposed = propose_extension(
        limit,
        order.matter.kind,
        assignment.n_extensions_granted,
        &request,
        facts.calendar,
        facts.rule_set_of(order),
    )?;
    Ok(vec![facts.event(EventKind::ExtensionRequested {
        assignment: assignment.number,
        ask: ask.clone(),
        reason,
        lane: proposed.lane,
        proposed_due_at: proposed.due_at,
    })])
}

/// 市批复: the date that the city gives holds, whenever it comes (决定 I-8、I-9). Those that assist
/// the lead have as much more time.
fn city_ruled(
    order: &WorkOrder,
    assignment: &Assignment,
    granted_until: Option<chrono::DateTime<chrono::Utc>>,
    document: String,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let lane = assignment.extension.as_ref().map(|case| case.lane);
    let mut events = vec![facts.event(EventKind::CityRuled {
        assignment: assignment.number,
        granted_until,
        document,
    })];
    let (Some(due_at), Some(lane)) = (granted_until, lane) else {
        return Ok(events);
    };
    let Some((limit, _)) = assignment.limit(LimitKind::Handle) else {
        return Ok(events);
    };
    if due_at <= limit.due_at {
        return Err(ExtensionRefusal::NotLonger.into());
    }
    let extension = GrantedExtension {
        lane,
        granted_at: facts.now,
        due_at,
    };
    let moved = |number, limit: &TimeLimit, extension| {
        let rule_set = facts.rule_set_of(order);
        let after = limit.with_extension(extension, facts.calendar, rule_set);
        facts.limit_moved(Some(number), (limit, after), LimitMove::Extended)
    };
    events.extend(moved(assignment.number, limit, extension));
    if assignment.part == Part::Lead {
        for assisting in order.open_assignments() {
            let Some(limit) = assisting.running_limit(LimitKind::Assist) else {
                continue;
            };
            let due_at = before_lead(limit, due_at, facts.calendar, facts.rule_set_of(order));
            if due_at > limit.due_at {
                let extension = GrantedExtension {
                    due_at,
                    ..extension
                };
                events.extend(moved(assisting.number, limit, extension));
            }
        }
    }
    Ok(events)
}

fn checked_explanation(
    order: &WorkOrder,
    explained: &Explained,
    facts: &Facts<'_>,
) -> Result<Explained, Refusal> {
    Ok(match explained {
        Explained::ToCaller {
            explained_at,
            method,
        } => Explained::ToCaller {
            explained_at: recorded_at(Field::Time, *explained_at, order.registered_at, facts)?,
            method: required(Field::Method, method)?,
        },
        Explained::NotPossible { reason } => Explained::NotPossible {
            reason: required(Field::Reason, reason)?,
        },
    })
}

/// Whether the extension of the assignment stands where the command starts from.
pub(super) fn check_extension(
    assignment: &Assignment,
    command: CommandKind,
    stage: ExtensionStage,
) -> Result<(), Refusal> {
    let is_there = |case: &ExtensionCase| case.stage == stage;
    if assignment.extension.as_ref().is_some_and(is_there) {
        Ok(())
    } else {
        Err(Refusal::NoExtension { command })
    }
}
