//! The store as the machine sees it, and what a crash leaves of a change that was not whole.

use anyhow::{Result, ensure};
use desk_sync::{Change, DeskLedger, Position};
use wire::{Envelope, Hash, Tally};

use super::{DeskStore, IsDrawn, Kept, tally_of};
use crate::mutant::Mutant;

impl DeskLedger for DeskStore {
    fn position(&self) -> Result<Position> {
        let live = &self.live;
        Ok(Position {
            desk: live.desk.clone(),
            head: live.head(),
            epoch: live.epoch,
            cursor: live.cursor(),
            durable_seq: live.durable_seq,
            is_quarantined: live.quarantine.is_some(),
            is_undrawn: !live.undrawn.is_empty(),
        })
    }

    fn intents_after(&self, number: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Envelope>> {
        let chain = self.live.chain.range(number + 1..);
        // What was forgotten leaves a hole.
        let next = chain.clone().next();
        if next.is_some_and(|(first, _)| *first != number + 1) {
            return Ok(Vec::new());
        }
        let is_left_out =
            |number: u64| self.mutant == Some(Mutant::IntentLeftOut) && number % 29 == 28;
        let ids = chain
            .filter(|(number, _)| !is_left_out(**number))
            .map(|(_, id)| id.clone());
        Ok(self.within(ids, n_max, bytes_max))
    }

    fn unanswered(&self, n_max: usize, bytes_max: usize) -> Result<Vec<Envelope>> {
        if self.mutant == Some(Mutant::BranchDropped) {
            return Ok(Vec::new());
        }
        let mut kept: Vec<&Kept> = self.live.intents.values().collect();
        kept.retain(|kept| kept.answered.is_none());
        kept.sort_by_key(|kept| kept.place);
        let ids = kept.into_iter().map(|kept| kept.envelope.id.clone());
        Ok(self.within(ids, n_max, bytes_max))
    }

    fn intent_hash(&self, number: u64) -> Result<Option<Hash>> {
        let id = self.live.chain.get(&number);
        let kept = id.and_then(|id| self.live.intents.get(id));
        Ok(kept.map(|kept| kept.envelope.hash))
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        Ok(self.live.hashes.get(&seq).copied())
    }

    fn tally(&self) -> Result<Option<Tally>> {
        if self.is_undrawn() {
            return Ok(None);
        }
        let live = &self.live;
        let drawn = live.stories.iter().flat_map(|(id, story)| {
            let n_drawn = live.skipped.get(id).copied().unwrap_or(usize::MAX);
            let told = story.iter().take(n_drawn);
            let told = told.filter(|(_, body)| body.accepted().is_some());
            told.filter_map(|(seq, _)| Some((id.clone(), *live.hashes.get(seq)?)))
        });
        Ok(Some(tally_of(drawn)))
    }

    fn commit(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Page {
                entries,
                durable_seq,
            } => self.turn(entries, *durable_seq)?,
            Change::Part { entries } => {
                ensure!(
                    entries.after() == self.live.cursor(),
                    "A part follows from the cursor"
                );
                self.take(entries.entries(), IsDrawn::Later)?;
            }
            Change::Draw { n_max } => self.draw_next(*n_max),
            Change::DrawAnew => {
                let live = &mut self.live;
                live.undrawn = live.stories.keys().map(|id| (id.clone(), 0)).collect();
                live.skipped.clear();
                self.folds.clear();
            }
            Change::Durable { seq } => self.live.durable_seq = *seq,
            Change::Rewind { epoch, to } => self.rewind(*epoch, *to),
            Change::Recalled { envelopes } => self.recall(envelopes),
            Change::Quarantined => {
                self.live.quarantine.get_or_insert(0);
            }
            Change::Enrolled { desk } => {
                if self.mutant == Some(Mutant::BranchDropped) {
                    let live = &mut self.live;
                    live.intents.retain(|_, kept| kept.answered.is_some());
                    live.waiting.clear();
                }
                self.enrol(desk);
            }
        }
        if self.mutant == Some(Mutant::ForgetsAnswered) {
            self.live.forget_answered();
        }
        self.sync();
        Ok(())
    }
}

impl DeskStore {
    /// Half of a page or a part: what a crash leaves of a change that was not in one transaction.
    pub(crate) fn tear(&mut self, change: &Change) {
        let entries = match (change, self.mutant) {
            (Change::Page { entries, .. }, Some(Mutant::TornPage)) => entries.as_slice(),
            (Change::Part { entries }, Some(Mutant::TornPart)) => entries.entries(),
            (_, _) => return,
        };
        if let Some(last) = entries.last() {
            self.live.cursor = Some(last.cursor());
            for entry in entries {
                self.live.hashes.insert(entry.seq, entry.hash);
            }
        }
    }
}
