//! The lines for commands about orders.

use domain::work_order::{CommandKind, Stage};
use wire::Conflict;

use super::Outcome;

/// These commands, refused at these stages: `None` is an order that is not there.
#[derive(Debug, Clone, Copy)]
pub struct OrderLine {
    pub kinds: &'static [CommandKind],
    pub stages: &'static [Option<Stage>],
    pub outcome: Outcome,
}

use CommandKind as K;

/// 并入 to: what is wanted of a merged order is wanted of the one it went into, where it does not
/// speak of a unit's part.
pub const REDIRECTED: &[K] = &[
    K::Supplement,
    K::LinkTo,
    K::AbsorbRepeat,
    K::RecordTownshipReport,
    K::RecordOwnCallBack,
];

/// The commands whose round is checked by what the person saw, since they name no assignment.
pub const WHEREVER: &[K] = &[K::Dispatch, K::Designate, K::RequestCoordination];

const MISSING: &[Option<Stage>] = &[None];
/// Nobody has it yet.
const AT_CENTER: &[Option<Stage>] = &[
    Some(Stage::Registered),
    Some(Stage::UnderVerification),
    Some(Stage::UnderCoordination),
];
const WITH_UNITS: &[Option<Stage>] = &[Some(Stage::Dispatched), Some(Stage::Delivered)];
const AT_CENTER_OR_UNITS: &[Option<Stage>] = &[
    Some(Stage::Registered),
    Some(Stage::UnderVerification),
    Some(Stage::UnderCoordination),
    Some(Stage::Dispatched),
    Some(Stage::Delivered),
];
/// Answered one way or another.
const ANSWERED: &[Option<Stage>] = &[
    Some(Stage::AnsweredOnTheSpot),
    Some(Stage::RefusedOutOfScope),
    Some(Stage::TransferredToEmergency),
    Some(Stage::Completed),
];
const ARCHIVED: &[Option<Stage>] = &[Some(Stage::Archived)];
const WITHDRAWN: &[Option<Stage>] = &[Some(Stage::Withdrawn)];
const FINALLY_CLOSED: &[Option<Stage>] = &[Some(Stage::FinallyClosed)];
const MERGED: &[Option<Stage>] = &[Some(Stage::Merged)];
const ENDED: &[Option<Stage>] = &[
    Some(Stage::AnsweredOnTheSpot),
    Some(Stage::RefusedOutOfScope),
    Some(Stage::TransferredToEmergency),
    Some(Stage::Completed),
    Some(Stage::Archived),
    Some(Stage::Withdrawn),
    Some(Stage::FinallyClosed),
];
const ALL_BUT_MISSING: &[Option<Stage>] = &[
    Some(Stage::Registered),
    Some(Stage::AnsweredOnTheSpot),
    Some(Stage::RefusedOutOfScope),
    Some(Stage::TransferredToEmergency),
    Some(Stage::Dispatched),
    Some(Stage::Delivered),
    Some(Stage::UnderVerification),
    Some(Stage::UnderCoordination),
    Some(Stage::Completed),
    Some(Stage::Merged),
    Some(Stage::Withdrawn),
    Some(Stage::FinallyClosed),
    Some(Stage::Archived),
];

