//! 工单: a work order as the fold of its events.
//!
//! ```text
//!                 ┌─ 当场答复 AnsweredOnTheSpot
//! 登记 Registered ─┼─ 不予受理 RefusedOutOfScope
//!                 ├─ 转紧急   TransferredToEmergency
//!                 └─ 派单 Dispatched ── 送达 Delivered
//! ```

mod apply;
mod command;
mod decide;
mod event;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use apply::{apply, fold};
pub use command::{CitedArticle, Command, CommandKind};
pub use decide::{Facts, commands_at, decide, dispatch_limit, limits_from_delivery};
pub use event::{Event, EventKind};

use crate::handling_unit::HandlingUnitId;
use crate::matter::Matter;
use crate::out_of_scope::{EmergencyLine, OutOfScopeClass};
use crate::rule_set::RuleSetId;
use crate::time_limit::{LimitKind, LimitState, TimeLimit};

/// 工单状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 待派: registered, nothing done yet.
    Registered,
    /// 当场答复办结.
    AnsweredOnTheSpot,
    /// 不予受理.
    RefusedOutOfScope,
    /// 已转紧急热线.
    TransferredToEmergency,
    /// 已派单，待送达.
    Dispatched,
    /// 已送达承办单位.
    Delivered,
}

impl Stage {
    pub const ALL: [Self; 6] = [
        Self::Registered,
        Self::AnsweredOnTheSpot,
        Self::RefusedOutOfScope,
        Self::TransferredToEmergency,
        Self::Dispatched,
        Self::Delivered,
    ];
}

/// 工单, folded from its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkOrder {
    /// 工单编号, given by the desk and never changed.
    pub number: String,
    pub matter: Matter,
    /// The rule set the order is pinned to.
    pub rule_set: RuleSetId,
    pub registered_at: DateTime<Utc>,
    pub stage: Stage,
    /// How the center dealt with it, once it has.
    pub conclusion: Option<Conclusion>,
    /// Every limit that was started, in order, with where it stands.
    pub limits: Vec<(TimeLimit, LimitState)>,
    /// The number of events folded so far.
    pub version: u32,
}

/// 处理方式: what became of the order at the center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// 当场答复.
    Answer {
        answer: String,
        article: Option<CitedArticle>,
    },
    /// 不予受理.
    OutOfScope {
        class: OutOfScopeClass,
        guidance: String,
        legal_basis: String,
    },
    /// 转紧急热线.
    Transfer { line: EmergencyLine, note: String },
    /// 派单.
    Dispatch {
        unit: HandlingUnitId,
        opinion: String,
        dispatched_at: DateTime<Utc>,
    },
}

impl WorkOrder {
    /// 主办单位, once the order is dispatched.
    pub fn lead_unit(&self) -> Option<&HandlingUnitId> {
        match &self.conclusion {
            Some(Conclusion::Dispatch { unit, .. }) => Some(unit),
            Some(
                Conclusion::Answer { .. }
                | Conclusion::OutOfScope { .. }
                | Conclusion::Transfer { .. },
            )
            | None => None,
        }
    }

    /// The limits that are still running.
    pub fn running_limits(&self) -> impl Iterator<Item = &TimeLimit> {
        self.limits
            .iter()
            .filter(|(_, state)| *state == LimitState::Running)
            .map(|(limit, _)| limit)
    }

    /// The running limit that is over first.
    pub fn next_limit(&self) -> Option<&TimeLimit> {
        self.running_limits().min_by_key(|limit| limit.due_at)
    }

    /// The latest limit of that kind and where it stands.
    pub fn limit(&self, kind: LimitKind) -> Option<&(TimeLimit, LimitState)> {
        self.limits
            .iter()
            .rev()
            .find(|(limit, _)| limit.kind == kind)
    }
}
