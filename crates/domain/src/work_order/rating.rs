//! 评价与甄别: what the city's call-back found, and what the unit holds against it (第十二条).
//!
//! The county never writes a rating; it imports the city's.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// 满意度, as the city's call-back asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Satisfaction {
    /// 非常满意.
    VerySatisfied,
    /// 满意.
    Satisfied,
    /// 基本满意.
    FairlySatisfied,
    /// 不满意.
    Dissatisfied,
    /// 非常不满意.
    VeryDissatisfied,
}

impl Satisfaction {
    pub const ALL: [Self; 5] = [
        Self::VerySatisfied,
        Self::Satisfied,
        Self::FairlySatisfied,
        Self::Dissatisfied,
        Self::VeryDissatisfied,
    ];

    /// 不满意: what a unit may have screened (第十二条(一)).
    pub fn is_bad(self) -> bool {
        match self {
            Self::Dissatisfied | Self::VeryDissatisfied => true,
            Self::VerySatisfied | Self::Satisfied | Self::FairlySatisfied => false,
        }
    }

    /// 加权分 of 100 (rules.md 第6节).
    pub fn points(self) -> u32 {
        match self {
            Self::VerySatisfied | Self::Satisfied => 100,
            Self::FairlySatisfied => 80,
            Self::Dissatisfied | Self::VeryDissatisfied => 0,
        }
    }
}

/// 解决情况, as the caller says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Solved {
    /// 已解决.
    Yes,
    /// 部分解决.
    Partly,
    /// 未解决.
    No,
}

impl Solved {
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];
}

/// 不满意原因 (第十九条(二)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DissatisfactionReason {
    /// 虚假答复.
    FalseAnswer,
    /// 敷衍.
    Perfunctory,
    /// 答非所问.
    BesideThePoint,
    /// 办理慢.
    Slow,
    /// 态度差.
    Attitude,
    /// 诉求未解决.
    NotSolved,
    /// 其他.
    Other,
}

impl DissatisfactionReason {
    pub const ALL: [Self; 7] = [
        Self::FalseAnswer,
        Self::Perfunctory,
        Self::BesideThePoint,
        Self::Slow,
        Self::Attitude,
        Self::NotSolved,
        Self::Other,
    ];
}

/// 评价: one rating of the city (第十二条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRecord {
    pub satisfaction: Satisfaction,
    pub solved: Solved,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<DissatisfactionReason>,
    pub note: String,
    /// When the caller was asked; its month is the one that the screening is cut off by (决定 I-11).
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub rated_at: DateTime<Utc>,
}

/// 甄别: how a disputed rating stands (第十二条(一)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screening {
    pub requested_at: DateTime<Utc>,
    pub reason: String,
    /// 过原则期的说明; empty when it was not needed.
    pub late_reason: String,
    pub evidence: Vec<String>,
    pub stage: ScreeningStage,
    /// When it came to that stage.
    pub stage_since: DateTime<Utc>,
}

/// 甄别环节.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ScreeningStage {
    /// 待县初审.
    CountyReview,
    /// 待补证.
    AwaitingEvidence,
    /// 待市裁.
    CityRuling,
    /// 初审不予上报.
    DeniedByCounty,
    /// 甄别成功: the rating does not count.
    Removed,
    /// 甄别不成立: the rating stands.
    Upheld,
}

impl ScreeningStage {
    /// Whether somebody still has to act.
    pub fn is_pending(self) -> bool {
        match self {
            Self::CountyReview | Self::AwaitingEvidence | Self::CityRuling => true,
            Self::DeniedByCounty | Self::Removed | Self::Upheld => false,
        }
    }
}

/// 甄别初审意见 (第五条(四), 第十二条(一)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScreeningReview {
    /// 报市.
    Forward,
    /// 不予上报.
    Deny,
    /// 需补证.
    AskEvidence,
}

impl ScreeningReview {
    pub const ALL: [Self; 3] = [Self::Forward, Self::Deny, Self::AskEvidence];
}

/// 归档结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArchiveOutcome {
    /// 满意归档.
    Satisfied,
    /// 不满意归档.
    Dissatisfied,
    /// 甄别成功，评价剔除.
    RatingRemoved,
    /// 未评价归档.
    NotRated,
}
