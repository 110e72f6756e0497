//! 办前预览: what an act would come to, before it is given: the rules are asked and nothing is kept.

use std::collections::BTreeMap;

use domain::time_limit::{LimitState, TimeLimit};
use domain::work_order::{Stage, apply, decide};
use domain::{Command, WorkOrder};
use serde::Serialize;
use ts_rs::TS;

use super::repeat::named;
use super::{HandleOrder, act};
use crate::attachment::Attached;
use crate::desk::Desk;
use crate::error::CallError;
use crate::limit;
use crate::story::Teller;
use crate::{text, time_text};

/// A limit that the act would start, move or end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct LimitChange {
    /// 办理; with the unit before it, where there are several.
    pub name: String,
    /// 11月26日（周四）24:00; empty for one that starts.
    pub before_text: String,
    pub after_text: String,
    /// The sum in one sentence.
    pub sum: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ActPreview {
    /// Why it would be refused as it is filled in; null where it would be done.
    pub refusal: Option<String>,
    /// Where the order would stand; empty where that does not change.
    pub stage_text: String,
    pub limits: Vec<LimitChange>,
    /// What else is good to know: which order is meant by a number.
    pub notes: Vec<String>,
}

/// 办前预览 of an act as its form is filled in.
pub(crate) fn preview_act(desk: &Desk, request: HandleOrder) -> Result<ActPreview, CallError> {
    let now = desk.now();
    let command = match act::command_of(request.act, &Attached::default(), now) {
        Ok(command) => command,
        Err(CallError::Invalid { message }) => return Ok(ActPreview::refused(message)),
        Err(CallError::Refused(refusal)) => {
            return Ok(ActPreview::refused(text::refusal(&refusal)));
        }
        Err(error) => return Err(error),
    };
    let id = &request.work_order_id;
    let before = desk.store.read(|reader| Ok(reader.load_work_order(id)?))?;
    let before = before.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
    let notes = match notes(desk, &command) {
        Ok(notes) => notes,
        Err(CallError::Invalid { message }) => return Ok(ActPreview::refused(message)),
        Err(error) => return Err(error),
    };
    let events = match decide(Some(&before), &command, &desk.facts(now)) {
        Ok(events) => events,
        Err(refusal) => return Ok(ActPreview::refused(text::refusal(&refusal))),
    };
    let mut after = Some(before.clone());
    for event in &events {
        apply(&mut after, event);
    }
    let after = after.ok_or(CallError::Refused(domain::Refusal::NotRegistered))?;
    Ok(ActPreview {
        refusal: None,
        stage_text: stage_text(before.stage, after.stage),
        limits: changes(desk, &before, &after),
        notes,
    })
}

impl ActPreview {
    fn refused(message: String) -> Self {
        Self {
            refusal: Some(message),
            stage_text: String::new(),
            limits: Vec::new(),
            notes: Vec::new(),
        }
    }
}

fn stage_text(before: Stage, after: Stage) -> String {
    if before == after {
        String::new()
    } else {
        text::stage(after).to_owned()
    }
}

/// Which order a number stands for.
fn notes(desk: &Desk, command: &Command) -> Result<Vec<String>, CallError> {
    let (Command::MergeInto { number }
    | Command::AbsorbRepeat { number, .. }
    | Command::LinkTo { number }) = command
    else {
        return Ok(Vec::new());
    };
    let other = desk.store.read(|reader| Ok(named(reader, number)))??;
    let order = other.order;
    let unit = order.lead_unit().map_or_else(String::new, |unit| {
        format!("，{}", desk.reference.unit_name(unit))
    });
    let urged = if matches!(command, Command::LinkTo { .. }) {
        ""
    } else {
        "前一件记一次催办并补充，时限不变。"
    };
    Ok(vec![format!(
        "{} {}（{}{unit}，{}登记）。{urged}",
        order.number,
        order.matter.title,
        text::stage(order.stage),
        time_text::moment(order.registered_at)
    )])
}

type LimitKey = (Option<u32>, TimeLimitKey);
type TimeLimitKey = (domain::time_limit::LimitKind, i64, usize);

/// Every limit by whose it is, what it is for and when it began; the nth of several that began as one.
fn limits_of(order: &WorkOrder) -> BTreeMap<LimitKey, (&TimeLimit, LimitState)> {
    let of_center = order.limits.iter().map(|limit| (None, limit));
    let of_units = order.assignments.iter().flat_map(|it| {
        it.limits
            .iter()
            .map(move |limit| (Some(it.number.0), limit))
    });
    let mut limits = BTreeMap::new();
    for (of, (limit, state)) in of_center.chain(of_units) {
        let began_at = limit.started_at.timestamp_millis();
        let mut nth = 0;
        while limits.contains_key(&(of, (limit.kind, began_at, nth))) {
            nth += 1;
        }
        limits.insert((of, (limit.kind, began_at, nth)), (limit, *state));
    }
    limits
}

fn changes(desk: &Desk, before: &WorkOrder, after: &WorkOrder) -> Vec<LimitChange> {
    let teller = Teller {
        order: after,
        reference: &desk.reference,
    };
    let were = limits_of(before);
    let changed = limits_of(after).into_iter().filter_map(|(key, now)| {
        let was = were.get(&key);
        if was == Some(&now) {
            return None;
        }
        let (of, _) = key;
        let (limit, state) = now;
        let of = of.map(domain::work_order::AssignmentNumber);
        let view = limit::view(limit, state, &desk.calendar, desk.now());
        Some(LimitChange {
            name: format!("{}{}", teller.of_unit(of), view.name),
            before_text: was
                .map_or_else(String::new, |(limit, _)| time_text::deadline(limit.due_at)),
            after_text: match state {
                LimitState::Running if !limit.is_suspended() => view.due_text,
                LimitState::Running
                | LimitState::Met { .. }
                | LimitState::MetLate { .. }
                | LimitState::Lifted { .. } => view.left_text,
            },
            sum: view.sum,
        })
    });
    changed.collect()
}
