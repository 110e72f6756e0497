//! 消息: what the feed says becomes what a gateway sends.
//!
//! A message to a unit names the order and the limit, nothing of the matter. One to a citizen goes to
//! the citizen's own telephone, and for a confidential matter not at all.

use anyhow::Result;
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use domain::matter::MatterKind;
use domain::time_limit::{LimitKind, TimeLimit};
use domain::work_order::{Assignment, EventKind};
use domain::{HandlingUnitId, WorkOrder};
use serde::Serialize;
use wire::{EntryBody, QueryCode, References, Story, Subject};
use wording::{text, time_text};

use super::{Endpoint, Topic};
use crate::delivery::CENTER_ACTOR;
use crate::follower::{Projection, RedactedStory, Seen, Sheet};
use crate::outbox::{self, Outgoing, Target};

/// 单位值守电话, by the unit: an administrator sets them.
pub(crate) const UNIT_CONTACT: &str = "unit_contact";
const SIGNATURE: &str = "【渠县12345热线】";
/// Telephones of a unit that a message goes to.
const PHONES_MAX: usize = 10;

/// The body of a message. Frozen: fields are only added.
#[derive(Debug, Serialize)]
pub(super) struct Message<'a> {
    pub(super) id: &'a str,
    pub(super) event: Topic,
    pub(super) occurred_at: String,
    pub(super) order_number: &'a str,
    /// The unit that is told; `None` for a message to a citizen.
    pub(super) unit: Option<ToldUnit<'a>>,
    /// Telephones; empty where the gateway has the unit's own.
    pub(super) to: Vec<String>,
    pub(super) due_at: Option<String>,
    /// The whole short message.
    pub(super) text: String,
}

#[derive(Debug, Serialize)]
pub(super) struct ToldUnit<'a> {
    pub(super) id: &'a str,
    pub(super) name: String,
}

/// Draws the messages of what happened.
pub(super) struct Messages {
    /// Names, and what each wants to be told.
    endpoints: Vec<(String, Vec<Topic>)>,
}

impl Messages {
    pub(super) fn new(endpoints: &[Endpoint]) -> Self {
        let each = endpoints
            .iter()
            .map(|it| (it.name.clone(), it.topics.clone()));
        Self {
            endpoints: each.collect(),
        }
    }

    /// One for each that wants it.
    fn draw(&self, sheet: &mut Sheet<'_>, message: &Message<'_>, now: DateTime<Utc>) -> Result<()> {
        let wanting = self.endpoints.iter();
        let wanting = wanting.filter(|(_, topics)| topics.contains(&message.event));
        for (endpoint, _) in wanting {
            outbox::draw(sheet, &outgoing(endpoint, message, now)?)?;
        }
        Ok(())
    }
}

/// The message for one endpoint.
pub(super) fn outgoing(
    endpoint: &str,
    message: &Message<'_>,
    now: DateTime<Utc>,
) -> Result<Outgoing> {
    let id = format!("{} {endpoint}", message.id);
    let target = Target::Webhook {
        endpoint: endpoint.to_owned(),
    };
    let body = serde_json::to_string(message)?;
    Ok(Outgoing::new(id, target, body, now))
}

