//! 分析: what of each order is counted, by what, and over which days (第五条(五)(七), 第十五条, 第十六条).
//!
//! Everything is counted by the day on which the order was registered, so a number that was shown
//! once grows only by what became of the same orders. Indicators by which units are judged go by
//! the day that decides ([`crate::indicators`]) and are not counted here.

mod figure;
mod order;
mod period;

pub use figure::{Figure, OrderFigures};
pub use order::{CountedOrder, OrderMarks, Treatment, counted};
pub use period::{AnalysisPeriod, AnalysisSpan, Step, StepLength};

use serde::{Deserialize, Serialize};

/// 分析维度: by what orders are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 乡镇街道.
    Township,
    /// 事项分类.
    Category,
    /// 主办单位.
    Unit,
    /// 受理渠道.
    Channel,
    /// 诉求类型.
    Kind,
    /// 事项等级.
    Class,
    /// 处理方式.
    Treatment,
    /// 满意度.
    Satisfaction,
    /// 不满意原因.
    Reason,
}

impl Dimension {
    pub const ALL: [Self; 9] = [
        Self::Township,
        Self::Category,
        Self::Unit,
        Self::Channel,
        Self::Kind,
        Self::Class,
        Self::Treatment,
        Self::Satisfaction,
        Self::Reason,
    ];
}

#[cfg(test)]
mod tests;
