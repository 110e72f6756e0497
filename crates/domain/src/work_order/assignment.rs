//! 承办单: what one unit was given of a work order, and how far it has come with it.
//!
//! ```text
//! 已派 Dispatched ─ 已送达 Delivered ─ 已签收 SignedFor ─ 待审核 AwaitingSignature ─ 已办结 Completed
//!                        └──────┬──────┘
//!             退回待审 SendBackReview ─┬─ 接受: 已退回 SentBack
//!                                    └─ 驳回: back to where it was
//!             终结待审 FinalClosureReview ─ 终结 FinallyClosed
//! ```

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::calendar::WorkCalendar;
use crate::clock_face::{date_of, time_of};
use crate::extension::{CityRuling, ExtensionAsk, ExtensionLane, ExtensionStanding};
use crate::handling_unit::HandlingUnitId;
use crate::rule_set::RuleSet;
use crate::screening::ScreeningLimits;
use crate::time_limit::{LimitKind, LimitState, TimeLimit};
use crate::work_order::closure::ClosureOpinion;
use crate::work_order::rating::{RatingRecord, Screening};

/// 承办序号: which assignment of its order; 1 for the first ever made, never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AssignmentNumber(pub u32);

impl AssignmentNumber {
    pub const FIRST: Self = Self(1);
}

/// 承办方式: what part a unit has in the order (第十条).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 单独承办.
    #[default]
    Sole,
    /// 会签: one of several, each of which answers for itself.
    Countersigning,
    /// 主办: gathers the opinions and answers.
    Lead,
    /// 协办: gives its opinion to the lead.
    Assisting,
}

impl Part {
    pub const ALL: [Self; 4] = [
        Self::Sole,
        Self::Countersigning,
        Self::Lead,
        Self::Assisting,
    ];

    /// Whether the unit answers the caller.
    pub fn answers(self) -> bool {
        match self {
            Self::Sole | Self::Countersigning | Self::Lead => true,
            Self::Assisting => false,
        }
    }
}

/// 派单依据: on what ground the unit was found (第十条).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ground", rename_all = "snake_case")]
pub enum DispatchGround {
    /// 按属地、职责、行业主管: the dispatcher's own judgement.
    #[default]
    Duty,
    /// 县中心协调明确.
    Coordination { document: String },
    /// 县政府办召集专题协调指定.
    Designation { document: String },
    /// 先例.
    Precedent { id: String, document: String },
}

impl DispatchGround {
    /// 不得退回: what was settled once is not settled again (第十条).
    pub fn binds(&self) -> bool {
        match self {
            Self::Duty => false,
            Self::Coordination { .. } | Self::Designation { .. } | Self::Precedent { .. } => true,
        }
    }
}

/// 承办单状态.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssignmentStage {
    /// 已派，待送达.
    Dispatched,
    /// 已送达，待签收.
    Delivered,
    /// 已签收，办理中.
    SignedFor,
    /// 退回待审.
    SendBackReview,
    /// 已退回: the center took it back.
    SentBack,
    /// 待审核: answered, and not signed by the unit's reviewer yet (第十八条).
    AwaitingSignature,
    /// 已办结.
    Completed,
    /// 终结待审.
    FinalClosureReview,
    /// 已终结.
    FinallyClosed,
    /// 已撤回.
    Withdrawn,
}

impl AssignmentStage {
    pub const ALL: [Self; 10] = [
        Self::Dispatched,
        Self::Delivered,
        Self::SignedFor,
        Self::SendBackReview,
        Self::SentBack,
        Self::AwaitingSignature,
        Self::Completed,
        Self::FinalClosureReview,
        Self::FinallyClosed,
        Self::Withdrawn,
    ];

    /// Whether something is still to be done by the unit, or about it by the center.
    pub fn is_open(self) -> bool {
        match self {
            Self::Dispatched
            | Self::Delivered
            | Self::SignedFor
            | Self::SendBackReview
            | Self::AwaitingSignature
            | Self::FinalClosureReview => true,
            Self::SentBack | Self::Completed | Self::FinallyClosed | Self::Withdrawn => false,
        }
    }
}

