//! 快照 of the feed for desks that are new: the next part, when there is enough for one. Where parts
//! are kept and how they are handed out is the server's.

use anyhow::Result;
use wire::limit::{SNAPSHOT_PART_BYTES, SNAPSHOT_PART_ENTRIES};
use wire::{Cursor, Entry, PartBody, SnapshotPart};

use crate::ledger::Ledger;

/// How much is in a part that is full.
#[derive(Debug, Clone, Copy)]
pub struct PartSize {
    pub n_entries: usize,
    pub n_bytes: usize,
}

impl PartSize {
    /// Those of a county.
    pub const COUNTY: Self = Self {
        n_entries: SNAPSHOT_PART_ENTRIES,
        n_bytes: SNAPSHOT_PART_BYTES,
    };
}

/// The part that begins after `from`, and its packed bytes; `None` while it would not be full. One
/// that is full never changes.
pub fn next_part(
    ledger: &(impl Ledger + ?Sized),
    from: Cursor,
    size: PartSize,
) -> Result<Option<(SnapshotPart, Vec<u8>)>> {
    let entries = ledger.entries_after(from.seq, size.n_entries, size.n_bytes)?;
    let Some(last) = entries.last() else {
        return Ok(None);
    };
    // Full by their number, or the entry after them would not have fitted in.
    let is_full = entries.len() >= size.n_entries
        || n_body_bytes(&entries) * 2 > size.n_bytes && ledger.feed()?.end.seq > last.seq;
    if !is_full {
        return Ok(None);
    }
    Ok(SnapshotPart::pack(&PartBody { entries })?)
}

fn n_body_bytes(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| entry.body.len()).sum()
}
