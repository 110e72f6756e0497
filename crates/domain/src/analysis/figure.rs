//! 分析数字: the figures of many orders, and which orders stand behind each.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::order::{OrderMarks, Treatment};
use crate::indicators::Ratio;
use crate::work_order::Satisfaction;

/// 分析数字: one figure, which opens its orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Figure {
    /// 受理.
    Orders,
    /// 当场答复.
    AnsweredOnTheSpot,
    /// 引用知识库答复.
    FromKnowledge,
    /// 派单办理.
    Dispatched,
    /// 超期.
    Late,
    /// 已评价.
    Rated,
    /// 满意: 非常满意、满意、基本满意.
    Satisfied,
    /// 不满意.
    Dissatisfied,
}

impl Figure {
    pub const ALL: [Self; 8] = [
        Self::Orders,
        Self::AnsweredOnTheSpot,
        Self::FromKnowledge,
        Self::Dispatched,
        Self::Late,
        Self::Rated,
        Self::Satisfied,
        Self::Dissatisfied,
    ];

    /// Whether an order is among those behind the figure at `now`.
    pub fn has(self, order: &OrderMarks, now: DateTime<Utc>) -> bool {
        let is_bad = order.satisfaction.map(Satisfaction::is_bad);
        match self {
            Self::Orders => true,
            Self::AnsweredOnTheSpot => order.treatment == Treatment::AnsweredOnTheSpot,
            Self::FromKnowledge => order.is_from_knowledge,
            Self::Dispatched => order.treatment == Treatment::Dispatched,
            Self::Late => order.late_at.is_some_and(|late_at| late_at < now),
            Self::Rated => is_bad.is_some(),
            Self::Satisfied => is_bad == Some(false),
            Self::Dissatisfied => is_bad == Some(true),
        }
    }
}

/// 分析合计: the figures of many orders.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderFigures {
    pub n_orders: u32,
    /// Those of which the answer rate is counted.
    pub n_own_matters: u32,
    pub n_answered: u32,
    pub n_from_knowledge: u32,
    pub n_dispatched: u32,
    pub n_late: u32,
    pub n_rated: u32,
    pub n_satisfied: u32,
}

impl OrderFigures {
    pub fn add(&mut self, order: &OrderMarks, now: DateTime<Utc>) {
        let one_if = u32::from;
        self.n_orders += 1;
        self.n_own_matters += one_if(order.treatment.is_own_matter());
        self.n_answered += one_if(Figure::AnsweredOnTheSpot.has(order, now));
        self.n_from_knowledge += one_if(Figure::FromKnowledge.has(order, now));
        self.n_dispatched += one_if(Figure::Dispatched.has(order, now));
        self.n_late += one_if(Figure::Late.has(order, now));
        self.n_rated += one_if(Figure::Rated.has(order, now));
        self.n_satisfied += one_if(Figure::Satisfied.has(order, now));
    }

    /// 并计: those of other orders besides.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            n_orders: self.n_orders + other.n_orders,
            n_own_matters: self.n_own_matters + other.n_own_matters,
            n_answered: self.n_answered + other.n_answered,
            n_from_knowledge: self.n_from_knowledge + other.n_from_knowledge,
            n_dispatched: self.n_dispatched + other.n_dispatched,
            n_late: self.n_late + other.n_late,
            n_rated: self.n_rated + other.n_rated,
            n_satisfied: self.n_satisfied + other.n_satisfied,
        }
    }

    /// How many orders are behind the figure.
    pub fn of(&self, figure: Figure) -> u32 {
        match figure {
            Figure::Orders => self.n_orders,
            Figure::AnsweredOnTheSpot => self.n_answered,
            Figure::FromKnowledge => self.n_from_knowledge,
            Figure::Dispatched => self.n_dispatched,
            Figure::Late => self.n_late,
            Figure::Rated => self.n_rated,
            Figure::Satisfied => self.n_satisfied,
            Figure::Dissatisfied => self.n_rated - self.n_satisfied,
        }
    }

    /// 当场答复率: of the matters that came and were neither merged nor withdrawn.
    pub fn answer_rate(&self) -> Option<Ratio> {
        Ratio::new(self.n_answered.into(), self.n_own_matters.into())
    }

    /// 知识库答复占比: of what was answered on the spot.
    pub fn knowledge_share(&self) -> Option<Ratio> {
        Ratio::new(self.n_from_knowledge.into(), self.n_answered.into())
    }

    /// 满意率.
    pub fn satisfaction(&self) -> Option<Ratio> {
        Ratio::new(self.n_satisfied.into(), self.n_rated.into())
    }

    /// 超期率, of what was dispatched.
    pub fn late_rate(&self) -> Option<Ratio> {
        Ratio::new(self.n_late.into(), self.n_dispatched.into())
    }
}
