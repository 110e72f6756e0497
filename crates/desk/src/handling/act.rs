//! What people do with an order besides the outcomes of a call: the acts with what their forms ask
//! for, and the commands that come of them.

use chrono::{DateTime, NaiveDate, Utc};
use domain::clock_face::end_of;
use domain::extension::ExtensionAsk;
use domain::matter::{CallerCorrection, MatterClass, MatterKind};
use domain::time_limit::LimitKind;
use domain::work_order::{
    AssignmentNumber, ContactOutcome, ContactRecord, ScreeningReview, WriteOffGround,
};
use domain::{Command, HandlingUnitId};
use serde::Deserialize;
use ts_rs::TS;

use crate::attachment::Attached;
use crate::error::CallError;
use crate::intake::{TownshipReportInput, reported};

/// Units that an act names, at most.
const UNITS_MAX: usize = 20;

/// One act with what its form asks for. A choice that is still open is null and refused.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OrderAct {
    /// 记录属地报告.
    RecordTownshipReport { report: TownshipReportInput },
    /// 催办.
    Urge {
        assignment: Option<u32>,
        reason: String,
        method: String,
    },
    /// 补充.
    Supplement {
        text: String,
        /// Files that were uploaded for it.
        upload_id: Option<String>,
    },
    /// 更正诉求人信息: what is null stays, what is empty goes.
    CorrectCaller {
        phone: Option<String>,
        contact_phone: Option<String>,
        name: Option<String>,
        address: Option<String>,
        reason: String,
    },
    /// 撤回.
    Withdraw { reason: String },
    /// 签收.
    SignFor { assignment: Option<u32> },
    /// 记录联系, just now.
    RecordContact {
        assignment: Option<u32>,
        phone: String,
        is_reached: Option<bool>,
        note: String,
    },
    /// 初步响应.
    RespondFirst {
        assignment: Option<u32>,
        text: String,
    },
    /// 反馈进度.
    ReportProgress {
        assignment: Option<u32>,
        text: String,
    },
    /// 退回.
    SendBack {
        assignment: Option<u32>,
        reason: String,
        basis: String,
        suggestion: String,
    },
    /// 裁定退回.
    RuleOnSendBack {
        assignment: Option<u32>,
        is_accepted: Option<bool>,
        reason: String,
    },
    /// 申请延期, by working days.
    RequestExtension {
        assignment: Option<u32>,
        /// 特别重大、复杂.
        is_grave: Option<bool>,
        days: Option<u32>,
        supervisor_statement: String,
        reason: String,
    },
    /// 县审延期.
    ReviewExtension {
        assignment: Option<u32>,
        is_forwarded: Option<bool>,
        reason: String,
    },
    /// 内审签发.
    SignReply { assignment: Option<u32> },
    /// 内审退改.
    RejectReply {
        assignment: Option<u32>,
        reason: String,
    },
    /// 记录自查回访.
    RecordOwnCallBack { note: String },
    /// 发起核实.
    BeginVerification { asked: String, question: String },
    /// 记录核实结论.
    RecordVerification {
        answered_by: String,
        finding: String,
    },
    /// 提请专题协调.
    RequestCoordination {
        reason: String,
        unit_ids: Vec<String>,
    },
    /// 指定承办.
    Designate {
        unit_id: String,
        assisting_ids: Vec<String>,
        opinion: String,
        document: String,
    },
    /// 申请变更类型.
    RequestKindChange {
        #[ts(type = "MatterKind | null")]
        kind: Option<MatterKind>,
        reason: String,
    },
    /// 审核类型变更.
    RuleOnKindChange {
        is_approved: Option<bool>,
        reason: String,
    },
    /// 升级事项等级, with the report to the township that goes with it.
    EscalateClass {
        #[ts(type = "MatterClass | null")]
        class: Option<MatterClass>,
        reason: String,
        report: Option<TownshipReportInput>,
    },
    /// 并入 an earlier order, by its number.
    MergeInto { number: String },
    /// 接收并入: a later order goes into this one.
    AbsorbRepeat { number: String },
    /// 关联.
    LinkTo { number: String },
    /// 放行退回.
    ReleaseBinding {
        assignment: Option<u32>,
        reason: String,
    },
    /// 登记市批复 on an extension.
    RecordCityRuling {
        assignment: Option<u32>,
        is_granted: Option<bool>,
        /// 市批日期, the last day: 2026-11-30; empty where the city said no.
        last_day: String,
        document: String,
    },
    /// 审查终结.
    ReviewFinalClosure {
        assignment: Option<u32>,
        is_accepted: Option<bool>,
        reason: String,
    },
    /// 初审甄别.
    ReviewScreening {
        assignment: Option<u32>,
        #[ts(type = "ScreeningReview | null")]
        review: Option<ScreeningReview>,
        reason: String,
    },
    /// 登记甄别结论.
    RecordScreeningRuling {
        assignment: Option<u32>,
        is_removed: Option<bool>,
        document: String,
    },
    /// 退回重办.
    OrderRework {
        assignment: Option<u32>,
        reason: String,
    },
    /// 归档.
    Archive,
    /// 核销超期.
    WriteOffDelay {
        assignment: Option<u32>,
        #[ts(type = "LimitKind | null")]
        limit: Option<LimitKind>,
        #[ts(type = "WriteOffGround | null")]
        ground: Option<WriteOffGround>,
        note: String,
    },
    /// 重算时限 by the calendar as it is now.
    RecountLimits { notice: String },
}

