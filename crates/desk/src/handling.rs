//! 办理中的操作: what is done with an order after its dispatch, by the center and, where the center
//! writes it down for a unit, by the unit.

use chrono::{DateTime, Utc};
use domain::Command;
use domain::extension::ExtensionAsk;
use domain::work_order::{
    AssignmentNumber, CommandKind, ContactOutcome, ContactRecord, assignment_commands_at,
};
use domain::{Facts, WorkOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::attachment::Attached;
use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::{Submitted, TownshipReportInput, reported};
use crate::reference::ReferenceTables;
use crate::text;

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
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct HandleOrder {
    pub work_order_id: String,
    /// The version the window showed.
    pub version: u32,
    pub act: OrderAct,
}

/// 承办单 that a command may be given for now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AssignmentChoice {
    pub number: u32,
    /// 县水务局（主办，已签收办理中）.
    pub text: String,
}

/// 办理中的操作.
pub(crate) fn handle_order(desk: &Desk, request: HandleOrder) -> Result<Submitted, CallError> {
    let now = desk.now();
    let upload_id = if let OrderAct::Supplement { upload_id, .. } = &request.act {
        upload_id.clone()
    } else {
        None
    };
    let attached = upload_id.as_ref().map(|id| Attached::uploaded(desk, id));
    let attached = attached.transpose()?.unwrap_or_default();
    let command = command_of(request.act, &attached, now)?;
    let target = (request.work_order_id, request.version);
    let done = desk.act_with_files(target, &command, &attached, now)?;
    if let Some(upload_id) = upload_id {
        desk.uploads.forget(&upload_id);
        desk.link.bring_files();
    }
    Ok(Submitted {
        message: format!("{}已保存在本机。", text::command(command.kind())),
        ..done
    })
}

/// The assignments that each command may be given for now.
pub(crate) struct Choices(Vec<(CommandKind, AssignmentChoice)>);

impl Choices {
    pub(crate) fn at(order: &WorkOrder, facts: &Facts<'_>, reference: &ReferenceTables) -> Self {
        let of_each = order.assignments.iter().flat_map(|assignment| {
            let text = format!(
                "{}（{}，{}）",
                reference.unit_name(&assignment.unit),
                text::part(assignment.part),
                text::assignment_stage(assignment.stage)
            );
            assignment_commands_at(order, assignment.number, facts)
                .filter(|(_, refusal)| refusal.is_none())
                .map(move |(command, _)| {
                    let number = assignment.number.0;
                    let text = text.clone();
                    (command, AssignmentChoice { number, text })
                })
        });
        Self(of_each.collect())
    }

    pub(crate) fn of(&self, command: CommandKind) -> Vec<AssignmentChoice> {
        let is_meant = |(other, _): &&(CommandKind, AssignmentChoice)| *other == command;
        let choice = |(_, choice): &(CommandKind, AssignmentChoice)| choice.clone();
        self.0.iter().filter(is_meant).map(choice).collect()
    }
}

fn command_of(
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
                outcome: if decided(is_reached, "请选择是否联系上。")? {
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
            is_accepted: decided(is_accepted, "请选择同意退回还是驳回。")?,
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
            is_forwarded: decided(is_forwarded, "请选择报市还是不予上报。")?,
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
    })
}

fn chosen(assignment: Option<u32>) -> Result<AssignmentNumber, CallError> {
    match assignment {
        Some(number) => Ok(AssignmentNumber(number)),
        None => Err(CallError::Refused(domain::Refusal::AssignmentNotNamed)),
    }
}

fn decided(choice: Option<bool>, open: &str) -> Result<bool, CallError> {
    choice.ok_or_else(|| CallError::invalid(open))
}

fn asked(
    is_grave: Option<bool>,
    days: Option<u32>,
    supervisor_statement: String,
) -> Result<ExtensionAsk, CallError> {
    let is_grave = decided(is_grave, "请选择延期情形。")?;
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

#[cfg(test)]
mod tests;
