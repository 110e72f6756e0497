//! What happened to a work order. Stored for ever: the JSON form is frozen; variants and fields
//! are only added.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::actor::ActorId;
use crate::extension::{ExtensionAsk, ExtensionLane};
use crate::handling_unit::HandlingUnitId;
use crate::matter::{Caller, Matter, MatterClass, MatterKind};
use crate::out_of_scope::{EmergencyLine, OutOfScopeClass};
use crate::rule_set::RuleSetId;
use crate::time_limit::{LimitKind, TimeLimit};
use crate::upstream::UpstreamLimit;
use crate::work_order::CitedArticle;
use crate::work_order::assignment::{
    AssignmentNumber, ContactRecord, DispatchGround, Explained, Part, Reply, WriteOffGround,
};
use crate::work_order::closure::ClosureOpinion;
use crate::work_order::command::{ResultReturn, TownshipReport};
use crate::work_order::rating::{ArchiveOutcome, RatingRecord, ScreeningReview};

/// 事件: one thing that happened, when, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    pub actor: ActorId,
    #[serde(flatten)]
    pub kind: EventKind,
}

/// 事件种类.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum EventKind {
    /// 已登记.
    Registered {
        number: String,
        matter: Box<Matter>,
        rule_set: RuleSetId,
    },
    /// 起算时限.
    LimitStarted {
        limit: TimeLimit,
        /// Whose limit it is; `None` for the center's own, and for a unit's in what was written
        /// before orders had several assignments.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<AssignmentNumber>,
    },
    /// 时限变动: the whole limit as it stands from now on, and why.
    LimitMoved {
        limit: TimeLimit,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<AssignmentNumber>,
        because: LimitMove,
    },
    /// 已当场答复.
    AnsweredOnTheSpot {
        answer: String,
        article: Option<CitedArticle>,
    },
    /// 已告知不予受理.
    RefusedOutOfScope {
        class: OutOfScopeClass,
        guidance: String,
        legal_basis: String,
    },
    /// 已转紧急热线.
    TransferredToEmergency { line: EmergencyLine, note: String },
    /// 已发起核实.
    VerificationBegun { asked: String, question: String },
    /// 已核实.
    VerificationRecorded {
        answered_by: String,
        finding: String,
    },
    /// 已派单 to one unit; several of them stand together for countersigning and assisting.
    Dispatched {
        unit: HandlingUnitId,
        opinion: String,
        #[serde(default, skip_serializing_if = "is_sole")]
        part: Part,
        #[serde(default, skip_serializing_if = "is_duty")]
        by: DispatchGround,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        replaces: Option<AssignmentNumber>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rework_of: Option<AssignmentNumber>,
    },
    /// 已提请专题协调.
    CoordinationRequested {
        reason: String,
        units: Vec<HandlingUnitId>,
    },
    /// 已指定承办.
    Designated { document: String },
    /// 已送达: by telephone with who answered, by the center with neither.
    Delivered {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        delivered_at: DateTime<Utc>,
        answered_by: String,
        phone: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<AssignmentNumber>,
    },
    /// 已报告属地.
    TownshipReported { report: TownshipReport },
    /// 已申请变更类型.
    KindChangeRequested { kind: MatterKind, reason: String },
    /// 类型变更已裁定.
    KindChangeRuled { is_approved: bool, reason: String },
    /// 已升级事项等级.
    ClassEscalated { class: MatterClass, reason: String },
    /// 已登记上级期限.
    UpstreamLimitSet {
        upstream: UpstreamLimit,
        document: String,
    },
    /// 已催办.
    Urged {
        assignment: AssignmentNumber,
        reason: String,
        method: String,
    },
    /// 已收催办回执.
    UrgeReceived {
        assignment: AssignmentNumber,
        answered_by: String,
    },
    /// 已补充.
    Supplemented {
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<String>,
    },
    /// 已并入.
    MergedInto { number: String },
    /// 已接收并入.
    RepeatAbsorbed { number: String, text: String },
    /// 已关联.
    LinkedTo { number: String },
    /// 已更正诉求人信息: as it is from now on.
    CallerCorrected { caller: Box<Caller>, reason: String },
    /// 已撤回.
    Withdrawn { reason: String },
    /// 已签收.
    SignedFor { assignment: AssignmentNumber },
    /// 已二级转办.
    PassedDown {
        assignment: AssignmentNumber,
        to: String,
        note: String,
    },
    /// 已联系.
    ContactRecorded {
        assignment: AssignmentNumber,
        contact: ContactRecord,
    },
    /// 已初步响应.
    FirstResponded {
        assignment: AssignmentNumber,
        text: String,
    },
    /// 已反馈进度.
    ProgressReported {
        assignment: AssignmentNumber,
        text: String,
    },
    /// 已退回，待审.
    SentBack {
        assignment: AssignmentNumber,
        reason: String,
        basis: String,
        suggestion: String,
    },
    /// 退回已裁定.
    SendBackRuled {
        assignment: AssignmentNumber,
        is_accepted: bool,
        reason: String,
    },
    /// 已放行退回.
    BindingReleased {
        assignment: AssignmentNumber,
        reason: String,
    },
    /// 已申请延期.
    ExtensionRequested {
        assignment: AssignmentNumber,
        #[serde(flatten)]
        ask: ExtensionAsk,
        reason: String,
        lane: ExtensionLane,
        #[serde(with = "chrono::serde::ts_milliseconds")]
        proposed_due_at: DateTime<Utc>,
    },
    /// 延期已县审.
    ExtensionReviewed {
        assignment: AssignmentNumber,
        is_forwarded: bool,
        reason: String,
    },
    /// 市已批复延期.
    CityRuled {
        assignment: AssignmentNumber,
        #[serde(with = "chrono::serde::ts_milliseconds_option")]
        granted_until: Option<DateTime<Utc>>,
        document: String,
    },
    /// 已说明延期.
    ExtensionExplained {
        assignment: AssignmentNumber,
        #[serde(flatten)]
        explained: Explained,
    },
    /// 已提交协办意见.
    OpinionSubmitted {
        assignment: AssignmentNumber,
        text: String,
    },
    /// 已提交答复.
    ReplySubmitted {
        assignment: AssignmentNumber,
        reply: Box<Reply>,
    },
    /// 已内审签发.
    ReplySigned { assignment: AssignmentNumber },
    /// 内审已退改.
    ReplyRejected {
        assignment: AssignmentNumber,
        reason: String,
    },
    /// 已办结: every unit has done its part.
    Completed,
    /// 已认定终结，待审.
    FinalClosureRequested {
        assignment: AssignmentNumber,
        opinion: Box<ClosureOpinion>,
    },
    /// 终结已审查.
    FinalClosureReviewed {
        assignment: AssignmentNumber,
        is_accepted: bool,
        reason: String,
    },
    /// 已终结办理.
    FinallyClosed,
    /// 已登记结果回传.
    ResultReturnRecorded { state: ResultReturn },
    /// 已评价.
    Rated {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<AssignmentNumber>,
        rating: RatingRecord,
    },
    /// 已自查回访.
    OwnCallBackRecorded { note: String },
    /// 已申请甄别.
    ScreeningRequested {
        assignment: AssignmentNumber,
        reason: String,
        late_reason: String,
        evidence: Vec<String>,
    },
    /// 甄别已初审.
    ScreeningReviewed {
        assignment: AssignmentNumber,
        review: ScreeningReview,
        reason: String,
    },
    /// 已补证.
    EvidenceSupplied {
        assignment: AssignmentNumber,
        evidence: Vec<String>,
    },
    /// 市已裁定甄别.
    ScreeningRuled {
        assignment: AssignmentNumber,
        is_removed: bool,
        document: String,
    },
    /// 已退回重办.
    ReworkOrdered {
        assignment: AssignmentNumber,
        reason: String,
    },
    /// 已归档.
    Archived { outcome: ArchiveOutcome },
    /// 已核销超期.
    DelayWrittenOff {
        assignment: AssignmentNumber,
        limit: LimitKind,
        write_off: WriteOffGround,
        note: String,
    },
}

