//! 考核指标: what 第二十三条 has assessed, counted from folded work orders (第五条(五), 第二十三条,
//! rules.md 第6节).
//!
//! Each indicator is a pure function of orders, a [`Period`] and the instant at which one looks. It
//! answers with a [`Tally`]: every item that belongs to the period, whose it is, and whether it
//! counts, with the reason where it does not. Percentages are made from that at the very end, by
//! [`Ratio::percent_text`].
//!
//! What belongs to a period: an item that has a limit, by what settled it, the act if it was in
//! time, the end of the limit if not; so it counts in one month and never again. An item without a
//! limit, by the act that puts it into the denominator (delivery, rating, request…). What is
//! neither done nor over yet belongs to no period.
//!
//! What an order does not hold comes in by [`Sources`].

mod center;
mod composite;
mod handling;
mod knowledge;
mod period;
mod ranking;
mod rating;
mod ratio;
mod sending_back;
mod settled;
mod tally;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::center::CallRecord;
pub use self::composite::{Composite, CompositeWeights, composite_of};
pub use self::handling::HandlingOutcome;
pub use self::knowledge::{
    CorrectionTimes, KbCorrection, KbSearch, KbUpdateTask, correction_times,
};
pub use self::period::Period;
pub use self::ranking::{Better, Ranked, Ranking, rank};
pub use self::ratio::Ratio;
pub use self::tally::{Exclusion, Figure, Holder, ItemId, Standing, Tally};
use crate::clock_face::date_of;
use crate::rule_set::{RuleSet, RuleSets};
use crate::work_order::WorkOrder;

/// 指标 (第二十三条, rules.md 第6节). The JSON form is frozen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Indicator {
    /// 接通率: calls answered by a person, of those that asked for one.
    CallAnswering,
    /// 15秒接通率: calls answered within so many seconds, of those answered.
    PromptCallAnswering,
    /// 直接答复率: valid calls answered on the spot, of valid calls answered by a person.
    DirectAnswer,
    /// 转办及时率 of the center (第十一条(一)).
    TimelyDispatch,
    /// 签收及时率 (第十一条(二)).
    TimelySigning,
    /// 按时办结率 (第十一条(二)(三)).
    TimelyCompletion,
    /// 超期率: the rest of 按时办结率 (第十一条(二), 决定 I-18).
    Overdue,
    /// 退单率: sent back, of those delivered (第十一条(二)).
    SendBack,
    /// 退单采纳率: accepted returns, of those ruled on (第五条(三)).
    AcceptedSendBack,
    /// 超期退单率: late returns, of all returns (第十一条(二)).
    LateSendBack,
    /// 延期率: extended with the city's consent, of those delivered (第十一条(三)).
    Extension,
    /// 响应（联系）率: the caller contacted within the house's hours (第六条(二)).
    Contact,
    /// 解决率, as the caller says (第十二条).
    Solved,
    /// 满意率 (第十二条).
    Satisfaction,
    /// 满意率（加权版）: 100、100、80、0、0 of 100 (第十二条).
    WeightedSatisfaction,
    /// 甄别成功率 (第十二条(一)).
    SuccessfulScreening,
    /// 重办率: given back to be done again, of those completed (第五条(一)).
    Rework,
    /// 重复率: repeats, of the orders accepted (决定 I-15).
    Repeat,
    /// 特殊件及时率: first responses in time (第十一条(四)).
    TimelyFirstResponse,
    /// 知识更新及时率 (第十三条).
    TimelyKbUpdate,
    /// 知识命中率: searches that led to an article being opened (第十四条).
    KbHit,
    /// 知识零结果率: searches that found nothing (第十四条).
    KbNoResult,
    /// 知识采纳率: consultations answered on the spot from an article (第十三条).
    KbAdoption,
}

impl Indicator {
    pub const ALL: [Self; 23] = [
        Self::CallAnswering,
        Self::PromptCallAnswering,
        Self::DirectAnswer,
        Self::TimelyDispatch,
        Self::TimelySigning,
        Self::TimelyCompletion,
        Self::Overdue,
        Self::SendBack,
        Self::AcceptedSendBack,
        Self::LateSendBack,
        Self::Extension,
        Self::Contact,
        Self::Solved,
        Self::Satisfaction,
        Self::WeightedSatisfaction,
        Self::SuccessfulScreening,
        Self::Rework,
        Self::Repeat,
        Self::TimelyFirstResponse,
        Self::TimelyKbUpdate,
        Self::KbHit,
        Self::KbNoResult,
        Self::KbAdoption,
    ];

