//! 预警: what of the orders of the last days calls for somebody's attention, found by rules whose thresholds
//! people set, and what was done about it (第十六条).
//!
//! A warning is found by the program and takes no effect by itself: a person notes it, passes it on, or closes it with
//! a reason. While it is open the same is not warned of again, and for a while after it was closed. Every desk
//! finds by itself; what people do about it is one record for all of them ([`EarlyWarningRecord`]).

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use self::record::{
    EarlyWarningCommand, EarlyWarningCommandKind, EarlyWarningEvent, EarlyWarningFound,
    EarlyWarningRecord, EarlyWarningRound, ThresholdVersion, apply, decide,
};
use crate::actor::{ActorId, Role};
use crate::handling_unit::HandlingUnitId;
use crate::indicators::Ratio;
use crate::rule_set::SurgeRules;
use crate::surge::{SurgeOrder, surges};

/// Words that are listened for, at most, and how long each may be in characters.
pub const WARNING_WORDS_MAX: usize = 100;
pub const WARNING_WORD_MAX_CHARS: usize = 12;
/// 说明 of an act, in characters.
pub const WARNING_NOTE_MAX_CHARS: usize = 200;
/// Acts about one warning, at most.
pub const WARNING_STEPS_MAX: u32 = 50;
/// Orders that are told with an act about a warning, the latest.
pub const WARNING_TOLD_ORDERS_MAX: usize = 100;
/// The longest time that is looked back over, and that a closed warning is quiet for.
const DAYS_MAX: u32 = 90;
const QUIET_HOURS_MAX: u32 = 24 * 30;
const COUNT_MAX: u32 = 1_000;

/// Who does something about a warning.
pub const WARNING_KEEPERS: [Role; 4] = [
    Role::ShiftLead,
    Role::Reviewer,
    Role::Analyst,
    Role::Supervisor,
];
/// Who sets the thresholds.
pub const WARNING_TUNERS: [Role; 2] = [Role::Analyst, Role::Supervisor];

/// 预警规则.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlyWarningRule {
    /// 突增.
    Surge,
    /// 重复: one caller, one kind of matter.
    Repeat,
    /// 敏感词.
    Words,
    /// 群体.
    Crowd,
    /// 满意率下降 of a unit.
    SatisfactionDrop,
}

impl EarlyWarningRule {
    pub const ALL: [Self; 5] = [
        Self::Surge,
        Self::Repeat,
        Self::Words,
        Self::Crowd,
        Self::SatisfactionDrop,
    ];
}

/// 预警阈值. Frozen: the form stands in the stores of desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyWarningThresholds {
    /// 突增: so many in 24 hours in any case.
    pub surge_in_a_day: u32,
    /// 突增: hundredths of a standard deviation above the usual.
    pub surge_z_hundredths: u32,
    /// 重复: so many of one caller's within so many days.
    pub repeat_min: u32,
    pub repeat_days: u32,
    /// 敏感词; none is heard where the list is empty.
    pub words: Vec<String>,
    /// 群体: whether gatherings are warned of.
    pub hears_crowds: bool,
    /// 满意率: below so many percent of so many ratings at least, of the orders of so many days.
    pub satisfaction_floor_percent: u32,
    pub satisfaction_min_rated: u32,
    pub satisfaction_days: u32,
    /// So long after a warning was closed the same is not warned of.
    pub quiet_hours: u32,
}

impl EarlyWarningThresholds {
    /// What is in force before anybody has set others.
    pub fn built_in() -> Self {
        let words = [
            "媒体曝光",
            "记者",
            "网上发帖",
            "跳楼",
            "集体维权",
            "拖欠工资",
        ];
        Self {
            surge_in_a_day: 5,
            surge_z_hundredths: 300,
            repeat_min: 3,
            repeat_days: 30,
            words: words.map(str::to_owned).to_vec(),
            hears_crowds: true,
            satisfaction_floor_percent: 85,
            satisfaction_min_rated: 10,
            satisfaction_days: 30,
            quiet_hours: 24,
        }
    }

