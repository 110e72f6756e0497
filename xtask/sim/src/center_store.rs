//! The center's ledger in memory, with what is on the disk apart from what is not, and with
//! mistakes planted where they are asked for.

use anyhow::Result;
use center::{Batch, DeskRecord, Enrolment, Epoch, Feed, IntentPlace, Ledger, MemoryLedger};
use wire::{Cursor, DeskId, Entry, EntryBody, Envelope, Hash, Refused, Salt, Sealing};

use crate::mutant::Mutant;

#[derive(Debug, Clone, Default)]
pub(crate) struct CenterStore {
    live: MemoryLedger,
    /// What a crash leaves, where that is not all.
    synced: Option<Box<MemoryLedger>>,
    mutant: Option<Mutant>,
    n_commits: u64,
}

impl CenterStore {
    pub(crate) fn new(mutant: Option<Mutant>) -> Self {
        Self {
            mutant,
            ..Self::default()
        }
    }

    /// What is left after a crash.
    #[must_use]
    pub(crate) fn crashed(mut self) -> Self {
        if let Some(synced) = self.synced.take() {
            self.live = *synced;
        }
        self
    }

    /// The same as the backup had it.
    #[must_use]
    pub(crate) fn restored(self, backup: &MemoryLedger) -> Self {
        Self {
            live: backup.clone(),
            synced: None,
            ..self
        }
    }

    pub(crate) fn backup(&self) -> MemoryLedger {
        self.live.clone()
    }

    fn sync(&mut self) {
        self.n_commits += 1;
        let is_lazy = self.mutant == Some(Mutant::CenterAnswersBeforeSync);
        if is_lazy && (self.synced.is_none() || self.n_commits.is_multiple_of(4)) {
            self.synced = Some(Box::new(self.live.clone()));
        }
    }

    /// The batch as a center with that mistake would write it.
    fn mistaken(&self, batch: &Batch) -> Result<Batch> {
        let mut batch = batch.clone();
        match self.mutant {
            Some(Mutant::FactsRefused) => rewrite(&mut batch, refused_if_late)?,
            Some(Mutant::HeadForgotten) if self.n_commits % 11 == 10 => batch.desks.clear(),
            Some(Mutant::DecidedTwice) if self.n_commits % 23 == 22 => {
                if let Some(last) = batch.entries.last().cloned()
                    && last.origin.is_some()
                {
                    let body = EntryBody::Parked(wire::Parked {
                        because: "again".to_owned(),
                    });
                    let sealing = Sealing {
                        epoch: last.epoch,
                        after: last.cursor(),
                        recorded_at: last.recorded_at,
                        subject: last.subject.clone(),
                        origin: last.origin,
                        salt: Salt([9; 16]),
                    };
                    batch.entries.push(Entry::seal(sealing, &body)?);
                }
            }
            Some(_) | None => {}
        }
        Ok(batch)
    }
}

/// A fact that came late, as a refusal.
fn refused_if_late(body: EntryBody) -> EntryBody {
    let EntryBody::LateFact(late) = body else {
        return body;
    };
    EntryBody::Refused(Refused {
        conflict: late.conflict,
        rule: late.rule,
        seen_version: late.seen_version,
        current_version: late.current_version,
        kept: None,
    })
}

/// Writes other bodies and chains the entries anew.
fn rewrite(batch: &mut Batch, change: impl Fn(EntryBody) -> EntryBody) -> Result<()> {
    let mut after: Cursor = batch.after;
    for entry in &mut batch.entries {
        let sealing = Sealing {
            epoch: entry.epoch,
            after,
            recorded_at: entry.recorded_at,
            subject: entry.subject.clone(),
            origin: entry.origin.clone(),
            salt: Salt([9; 16]),
        };
        *entry = Entry::seal(sealing, &change(entry.read()?))?;
        after = entry.cursor();
    }
    Ok(())
}

impl Ledger for CenterStore {
    fn feed(&self) -> Result<Feed> {
        let feed = self.live.feed()?;
        Ok(match self.mutant {
            Some(Mutant::DurableTooSoon) => Feed {
                durable_seq: feed.end.seq,
                ..feed
            },
            Some(_) | None => feed,
        })
    }

    fn epochs(&self) -> Result<Vec<Epoch>> {
        self.live.epochs()
    }

    fn entries_after(&self, seq: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Entry>> {
        let mut entries = self.live.entries_after(seq, n_max, bytes_max)?;
        if self.mutant == Some(Mutant::EntryMissed) {
            entries.retain(|entry| entry.seq % 101 != 100);
        }
        Ok(entries)
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        self.live.entry_hash(seq)
    }

    fn story_of(&self, subject: &str) -> Result<Vec<Entry>> {
        self.live.story_of(subject)
    }

    fn news(&self) -> Result<Vec<Entry>> {
        self.live.news()
    }

    fn desk(&self, id: &DeskId) -> Result<Option<DeskRecord>> {
        self.live.desk(id)
    }

    fn desks(&self) -> Result<Vec<DeskRecord>> {
        self.live.desks()
    }

    fn intent(&self, id: &str) -> Result<Option<IntentPlace>> {
        if self.mutant == Some(Mutant::NoMemoryOfIds) {
            return Ok(None);
        }
        self.live.intent(id)
    }

    fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>> {
        self.live.intent_hash(desk, number)
    }

    fn intents_after(
        &self,
        desk: &DeskId,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>> {
        self.live.intents_after(desk, number, n_max, bytes_max)
    }

    fn intents_called(&self, id: &str) -> Result<Vec<Envelope>> {
        self.live.intents_called(id)
    }

    fn enrolment(&self, code_hash: Hash) -> Result<Option<Enrolment>> {
        self.live.enrolment(code_hash)
    }

    fn orders_numbered(&self, number: &str) -> Result<Vec<String>> {
        self.live.orders_numbered(number)
    }

    fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>> {
        self.live.orders_of_phone(phone, n_max)
    }

    fn commit(&mut self, batch: &Batch) -> Result<()> {
        let batch = if self.mutant.is_some() {
            self.mistaken(batch)?
        } else {
            return self.live.commit(batch);
        };
        self.live.commit(&batch)?;
        self.sync();
        Ok(())
    }

    fn shred(&mut self) -> Result<()> {
        self.live.shred()
    }
}
