//! 知识命令: what may be asked for an article, and what is kept of it. The JSON form is frozen;
//! variants and fields are only added.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{KbArticleId, KbContent};
use crate::actor::ActorId;

/// 纠错编号 within one article, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReportNumber(pub u32);

/// 差错种类: what a call-taker says is wrong, chosen with one key (第十四条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// 内容有误.
    Wrong,
    /// 已过时.
    Outdated,
    /// 电话打不通.
    DeadPhone,
    /// 缺内容.
    Missing,
    /// 说不清楚.
    Unclear,
}

impl ErrorKind {
    pub const ALL: [Self; 5] = [
        Self::Wrong,
        Self::Outdated,
        Self::DeadPhone,
        Self::Missing,
        Self::Unclear,
    ];
}

/// 单位确认: how the unit stands to what it supplies (谁提供、谁负责、谁更新).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum UnitConfirmation {
    /// By a person of the unit, signed in.
    InPerson,
    /// Told or written to the center, which records who and by what (电话、函号).
    Recorded { name: String, evidence: String },
}

/// 知识命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum KbCommand {
    /// 起草 a new article.
    Draft { content: Box<KbContent> },
    /// 建档: an article that came with the program gets its record, with what it says as the version
    /// that was read until now. Nobody has signed that version.
    Adopt {
        content: Box<KbContent>,
        version: u32,
    },
    /// 修改: the draft, or a draft for the next version where there is none (`base_revision` 0).
    Edit {
        content: Box<KbContent>,
        /// The revision of the draft that the editor saw.
        base_revision: u32,
    },
    /// 另存修改稿 beside a draft that somebody else has changed meanwhile; nothing is overwritten.
    ProposeBeside {
        content: Box<KbContent>,
        /// The version the editor set out from; 0 for none.
        base_version: u32,
    },
    /// 采用修改稿: the draft becomes `content`, in which an editor has put both together.
    TakeProposal {
        proposal: u32,
        content: Box<KbContent>,
        base_revision: u32,
    },
    /// 放弃修改稿.
    DropProposal { proposal: u32, reason: String },
    /// 放弃草稿; what is published stays.
    DiscardDraft { reason: String },
    /// 送单位确认 (第十四条).
    Submit { base_revision: u32 },
    /// 单位确认 (第十四条).
    Confirm { confirmation: UnitConfirmation },
    /// 单位退改.
    RejectByUnit { reason: String },
    /// 审核发布 as the next version (第十四条).
    Publish {
        /// Articles in use that answer the same question otherwise, as the desk found them and
        /// showed them to the reviewer (第十三条).
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        contradicts: Vec<KbArticleId>,
        /// Why it is published all the same; empty where it contradicts none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// 审核退改 (第十四条).
    RejectByCenter { reason: String },
    /// 复核无变化: the unit has checked the version in force and it still holds (第六条(四)).
    Recheck {
        confirmation: UnitConfirmation,
        next_review_on: NaiveDate,
    },
    /// 停用待核: at once, before a correction can be reviewed.
    Suspend { reason: String },
    /// 恢复使用.
    Resume { reason: String },
    /// 废止.
    Withdraw { reason: String },
    /// 由另一条替代.
    Supersede { by: KbArticleId, reason: String },
    /// 并入另一条: one question, one answer (第十三条).
    MergeInto { into: KbArticleId, reason: String },
    /// 纠错: in two key presses during a call (第十四条).
    ReportError {
        kind: ErrorKind,
        /// The version that was read.
        version: u32,
        passage: String,
        note: String,
    },
    /// 补充纠错说明, by whoever reported it and while nobody has answered.
    NoteReport { report: ReportNumber, note: String },
    /// 受理纠错.
    AcceptReport { report: ReportNumber },
    /// 不采纳纠错.
    RejectReport {
        report: ReportNumber,
        reason: String,
    },
}

/// 知识命令种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KbCommandKind {
    Draft,
    Adopt,
    Edit,
    ProposeBeside,
    TakeProposal,
    DropProposal,
    DiscardDraft,
    Submit,
    Confirm,
    RejectByUnit,
    Publish,
    RejectByCenter,
    Recheck,
    Suspend,
    Resume,
    Withdraw,
    Supersede,
    MergeInto,
    ReportError,
    NoteReport,
    AcceptReport,
    RejectReport,
}

impl KbCommandKind {
    pub const ALL: [Self; 22] = [
        Self::Draft,
        Self::Adopt,
        Self::Edit,
        Self::ProposeBeside,
        Self::TakeProposal,
        Self::DropProposal,
        Self::DiscardDraft,
        Self::Submit,
        Self::Confirm,
        Self::RejectByUnit,
        Self::Publish,
        Self::RejectByCenter,
        Self::Recheck,
        Self::Suspend,
        Self::Resume,
        Self::Withdraw,
        Self::Supersede,
        Self::MergeInto,
        Self::ReportError,
        Self::NoteReport,
        Self::AcceptReport,
        Self::RejectReport,
    ];
}

impl KbCommand {
    /// 审核发布 of what contradicts nothing.
    pub fn publish() -> Self {
        Self::Publish {
            contradicts: Vec::new(),
            reason: String::new(),
        }
    }

    pub fn kind(&self) -> KbCommandKind {
        use KbCommandKind as K;
        match self {
            Self::Draft { .. } => K::Draft,
            Self::Adopt { .. } => K::Adopt,
            Self::Edit { .. } => K::Edit,
            Self::ProposeBeside { .. } => K::ProposeBeside,
            Self::TakeProposal { .. } => K::TakeProposal,
            Self::DropProposal { .. } => K::DropProposal,
            Self::DiscardDraft { .. } => K::DiscardDraft,
            Self::Submit { .. } => K::Submit,
            Self::Confirm { .. } => K::Confirm,
            Self::RejectByUnit { .. } => K::RejectByUnit,
            Self::Publish { .. } => K::Publish,
            Self::RejectByCenter { .. } => K::RejectByCenter,
            Self::Recheck { .. } => K::Recheck,
            Self::Suspend { .. } => K::Suspend,
            Self::Resume { .. } => K::Resume,
            Self::Withdraw { .. } => K::Withdraw,
            Self::Supersede { .. } => K::Supersede,
            Self::MergeInto { .. } => K::MergeInto,
            Self::ReportError { .. } => K::ReportError,
            Self::NoteReport { .. } => K::NoteReport,
            Self::AcceptReport { .. } => K::AcceptReport,
            Self::RejectReport { .. } => K::RejectReport,
        }
    }
}

/// 知识事件: a command that was allowed, with when and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KbEvent {
    /// Which article; every event of one record has the same.
    pub article: KbArticleId,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: KbCommand,
}
