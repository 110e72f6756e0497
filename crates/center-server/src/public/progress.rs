//! 办理进度: what somebody who has number and code is told of an order.
//!
//! In plain words: how far it is, what comes next and until when, what was answered. Never who
//! called, where they live, what they said: whoever holds the code knows that, and whoever found it
//! must not. Of what is confidential only how far it is.

use chrono::{DateTime, Utc};
use domain::matter::MatterKind;
use domain::time_limit::LimitKind;
use domain::work_order::{Assignment, AssignmentStage, Conclusion, Stage};
use domain::{HandlingUnitId, WorkOrder};
use wording::mask::masked_in_text;
use wording::time_text;

use crate::portal::sealed::Seal;

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    pub number: String,
    pub registered_text: String,
    /// 已转承办单位办理.
    pub stage: &'static str,
    pub is_closed: bool,
    /// What comes next and until when, in one or two sentences.
    pub next: String,
    pub steps: Vec<Step>,
    pub answers: Vec<Told>,
    /// 保密件: nothing more is shown than how far it is.
    pub is_reduced: bool,
}

/// One step on the way, done or to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub text: String,
    /// Empty for what is to come.
    pub at_text: String,
    pub standing: Standing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    Done,
    Now,
    ToCome,
}

/// An answer, as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Who answered.
    pub by: String,
    pub at: DateTime<Utc>,
    pub at_text: String,
    pub text: String,
}

/// How far an order is, in the words for citizens.
pub fn stage_words(order: &WorkOrder) -> &'static str {
    match order.stage {
        Stage::Registered => "已登记，等待转办",
        Stage::UnderVerification => "正在核实由谁办理",
        Stage::UnderCoordination => "正在协调明确承办单位",
        Stage::Dispatched => "已转承办单位，等待接收",
        Stage::Delivered => {
            let is_answered = |it: &Assignment| it.stage == AssignmentStage::AwaitingSignature;
            if order.open_assignments().any(is_answered) {
                "办理结果正在审核"
            } else {
                "承办单位正在办理"
            }
        }
        Stage::AnsweredOnTheSpot => "已当场答复",
        Stage::RefusedOutOfScope => "不属于热线受理范围",
        Stage::TransferredToEmergency => "已转接紧急热线",
        Stage::Completed | Stage::Archived => "已办结",
        Stage::Merged => "已并入同一事项一并办理",
        Stage::Withdrawn => "已按诉求人意愿撤回",
        Stage::FinallyClosed => "已终结办理",
    }
}

impl Progress {
    /// Of an order, with the names of units as people know them.
    pub fn of(
        order: &WorkOrder,
        name: &dyn Fn(&HandlingUnitId) -> String,
        now: DateTime<Utc>,
    ) -> Self {
        let is_reduced = order.matter.is_confidential || order.matter.kind == MatterKind::Report;
        let (steps, answers) = if is_reduced {
            (Vec::new(), Vec::new())
        } else {
            (steps(order, name), answers(order, name))
        };
        let registered_on = domain::clock_face::date_of(order.registered_at);
        Self {
            number: order.number.clone(),
            registered_text: time_text::date(registered_on),
            stage: stage_words(order),
            is_closed: !order.stage.is_open(),
            next: next(order, now, is_reduced),
            steps,
            answers,
            is_reduced,
        }
    }
}

fn next(order: &WorkOrder, now: DateTime<Utc>, is_reduced: bool) -> String {
    let until = |kind: LimitKind| {
        let running = order.running_limits().filter(|limit| limit.kind == kind);
        running.map(|limit| limit.due_at).max()
    };
    match order.stage {
        Stage::Registered | Stage::UnderVerification => match until(LimitKind::Dispatch) {
            Some(due_at) if now <= due_at => format!(
                "热线中心会在{}前转交承办单位，或直接答复。",
                time_text::deadline(due_at)
            ),
            Some(_) | None => "热线中心正在处理，可拨打 12345 询问。".to_owned(),
        },
        Stage::UnderCoordination => {
            "由哪个单位办理需要先行协调，协调期间不计入转办时限。".to_owned()
        }
        Stage::Dispatched => "承办单位收到后开始计算办理时限。".to_owned(),
        Stage::Delivered => match until(LimitKind::Handle) {
            Some(due_at) if now <= due_at => {
                format!("承办单位应在{}前办理并答复。", time_text::deadline(due_at))
            }
            Some(_) => "已超过办理时限，热线中心正在督促承办单位。".to_owned(),
            None => "承办单位正在办理。".to_owned(),
        },
        Stage::Completed | Stage::Archived if is_reduced => {
            "办理结果不在网上显示，请拨打 12345 了解。".to_owned()
        }
        Stage::Completed | Stage::Archived => {
            "如对结果不满意，可在回访时说明，或拨打 12345。".to_owned()
        }
        Stage::AnsweredOnTheSpot if is_reduced => "答复内容不在网上显示。".to_owned(),
        Stage::AnsweredOnTheSpot => "如仍不清楚，请拨打 12345。".to_owned(),
        Stage::RefusedOutOfScope => "已告知办理途径，如仍不清楚，请拨打 12345。".to_owned(),
        Stage::TransferredToEmergency => "请以紧急热线的处置为准。".to_owned(),
        Stage::Merged => match order.merged_into.as_deref().filter(|_| !is_reduced) {
            Some(number) => format!("请按工单 {number} 查询，查询码以该工单的为准。"),
            None => "请拨打 12345 了解。".to_owned(),
        },
        Stage::Withdrawn => "需要重新反映的，请拨打 12345。".to_owned(),
        Stage::FinallyClosed => "有新的事实或理由的，请拨打 12345 说明。".to_owned(),
    }
}

