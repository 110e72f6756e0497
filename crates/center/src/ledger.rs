//! What the center keeps, and what a store must be able to do to keep it.

use std::sync::Arc;

use anyhow::Result;
use chrono::{DateTime, Utc};
use wire::{Cursor, DeskId, Entry, Envelope, Hash, Head};

use crate::prepared::KeptIntent;

/// 期: what began when the center was set up or restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Epoch {
    /// Seconds since 1970, or one more than the last: two restores never give one number, whatever
    /// backup they began with.
    pub number: u64,
    /// The last entry that was there when it began.
    pub from_seq: u64,
    pub began_at: DateTime<Utc>,
    pub reason: String,
}

/// Where the feed stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feed {
    /// 0 before the first epoch began.
    pub epoch: u64,
    pub end: Cursor,
    /// 已异机备份.
    pub durable_seq: u64,
}

/// 工作站 as the center knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRecord {
    pub id: DeskId,
    /// Where its chain of intents ends.
    pub head: Head,
    /// 已隔离, since its chain went another way at that number.
    pub forked_at: Option<u64>,
    /// 已注销.
    pub is_revoked: bool,
    pub machine: String,
}

/// 登记码: good once; the same again is the same machine that did not hear the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Of the code, which is kept nowhere.
    pub code_hash: Hash,
    pub desk: Option<DeskId>,
}

/// An intent in its desk's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainIntent {
    pub kept: Arc<KeptIntent>,
    /// The entry that answers it.
    pub seq: u64,
}

/// An intent from the branch of a desk in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchIntent {
    pub envelope: Envelope,
    pub seq: u64,
}

/// Where an intent was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntentPlace {
    pub seq: u64,
}

/// By what an order is found besides its identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderKey {
    pub subject: String,
    pub number: String,
    /// Digits only; empty where the call showed none.
    pub phone: String,
}

/// All that one transaction writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Where the feed ended when this was planned. A ledger that stands elsewhere refuses.
    pub after: Cursor,
    /// One that begins with these entries.
    pub epoch: Option<Epoch>,
    pub entries: Vec<Entry>,
    pub chain: Vec<ChainIntent>,
    pub branch: Vec<BranchIntent>,
    /// New ones, and those of which anything changed.
    pub desks: Vec<DeskRecord>,
    pub enrolments: Vec<Enrolment>,
    pub orders: Vec<OrderKey>,
    pub durable_seq: Option<u64>,
    /// 涂销: what takes the place of entries that are there, by their numbers.
    pub redacted: Vec<Entry>,
    /// What takes the place of intents that are there, by their identities, in whatever chain or branch.
    pub redacted_intents: Vec<Envelope>,
    /// Orders that are found by no telephone number any more, but for those that this batch gives them.
    pub unkeyed: Vec<String>,
}

impl Batch {
    pub fn new(after: Cursor) -> Self {
        Self {
            after,
            epoch: None,
            entries: Vec::new(),
            chain: Vec::new(),
            branch: Vec::new(),
            desks: Vec::new(),
            enrolments: Vec::new(),
            orders: Vec::new(),
            durable_seq: None,
            redacted: Vec::new(),
            redacted_intents: Vec::new(),
            unkeyed: Vec::new(),
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::new(self.after)
    }
}

/// A store of the center. Reads show what was committed; a commit is on the disk when it returns.
pub trait Ledger {
    fn feed(&self) -> Result<Feed>;

    /// The first the first.
    fn epochs(&self) -> Result<Vec<Epoch>>;

