//! The desk's ledger in memory, with what is on the disk apart from what is not.

mod ledger;
mod redaction;

use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::{Result, bail, ensure};
use desk_sync::Pending;
use wire::{
    Act, Cursor, DeskId, Entry, EntryBody, Envelope, Hash, Head, Reference, References, Story,
    Subject, Tally, TallyKind,
};

use crate::mutant::Mutant;

/// One intent of the desk.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) envelope: Rc<Envelope>,
    act: Option<Act>,
    answered: Option<u64>,
    /// In which order they were given.
    place: u64,
}

/// What is on the disk.
#[derive(Debug, Clone, Default)]
pub(crate) struct OnDisk {
    desk: Option<DeskId>,
    head: Option<Head>,
    epoch: u64,
    cursor: Option<Cursor>,
    durable_seq: u64,
    /// In quarantine since that entry; 0 where the center said so before its entry came.
    quarantine: Option<u64>,
    intents: BTreeMap<String, Kept>,
    /// The chain under the desk's present number.
    chain: BTreeMap<u64, String>,
    waiting: BTreeMap<String, Vec<String>>,
    n_given: u64,
    /// Which entries answer which intents, the desk's own or not.
    answers: BTreeMap<String, u64>,
    hashes: BTreeMap<u64, Hash>,
    stories: BTreeMap<String, Vec<(u64, Rc<EntryBody>)>>,
    tables: Vec<(u64, Reference)>,
    references: Rc<References>,
    /// 待处理.
    tasks: Vec<u64>,
    /// What parts of a snapshot have touched and is not drawn: so much of the story is.
    undrawn: BTreeMap<String, usize>,
    /// The same, where a mistake forgets about it.
    skipped: BTreeMap<String, usize>,
}

/// The store of one desk.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeskStore {
    live: OnDisk,
    /// What a crash leaves, where that is not all: a mutant that does not wait for the disk.
    synced: Option<Box<OnDisk>>,
    /// 确认的状态 of subjects; drawn from the stories, and gone after a crash.
    folds: BTreeMap<String, Subject>,
    pub(crate) mutant: Option<Mutant>,
    n_commits: u64,
}

/// When what entries touch is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IsDrawn {
    AtOnce,
    Later,
}

/// A body is read once for all desks: the same text says the same. An entry that was redacted has the hash
/// that it had before, so it is known by that and by whether it was.
type Bodies = BTreeMap<(Hash, bool), (Entry, Rc<EntryBody>)>;

thread_local! {
    static BODIES: std::cell::RefCell<Bodies> = const { std::cell::RefCell::new(BTreeMap::new()) };
}

/// Forgets the bodies of the seed before.
pub(crate) fn clear_bodies() {
    BODIES.with(|bodies| bodies.borrow_mut().clear());
}

pub(crate) fn body_of(entry: &Entry) -> Result<Rc<EntryBody>> {
    BODIES.with(|bodies| {
        let key = (entry.hash, entry.cover.is_redacted());
        if let Some((_, body)) = bodies.borrow().get(&key) {
            return Ok(Rc::clone(body));
        }
        let body = Rc::new(entry.read()?);
        let known = (entry.clone(), Rc::clone(&body));
        bodies.borrow_mut().insert(key, known);
        Ok(body)
    })
}

impl OnDisk {
    fn head(&self) -> Head {
        self.head.unwrap_or(Head::START)
    }

    fn cursor(&self) -> Cursor {
        self.cursor.unwrap_or(Cursor::START)
    }

    /// Puts an intent at the end of the chain.
    fn chain_up(&mut self, kept: Kept) {
        let head = self.head();
        let envelope = Envelope {
            number: head.number + 1,
            previous_hash: head.hash,
            ..kept.envelope.as_ref().clone()
        };
        let envelope = envelope.sealed();
        self.head = Some(envelope.head());
        let id = envelope.id.clone();
        self.chain.insert(envelope.number, id.clone());
        let envelope = Rc::new(envelope);
        self.intents.insert(id, Kept { envelope, ..kept });
    }

    fn wait(&mut self, subject: &str, id: &str) {
        let waiting = self.waiting.entry(subject.to_owned()).or_default();
        if !waiting.iter().any(|it| it == id) {
            waiting.push(id.to_owned());
        }
        let place = |id: &String| self.intents.get(id).map_or(0, |kept| kept.place);
        waiting.sort_by_key(place);
    }

    fn answer(&mut self, id: &str, seq: u64) {
        let Some(kept) = self.intents.get_mut(id) else {
            return;
        };
        kept.answered.get_or_insert(seq);
        let subject = &kept.envelope.subject;
        if let Some(waiting) = self.waiting.get_mut(subject) {
            waiting.retain(|it| it != id);
            if waiting.is_empty() {
                self.waiting.remove(&kept.envelope.subject);
            }
        }
    }

