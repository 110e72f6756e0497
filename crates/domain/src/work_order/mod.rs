//! 工单: a work order as the fold of its events.
//!
//! ```text
//!                 ┌─ 当场答复 AnsweredOnTheSpot ─────────────────────────────── 归档 Archived
//!                 ├─ 不予受理 RefusedOutOfScope
//! 登记 Registered ─┼─ 转紧急   TransferredToEmergency
//!   │       │     ├─ 并入 Merged                       撤回 Withdrawn (from any open stage)
//!   │       │     └─ 派单 Dispatched ── 送达 Delivered ─┬─ 办结 Completed ── 归档 Archived
//!   │       └ 待指定 UnderCoordination ┘    │     └──────┘ 重办                │
//!   └ 待核实 UnderVerification       全部退回: Registered                终结 FinallyClosed
//! ```
//!
//! From its dispatch on an order is in the hands of one unit or several; what each has is an
//! [`Assignment`] with its own limits.

mod apply;
mod assignment;
mod closure;
mod command;
mod decide;
mod event;
mod rating;
mod surface;
mod wait;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use apply::{apply, fold};
pub use assignment::{
    Assignment, AssignmentNumber, AssignmentStage, ContactOutcome, ContactRecord, Delay,
    DispatchGround, Explained, ExtensionCase, ExtensionStage, Feedback, Part, Reply, SendBack,
    SendBackRuling, WriteOffGround,
};
pub use closure::ClosureOpinion;
pub use command::{
    CitedArticle, Command, CommandKind, DispatchForm, DispatchPlan, ResultReturn, TownshipReport,
};
pub use decide::{
    CallerVisibility, Facts, assignment_commands_at, caller_visibility, commands_at, commands_of,
    decide, dispatch_limit, limits_from_delivery, send_back_due_at, send_back_review_target,
};
pub use event::{Event, EventKind, LimitMove};
pub use rating::{
    ArchiveOutcome, DissatisfactionReason, RatingRecord, Satisfaction, Screening, ScreeningReview,
    ScreeningStage, Solved,
};
pub use surface::Surface;
pub use wait::{Wait, WaitKind};

use crate::actor::ActorId;
use crate::handling_unit::HandlingUnitId;
use crate::matter::{Matter, MatterKind};
use crate::out_of_scope::{EmergencyLine, OutOfScopeClass};
use crate::rule_set::RuleSetId;
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::upstream::UpstreamLimit;

/// 工单状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 待派: registered, nothing done yet, or every unit has sent it back.
    Registered,
    /// 当场答复办结.
    AnsweredOnTheSpot,
    /// 不予受理.
    RefusedOutOfScope,
    /// 已转紧急热线.
    TransferredToEmergency,
    /// 已派单，待送达.
    Dispatched,
    /// 已送达承办单位，办理中.
    Delivered,
    /// 待核实 (第八条末款).
    UnderVerification,
    /// 待协调、待指定 (第十条).
    UnderCoordination,
    /// 已办结: every unit has done its part.
    Completed,
    /// 已并入 another order.
    Merged,
    /// 已撤回.
    Withdrawn,
    /// 已终结办理 (第十二条(二)): nothing follows.
    FinallyClosed,
    /// 已归档.
    Archived,
}

impl Stage {
    pub const ALL: [Self; 13] = [
        Self::Registered,
        Self::AnsweredOnTheSpot,
        Self::RefusedOutOfScope,
        Self::TransferredToEmergency,
        Self::Dispatched,
        Self::Delivered,
        Self::UnderVerification,
        Self::UnderCoordination,
        Self::Completed,
        Self::Merged,
        Self::Withdrawn,
        Self::FinallyClosed,
        Self::Archived,
    ];

    /// 未办结: somebody still has to do something for the caller.
    pub fn is_open(self) -> bool {
        match self {
            Self::Registered
            | Self::Dispatched
            | Self::Delivered
            | Self::UnderVerification
            | Self::UnderCoordination => true,
            Self::AnsweredOnTheSpot
            | Self::RefusedOutOfScope
            | Self::TransferredToEmergency
            | Self::Completed
            | Self::Merged
            | Self::Withdrawn
            | Self::FinallyClosed
            | Self::Archived => false,
        }
    }
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
    pub registered_by: ActorId,
    pub stage: Stage,
    /// How the center dealt with it, once it has.
    pub conclusion: Option<Conclusion>,
    /// The center's own limits, in order, with where each stands.
    pub limits: Vec<(TimeLimit, LimitState)>,
    /// 承办单, in the order in which they were made.
    pub assignments: Vec<Assignment>,
    /// 本轮: the first assignment since nobody had the order. What was sent back before it is
    /// settled by the dispatch that began the round.
    pub round_from: AssignmentNumber,
    /// 核实, the latest.
    pub verification: Option<Verification>,
    /// 专题协调, the latest.
    pub coordination: Option<Coordination>,
    /// 类型变更申请 that waits for review.
    pub kind_change: Option<KindChange>,
    pub township_reports: Vec<TownshipReport>,
    /// 上级期限, the latest of each superior.
    pub upstream: Vec<UpstreamLimit>,
    pub supplements: Vec<String>,
    /// 已接收并入 of these orders.
    pub absorbed: Vec<String>,
    pub links: Vec<String>,
    pub merged_into: Option<String>,
    pub result_return: Option<ResultReturn>,
    /// 评价 of an answer on the spot; a unit's stands with its assignment.
    pub rating: Option<RatingRecord>,
    pub n_own_call_backs: u32,
    pub archived: Option<ArchiveOutcome>,
    /// When the last event happened; nothing happens before it (决定 I-18).
    pub last_event_at: DateTime<Utc>,
    /// The number of events folded so far.
    pub version: u32,
    /// The version since which it was only urged. Whoever saw the order then knows it as it is: a clock
    /// urges, and must not stop the unit that is about to sign.
    pub unchanged_since: u32,
}