pub(super) fn command_of(
    act: OrderAct,
    attached: &Attached,
    now: DateTime<Utc>,
) -> Result<Command, CallError> {
    Ok(match act {
        OrderAct::RecordTownshipReport { report } => Command::RecordTownshipReport {
            report: reported(report, now)?,
        },
        OrderAct::Urge {
            assignment,
            reason,
            method,
        } => Command::Urge {
            assignment: chosen(assignment)?,
            reason,
            method,
        },
        OrderAct::Supplement { text, upload_id: _ } => Command::Supplement {
            text,
            files: attached.names(),
        },
        OrderAct::CorrectCaller {
            phone,
            contact_phone,
            name,
            address,
            reason,
        } => Command::CorrectCaller {
            correction: Box::new(CallerCorrection {
                phone,
                contact_phone,
                name,
                address,
            }),
            reason,
        },
        OrderAct::Withdraw { reason } => Command::Withdraw { reason },
        OrderAct::SignFor { assignment } => Command::SignFor {
            assignment: chosen(assignment)?,
        },
        OrderAct::RecordContact {
            assignment,
            phone,
            is_reached,
            note,
        } => Command::RecordContact {
            assignment: chosen(assignment)?,
            contact: ContactRecord {
                contacted_at: now,
                phone,
                outcome: if picked(is_reached, "请选择是否联系上。")? {
                    ContactOutcome::Reached
                } else {
                    ContactOutcome::NotReached
                },
                note,
            },
        },
        OrderAct::RespondFirst { assignment, text } => Command::RespondFirst {
            assignment: chosen(assignment)?,
            text,
        },
        OrderAct::ReportProgress { assignment, text } => Command::ReportProgress {
            assignment: chosen(assignment)?,
            text,
        },
        OrderAct::SendBack {
            assignment,
            reason,
            basis,
            suggestion,
        } => Command::SendBack {
            assignment: chosen(assignment)?,
            reason,
            basis,
            suggestion,
        },
        OrderAct::RuleOnSendBack {
            assignment,
            is_accepted,
            reason,
        } => Command::RuleOnSendBack {
            assignment: chosen(assignment)?,
            is_accepted: picked(is_accepted, "请选择同意退回还是驳回。")?,
            reason,
        },
        OrderAct::RequestExtension {
            assignment,
            is_grave,
            days,
            supervisor_statement,
            reason,
        } => Command::RequestExtension {
            assignment: chosen(assignment)?,
            ask: asked(is_grave, days, supervisor_statement)?,
            reason,
        },
        OrderAct::ReviewExtension {
            assignment,
            is_forwarded,
            reason,
        } => Command::ReviewExtension {
            assignment: chosen(assignment)?,
            is_forwarded: picked(is_forwarded, "请选择报市还是不予上报。")?,
            reason,
        },
        OrderAct::SignReply { assignment } => Command::SignReply {
            assignment: chosen(assignment)?,
        },
        OrderAct::RejectReply { assignment, reason } => Command::RejectReply {
            assignment: chosen(assignment)?,
            reason,
        },
        OrderAct::RecordOwnCallBack { note } => Command::RecordOwnCallBack { note },
        OrderAct::BeginVerification { asked, question } => {
            Command::BeginVerification { asked, question }
        }
        OrderAct::RecordVerification {
            answered_by,
            finding,
        } => Command::RecordVerification {
            answered_by,
            finding,
        },
        OrderAct::RequestCoordination { reason, unit_ids } => Command::RequestCoordination {
            reason,
            units: units(unit_ids)?,
        },
        OrderAct::Designate {
            unit_id,
            assisting_ids,
            opinion,
            document,
        } => Command::Designate {
            unit: HandlingUnitId(unit_id),
            assisting: units(assisting_ids)?,
            opinion,
            document,
        },
        OrderAct::RequestKindChange { kind, reason } => Command::RequestKindChange {
            kind: picked(kind, "请选择改为哪一类。")?,
            reason,
        },
        OrderAct::RuleOnKindChange {
            is_approved,
            reason,
        } => Command::RuleOnKindChange {
            is_approved: picked(is_approved, "请选择同意还是不同意。")?,
            reason,
        },
        OrderAct::EscalateClass {
            class,
            reason,
            report,
        } => Command::EscalateClass {
            class: picked(class, "请选择升为哪一级。")?,
            reason,
            report: report.map(|report| reported(report, now)).transpose()?,
        },
        OrderAct::MergeInto { number } => Command::MergeInto { number },
        OrderAct::AbsorbRepeat { number } => Command::AbsorbRepeat {
            number,
            text: String::new(),
        },
        OrderAct::LinkTo { number } => Command::LinkTo { number },
        OrderAct::ReleaseBinding { assignment, reason } => Command::ReleaseBinding {
            assignment: chosen(assignment)?,
            reason,
        },
        OrderAct::RecordCityRuling {
            assignment,
            is_granted,
            last_day,
            document,
        } => Command::RecordCityRuling {
            assignment: chosen(assignment)?,
            granted_until: if picked(is_granted, "请选择市里同意还是不同意。")? {
                Some(granted_until(&last_day)?)
            } else {
                None
            },
            document,
        },
        OrderAct::ReviewFinalClosure {
            assignment,
            is_accepted,
            reason,
        } => Command::ReviewFinalClosure {
            assignment: chosen(assignment)?,
            is_accepted: picked(is_accepted, "请选择要件齐备还是不齐。")?,
            reason,
        },
        OrderAct::ReviewScreening {
            assignment,
            review,
            reason,
        } => Command::ReviewScreening {
            assignment: chosen(assignment)?,
            review: picked(review, "请选择报市、不予上报还是需补证。")?,
            reason,
        },
        OrderAct::RecordScreeningRuling {
            assignment,
            is_removed,
            document,
        } => Command::RecordScreeningRuling {
            assignment: chosen(assignment)?,
            is_removed: picked(is_removed, "请选择甄别成功还是不成立。")?,
            document,
        },
        OrderAct::OrderRework { assignment, reason } => Command::OrderRework {
            assignment: chosen(assignment)?,
            reason,
        },
        OrderAct::Archive => Command::Archive,
        OrderAct::WriteOffDelay {
            assignment,
            limit,
            ground,
            note,
        } => Command::WriteOffDelay {
            assignment: chosen(assignment)?,
            limit: picked(limit, "请选择核销哪一项超期。")?,
            write_off: picked(ground, "请选择核销的理由。")?,
            note,
        },
        OrderAct::RecountLimits { notice } => Command::RecountLimits { notice },
    })
}