    /// The mistake. A desk keeps its intents for ever: a center that was put back may lack any of them, and by
    /// an old one it sees that two desks bear one number.
    fn forget_answered(&mut self) {
        let intents = &mut self.intents;
        intents.retain(|_, kept| kept.answered.is_none());
        self.chain.retain(|_, id| intents.contains_key(id));
    }
}

impl DeskStore {
    /// 已保存: the next intent of this desk.
    pub(crate) fn save(&mut self, envelope: Envelope, act: Act) {
        let number_again = self.mutant == Some(Mutant::TornSave) && self.live.n_given % 37 == 36;
        let head = self.live.head;
        self.live.n_given += 1;
        let (subject, id) = (envelope.subject.clone(), envelope.id.clone());
        self.live.chain_up(Kept {
            envelope: Rc::new(envelope),
            act: Some(act),
            answered: None,
            place: self.live.n_given,
        });
        if number_again {
            self.live.head = head;
        }
        self.live.wait(&subject, &id);
        self.sync();
    }

    fn sync(&mut self) {
        self.n_commits += 1;
        let is_lazy = self.mutant == Some(Mutant::DeskAnswersBeforeSync);
        if is_lazy && (self.synced.is_none() || self.n_commits.is_multiple_of(4)) {
            self.synced = Some(Box::new(self.live.clone()));
        }
    }

    /// What is left after a crash.
    pub(crate) fn crash(&mut self) {
        if let Some(synced) = &self.synced {
            self.live = synced.as_ref().clone();
        }
        self.folds.clear();
    }

    /// A copy of the disk.
    pub(crate) fn backup(&self) -> OnDisk {
        self.live.clone()
    }

    pub(crate) fn restore(&mut self, backup: OnDisk) {
        self.live = backup;
        self.synced = None;
        self.folds.clear();
    }

    pub(crate) fn holds(&self, id: &str) -> bool {
        self.live.intents.contains_key(id)
    }

    pub(crate) fn held(&self) -> impl Iterator<Item = &String> {
        self.live.intents.keys()
    }

    pub(crate) fn references(&self) -> &Rc<References> {
        &self.live.references
    }

    pub(crate) fn is_enrolled(&self) -> bool {
        self.live.desk.is_some()
    }

    pub(crate) fn is_quarantined(&self) -> bool {
        self.live.quarantine.is_some()
    }

    pub(crate) fn desk(&self) -> Option<&DeskId> {
        self.live.desk.as_ref()
    }

    pub(crate) fn n_waiting(&self) -> usize {
        self.live.waiting.values().map(Vec::len).sum()
    }

    pub(crate) fn tasks(&self) -> &[u64] {
        &self.live.tasks
    }

    pub(crate) fn cursor(&self) -> Cursor {
        self.live.cursor()
    }

