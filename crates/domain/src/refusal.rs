//! Every way in which a rule says no.
//!
//! A refusal is an answer to a person, not a fault: it carries what a sentence needs and no
//! sentence. `desk` turns each into Chinese in one exhaustive match.

use chrono::{DateTime, Utc};
use thiserror::Error;

use crate::actor::Role;
use crate::extension::ExtensionRefusal;
use crate::handling_unit::HandlingUnitId;
use crate::out_of_scope::OutOfScopeClass;
use crate::time_limit::LimitKind;
use crate::work_order::{
    AssignmentNumber, AssignmentStage, CommandKind, DispatchGround, Part, Stage,
};

/// 字段: the field a refusal is about, so that the window can point at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// 诉求内容.
    Text,
    /// 标题.
    Title,
    /// 事发时间.
    Happened,
    /// 诉求对象.
    About,
    /// 诉求目标.
    Wants,
    /// 姓名.
    CallerName,
    /// 诉求人地址.
    CallerAddress,
    /// 来电号码.
    CallerPhone,
    /// 联系电话.
    ContactPhone,
    /// 详细地址.
    PlaceDetail,
    /// 答复内容.
    Answer,
    /// 转办意见.
    Opinion,
    /// 解释引导内容.
    Guidance,
    /// 法律依据.
    LegalBasis,
    /// 转接情况.
    TransferNote,
    /// 接听人.
    AnsweredBy,
    /// 送达电话.
    DeliveryPhone,
    /// 上级编号.
    UpstreamNumber,
    /// 被询单位或人员.
    Asked,
    /// 核实事项.
    Question,
    /// 核实结论.
    Finding,
    /// 理由.
    Reason,
    /// 依据.
    Basis,
    /// 转送建议.
    Suggestion,
    /// 文号.
    Document,
    /// 方式.
    Method,
    /// 联系号码.
    ContactNumber,
    /// 备注.
    Note,
    /// 反馈内容.
    Report,
    /// 协办意见.
    AssistingOpinion,
    /// 答复意见.
    Reply,
    /// 署名负责人.
    ResponsiblePerson,
    /// 佐证材料.
    Evidence,
    /// 工单编号.
    OrderNumber,
    /// 调查事实.
    InvestigatedFacts,
    /// 单位负责人签名.
    HeadSignature,
    /// 解释记录.
    Explanation,
    /// 二级单位.
    PartOfUnit,
    /// 时间.
    Time,
    /// 附件.
    File,
}

