//! Intents as they come: lower is skipped, the next is decided, higher is asked for again.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use domain::desk_clock::acted_at;
use wire::limit::ID_MAX_CHARS;
use wire::{Answer, DeskMoment, EntryBody, Ground, Head, Origin, PushAnswer, Quarantine};

use crate::decide::{builds_on_missing, decide};
use crate::draft::Draft;
use crate::ledger::{DeskRecord, Epoch, Ledger};
use crate::prepared::{KeptIntent, Prepared, PreparedIntent};

/// After a restore the center waits so long for the desks that have what it lost, in minutes,
/// before it decides without them.
pub(crate) const COMING_BACK_MINUTES: i64 = 10;

/// What became of one intent of a push.
enum Received {
    Skipped,
    Decided,
    Gap {
        expected: u64,
    },
    Forked,
    /// Not yet: what it builds on is still to come back.
    Deferred,
}

/// Decides a push into the draft. `Err` in the answer's place is what the desk is told instead.
pub(crate) fn push<L: Ledger>(
    draft: &mut Draft<'_, L>,
    ground: Ground<'_>,
    epoch: Option<&Epoch>,
    push: &Prepared,
    desk: DeskRecord,
    now: DateTime<Utc>,
) -> Result<Option<Answer>> {
    if let Some(because) = push.malformed.clone() {
        return Ok(Some(Answer::Malformed { because }));
    }
    if let Some(fork_at) = desk.forked_at {
        return Ok(Some(Answer::Quarantined(Quarantine { fork_at })));
    }
    let is_coming_back = epoch.is_some_and(|epoch| {
        epoch.from_seq > 0 && now < epoch.began_at + TimeDelta::minutes(COMING_BACK_MINUTES)
    });
    let (before, mut desk) = (desk.head, desk);
    let mut n_received = 0;
    for intent in &push.intents {
        match receive(
            draft,
            ground,
            &mut desk,
            intent,
            &push.sent,
            is_coming_back,
            now,
        )? {
            Received::Skipped | Received::Decided => n_received += 1,
            Received::Gap { expected } if n_received == 0 => {
                return Ok(Some(Answer::Gap { expected }));
            }
            Received::Gap { .. } | Received::Deferred => break,
            Received::Forked => {
                let fork_at = intent.kept.envelope().number;
                quarantine(draft, &mut desk, fork_at, now)?;
                draft.put_desk(desk);
                return Ok(Some(Answer::Quarantined(Quarantine { fork_at })));
            }
        }
    }
    if desk.head != before {
        draft.put_desk(desk);
    }
    Ok(None)
}

fn receive<L: Ledger>(
    draft: &mut Draft<'_, L>,
    ground: Ground<'_>,
    desk: &mut DeskRecord,
    intent: &PreparedIntent,
    sent: &DeskMoment,
    is_coming_back: bool,
    now: DateTime<Utc>,
) -> Result<Received> {
    let envelope = intent.kept.envelope();
    if envelope.number <= desk.head.number {
        let kept = draft.intent_hash(&desk.id, envelope.number)?;
        return Ok(if kept == Some(envelope.hash) {
            Received::Skipped
        } else {
            Received::Forked
        });
    }
    let expected = desk.head.number + 1;
    if envelope.number > expected {
        return Ok(Received::Gap { expected });
    }
    if envelope.previous_hash != desk.head.hash {
        return Ok(Received::Forked);
    }
    if draft.is_answered(&envelope.id)? {
        // Answered in another chain, before its desk was given a new number. What was taken out there does
        // not come back here.
        let is_redacted = draft.is_answer_redacted(&envelope.id)?;
        let redacted = is_redacted.then(|| envelope.redacted()).flatten();
        let kept = match redacted {
            Some(redacted) => Arc::new(KeptIntent::of(redacted)?),
            None => Arc::clone(&intent.kept),
        };
        draft.put_in_chain(kept, 0);
    } else {
        if is_coming_back && builds_on_missing(draft, envelope)? {
            return Ok(Received::Deferred);
        }
        let verdict = decide(draft, ground, intent, sent, now)?;
        let origin = Some(Origin::of(envelope));
        let seq = draft.append(&verdict.subject, origin, &verdict.body, now)?;
        verdict
            .key
            .into_iter()
            .for_each(|key| draft.put_order_key(key));
        draft.put_in_chain(Arc::clone(&intent.kept), seq);
    }
    desk.head = envelope.head();
    Ok(Received::Decided)
}

/// 隔离: from now on nothing of the desk is decided; all are told.
fn quarantine<L: Ledger>(
    draft: &mut Draft<'_, L>,
    desk: &mut DeskRecord,
    fork_at: u64,
    now: DateTime<Utc>,
) -> Result<()> {
    desk.forked_at = Some(fork_at);
    let body = EntryBody::DeskQuarantined {
        desk: desk.id.clone(),
        fork_at,
    };
    draft.append("", None, &body, now)?;
    Ok(())
}

/// 补传: the branch of a desk in quarantine, for people to decide on.
pub(crate) fn recover<L: Ledger>(
    draft: &mut Draft<'_, L>,
    push: &Prepared,
    desk: &DeskRecord,
    now: DateTime<Utc>,
) -> Result<Option<Answer>> {
    if let Some(because) = push.malformed.clone() {
        return Ok(Some(Answer::Malformed { because }));
    }
    if desk.forked_at.is_none() {
        let because = "the desk is not in quarantine".to_owned();
        return Ok(Some(Answer::Malformed { because }));
    }
    for intent in &push.intents {
        let envelope = intent.kept.envelope();
        if draft.is_answered(&envelope.id)? {
            continue;
        }
        let body = EntryBody::Recovered {
            kind: envelope.kind.clone(),
            command: envelope.command.clone(),
            about: envelope.subject.clone(),
            acted_at: Some(acted_at(envelope.clock(&push.sent), now).at),
        };
        let origin = Some(Origin::of(envelope));
        // In the story that it is about: whoever takes out that story takes out this.
        let seq = draft.append(&envelope.subject, origin, &body, now)?;
        draft.put_in_branch(envelope, seq);
    }
    Ok(None)
}

pub(crate) fn pushed(epoch: u64, head: Head, draft_end: wire::Cursor, durable_seq: u64) -> Answer {
    Answer::Pushed(PushAnswer {
        epoch,
        head,
        feed: draft_end,
        durable_seq,
    })
}

/// Whether a text can be an identity, or a number that people call something by.
pub(crate) fn is_id(text: &str) -> bool {
    let n = text.chars().count();
    n > 0 && n <= ID_MAX_CHARS && !text.chars().any(char::is_control)
}
