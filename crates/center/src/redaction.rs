//! 涂销 of a story at the center: its entries, and the intents that they answer.

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use domain::ActorId;
use wire::{Entry, Envelope, Hash, RedactionGround, remains};

use crate::ledger::Ledger;

/// What stories are redacted for, and who answers for it: two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactionOrder {
    pub ground: RedactionGround,
    pub asked_by: ActorId,
    pub granted_by: ActorId,
}

/// What became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redacted {
    pub subjects: Vec<String>,
    pub n_entries: usize,
    pub n_intents: usize,
    /// Stories that have something of protocol 1 in them, which nothing can be taken out of. They are as
    /// they were.
    pub bare: Vec<String>,
}

/// A story without its texts: what takes the place of what is there.
pub(crate) struct RedactedStory {
    pub(crate) entries: Vec<Entry>,
    pub(crate) intents: Vec<Envelope>,
    pub(crate) remains: Hash,
}

/// Whether words stand again in a story that was redacted `at`: an older backup was put back, or a desk that was
/// away has brought what the center had lost or never had. What was said since is no matter of that redaction, and
/// of a story with something of protocol 1 in it nothing can be taken out.
pub fn has_come_back(ledger: &(impl Ledger + ?Sized), id: &str, at: DateTime<Utc>) -> Result<bool> {
    let mut story = ledger.story_of(id)?;
    story.retain(|entry| entry.is_said_by(at));
    let is_bare = story.iter().any(|entry| entry.cover.is_bare());
    Ok(!is_bare && story.iter().any(|entry| !entry.cover.is_redacted()))
}

/// A story, or what was said in it by a moment; `None` for one of which something is bare.
pub(crate) fn of_story(
    ledger: &(impl Ledger + ?Sized),
    subject: &str,
    said_by: Option<DateTime<Utc>>,
) -> Result<Option<RedactedStory>> {
    let mut story = ledger.story_of(subject)?;
    story.retain(|entry| said_by.is_none_or(|at| entry.is_said_by(at)));
    ensure!(!story.is_empty(), "There is no story of {subject}");
    let (mut entries, mut intents) = (Vec::new(), Vec::new());
    for entry in &mut story {
        if entry.cover.is_bare() {
            return Ok(None);
        }
        if let Some(redacted) = entry.redacted() {
            *entry = redacted.clone();
            entries.push(redacted);
        }
        let Some(origin) = &entry.origin else {
            continue;
        };
        for intent in ledger.intents_called(&origin.id)? {
            if intent.cover.is_bare() {
                return Ok(None);
            }
            intents.extend(intent.redacted());
        }
    }
    Ok(Some(RedactedStory {
        remains: remains(&story),
        entries,
        intents,
    }))
}
