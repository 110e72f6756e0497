//! A ledger and records in memory, for the simulation and for tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, ensure};
use wire::{Cursor, DeskId, Entry, Envelope, Hash};

use crate::ledger::{
    Batch, DeskRecord, Enrolment, Epoch, Feed, IntentPlace, Ledger, OrderKey, n_within,
};
use crate::records::{Record, RecordChange, Records, Written, check_limits, settled};

/// Everything in plain maps. A clone is a backup.
#[derive(Debug, Clone, Default)]
pub struct MemoryLedger {
    epochs: Vec<Epoch>,
    /// The place of an entry is its number less one.
    entries: Vec<Entry>,
    stories: BTreeMap<String, Vec<usize>>,
    news: Vec<usize>,
    desks: BTreeMap<DeskId, DeskRecord>,
    chains: BTreeMap<DeskId, Vec<Envelope>>,
    branch: Vec<Envelope>,
    intents: BTreeMap<String, IntentPlace>,
    enrolments: BTreeMap<Hash, Enrolment>,
    orders: Vec<OrderKey>,
    durable_seq: u64,
}

impl Ledger for MemoryLedger {
    fn feed(&self) -> Result<Feed> {
        Ok(Feed {
            epoch: self.epochs.last().map_or(0, |epoch| epoch.number),
            end: self.entries.last().map_or(Cursor::START, Entry::cursor),
            durable_seq: self.durable_seq,
        })
    }

    fn epochs(&self) -> Result<Vec<Epoch>> {
        Ok(self.epochs.clone())
    }

