//! 到期提醒: nothing is entered into the feed when a limit comes near, so the follower draws when to
//! look, and the sender looks.

use std::collections::BTreeSet;

use anyhow::Result;
use center::{Record, Records};
use chrono::{DateTime, Utc};
use domain::WorkOrder;
use domain::time_limit::{LimitState, TimeLimit};
use domain::work_order::{Assignment, AssignmentNumber};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wire::{References, Subject};

use super::message::{self, UNIT_CONTACT};
use super::{Endpoint, Topic};
use crate::follower::{Projection, Seen, Sheet};
use crate::hex::to_hex;
use crate::outbox::Outgoing;
use crate::readers::Reader;

/// When to look, in order.
const ROW: &str = "limit_watch";
/// The rows of an order, to be drawn anew with each of its entries.
const OF_ORDER: &str = "limit_watch_of_order";
/// Rows read at a time.
const PAGE: usize = 2_000;
/// Limits seen to in one round; the rest has its turn in the next.
const TOLD_MAX: usize = 500;
const LATEST_MS: i64 = 9_999_999_999_999;

/// What to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Watch {
    subject: String,
    assignment: AssignmentNumber,
    topic: Topic,
    /// By this the limit is known: one that moved is another.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    due_at: DateTime<Utc>,
}

/// Draws when to look.
pub(super) struct Watches;

impl Projection for Watches {
    fn kinds(&self) -> &'static [&'static str] {
        &[ROW, OF_ORDER]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let Some(order) = seen.after.and_then(Subject::order) else {
            return Ok(());
        };
        let subject = &seen.entry.subject;
        let before: Vec<String> = sheet.read(OF_ORDER, subject)?.unwrap_or_default();
        let now: Vec<(String, Watch)> = watches(subject, order).collect();
        let keys: Vec<String> = now.iter().map(|(key, _)| key.clone()).collect();
        if keys == before {
            return Ok(());
        }
        for key in before {
            sheet.remove(ROW, key);
        }
        for (key, watch) in now {
            sheet.write(ROW, key, &watch)?;
        }
        if keys.is_empty() {
            sheet.remove(OF_ORDER, subject.clone());
        } else {
            sheet.write(OF_ORDER, subject.clone(), &keys)?;
        }
        Ok(())
    }
}

fn watches<'a>(
    subject: &'a str,
    order: &'a WorkOrder,
) -> impl Iterator<Item = (String, Watch)> + 'a {
    running(order).flat_map(move |(assignment, limit)| {
        let watch = move |topic: Topic, at: DateTime<Utc>| {
            let ms = at.timestamp_millis().clamp(0, LATEST_MS);
            let number = assignment.number.0;
            let due_ms = limit.due_at.timestamp_millis();
            let key = format!(
                "{ms:013} {subject} {number} {:?} {due_ms} {topic:?}",
                limit.kind
            );
            let watch = Watch {
                subject: subject.to_owned(),
                assignment: assignment.number,
                topic,
                due_at: limit.due_at,
            };
            (key, watch)
        };
        [
            watch(Topic::DueSoon, limit.warn_at),
            watch(Topic::Overdue, limit.due_at),
        ]
    })
}

/// The limits of units that run, but for those that stand still.
fn running(order: &WorkOrder) -> impl Iterator<Item = (&Assignment, &TimeLimit)> {
    order.assignments.iter().flat_map(|assignment| {
        let limits = assignment.limits.iter();
        limits
            .filter(|(limit, state)| {
                *state == LimitState::Running
                    && !limit.is_suspended()
                    && limit.kind.is_held_against_the_unit()
            })
            .map(move |(limit, _)| (assignment, limit))
    })
}

/// Rows whose time has come that were not seen to yet. `told` forgets those that are gone.
fn to_look_at(
    reader: &Reader,
    told: &mut BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<Vec<Record>> {
    let (mut fresh, mut standing) = (Vec::new(), BTreeSet::new());
    let mut from = String::new();
    loop {
        let rows = reader.records.range(ROW, "", &from, PAGE)?;
        let n_rows = rows.len();
        for row in rows {
            let at_ms = row.key.split(' ').next();
            let at_ms = at_ms.and_then(|it| it.parse::<i64>().ok());
            // Late is after the last instant, not at it.
            if at_ms.is_none_or(|at_ms| at_ms >= now.timestamp_millis()) {
                told.retain(|key| standing.contains(key));
                return Ok(fresh);
            }
            from = format!("{}\u{1}", row.key);
            standing.insert(row.key.clone());
            if !told.contains(&row.key) && fresh.len() < TOLD_MAX {
                fresh.push(row);
            }
        }
        if n_rows < PAGE {
            told.retain(|key| standing.contains(key));
            return Ok(fresh);
        }
    }
}

/// What is to be said of one row.
pub(crate) struct Told {
    /// The row, to be remembered once the messages are kept.
    pub(crate) key: String,
    pub(crate) outgoing: Vec<Outgoing>,
}

/// The messages for limits that are near or over by now. `told` remembers which rows were seen to:
/// whoever keeps the messages adds to it.
pub(crate) fn tell_due(
    reader: &Reader,
    references: &References,
    endpoints: &[Endpoint],
    told: &mut BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<Vec<Told>> {
    let mut all = Vec::new();
    for row in to_look_at(reader, told, now)? {
        let mut outgoing = Vec::new();
        let watch: Watch = serde_json::from_str(&row.body)?;
        let subject = center::subject(&*reader.ledger, &watch.subject)?;
        let Some(order) = subject.as_ref().and_then(Subject::order) else {
            told.insert(row.key);
            continue;
        };
        let is_meant = |(assignment, limit): &(&Assignment, &TimeLimit)| {
            assignment.number == watch.assignment && limit.due_at == watch.due_at
        };
        let Some((assignment, limit)) = running(order).find(is_meant) else {
            told.insert(row.key);
            continue;
        };
        // Whoever is late already need not hear that it will be.
        if watch.topic == Topic::DueSoon && now > limit.due_at {
            told.insert(row.key);
            continue;
        }
        // While others decide nobody is late; what they say may make it so, hence it is looked at again.
        if assignment.stands_still_at(limit, now) {
            continue;
        }
        let phones = reader.records.get(UNIT_CONTACT, &assignment.unit.0)?;
        let to: Vec<String> = match phones {
            Some(body) => serde_json::from_str(&body)?,
            None => Vec::new(),
        };
        // The order's own identity stays in the house.
        let id = to_hex(Sha256::digest(&row.key).get(..16).unwrap_or_default());
        let message = message::of_limit(
            &id,
            watch.topic,
            order,
            (assignment, limit),
            references,
            to,
            now,
        );
        for endpoint in endpoints
            .iter()
            .filter(|it| it.topics.contains(&watch.topic))
        {
            outgoing.push(message::outgoing(&endpoint.name, &message, now)?);
        }
        all.push(Told {
            key: row.key,
            outgoing,
        });
    }
    Ok(all)
}