/// 联系记录: that the unit spoke with the caller, or tried to (第六条(二)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRecord {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub contacted_at: DateTime<Utc>,
    pub phone: String,
    pub outcome: ContactOutcome,
    pub note: String,
}

/// 联系结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactOutcome {
    /// 已联系上.
    Reached,
    /// 未联系上.
    NotReached,
}

impl ContactOutcome {
    pub const ALL: [Self; 2] = [Self::Reached, Self::NotReached];
}

impl ContactRecord {
    /// 时段: attempts count apart when they fall on different days, or in another of the morning,
    /// the afternoon (from 12:00) and the evening (from 18:00) (决定 I-17).
    fn part_of_day(&self) -> (NaiveDate, u32) {
        use chrono::Timelike as _;
        let part = match time_of(self.contacted_at).hour() {
            0..12 => 0,
            12..18 => 1,
            _ => 2,
        };
        (date_of(self.contacted_at), part)
    }
}

/// 退回: that a unit says an order is not its own (第十一条(二)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendBack {
    pub sent_back_at: DateTime<Utc>,
    /// 理由.
    pub reason: String,
    /// 依据.
    pub basis: String,
    /// 转送建议.
    pub suggestion: String,
    /// What the center ruled.
    pub ruling: Option<SendBackRuling>,
    /// Where the unit stood, to which a rejection leads back.
    pub from: AssignmentStage,
}

/// 退回裁定 (第五条(三)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendBackRuling {
    pub ruled_at: DateTime<Utc>,
    pub is_accepted: bool,
    pub reason: String,
}

/// 延期申请及其经过 (第十一条(三)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionCase {
    pub requested_at: DateTime<Utc>,
    pub ask: ExtensionAsk,
    pub reason: String,
    pub lane: ExtensionLane,
    /// What the unit asks for.
    pub proposed_due_at: DateTime<Utc>,
    pub stage: ExtensionStage,
    /// When the county passed it on, or did not.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// 向诉求人说明, once it was.
    pub explained: Option<Explained>,
}

/// 延期环节.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExtensionStage {
    /// 待县审.
    CountyReview,
    /// 待市批.
    CityRuling,
    /// 已批准.
    Granted,
    /// 县审不予上报.
    DeniedByCounty,
    /// 市驳回.
    DeniedByCity,
    /// 失效: the order left the unit before anybody ruled.
    Lapsed,
}

impl ExtensionStage {
    /// Whether somebody still has to rule.
    pub fn is_pending(self) -> bool {
        match self {
            Self::CountyReview | Self::CityRuling => true,
            Self::Granted | Self::DeniedByCounty | Self::DeniedByCity | Self::Lapsed => false,
        }
    }
}

/// 延期说明: how the caller learnt of the extension, or why not (第十一条(三)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "explained", rename_all = "snake_case")]
pub enum Explained {
    /// 已说明.
    ToCaller {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        explained_at: DateTime<Utc>,
        method: String,
    },
    /// 未说明及理由.
    NotPossible { reason: String },
}

/// 答复: what the unit tells the center and has told the caller (第六条(二), 第十八条).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub text: String,
    /// 署名负责人.
    pub responsible_person: String,
    pub feedback: Feedback,
    /// 引用的协办意见.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cited_opinions: Vec<AssignmentNumber>,
}

/// 反馈记录: that the caller was told the result, or could not be reached (决定 I-17).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "feedback", rename_all = "snake_case")]
pub enum Feedback {
    /// 已反馈.
    Given {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        given_at: DateTime<Utc>,
        method: String,
    },
    /// 无法联系.
    CallerNotReached,
}

