//! 快照: a desk that is new, or has been away for long, reads the feed in parts that are packed for
//! all, and pulls what comes after the last.
//!
//! A part is fetched from wherever it was cut off, held against its hash, and verified against the
//! cursor entry by entry like any page. It is committed some entries at a time; what they touch is
//! drawn when all parts are in. The cursor says which part is next, so nothing has to be remembered
//! over a crash, and a part is of use from its middle too.

use std::collections::VecDeque;

use anyhow::Result;
use wire::{Cursor, Entry, SnapshotManifest, SnapshotPart, verified};

use super::answer::strange_intent;
use super::{Asked, DeskNow, Fetch, Fetched, Known, Output, Sync};
use crate::ledger::{Change, DeskLedger, Position};

/// A part that was wrong so often in a row is not fetched again: the desk reads page by page.
const WRONG_PARTS_MAX: u32 = 3;

/// How far the parts have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Those that are in.
    pub n_parts: usize,
    pub of_parts: usize,
}

/// 快照 under way.
#[derive(Debug)]
pub(super) struct Snapshot {
    manifest: SnapshotManifest,
    /// Of the part that is being fetched, as far as it has come.
    packed: Vec<u8>,
    /// Of the part that was fetched last, and not committed yet.
    entries: VecDeque<Entry>,
    /// Parts that are in.
    n_done: usize,
    n_wrong: u32,
}

impl Sync {
    /// How far the parts have come; `None` while none are fetched.
    pub fn progress(&self) -> Option<Progress> {
        self.snapshot.as_ref().map(|snapshot| Progress {
            n_parts: snapshot.n_done,
            of_parts: snapshot.manifest.parts.len(),
        })
    }