fn picked<T>(choice: Option<T>, open: &str) -> Result<T, CallError> {
    choice.ok_or_else(|| CallError::invalid(open))
}

fn units(ids: Vec<String>) -> Result<Vec<HandlingUnitId>, CallError> {
    if ids.len() > UNITS_MAX {
        return Err(CallError::invalid(format!(
            "最多选 {UNITS_MAX} 个单位，现有 {} 个。",
            ids.len()
        )));
    }
    Ok(ids.into_iter().map(HandlingUnitId).collect())
}

/// 24:00 of the day that the city names.
fn granted_until(last_day: &str) -> Result<DateTime<Utc>, CallError> {
    let last_day = last_day.trim();
    if last_day.is_empty() {
        return Err(CallError::invalid("请填写市里批准延到哪一天。"));
    }
    let day = NaiveDate::parse_from_str(last_day, "%Y-%m-%d")
        .map_err(|_unreadable| CallError::invalid("日期请写成 2026-11-30 的样子。"))?;
    Ok(end_of(day))
}

fn chosen(assignment: Option<u32>) -> Result<AssignmentNumber, CallError> {
    match assignment {
        Some(number) => Ok(AssignmentNumber(number)),
        None => Err(CallError::Refused(domain::Refusal::AssignmentNotNamed)),
    }
}

fn asked(
    is_grave: Option<bool>,
    days: Option<u32>,
    supervisor_statement: String,
) -> Result<ExtensionAsk, CallError> {
    let is_grave = picked(is_grave, "请选择延期情形。")?;
    let days = days.ok_or_else(|| CallError::invalid("请填写延期的工作日数。"))?;
    Ok(if is_grave {
        ExtensionAsk::Grave {
            days,
            supervisor_statement,
        }
    } else {
        ExtensionAsk::Complicated { days }
    })
}
