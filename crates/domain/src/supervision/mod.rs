//! 监督: 约谈、督办与移送 (第十八条至第二十一条).
//!
//! [`board`] says what of an order somebody has to look after, [`urging`] when a unit is urged without
//! being asked. [`clue`] reads the grounds off the orders, [`admonition`] counts the delays of a unit, and a
//! [`SupervisoryCase`] carries a proposal to its end. Nothing takes effect by itself: a proposal
//! stands on evidence, and another person than the one who made it confirms it.
//!
//! ```text
//! 待确认 Proposed ─┬─ 已确认 Confirmed ── 已发出 Issued ── 有结果 Answered ── 已销号 Closed
//!                 └─ 不予采纳 Rejected
//! ```

pub mod admonition;
pub mod board;
pub mod clue;
mod command;
mod decide;
mod ground;
mod refusal;
pub mod urging;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use self::command::{Evidence, SupervisoryCommand, SupervisoryCommandKind, SupervisoryEvent};
pub use self::decide::{EVIDENCE_MAX, SupervisoryFacts, commands_at, decide};
pub use self::ground::{Measure, SupervisoryGround};
pub use self::refusal::{SupervisoryField, SupervisoryRefusal};
use crate::actor::{Actor, ActorId, Role};
use crate::handling_unit::HandlingUnitId;
use crate::supervision::admonition::{AdmonishingBody, HeldTalk};

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

impl SupervisoryStage {
    pub const ALL: [Self; 6] = [
        Self::Proposed,
        Self::Rejected,
        Self::Confirmed,
        Self::Issued,
        Self::Answered,
        Self::Closed,
    ];
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
    pub proposed_at: DateTime<Utc>,
    pub confirmed_by: Option<ActorId>,
    /// 文号 of what was issued.
    pub document: Option<String>,
    /// 发往单位 of it.
    pub addressee: Option<String>,
    pub issued_at: Option<DateTime<Utc>>,
    pub answer_by: Option<NaiveDate>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answer: Option<String>,
    /// How many events made it.
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
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
            proposed_at: event.occurred_at,
            confirmed_by: None,
            document: None,
            addressee: None,
            issued_at: None,
            answer_by: None,
            answered_at: None,
            answer: None,
            n_events: 1,
            last_event_at: event.occurred_at,
        });
        return;
    }
    #[expect(clippy::expect_used, reason = "decide gives no other history")]
    let case = case
        .as_mut()
        .expect("the first event of a case proposes it");
    case.n_events += 1;
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
            addressee,
            answer_by,
        } => {
            case.stage = SupervisoryStage::Issued;
            case.document = Some(document.clone());
            case.addressee = Some(addressee.clone());
            case.issued_at = Some(event.occurred_at);
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

/// The case that a history makes; `None` for an empty one.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a SupervisoryEvent>) -> Option<SupervisoryCase> {
    let mut case = None;
    for event in events {
        apply(&mut case, event);
    }
    case
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

#[cfg(test)]
mod tests;
