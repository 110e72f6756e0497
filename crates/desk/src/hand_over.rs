//! 交接班: the outgoing person writes what is open, the incoming one confirms it by signing in.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use desk_store::{
    HandOver, OrderFilter, Presence, PresenceEntry, Queue, Reader, StoreFault, TaskKind, TaskScope,
    WorkOrderRecord,
};
use domain::matter::derived_title;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::app::{AppState, app_state};
use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::host::DeskHost;
use crate::intake::Intake;
use crate::sign_in::enrolled;
use crate::{text, time_text};

const NOTE_MAX_CHARS: usize = 4_000;
/// Lines of each part; what is more is counted.
const LINES_MAX: usize = 50;

/// One part of what is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverPart {
    pub title: String,
    pub lines: Vec<HandOverLine>,
    /// How many there are besides those told.
    pub n_more: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HandOverLine {
    pub text: String,
    /// The order to open; empty for what is none.
    pub work_order_id: String,
}

/// What is open now, for the person who goes.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HandOverForm {
    pub parts: Vec<HandOverPart>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WriteHandOver {
    /// What is not in any list.
    pub note: String,
}

/// 交接班记录, as it is read later.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HandOverView {
    pub id: String,
    pub from: String,
    pub written_text: String,
    /// Empty while nobody has confirmed it.
    pub to: String,
    pub confirmed_text: String,
    pub note: String,
    pub parts: Vec<HandOverPart>,
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    note: String,
    parts: Vec<HandOverPart>,
}

/// 待交事项.
pub(crate) fn hand_over_form(desk: &Desk, (): ()) -> Result<HandOverForm, CallError> {
    let parts = desk.store.read(|reader| Ok(open_parts(desk, reader)?))?;
    Ok(HandOverForm { parts })
}

/// 交班: kept, and the desk waits for whoever comes.
pub(crate) fn write_hand_over(
    host: &DeskHost,
    desk: &Desk,
    request: WriteHandOver,
) -> Result<AppState, CallError> {
    enrolled(host)?;
    let note = request.note.trim().to_owned();
    if note.chars().count() > NOTE_MAX_CHARS {
        return Err(CallError::invalid(format!(
            "交班说明最多 {NOTE_MAX_CHARS} 字。"
        )));
    }
    let now = desk.now();
    desk.store.commit(|writer| -> Result<(), StoreFault> {
        let parts = open_parts(desk, writer)?;
        let body = serde_json::to_string(&Kept { note, parts }).map_err(anyhow::Error::from)?;
        let id = new_id();
        writer.append_hand_over(&HandOver {
            id: id.clone(),
            from: desk.operator.id.clone(),
            from_name: desk.operator.name.clone(),
            written_at: now,
            body,
            confirmed: None,
        })?;
        let entry = |what, detail: &str| PresenceEntry {
            at: now,
            what,
            person: desk.operator.id.clone(),
            detail: detail.to_owned(),
        };
        writer.append_presence(&entry(Presence::HandOverWritten, &id))?;
        writer.append_presence(&entry(Presence::SignedOut, ""))
    })?;
    // Whoever has sat down since stays.
    let mut session = host.office.session();
    if session.id == *desk.session {
        session.end("");
    }
    drop(session);
    app_state(host, ())
}

/// 交接班记录, the last first.
pub(crate) fn hand_overs(desk: &Desk, (): ()) -> Result<Vec<HandOverView>, CallError> {
    let kept = desk.store.read(|reader| Ok(reader.hand_overs()?))?;
    let mut views = Vec::new();
    for hand_over in kept {
        let body: Kept = serde_json::from_str(&hand_over.body).map_err(anyhow::Error::from)?;
        let confirmed = hand_over.confirmed.as_ref();
        views.push(HandOverView {
            id: hand_over.id,
            from: format!("{} {}", hand_over.from_name, hand_over.from.0),
            written_text: time_text::moment(hand_over.written_at),
            to: confirmed.map_or_else(String::new, |it| format!("{} {}", it.name, it.by.0)),
            confirmed_text: confirmed.map_or_else(String::new, |it| time_text::moment(it.at)),
            note: body.note,
            parts: body.parts,
        });
    }
    Ok(views)
}