    /// Goes on with the parts, or asks for them where the desk is far behind; `None` where the rest
    /// is to be pulled.
    pub(super) fn read_parts(
        &mut self,
        known: Known,
        position: &Position,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Option<Vec<Output>>> {
        if known.epoch != position.epoch {
            // The center begins anew, or this desk has yet to learn where it stands.
            self.snapshot = None;
            return Ok(None);
        }
        let Some(snapshot) = &mut self.snapshot else {
            let n_ahead = known.feed.seq.saturating_sub(position.cursor.seq);
            let is_far = n_ahead >= self.settings.snapshot_from_entries;
            let is_asked = is_far && !known.is_without_snapshot;
            return Ok(is_asked.then(|| self.fetch(Asked::Manifest, Fetch::Manifest)));
        };
        if !snapshot.entries.is_empty() {
            return self.take_entries(position, now, ledger).map(Some);
        }
        let Some((nth, part)) = snapshot.manifest.part_after(position.cursor) else {
            self.snapshot = None;
            self.pull_from_here();
            self.verifying.is_due = true;
            return Ok(None);
        };
        snapshot.n_done = nth;
        let from_byte = snapshot.packed.len() as u64;
        let nth = nth as u64;
        let fetch = Fetch::Part { nth, from_byte };
        Ok(Some(self.fetch(Asked::Part { part, from_byte }, fetch)))
    }

    /// Something of the snapshot has come.
    pub(super) fn fetched(
        &mut self,
        fetched: Fetched,
        asked: &Asked,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        match (fetched, asked) {
            (Fetched::Manifest(manifest), Asked::Manifest) => {
                let position = ledger.position()?;
                self.backoff.reset();
                if manifest.epoch != position.epoch {
                    return Ok(self.start_over());
                }
                if manifest.is_sound() && is_of_this_past(&manifest, position.cursor) {
                    self.snapshot = Some(Snapshot::new(*manifest));
                } else {
                    self.pull_from_here();
                }
                self.ask_next(now, ledger)
            }
            (Fetched::Bytes(bytes), Asked::Part { part, from_byte }) => {
                self.take_bytes(bytes, *part, *from_byte, now, ledger)
            }
            (Fetched::Verified(verification), Asked::Verify { at }) => {
                self.verified(verification, *at, now, ledger)
            }
            // A center that does not know how.
            (Fetched::NotThere, Asked::Verify { .. }) => self.ask_next(now, ledger),
            (Fetched::NotThere, Asked::Manifest) => {
                self.pull_from_here();
                self.ask_next(now, ledger)
            }
            // The center has put its parts away since: they are of a feed that is no more.
            (Fetched::NotThere, _) => {
                self.snapshot = None;
                Ok(self.start_over())
            }
            (Fetched::Manifest(_) | Fetched::Bytes(_) | Fetched::Verified(_), _) => {
                Ok(self.start_over())
            }
        }
    }

    fn take_bytes(
        &mut self,
        bytes: Vec<u8>,
        part: SnapshotPart,
        from_byte: u64,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let cursor = ledger.position()?.cursor;
        let Some(snapshot) = &mut self.snapshot else {
            return Ok(self.start_over());
        };
        if snapshot.packed.len() as u64 != from_byte {
            return Ok(self.start_over());
        }
        let is_more = !bytes.is_empty();
        snapshot.packed.extend(bytes);
        if is_more && (snapshot.packed.len() as u64) < part.n_bytes {
            self.backoff.reset();
            return self.ask_next(now, ledger);
        }
        let packed = std::mem::take(&mut snapshot.packed);
        let opened = part.open(&packed).unwrap_or_default();
        let new = opened.into_iter().skip_while(|it| it.seq <= cursor.seq);
        snapshot.entries = new.collect();
        if snapshot.begins_after(cursor) {
            snapshot.n_wrong = 0;
            self.backoff.reset();
            return self.ask_next(now, ledger);
        }
        // Not what the manifest says: once more.
        snapshot.entries.clear();
        snapshot.n_wrong += 1;
        if snapshot.n_wrong < WRONG_PARTS_MAX {
            return Ok(self.wait());
        }
        // It stays so. Pages take longer, and need no part.
        self.snapshot = None;
        self.pull_from_here();
        self.ask_next(now, ledger)
    }

    /// The next entries of a part that was fetched.
    fn take_entries(
        &mut self,
        position: &Position,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let n_max = self.settings.part_entries_at_once;
        let Some(snapshot) = &mut self.snapshot else {
            return Ok(self.start_over());
        };
        if !snapshot.begins_after(position.cursor) {
            // What was taken from the part before was not kept.
            snapshot.entries.clear();
            return self.ask_next(now, ledger);
        }
        let n = snapshot.entries.len().min(n_max);
        let entries: Vec<Entry> = snapshot.entries.drain(..n).collect();
        let strange = strange_intent(&entries, position, ledger)?;
        match (verified(position.cursor, position.epoch, entries), strange) {
            (Ok(entries), None) => Ok(vec![self.commit(Change::Part { entries })]),
            // Of another past than what is here, or it knows of this desk what this desk does not:
            // page by page the center and the desk come to terms.
            (_, strange) => {
                self.snapshot = None;
                self.pull_from_here();
                if let Some(number) = strange {
                    self.note_strange(number, position);
                }
                self.ask_next(now, ledger)
            }
        }
    }

    /// The center's parts are of no use, as far as is known.
    fn pull_from_here(&mut self) {
        if let Some(known) = &mut self.known {
            known.is_without_snapshot = true;
            known.is_behind = true;
        }
    }
}

impl Snapshot {
    fn new(manifest: SnapshotManifest) -> Self {
        Self {
            manifest,
            packed: Vec::new(),
            entries: VecDeque::new(),
            n_done: 0,
            n_wrong: 0,
        }
    }

    fn begins_after(&self, cursor: Cursor) -> bool {
        let first = self.entries.front();
        first.is_some_and(|entry| entry.seq == cursor.seq + 1)
    }
}

/// Whether the part that ends where the desk stands ends with the very entry that the desk has.
fn is_of_this_past(manifest: &SnapshotManifest, cursor: Cursor) -> bool {
    let ends = manifest.parts.iter().map(|part| part.end);
    ends.filter(|end| end.seq == cursor.seq)
        .all(|end| end == cursor)
}
