//! What may be asked about a case, and what is kept of it. The JSON form is frozen; variants and fields
//! are only added.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::SupervisoryGround;
use super::admonition::AdmonishingBody;
use crate::actor::ActorId;
use crate::handling_unit::HandlingUnitId;

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

/// 监督命令种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupervisoryCommandKind {
    Propose,
    AddEvidence,
    Confirm,
    Reject,
    Issue,
    RecordAnswer,
    Close,
}

impl SupervisoryCommandKind {
    pub const ALL: [Self; 7] = [
        Self::Propose,
        Self::AddEvidence,
        Self::Confirm,
        Self::Reject,
        Self::Issue,
        Self::RecordAnswer,
        Self::Close,
    ];
}

impl SupervisoryCommand {
    pub fn kind(&self) -> SupervisoryCommandKind {
        use SupervisoryCommandKind as K;
        match self {
            Self::Propose { .. } => K::Propose,
            Self::AddEvidence { .. } => K::AddEvidence,
            Self::Confirm => K::Confirm,
            Self::Reject { .. } => K::Reject,
            Self::Issue { .. } => K::Issue,
            Self::RecordAnswer { .. } => K::RecordAnswer,
            Self::Close { .. } => K::Close,
        }
    }
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
