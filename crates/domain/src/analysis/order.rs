//! 计数要素: what is counted of one order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::handling_unit::HandlingUnitId;
use crate::matter::{Channel, MatterClass, MatterKind};
use crate::supervision::admonition::OverdueOrder;
use crate::work_order::{
    Conclusion, DissatisfactionReason, RatingRecord, Satisfaction, ScreeningStage, Stage, WorkOrder,
};

/// 处理方式: what became of an order at the center, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// 待处理.
    Pending,
    /// 当场答复.
    AnsweredOnTheSpot,
    /// 派单办理.
    Dispatched,
    /// 不予受理.
    OutOfScope,
    /// 转紧急.
    Transferred,
    /// 已并入 another order.
    Merged,
    /// 已撤回.
    Withdrawn,
}

impl Treatment {
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::AnsweredOnTheSpot,
        Self::Dispatched,
        Self::OutOfScope,
        Self::Transferred,
        Self::Merged,
        Self::Withdrawn,
    ];

    fn of(order: &WorkOrder) -> Self {
        if order.merged_into.is_some() {
            return Self::Merged;
        }
        if order.stage == Stage::Withdrawn {
            return Self::Withdrawn;
        }
        match &order.conclusion {
            None => Self::Pending,
            Some(Conclusion::Answer { .. }) => Self::AnsweredOnTheSpot,
            Some(Conclusion::Dispatch { .. }) => Self::Dispatched,
            Some(Conclusion::OutOfScope { .. }) => Self::OutOfScope,
            Some(Conclusion::Transfer { .. }) => Self::Transferred,
        }
    }

    /// 首接: whether the answer rate is counted of it. What was merged or withdrawn is no matter of
    /// its own.
    pub fn is_own_matter(self) -> bool {
        match self {
            Self::Pending
            | Self::AnsweredOnTheSpot
            | Self::Dispatched
            | Self::OutOfScope
            | Self::Transferred => true,
            Self::Merged | Self::Withdrawn => false,
        }
    }
}

/// 计数标记: what of an order decides which figures it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrderMarks {
    pub treatment: Treatment,
    /// 引用知识库答复.
    pub is_from_knowledge: bool,
    /// From when on a unit is late with it, also where that is still to come if nothing is done; none
    /// where all was in time or the delay was written off.
    pub late_at: Option<DateTime<Utc>>,
    /// 满意度, unless there is none or it was screened out (第十二条(一)).
    pub satisfaction: Option<Satisfaction>,
    pub reason: Option<DissatisfactionReason>,
}

/// 计数要素: what is counted of an order, and by what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedOrder {
    /// Empty where nobody said.
    pub township_code: String,
    /// Empty when not classified yet.
    pub category_id: String,
    /// 主办单位, once dispatched.
    pub unit: Option<HandlingUnitId>,
    pub channel: Channel,
    pub kind: MatterKind,
    pub class: MatterClass,
    pub marks: OrderMarks,
}

/// What is counted of an order. `overdue` are its 超期件, those to come if nothing is done among them.
pub fn counted(order: &WorkOrder, overdue: &[OverdueOrder]) -> CountedOrder {
    let matter = &order.matter;
    let rating = rating_that_counts(order);
    let late = overdue.iter().filter(|it| !it.is_written_off);
    CountedOrder {
        township_code: matter.place.township_code.clone(),
        category_id: matter.category_id.clone(),
        unit: order.lead_unit().cloned(),
        channel: matter.channel,
        kind: matter.kind,
        class: matter.class,
        marks: OrderMarks {
            treatment: Treatment::of(order),
            is_from_knowledge: is_from_knowledge(order),
            late_at: late.map(|it| it.overdue_at).min(),
            satisfaction: rating.map(|it| it.satisfaction),
            reason: rating.and_then(|it| it.reason),
        },
    }
}

fn is_from_knowledge(order: &WorkOrder) -> bool {
    match &order.conclusion {
        Some(Conclusion::Answer { article, .. }) => article.is_some(),
        Some(
            Conclusion::OutOfScope { .. }
            | Conclusion::Transfer { .. }
            | Conclusion::Dispatch { .. },
        )
        | None => false,
    }
}

/// Of several ratings the latest: it is what the caller says now.
fn rating_that_counts(order: &WorkOrder) -> Option<&RatingRecord> {
    let is_screened_out = |stage| stage == ScreeningStage::Removed;
    let of_units = order.assignments.iter().filter(|it| {
        let screening = it.screening.as_ref();
        !screening.is_some_and(|it| is_screened_out(it.stage))
    });
    let ratings = of_units.filter_map(|it| it.rating.as_ref());
    let ratings = ratings.chain(order.rating.as_ref());
    ratings.max_by_key(|rating| rating.rated_at)
}
