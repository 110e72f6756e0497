//! Reading the feed, and going back to where both sides are sure.

use anyhow::Result;
use wire::limit::{PAGE_ENTRIES_MAX, PAGE_MAX_BYTES};
use wire::{Answer, Cursor, Page, PullRequest, Rewind};

use crate::ledger::Ledger;

/// A page from the cursor on, or how far the desk has to go back.
pub(crate) fn pull(ledger: &(impl Ledger + ?Sized), request: &PullRequest) -> Result<Answer> {
    let feed = ledger.feed()?;
    let is_here = stands_at(ledger, request.cursor)?;
    if request.epoch != feed.epoch || !is_here {
        let to = common(ledger, request, is_here)?;
        return Ok(Answer::Rewind(Rewind {
            epoch: feed.epoch,
            to,
        }));
    }
    let n_max = usize::try_from(request.entries_max)
        .unwrap_or(PAGE_ENTRIES_MAX)
        .clamp(1, PAGE_ENTRIES_MAX);
    Ok(Answer::Page(Page {
        epoch: feed.epoch,
        entries: ledger.entries_after(request.cursor.seq, n_max, PAGE_MAX_BYTES)?,
        feed: feed.end,
        durable_seq: feed.durable_seq,
    }))
}

/// Whether the center has that very entry there.
pub(crate) fn stands_at(ledger: &(impl Ledger + ?Sized), cursor: Cursor) -> Result<bool> {
    Ok(cursor == Cursor::START || ledger.entry_hash(cursor.seq)? == Some(cursor.hash))
}

/// The last place at which the desk may have read what the center has. The desk compares the hash
/// with its own and goes back to the beginning if it differs.
fn common(ledger: &(impl Ledger + ?Sized), request: &PullRequest, is_here: bool) -> Result<Cursor> {
    if is_here {
        return Ok(request.cursor);
    }
    let epochs = ledger.epochs()?;
    let is_known = epochs.iter().any(|epoch| epoch.number == request.epoch);
    let later = epochs.iter().rev();
    // What the desk read in its epoch holds up to where the first later one began.
    let since = later
        .take_while(|epoch| !is_known || epoch.number != request.epoch)
        .map(|epoch| epoch.from_seq)
        .take(if is_known { usize::MAX } else { 1 });
    let seq = since.chain([request.cursor.seq]).min().unwrap_or(0);
    Ok(match ledger.entry_hash(seq)? {
        Some(hash) => Cursor { seq, hash },
        None => Cursor::START,
    })
}
