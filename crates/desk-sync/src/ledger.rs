//! What sync needs of the desk's store.

use anyhow::Result;
use wire::{Cursor, DeskId, Entry, Envelope, Hash, Head, Tally, Verified};

/// Where the desk stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// `None` before the desk is enrolled.
    pub desk: Option<DeskId>,
    /// Where the desk's chain of intents ends.
    pub head: Head,
    pub epoch: u64,
    pub cursor: Cursor,
    pub durable_seq: u64,
    /// 隔离: the center decides nothing of this desk any more.
    pub is_quarantined: bool,
    /// Parts of a snapshot were read, and not all of what they touch is drawn.
    pub is_undrawn: bool,
}

/// The desk's own record: intents, the confirmed feed, and how far it has read.
///
/// A change is in one transaction and on the disk when [`DeskLedger::commit`] returns.
pub trait DeskLedger {
    fn position(&self) -> Result<Position>;

    /// The desk's intents after `number`, in order: at most `n_max`, and of at most `bytes_max` bytes
    /// of commands, but at least one where there is one. Empty too where the next one was forgotten.
    fn intents_after(&self, number: u64, n_max: usize, bytes_max: usize) -> Result<Vec<Envelope>>;

    /// The desk's intents that no entry has answered, within the same limits.
    fn unanswered(&self, n_max: usize, bytes_max: usize) -> Result<Vec<Envelope>>;

    /// `None` for one that was forgotten or never made.
    fn intent_hash(&self, number: u64) -> Result<Option<Hash>>;

    /// The hash of a confirmed entry; `None` for one that is not there.
    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>>;

    /// 合计 of what is drawn, as the center would have it here; `None` where there is something that is
    /// not drawn, or that this program cannot read.
    fn tally(&self) -> Result<Option<Tally>>;

    fn commit(&mut self, change: &Change) -> Result<()>;
}

/// One change of the ledger, all of it or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Entries that follow from the cursor. Answers the desk's own intents by their ids; the cursor
    /// moves; what they touch is folded anew, with what still waits on top. An entry that
    /// quarantines this desk does so.
    Page {
        entries: Vec<Entry>,
        durable_seq: u64,
    },
    /// Entries of a part of the snapshot: as a page, but that what they touch is drawn later, by
    /// [`Change::Draw`]. What they answer of this desk's own is drawn at once.
    Part { entries: Verified },
    /// Draws the next that parts have touched, at most `n_max`.
    Draw { n_max: usize },
    /// Everything is to be drawn anew: what is here differs from what the center made of the same.
    DrawAnew,
    /// 已异机备份 up to there.
    Durable { seq: u64 },
    /// The center lost what comes after `to`: those entries are taken out, and intents that they
    /// answered wait again, those of an earlier chain at the end of the present one. A quarantine that
    /// began after `to` is over.
    Rewind { epoch: u64, to: Cursor },
    /// The desk was put back to an earlier day: its own intents that it had lost, as the center has
    /// them. They wait for their answers like any other, but for those that the feed here has
    /// answered already.
    Recalled { envelopes: Vec<Envelope> },
    /// 隔离.
    Quarantined,
    /// The center has given the desk a number. Where it had another, a new chain begins, and what
    /// still waits is put at its beginning: same intents, same ids.
    Enrolled { desk: DeskId },
}
