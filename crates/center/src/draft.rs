//! What a request is about to write, over what the ledger has: later intents of a push see what the
//! earlier ones did, and nothing is written before all is decided.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use chrono::{DateTime, Utc};
use wire::{
    Cursor, DeskId, Entry, EntryBody, Envelope, Hash, Origin, References, Salts, Sealing, Story,
    Subject,
};

use crate::folds::Folds;
use crate::ledger::{Batch, BranchIntent, ChainIntent, DeskRecord, Ledger, OrderKey};
use crate::prepared::KeptIntent;
use crate::push::is_id;

/// A batch in the making.
pub(crate) struct Draft<'a, L> {
    ledger: &'a L,
    folds: &'a Folds,
    pub(crate) salts: &'a Salts,
    pub(crate) batch: Batch,
    epoch: u64,
    end: Cursor,
    desks: BTreeMap<DeskId, DeskRecord>,
    ids: HashSet<String>,
    /// Which of the orders of the batch bear a number, and which come from a telephone number.
    numbered: HashMap<String, Vec<String>>,
    of_phone: HashMap<String, Vec<String>>,
    /// The subjects this draft has read or changed.
    subjects: BTreeMap<String, Option<Subject>>,
    /// A reference table that changes with it.
    pub(crate) references: Option<References>,
}

/// What is left of a draft when its batch is committed.
pub(crate) struct Drafted {
    pub(crate) batch: Batch,
    pub(crate) folds: Vec<(String, Subject)>,
    pub(crate) references: Option<References>,
}

impl<'a, L: Ledger> Draft<'a, L> {
    pub(crate) fn new(ledger: &'a L, folds: &'a Folds, salts: &'a Salts) -> Result<Self> {
        let feed = ledger.feed()?;
        Ok(Self {
            ledger,
            folds,
            salts,
            batch: Batch::new(feed.end),
            epoch: feed.epoch,
            end: feed.end,
            desks: BTreeMap::new(),
            ids: HashSet::new(),
            numbered: HashMap::new(),
            of_phone: HashMap::new(),
            subjects: BTreeMap::new(),
            references: None,
        })
    }

    pub(crate) fn end(&self) -> Cursor {
        self.end
    }

    pub(crate) fn set_epoch(&mut self, epoch: u64) {
        self.epoch = epoch;
    }

    pub(crate) fn desk(&mut self, id: &DeskId) -> Result<Option<DeskRecord>> {
        if let Some(desk) = self.desks.get(id) {
            return Ok(Some(desk.clone()));
        }
        self.ledger.desk(id)
    }

    pub(crate) fn put_desk(&mut self, desk: DeskRecord) {
        self.desks.insert(desk.id.clone(), desk);
    }

    /// Whether an intent was answered, in whatever chain it came.
    pub(crate) fn is_answered(&self, id: &str) -> Result<bool> {
        Ok(self.ids.contains(id) || self.ledger.intent(id)?.is_some())
    }

    pub(crate) fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>> {
        let mut drafted = self.batch.chain.iter().map(|it| it.kept.envelope());
        match drafted.find(|it| it.desk == *desk && it.number == number) {
            Some(envelope) => Ok(Some(envelope.hash)),
            None => self.ledger.intent_hash(desk, number),
        }
    }

    /// The subject as all entries so far make it.
    pub(crate) fn subject(&mut self, id: &str) -> Result<Option<&Subject>> {
        if !self.subjects.contains_key(id) {
            let subject = match self.folds.get(id) {
                Some(subject) => Some(subject.clone()),
                None => folded(&self.ledger.story_of(id)?)?,
            };
            self.subjects.insert(id.to_owned(), subject);
        }
        Ok(self.subjects.get(id).and_then(Option::as_ref))
    }

    pub(crate) fn orders_numbered(&self, number: &str) -> Result<Vec<String>> {
        if !is_id(number) {
            return Ok(Vec::new());
        }
        let mut found = self.ledger.orders_numbered(number)?;
        found.extend(self.numbered.get(number).into_iter().flatten().cloned());
        Ok(found)
    }

