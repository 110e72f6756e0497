//! 重算: when days off are announced, what is not over yet is counted anew, in every order's own story
//! (决定 I-20). The center does it by itself, order by order, and goes on where it was after a stop.

use anyhow::{Context as _, Result};
use center::{Acted, Errand, Expected, RecordChange, Records as _};
use domain::{ActorId, Command, Refusal};
use serde::{Deserialize, Serialize};
use wire::{Act, EntryBody, Reference, RuleSays, Subject};

use crate::delivery::CENTER_ACTOR;
use crate::follower::{Projection, Seen, Sheet};
use crate::hex::to_hex;
use crate::office::Office;
use crate::readers::Reader;

/// Orders that are open, by identity.
const OPEN: &str = "open_order";
/// What is to be counted anew, in the order in which it was announced.
const RECOUNT: &str = "recount";
/// Orders looked at before it is written down how far it has come.
const PAGE: usize = 200;

/// One announcement, and how far its orders were gone through.
#[derive(Debug, Serialize, Deserialize)]
struct Recount {
    /// 文号 of the announcement.
    notice: String,
    /// The beginning of the hash of the announcement's entry: after a restore the same has another place in the feed.
    entry: String,
    /// The next order is behind this.
    from: String,
}

/// Draws which orders are open, and counts their limits anew when the days change.
#[derive(Debug, Default)]
pub(crate) struct Recounts;

impl Projection for Recounts {
    fn kinds(&self) -> &'static [&'static str] {
        &[OPEN, RECOUNT]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let is_open = |subject: Option<&Subject>| {
            let order = subject.and_then(Subject::order);
            order.is_some_and(|order| order.stage.is_open())
        };
        let subject = &seen.entry.subject;
        match (is_open(seen.before), is_open(seen.after)) {
            (false, true) => sheet.put(OPEN, subject.clone(), String::new()),
            (true, false) => sheet.remove(OPEN, subject.clone()),
            (false, false) | (true, true) => {}
        }
        if let Some(EntryBody::ReferenceChanged {
            reference: Reference::Holidays(notices),
        }) = seen.body
            && let Some(notice) = notices.last()
            && seen.is_new
        {
            let recount = Recount {
                notice: notice.document.clone(),
                entry: to_hex(seen.entry.hash.0.get(..8).unwrap_or_default()),
                from: String::new(),
            };
            sheet.write(RECOUNT, format!("{:020}", seen.entry.seq), &recount)?;
        }
        Ok(())
    }

    fn drawn(&mut self, office: &Office, reader: &Reader) -> Result<()> {
        for row in reader.records.range(RECOUNT, "", "", PAGE)? {
            let recount: Recount = serde_json::from_str(&row.body).context("Reading a recount")?;
            go_through(office, reader, &row.key, recount)?;
        }
        Ok(())
    }
}

fn go_through(office: &Office, reader: &Reader, key: &str, mut recount: Recount) -> Result<()> {
    let mut n_moved = 0_usize;
    loop {
        let rows = reader.records.range(OPEN, "", &recount.from, PAGE)?;
        for row in &rows {
            if office.is_stopping() {
                return Ok(());
            }
            match count_anew(office, &row.key, &recount) {
                Ok(has_moved) => n_moved += usize::from(has_moved),
                // One order keeps no other from its days.
                Err(error) => {
                    let error = format!("{error:#}");
                    tracing::error!(subject = row.key, error, "Limits were not counted anew");
                }
            }
        }
        let change = match rows.last() {
            Some(last) if rows.len() == PAGE => {
                recount.from = format!("{}\u{1}", last.key);
                RecordChange::put(RECOUNT, key, serde_json::to_string(&recount)?)
            }
            Some(_) | None => RecordChange::remove(RECOUNT, key),
        };
        let is_over = change.body.is_none();
        let changes = vec![RecordChange {
            expected: Expected::Anything,
            ..change
        }];
        let written = office.writer.write_waiting(changes)?.done_blocking()?;
        debug_assert_eq!(written, center::Written::Done, "Whatever stood there");
        if is_over {
            tracing::info!(notice = recount.notice, n_moved, "Limits were counted anew");
            return Ok(());
        }
    }
}

/// Whether a limit of the order moved.
fn count_anew(office: &Office, subject: &str, recount: &Recount) -> Result<bool> {
    let errand = Errand {
        actor: ActorId(CENTER_ACTOR.to_owned()),
        subject: subject.to_owned(),
        id: format!("recount-{}-{subject}", recount.entry),
        act: Act::Order(Command::RecountLimits {
            notice: recount.notice.clone(),
        }),
        seen_version: None,
    };
    match office.writer.act_waiting(errand)?.done_blocking()? {
        Acted::Done { .. } => Ok(true),
        // Nothing of it ends behind the days that changed; or it was closed meanwhile.
        Acted::Before
        | Acted::Stale { .. }
        | Acted::Refused(RuleSays::Order(Refusal::NothingMoves | Refusal::WrongStage { .. })) => {
            Ok(false)
        }
        Acted::Refused(says) => {
            tracing::warn!(subject, %says, "Limits were not counted anew");
            Ok(false)
        }
    }
}