/// 核销理由: on what a delay is not held against a unit (决定 I-14).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WriteOffGround {
    /// 溯及延期.
    LateExtension,
    /// 上级系统故障.
    SuperiorSystemFault,
    /// 不可抗力.
    ForceMajeure,
}

impl WriteOffGround {
    pub const ALL: [Self; 3] = [
        Self::LateExtension,
        Self::SuperiorSystemFault,
        Self::ForceMajeure,
    ];
}

/// 超期: one limit that a unit was or is late with (决定 I-18).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delay {
    pub limit: LimitKind,
    /// When the limit was over.
    pub overdue_at: DateTime<Utc>,
    /// When the act was done at last; `None` while it is not.
    pub done_at: Option<DateTime<Utc>>,
    /// 核销.
    pub written_off: Option<WriteOffGround>,
}

/// 承办单, folded from the events of its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    pub number: AssignmentNumber,
    pub unit: HandlingUnitId,
    pub part: Part,
    pub ground: DispatchGround,
    pub opinion: String,
    pub stage: AssignmentStage,
    pub dispatched_at: DateTime<Utc>,
    /// Who may not rule on what the unit sends back or asks for (第五条(三)).
    pub dispatched_by: ActorId,
    pub delivered_at: Option<DateTime<Utc>>,
    /// 替代: the assignment that this one takes the place of.
    pub replaces: Option<AssignmentNumber>,
    /// 重办: the assignment that was not done well enough.
    pub rework_of: Option<AssignmentNumber>,
    /// Every limit that was started for the unit, in order, with where it stands.
    pub limits: Vec<(TimeLimit, LimitState)>,
    pub signed_for_at: Option<DateTime<Utc>>,
    /// 二级转办 to these parts of the unit, in order.
    pub passed_down_to: Vec<String>,
    pub contacts: Vec<ContactRecord>,
    pub first_response: Option<String>,
    pub progress: Vec<String>,
    /// 放行: the supervisor lets it be sent back although it is bound.
    pub is_released: bool,
    pub send_back: Option<SendBack>,
    pub extension: Option<ExtensionCase>,
    pub n_extensions_granted: u32,
    /// 协办意见.
    pub assisting_opinion: Option<String>,
    pub reply: Option<Reply>,
    /// Who handed in the reply, and may not sign it.
    pub replied_by: Option<ActorId>,
    /// 内部审核人.
    pub signed_by: Option<ActorId>,
    pub completed_at: Option<DateTime<Utc>>,
    /// 终结办理意见, once the unit has given one.
    pub closure_opinion: Option<ClosureOpinion>,
    pub closure_requested_at: Option<DateTime<Utc>>,
    pub n_urges: u32,
    pub last_urged_at: Option<DateTime<Utc>>,
    pub n_urges_received: u32,
    pub rating: Option<RatingRecord>,
    /// 评价送达, from which the principle of a screening counts (决定 I-11).
    pub rating_delivered_at: Option<DateTime<Utc>>,
    pub screening: Option<Screening>,
    pub written_off: Vec<(LimitKind, WriteOffGround)>,
}

impl Assignment {
    /// 甄别时限 of the rating that the assignment had (决定 I-11).
    pub fn screening_limits(
        &self,
        rating: &RatingRecord,
        calendar: &WorkCalendar,
        rule_set: &RuleSet,
    ) -> ScreeningLimits {
        let delivered_at = self.rating_delivered_at.unwrap_or(rating.rated_at);
        ScreeningLimits::of(rating.rated_at, delivered_at, calendar, rule_set)
    }

    /// The latest limit of that kind and where it stands.
    pub fn limit(&self, kind: LimitKind) -> Option<&(TimeLimit, LimitState)> {
        self.limits
            .iter()
            .rev()
            .find(|(limit, _)| limit.kind == kind)
    }

    /// The limit of that kind, while it runs.
    pub fn running_limit(&self, kind: LimitKind) -> Option<&TimeLimit> {
        self.limit(kind)
            .filter(|(_, state)| *state == LimitState::Running)
            .map(|(limit, _)| limit)
    }

