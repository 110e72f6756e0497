//! 考核方案: announced before the period it is for, and never changed; a change is another version. The JSON
//! form is frozen; variants and fields are only added.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::indicators::Indicator;

/// 满分 of a scheme, in hundredths of a point.
pub(super) const FULL_POINTS: u32 = 10_000;
/// 一百个百分点, in hundredths of one.
const WHOLE: u32 = 10_000;
/// Lines of a scheme at most: there are not more indicators than that.
const LINES_MAX: usize = Indicator::ALL.len();
/// The longest name, in characters.
const NAME_MAX_CHARS: usize = 60;

/// 考核板块 (第二十三条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssessmentPart {
    /// 办件质效.
    Handling,
    /// 满意度.
    Satisfaction,
    /// 知识库.
    Knowledge,
}

impl AssessmentPart {
    pub const ALL: [Self; 3] = [Self::Handling, Self::Satisfaction, Self::Knowledge];
}

/// 未发生规则: what a line is worth where there was nothing to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoneRule {
    /// 不扣分: nothing was done wrong.
    Full,
    /// 不计入: the line is left out, and the others are scaled up to the whole.
    LeftOut,
}

impl NoneRule {
    pub const ALL: [Self; 2] = [Self::Full, Self::LeftOut];
}

/// 考核项: one indicator with its weight. Between the floor and the full mark points go evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeLine {
    pub part: AssessmentPart,
    pub indicator: Indicator,
    /// 分值, in hundredths of a point.
    pub weight: u32,
    /// 底线, in hundredths of a per cent: no points at it or beyond.
    pub floor: u32,
    /// 满分线, in hundredths of a per cent: all points from it on. Below the floor where less is better.
    pub full: u32,
    pub none: NoneRule,
}

/// 扣分事项: what takes points off besides the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductedEvent {
    /// 约谈 (第十九条).
    Admonition,
    /// 县政府督办 (第二十条).
    Supervision,
    /// 移送 (第二十一条).
    Referral,
}

impl DeductedEvent {
    pub const ALL: [Self; 3] = [Self::Admonition, Self::Supervision, Self::Referral];
}

/// 扣分: so much for each time, and not more than so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deduction {
    pub event: DeductedEvent,
    /// In hundredths of a point.
    pub each: u32,
    pub at_most: u32,
}

/// 考核方案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssessmentScheme {
    pub id: String,
    pub version: u32,
    pub name: String,
    /// The first day of the periods it is for.
    pub effective_from: NaiveDate,
    pub lines: Vec<SchemeLine>,
    pub deductions: Vec<Deduction>,
}

/// 方案拒绝: why a scheme cannot be announced.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SchemeRefusal {
    #[error("the scheme has no name")]
    NameMissing,
    #[error("the weights make {sum} hundredths of a point, not {FULL_POINTS}")]
    WeightsDoNotAdd { sum: u64 },
    #[error("{indicator:?} stands twice")]
    Twice { indicator: Indicator },
    #[error("nobody is better or worse by {indicator:?}")]
    NotRanked { indicator: Indicator },
    /// The floor is on the wrong side of the full mark, at it, or beyond the whole.
    #[error("floor and full mark of {indicator:?} do not make a scale")]
    NoScale { indicator: Indicator },
    #[error("more than {LINES_MAX} lines")]
    TooLong,
    #[error("the name is longer than {max_chars} characters")]
    NameTooLong { max_chars: usize },
    #[error("{event:?} stands twice")]
    DeductedTwice { event: DeductedEvent },
    /// More would be taken off at once than there is.
    #[error("the deduction for {event:?} is none")]
    NoDeduction { event: DeductedEvent },
}