    fn entries_after(&self, seq: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Entry>> {
        let after = usize::try_from(seq)?;
        let entries = self.entries.iter().skip(after).take(n_max);
        let n = n_within(entries.clone().map(|entry| entry.body.len()), bytes_max);
        Ok(entries.take(n).cloned().collect())
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        let place = usize::try_from(seq)?.checked_sub(1);
        let entry = place.and_then(|place| self.entries.get(place));
        Ok(entry.map(|entry| entry.hash))
    }

    fn story_of(&self, subject: &str) -> Result<Vec<Entry>> {
        Ok(self.at(self.stories.get(subject).into_iter().flatten()))
    }

    fn news(&self) -> Result<Vec<Entry>> {
        Ok(self.at(self.news.iter()))
    }

    fn desk(&self, id: &DeskId) -> Result<Option<DeskRecord>> {
        Ok(self.desks.get(id).cloned())
    }

    fn desks(&self) -> Result<Vec<DeskRecord>> {
        Ok(self.desks.values().cloned().collect())
    }

    fn intent(&self, id: &str) -> Result<Option<IntentPlace>> {
        Ok(self.intents.get(id).copied())
    }

    fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>> {
        let place = usize::try_from(number)?.checked_sub(1);
        let chain = self.chains.get(desk);
        let envelope = chain.zip(place).and_then(|(chain, place)| chain.get(place));
        Ok(envelope.map(|envelope| envelope.hash))
    }

    fn intents_after(
        &self,
        desk: &DeskId,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>> {
        let after = usize::try_from(number)?;
        let chain = self.chains.get(desk).map_or(&[][..], Vec::as_slice);
        let envelopes = chain.iter().skip(after).take(n_max);
        let n = n_within(envelopes.clone().map(|it| it.command.len()), bytes_max);
        Ok(envelopes.take(n).cloned().collect())
    }

    fn intents_called(&self, id: &str) -> Result<Vec<Envelope>> {
        let chained = self.chains.values().flatten();
        let all = chained.chain(&self.branch);
        Ok(all.filter(|envelope| envelope.id == id).cloned().collect())
    }

    fn enrolment(&self, code_hash: Hash) -> Result<Option<Enrolment>> {
        Ok(self.enrolments.get(&code_hash).cloned())
    }

    fn orders_numbered(&self, number: &str) -> Result<Vec<String>> {
        let found = self.orders.iter().filter(|key| key.number == number);
        Ok(found.map(|key| key.subject.clone()).collect())
    }

    fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>> {
        let latest = self.orders.iter().rev();
        let found = latest.filter(|key| key.phone == phone).take(n_max);
        Ok(found.map(|key| key.subject.clone()).collect())
    }

    fn commit(&mut self, batch: &Batch) -> Result<()> {
        let feed = self.feed()?;
        ensure!(batch.after == feed.end, "The feed has gone on meanwhile");
        let mut ends: BTreeMap<&DeskId, usize> = BTreeMap::new();
        for Envelope { desk, number, .. } in batch.chain.iter().map(|it| it.kept.envelope()) {
            let n_there = self.chains.get(desk).map_or(0, Vec::len);
            let end = ends.entry(desk).or_insert(n_there);
            *end += 1;
            ensure!(usize::try_from(*number)? == *end, "A chain has no gap");
        }
        self.epochs.extend(batch.epoch.clone());
        for entry in &batch.entries {
            let place = self.entries.len();
            if !entry.subject.is_empty() {
                let story = self.stories.entry(entry.subject.clone());
                story.or_default().push(place);
            } else if entry.origin.is_none() {
                self.news.push(place);
            }
            self.entries.push(entry.clone());
        }
        for intent in &batch.chain {
            let envelope = intent.kept.envelope();
            let place = IntentPlace { seq: intent.seq };
            self.intents.entry(envelope.id.clone()).or_insert(place);
            let chain = self.chains.entry(envelope.desk.clone());
            chain.or_default().push(envelope.clone());
        }
        for intent in &batch.branch {
            let place = IntentPlace { seq: intent.seq };
            self.intents.insert(intent.envelope.id.clone(), place);
            self.branch.push(intent.envelope.clone());
        }
        for desk in &batch.desks {
            self.desks.insert(desk.id.clone(), desk.clone());
        }
        for enrolment in &batch.enrolments {
            self.enrolments
                .insert(enrolment.code_hash, enrolment.clone());
        }
        for key in &mut self.orders {
            if batch.unkeyed.contains(&key.subject) {
                key.phone.clear();
            }
        }
        self.orders.extend(batch.orders.iter().cloned());
        self.durable_seq = batch.durable_seq.unwrap_or(self.durable_seq);
        for entry in &batch.redacted {
            let place = usize::try_from(entry.seq)?.saturating_sub(1);
            let there = self.entries.get_mut(place);
            let there = there.filter(|it| it.hash == entry.hash);
            *there.context("No such entry to redact")? = entry.clone();
        }
        for envelope in &batch.redacted_intents {
            let all = self.chains.values_mut().flatten().chain(&mut self.branch);
            for there in all.filter(|it| it.id == envelope.id && it.desk == envelope.desk) {
                *there = envelope.clone();
            }
        }
        Ok(())
    }

    /// Memory keeps nothing that was overwritten.
    fn shred(&mut self) -> Result<()> {
        Ok(())
    }
}

impl MemoryLedger {
    fn at<'a>(&self, places: impl Iterator<Item = &'a usize>) -> Vec<Entry> {
        let entries = places.filter_map(|place| self.entries.get(*place));
        entries.cloned().collect()
    }
}

/// Bodies by kind and key. A clone is the same table, open once more.
#[derive(Debug, Clone, Default)]
pub struct MemoryRecords {
    bodies: Arc<Mutex<BTreeMap<(String, String), String>>>,
}

impl MemoryRecords {
    fn bodies(&self) -> MutexGuard<'_, BTreeMap<(String, String), String>> {
        // No change is made by halves, whoever panicked.
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Records for MemoryRecords {
    fn get(&self, kind: &str, key: &str) -> Result<Option<String>> {
        let bodies = self.bodies();
        Ok(bodies.get(&(kind.to_owned(), key.to_owned())).cloned())
    }

    fn range(&self, kind: &str, prefix: &str, from: &str, n_max: usize) -> Result<Vec<Record>> {
        let bodies = self.bodies();
        let first = (kind.to_owned(), prefix.max(from).to_owned());
        let rows = bodies
            .range(first..)
            .take_while(|((its_kind, key), _)| its_kind == kind && key.starts_with(prefix));
        let records = rows.take(n_max).map(|((_, key), body)| Record {
            key: key.clone(),
            body: body.clone(),
        });
        Ok(records.collect())
    }

    fn write(&mut self, changes: &[RecordChange]) -> Result<Written> {
        check_limits(changes)?;
        let mut bodies = self.bodies();
        let there =
            |kind: &str, key: &str| Ok(bodies.get(&(kind.to_owned(), key.to_owned())).cloned());
        let Some(settled) = settled(changes, there)? else {
            return Ok(Written::Conflict);
        };
        for ((kind, key), body) in settled {
            let at = (kind.to_owned(), key.to_owned());
            match body {
                Some(body) => drop(bodies.insert(at, body.to_owned())),
                None => drop(bodies.remove(&at)),
            }
        }
        Ok(Written::Done)
    }
}
