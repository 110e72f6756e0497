//! 知识库: what units supply, the center checks, and call-takers read out (第十三条, 第十四条).
//!
//! A [`KbRecord`] is the life of an article: [`decide`] answers a [`KbCommand`] with a [`KbEvent`] or
//! a [`KbRefusal`], [`apply`] folds. What is searched and read is the published view, [`KbArticle`].
//! A [`task::KbTask`] is what a unit is asked to write, bring up to date, check or correct.

mod command;
mod content;
mod decide;
pub mod gap;
pub mod merge;
pub mod offer;
mod record;
mod refusal;
pub mod task;
pub mod usage;
mod verdict;
pub mod words;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use self::command::{
    ErrorKind, KbCommand, KbCommandKind, KbEvent, ReportNumber, UnitConfirmation,
};
pub use self::content::{
    KB_FIELD_MAX_CHARS, KB_PARTS_MAX, KB_TEXT_MAX_CHARS, KB_TITLE_MAX_CHARS, KbContent, KbField,
};
pub use self::decide::{KbFacts, commands_at, decide};
pub use self::record::{
    DraftStage, ErrorReport, KbDraft, KbHolding, KbProposal, KbRecord, KbReturn, KbSignatures,
    KbStanding, KbVersion, ReportOutcome, apply, fold,
};
pub use self::refusal::KbRefusal;
pub use self::verdict::{DistinctVerdict, TwinPair, decide_distinct};

/// 知识条目编号.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KbArticleId(pub String);

/// 知识模板: the four forms in which units supply knowledge (第十三条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KbTemplate {
    /// 办事指南.
    ServiceGuide,
    /// 政策法规.
    Policy,
    /// 政策解读.
    Interpretation,
    /// 民生热点标准答案.
    StandardAnswer,
}

impl KbTemplate {
    pub const ALL: [Self; 4] = [
        Self::ServiceGuide,
        Self::Policy,
        Self::Interpretation,
        Self::StandardAnswer,
    ];
}

/// 知识条目: one published answer with its source and validity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KbArticle {
    pub id: KbArticleId,
    pub template: KbTemplate,
    pub title: String,
    /// 群众的说法: how people ask for it.
    pub questions: Vec<String>,
    /// 标准答案: what is read aloud. Empty where an article is only looked things up in.
    pub answer: String,
    pub sections: Vec<KbSection>,
    /// 责任单位: 谁提供、谁负责、谁更新.
    pub unit: String,
    /// 来源.
    pub source: String,
    /// 三级分类的编号; empty when not classified.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category_id: String,
    /// 适用地点: the township or street it holds for; empty for the whole county.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub township_code: String,
    pub valid_from: Option<NaiveDate>,
    /// 有效期至, the day included; `None` for an article without end.
    pub valid_until: Option<NaiveDate>,
    /// 下次复核日.
    pub next_review_on: Option<NaiveDate>,
}

/// 知识段落: one labelled part of an article, such as 申请材料.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KbSection {
    pub label: String,
    pub text: String,
}

impl KbArticle {
    /// 是否失效 on `date`.
    pub fn is_expired_on(&self, date: NaiveDate) -> bool {
        self.valid_until.is_some_and(|last| date > last)
    }
}
