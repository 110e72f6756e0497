//! 监督: 约谈、督办与移送 (第十八条至第二十一条).
//!
//! [`clue`] reads the grounds off the orders, [`admonition`] counts the delays of a unit, and a
//! [`SupervisoryCase`] carries a proposal to its end. Nothing takes effect by itself: a proposal
//! stands on evidence, and another person than the one who made it confirms it.
//!
//! ```text
//! 待确认 Proposed ─┬─ 已确认 Confirmed ── 已发出 Issued ── 有结果 Answered ── 已销号 Closed
//!                 └─ 不予采纳 Rejected
//! ```

pub mod admonition;
pub mod clue;
mod ground;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::ground::{Measure, SupervisoryGround};
use crate::actor::{Actor, ActorId, Role};
use crate::clock_face::date_of;
use crate::handling_unit::HandlingUnitId;
use crate::supervision::admonition::{AdmonishingBody, HeldTalk};

/// 证据: what a proposal stands on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// 工单编号, or the number of an article, a document, an entry of the audit.
    pub number: String,
    pub note: String,
    /// 封存: SHA-256 of what was laid by, in hexadecimal; empty where the number is enough.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sha256: String,
}

/// 监督命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum SupervisoryCommand {
    /// 提出建议.
    Propose {
        number: String,
        ground: SupervisoryGround,
        unit: HandlingUnitId,
        /// 约谈机关, for an admonition (第十九条(一)).
        body: Option<AdmonishingBody>,
        facts: String,
        evidence: Vec<Evidence>,
    },
    /// 补充证据, while it is not confirmed.
    AddEvidence { evidence: Vec<Evidence> },
    /// 确认.
    Confirm,
    /// 不予采纳.
    Reject { reason: String },
    /// 发出: the talk is called, the county government supervises, the case is referred.
    Issue {
        document: String,
        addressee: String,
        /// 限期; the county government always sets one (第二十条).
        answer_by: Option<NaiveDate>,
    },
    /// 记录结果: the talk was held, the unit has answered, the body has decided.
    RecordAnswer {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        answered_at: DateTime<Utc>,
        text: String,
    },
    /// 销号.
    Close { reason: String },
}

/// 监督事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisoryEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: SupervisoryCommand,
}

/// 监督件状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisoryStage {
    /// 待确认.
    Proposed,
    /// 不予采纳.
    Rejected,
    /// 已确认，待发出.
    Confirmed,
    /// 已发出.
    Issued,
    /// 有结果，待销号.
    Answered,
    /// 已销号.
    Closed,
}

/// 监督件, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupervisoryCase {
    pub number: String,
    pub ground: SupervisoryGround,
    pub unit: HandlingUnitId,
    pub body: Option<AdmonishingBody>,
    pub facts: String,
    pub evidence: Vec<Evidence>,
    pub stage: SupervisoryStage,
    pub proposed_by: ActorId,
    pub confirmed_by: Option<ActorId>,
    /// 文号 of what was issued.
    pub document: Option<String>,
    pub answer_by: Option<NaiveDate>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    pub last_event_at: DateTime<Utc>,
}

/// 监督拒绝: why a supervisory command may not be given now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SupervisoryRefusal {
    #[error("the case is proposed already")]
    AlreadyProposed,
    #[error("there is no such case")]
    NotProposed,
    #[error("not possible at stage {stage:?}")]
    WrongStage { stage: SupervisoryStage },
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    /// 建议≠确认.
    #[error("another person has to confirm what one has proposed")]
    SamePerson,
    #[error("a proposal stands on evidence")]
    EvidenceMissing,
    #[error("{what} is empty")]
    TextMissing { what: SupervisoryField },
    /// 第十九条(一): who talks to the unit.
    #[error("an admonition names the body that talks to the unit")]
    BodyMissing,
    /// 第二十条: the county government sets a date.
    #[error("a supervision by the county government has a date for the answer")]
    AnswerDateMissing,
    #[error("the answer is due on {answer_by}, which is not after {today}")]
    AnswerDateOver {
        answer_by: NaiveDate,
        today: NaiveDate,
    },
    #[error("{at} is not between {earliest} and {latest}")]
    TimeImpossible {
        at: DateTime<Utc>,
        earliest: DateTime<Utc>,
        latest: DateTime<Utc>,
    },
}