    /// 首次联系.
    pub fn first_contact(&self) -> Option<&ContactRecord> {
        self.contacts
            .iter()
            .min_by_key(|contact| contact.contacted_at)
    }

    /// 不同时段未联系上的次数 (决定 I-17).
    pub fn n_attempts_in_vain(&self) -> usize {
        let mut parts: Vec<_> = self
            .contacts
            .iter()
            .filter(|contact| contact.outcome == ContactOutcome::NotReached)
            .map(ContactRecord::part_of_day)
            .collect();
        parts.sort_unstable();
        parts.dedup();
        parts.len()
    }

    /// 待批暂挂 at `now`: an extension was asked for in time and the city has not ruled, so nothing
    /// is held against the unit (决定 I-9).
    pub fn awaits_ruling_at(&self, now: DateTime<Utc>) -> bool {
        let is_pending = |case: &ExtensionCase| case.stage.is_pending();
        let Some((limit, _)) = self.limit(LimitKind::Handle) else {
            return false;
        };
        self.extension.as_ref().is_some_and(is_pending)
            && CityRuling::Pending.standing(limit.due_at, now) == ExtensionStanding::AwaitingRuling
    }

    /// Since when the unit waits for the center's word on a return or on a final closure. What is
    /// over only after that is not held against it meanwhile (决定 I-7).
    pub(super) fn waits_for_center_since(&self) -> Option<DateTime<Utc>> {
        match self.stage {
            AssignmentStage::SendBackReview => self.send_back.as_ref().map(|it| it.sent_back_at),
            AssignmentStage::FinalClosureReview => self.closure_requested_at,
            AssignmentStage::Dispatched
            | AssignmentStage::Delivered
            | AssignmentStage::SignedFor
            | AssignmentStage::SentBack
            | AssignmentStage::AwaitingSignature
            | AssignmentStage::Completed
            | AssignmentStage::FinallyClosed
            | AssignmentStage::Withdrawn => None,
        }
    }

    /// Whether others are to decide first, so that the limit is neither near nor over for the unit
    /// (决定 I-7, I-9).
    pub fn stands_still_at(&self, limit: &TimeLimit, now: DateTime<Utc>) -> bool {
        let awaits_ruling = limit.kind == LimitKind::Handle && self.awaits_ruling_at(now);
        let waits_since = self.waits_for_center_since();
        awaits_ruling || waits_since.is_some_and(|since| since <= limit.due_at)
    }

    /// 超期 of the unit as it stands at `now`, by the time the limits were over.
    pub fn delays_at(&self, now: DateTime<Utc>) -> Vec<Delay> {
        let awaits_ruling = self.awaits_ruling_at(now);
        let counted_until = self
            .waits_for_center_since()
            .map_or(now, |since| since.min(now));
        let mut delays: Vec<Delay> = self
            .limits
            .iter()
            .filter(|(limit, _)| limit.kind.is_held_against_the_unit())
            .filter(|(limit, _)| !(awaits_ruling && limit.kind == LimitKind::Handle))
            .filter_map(|(limit, state)| {
                let done_at = match state {
                    LimitState::Running if limit.is_overdue_at(counted_until) => None,
                    LimitState::MetLate { at } => Some(*at),
                    LimitState::Running | LimitState::Met { .. } | LimitState::Lifted { .. } => {
                        return None;
                    }
                };
                Some(Delay {
                    limit: limit.kind,
                    overdue_at: limit.due_at,
                    done_at,
                    written_off: self.write_off_of(limit.kind),
                })
            })
            .collect();
        delays.sort_by_key(|delay| delay.overdue_at);
        delays
    }

    fn write_off_of(&self, kind: LimitKind) -> Option<WriteOffGround> {
        self.written_off
            .iter()
            .find(|(written_off, _)| *written_off == kind)
            .map(|(_, ground)| *ground)
    }
}
