//! What may be asked about a scheme and the periods assessed by it, and what is kept of it. The JSON form is
//! frozen; variants and fields are only added.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::frozen::{AssessedPeriod, FrozenUnit};
use super::scheme::{AssessmentScheme, DeductedEvent};
use crate::actor::ActorId;
use crate::handling_unit::HandlingUnitId;
use crate::indicators::Indicator;

/// 申诉对象: the number that a unit says is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "target", rename_all = "snake_case")]
pub enum AppealTarget {
    /// How an item of an indicator counts.
    Item {
        indicator: Indicator,
        /// [`crate::indicators::ItemId::text`].
        item: String,
        /// With how many points it was counted; `None` where it was not.
        points: Option<u32>,
    },
    /// A deduction, by the number of the case.
    Deduction {
        event: DeductedEvent,
        number: String,
    },
}

/// 更正方式 of an appeal that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AppealCorrection {
    /// 剔除: it does not count.
    LeftOut,
    /// 按达标计: it counts, and for the unit.
    InFavour,
}

impl AppealCorrection {
    pub const ALL: [Self; 2] = [Self::LeftOut, Self::InFavour];
}

/// 考核命令.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum AssessmentCommand {
    /// 起草方案.
    Draft {
        number: String,
        scheme: AssessmentScheme,
    },
    /// 修改方案, before it is announced.
    Revise { scheme: AssessmentScheme },
    /// 公布方案, before the periods it is for.
    Announce { document: String },
    /// 停用方案: no period is assessed by it any more.
    Withdraw { reason: String },
    /// 计数: what the period came to is laid by. Again, until it is put out.
    Count {
        period: AssessedPeriod,
        /// 统计时点.
        #[serde(with = "chrono::serde::ts_milliseconds")]
        counted_at: DateTime<Utc>,
        units: Vec<FrozenUnit>,
    },
    /// 公示, with the last day for appeals.
    Publish {
        period: AssessedPeriod,
        appeals_until: NaiveDate,
    },
    /// 申诉, by the unit itself or recorded on its word.
    Appeal {
        period: AssessedPeriod,
        unit: HandlingUnitId,
        target: AppealTarget,
        reason: String,
    },
    /// 采纳申诉.
    Uphold {
        period: AssessedPeriod,
        appeal: u32,
        correction: AppealCorrection,
        reason: String,
    },
    /// 不予采纳.
    Dismiss {
        period: AssessedPeriod,
        appeal: u32,
        reason: String,
    },
    /// 定稿.
    Finalise { period: AssessedPeriod },
    /// 通报.
    Report {
        period: AssessedPeriod,
        document: String,
    },
}

/// 考核命令种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentCommandKind {
    Draft,
    Revise,
    Announce,
    Withdraw,
    Count,
    Publish,
    Appeal,
    Uphold,
    Dismiss,
    Finalise,
    Report,
}

impl AssessmentCommandKind {
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Revise,
        Self::Announce,
        Self::Withdraw,
        Self::Count,
        Self::Publish,
        Self::Appeal,
        Self::Uphold,
        Self::Dismiss,
        Self::Finalise,
        Self::Report,
    ];

    /// Whether it is about one period and not about the scheme.
    pub fn is_of_period(self) -> bool {
        match self {
            Self::Draft | Self::Revise | Self::Announce | Self::Withdraw => false,
            Self::Count
            | Self::Publish
            | Self::Appeal
            | Self::Uphold
            | Self::Dismiss
            | Self::Finalise
            | Self::Report => true,
        }
    }
}

impl AssessmentCommand {
    pub fn kind(&self) -> AssessmentCommandKind {
        use AssessmentCommandKind as K;
        match self {
            Self::Draft { .. } => K::Draft,
            Self::Revise { .. } => K::Revise,
            Self::Announce { .. } => K::Announce,
            Self::Withdraw { .. } => K::Withdraw,
            Self::Count { .. } => K::Count,
            Self::Publish { .. } => K::Publish,
            Self::Appeal { .. } => K::Appeal,
            Self::Uphold { .. } => K::Uphold,
            Self::Dismiss { .. } => K::Dismiss,
            Self::Finalise { .. } => K::Finalise,
            Self::Report { .. } => K::Report,
        }
    }

    /// The period it is about; `None` for what is about the scheme.
    pub fn period(&self) -> Option<AssessedPeriod> {
        match self {
            Self::Draft { .. }
            | Self::Revise { .. }
            | Self::Announce { .. }
            | Self::Withdraw { .. } => None,
            Self::Count { period, .. }
            | Self::Publish { period, .. }
            | Self::Appeal { period, .. }
            | Self::Uphold { period, .. }
            | Self::Dismiss { period, .. }
            | Self::Finalise { period }
            | Self::Report { period, .. } => Some(*period),
        }
    }
}

/// 考核事件.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentEvent {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: AssessmentCommand,
}
