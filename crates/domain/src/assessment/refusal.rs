//! Why a command about a scheme or a period is not done.

use chrono::NaiveDate;
use thiserror::Error;

use super::record::{RoundStage, SchemeStage};
use super::scheme::SchemeRefusal;
use crate::actor::Role;
use crate::handling_unit::HandlingUnitId;

/// 考核拒绝: why a command of the assessment may not be given now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AssessmentRefusal {
    #[error("the scheme is drafted already")]
    AlreadyDrafted,
    #[error("there is no such scheme")]
    NotDrafted,
    #[error("not possible at stage {stage:?} of the scheme")]
    WrongStage { stage: SchemeStage },
    #[error("the period has not been counted")]
    NotCounted,
    #[error("not possible at stage {stage:?} of the period")]
    WrongRoundStage { stage: RoundStage },
    #[error("needs one of {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    /// Whoever is of a unit appeals for it and for no other.
    #[error("it is another unit's")]
    NotYourUnit,
    /// 建议≠确认.
    #[error("another person has to confirm it")]
    SamePerson,
    #[error(transparent)]
    Scheme(#[from] SchemeRefusal),
    /// A scheme is announced before the periods it is for.
    #[error("{effective_from} is not after {today}")]
    EffectiveTooEarly {
        effective_from: NaiveDate,
        today: NaiveDate,
    },
    #[error("a period is not assessed to its end yet")]
    RoundOpen,
    #[error("no calendar has the period")]
    PeriodUnknown,
    #[error("the scheme is for periods from {effective_from} on")]
    PeriodBeforeScheme { effective_from: NaiveDate },
    #[error("the period ends on {last}")]
    PeriodNotOver { last: NaiveDate },
    /// What was counted is not by the scheme.
    #[error("what was counted of {unit:?} is not by the scheme")]
    NotByScheme { unit: HandlingUnitId },
    #[error("no unit, or more than {max}")]
    UnitsOutOfBounds { max: usize },
    #[error("there is no unit {unit:?}, or it stands twice")]
    UnitUnknown { unit: HandlingUnitId },
    /// The window for appeals begins today and ends.
    #[error("{until} is not between the day after {today} and {max_days} days later")]
    AppealsUntilImpossible {
        until: NaiveDate,
        today: NaiveDate,
        max_days: u32,
    },
    #[error("appeals were possible until {until}")]
    AppealsOver { until: NaiveDate },
    #[error("appeals are possible until {until}")]
    AppealsRunning { until: NaiveDate },
    #[error("{n} appeals are not ruled on")]
    AppealsOpen { n: usize },
    #[error("more than {max} appeals")]
    AppealsTooMany { max: usize },
    /// The unit has said so already, and it was not turned down.
    #[error("appeal {number} says the same")]
    AppealedAlready { number: u32 },
    #[error("nothing of the kind was counted of the unit")]
    TargetUnknown,
    #[error("there is no appeal {number}")]
    AppealUnknown { number: u32 },
    #[error("appeal {number} is ruled on")]
    AppealRuled { number: u32 },
    /// What does not count cannot be left out; a deduction can only be.
    #[error("the correction does not fit what was appealed against")]
    CorrectionImpossible,
    #[error("{what} is empty")]
    TextMissing { what: AssessmentField },
    #[error("{what} is longer than {max_chars} characters")]
    TextTooLong {
        what: AssessmentField,
        max_chars: usize,
    },
}

/// 考核字段: what a refusal points at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssessmentField {
    /// 编号.
    Number,
    /// 文号.
    Document,
    /// 理由.
    Reason,
    /// 申诉的工单.
    Item,
}

impl std::fmt::Display for AssessmentField {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}
