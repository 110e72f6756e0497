//! What the rules say to a command about a case (第十九条至第二十一条, rules.md 第3节).

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};

use super::{
    Evidence, Measure, SupervisoryCase, SupervisoryCommand, SupervisoryCommandKind,
    SupervisoryEvent, SupervisoryField, SupervisoryRefusal, SupervisoryStage,
};
use crate::actor::{Actor, Role};
use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnits;

/// 证据 of one case at most: those of a unit's year are some hundred.
pub const EVIDENCE_MAX: usize = 1_000;
/// A number, a note, the name of a document.
const LINE_MAX_CHARS: usize = 200;
/// What is written in full.
const TEXT_MAX_CHARS: usize = 5_000;

/// 判断依据 of a case.
#[derive(Debug, Clone, Copy)]
pub struct SupervisoryFacts<'a> {
    pub now: DateTime<Utc>,
    pub actor: &'a Actor,
    pub units: &'a HandlingUnits,
}

/// Answers a command about a case: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    case: Option<&SupervisoryCase>,
    command: &SupervisoryCommand,
    facts: &SupervisoryFacts<'_>,
) -> Result<SupervisoryEvent, SupervisoryRefusal> {
    let measure = match (case, command) {
        (None, SupervisoryCommand::Propose { ground, .. }) => ground.measure(),
        (None, _) => return Err(SupervisoryRefusal::NotProposed),
        (Some(case), _) => case.ground.measure(),
    };
    check_allowed(case, command.kind(), measure, facts.actor)?;
    let now = facts.now.trunc_subsecs(3);
    let now = case.map_or(now, |case| now.max(case.last_event_at));
    check_content(case, command, now, measure, facts.units)?;
    Ok(SupervisoryEvent {
        occurred_at: now,
        actor: facts.actor.id.clone(),
        kind: command.clone(),
    })
}

/// 可用命令: every command about the case, and for each one that may not be given now the reason.
pub fn commands_at(
    case: &SupervisoryCase,
    actor: &Actor,
) -> impl Iterator<Item = (SupervisoryCommandKind, Option<SupervisoryRefusal>)> {
    let measure = case.ground.measure();
    SupervisoryCommandKind::ALL.iter().map(move |kind| {
        let refusal = check_allowed(Some(case), *kind, measure, actor).err();
        (*kind, refusal)
    })
}

/// What can be said of a command without its content.
fn check_allowed(
    case: Option<&SupervisoryCase>,
    command: SupervisoryCommandKind,
    measure: Measure,
    actor: &Actor,
) -> Result<(), SupervisoryRefusal> {
    let roles = permitted_roles(command, measure);
    if !actor.holds_any(roles) {
        return Err(SupervisoryRefusal::NotPermitted { roles });
    }
    let Some(case) = case else {
        return Ok(());
    };
    check_stage(case, command)?;
    // 建议≠确认 (rules.md 第3节). What the system proposed may be confirmed by any supervisor.
    if command == SupervisoryCommandKind::Confirm && case.proposed_by == actor.id {
        return Err(SupervisoryRefusal::SamePerson);
    }
    Ok(())
}

fn permitted_roles(command: SupervisoryCommandKind, measure: Measure) -> &'static [Role] {
    use SupervisoryCommandKind as K;
    match (command, measure) {
        (K::Propose | K::AddEvidence, _) => &[Role::Reviewer, Role::Supervisor, Role::Center],
        (K::Confirm | K::Reject, _)
        | (K::Issue | K::Close, Measure::Admonition | Measure::Referral) => &[Role::Supervisor],
        (K::Issue | K::Close, Measure::Supervision) => &[Role::CountyOffice],
        (K::RecordAnswer, Measure::Admonition | Measure::Referral) => {
            &[Role::Supervisor, Role::DisciplineCommission]
        }
        (K::RecordAnswer, Measure::Supervision) => &[Role::Supervisor, Role::CountyOffice],
    }
}