    /// Every subject that the desk knows, confirmed or not.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &String> {
        let waiting = self.live.waiting.keys();
        let stories = &self.live.stories;
        stories
            .keys()
            .chain(waiting.filter(|id| !stories.contains_key(*id)))
    }

    pub(crate) fn is_undrawn(&self) -> bool {
        !self.live.undrawn.is_empty()
    }

    /// What is confirmed of a subject, as far as it is drawn.
    pub(crate) fn confirmed(&mut self, id: &str) -> Option<Subject> {
        if let Some(subject) = self.folds.get(id) {
            return Some(subject.clone());
        }
        let undrawn = self.live.undrawn.get(id);
        let n_drawn = undrawn.or_else(|| self.live.skipped.get(id)).copied();
        let subject = self.fold_first(id, n_drawn.unwrap_or(usize::MAX))?;
        self.folds.insert(id.to_owned(), subject.clone());
        Some(subject)
    }

    /// The same, from the stories alone.
    pub(crate) fn folded(&self, id: &str) -> Option<Subject> {
        self.fold_first(id, usize::MAX)
    }

    fn fold_first(&self, id: &str, n_max: usize) -> Option<Subject> {
        let mut subject = None;
        for (_, body) in self.live.stories.get(id)?.iter().take(n_max) {
            if let Some(accepted) = body.accepted() {
                Subject::apply(&mut subject, &accepted.story);
            }
        }
        subject
    }

    pub(crate) fn pending(&self, subject: &str) -> Vec<Pending> {
        let ids = self.live.waiting.get(subject).into_iter().flatten();
        ids.filter_map(|id| {
            let kept = self.live.intents.get(id)?;
            Some(Pending {
                envelope: kept.envelope.as_ref().clone(),
                act: kept.act.clone()?,
            })
        })
        .collect()
    }

    fn turn(&mut self, entries: &[Entry], durable_seq: u64) -> Result<()> {
        let Some(first) = entries.first() else {
            bail!("A page that is committed has entries");
        };
        let after = self.live.cursor();
        ensure!(
            first.seq == after.seq + 1 && first.previous_hash == after.hash,
            "A page follows from the cursor"
        );
        self.take(entries, IsDrawn::AtOnce)?;
        self.live.durable_seq = durable_seq;
        Ok(())
    }

    fn take(&mut self, entries: &[Entry], is_drawn: IsDrawn) -> Result<()> {
        let is_part = is_drawn == IsDrawn::Later;
        for entry in entries {
            let body = body_of(entry)?;
            if !entry.subject.is_empty() && is_drawn == IsDrawn::AtOnce {
                self.draw(&entry.subject);
            }
            let live = &mut self.live;
            live.hashes.insert(entry.seq, entry.hash);
            live.cursor = Some(entry.cursor());
            if !entry.subject.is_empty() {
                let story = live.stories.entry(entry.subject.clone()).or_default();
                if is_part {
                    let undrawn = live.undrawn.entry(entry.subject.clone());
                    undrawn.or_insert(story.len());
                }
                story.push((entry.seq, Rc::clone(&body)));
                if let Some(accepted) = body.accepted()
                    && self.mutant != Some(Mutant::StaleView)
                    && !is_part
                {
                    fold_on(&mut self.folds, &entry.subject, &accepted.story);
                }
            }
            let answers_nothing = is_part && self.mutant == Some(Mutant::PartAnswersNothing);
            if let Some(origin) = &entry.origin
                && !answers_nothing
            {
                let own = live.intents.get(&origin.id);
                let own = own.map(|kept| kept.envelope.subject.clone());
                live.answer(&origin.id, entry.seq);
                live.answers.entry(origin.id.clone()).or_insert(entry.seq);
                // What it answers of the desk's own is drawn at once.
                if let Some(subject) = own {
                    self.draw(&subject);
                }
            }
            let live = &mut self.live;
            if body.is_task() {
                live.tasks.push(entry.seq);
            }
            match body.as_ref() {
                EntryBody::ReferenceChanged { reference } => {
                    let is_ignored = match self.mutant {
                        Some(Mutant::ReferencesIgnored) => live.tables.len() >= 2,
                        Some(Mutant::PartIgnoresTables) => is_part,
                        Some(_) | None => false,
                    };
                    if !is_ignored {
                        Rc::make_mut(&mut live.references).change(reference);
                    }
                    live.tables.push((entry.seq, reference.clone()));
                }
                EntryBody::DeskQuarantined { desk, .. } if Some(desk) == live.desk.as_ref() => {
                    live.quarantine = Some(entry.seq);
                }
                EntryBody::Accepted(_)
                | EntryBody::Redirected { .. }
                | EntryBody::Refused(_)
                | EntryBody::LateFact(_)
                | EntryBody::Parked(_)
                | EntryBody::Recovered { .. }
                | EntryBody::DeskEnrolled { .. }
                | EntryBody::DeskQuarantined { .. }
                | EntryBody::EpochBegan { .. } => {}
                EntryBody::Redacted(redaction) => {
                    for redacted in &redaction.subjects {
                        self.redact(redacted, entry.seq)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Draws one subject anew.
    fn draw(&mut self, subject: &str) {
        let undrawn = self.live.undrawn.remove(subject);
        if undrawn
            .or_else(|| self.live.skipped.remove(subject))
            .is_some()
        {
            self.folds.remove(subject);
        }
    }

    fn draw_next(&mut self, n_max: usize) {
        let next: Vec<String> = self.live.undrawn.keys().take(n_max).cloned().collect();
        for (nth, subject) in next.iter().enumerate() {
            let n_drawn = self.live.undrawn.get(subject).copied();
            self.draw(subject);
            if self.mutant == Some(Mutant::DrawSkips) && nth + 1 == n_max {
                let skipped = n_drawn.map(|n_drawn| (subject.clone(), n_drawn));
                self.live.skipped.extend(skipped);
            }
        }
    }

    fn rewind(&mut self, epoch: u64, to: Cursor) {
        let mutant = self.mutant;
        let live = &mut self.live;
        live.epoch = epoch;
        live.cursor = Some(to);
        live.durable_seq = live.durable_seq.min(to.seq);
        live.hashes.retain(|seq, _| *seq <= to.seq);
        live.tasks.retain(|seq| *seq <= to.seq);
        live.answers.retain(|_, seq| *seq <= to.seq);
        if live
            .quarantine
            .is_some_and(|since| since == 0 || since > to.seq)
        {
            live.quarantine = None;
        }
        if mutant != Some(Mutant::RewindKeepsStories) {
            let is_touched =
                |story: &Vec<(u64, Rc<EntryBody>)>| story.iter().any(|(seq, _)| *seq > to.seq);
            let (stories, undrawn) = (&live.stories, &mut live.undrawn);
            undrawn.retain(|id, _| stories.get(id).is_some_and(|story| !is_touched(story)));
            live.stories.retain(|_, story| {
                story.retain(|(seq, _)| *seq <= to.seq);
                !story.is_empty()
            });
            self.folds.clear();
        }
        live.tables.retain(|(seq, _)| *seq <= to.seq);
        let mut references = References::default();
        for (_, reference) in &live.tables {
            references.change(reference);
        }
        live.references = Rc::new(references);
        let again: Vec<Kept> = live
            .intents
            .values()
            .filter(|kept| kept.answered.is_some_and(|seq| seq > to.seq))
            .cloned()
            .collect();
        self.wait_again(again);
    }

    /// Answers were taken back: they wait again, those of an earlier chain at the end of this one.
    fn wait_again(&mut self, mut again: Vec<Kept>) {
        again.sort_by_key(|kept| kept.place);
        for kept in again {
            let id = kept.envelope.id.clone();
            let subject = kept.envelope.subject.clone();
            let is_in_chain = self.live.chain.get(&kept.envelope.number) == Some(&id);
            if self.mutant == Some(Mutant::RewindDropsIntents) {
                self.live.intents.remove(&id);
                self.live.chain.retain(|_, it| *it != id);
                continue;
            }
            let kept = Kept {
                answered: None,
                ..kept
            };
            if is_in_chain {
                self.live.intents.insert(id.clone(), kept);
            } else {
                self.live.chain_up(kept);
            }
            self.live.wait(&subject, &id);
        }
    }

    fn recall(&mut self, envelopes: &[Envelope]) {
        for envelope in envelopes {
            let live = &mut self.live;
            live.n_given += 1;
            let kept = Kept {
                envelope: Rc::new(envelope.clone()),
                act: Act::read(envelope).ok(),
                // One that was answered in another chain is not answered again.
                answered: live.answers.get(&envelope.id).copied(),
                place: live.n_given,
            };
            let is_waiting = kept.answered.is_none();
            live.head = Some(envelope.head());
            live.chain.insert(envelope.number, envelope.id.clone());
            live.intents.insert(envelope.id.clone(), kept);
            if is_waiting {
                live.wait(&envelope.subject, &envelope.id);
            }
        }
    }

    fn enrol(&mut self, desk: &DeskId) {
        let live = &mut self.live;
        let is_first = live.desk.is_none();
        live.desk = Some(desk.clone());
        live.quarantine = None;
        if is_first {
            return;
        }
        live.head = None;
        live.chain.clear();
        let mut waiting: Vec<Kept> = live
            .intents
            .values()
            .filter(|kept| kept.answered.is_none())
            .cloned()
            .collect();
        waiting.sort_by_key(|kept| kept.place);
        for kept in waiting {
            live.chain_up(kept);
        }
    }

    fn within(
        &self,
        ids: impl Iterator<Item = String>,
        n_max: usize,
        bytes_max: usize,
    ) -> Vec<Envelope> {
        let mut n_bytes = 0;
        let mut envelopes = Vec::new();
        for id in ids.take(n_max) {
            let Some(kept) = self.live.intents.get(&id) else {
                break;
            };
            n_bytes += kept.envelope.command.len();
            if n_bytes > bytes_max && !envelopes.is_empty() {
                break;
            }
            envelopes.push(Envelope {
                desk: self
                    .live
                    .desk
                    .clone()
                    .unwrap_or_else(|| kept.envelope.desk.clone()),
                ..kept.envelope.as_ref().clone()
            });
        }
        envelopes
    }
}

/// 合计 of what subjects were told.
pub(crate) fn tally_of(told: impl IntoIterator<Item = (String, Hash)>) -> Tally {
    let mut tally = Tally::EMPTY;
    for (id, hash) in told {
        // The sum does not mind the order: an entry counts for itself.
        tally.put(&format!("{id}/{hash}"), TallyKind::Order, hash);
    }
    tally
}

fn fold_on(folds: &mut BTreeMap<String, Subject>, id: &str, story: &Story) {
    // What was never looked at is folded when it is.
    let Some(subject) = folds.remove(id) else {
        return;
    };
    let mut subject = Some(subject);
    Subject::apply(&mut subject, story);
    if let Some(subject) = subject {
        folds.insert(id.to_owned(), subject);
    }
}
