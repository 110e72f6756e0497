//! 办理: what people of a unit do with what it was given (第六条, 第十条至第十二条, 第十八条).
//! Whether it may be done the rules say, at the center, when it is done.

use chrono::{DateTime, NaiveDateTime, Utc};
use domain::clock_face;
use domain::extension::ExtensionAsk;
use domain::matter::{MatterClass, MatterKind};
use domain::work_order::{
    AssignmentNumber, CallerVisibility, ClosureOpinion, ContactOutcome, ContactRecord, Explained,
    Feedback, Part, Reply, TownshipReport,
};
use domain::{Command, HandlingUnitId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Act;
use wording::text;

use super::error::CallError;
use super::evidence::cited;
use super::visit::{Asked, OwnOrder, Visit};
use super::work_order::number_to_call;

/// What stands as the number where the unit does not know it.
const THROUGH_CENTER: &str = "经县中心转接";
/// Earlier orders that a final closure names at most.
const EARLIER_ORDERS_MAX: usize = 50;
/// Pieces of evidence in one act at most.
const EVIDENCE_MAX: usize = 20;

/// 延期情形.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub(super) enum ExtensionGround {
    /// 一般复杂.
    Complicated,
    /// 特别重大、复杂.
    Grave,
    /// 法定另有期限.
    Statutory,
}