    /// By what a sudden rise is found, with the days that the rule set calls usual.
    pub fn surge_rules(&self, baseline_days: u32) -> SurgeRules {
        SurgeRules {
            baseline_days,
            z_hundredths: self.surge_z_hundredths,
            n_in_a_day: self.surge_in_a_day,
        }
    }

    /// Whether anything could go by these.
    pub fn check(&self) -> Result<(), EarlyWarningRefusal> {
        let ranges = [
            (
                ThresholdField::SurgeInADay,
                self.surge_in_a_day,
                3,
                COUNT_MAX,
            ),
            (ThresholdField::SurgeZ, self.surge_z_hundredths, 100, 1_000),
            (ThresholdField::RepeatMin, self.repeat_min, 2, COUNT_MAX),
            (ThresholdField::RepeatDays, self.repeat_days, 1, DAYS_MAX),
            (
                ThresholdField::SatisfactionFloor,
                self.satisfaction_floor_percent,
                1,
                100,
            ),
            (
                ThresholdField::SatisfactionMinRated,
                self.satisfaction_min_rated,
                1,
                COUNT_MAX,
            ),
            (
                ThresholdField::SatisfactionDays,
                self.satisfaction_days,
                1,
                DAYS_MAX,
            ),
            (
                ThresholdField::QuietHours,
                self.quiet_hours,
                1,
                QUIET_HOURS_MAX,
            ),
        ];
        for (field, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(EarlyWarningRefusal::OutOfRange { field, least, most });
            }
        }
        if self.words.len() > WARNING_WORDS_MAX {
            return Err(EarlyWarningRefusal::TooManyWords {
                max: WARNING_WORDS_MAX,
            });
        }
        let is_word = |word: &String| {
            let n = word.chars().count();
            word.trim() == word && (2..=WARNING_WORD_MAX_CHARS).contains(&n)
        };
        if !self.words.iter().all(is_word) {
            return Err(EarlyWarningRefusal::NoWord {
                max_chars: WARNING_WORD_MAX_CHARS,
            });
        }
        Ok(())
    }
}

/// 阈值项.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThresholdField {
    SurgeInADay,
    SurgeZ,
    RepeatMin,
    RepeatDays,
    SatisfactionFloor,
    SatisfactionMinRated,
    SatisfactionDays,
    QuietHours,
}

/// 预警依据, with the figures. Frozen: the form stands in the stores of desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum EarlyWarningGround {
    Surge {
        category_id: String,
        township_code: String,
        n_in_a_day: u32,
        /// Of the days before, in tenths of an order.
        daily_mean_tenths: u32,
    },
    Repeat {
        category_id: String,
        n_orders: u32,
        days: u32,
    },
    Words {
        word: String,
    },
    Crowd {
        category_id: String,
        township_code: String,
    },
    SatisfactionDrop {
        unit: HandlingUnitId,
        n_satisfied: u32,
        n_rated: u32,
        days: u32,
        floor_percent: u32,
    },
}

impl EarlyWarningGround {
    pub fn rule(&self) -> EarlyWarningRule {
        match self {
            Self::Surge { .. } => EarlyWarningRule::Surge,
            Self::Repeat { .. } => EarlyWarningRule::Repeat,
            Self::Words { .. } => EarlyWarningRule::Words,
            Self::Crowd { .. } => EarlyWarningRule::Crowd,
            Self::SatisfactionDrop { .. } => EarlyWarningRule::SatisfactionDrop,
        }
    }
}

/// 预警发现: what a rule has found, and the orders behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyWarningFinding {
    pub ground: EarlyWarningGround,
    /// What it is about: of the same nobody is warned twice while it is open.
    pub about: String,
    /// The orders by their ids, by age.
    pub orders: Vec<String>,
}

/// 预警所看的工单: what the rules look at of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedOrder {
    pub id: String,
    /// 号码, digits alone; empty where nobody said. Never shown.
    pub phone: String,
    /// Empty when not classified yet.
    pub category_id: String,
    pub township_code: String,
    /// Title and text.
    pub said: String,
    /// Whether a gathering is heard in it.
    pub is_crowd: bool,
    pub registered_at: DateTime<Utc>,
}