impl AssessmentScheme {
    /// The scheme of the house, until the county announces its own: 60 for handling, 25 for
    /// satisfaction, 15 for knowledge.
    pub fn of_the_house(effective_from: NaiveDate) -> Self {
        use AssessmentPart as P;
        use Indicator as I;
        let line = |part, indicator, weight, (floor, full), none| SchemeLine {
            part,
            indicator,
            weight,
            floor,
            full,
            none,
        };
        Self {
            id: "QX".to_owned(),
            version: 1,
            name: "渠县12345热线办理考核（默认）".to_owned(),
            effective_from,
            lines: vec![
                line(
                    P::Handling,
                    I::TimelySigning,
                    800,
                    (8_000, 10_000),
                    NoneRule::Full,
                ),
                line(
                    P::Handling,
                    I::TimelyCompletion,
                    2_500,
                    (8_000, 9_800),
                    NoneRule::Full,
                ),
                line(P::Handling, I::SendBack, 500, (2_000, 500), NoneRule::Full),
                line(
                    P::Handling,
                    I::Contact,
                    1_000,
                    (7_000, 9_800),
                    NoneRule::Full,
                ),
                line(P::Handling, I::Rework, 600, (1_500, 200), NoneRule::Full),
                line(
                    P::Handling,
                    I::TimelyFirstResponse,
                    600,
                    (8_000, 10_000),
                    NoneRule::Full,
                ),
                line(
                    P::Satisfaction,
                    I::Satisfaction,
                    1_500,
                    (7_000, 9_500),
                    NoneRule::LeftOut,
                ),
                line(
                    P::Satisfaction,
                    I::Solved,
                    1_000,
                    (6_000, 9_500),
                    NoneRule::LeftOut,
                ),
                line(
                    P::Knowledge,
                    I::TimelyKbUpdate,
                    1_500,
                    (6_000, 10_000),
                    NoneRule::Full,
                ),
            ],
            deductions: vec![
                Deduction {
                    event: DeductedEvent::Admonition,
                    each: 100,
                    at_most: 300,
                },
                Deduction {
                    event: DeductedEvent::Supervision,
                    each: 300,
                    at_most: 600,
                },
                Deduction {
                    event: DeductedEvent::Referral,
                    each: 500,
                    at_most: 1_000,
                },
            ],
        }
    }

    /// Whether the scheme can be announced.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self) -> Result<(), SchemeRefusal> {
        if self.name.trim().is_empty() {
            return Err(SchemeRefusal::NameMissing);
        }
        if self.name.chars().count() > NAME_MAX_CHARS {
            return Err(SchemeRefusal::NameTooLong {
                max_chars: NAME_MAX_CHARS,
            });
        }
        if self.lines.len() > LINES_MAX {
            return Err(SchemeRefusal::TooLong);
        }
        let mut seen = BTreeSet::new();
        for line in &self.lines {
            let indicator = line.indicator;
            if !seen.insert(indicator) {
                return Err(SchemeRefusal::Twice { indicator });
            }
            line.check()?;
        }
        let sum: u64 = self.lines.iter().map(|line| u64::from(line.weight)).sum();
        if sum != u64::from(FULL_POINTS) {
            return Err(SchemeRefusal::WeightsDoNotAdd { sum });
        }
        let mut seen = BTreeSet::new();
        for Deduction {
            event,
            each,
            at_most,
        } in self.deductions.iter().copied()
        {
            if !seen.insert(event) {
                return Err(SchemeRefusal::DeductedTwice { event });
            }
            if each == 0 || each > at_most || at_most > FULL_POINTS {
                return Err(SchemeRefusal::NoDeduction { event });
            }
        }
        Ok(())
    }
}

impl SchemeLine {
    fn check(&self) -> Result<(), SchemeRefusal> {
        use crate::indicators::Better;
        let indicator = self.indicator;
        let is_scale = match indicator.better() {
            None => return Err(SchemeRefusal::NotRanked { indicator }),
            Some(Better::Higher) => self.floor < self.full && self.full <= WHOLE,
            Some(Better::Lower) => self.full < self.floor && self.floor <= WHOLE,
        };
        if is_scale {
            Ok(())
        } else {
            Err(SchemeRefusal::NoScale { indicator })
        }
    }
}
