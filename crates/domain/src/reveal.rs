//! 显示敏感信息: to what end a person has a caller's data shown (第十七条). Without an end nothing is
//! shown, and the end is recorded with it.

use serde::{Deserialize, Serialize};

/// 查看用途: why somebody needs to know who called. Frozen: the names stand in the audit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevealPurpose {
    /// 回电核实: what was told is not clear.
    CallBack,
    /// 告知进展: the caller is told how it stands or how it ended.
    Inform,
    /// 回访 (决定 I-17).
    FollowUp,
    /// 紧急处置: help has to find the caller.
    Emergency,
    /// 转交上级或热线, which has to speak with the caller.
    HandOn,
    /// 督办核查.
    Supervision,
}

impl RevealPurpose {
    pub const ALL: [Self; 6] = [
        Self::CallBack,
        Self::Inform,
        Self::FollowUp,
        Self::Emergency,
        Self::HandOn,
        Self::Supervision,
    ];
}

/// 查看次数告警: more fields than this in an hour is told to the shift lead.
pub const REVEALS_USUAL_PER_HOUR: u64 = 20;