/// 单位评价 over the days that are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRatings {
    pub unit: HandlingUnitId,
    pub n_satisfied: u32,
    pub n_rated: u32,
}

/// 重复 of one caller: what came in the last 24 hours, and the earlier ones of the days that are looked at.
pub fn repeats(
    orders: &[WatchedOrder],
    now: DateTime<Utc>,
    by: &EarlyWarningThresholds,
) -> Vec<EarlyWarningFinding> {
    let mut groups: BTreeMap<(&str, &str), Vec<&WatchedOrder>> = BTreeMap::new();
    let since = now - TimeDelta::days(by.repeat_days.into());
    for order in orders {
        let is_known = !order.phone.is_empty() && !order.category_id.is_empty();
        if is_known && order.registered_at > since && order.registered_at <= now {
            let key = (order.phone.as_str(), order.category_id.as_str());
            groups.entry(key).or_default().push(order);
        }
    }
    groups.retain(|_, orders| orders.len() >= by.repeat_min as usize);
    let finding =
        |((phone, category_id), orders): ((&str, &str), Vec<&WatchedOrder>)| EarlyWarningFinding {
            ground: EarlyWarningGround::Repeat {
                category_id: category_id.to_owned(),
                n_orders: count(orders.len()),
                days: by.repeat_days,
            },
            about: format!("repeat {phone} {category_id}"),
            orders: ids(&orders),
        };
    groups.into_iter().map(finding).collect()
}

/// 敏感词 in what came in the last 24 hours, one finding for each word.
pub fn words(
    orders: &[WatchedOrder],
    now: DateTime<Utc>,
    by: &EarlyWarningThresholds,
) -> Vec<EarlyWarningFinding> {
    let finding = |word: &String| {
        let heard = of_last_day(orders, now).filter(|order| order.said.contains(word.as_str()));
        let heard: Vec<&WatchedOrder> = heard.collect();
        (!heard.is_empty()).then(|| EarlyWarningFinding {
            ground: EarlyWarningGround::Words { word: word.clone() },
            about: format!("words {word}"),
            orders: ids(&heard),
        })
    };
    by.words.iter().filter_map(finding).collect()
}

/// 群体 in what came in the last 24 hours, one finding for each order: each is one too many.
pub fn crowds(
    orders: &[WatchedOrder],
    now: DateTime<Utc>,
    by: &EarlyWarningThresholds,
) -> Vec<EarlyWarningFinding> {
    let heard = of_last_day(orders, now).filter(|order| order.is_crowd && by.hears_crowds);
    heard
        .map(|order| EarlyWarningFinding {
            ground: EarlyWarningGround::Crowd {
                category_id: order.category_id.clone(),
                township_code: order.township_code.clone(),
            },
            about: format!("crowd {}", order.id),
            orders: ids(&[order]),
        })
        .collect()
}

/// 突增, by these thresholds and the days that the rule set calls usual.
pub fn sudden_rises(
    orders: &[WatchedOrder],
    now: DateTime<Utc>,
    by: &EarlyWarningThresholds,
    baseline_days: u32,
) -> Vec<EarlyWarningFinding> {
    // Ids in the place of numbers: two desks that worked alone may have given one number.
    let counted = orders.iter().map(|order| SurgeOrder {
        number: &order.id,
        category_id: &order.category_id,
        township_code: &order.township_code,
        registered_at: order.registered_at,
    });
    surges(counted, now, by.surge_rules(baseline_days))
        .into_iter()
        .map(|surge| EarlyWarningFinding {
            about: format!("surge {} {}", surge.category_id, surge.township_code),
            ground: EarlyWarningGround::Surge {
                n_in_a_day: count(surge.numbers.len()),
                daily_mean_tenths: tenths(surge.daily_mean),
                category_id: surge.category_id,
                township_code: surge.township_code,
            },
            orders: surge.numbers,
        })
        .collect()
}