/// 拒绝: a rule says that this may not be done now.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The order was registered before.
    #[error("the work order is registered already")]
    AlreadyRegistered,
    /// There is no such order.
    #[error("the work order is not registered")]
    NotRegistered,
    /// The order is not where this command starts from.
    #[error("{command:?} is not possible at stage {stage:?}")]
    WrongStage { command: CommandKind, stage: Stage },
    /// The person does not hold a role that may do this.
    #[error("{command:?} needs one of {roles:?}")]
    NotPermitted {
        command: CommandKind,
        roles: &'static [Role],
    },
    #[error("{field:?} is empty")]
    TextMissing { field: Field },
    #[error("{field:?} has {n_chars} characters, at most {max_chars} are allowed")]
    TextTooLong {
        field: Field,
        max_chars: usize,
        n_chars: usize,
    },
    #[error("at most {max_files} files at a time")]
    TooManyFiles { max_files: usize },
    #[error("{field:?} is not a telephone number")]
    PhoneInvalid { field: Field },
    #[error("{unit:?} is not a handling unit")]
    UnitUnknown { unit: HandlingUnitId },
    /// 第八条(七)(八): the law must be named.
    #[error("{class:?} needs a legal basis")]
    LegalBasisMissing { class: OutOfScopeClass },
    /// 第八条(三): this class is a transfer, which is a command of its own.
    #[error("an emergency is transferred, not refused")]
    TransferInstead,
    /// 决定 I-3, I-19: only a special matter may be delivered by telephone; any other is delivered
    /// when the center confirms it.
    #[error("an ordinary matter is delivered by the center")]
    DeliveryNeedsCenter,
    /// A delivery cannot lie before the registration or after now.
    #[error("delivered at {delivered_at}, which is not between {earliest} and {latest}")]
    DeliveryTimeImpossible {
        delivered_at: DateTime<Utc>,
        earliest: DateTime<Utc>,
        latest: DateTime<Utc>,
    },
    /// What is recorded happened neither before the order nor after now.
    #[error("{field:?} at {at}, which is not between {earliest} and {latest}")]
    TimeImpossible {
        field: Field,
        at: DateTime<Utc>,
        earliest: DateTime<Utc>,
        latest: DateTime<Utc>,
    },
    /// 第五条(三): whoever did the one may not do the other.
    #[error("{command:?} must be done by another person")]
    SamePerson { command: CommandKind },
    /// The order, or this part of it, is another unit's.
    #[error("the order is not with {unit:?}")]
    NotYourUnit { unit: HandlingUnitId },
    #[error("there is no assignment {assignment:?}")]
    AssignmentUnknown { assignment: AssignmentNumber },
    /// Several units are meant, or none.
    #[error("which assignment is meant?")]
    AssignmentNotNamed,
    /// The assignment is not where this command starts from.
    #[error("{command:?} is not possible at stage {stage:?} of the assignment")]
    WrongAssignmentStage {
        command: CommandKind,
        stage: AssignmentStage,
    },
    /// 第十条: an assisting unit gives its opinion to the lead; only the others answer.
    #[error("{command:?} is not for {part:?}")]
    NotForPart { command: CommandKind, part: Part },
    /// 第十一条(四): the township is told before a special matter is passed on, or with it.
    #[error("the township was not told")]
    TownshipReportMissing,
    /// 第十条: countersigning and assisting take more units than one.
    #[error("one unit is not enough")]
    UnitsMissing,
    #[error("{unit:?} is named twice")]
    UnitTwice { unit: HandlingUnitId },
    /// 单位已有承办单: a unit has one open part of an order.
    #[error("{unit:?} has an open part of the order")]
    UnitHasPart { unit: HandlingUnitId },
    /// 第十条: what was settled once is not sent back.
    #[error("bound by {ground:?}")]
    Bound { ground: DispatchGround },
    /// 第十条: the precedent that is cited is none, is another unit's, or did not hold yet or any
    /// more when the matter came.
    #[error("precedent {id} does not apply")]
    PrecedentNotApplicable { id: String },
    /// Nothing binds, so nothing is to be released.
    #[error("not bound")]
    NotBound,
    #[error("the matter is of that kind already")]
    KindUnchanged,
    /// 更正 that changes nothing.
    #[error("the caller is so known already")]
    CallerUnchanged,
    #[error("a change of kind waits for review already")]
    KindChangePending,
    #[error("no change of kind waits for review")]
    NoKindChange,
    /// 第十一条(四): only upwards.
    #[error("the class is not higher")]
    ClassNotHigher,
    /// 第十一条(四) is for special matters.
    #[error("not a special matter")]
    NotSpecial,
    /// 第十一条(三).
    #[error(transparent)]
    Extension(#[from] ExtensionRefusal),
    #[error("an extension waits for its ruling already")]
    ExtensionPending,
    /// No extension stands at that stage.
    #[error("no extension waits for {command:?}")]
    NoExtension { command: CommandKind },
    /// 第十一条(三): the caller is told of an extension before the answer.
    #[error("the extension was not explained to the caller")]
    ExtensionUnexplained,
    /// 第六条(二): no contact with the caller is recorded.
    #[error("no contact is recorded")]
    ContactMissing,
    /// 决定 I-17: the caller was not tried often enough.
    #[error("{n_made} attempts at different times, {n_needed} are needed")]
    AttemptsMissing { n_made: usize, n_needed: u32 },
    /// 第十一条(四): the first response comes before the answer.
    #[error("the first response is missing")]
    FirstResponseMissing,
    /// 第十条: assisting units that still have time have not given their opinion.
    #[error("opinions of {assignments:?} are missing")]
    OpinionsMissing { assignments: Vec<AssignmentNumber> },
    /// 第十条: the answer leaves opinions out that were given.
    #[error("opinions of {assignments:?} are not cited")]
    OpinionsNotCited { assignments: Vec<AssignmentNumber> },
    /// 决定 I-13: the caller has not come often enough for a final closure.
    #[error("{n_orders} orders, {n_needed} are needed")]
    TooFewForFinalClosure { n_orders: usize, n_needed: u32 },
    /// No superior passed the order on.
    #[error("not an order of a superior")]
    NotFromSuperior,
    #[error("rated already")]
    AlreadyRated,
    /// 第十二条(一): only a bad rating is screened.
    #[error("not rated as bad")]
    NotRatedBad,
    #[error("screened already")]
    AlreadyScreened,
    /// 决定 I-11: after the cut-off there is no screening.
    #[error("no screening after {cut_off_at}")]
    ScreeningCutOff { cut_off_at: DateTime<Utc> },
    /// 决定 I-11: after the principle a request gives the reason for its lateness.
    #[error("late since {principle_due_at}, the reason is missing")]
    ScreeningReasonMissing { principle_due_at: DateTime<Utc> },
    /// No screening stands at that stage.
    #[error("no screening waits for {command:?}")]
    NoScreening { command: CommandKind },
    /// 决定 I-12: late evidence is not taken.
    #[error("evidence was due at {due_at}")]
    EvidenceTooLate { due_at: DateTime<Utc> },
    /// 第十二条(一): a bad rating may still be screened, or is being.
    #[error("a screening is open until {cut_off_at}")]
    ScreeningOpen { cut_off_at: DateTime<Utc> },
    #[error("not late with {limit:?}")]
    NoDelay { limit: LimitKind },
    /// 决定 I-20: the calendar moves none of its limits.
    #[error("no limit moves")]
    NothingMoves,
    #[error("an order is not merged into itself")]
    SameOrder,
}