/// 监督字段: what a refusal points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupervisoryField {
    /// 编号.
    Number,
    /// 事实.
    Facts,
    /// 证据编号.
    EvidenceNumber,
    /// 理由.
    Reason,
    /// 文号.
    Document,
    /// 发往单位.
    Addressee,
    /// 结果.
    Answer,
}

impl std::fmt::Display for SupervisoryField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Answers a command about a case at `now`: the event it causes, or why not.
///
/// # Errors
/// The rule that says no; nothing changes.
pub fn decide(
    case: Option<&SupervisoryCase>,
    command: &SupervisoryCommand,
    now: DateTime<Utc>,
    actor: &Actor,
) -> Result<SupervisoryEvent, SupervisoryRefusal> {
    let measure = match (case, command) {
        (None, SupervisoryCommand::Propose { ground, .. }) => ground.measure(),
        (None, _) => return Err(SupervisoryRefusal::NotProposed),
        (Some(case), _) => case.ground.measure(),
    };
    let roles = permitted_roles(command, measure);
    if !actor.holds_any(roles) {
        return Err(SupervisoryRefusal::NotPermitted { roles });
    }
    if let Some(case) = case {
        check_stage(case, command)?;
        check_person(case, command, actor)?;
    }
    let now = case.map_or(now, |case| now.max(case.last_event_at));
    check_content(case, command, now, measure)?;
    Ok(SupervisoryEvent {
        occurred_at: now,
        actor: actor.id.clone(),
        kind: command.clone(),
    })
}

/// Folds one event into the case.
///
/// # Panics
/// When an event other than a proposal comes first, or a proposal comes twice: [`decide`] gives no
/// such history, so the log is damaged.
pub fn apply(case: &mut Option<SupervisoryCase>, event: &SupervisoryEvent) {
    if let SupervisoryCommand::Propose {
        number,
        ground,
        unit,
        body,
        facts,
        evidence,
    } = &event.kind
    {
        assert!(case.is_none(), "a case is proposed once");
        *case = Some(SupervisoryCase {
            number: number.clone(),
            ground: *ground,
            unit: unit.clone(),
            body: *body,
            facts: facts.clone(),
            evidence: evidence.clone(),
            stage: SupervisoryStage::Proposed,
            proposed_by: event.actor.clone(),
            confirmed_by: None,
            document: None,
            answer_by: None,
            answered_at: None,
            answer: None,
            last_event_at: event.occurred_at,
        });
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let case = case
        .as_mut()
        .expect("the first event of a case proposes it");
    case.last_event_at = event.occurred_at;
    match &event.kind {
        SupervisoryCommand::Propose { .. } => unreachable!("handled above"),
        SupervisoryCommand::AddEvidence { evidence } => {
            case.evidence.extend(evidence.iter().cloned());
        }
        SupervisoryCommand::Confirm => {
            case.stage = SupervisoryStage::Confirmed;
            case.confirmed_by = Some(event.actor.clone());
        }
        SupervisoryCommand::Reject { .. } => case.stage = SupervisoryStage::Rejected,
        SupervisoryCommand::Issue {
            document,
            answer_by,
            ..
        } => {
            case.stage = SupervisoryStage::Issued;
            case.document = Some(document.clone());
            case.answer_by = *answer_by;
        }
        SupervisoryCommand::RecordAnswer { answered_at, text } => {
            case.stage = SupervisoryStage::Answered;
            case.answered_at = Some(*answered_at);
            case.answer = Some(text.clone());
        }
        SupervisoryCommand::Close { .. } => case.stage = SupervisoryStage::Closed,
    }
}

impl SupervisoryCase {
    /// 已完成的约谈, for the count of the next one (决定 I-14); `None` for anything else.
    pub fn held_talk(&self) -> Option<HeldTalk> {
        let is_overdue_talk = self.ground == SupervisoryGround::Overdue;
        let held_at = self.answered_at.filter(|_| is_overdue_talk)?;
        Some(HeldTalk {
            unit: self.unit.clone(),
            held_at,
        })
    }

    /// 逾期未结果: the date for the answer is over on `today`.
    pub fn is_answer_late(&self, today: NaiveDate) -> bool {
        self.stage == SupervisoryStage::Issued && self.answer_by.is_some_and(|last| today > last)
    }

    /// 可见: those who supervise, and of what concerns them the bodies above (第二十一条).
    pub fn is_visible_to(&self, actor: &Actor) -> bool {
        let above: &[Role] = match self.ground.measure() {
            Measure::Admonition | Measure::Referral => &[Role::DisciplineCommission],
            Measure::Supervision => &[Role::CountyOffice],
        };
        let is_issued = self.document.is_some();
        actor.holds_any(&[Role::Supervisor]) || (is_issued && actor.holds_any(above))
    }
}

fn permitted_roles(command: &SupervisoryCommand, measure: Measure) -> &'static [Role] {
    match (command, measure) {
        (SupervisoryCommand::Propose { .. } | SupervisoryCommand::AddEvidence { .. }, _) => {
            &[Role::Reviewer, Role::Supervisor, Role::Center]
        }
        (SupervisoryCommand::Confirm | SupervisoryCommand::Reject { .. }, _) => &[Role::Supervisor],
        (SupervisoryCommand::Issue { .. } | SupervisoryCommand::Close { .. }, measure) => {
            match measure {
                Measure::Admonition | Measure::Referral => &[Role::Supervisor],
                Measure::Supervision => &[Role::CountyOffice],
            }
        }
        (SupervisoryCommand::RecordAnswer { .. }, measure) => match measure {
            Measure::Admonition | Measure::Referral => {
                &[Role::Supervisor, Role::DisciplineCommission]
            }
            Measure::Supervision => &[Role::Supervisor, Role::CountyOffice],
        },
    }
}