/// 核实 (第八条末款).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    pub asked: String,
    pub question: String,
    pub begun_at: DateTime<Utc>,
    /// 被询人及结论, once there is one.
    pub finding: Option<(String, String)>,
}

/// 专题协调: nobody can tell by law whose it is, so the county government's office is asked (第十条).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coordination {
    pub reason: String,
    /// 涉及单位.
    pub units: Vec<HandlingUnitId>,
    pub requested_at: DateTime<Utc>,
}

/// 类型变更申请 (决定 I-16).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindChange {
    pub kind: MatterKind,
    pub reason: String,
    pub requested_by: ActorId,
    pub requested_at: DateTime<Utc>,
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
    /// 转紧急.
    Transfer { line: EmergencyLine, note: String },
    /// 派单.
    Dispatch {
        unit: HandlingUnitId,
        opinion: String,
        dispatched_at: DateTime<Utc>,
    },
}

impl WorkOrder {
    /// 承办单 of that number.
    pub fn assignment(&self, number: AssignmentNumber) -> Option<&Assignment> {
        self.assignments
            .iter()
            .find(|assignment| assignment.number == number)
    }

    /// 未结的承办单.
    pub fn open_assignments(&self) -> impl Iterator<Item = &Assignment> {
        self.assignments
            .iter()
            .filter(|assignment| assignment.stage.is_open())
    }

    /// 主办单位, once the order is dispatched: of several that countersign, the first.
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

    /// 待补派: sent back in this round, and given to nobody since.
    pub fn open_places(&self) -> impl Iterator<Item = &Assignment> {
        let is_replaced = |number| {
            self.assignments
                .iter()
                .any(|other| other.replaces == Some(number))
        };
        self.assignments
            .iter()
            .filter(|assignment| assignment.number >= self.round_from)
            .filter(|assignment| assignment.stage == AssignmentStage::SentBack)
            .filter(move |assignment| !is_replaced(assignment.number))
    }

    /// Every limit of the order and of its units, with where it stands.
    pub fn all_limits(&self) -> impl Iterator<Item = &(TimeLimit, LimitState)> {
        let of_units = self.assignments.iter().flat_map(|it| &it.limits);
        self.limits.iter().chain(of_units)
    }

    /// The limits that are still running.
    pub fn running_limits(&self) -> impl Iterator<Item = &TimeLimit> {
        self.all_limits()
            .filter(|(_, state)| *state == LimitState::Running)
            .map(|(limit, _)| limit)
    }

    /// 计时中的时限: those that run and do not stand still (决定 I-17), each with whether nobody is
    /// held to it once it is over ([`Assignment::is_waived`]).
    pub fn ticking_limits(&self) -> impl Iterator<Item = (&TimeLimit, bool)> {
        let of_center = self.limits.iter().map(|limit| (limit, None));
        let of_units = self
            .assignments
            .iter()
            .flat_map(|it| it.limits.iter().map(move |limit| (limit, Some(it))));
        of_center
            .chain(of_units)
            .filter(|((limit, state), _)| *state == LimitState::Running && !limit.is_suspended())
            .map(|((limit, _), of)| (limit, of.is_some_and(|it| it.is_waived(limit))))
    }

    /// 下一时限: the one that is over first, of those that are not over yet at `now`.
    pub fn next_limit_at(&self, now: DateTime<Utc>) -> Option<&TimeLimit> {
        self.ticking_limits()
            .map(|(limit, _)| limit)
            .filter(|limit| !limit.is_overdue_at(now))
            .min_by_key(|limit| limit.due_at)
    }

    /// 已超期的时限: the one that was over first, of those that somebody is held to (决定 I-18).
    pub fn overdue_limit_at(&self, now: DateTime<Utc>) -> Option<&TimeLimit> {
        self.ticking_limits()
            .filter(|(limit, is_waived)| !is_waived && limit.is_overdue_at(now))
            .map(|(limit, _)| limit)
            .min_by_key(|limit| limit.due_at)
    }

    /// The latest limit of that kind and where it stands.
    pub fn limit(&self, kind: LimitKind) -> Option<&(TimeLimit, LimitState)> {
        let limits: Vec<_> = self.all_limits().collect();
        limits
            .into_iter()
            .rev()
            .find(|(limit, _)| limit.kind == kind)
    }
}