/// What the center does with an order before a unit has it. Two people did two things.
const DEALT_WITH: &[K] = &[
    K::AnswerOnTheSpot,
    K::RefuseOutOfScope,
    K::TransferToEmergency,
    K::BeginVerification,
    K::RecordVerification,
    K::RequestCoordination,
    K::MergeInto,
];
const DISPATCHING: &[K] = &[K::Dispatch, K::Designate];
/// What is known of the matter, and how it is to be treated.
const TREATMENT: &[K] = &[
    K::RequestKindChange,
    K::RuleOnKindChange,
    K::EscalateClass,
    K::SetUpstreamLimit,
    K::RecountLimits,
];
/// Facts and additions about the order: kept wherever they come too late.
const ADDED: &[K] = &[
    K::RecordTownshipReport,
    K::Supplement,
    K::AbsorbRepeat,
    K::LinkTo,
    K::CorrectCaller,
    K::RecordOwnCallBack,
];
/// Facts about what one unit was given.
const TOLD_OF_UNIT: &[K] = &[K::RecordDelivery, K::RecordUrgeReceipt, K::RecordContact];
/// Steps without a word: who comes second finds them done.
const STEPS: &[K] = &[K::ConfirmDelivery, K::SignFor, K::SignReply];
/// What a unit does with its part; what it wrote is kept.
const HANDLING: &[K] = &[
    K::PassDown,
    K::RespondFirst,
    K::ReportProgress,
    K::SendBack,
    K::SubmitOpinion,
    K::SubmitReply,
    K::RequestFinalClosure,
];
/// What is asked of or said to a unit.
const TOWARD_UNIT: &[K] = &[K::Urge, K::ReleaseBinding, K::RejectReply];
const EXTENDING: &[K] = &[K::RequestExtension];
/// Words of the reviewers and of the city. Two of them may differ, so somebody looks.
const RULING: &[K] = &[
    K::RuleOnSendBack,
    K::ReviewExtension,
    K::RecordCityRuling,
    K::ReviewFinalClosure,
];
const EXPLAINING: &[K] = &[K::ExplainExtension];
/// What comes after the answer.
const AFTERWARDS: &[K] = &[
    K::RecordResultReturn,
    K::ImportRating,
    K::RequestScreening,
    K::ReviewScreening,
    K::SupplyEvidence,
    K::RecordScreeningRuling,
    K::OrderRework,
    K::WriteOffDelay,
];
const WITHDRAWING: &[K] = &[K::Withdraw];
const ARCHIVING: &[K] = &[K::Archive];
const fn line(
    kinds: &'static [K],
    stages: &'static [Option<Stage>],
    conflict: Conflict,
) -> OrderLine {
    let is_kept = false;
    let outcome = Outcome { conflict, is_kept };
    OrderLine {
        kinds,
        stages,
        outcome,
    }
}

const fn kept(
    kinds: &'static [K],
    stages: &'static [Option<Stage>],
    conflict: Conflict,
) -> OrderLine {
    let is_kept = true;
    let outcome = Outcome { conflict, is_kept };
    OrderLine {
        kinds,
        stages,
        outcome,
    }
}

