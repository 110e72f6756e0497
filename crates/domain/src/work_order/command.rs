//! What a person may ask for. Stored in intents: the JSON form is frozen; variants and fields are
//! only added.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::extension::ExtensionAsk;
use crate::handling_unit::HandlingUnitId;
use crate::kb::KbArticleId;
use crate::matter::{CallerCorrection, Matter, MatterClass, MatterKind};
use crate::out_of_scope::{EmergencyLine, OutOfScopeClass};
use crate::time_limit::LimitKind;
use crate::upstream::UpstreamLimit;
use crate::work_order::assignment::{
    AssignmentNumber, ContactRecord, DispatchGround, Explained, Reply, WriteOffGround,
};
use crate::work_order::closure::ClosureOpinion;
use crate::work_order::rating::{RatingRecord, ScreeningReview};

/// 命令: one act that a person asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 登记 (第九条).
    Register { number: String, matter: Box<Matter> },
    /// 当场答复.
    AnswerOnTheSpot {
        answer: String,
        article: Option<CitedArticle>,
    },
    /// 不予受理 (第八条).
    RefuseOutOfScope {
        class: OutOfScopeClass,
        guidance: String,
        legal_basis: String,
    },
    /// 转紧急热线 (第八条(三)): put through first, recorded after.
    TransferToEmergency { line: EmergencyLine, note: String },
    /// 发起核实: nobody at the center can tell whether the matter is in scope (第八条末款).
    BeginVerification { asked: String, question: String },
    /// 记录核实结论 (第八条末款).
    RecordVerification {
        answered_by: String,
        finding: String,
    },
    /// 派单 (第十条, 第十一条(一)). Whatever is left out of an older intent is a plain dispatch to
    /// one unit.
    Dispatch {
        unit: HandlingUnitId,
        opinion: String,
        #[serde(flatten)]
        plan: DispatchPlan,
    },
    /// 提请专题协调 (第十条).
    RequestCoordination {
        reason: String,
        units: Vec<HandlingUnitId>,
    },
    /// 指定承办 by the county government's office (第十条).
    Designate {
        unit: HandlingUnitId,
        assisting: Vec<HandlingUnitId>,
        opinion: String,
        document: String,
    },
    /// 记录电话送达 of a special matter (决定 I-19).
    RecordDelivery {
        #[serde(with = "chrono::serde::ts_milliseconds")]
        delivered_at: DateTime<Utc>,
        answered_by: String,
        phone: String,
        /// The only one that is not delivered yet, where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<AssignmentNumber>,
    },
    /// 确认送达 by the center's server: the order lies in the unit's inbox (决定 I-3).
    ConfirmDelivery { assignment: AssignmentNumber },
    /// 记录属地报告 of a special matter (第十一条(四)).
    RecordTownshipReport { report: TownshipReport },
    /// 申请变更诉求类型 (决定 I-16).
    RequestKindChange { kind: MatterKind, reason: String },
    /// 审核类型变更 (决定 I-16).
    RuleOnKindChange { is_approved: bool, reason: String },
    /// 升级事项等级 (第十一条(四)).
    EscalateClass {
        class: MatterClass,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        report: Option<TownshipReport>,
    },
    /// 登记上级期限 (第十一条(五), 决定 I-6).
    SetUpstreamLimit {
        upstream: UpstreamLimit,
        document: String,
    },
    /// 催办 (第五条(一)).
    Urge {
        assignment: AssignmentNumber,
        reason: String,
        method: String,
    },
    /// 催办回执 (第五条(一)).
    RecordUrgeReceipt {
        assignment: AssignmentNumber,
        answered_by: String,
    },
    /// 补充: what the caller added later, in words or in files, each named with the hash of its bytes.
    Supplement {
        text: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<String>,
    },
    /// 并入 an open order of the same caller and matter (决定 I-15).
    MergeInto { number: String },
    /// 接收并入: urges and adds to this order; no limit moves (决定 I-15).
    AbsorbRepeat { number: String, text: String },
    /// 关联 an order of the same matter by another caller, or an earlier one (决定 I-15).
    LinkTo { number: String },
    /// 更正诉求人信息, as the caller asks (个人信息保护法 第四十六条): what the person is called and reached by.
    CorrectCaller {
        correction: Box<CallerCorrection>,
        reason: String,
    },
    /// 撤回, as the caller wishes.
    Withdraw { reason: String },
    /// 签收 (第十一条(二)).
    SignFor { assignment: AssignmentNumber },
    /// 二级转办 to a part of the unit: who answers stays the same (第六条(二)).
    PassDown {
        assignment: AssignmentNumber,
        to: String,
        note: String,
    },
    /// 记录联系 (第六条(二)).
    RecordContact {
        assignment: AssignmentNumber,
        contact: ContactRecord,
    },
    /// 初步响应 (第十一条(四)).
    RespondFirst {
        assignment: AssignmentNumber,
        text: String,
    },
    /// 进度反馈 (第十一条(四)).
    ReportProgress {
        assignment: AssignmentNumber,
        text: String,
    },
    /// 退回 with its three requisites (第十一条(二)).
    SendBack {
        assignment: AssignmentNumber,
        reason: String,
        basis: String,
        suggestion: String,
    },
    /// 裁定退回 (第五条(三)).
    RuleOnSendBack {
        assignment: AssignmentNumber,
        is_accepted: bool,
        reason: String,
    },
    /// 放行退回 although a precedent binds: duties changed, or the facts are others (第十条).
    ReleaseBinding {
        assignment: AssignmentNumber,
        reason: String,
    },
    /// 申请延期 (第十一条(三)).
    RequestExtension {
        assignment: AssignmentNumber,
        #[serde(flatten)]
        ask: ExtensionAsk,
        reason: String,
    },
    /// 县审延期 (第五条(三)).
    ReviewExtension {
        assignment: AssignmentNumber,
        is_forwarded: bool,
        reason: String,
    },
    /// 登记市批复 on an extension (第十一条(三)).
    RecordCityRuling {
        assignment: AssignmentNumber,
        /// 市批日期; `None` where the city said no.
        #[serde(with = "chrono::serde::ts_milliseconds_option")]
        granted_until: Option<DateTime<Utc>>,
        document: String,
    },
    /// 记录延期说明 to the caller (第十一条(三)).
    ExplainExtension {
        assignment: AssignmentNumber,
        #[serde(flatten)]
        explained: Explained,
    },
    /// 提交协办意见 (第十条).
    SubmitOpinion {
        assignment: AssignmentNumber,
        text: String,
    },
    /// 提交答复 (第六条(二)).
    SubmitReply {
        assignment: AssignmentNumber,
        reply: Box<Reply>,
    },
    /// 内审签发 (第十八条).
    SignReply { assignment: AssignmentNumber },
    /// 内审退改 (第十八条).
    RejectReply {
        assignment: AssignmentNumber,
        reason: String,
    },
    /// 认定终结 (第十二条(二)).
    RequestFinalClosure {
        assignment: AssignmentNumber,
        opinion: Box<ClosureOpinion>,
    },
    /// 要件审查 of a final closure (决定 I-13).
    ReviewFinalClosure {
        assignment: AssignmentNumber,
        is_accepted: bool,
        reason: String,
    },
    /// 登记结果回传 (第五条(二)).
    RecordResultReturn { state: ResultReturn },
    /// 导入评价 of the city; `None` rates the answer on the spot (第十二条).
    ImportRating {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        assignment: Option<AssignmentNumber>,
        rating: RatingRecord,
    },
    /// 自查回访: the center's own, never part of any assessment (第十二条).
    RecordOwnCallBack { note: String },
    /// 申请甄别 (第十二条(一)).
    RequestScreening {
        assignment: AssignmentNumber,
        reason: String,
        late_reason: String,
        evidence: Vec<String>,
    },
    /// 甄别初审 (第五条(四)).
    ReviewScreening {
        assignment: AssignmentNumber,
        review: ScreeningReview,
        reason: String,
    },
    /// 补证 (第十二条(一)).
    SupplyEvidence {
        assignment: AssignmentNumber,
        evidence: Vec<String>,
    },
    /// 登记市甄别结论 (第十二条(一)).
    RecordScreeningRuling {
        assignment: AssignmentNumber,
        is_removed: bool,
        document: String,
    },
    /// 退回重办.
    OrderRework {
        assignment: AssignmentNumber,
        reason: String,
    },
    /// 归档 (第十二条(一)).
    Archive,
    /// 核销超期 (决定 I-14).
    WriteOffDelay {
        assignment: AssignmentNumber,
        limit: LimitKind,
        write_off: WriteOffGround,
        note: String,
    },
    /// 日历变更重算 (决定 I-20).
    RecountLimits { notice: String },
}

