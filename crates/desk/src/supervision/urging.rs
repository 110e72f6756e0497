//! 批量催办 (第五条(一)): several units at once, each with a receipt of its own.

use chrono::{DateTime, Utc};
use domain::work_order::{AssignmentNumber, CommandKind, assignment_commands_at};
use domain::{Command, Role, WorkOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;

/// So many are urged at once at most.
const URGED_MAX: usize = 200;
/// Whoever may urge at all is told what was left out; whoever may not is refused by the rules.
const URGERS: &[Role] = &[Role::Dispatcher, Role::ShiftLead, Role::Supervisor];

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
pub struct UrgedPart {
    pub work_order_id: String,
    pub assignment: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct UrgeMany {
    pub parts: Vec<UrgedPart>,
    pub reason: String,
    pub method: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct Urged {
    pub n_urged: u32,
    /// Those that are not with their unit any more.
    pub left_out: Vec<String>,
    pub message: String,
}

/// 批量催办. What the rules do not let through any more is told and left out; a reason that is missing is
/// refused as a whole, since it is missing for all.
pub(crate) fn urge_many(desk: &Desk, request: UrgeMany) -> Result<Urged, CallError> {
    if request.parts.is_empty() {
        return Err(CallError::invalid("请先选择要催办的工单。"));
    }
    if request.parts.len() > URGED_MAX {
        return Err(CallError::invalid(format!(
            "一次最多催办 {URGED_MAX} 件，现有 {} 件，请分次催办。",
            request.parts.len()
        )));
    }
    let mut parts: Vec<UrgedPart> = Vec::new();
    for part in request.parts {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let now = desk.now();
    let (mut n_urged, mut left_out) = (0_u32, Vec::new());
    desk.store.commit(|writer| -> Result<(), CallError> {
        for part in parts {
            let Some(order) = writer.load_work_order(&part.work_order_id)? else {
                continue;
            };
            let number = AssignmentNumber(part.assignment);
            if desk.operator.holds_any(URGERS) && !may_be_urged(desk, &order, number, now) {
                left_out.push(order.number);
                continue;
            }
            let urge = Command::Urge {
                assignment: number,
                reason: request.reason.clone(),
                method: request.method.clone(),
            };
            desk.act(writer, &part.work_order_id, Some(order), &[urge], now)?;
            n_urged += 1;
        }
        Ok(())
    })?;
    let mut message = match n_urged {
        0 => "没有可催办的工单。".to_owned(),
        n => format!("已催办 {n} 件，等待单位回执。"),
    };
    if !left_out.is_empty() {
        message.push_str(&format!(
            "另有 {} 件已不在单位手中，未催办：{}。",
            left_out.len(),
            left_out.join("、")
        ));
    }
    Ok(Urged {
        n_urged,
        left_out,
        message,
    })
}

fn may_be_urged(
    desk: &Desk,
    order: &WorkOrder,
    number: AssignmentNumber,
    now: DateTime<Utc>,
) -> bool {
    assignment_commands_at(order, number, &desk.facts(now))
        .any(|(kind, refusal)| kind == CommandKind::Urge && refusal.is_none())
}
