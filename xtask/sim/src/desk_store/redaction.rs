//! 涂销 at a desk: the words go from the stories and from the desk's own intents.

use std::collections::BTreeSet;
use std::rc::Rc;

use anyhow::{Context as _, Result};
use wire::{Entry, EntryBody, Hash, RedactedSubject};

use super::{BODIES, DeskStore, body_of};
use crate::mutant::Mutant;

/// What is left of an entry that some desk has read; `None` where none has read it whole.
fn redacted_entry(hash: Hash) -> Result<Option<(Entry, Rc<EntryBody>)>> {
    let known = |is_redacted| {
        BODIES.with(|bodies| Some(bodies.borrow().get(&(hash, is_redacted))?.0.clone()))
    };
    let redacted = known(true).or_else(|| known(false)?.redacted());
    let Some(redacted) = redacted else {
        return Ok(None);
    };
    let body = body_of(&redacted)?;
    Ok(Some((redacted, body)))
}

impl DeskStore {
    /// Takes out what the entry `seq` says, also in the intents that were answered there.
    pub(super) fn redact(&mut self, redacted: &RedactedSubject, seq: u64) -> Result<()> {
        if self.mutant == Some(Mutant::RedactionNotRead) {
            return Ok(());
        }
        let live = &mut self.live;
        let mut redacted_seqs = BTreeSet::new();
        for (told, body) in live.stories.get_mut(&redacted.id).into_iter().flatten() {
            let hash = live.hashes.get(told).context("A story without a hash")?;
            if let Some((entry, left)) = redacted_entry(*hash)?
                && redacted.covers(&entry, seq)
            {
                *body = left;
                redacted_seqs.insert(*told);
            }
        }
        self.folds.remove(&redacted.id);
        if self.mutant == Some(Mutant::RedactionKeepsIntents) {
            return Ok(());
        }
        // What was wanted of a merged order is answered in the story of another.
        for kept in live.intents.values_mut() {
            let answer = live.answers.get(&kept.envelope.id);
            if answer.is_some_and(|seq| redacted_seqs.contains(seq))
                && let Some(redacted) = kept.envelope.redacted()
            {
                kept.envelope = Rc::new(redacted);
                kept.act = None;
            }
        }
        Ok(())
    }

    /// What the desk has read of a subject.
    pub(crate) fn story(&self, subject: &str) -> &[(u64, Rc<EntryBody>)] {
        self.live.stories.get(subject).map_or(&[], Vec::as_slice)
    }

    /// Whether the desk has the words of an intent.
    pub(crate) fn has_words_of(&self, id: &str) -> bool {
        let kept = self.live.intents.get(id);
        kept.is_some_and(|kept| !kept.envelope.cover.is_redacted())
    }
}
