//! Requests that change nothing: any number of readers may answer them beside the writer.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail, ensure};
use chrono::{DateTime, Utc};
use wire::limit::{PAGE_ENTRIES_MAX, PAGE_MAX_BYTES, PUSH_INTENTS_MAX, PUSH_MAX_BYTES};
use wire::{
    Answer, Cursor, DeskId, EntryBody, Greeting, Hello, PROTOCOL, RecallRequest, Recalled, Request,
    Subject, TooOld, agree, remains, verify_page,
};

use crate::draft::folded;
use crate::feed;
use crate::ledger::{DeskRecord, Ledger};

/// Answers a request that changes nothing; `None` for one that has to go to the writer.
///
/// A reader may be a moment behind the writer. What it says holds all the same: a page that stops
/// short of the end is followed by the next.
pub fn read(
    ledger: &(impl Ledger + ?Sized),
    request: &Request,
    now: DateTime<Utc>,
) -> Result<Option<Answer>> {
    Ok(Some(match request {
        Request::Enrol(_) | Request::Push(_) | Request::Recover(_) => return Ok(None),
        Request::Hello(hello) => greet(ledger, hello, now)?,
        Request::Pull(request) => match admit(ledger.desk(&request.desk)?, request.protocol) {
            Ok(_) => feed::pull(ledger, request)?,
            Err(answer) => answer,
        },
        Request::Recall(request) => recall(ledger, request)?,
    }))
}

/// The desk of a request, or what it is told instead.
pub(crate) fn admit(record: Option<DeskRecord>, protocol: u32) -> Result<DeskRecord, Answer> {
    if protocol > PROTOCOL.last {
        let who = TooOld::Center;
        return Err(Answer::TooOld { who });
    }
    if protocol < PROTOCOL.first {
        let who = TooOld::Desk;
        return Err(Answer::TooOld { who });
    }
    match record {
        Some(record) if !record.is_revoked => Ok(record),
        Some(_) | None => Err(Answer::Unauthorised),
    }
}

/// Whether the center takes anything from the desk.
pub fn is_admitted(ledger: &(impl Ledger + ?Sized), desk: &DeskId) -> Result<bool> {
    Ok(admit(ledger.desk(desk)?, PROTOCOL.last).is_ok())
}

/// A subject as the feed makes it.
pub fn subject(ledger: &(impl Ledger + ?Sized), id: &str) -> Result<Option<Subject>> {
    folded(&ledger.story_of(id)?)
}

/// Goes through the whole feed: every entry has to follow from the one before and to be what it was
/// when it was sealed; where something was taken out of it, a later entry has to say so, and what is left
/// has to be what was left then. Where it ends.
pub fn verify(ledger: &(impl Ledger + ?Sized)) -> Result<Cursor> {
    let mut cursor = Cursor::START;
    // Entries out of which something was taken, and nothing has said so yet, by story.
    let mut unexplained: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    loop {
        let entries = ledger.entries_after(cursor.seq, PAGE_ENTRIES_MAX, PAGE_MAX_BYTES)?;
        if entries.is_empty() {
            let first = |(subject, seqs): (&String, &BTreeSet<u64>)| {
                seqs.first().map(|seq| (subject.clone(), *seq))
            };
            if let Some((subject, seq)) = unexplained.iter().find_map(first) {
                bail!("Entry {seq} of {subject} was taken out, and no entry says so");
            }
            return Ok(cursor);
        }
        cursor = verify_page(cursor, u64::MAX, &entries)?;
        for entry in &entries {
            if entry.cover.is_redacted() {
                let of_id = unexplained.entry(entry.subject.clone());
                of_id.or_default().insert(entry.seq);
            } else if let Ok(EntryBody::Redacted(redaction)) = entry.read() {
                for redacted in &redaction.subjects {
                    let id = &redacted.id;
                    let mut story = ledger.story_of(id)?;
                    story.retain(|of_story| redacted.covers(of_story, entry.seq));
                    if let Some(of_id) = unexplained.get_mut(id) {
                        of_id.retain(|seq| !story.iter().any(|told| told.seq == *seq));
                    }
                    ensure!(
                        remains(&story) == redacted.remains,
                        "What was left of {id} at {} was changed since",
                        entry.seq
                    );
                }
            }
        }
    }
}

fn greet(ledger: &(impl Ledger + ?Sized), hello: &Hello, now: DateTime<Utc>) -> Result<Answer> {
    let protocol = match agree(hello.protocol, PROTOCOL) {
        Ok(protocol) => protocol,
        Err(who) => return Ok(Answer::TooOld { who }),
    };
    let desk = match admit(ledger.desk(&hello.desk)?, protocol) {
        Ok(desk) => desk,
        Err(answer) => return Ok(answer),
    };
    let feed = ledger.feed()?;
    Ok(Answer::Greeting(Greeting {
        protocol,
        epoch: feed.epoch,
        center_time: now,
        head: desk.head,
        feed: feed.end,
        durable_seq: feed.durable_seq,
        keep_days: None,
    }))
}

fn recall(ledger: &(impl Ledger + ?Sized), request: &RecallRequest) -> Result<Answer> {
    let desk = match admit(ledger.desk(&request.desk)?, request.protocol) {
        Ok(desk) => desk,
        Err(answer) => return Ok(answer),
    };
    let after = request.after;
    let envelopes = ledger.intents_after(&desk.id, after, PUSH_INTENTS_MAX, PUSH_MAX_BYTES)?;
    Ok(Answer::Recalled(Recalled {
        envelopes,
        head: desk.head,
    }))
}
