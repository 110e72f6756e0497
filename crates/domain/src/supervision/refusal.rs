//! Why a command about a case is not done.

use chrono::{DateTime, NaiveDate, Utc};
use thiserror::Error;

use super::SupervisoryStage;
use crate::actor::Role;
use crate::handling_unit::HandlingUnitId;

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
    /// More pieces than a reader can go through.
    #[error("more than {max} pieces of evidence")]
    EvidenceTooMuch { max: usize },
    #[error("there is no unit {unit:?}")]
    UnitUnknown { unit: HandlingUnitId },
    #[error("{what} is empty")]
    TextMissing { what: SupervisoryField },
    #[error("{what} is longer than {max_chars} characters")]
    TextTooLong {
        what: SupervisoryField,
        max_chars: usize,
    },
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
    /// 证据说明.
    EvidenceNote,
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