impl Projection for Messages {
    /// Messages are not rows of the feed: they stay when all is drawn anew.
    fn kinds(&self) -> &'static [&'static str] {
        &["webhook"]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        if !seen.is_new || self.endpoints.is_empty() {
            return Ok(());
        }
        let accepted = seen.body.and_then(EntryBody::accepted);
        let (Some(accepted), Some(order)) = (accepted, seen.after.and_then(Subject::order)) else {
            return Ok(());
        };
        let Story::Order(events) = &accepted.story else {
            return Ok(());
        };
        // What one intent caused is known by the intent, wherever a restore puts it in the feed.
        let origin = seen.entry.origin.as_ref();
        let intent = origin.map_or(seen.entry.hash.to_string(), |it| it.id.clone());
        for (at, event) in events.iter().enumerate() {
            // Of a limit that is near or over the unit is told already.
            if matches!(event.kind, EventKind::Urged { .. }) && event.actor.0 == CENTER_ACTOR {
                continue;
            }
            let id = format!("{intent}-{at}");
            let told = told_of(&id, &event.kind, order, seen, sheet)?;
            if let Some(message) = told {
                self.draw(sheet, &message, seen.entry.recorded_at)?;
            }
        }
        Ok(())
    }

    fn redacted(&mut self, story: &RedactedStory<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        for origin in story.entries.iter().filter_map(|it| it.origin.as_ref()) {
            outbox::redact(sheet, &format!("{}-", origin.id))?;
        }
        Ok(())
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "few of the things that happen are told at once"
)]
fn told_of<'a>(
    id: &'a str,
    event: &'a EventKind,
    order: &'a WorkOrder,
    seen: &'a Seen<'_>,
    sheet: &Sheet<'_>,
) -> Result<Option<Message<'a>>> {
    let occurred_at = datetime(seen.entry.recorded_at);
    match event {
        EventKind::Registered { number, .. } => {
            let phone = citizen_phone(order);
            Ok(phone.map(|phone| Message {
                id,
                event: Topic::OrderReceived,
                occurred_at,
                order_number: number,
                unit: None,
                to: vec![phone],
                due_at: None,
                text: format!(
                    "{SIGNATURE}您反映的事项已登记，工单编号{number}，查询码{}，凭编号和查询码可在热线网页查询办理进度。",
                    QueryCode::of(&seen.entry.subject, number)
                ),
            }))
        }
        EventKind::Dispatched { unit, .. } if order.matter.class.is_special() => {
            let number = &order.number;
            let class = text::class(order.matter.class);
            Ok(Some(Message {
                id,
                event: Topic::SpecialMatterDispatched,
                occurred_at,
                order_number: number,
                unit: Some(told_unit(unit, seen.references)),
                to: phones(unit, sheet)?,
                due_at: None,
                text: format!(
                    "{SIGNATURE}{class}事项工单{number}已转你单位，请立即签收并按时限初步响应。"
                ),
            }))
        }
        EventKind::Urged { assignment, .. } => {
            let Some(assignment) = order.assignment(*assignment) else {
                return Ok(None);
            };
            let number = &order.number;
            let due_at = assignment
                .running_limit(LimitKind::Handle)
                .map(|limit| limit.due_at);
            let until = due_at.map_or_else(String::new, |due_at| {
                format!("办理时限{}，", time_text::deadline(due_at))
            });
            Ok(Some(Message {
                id,
                event: Topic::Urged,
                occurred_at,
                order_number: number,
                unit: Some(told_unit(&assignment.unit, seen.references)),
                to: phones(&assignment.unit, sheet)?,
                due_at: due_at.map(datetime),
                text: format!("{SIGNATURE}工单{number}已催办，{until}请及时办理并反馈。"),
            }))
        }
        _ => Ok(None),
    }
}

/// What a unit is told of a limit that is near or over.
pub(super) fn of_limit<'a>(
    id: &'a str,
    topic: Topic,
    order: &'a WorkOrder,
    (assignment, limit): (&'a Assignment, &TimeLimit),
    references: &References,
    to: Vec<String>,
    now: DateTime<Utc>,
) -> Message<'a> {
    let name = text::limit(limit.kind);
    let due = time_text::deadline(limit.due_at);
    let number = &order.number;
    let text = if topic == Topic::Overdue {
        format!("{SIGNATURE}工单{number}的{name}时限{due}已过，请立即办理。")
    } else {
        format!("{SIGNATURE}工单{number}的{name}时限{due}将到，请抓紧办理。")
    };
    Message {
        id,
        event: topic,
        occurred_at: datetime(now),
        order_number: number,
        unit: Some(told_unit(&assignment.unit, references)),
        to,
        due_at: Some(datetime(limit.due_at)),
        text,
    }
}

fn told_unit<'a>(id: &'a HandlingUnitId, references: &References) -> ToldUnit<'a> {
    let unit = references.units().get(id);
    ToldUnit {
        id: &id.0,
        name: unit.map_or_else(|| id.0.clone(), |unit| unit.name.clone()),
    }
}

fn phones(unit: &HandlingUnitId, sheet: &Sheet<'_>) -> Result<Vec<String>> {
    let phones: Option<Vec<String>> = sheet.read(UNIT_CONTACT, &unit.0)?;
    Ok(phones
        .unwrap_or_default()
        .into_iter()
        .take(PHONES_MAX)
        .collect())
}

/// The mobile telephone of who brought the matter; none of who is to stay unnamed.
fn citizen_phone(order: &WorkOrder) -> Option<String> {
    let matter = &order.matter;
    if matter.is_confidential || matter.kind == MatterKind::Report {
        return None;
    }
    let digits = |phone: &String| {
        let digits = phone.chars().filter(char::is_ascii_digit);
        let digits: String = digits.collect();
        digits
            .strip_prefix("86")
            .map_or(digits.clone(), str::to_owned)
    };
    [&matter.caller.contact_phone, &matter.caller.phone]
        .into_iter()
        .map(digits)
        .find(|digits| digits.len() == 11 && digits.starts_with('1'))
}

fn datetime(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(8 * 3600) {
        Some(east) => at
            .with_timezone(&east)
            .to_rfc3339_opts(SecondsFormat::Secs, false),
        None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
    }
}
