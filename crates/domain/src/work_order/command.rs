//! What a person may ask for. Stored in intents: the JSON form is frozen; variants and fields are
//! only added.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::handling_unit::HandlingUnitId;
use crate::kb::KbArticleId;
use crate::matter::Matter;
use crate::out_of_scope::{EmergencyLine, OutOfScopeClass};

/// 命令: one act that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 登记 (第九条).
    Register { number: String, matter: Box<Matter> },
    /// 当场答复.
    AnswerOnTheSpot {
        answer: String,
        article: Option<CitedArticle>,
    },
    /// 不予受理 (第八条).
    RefuseOutOfScope {
        class: OutOfScopeClass,
        guidance: String,
        legal_basis: String,
    },
    /// 转紧急热线 (第八条(三)): put through first, recorded after.
    TransferToEmergency { line: EmergencyLine, note: String },
    /// 派单 (第十条, 第十一条(一)).
    Dispatch {
        unit: HandlingUnitId,
        opinion: String,
    },
    /// 记录电话送达 of a special matter (决定 I-19).
    RecordDelivery {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        delivered_at: DateTime<Utc>,
        answered_by: String,
        phone: String,
    },
}

/// 引用知识: the article and version an answer was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedArticle {
    pub id: KbArticleId,
    pub version: u32,
}

/// 命令种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandKind {
    Register,
    AnswerOnTheSpot,
    RefuseOutOfScope,
    TransferToEmergency,
    Dispatch,
    RecordDelivery,
}

impl CommandKind {
    pub const ALL: [Self; 6] = [
        Self::Register,
        Self::AnswerOnTheSpot,
        Self::RefuseOutOfScope,
        Self::TransferToEmergency,
        Self::Dispatch,
        Self::RecordDelivery,
    ];

    /// Whether the command tells of something that happened and so can never be refused later,
    /// only flagged (the two lanes of sync).
    pub fn is_fact(self) -> bool {
        match self {
            Self::Register | Self::RecordDelivery => true,
            Self::AnswerOnTheSpot
            | Self::RefuseOutOfScope
            | Self::TransferToEmergency
            | Self::Dispatch => false,
        }
    }
}

impl Command {
    pub fn kind(&self) -> CommandKind {
        match self {
            Self::Register { .. } => CommandKind::Register,
            Self::AnswerOnTheSpot { .. } => CommandKind::AnswerOnTheSpot,
            Self::RefuseOutOfScope { .. } => CommandKind::RefuseOutOfScope,
            Self::TransferToEmergency { .. } => CommandKind::TransferToEmergency,
            Self::Dispatch { .. } => CommandKind::Dispatch,
            Self::RecordDelivery { .. } => CommandKind::RecordDelivery,
        }
    }
}
