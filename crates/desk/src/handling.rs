//! 办理中的操作: what is done with an order after its dispatch, by the center and, where the center
//! writes it down for a unit, by the unit.

use domain::work_order::{CommandKind, assignment_commands_at};
use domain::{Command, Facts, WorkOrder};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::attachment::Attached;
use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::Submitted;
use crate::reference::ReferenceTables;
use crate::text;

mod act;
mod preview;
mod repeat;
mod wait;

pub use act::OrderAct;
pub use preview::{ActPreview, LimitChange};
pub use repeat::{RepeatOf, RepeatRelation};
pub use wait::{SaidLine, WaitView};

pub(crate) use preview::preview_act;
pub(crate) use repeat::{give_repeat, repeat_of};
pub(crate) use wait::{wait_marks, wait_views};

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
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "all acts but those that are about two orders"
)]
pub(crate) fn handle_order(desk: &Desk, request: HandleOrder) -> Result<Submitted, CallError> {
    let now = desk.now();
    let upload_id = if let OrderAct::Supplement { upload_id, .. } = &request.act {
        upload_id.clone()
    } else {
        None
    };
    let attached = upload_id.as_ref().map(|id| Attached::uploaded(desk, id));
    let attached = attached.transpose()?.unwrap_or_default();
    let command = act::command_of(request.act, &attached, now)?;
    let (id, version) = (request.work_order_id, request.version);
    let done = match &command {
        Command::MergeInto { number } => repeat::merge_into(desk, &id, version, number, now)?,
        Command::AbsorbRepeat { number, .. } => repeat::absorb(desk, &id, version, number, now)?,
        Command::LinkTo { number } => {
            let other = desk
                .store
                .read(|reader| Ok(repeat::named(reader, number)))??;
            let number = other.order.number;
            desk.act_on(id, version, &Command::LinkTo { number }, now)?
        }
        _ => desk.act_with_files((id, version), &command, &attached, now)?,
    };
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
        // 替代: what was sent back is given to another unit, each place by itself.
        let places = order.open_places().map(|place| {
            let number = place.number.0;
            let text = format!("接替 {}", reference.unit_name(&place.unit));
            (CommandKind::Dispatch, AssignmentChoice { number, text })
        });
        Self(of_each.chain(places).collect())
    }

    pub(crate) fn of(&self, command: CommandKind) -> Vec<AssignmentChoice> {
        let is_meant = |(other, _): &&(CommandKind, AssignmentChoice)| *other == command;
        let choice = |(_, choice): &(CommandKind, AssignmentChoice)| choice.clone();
        self.0.iter().filter(is_meant).map(choice).collect()
    }
}

#[cfg(test)]
mod tests;