    /// 依据: the article or decision behind the indicator.
    pub fn article(self) -> &'static str {
        match self {
            Self::CallAnswering | Self::PromptCallAnswering | Self::DirectAnswer => "第五条(五)",
            Self::TimelyDispatch => "第十一条(一)、决定 I-17",
            Self::TimelySigning => "第十一条(二)、决定 I-3",
            Self::TimelyCompletion | Self::Overdue => "第十一条(二)(三)、决定 I-9、I-14、I-18",
            Self::SendBack | Self::LateSendBack => "第十一条(二)、决定 I-4",
            Self::AcceptedSendBack => "第五条(三)",
            Self::Extension => "第十一条(三)、决定 I-9",
            Self::Contact => "第六条(二)",
            Self::Solved | Self::Satisfaction | Self::WeightedSatisfaction => "第十二条",
            Self::SuccessfulScreening => "第十二条(一)、决定 I-11、I-12",
            Self::Rework => "第五条(一)",
            Self::Repeat => "第二十条(一)、决定 I-15",
            Self::TimelyFirstResponse => "第十一条(四)、决定 I-5",
            Self::TimelyKbUpdate | Self::KbAdoption => "第十三条",
            Self::KbHit | Self::KbNoResult => "第十四条",
        }
    }

    /// Which way is better; `None` where neither is (a unit that screens or sends back rightly is
    /// no worse than one that does not, and nobody is ranked by it).
    pub fn better(self) -> Option<Better> {
        match self {
            Self::CallAnswering
            | Self::PromptCallAnswering
            | Self::DirectAnswer
            | Self::TimelyDispatch
            | Self::TimelySigning
            | Self::TimelyCompletion
            | Self::Contact
            | Self::Solved
            | Self::Satisfaction
            | Self::WeightedSatisfaction
            | Self::TimelyFirstResponse
            | Self::TimelyKbUpdate
            | Self::KbHit
            | Self::KbAdoption => Some(Better::Higher),
            Self::Overdue
            | Self::SendBack
            | Self::LateSendBack
            | Self::Extension
            | Self::Rework
            | Self::Repeat
            | Self::KbNoResult => Some(Better::Lower),
            Self::AcceptedSendBack | Self::SuccessfulScreening => None,
        }
    }
}

/// 指标参数: what section 6 leaves to the county.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndicatorParameters {
    /// 及时接听: seconds.
    pub prompt_answer_seconds: u32,
    /// 部分解决系数, in hundredths.
    pub partly_solved_points: u32,
    /// 三率权重.
    pub weights: CompositeWeights,
}

impl IndicatorParameters {
    /// The defaults of the house: 15 s, 0, and 0.2/0.4/0.4.
    pub fn of_the_house() -> Self {
        Self {
            prompt_answer_seconds: 15,
            partly_solved_points: 0,
            weights: CompositeWeights {
                contact: 2,
                solved: 4,
                satisfaction: 4,
            },
        }
    }
}

/// 统计口径: for which period, as seen when, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    pub period: Period,
    /// 统计时点: what is open is judged as it stands then. The orders hold what was known then.
    pub as_of: DateTime<Utc>,
    pub rule_sets: &'a RuleSets,
    pub parameters: IndicatorParameters,
}

impl Basis<'_> {
    /// As for a decision: an unknown rule set is read by the one in force at the acceptance.
    fn rule_set_of(&self, order: &WorkOrder) -> &RuleSet {
        self.rule_sets
            .get(&order.rule_set)
            .unwrap_or_else(|| self.rule_sets.in_force_on(date_of(order.registered_at)))
    }
}

/// 统计来源: all that the indicators are counted from. Every id occurs once in its list.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    pub orders: &'a [WorkOrder],
    /// 重复件 besides those merged: numbers of orders whose caller brought the same matter before.
    /// A link alone does not say so, it also joins orders of other callers (决定 I-15).
    pub repeats: &'a BTreeSet<String>,
    pub calls: &'a [CallRecord],
    pub kb_update_tasks: &'a [KbUpdateTask],
    pub kb_searches: &'a [KbSearch],
}

/// 计数表 of an indicator.
///
/// # Panics
/// When an order, call, task or search is given twice: it would count twice.
pub fn tally(indicator: Indicator, sources: Sources<'_>, basis: &Basis<'_>) -> Tally {
    let Sources {
        orders,
        repeats,
        calls,
        kb_update_tasks,
        kb_searches,
    } = sources;
    match indicator {
        Indicator::CallAnswering => center::call_answering(calls, basis),
        Indicator::PromptCallAnswering => center::prompt_call_answering(calls, basis),
        Indicator::DirectAnswer => center::direct_answer(calls, orders, basis),
        Indicator::TimelyDispatch => center::timely_dispatch(orders, basis),
        Indicator::Repeat => center::repeat(orders, repeats, basis),
        Indicator::TimelySigning => handling::timely_signing(orders, basis),
        Indicator::TimelyCompletion => handling::timely_completion(orders, basis),
        Indicator::Overdue => handling::overdue(orders, basis),
        Indicator::Extension => handling::extension(orders, basis),
        Indicator::Contact => handling::contact(orders, basis),
        Indicator::Rework => handling::rework(orders, basis),
        Indicator::TimelyFirstResponse => handling::timely_first_response(orders, basis),
        Indicator::SendBack => sending_back::sent_back(orders, basis),
        Indicator::AcceptedSendBack => sending_back::accepted(orders, basis),
        Indicator::LateSendBack => sending_back::late(orders, basis),
        Indicator::Solved => rating::solved(orders, basis),
        Indicator::Satisfaction => rating::satisfaction(orders, basis),
        Indicator::WeightedSatisfaction => rating::weighted_satisfaction(orders, basis),
        Indicator::SuccessfulScreening => rating::successful_screening(orders, basis),
        Indicator::TimelyKbUpdate => knowledge::timely_update(kb_update_tasks, basis),
        Indicator::KbHit => knowledge::hit(kb_searches, basis),
        Indicator::KbNoResult => knowledge::no_result(kb_searches, basis),
        Indicator::KbAdoption => knowledge::adoption(orders, basis),
    }
}

fn order_item(order: &WorkOrder) -> ItemId {
    ItemId::Order {
        number: order.number.clone(),
    }
}
