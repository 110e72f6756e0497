//! 送达: an order is delivered when it lies in its unit's box (决定 I-3). The follower has drawn the
//! rows of the unit by then, so the center says so, as itself.

use anyhow::Result;
use center::{Acted, Errand, RecordChange, Records as _};
use domain::work_order::{AssignmentNumber, AssignmentStage};
use domain::{ActorId, Command};
use serde::{Deserialize, Serialize};
use wire::{Act, Subject};

use crate::follower::{Projection, Seen, Sheet};
use crate::office::Office;
use crate::readers::Reader;

/// The member of the staff table that stands for the center itself, with [`domain::Role::Center`].
pub const CENTER_ACTOR: &str = "center";
const KIND: &str = "delivery";
/// Deliveries confirmed at a time.
const PAGE: usize = 200;

/// So many that fail in one round are everybody's trouble.
const FAULTS_MAX: usize = 20;

/// A unit was given an order, and nobody has said yet that it has it.
#[derive(Debug, Serialize, Deserialize)]
struct Due {
    subject: String,
    assignment: AssignmentNumber,
    /// The intent that gave it: after a restore the same has another place in the feed.
    intent: String,
}

/// Draws what is to be delivered, and confirms it once the units' rows are written.
#[derive(Debug, Default)]
pub(crate) struct Deliveries;

impl Projection for Deliveries {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let is_due = |subject: Option<&Subject>, number: AssignmentNumber| {
            let order = subject.and_then(Subject::order);
            let mut all = order.into_iter().flat_map(|order| &order.assignments);
            all.any(|it| it.number == number && it.stage == AssignmentStage::Dispatched)
        };
        let order = seen.after.and_then(Subject::order);
        for assignment in order.into_iter().flat_map(|order| &order.assignments) {
            let number = assignment.number;
            let key = format!("{} {}", seen.entry.subject, number.0);
            match (is_due(seen.before, number), is_due(seen.after, number)) {
                (false, true) => {
                    let origin = seen.entry.origin.as_ref();
                    let due = Due {
                        subject: seen.entry.subject.clone(),
                        assignment: number,
                        intent: origin.map_or_else(String::new, |it| it.id.clone()),
                    };
                    sheet.write(KIND, key, &due)?;
                }
                (true, false) => sheet.remove(KIND, key),
                (false, false) | (true, true) => {}
            }
        }
        Ok(())
    }

    fn drawn(&mut self, office: &Office, reader: &Reader) -> Result<()> {
        let mut from = String::new();
        let mut n_faults = 0;
        loop {
            let rows = reader.records.range(KIND, "", &from, PAGE)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            from = format!("{}\u{1}", last.key);
            for row in &rows {
                let due = serde_json::from_str(&row.body).map_err(anyhow::Error::from);
                // One that cannot be confirmed is one unit's trouble, and stays for the next time.
                if let Err(error) = due.and_then(|due| confirm(office, &row.key, &due)) {
                    if office.is_stopping() {
                        return Ok(());
                    }
                    n_faults += 1;
                    if n_faults > FAULTS_MAX {
                        return Err(error);
                    }
                    tracing::error!(key = row.key, error = format!("{error:#}"), "Not delivered");
                }
            }
        }
    }
}

/// The row goes when the feed says that it was done; one that the rules refuse goes at once.
fn confirm(office: &Office, key: &str, due: &Due) -> Result<()> {
    let assignment = due.assignment;
    let errand = Errand {
        actor: ActorId(CENTER_ACTOR.to_owned()),
        subject: due.subject.clone(),
        id: format!("delivery-{}-{}", due.intent, assignment.0),
        act: Act::Order(Command::ConfirmDelivery { assignment }),
        seen_version: None,
    };
    match office.writer.act_waiting(errand)?.done_blocking()? {
        Acted::Done { .. } | Acted::Before | Acted::Stale { .. } => {}
        Acted::Refused(says) => {
            tracing::warn!(subject = due.subject, %says, "Not delivered");
            let removed = vec![RecordChange::remove(KIND, key)];
            let written = office.writer.write_waiting(removed)?.done_blocking()?;
            debug_assert_eq!(written, center::Written::Done, "Whatever stood there");
        }
    }
    Ok(())
}