/// 满意率下降 of units with enough ratings. The orders behind it are what was rated badly; whoever counts
/// knows them.
pub fn satisfaction_drops(
    units: &[UnitRatings],
    by: &EarlyWarningThresholds,
) -> Vec<EarlyWarningFinding> {
    let is_low = |it: &&UnitRatings| {
        let ratio = Ratio::new(it.n_satisfied.into(), it.n_rated.into());
        let floor = u64::from(by.satisfaction_floor_percent);
        let is_below = ratio.is_some_and(|it| it.part() * 100 < floor * it.whole());
        it.n_rated >= by.satisfaction_min_rated && is_below
    };
    let low = units.iter().filter(is_low);
    low.map(|it| EarlyWarningFinding {
        ground: EarlyWarningGround::SatisfactionDrop {
            unit: it.unit.clone(),
            n_satisfied: it.n_satisfied,
            n_rated: it.n_rated,
            days: by.satisfaction_days,
            floor_percent: by.satisfaction_floor_percent,
        },
        about: format!("satisfaction {}", it.unit.0),
        orders: Vec::new(),
    })
    .collect()
}

fn of_last_day(orders: &[WatchedOrder], now: DateTime<Utc>) -> impl Iterator<Item = &WatchedOrder> {
    orders.iter().filter(move |order| {
        let age = now - order.registered_at;
        (TimeDelta::zero()..TimeDelta::days(1)).contains(&age)
    })
}

fn ids(orders: &[&WatchedOrder]) -> Vec<String> {
    let mut orders = orders.to_vec();
    orders.sort_by_key(|it| (it.registered_at, it.id.as_str()));
    orders.into_iter().map(|it| it.id.clone()).collect()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn tenths(mean: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a mean of orders a day, never negative and never millions"
    )]
    let tenths = (mean * 10.0).round() as u32;
    tenths
}

/// 预警处置. Frozen: the form stands in the stores of desks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EarlyWarningAct {
    /// 知悉.
    Noted { note: String },
    /// 转交 to a unit or a person, in words.
    PassedOn { to: String, note: String },
    /// 关闭, for a reason.
    Closed { reason: String },
}

/// 预警状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlyWarningStage {
    /// 待处置.
    Open,
    /// 已知悉.
    Noted,
    /// 已转交.
    PassedOn,
    /// 已关闭.
    Closed,
}

impl EarlyWarningStage {
    pub const ALL: [Self; 4] = [Self::Open, Self::Noted, Self::PassedOn, Self::Closed];

    /// How it stands after these acts.
    pub fn after(steps: &[EarlyWarningStep]) -> Self {
        match steps.last().map(|it| &it.act) {
            None => Self::Open,
            Some(EarlyWarningAct::Noted { .. }) => Self::Noted,
            Some(EarlyWarningAct::PassedOn { .. }) => Self::PassedOn,
            Some(EarlyWarningAct::Closed { .. }) => Self::Closed,
        }
    }
}

/// 处置记录.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyWarningStep {
    pub act: EarlyWarningAct,
    pub by: ActorId,
    pub at: DateTime<Utc>,
}

/// 预警拒绝.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EarlyWarningRefusal {
    #[error("none of the roles {roles:?}")]
    NotPermitted { roles: &'static [Role] },
    #[error("closed already")]
    ClosedAlready,
    #[error("nobody is named")]
    ToMissing,
    #[error("no reason")]
    ReasonMissing,
    #[error("a note of more than {max_chars} characters")]
    NoteTooLong { max_chars: usize },
    #[error("more than {max} acts")]
    TooManySteps { max: u32 },
    #[error("more than {max} orders are told")]
    TooManyOrders { max: usize },
    #[error("{field:?} is not from {least} to {most}")]
    OutOfRange {
        field: ThresholdField,
        least: u32,
        most: u32,
    },
    #[error("more than {max} words")]
    TooManyWords { max: usize },
    #[error("a word has two to {max_chars} characters")]
    NoWord { max_chars: usize },
    #[error("nothing was changed")]
    Unchanged,
}

mod record;
#[cfg(test)]
mod tests;