fn open_parts(desk: &Desk, reader: &Reader) -> Result<Vec<HandOverPart>, StoreFault> {
    let now = desk.now();
    let mut told = BTreeSet::new();
    let overdue = listed(reader, Queue::Overdue { now })?;
    let due_soon = listed(reader, Queue::DueSoon { now })?;
    let special: Vec<_> = listed(reader, Queue::InHandling)?
        .into_iter()
        .chain(listed(reader, Queue::Undelivered)?)
        .filter(|order| order.class.is_special())
        .collect();
    let to_dispatch = listed(reader, Queue::ToDispatch)?;
    let mut parts = vec![
        of_orders("特殊事项在办", &special, &mut told, now),
        of_orders("已超期", &overdue, &mut told, now),
        of_orders("临近期限", &due_soon, &mut told, now),
        of_orders("待派", &to_dispatch, &mut told, now),
        drafts(desk, reader)?,
        waiting(reader)?,
        conflicts(reader)?,
    ];
    parts.retain(|part| !part.lines.is_empty());
    Ok(parts)
}

fn listed(reader: &Reader, queue: Queue) -> Result<Vec<WorkOrderRecord>, StoreFault> {
    let filter = OrderFilter {
        queue,
        search: None,
        after: None,
        limit: desk_store::PAGE_MAX,
    };
    let (page, _) = reader.list_work_orders(&filter)?;
    Ok(page)
}

/// Each order once, in the part that comes first.
fn of_orders(
    title: &str,
    orders: &[WorkOrderRecord],
    told: &mut BTreeSet<String>,
    now: DateTime<Utc>,
) -> HandOverPart {
    let lines: Vec<_> = orders
        .iter()
        .filter(|order| told.insert(order.id.clone()))
        .map(|order| HandOverLine {
            text: order_line(order, now),
            work_order_id: order.id.clone(),
        })
        .collect();
    part(title, lines)
}

fn order_line(order: &WorkOrderRecord, now: DateTime<Utc>) -> String {
    let mut line = format!("{} {}", order.number, order.title);
    if !order.unit_name.is_empty() {
        line.push_str(&format!("，{}", order.unit_name));
    }
    if let Some(limit) = order
        .overdue_limit_at(now)
        .or_else(|| order.next_limit_at(now))
    {
        line.push_str(&format!(
            "，{}期限 {}",
            text::limit(limit.kind),
            time_text::deadline(limit.due_at)
        ));
    }
    line
}

fn drafts(desk: &Desk, reader: &Reader) -> Result<HandOverPart, StoreFault> {
    let mut lines = Vec::new();
    for draft in reader.list_drafts(desk.draft_owner())? {
        let body: Result<Intake, _> = serde_json::from_str(&draft.body);
        let said = body.map_or_else(|_unread| String::new(), |body| derived_title(&body.text));
        if !said.is_empty() {
            lines.push(HandOverLine {
                text: format!("{said}（{}存）", time_text::moment(draft.updated_at)),
                work_order_id: String::new(),
            });
        }
    }
    Ok(part("未完成的草稿", lines))
}

fn waiting(reader: &Reader) -> Result<HandOverPart, StoreFault> {
    let n = reader.count_waiting()?;
    let lines = if n == 0 {
        Vec::new()
    } else {
        let since = reader.oldest_waiting_at()?;
        let since = since.map_or_else(String::new, |at| {
            format!("，最早的是 {}", time_text::moment(at))
        });
        vec![HandOverLine {
            text: format!("{n} 项操作未上传到中心{since}"),
            work_order_id: String::new(),
        }]
    };
    Ok(part("待上传", lines))
}

fn conflicts(reader: &Reader) -> Result<HandOverPart, StoreFault> {
    let mut lines = Vec::new();
    for entry in reader.tasks(TaskKind::ToSettle, TaskScope::All)? {
        let order = reader.work_order_record(&entry.subject)?;
        let about = order.map_or_else(String::new, |it| format!("{} {}：", it.number, it.title));
        let body = entry.read().ok();
        lines.push(HandOverLine {
            text: format!("{about}{}", text::verdict_title(body.as_ref())),
            work_order_id: entry.subject,
        });
    }
    Ok(part("待处理", lines))
}

fn part(title: &str, mut lines: Vec<HandOverLine>) -> HandOverPart {
    let n_more = lines.len().saturating_sub(LINES_MAX) as u64;
    lines.truncate(LINES_MAX);
    HandOverPart {
        title: title.to_owned(),
        lines,
        n_more,
    }
}
