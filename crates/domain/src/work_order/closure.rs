//! 终结办理意见 (第十二条(二), 决定 I-13).

use serde::{Deserialize, Serialize};

/// 终结办理意见书: what a unit must lay down before an order is closed for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosureOpinion {
    /// 调查事实.
    pub facts: String,
    /// 法律依据.
    pub legal_basis: String,
    /// 历次办理的工单编号.
    pub earlier_orders: Vec<String>,
    /// 单位负责人签名.
    pub signed_by: String,
    /// 向诉求人解释的记录.
    pub explanation: String,
}