/// One act with what its form asks for. A choice that is still open is null and refused. A time is
/// `2026-11-24T09:15` in Beijing, empty for just now.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum UnitAct {
    /// 签收.
    SignFor,
    /// 二级转办.
    PassDown { to: String, note: String },
    /// 记录联系; without a number it was the one on the order.
    RecordContact {
        is_reached: Option<bool>,
        at: String,
        phone: String,
        note: String,
    },
    /// 初步响应.
    RespondFirst { text: String },
    /// 反馈进度.
    ReportProgress { text: String },
    /// 退回.
    SendBack {
        reason: String,
        basis: String,
        suggestion: String,
    },
    /// 申请延期.
    RequestExtension {
        ground: Option<ExtensionGround>,
        days: Option<u32>,
        /// 监督员说明.
        supervisor_statement: String,
        /// 法定另有期限: the last day, and the law.
        last_day: String,
        law: String,
        reason: String,
    },
    /// 记录延期说明.
    ExplainExtension {
        is_explained: Option<bool>,
        at: String,
        method: String,
        /// 未说明的理由.
        reason: String,
    },
    /// 提交协办意见.
    SubmitOpinion { text: String },
    /// 提交答复; a lead cites every opinion it was given.
    SubmitReply {
        text: String,
        responsible_person: String,
        /// 已反馈诉求人, or nobody could be reached.
        is_told: Option<bool>,
        at: String,
        method: String,
    },
    /// 内审签发.
    SignReply,
    /// 内审退改.
    RejectReply { reason: String },
    /// 催办回执, by whoever gives it.
    RecordUrgeReceipt,
    /// 认定终结.
    RequestFinalClosure {
        facts: String,
        legal_basis: String,
        /// 历次工单编号.
        earlier_orders: Vec<String>,
        signed_by: String,
        explanation: String,
    },
    /// 申请甄别, with files that were uploaded before.
    RequestScreening {
        reason: String,
        late_reason: String,
        evidence: Vec<String>,
    },
    /// 补证.
    SupplyEvidence { evidence: Vec<String> },
    /// 申请变更类型, which the center reviews.
    RequestKindChange {
        #[ts(type = "MatterKind | null")]
        kind: Option<MatterKind>,
        reason: String,
    },
    /// 升级事项等级, with the report to the township that goes with it.
    EscalateClass {
        #[ts(type = "MatterClass | null")]
        class: Option<MatterClass>,
        reason: String,
        /// 报告的属地 as a unit; empty where it was told before.
        township_id: String,
        answered_by: String,
        at: String,
        method: String,
    },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct HandleUnitOrder {
    pub(super) id: String,
    /// Given by the page: the same act again is done once.
    pub(super) act_id: String,
    /// The version the page showed.
    pub(super) version: u32,
    pub(super) act: UnitAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitActDone {
    pub(super) number: String,
    pub(super) message: String,
}

/// 办理.
pub(super) async fn handle_order(
    visit: &Visit,
    request: HandleUnitOrder,
) -> Result<UnitActDone, CallError> {
    let own = visit.order(&request.id).await?;
    let command = command_of(visit, &own, request.act).await?;
    let kind = command.kind();
    visit
        .act(Asked {
            subject: request.id,
            act_id: request.act_id,
            version: request.version,
            act: Act::Order(command),
        })
        .await?;
    Ok(UnitActDone {
        number: own.order.number,
        message: format!("{}已送达县中心。", text::command(kind)),
    })
}

async fn command_of(visit: &Visit, own: &OwnOrder, act: UnitAct) -> Result<Command, CallError> {
    let assignment = own.assignment.number;
    let now = visit.now;
    Ok(match act {
        UnitAct::SignFor => Command::SignFor { assignment },
        UnitAct::PassDown { to, note } => Command::PassDown {
            assignment,
            to,
            note,
        },
        UnitAct::RecordContact {
            is_reached,
            at,
            phone,
            note,
        } => Command::RecordContact {
            assignment,
            contact: ContactRecord {
                contacted_at: moment(&at, now)?,
                phone: number_called(own, phone),
                outcome: if decided(is_reached, "请选择是否联系上。")? {
                    ContactOutcome::Reached
                } else {
                    ContactOutcome::NotReached
                },
                note,
            },
        },
        UnitAct::RespondFirst { text } => Command::RespondFirst { assignment, text },
        UnitAct::ReportProgress { text } => Command::ReportProgress { assignment, text },
        UnitAct::SendBack {
            reason,
            basis,
            suggestion,
        } => Command::SendBack {
            assignment,
            reason,
            basis,
            suggestion,
        },
        UnitAct::RequestExtension {
            ground,
            days,
            supervisor_statement,
            last_day,
            law,
            reason,
        } => Command::RequestExtension {
            assignment,
            ask: asked(ground, days, supervisor_statement, (&last_day, law))?,
            reason,
        },
        UnitAct::ExplainExtension {
            is_explained,
            at,
            method,
            reason,
        } => Command::ExplainExtension {
            assignment,
            explained: if decided(is_explained, "请选择是否已向诉求人说明。")? {
                let explained_at = moment(&at, now)?;
                Explained::ToCaller {
                    explained_at,
                    method,
                }
            } else {
                Explained::NotPossible { reason }
            },
        },
        UnitAct::SubmitOpinion { text } => Command::SubmitOpinion { assignment, text },
        UnitAct::SubmitReply {
            text,
            responsible_person,
            is_told,
            at,
            method,
        } => Command::SubmitReply {
            assignment,
            reply: Box::new(Reply {
                text,
                responsible_person,
                feedback: if decided(is_told, "请选择是否已向诉求人反馈。")? {
                    let given_at = moment(&at, now)?;
                    Feedback::Given { given_at, method }
                } else {
                    Feedback::CallerNotReached
                },
                cited_opinions: opinions_of(own),
            }),
        },
        UnitAct::SignReply => Command::SignReply { assignment },
        UnitAct::RejectReply { reason } => Command::RejectReply { assignment, reason },
        UnitAct::RecordUrgeReceipt => Command::RecordUrgeReceipt {
            assignment,
            answered_by: visit.actor.name.clone(),
        },
        UnitAct::RequestFinalClosure {
            facts,
            legal_basis,
            earlier_orders,
            signed_by,
            explanation,
        } => Command::RequestFinalClosure {
            assignment,
            opinion: Box::new(ClosureOpinion {
                facts,
                legal_basis,
                earlier_orders: at_most(earlier_orders, EARLIER_ORDERS_MAX, "历次工单")?,
                signed_by,
                explanation,
            }),
        },
        UnitAct::RequestScreening {
            reason,
            late_reason,
            evidence,
        } => Command::RequestScreening {
            assignment,
            reason,
            late_reason,
            evidence: cited(visit, own, at_most(evidence, EVIDENCE_MAX, "佐证材料")?).await?,
        },
        UnitAct::SupplyEvidence { evidence } => Command::SupplyEvidence {
            assignment,
            evidence: cited(visit, own, at_most(evidence, EVIDENCE_MAX, "佐证材料")?).await?,
        },
        UnitAct::RequestKindChange { kind, reason } => Command::RequestKindChange {
            kind: kind.ok_or_else(|| CallError::invalid("请选择改为哪一类。"))?,
            reason,
        },
        UnitAct::EscalateClass {
            class,
            reason,
            township_id,
            answered_by,
            at,
            method,
        } => Command::EscalateClass {
            class: class.ok_or_else(|| CallError::invalid("请选择升为哪一级。"))?,
            reason,
            report: if township_id.is_empty() {
                None
            } else {
                Some(TownshipReport {
                    township: HandlingUnitId(township_id),
                    answered_by,
                    reported_at: moment(&at, now)?,
                    method,
                })
            },
        },
    })
}

/// 协办意见 that were given, so that none is left out of the answer (第十条).
fn opinions_of(own: &OwnOrder) -> Vec<AssignmentNumber> {
    if own.assignment.part != Part::Lead {
        return Vec::new();
    }
    let given = own
        .order
        .assignments
        .iter()
        .filter(|it| it.assisting_opinion.is_some());
    given.map(|it| it.number).collect()
}

/// Where the page knows no number, the one on the order was called, or the center put it through.
fn number_called(own: &OwnOrder, typed: String) -> String {
    if !typed.trim().is_empty() {
        return typed;
    }
    match own.visibility {
        CallerVisibility::Visible => number_to_call(own).to_owned(),
        CallerVisibility::Sealed => THROUGH_CENTER.to_owned(),
    }
}

fn asked(
    ground: Option<ExtensionGround>,
    days: Option<u32>,
    supervisor_statement: String,
    (last_day, law): (&str, String),
) -> Result<ExtensionAsk, CallError> {
    let days = || days.ok_or_else(|| CallError::invalid("请填写延期的工作日数。"));
    match ground {
        None => Err(CallError::invalid("请选择延期情形。")),
        Some(ExtensionGround::Complicated) => Ok(ExtensionAsk::Complicated { days: days()? }),
        Some(ExtensionGround::Grave) => Ok(ExtensionAsk::Grave {
            days: days()?,
            supervisor_statement,
        }),
        Some(ExtensionGround::Statutory) => {
            let last_day = super::kb_form::day("法定期限", last_day)?
                .ok_or_else(|| CallError::invalid("请填写法定期限的最后一日。"))?;
            Ok(ExtensionAsk::Statutory { last_day, law })
        }
    }
}

fn decided(choice: Option<bool>, open: &str) -> Result<bool, CallError> {
    choice.ok_or_else(|| CallError::invalid(open))
}

/// A time on the page's clock face, which is Beijing's.
fn moment(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, CallError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(now);
    }
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let read = formats
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    match read {
        Some(read) => Ok(clock_face::at(read.date(), read.time())),
        None => Err(CallError::invalid(format!(
            "“{text}”不是时间，请重新选择。"
        ))),
    }
}