fn check_stage(
    case: &SupervisoryCase,
    command: &SupervisoryCommand,
) -> Result<(), SupervisoryRefusal> {
    let from = match command {
        SupervisoryCommand::Propose { .. } => return Err(SupervisoryRefusal::AlreadyProposed),
        SupervisoryCommand::AddEvidence { .. }
        | SupervisoryCommand::Confirm
        | SupervisoryCommand::Reject { .. } => SupervisoryStage::Proposed,
        SupervisoryCommand::Issue { .. } => SupervisoryStage::Confirmed,
        SupervisoryCommand::RecordAnswer { .. } => SupervisoryStage::Issued,
        SupervisoryCommand::Close { .. } => SupervisoryStage::Answered,
    };
    if case.stage == from {
        Ok(())
    } else {
        Err(SupervisoryRefusal::WrongStage { stage: case.stage })
    }
}

/// 建议≠确认 (rules.md 第3节). What the system proposed may be confirmed by any supervisor.
fn check_person(
    case: &SupervisoryCase,
    command: &SupervisoryCommand,
    actor: &Actor,
) -> Result<(), SupervisoryRefusal> {
    match command {
        SupervisoryCommand::Confirm if case.proposed_by == actor.id => {
            Err(SupervisoryRefusal::SamePerson)
        }
        SupervisoryCommand::Propose { .. }
        | SupervisoryCommand::AddEvidence { .. }
        | SupervisoryCommand::Confirm
        | SupervisoryCommand::Reject { .. }
        | SupervisoryCommand::Issue { .. }
        | SupervisoryCommand::RecordAnswer { .. }
        | SupervisoryCommand::Close { .. } => Ok(()),
    }
}

fn check_content(
    case: Option<&SupervisoryCase>,
    command: &SupervisoryCommand,
    now: DateTime<Utc>,
    measure: Measure,
) -> Result<(), SupervisoryRefusal> {
    match command {
        SupervisoryCommand::Propose {
            number,
            body,
            facts,
            evidence,
            ..
        } => {
            required(SupervisoryField::Number, number)?;
            required(SupervisoryField::Facts, facts)?;
            if measure == Measure::Admonition && body.is_none() {
                return Err(SupervisoryRefusal::BodyMissing);
            }
            check_evidence(evidence)
        }
        SupervisoryCommand::AddEvidence { evidence } => check_evidence(evidence),
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

fn check_evidence(evidence: &[Evidence]) -> Result<(), SupervisoryRefusal> {
    if evidence.is_empty() {
        return Err(SupervisoryRefusal::EvidenceMissing);
    }
    evidence
        .iter()
        .try_for_each(|it| required(SupervisoryField::EvidenceNumber, &it.number))
}

fn required(what: SupervisoryField, text: &str) -> Result<(), SupervisoryRefusal> {
    if text.trim().is_empty() {
        Err(SupervisoryRefusal::TextMissing { what })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
