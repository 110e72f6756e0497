//! 知识拒绝: why a command about an article is not done. Nothing changes then.

use chrono::NaiveDate;
use thiserror::Error;

use super::{DraftStage, KbArticleId, KbCommandKind, KbField, ReportNumber};
use crate::actor::{ActorId, Role};

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KbRefusal {
    /// 已有此条.
    #[error("there is such an article already")]
    AlreadyThere,
    /// 没有此条.
    #[error("there is no such article")]
    NotThere,
    /// 无此权限.
    #[error("{command:?} needs one of {roles:?}")]
    NotPermitted {
        command: KbCommandKind,
        roles: &'static [Role],
    },
    /// 不是责任单位的人.
    #[error("the article is another unit's")]
    NotYourUnit,
    /// 审核人不得改过此稿、也不得代记单位确认 (第十四条多方校核).
    #[error("the reviewer has edited this draft or recorded its confirmation")]
    OwnDraft,
    /// 没有草稿.
    #[error("there is no draft")]
    NoDraft,
    /// 草稿正在确认或审核，或尚未到这一步.
    #[error("not possible while the draft is {stage:?}")]
    WrongDraftStage { stage: DraftStage },
    /// 草稿已被他人修改.
    #[error("{by:?} has made revision {current_revision} of the draft")]
    StaleDraft { by: ActorId, current_revision: u32 },
    /// 没有这份修改稿.
    #[error("there is no such proposal")]
    NoSuchProposal,
    /// 必填未填.
    #[error("{missing:?} must be filled")]
    Incomplete { missing: Vec<KbField> },
    /// 过长.
    #[error("{field:?} has {n_chars} characters, {max_chars} are allowed")]
    TextTooLong {
        field: KbField,
        max_chars: usize,
        n_chars: usize,
    },
    /// 过多.
    #[error("more than {max} of {field:?}")]
    TooManyParts { field: KbField, max: usize },
    /// 日期矛盾.
    #[error("the dates of {field:?} contradict each other")]
    DatesContradict { field: KbField },
    /// 复核日已过.
    #[error("the next review on {next_review_on} is not after {today}")]
    ReviewNotAhead {
        next_review_on: NaiveDate,
        today: NaiveDate,
    },
    /// 有效期已过.
    #[error("valid until {valid_until}, which is before {today}")]
    AlreadyExpired {
        valid_until: NaiveDate,
        today: NaiveDate,
    },
    /// 与别的条目口径不一致而没有说明理由 (第十三条: one question, one answer).
    #[error("{articles:?} answer the same question otherwise, and no reason is given")]
    Contradicts { articles: Vec<KbArticleId> },
    /// 认定非同一事项须由知识库的人.
    #[error("a verdict on twins needs one of {roles:?}")]
    VerdictNotPermitted { roles: &'static [Role] },
    /// 没有改动.
    #[error("nothing is changed")]
    NothingChanged,
    /// 尚未发布.
    #[error("nothing is published")]
    NotPublished,
    /// 不在使用中: withdrawn, superseded or merged.
    #[error("the article is no longer in use")]
    NotInUse,
    /// 未停用.
    #[error("the article is not suspended")]
    NotSuspended,
    /// 已停用.
    #[error("the article is suspended already")]
    AlreadySuspended,
    /// 不能由自身替代或并入自身.
    #[error("an article cannot take its own place")]
    SameArticle,
    /// 没有这个版本.
    #[error("there is no version {version}")]
    NoSuchVersion { version: u32 },
    /// 没有这条纠错.
    #[error("there is no report {report:?}")]
    NoSuchReport { report: ReportNumber },
    /// 不是本人报的纠错.
    #[error("somebody else reported it")]
    NotYourReport,
    /// 纠错已处理.
    #[error("the report is answered")]
    ReportAnswered,
}