impl EventKind {
    /// 催办 and its receipt: they say again what is, and change nothing a person decides by.
    pub fn is_reminder(&self) -> bool {
        matches!(self, Self::Urged { .. } | Self::UrgeReceived { .. })
    }

    /// The assignment that the event is about; `None` for one about the order, and for a dispatch,
    /// which makes one.
    pub fn assignment(&self) -> Option<AssignmentNumber> {
        match self {
            Self::LimitStarted { assignment, .. }
            | Self::LimitMoved { assignment, .. }
            | Self::Delivered { assignment, .. }
            | Self::Rated { assignment, .. } => *assignment,
            Self::Urged { assignment, .. }
            | Self::UrgeReceived { assignment, .. }
            | Self::SignedFor { assignment }
            | Self::PassedDown { assignment, .. }
            | Self::ContactRecorded { assignment, .. }
            | Self::FirstResponded { assignment, .. }
            | Self::ProgressReported { assignment, .. }
            | Self::SentBack { assignment, .. }
            | Self::SendBackRuled { assignment, .. }
            | Self::BindingReleased { assignment, .. }
            | Self::ExtensionRequested { assignment, .. }
            | Self::ExtensionReviewed { assignment, .. }
            | Self::CityRuled { assignment, .. }
            | Self::ExtensionExplained { assignment, .. }
            | Self::OpinionSubmitted { assignment, .. }
            | Self::ReplySubmitted { assignment, .. }
            | Self::ReplySigned { assignment }
            | Self::ReplyRejected { assignment, .. }
            | Self::FinalClosureRequested { assignment, .. }
            | Self::FinalClosureReviewed { assignment, .. }
            | Self::ScreeningRequested { assignment, .. }
            | Self::ScreeningReviewed { assignment, .. }
            | Self::EvidenceSupplied { assignment, .. }
            | Self::ScreeningRuled { assignment, .. }
            | Self::ReworkOrdered { assignment, .. }
            | Self::DelayWrittenOff { assignment, .. } => Some(*assignment),
            Self::Registered { .. }
            | Self::AnsweredOnTheSpot { .. }
            | Self::RefusedOutOfScope { .. }
            | Self::TransferredToEmergency { .. }
            | Self::VerificationBegun { .. }
            | Self::VerificationRecorded { .. }
            | Self::Dispatched { .. }
            | Self::CoordinationRequested { .. }
            | Self::Designated { .. }
            | Self::TownshipReported { .. }
            | Self::KindChangeRequested { .. }
            | Self::KindChangeRuled { .. }
            | Self::ClassEscalated { .. }
            | Self::UpstreamLimitSet { .. }
            | Self::Supplemented { .. }
            | Self::MergedInto { .. }
            | Self::RepeatAbsorbed { .. }
            | Self::LinkedTo { .. }
            | Self::CallerCorrected { .. }
            | Self::Withdrawn { .. }
            | Self::Completed
            | Self::FinallyClosed
            | Self::ResultReturnRecorded { .. }
            | Self::OwnCallBackRecorded { .. }
            | Self::Archived { .. } => None,
        }
    }
}

/// 时限变动事由: a limit moves for no other reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum LimitMove {
    /// 暂停 (决定 I-17).
    Suspended,
    /// 恢复 (决定 I-7).
    Resumed,
    /// 批准延期 (第十一条(三)).
    Extended,
    /// 上级期限 (决定 I-6).
    Upstream,
    /// 诉求类型变更 (决定 I-16).
    KindChanged,
    /// 日历变更 (决定 I-20).
    CalendarChanged { notice: String },
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_sole(part: &Part) -> bool {
    *part == Part::Sole
}

fn is_duty(ground: &DispatchGround) -> bool {
    *ground == DispatchGround::Duty
}
