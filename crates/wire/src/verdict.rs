//! 裁定: what the center made of an intent. Every intent has exactly one.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::story::Story;

/// 已采纳: what happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub story: Story,
    /// When it counts as done: the time that `domain::desk_clock` made of the desk's clocks.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub acted_at: DateTime<Utc>,
    /// The version that the person saw, and the one it was decided on. Where they differ others
    /// had acted meanwhile.
    pub seen_version: u32,
    pub current_version: u32,
    /// What a person should look at all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<Flag>,
}

/// 提示: what is odd about something that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// 时钟存疑: the desk's clock was wrong; the time is the center's.
    ClockDoubtful,
    /// 疑似重复: the same caller brought the same matter, and both were taken (决定 I-15).
    PossibleRepeat { number: String },
    /// 编号重复: another order bears the same number.
    NumberTwice { subject: String },
    /// 引用已停用知识.
    CitesRetiredArticle { article: String },
    /// 另存为修改稿: somebody else was quicker, and nothing was overwritten.
    KeptBeside,
    /// 规则集不同: the center decided by other rules than the desk.
    OtherRuleSet,
    /// 原岗位权限: what was told had happened while the person still had the right to tell it.
    FormerRights,
}

/// 未采纳, with what a person has to settle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub conflict: Conflict,
    /// The rule that said no, in English, for the log and for support.
    pub rule: String,
    pub seen_version: u32,
    pub current_version: u32,
    /// 留存: what the person wrote, where it is worth keeping with the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// 留存: the command as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub kind: String,
    pub command: String,
    /// When it counts as done, as in [`Accepted`]; `None` in what was written before it was noted.
    #[serde(
        default,
        with = "chrono::serde::ts_milliseconds_option",
        skip_serializing_if = "Option::is_none"
    )]
    pub acted_at: Option<DateTime<Utc>>,
}

/// 冲突: what came between. Says who has to settle what (sync.md, the conflict table).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Conflict {
    /// 没有此单: its registration was not taken, or its desk never sent it.
    NotThere,
    /// 重复派单: to the same unit; settled by itself, both are named.
    AlreadyDispatched,
    /// 已派他处: the shift lead keeps it or dispatches anew.
    DispatchedElsewhere,
    /// 不在该单位: it was taken back or given to another.
    NotWithUnit,
    /// 延期重复: another extension stands or was asked for.
    StaleExtension,
    /// 轮次已变: it was dispatched anew since.
    WrongRound,
    /// 已办结: nothing is to be done any more but to add.
    Closed,
    /// 已并入 another order.
    Merged,
    /// 已由他人处理: the same step was taken by somebody else; settled by itself.
    DoneAlready,
    /// 环节已变: the order has gone on to where this is not done.
    StageChanged,
    /// 无权限: the right was withdrawn; the supervisor may take it over.
    NotAuthorised,
    /// 条目已变: somebody else changed the article.
    ArticleChanged,
    /// 内容不符: the rules at the center do not let this content through.
    ContentRefused,
}

impl Conflict {
    pub const ALL: [Self; 13] = [
        Self::NotThere,
        Self::AlreadyDispatched,
        Self::DispatchedElsewhere,
        Self::NotWithUnit,
        Self::StaleExtension,
        Self::WrongRound,
        Self::Closed,
        Self::Merged,
        Self::DoneAlready,
        Self::StageChanged,
        Self::NotAuthorised,
        Self::ArticleChanged,
        Self::ContentRefused,
    ];

    /// Whether nobody has to do anything: what was wanted is so.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::AlreadyDispatched | Self::DoneAlready)
    }
}

/// 事后事实: it happened, but no rule has a place for it any more. Never refused, kept as it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateFact {
    pub conflict: Conflict,
    pub rule: String,
    pub seen_version: u32,
    pub current_version: u32,
    pub told: Kept,
}

/// 暂存: this center cannot read it yet. It is kept, and decided after the center's update.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parked {
    pub because: String,
}