/// Every command at every stage, once.
pub const ORDERS: &[OrderLine] = &[
    // 登记
    line(&[K::Register], MISSING, Conflict::ContentRefused),
    line(&[K::Register], ALL_BUT_MISSING, Conflict::DoneAlready),
    // 没有此单
    kept(DEALT_WITH, MISSING, Conflict::NotThere),
    kept(DISPATCHING, MISSING, Conflict::NotThere),
    kept(TREATMENT, MISSING, Conflict::NotThere),
    kept(ADDED, MISSING, Conflict::NotThere),
    kept(TOLD_OF_UNIT, MISSING, Conflict::NotThere),
    line(STEPS, MISSING, Conflict::NotThere),
    kept(HANDLING, MISSING, Conflict::NotThere),
    kept(TOWARD_UNIT, MISSING, Conflict::NotThere),
    kept(EXTENDING, MISSING, Conflict::NotThere),
    kept(RULING, MISSING, Conflict::NotThere),
    kept(EXPLAINING, MISSING, Conflict::NotThere),
    kept(AFTERWARDS, MISSING, Conflict::NotThere),
    kept(WITHDRAWING, MISSING, Conflict::NotThere),
    line(ARCHIVING, MISSING, Conflict::NotThere),
    // 中心处理
    line(DEALT_WITH, AT_CENTER, Conflict::StageChanged),
    kept(DEALT_WITH, WITH_UNITS, Conflict::StageChanged),
    kept(DEALT_WITH, ENDED, Conflict::Closed),
    kept(DEALT_WITH, MERGED, Conflict::Merged),
    // 派单、指定
    line(DISPATCHING, AT_CENTER, Conflict::StageChanged),
    line(DISPATCHING, WITH_UNITS, Conflict::DispatchedElsewhere),
    line(DISPATCHING, ENDED, Conflict::Closed),
    line(DISPATCHING, MERGED, Conflict::Merged),
    // 类型、等级、上级期限、重算
    line(TREATMENT, AT_CENTER_OR_UNITS, Conflict::StageChanged),
    line(TREATMENT, ENDED, Conflict::Closed),
    line(TREATMENT, MERGED, Conflict::Merged),
    // 补充、关联、接收并入、属地报告、自查回访
    kept(ADDED, AT_CENTER_OR_UNITS, Conflict::StageChanged),
    kept(ADDED, ENDED, Conflict::Closed),
    kept(ADDED, MERGED, Conflict::Merged),
    // 电话送达、催办回执、联系记录
    kept(TOLD_OF_UNIT, AT_CENTER, Conflict::NotWithUnit),
    kept(TOLD_OF_UNIT, WITH_UNITS, Conflict::StageChanged),
    kept(TOLD_OF_UNIT, ENDED, Conflict::Closed),
    kept(TOLD_OF_UNIT, MERGED, Conflict::Merged),
    // 送达、签收、签发
    line(STEPS, AT_CENTER, Conflict::NotWithUnit),
    line(STEPS, WITH_UNITS, Conflict::DoneAlready),
    line(STEPS, ENDED, Conflict::Closed),
    line(STEPS, MERGED, Conflict::Merged),
    // 办理
    kept(HANDLING, AT_CENTER, Conflict::NotWithUnit),
    kept(HANDLING, WITH_UNITS, Conflict::StageChanged),
    kept(HANDLING, ENDED, Conflict::Closed),
    kept(HANDLING, MERGED, Conflict::Merged),
    // 催办、放行、退改
    line(TOWARD_UNIT, AT_CENTER, Conflict::NotWithUnit),
    line(TOWARD_UNIT, WITH_UNITS, Conflict::StageChanged),
    line(TOWARD_UNIT, ENDED, Conflict::Closed),
    line(TOWARD_UNIT, MERGED, Conflict::Merged),
    // 申请延期
    kept(EXTENDING, AT_CENTER, Conflict::NotWithUnit),
    kept(EXTENDING, WITH_UNITS, Conflict::StaleExtension),
    kept(EXTENDING, ENDED, Conflict::Closed),
    kept(EXTENDING, MERGED, Conflict::Merged),
    // 裁定
    line(RULING, AT_CENTER, Conflict::NotWithUnit),
    line(RULING, WITH_UNITS, Conflict::StageChanged),
    line(RULING, ENDED, Conflict::Closed),
    line(RULING, MERGED, Conflict::Merged),
    // 延期说明
    kept(EXPLAINING, AT_CENTER, Conflict::NotWithUnit),
    kept(EXPLAINING, WITH_UNITS, Conflict::StageChanged),
    kept(EXPLAINING, ENDED, Conflict::Closed),
    kept(EXPLAINING, MERGED, Conflict::Merged),
    // 回传、评价、甄别、重办、核销
    kept(AFTERWARDS, AT_CENTER_OR_UNITS, Conflict::StageChanged),
    kept(AFTERWARDS, ENDED, Conflict::StageChanged),
    kept(AFTERWARDS, MERGED, Conflict::Merged),
    // 撤回
    line(WITHDRAWING, AT_CENTER_OR_UNITS, Conflict::StageChanged),
    kept(WITHDRAWING, ANSWERED, Conflict::Closed),
    kept(WITHDRAWING, ARCHIVED, Conflict::Closed),
    kept(WITHDRAWING, FINALLY_CLOSED, Conflict::Closed),
    line(WITHDRAWING, WITHDRAWN, Conflict::DoneAlready),
    kept(WITHDRAWING, MERGED, Conflict::Merged),
    // 归档
    line(ARCHIVING, AT_CENTER_OR_UNITS, Conflict::StageChanged),
    line(ARCHIVING, ANSWERED, Conflict::StageChanged),
    line(ARCHIVING, ARCHIVED, Conflict::DoneAlready),
    line(ARCHIVING, WITHDRAWN, Conflict::Closed),
    line(ARCHIVING, FINALLY_CLOSED, Conflict::Closed),
    line(ARCHIVING, MERGED, Conflict::Merged),
];