/// 派单方案: everything about a dispatch besides the unit that answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatchPlan {
    #[serde(default, skip_serializing_if = "DispatchForm::is_default")]
    pub form: DispatchForm,
    /// 其他会签单位，或协办单位.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<HandlingUnitId>,
    #[serde(default, skip_serializing_if = "DispatchPlan::is_duty")]
    pub by: DispatchGround,
    /// 替代: the assignment that was sent back and whose place the unit takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<AssignmentNumber>,
    /// 属地报告, where it is made with the dispatch of a special matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<TownshipReport>,
}

impl DispatchPlan {
    fn is_duty(ground: &DispatchGround) -> bool {
        *ground == DispatchGround::Duty
    }
}

/// 派单方式 (第十条).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchForm {
    /// 单派.
    #[default]
    Single,
    /// 会签: each unit handles its own.
    Countersigned,
    /// 主协办: one answers for all.
    LeadAndAssisting,
}

impl DispatchForm {
    pub const ALL: [Self; 3] = [Self::Single, Self::Countersigned, Self::LeadAndAssisting];

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes a reference"
    )]
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// 属地报告单: that the township or street was told of a special matter (第十一条(四)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TownshipReport {
    pub township: HandlingUnitId,
    pub answered_by: String,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub reported_at: DateTime<Utc>,
    pub method: String,
}

