//! 并单与关联: acts about two orders, done on both or on neither (决定 I-15).

use chrono::{DateTime, Utc};
use desk_store::{Reader, Writer};
use domain::repeat::is_same_caller;
use domain::{Command, WorkOrder};
use serde::Deserialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::intake::{Submitted, submitted};

/// So much of what was said goes over to the order that takes the repeat in, in characters.
const SAID_MAX_CHARS: usize = 4_000;

/// What an earlier order is to the matter that is registered now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "RepeatOfRelation")]
pub enum RepeatRelation {
    /// 并入: the same caller's, and still open.
    Merge,
    /// 关联: another caller's, or one that was dealt with.
    Link,
}

/// 是不是这些: an earlier order that a person has recognised.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct RepeatOf {
    pub number: String,
    pub relation: RepeatRelation,
}

/// An order that was named by its number.
pub(crate) struct Named {
    pub(crate) id: String,
    pub(crate) order: WorkOrder,
}

/// 并入: this order ends, and the earlier one is urged and added to.
pub(super) fn merge_into(
    desk: &Desk,
    id: &str,
    shown: u32,
    number: &str,
    now: DateTime<Utc>,
) -> Result<Submitted, CallError> {
    let order = desk.store.commit(|writer| -> Result<_, CallError> {
        let from = Desk::load_shown(writer, id, shown)?;
        let into = named(writer, number)?;
        give_merge(desk, writer, (id, from), into, now)
    })?;
    Ok(submitted(id.to_owned(), &order, false))
}

/// 接收并入: the later order that is named ends, and goes into this one.
pub(super) fn absorb(
    desk: &Desk,
    id: &str,
    shown: u32,
    number: &str,
    now: DateTime<Utc>,
) -> Result<Submitted, CallError> {
    let order = desk.store.commit(|writer| -> Result<_, CallError> {
        let order = Desk::load_shown(writer, id, shown)?;
        let from = named(writer, number)?;
        let into = Named {
            id: id.to_owned(),
            order,
        };
        give_merge(desk, writer, (&from.id, from.order), into, now)?;
        let order = writer.load_work_order(id)?;
        order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))
    })?;
    Ok(submitted(id.to_owned(), &order, false))
}

/// Both sides of a merger; the order that ended.
fn give_merge(
    desk: &Desk,
    writer: &mut Writer,
    (id, from): (&str, WorkOrder),
    into: Named,
    now: DateTime<Utc>,
) -> Result<WorkOrder, CallError> {
    check_mergeable(&from, &into.order)?;
    let merge = Command::MergeInto {
        number: into.order.number.clone(),
    };
    let absorb = Command::AbsorbRepeat {
        number: from.number.clone(),
        text: said(&from),
    };
    let merged = desk.act(writer, id, Some(from), &[merge], now)?;
    desk.act(writer, &into.id, Some(into.order), &[absorb], now)?;
    Ok(merged)
}

/// 同人同事且前单未结 (决定 I-15). Whether it is the same matter the person says who looked at both.
fn check_mergeable(from: &WorkOrder, into: &WorkOrder) -> Result<(), CallError> {
    if from.number == into.number {
        return Err(CallError::Refused(domain::Refusal::SameOrder));
    }
    let message = if !is_same_caller(&from.matter.caller, &into.matter.caller) {
        "两件的诉求人不同，不能并入，请用“关联”：各自答复，各自评价。"
    } else if !into.stage.is_open() {
        "前一件已经办结，不能并入，请用“关联”：这一件单独办理。"
    } else if into.registered_at > from.registered_at {
        "请并入登记在前的那一件。"
    } else {
        return Ok(());
    };
    Err(CallError::invalid(message))
}

fn said(order: &WorkOrder) -> String {
    order.matter.text.chars().take(SAID_MAX_CHARS).collect()
}

/// The one order of that number.
pub(super) fn named(reader: &Reader, number: &str) -> Result<Named, CallError> {
    let number = number.trim();
    if number.is_empty() {
        return Err(CallError::invalid("请填写工单编号。"));
    }
    let ids = reader.work_orders_numbered(number)?;
    let [id] = ids.as_slice() else {
        return Err(CallError::invalid(if ids.is_empty() {
            format!("没有找到编号为 {number} 的工单。")
        } else {
            format!(
                "有 {} 件工单编号都是 {number}，不能只凭编号办理。",
                ids.len()
            )
        }));
    };
    let order = reader.load_work_order(id)?;
    let order = order.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
    Ok(Named {
        id: id.clone(),
        order,
    })
}

/// The earlier order that a new one repeats, and the command that the new one is given for it.
pub(crate) fn repeat_of(writer: &Writer, repeat: &RepeatOf) -> Result<(Named, Command), CallError> {
    let named = named(writer, &repeat.number)?;
    let number = named.order.number.clone();
    let command = match repeat.relation {
        RepeatRelation::Merge => Command::MergeInto { number },
        RepeatRelation::Link => Command::LinkTo { number },
    };
    Ok((named, command))
}

/// What the earlier order is given once the new one is registered.
pub(crate) fn give_repeat(
    desk: &Desk,
    writer: &mut Writer,
    new: &WorkOrder,
    (named, relation): (Named, RepeatRelation),
    now: DateTime<Utc>,
) -> Result<(), CallError> {
    if relation == RepeatRelation::Merge {
        check_mergeable(new, &named.order)?;
        let absorb = Command::AbsorbRepeat {
            number: new.number.clone(),
            text: said(new),
        };
        desk.act(writer, &named.id, Some(named.order), &[absorb], now)?;
    }
    Ok(())
}