fn steps(order: &WorkOrder, name: &dyn Fn(&HandlingUnitId) -> String) -> Vec<Step> {
    let step = |text: String, at: Option<DateTime<Utc>>, standing: Standing| Step {
        text,
        at_text: at.map(time_text::moment).unwrap_or_default(),
        standing,
    };
    let done = |text: String, at: DateTime<Utc>| step(text, Some(at), Standing::Done);
    let mut steps = vec![done("登记".to_owned(), order.registered_at)];
    let answering = order.assignments.iter().filter(|it| it.part.answers());
    let standing: Vec<&Assignment> = answering
        .filter(|it| {
            !matches!(
                it.stage,
                AssignmentStage::SentBack | AssignmentStage::Withdrawn
            )
        })
        .collect();
    for assignment in &standing {
        let unit = name(&assignment.unit);
        steps.push(done(format!("转交{unit}"), assignment.dispatched_at));
        if let Some(at) = assignment.signed_for_at {
            steps.push(done(format!("{unit}签收"), at));
        }
        if let Some(contact) = assignment.first_contact() {
            steps.push(done(format!("{unit}联系诉求人"), contact.contacted_at));
        }
        if let Some(at) = assignment.completed_at {
            steps.push(done(format!("{unit}办结"), at));
        }
    }
    match order.stage {
        Stage::Registered | Stage::UnderVerification | Stage::UnderCoordination => {
            steps.push(step("转交承办单位".to_owned(), None, Standing::Now));
            steps.push(step("办理并答复".to_owned(), None, Standing::ToCome));
        }
        Stage::Dispatched | Stage::Delivered => {
            steps.push(step("办理并答复".to_owned(), None, Standing::Now));
        }
        Stage::AnsweredOnTheSpot
        | Stage::RefusedOutOfScope
        | Stage::TransferredToEmergency
        | Stage::Merged
        | Stage::Withdrawn
        | Stage::FinallyClosed => {
            steps.push(done(stage_words(order).to_owned(), order.last_event_at));
        }
        Stage::Completed | Stage::Archived => {}
    }
    steps
}

/// What was answered, and signed where it had to be; without who called.
pub(crate) fn answers(order: &WorkOrder, name: &dyn Fn(&HandlingUnitId) -> String) -> Vec<Told> {
    // Whoever looks over the shoulder of the citizen learns no name and no address.
    let seal = Seal::of(&order.matter.caller);
    let told = |by: String, at: DateTime<Utc>, text: &str| Told {
        by,
        at,
        at_text: time_text::moment(at),
        text: masked_in_text(&seal.text(text)),
    };
    let center = || "渠县12345热线受理中心".to_owned();
    let mut answers = Vec::new();
    match &order.conclusion {
        Some(Conclusion::Answer { answer, .. }) => {
            answers.push(told(center(), order.registered_at, answer));
        }
        Some(Conclusion::OutOfScope { guidance, .. }) => {
            answers.push(told(center(), order.registered_at, guidance));
        }
        Some(Conclusion::Transfer { .. } | Conclusion::Dispatch { .. }) | None => {}
    }
    // Only what the unit's reviewer has signed was answered (第十八条).
    for assignment in &order.assignments {
        let signed = assignment.reply.as_ref().zip(assignment.completed_at);
        if let Some((reply, at)) = signed.filter(|_| assignment.part.answers()) {
            answers.push(told(name(&assignment.unit), at, &reply.text));
        }
    }
    answers
}