fn at_most(items: Vec<String>, n_max: usize, what: &str) -> Result<Vec<String>, CallError> {
    if items.len() > n_max {
        return Err(CallError::invalid(format!(
            "{what}最多 {n_max} 件，现有 {} 件。",
            items.len()
        )));
    }
    Ok(items)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use domain::work_order::{CommandKind, Surface};
    use ts_rs::Config;
    use wording::reference::wire_name;

    use super::super::work_order::COMMANDS;
    use super::*;

    /// What the portal offers is what the table of entrances says that it offers.
    #[test]
    fn every_command_of_the_portal_has_its_form_and_every_form_its_command() {
        let said: BTreeSet<String> = CommandKind::ALL
            .iter()
            .filter(|kind| kind.surfaces().contains(&Surface::Portal))
            .map(wire_name)
            .collect();
        let declared = UnitAct::inline(&Config::new());
        let forms: BTreeSet<String> = declared
            .split("\"type\": \"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect();
        assert_eq!(forms, said);
        let offered: BTreeSet<String> = COMMANDS.iter().map(wire_name).collect();
        assert_eq!(offered, said);
    }

    #[test]
    fn a_time_is_that_of_beijing() {
        let now = DateTime::UNIX_EPOCH;
        let read = moment("2026-11-24T09:15", now).unwrap();
        assert_eq!(read.to_rfc3339(), "2026-11-24T01:15:00+00:00");
        assert_eq!(moment(" ", now).unwrap(), now);
        assert!(moment("昨天", now).is_err());
    }
}
