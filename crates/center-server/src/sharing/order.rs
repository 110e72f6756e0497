//! 一件工单: its heading and its course, step by step.

use anyhow::Result;
use chrono::{DateTime, Utc};
use domain::WorkOrder;
use domain::data_sharing::{ShareScope, ShareSight};
use domain::work_order::{Event, EventKind};
use serde_json::{Value, json};
use wire::{EntryBody, Story, Subject};
use wording::mask::masked_in_text;
use wording::reference::ReferenceTables;
use wording::story::Teller;

use super::list::is_shared;
use super::rows::Row;
use super::view::{self, Names};
use crate::portal::sealed::Seal;
use crate::public::progress;
use crate::readers::Reader;

/// A longer identity is none.
const ID_MAX_BYTES: usize = wire::limit::ID_MAX_CHARS * 4;

/// None of what is not there and of what is not in the scope alike.
pub(super) fn answer(
    reader: &Reader,
    id: &str,
    scope: &ShareScope,
    sight: ShareSight,
    names: &Names,
    now: DateTime<Utc>,
) -> Result<Option<Value>> {
    use center::Ledger as _;
    if id.len() > ID_MAX_BYTES || id.contains('\0') {
        return Ok(None);
    }
    let mut subject = None;
    let mut events = Vec::new();
    for entry in reader.ledger.story_of(id)? {
        if let Some(accepted) = entry.read().ok().as_ref().and_then(EntryBody::accepted) {
            Subject::apply(&mut subject, &accepted.story);
            if let Story::Order(of_order) = &accepted.story {
                events.extend(of_order.iter().cloned());
            }
        }
    }
    let Some(order) = subject.as_ref().and_then(Subject::order) else {
        return Ok(None);
    };
    let row = Row::of(id, order);
    if !is_shared(&row.counted, scope, names) {
        return Ok(None);
    }
    let (steps, answers) = if row.is_sealed {
        (Vec::new(), Vec::new())
    } else {
        (
            steps(order, &events, &tables_of(names)?),
            answers(order, sight, names),
        )
    };
    let mut view = view::order(&row, sight, names, now);
    if let Some(fields) = view.as_object_mut() {
        fields.insert("steps".to_owned(), Value::Array(steps));
        fields.insert("answers".to_owned(), Value::Array(answers));
    }
    Ok(Some(view))
}

/// The tables with the units as the center has them.
fn tables_of(names: &Names) -> Result<ReferenceTables> {
    let units = names.references.units().iter().cloned().collect();
    ReferenceTables::with_units(units)
}

/// What happened, without what was said; limits that began and moved are not steps of anybody.
fn steps(order: &WorkOrder, events: &[Event], tables: &ReferenceTables) -> Vec<Value> {
    let teller = Teller {
        order,
        reference: tables,
    };
    let seal = Seal::of(&order.matter.caller);
    let is_step = |it: &&Event| {
        !matches!(
            it.kind,
            EventKind::LimitStarted { .. } | EventKind::LimitMoved { .. }
        )
    };
    let step = |event: &Event| {
        let title = teller.tell(&event.kind).title;
        json!({
            "at": view::instant(event.occurred_at),
            "text": masked_in_text(&seal.text(&title)),
        })
    };
    events.iter().filter(is_step).map(step).collect()
}

/// What was answered, as citizens read it; none for who reads the heading only.
fn answers(order: &WorkOrder, sight: ShareSight, names: &Names) -> Vec<Value> {
    if sight.on(order) != ShareSight::Matter {
        return Vec::new();
    }
    let given = progress::answers(order, &|unit| names.unit(unit)).into_iter();
    given
        .map(|it| json!({ "by": it.by, "at": view::instant(it.at), "text": it.text }))
        .collect()
}