    pub(crate) fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>> {
        let drafted = self.of_phone.get(phone).into_iter().flatten();
        let mut found: Vec<String> = drafted.rev().cloned().collect();
        found.extend(self.ledger.orders_of_phone(phone, n_max)?);
        found.truncate(n_max);
        Ok(found)
    }

    /// Finds an order by what it is called from now on; one that has no number of its own here is called
    /// as before, and found by another telephone number.
    pub(crate) fn put_order_key(&mut self, key: OrderKey) {
        if key.number.is_empty() {
            self.batch.unkeyed.push(key.subject.clone());
            for drafted in &mut self.batch.orders {
                if drafted.subject == key.subject {
                    drafted.phone.clear();
                }
            }
            for found in self.of_phone.values_mut() {
                found.retain(|subject| *subject != key.subject);
            }
        } else {
            let numbered = self.numbered.entry(key.number.clone()).or_default();
            numbered.push(key.subject.clone());
        }
        if !key.phone.is_empty() {
            let of_phone = self.of_phone.entry(key.phone.clone()).or_default();
            of_phone.push(key.subject.clone());
        }
        self.batch.orders.push(key);
    }

    /// Appends an entry, and folds it into its subject.
    pub(crate) fn append(
        &mut self,
        subject: &str,
        origin: Option<Origin>,
        body: &EntryBody,
        recorded_at: DateTime<Utc>,
    ) -> Result<u64> {
        let sealing = Sealing {
            epoch: self.epoch,
            after: self.end,
            recorded_at,
            subject: subject.to_owned(),
            origin,
            salt: self.salts.fresh().context("No random bytes")?,
        };
        let entry = Entry::seal(sealing, body).context("Writing an entry")?;
        if let Some(accepted) = body.accepted() {
            self.fold(subject, &accepted.story)?;
        }
        self.end = entry.cursor();
        self.batch.entries.push(entry);
        Ok(self.end.seq)
    }

    fn fold(&mut self, id: &str, story: &Story) -> Result<()> {
        self.subject(id)?;
        let subject = self.subjects.entry(id.to_owned()).or_default();
        Subject::apply(subject, story);
        Ok(())
    }

    /// Whether the entry that answers an intent was redacted.
    pub(crate) fn is_answer_redacted(&self, id: &str) -> Result<bool> {
        let Some(place) = self.ledger.intent(id)?.filter(|place| place.seq > 0) else {
            return Ok(false);
        };
        let entries = self.ledger.entries_after(place.seq - 1, 1, usize::MAX)?;
        Ok(entries.iter().any(|entry| entry.cover.is_redacted()))
    }

    pub(crate) fn put_in_chain(&mut self, kept: Arc<KeptIntent>, seq: u64) {
        self.ids.insert(kept.envelope().id.clone());
        self.batch.chain.push(ChainIntent { kept, seq });
    }

    pub(crate) fn put_in_branch(&mut self, envelope: &Envelope, seq: u64) {
        self.ids.insert(envelope.id.clone());
        let envelope = envelope.clone();
        self.batch.branch.push(BranchIntent { envelope, seq });
    }

    pub(crate) fn finish(self) -> Drafted {
        let mut batch = self.batch;
        batch.desks.extend(self.desks.into_values());
        let folds = self.subjects.into_iter();
        Drafted {
            batch,
            folds: folds
                .filter_map(|(id, subject)| Some((id, subject?)))
                .collect(),
            references: self.references,
        }
    }
}

/// What a story makes of its subject.
pub(crate) fn folded(story: &[Entry]) -> Result<Option<Subject>> {
    let mut subject = None;
    for entry in story {
        let body = entry
            .read()
            .with_context(|| format!("Reading entry {}", entry.seq))?;
        if let Some(accepted) = body.accepted() {
            Subject::apply(&mut subject, &accepted.story);
        }
    }
    Ok(subject)
}
