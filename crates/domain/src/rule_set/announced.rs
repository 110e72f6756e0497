//! Rules that are announced and of which only a part is known.
//!
//! They are no [`RuleSet`](super::RuleSet) on purpose: a rule set names every parameter, and an
//! order can be pinned to nothing less. What is known can be shown and compared; it is never in
//! force here. When the full text comes, it becomes a rule set.

use crate::matter::MatterKind;
use crate::rule_set::{HandleDays, RuleSetId};

/// 已公布未启用的规则: what has been verified of it (rules.md 结论 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLimits {
    pub id: RuleSetId,
    /// 文件, as far as it is known.
    pub document: String,
    /// 办理时限, the only part that is verified.
    pub handle_days: HandleDays,
}

impl KnownLimits {
    /// 四川省 2025 办法, announced in December 2025. Number, first day and all other parameters:
    /// 未查到.
    pub fn sc_2025() -> Self {
        Self {
            id: RuleSetId("SC-2025".to_owned()),
            document: "四川省 2025-12 办法，文号未查到".to_owned(),
            handle_days: HandleDays {
                consultation: 3,
                help: 7,
                suggestion: 7,
                complaint: 15,
                report: 15,
            },
        }
    }

    /// 办理时限 of a kind, in working days.
    pub fn handle_days(&self, kind: MatterKind) -> u32 {
        self.handle_days.of(kind)
    }
}
