//! 是不是同一件: earlier orders that may be what is being told, each with its ground.

use serde::Serialize;
use ts_rs::TS;

use super::span::Span;
use crate::work_order::WorkOrderRow;

/// What an earlier order is to the matter that is being told, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SameRelation {
    /// 上级重复推送.
    SameDelivery,
    /// 终结库命中.
    FinallyClosed,
    /// 同一诉求人，未办结.
    MergeInto,
    /// 同一诉求人，已办结.
    RepeatOfClosed,
    /// 他人同一事项，未办结.
    SameMatterByOthers,
    /// 原文相同.
    SameText,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct HeardSame {
    pub relation: SameRelation,
    /// 同一诉求人，未办结.
    pub relation_text: String,
    /// 可并入，作为催办和补充.
    pub advice: String,
    pub order: WorkOrderRow,
    /// 同一来电号码, 同一村社, “锦绣花园”, 2 天前.
    pub grounds: Vec<String>,
    pub likeness_percent: u32,
    /// The words of the text that stand in the order as well.
    pub spans: Vec<Span>,
    /// 热度: orders of others on the same happening, this one included; 0 for the caller's own.
    pub n_related: u32,
}