fn check_stage(
    case: &SupervisoryCase,
    command: SupervisoryCommandKind,
) -> Result<(), SupervisoryRefusal> {
    use SupervisoryCommandKind as K;
    let from = match command {
        K::Propose => return Err(SupervisoryRefusal::AlreadyProposed),
        K::AddEvidence | K::Confirm | K::Reject => SupervisoryStage::Proposed,
        K::Issue => SupervisoryStage::Confirmed,
        K::RecordAnswer => SupervisoryStage::Issued,
        K::Close => SupervisoryStage::Answered,
    };
    if case.stage == from {
        Ok(())
    } else {
        Err(SupervisoryRefusal::WrongStage { stage: case.stage })
    }
}

fn check_content(
    case: Option<&SupervisoryCase>,
    command: &SupervisoryCommand,
    now: DateTime<Utc>,
    measure: Measure,
    units: &HandlingUnits,
) -> Result<(), SupervisoryRefusal> {
    match command {
        SupervisoryCommand::Propose {
            number,
            ground: _,
            unit,
            body,
            facts,
            evidence,
        } => {
            required(SupervisoryField::Number, number)?;
            required(SupervisoryField::Facts, facts)?;
            if units.get(unit).is_none() {
                return Err(SupervisoryRefusal::UnitUnknown { unit: unit.clone() });
            }
            if measure == Measure::Admonition && body.is_none() {
                return Err(SupervisoryRefusal::BodyMissing);
            }
            check_evidence(0, evidence)
        }
        SupervisoryCommand::AddEvidence { evidence } => {
            check_evidence(case.map_or(0, |case| case.evidence.len()), evidence)
        }
        SupervisoryCommand::Confirm => Ok(()),
        SupervisoryCommand::Reject { reason } | SupervisoryCommand::Close { reason } => {
            required(SupervisoryField::Reason, reason)
        }
        SupervisoryCommand::Issue {
            document,
            addressee,
            answer_by,
        } => {
            required(SupervisoryField::Document, document)?;
            required(SupervisoryField::Addressee, addressee)?;
            check_answer_date(*answer_by, date_of(now), measure)
        }
        SupervisoryCommand::RecordAnswer { answered_at, text } => {
            required(SupervisoryField::Answer, text)?;
            let earliest = case.map_or(now, |case| case.last_event_at);
            if *answered_at < earliest || *answered_at > now {
                return Err(SupervisoryRefusal::TimeImpossible {
                    at: *answered_at,
                    earliest,
                    latest: now,
                });
            }
            Ok(())
        }
    }
}

fn check_answer_date(
    answer_by: Option<NaiveDate>,
    today: NaiveDate,
    measure: Measure,
) -> Result<(), SupervisoryRefusal> {
    match answer_by {
        None if measure == Measure::Supervision => Err(SupervisoryRefusal::AnswerDateMissing),
        Some(answer_by) if answer_by <= today => {
            Err(SupervisoryRefusal::AnswerDateOver { answer_by, today })
        }
        None | Some(_) => Ok(()),
    }
}

fn check_evidence(n_before: usize, evidence: &[Evidence]) -> Result<(), SupervisoryRefusal> {
    if evidence.is_empty() {
        return Err(SupervisoryRefusal::EvidenceMissing);
    }
    if n_before + evidence.len() > EVIDENCE_MAX {
        return Err(SupervisoryRefusal::EvidenceTooMuch { max: EVIDENCE_MAX });
    }
    evidence.iter().try_for_each(|it| {
        required(SupervisoryField::EvidenceNumber, &it.number)?;
        short(SupervisoryField::EvidenceNote, &it.note)
    })
}

fn required(what: SupervisoryField, text: &str) -> Result<(), SupervisoryRefusal> {
    if text.trim().is_empty() {
        return Err(SupervisoryRefusal::TextMissing { what });
    }
    short(what, text)
}

fn short(what: SupervisoryField, text: &str) -> Result<(), SupervisoryRefusal> {
    use SupervisoryField as F;
    let max_chars = match what {
        F::Number | F::EvidenceNumber | F::EvidenceNote | F::Document | F::Addressee => {
            LINE_MAX_CHARS
        }
        F::Facts | F::Reason | F::Answer => TEXT_MAX_CHARS,
    };
    if text.chars().count() > max_chars {
        return Err(SupervisoryRefusal::TextTooLong { what, max_chars });
    }
    Ok(())
}