    /// In order: at most `n_max`, and of at most `bytes_max` bytes of bodies, but at least one where
    /// there is one.
    fn entries_after(&self, seq: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Entry>>;

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>>;

    /// Every entry of one subject, in order.
    fn story_of(&self, subject: &str) -> Result<Vec<Entry>>;

    /// Every entry that is about no subject and answers no intent, in order.
    fn news(&self) -> Result<Vec<Entry>>;

    fn desk(&self, id: &DeskId) -> Result<Option<DeskRecord>>;

    fn desks(&self) -> Result<Vec<DeskRecord>>;

    /// In whatever chain or branch.
    fn intent(&self, id: &str) -> Result<Option<IntentPlace>>;

    /// Of an intent in a desk's chain.
    fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>>;

    /// Of a desk's chain, in order, within limits as in [`Ledger::entries_after`].
    fn intents_after(
        &self,
        desk: &DeskId,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>>;

    /// Every intent of one identity: it stands in each chain that it was pushed in, and in a branch.
    fn intents_called(&self, id: &str) -> Result<Vec<Envelope>>;

    fn enrolment(&self, code_hash: Hash) -> Result<Option<Enrolment>>;

    /// The orders that bear a number, in the order in which they came.
    fn orders_numbered(&self, number: &str) -> Result<Vec<String>>;

    /// The latest orders of a telephone number, the latest first.
    fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>>;

    /// Begins what the next [`Ledger::commit`] ends, for a store that reads faster within one transaction; nobody
    /// else writes meanwhile. What was begun before and not committed is given up.
    fn begin(&self) -> Result<()> {
        Ok(())
    }

    /// Ends what was begun and is not to be committed.
    fn give_up(&self) {}

    /// Writes all of it or nothing.
    fn commit(&mut self, batch: &Batch) -> Result<()>;

    /// Takes what was overwritten off the disk as well, as far as the store can.
    fn shred(&mut self) -> Result<()>;
}

/// Whatever store a configuration names.
impl<L: Ledger + ?Sized> Ledger for Box<L> {
    fn feed(&self) -> Result<Feed> {
        (**self).feed()
    }

    fn epochs(&self) -> Result<Vec<Epoch>> {
        (**self).epochs()
    }

    fn entries_after(&self, seq: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Entry>> {
        (**self).entries_after(seq, n_max, bytes_max)
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        (**self).entry_hash(seq)
    }

    fn story_of(&self, subject: &str) -> Result<Vec<Entry>> {
        (**self).story_of(subject)
    }

    fn news(&self) -> Result<Vec<Entry>> {
        (**self).news()
    }

    fn desk(&self, id: &DeskId) -> Result<Option<DeskRecord>> {
        (**self).desk(id)
    }

    fn desks(&self) -> Result<Vec<DeskRecord>> {
        (**self).desks()
    }

    fn intent(&self, id: &str) -> Result<Option<IntentPlace>> {
        (**self).intent(id)
    }

    fn intent_hash(&self, desk: &DeskId, number: u64) -> Result<Option<Hash>> {
        (**self).intent_hash(desk, number)
    }

    fn intents_after(
        &self,
        desk: &DeskId,
        number: u64,
        n_max: usize,
        bytes_max: usize,
    ) -> Result<Vec<Envelope>> {
        (**self).intents_after(desk, number, n_max, bytes_max)
    }

    fn intents_called(&self, id: &str) -> Result<Vec<Envelope>> {
        (**self).intents_called(id)
    }

    fn enrolment(&self, code_hash: Hash) -> Result<Option<Enrolment>> {
        (**self).enrolment(code_hash)
    }

    fn orders_numbered(&self, number: &str) -> Result<Vec<String>> {
        (**self).orders_numbered(number)
    }

    fn orders_of_phone(&self, phone: &str, n_max: usize) -> Result<Vec<String>> {
        (**self).orders_of_phone(phone, n_max)
    }

    fn begin(&self) -> Result<()> {
        (**self).begin()
    }

    fn give_up(&self) {
        (**self).give_up();
    }

    fn commit(&mut self, batch: &Batch) -> Result<()> {
        (**self).commit(batch)
    }

    fn shred(&mut self) -> Result<()> {
        (**self).shred()
    }
}

/// How many of `sizes` fit into `bytes_max`, but at least one.
pub(crate) fn n_within(sizes: impl Iterator<Item = usize>, bytes_max: usize) -> usize {
    let mut n_bytes = 0_usize;
    let fitting = sizes.take_while(|size| {
        let is_first = n_bytes == 0;
        n_bytes = n_bytes.saturating_add((*size).max(1));
        is_first || n_bytes <= bytes_max
    });
    fitting.count()
}
