//! 自动催办 (第五条(一)): when a limit comes near or is over, the center urges the unit as itself, and the
//! unit gives its receipt in the portal. Nothing is entered into the feed when time passes, so the
//! follower draws when to look, and the sender's thread looks.

use std::collections::BTreeSet;

use anyhow::Result;
use center::{Acted, Errand, Records as _};
use chrono::{DateTime, Utc};
use domain::clock_face::date_of;
use domain::supervision::urging::{UrgePoint, urge_points};
use domain::work_order::{Assignment, AssignmentNumber};
use domain::{ActorId, Command, WorkOrder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use wire::{Act, Ground, Subject};
use wording::text;

use crate::delivery::CENTER_ACTOR;
use crate::follower::{Projection, Seen, Sheet};
use crate::hex::to_hex;
use crate::office::Office;
use crate::readers::Reader;
use crate::server::rules;

/// When to look, in order.
const ROW: &str = "urge_point";
/// The rows of an order, to be drawn anew with each of its entries.
const OF_ORDER: &str = "urge_point_of_order";
/// Rows read at a time.
const PAGE: usize = 2_000;
const LATEST_MS: i64 = 9_999_999_999_999;
/// 方式, as the story tells it.
const METHOD: &str = "平台自动催办";

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Due {
    subject: String,
    assignment: AssignmentNumber,
}

/// Draws when to look.
pub(crate) struct UrgePoints;

impl Projection for UrgePoints {
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
        let rules = rules();
        let ground = Ground {
            references: seen.references,
            calendar: seen.references.calendar(&rules.calendar),
            rule_sets: &rules.rule_sets,
        };
        let subject = &seen.entry.subject;
        let before: Vec<String> = sheet.read(OF_ORDER, subject)?.unwrap_or_default();
        let mut keys = Vec::new();
        for assignment in &order.assignments {
            for point in points(order, assignment, ground) {
                let key = key(subject, assignment, &point);
                let due = Due {
                    subject: subject.clone(),
                    assignment: assignment.number,
                };
                if !before.contains(&key) {
                    sheet.write(ROW, key.clone(), &due)?;
                }
                keys.push(key);
            }
        }
        if keys == before {
            return Ok(());
        }
        for gone in before.into_iter().filter(|key| !keys.contains(key)) {
            sheet.remove(ROW, gone);
        }
        if keys.is_empty() {
            sheet.remove(OF_ORDER, subject.clone());
        } else {
            sheet.write(OF_ORDER, subject.clone(), &keys)?;
        }
        Ok(())
    }
}

fn points(order: &WorkOrder, assignment: &Assignment, ground: Ground<'_>) -> Vec<UrgePoint> {
    let in_force = || ground.rule_sets.in_force_on(date_of(order.registered_at));
    let rule_set = ground
        .rule_sets
        .get(&order.rule_set)
        .unwrap_or_else(in_force);
    urge_points(assignment, ground.calendar, rule_set)
}

/// One that moved is another, and is urged again when its time comes.
fn key(subject: &str, assignment: &Assignment, point: &UrgePoint) -> String {
    let ms = point.at.timestamp_millis().clamp(0, LATEST_MS);
    let (number, due_ms) = (assignment.number.0, point.due_at.timestamp_millis());
    format!(
        "{ms:013} {subject} {number} {:?} {due_ms} {:?}",
        point.limit, point.step
    )
}

/// Urges what is due by now. `seen_to` remembers which rows were dealt with; after a restart they are looked
/// at again, and what was done is done once.
pub(crate) fn urge_due(
    office: &Office,
    reader: &Reader,
    seen_to: &mut BTreeSet<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut standing = BTreeSet::new();
    let mut from = String::new();
    'pages: loop {
        let rows = reader.records.range(ROW, "", &from, PAGE)?;
        let Some(last) = rows.last() else {
            break;
        };
        from = format!("{}\u{1}", last.key);
        for row in &rows {
            let at_ms = row.key.split(' ').next();
            let at_ms = at_ms.and_then(|it| it.parse::<i64>().ok());
            // Late is after the last instant, not at it.
            if at_ms.is_none_or(|at_ms| at_ms >= now.timestamp_millis()) {
                break 'pages;
            }
            if !seen_to.contains(&row.key) {
                urge(
                    office,
                    reader,
                    &row.key,
                    &serde_json::from_str(&row.body)?,
                    now,
                )?;
            }
            standing.insert(row.key.clone());
        }
    }
    *seen_to = standing;
    Ok(())
}

/// Urges for one point, unless a later one of the same limit has come too: nobody is urged twice at once.
fn urge(office: &Office, reader: &Reader, row: &str, due: &Due, now: DateTime<Utc>) -> Result<()> {
    let subject = center::subject(&*reader.ledger, &due.subject)?;
    let Some(order) = subject.as_ref().and_then(Subject::order) else {
        return Ok(());
    };
    let Some(assignment) = order.assignment(due.assignment) else {
        return Ok(());
    };
    let references = office.references();
    let points = points(order, assignment, office.ground(&references));
    let is_meant = |point: &&UrgePoint| key(&due.subject, assignment, point) == row;
    let Some(point) = points.iter().find(is_meant) else {
        return Ok(());
    };
    let is_followed = points
        .iter()
        .any(|other| other.limit == point.limit && other.step > point.step && other.at < now);
    if is_followed {
        return Ok(());
    }
    let id = to_hex(Sha256::digest(row).get(..16).unwrap_or_default());
    let errand = Errand {
        actor: ActorId(CENTER_ACTOR.to_owned()),
        subject: due.subject.clone(),
        id: format!("urge-{id}"),
        act: Act::Order(Command::Urge {
            assignment: due.assignment,
            reason: text::urge_reason(point),
            method: METHOD.to_owned(),
        }),
        seen_version: None,
    };
    match office.writer.act_waiting(errand)?.done_blocking()? {
        Acted::Done { .. } | Acted::Before | Acted::Stale { .. } => {}
        Acted::Refused(says) => {
            tracing::warn!(subject = due.subject, %says, "Not urged");
        }
    }
    Ok(())
}