/// 结果回传状态, toward the city or the province (第五条(二)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultReturn {
    /// 待回传.
    Pending,
    /// 已发出.
    Sent,
    /// 已接收.
    Received,
    /// 失败.
    Failed,
}

impl ResultReturn {
    pub const ALL: [Self; 4] = [Self::Pending, Self::Sent, Self::Received, Self::Failed];
}

/// 引用知识: the article and version an answer was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitedArticle {
    pub id: KbArticleId,
    pub version: u32,
}

/// Writes the list of commands once: the kinds, all of them in order, and which command is which.
macro_rules! command_kinds {
    ($($kind:ident),* $(,)?) => {
        /// 命令种类.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum CommandKind { $($kind),* }

        impl CommandKind {
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];
        }

        impl Command {
            pub fn kind(&self) -> CommandKind {
                match self { $(Self::$kind { .. } => CommandKind::$kind),* }
            }
        }
    };
}

command_kinds!(
    Register,
    AnswerOnTheSpot,
    RefuseOutOfScope,
    TransferToEmergency,
    BeginVerification,
    RecordVerification,
    Dispatch,
    RequestCoordination,
    Designate,
    RecordDelivery,
    ConfirmDelivery,
    RecordTownshipReport,
    RequestKindChange,
    RuleOnKindChange,
    EscalateClass,
    SetUpstreamLimit,
    Urge,
    RecordUrgeReceipt,
    Supplement,
    MergeInto,
    AbsorbRepeat,
    LinkTo,
    CorrectCaller,
    Withdraw,
    SignFor,
    PassDown,
    RecordContact,
    RespondFirst,
    ReportProgress,
    SendBack,
    RuleOnSendBack,
    ReleaseBinding,
    RequestExtension,
    ReviewExtension,
    RecordCityRuling,
    ExplainExtension,
    SubmitOpinion,
    SubmitReply,
    SignReply,
    RejectReply,
    RequestFinalClosure,
    ReviewFinalClosure,
    RecordResultReturn,
    ImportRating,
    RecordOwnCallBack,
    RequestScreening,
    ReviewScreening,
    SupplyEvidence,
    RecordScreeningRuling,
    OrderRework,
    Archive,
    WriteOffDelay,
    RecountLimits,
);

impl CommandKind {
    /// Whether the command tells of something that happened and so can never be refused later,
    /// only flagged (the two lanes of sync).
    pub fn is_fact(self) -> bool {
        matches!(
            self,
            Self::Register
                | Self::RecordDelivery
                | Self::ConfirmDelivery
                | Self::RecordTownshipReport
                | Self::RecordUrgeReceipt
                | Self::Supplement
                | Self::RecordContact
                | Self::RecordOwnCallBack
        )
    }
}

impl Command {
    /// The assignment that the command is about; `None` for one about the order.
    pub fn assignment(&self) -> Option<AssignmentNumber> {
        match self {
            Self::RecordDelivery { assignment, .. } | Self::ImportRating { assignment, .. } => {
                *assignment
            }
            Self::ConfirmDelivery { assignment }
            | Self::Urge { assignment, .. }
            | Self::RecordUrgeReceipt { assignment, .. }
            | Self::SignFor { assignment }
            | Self::PassDown { assignment, .. }
            | Self::RecordContact { assignment, .. }
            | Self::RespondFirst { assignment, .. }
            | Self::ReportProgress { assignment, .. }
            | Self::SendBack { assignment, .. }
            | Self::RuleOnSendBack { assignment, .. }
            | Self::ReleaseBinding { assignment, .. }
            | Self::RequestExtension { assignment, .. }
            | Self::ReviewExtension { assignment, .. }
            | Self::RecordCityRuling { assignment, .. }
            | Self::ExplainExtension { assignment, .. }
            | Self::SubmitOpinion { assignment, .. }
            | Self::SubmitReply { assignment, .. }
            | Self::SignReply { assignment }
            | Self::RejectReply { assignment, .. }
            | Self::RequestFinalClosure { assignment, .. }
            | Self::ReviewFinalClosure { assignment, .. }
            | Self::RequestScreening { assignment, .. }
            | Self::ReviewScreening { assignment, .. }
            | Self::SupplyEvidence { assignment, .. }
            | Self::RecordScreeningRuling { assignment, .. }
            | Self::OrderRework { assignment, .. }
            | Self::WriteOffDelay { assignment, .. } => Some(*assignment),
            Self::Register { .. }
            | Self::AnswerOnTheSpot { .. }
            | Self::RefuseOutOfScope { .. }
            | Self::TransferToEmergency { .. }
            | Self::BeginVerification { .. }
            | Self::RecordVerification { .. }
            | Self::Dispatch { .. }
            | Self::RequestCoordination { .. }
            | Self::Designate { .. }
            | Self::RecordTownshipReport { .. }
            | Self::RequestKindChange { .. }
            | Self::RuleOnKindChange { .. }
            | Self::EscalateClass { .. }
            | Self::SetUpstreamLimit { .. }
            | Self::Supplement { .. }
            | Self::MergeInto { .. }
            | Self::AbsorbRepeat { .. }
            | Self::LinkTo { .. }
            | Self::CorrectCaller { .. }
            | Self::Withdraw { .. }
            | Self::RecordResultReturn { .. }
            | Self::RecordOwnCallBack { .. }
            | Self::Archive
            | Self::RecountLimits { .. } => None,
        }
    }
}
