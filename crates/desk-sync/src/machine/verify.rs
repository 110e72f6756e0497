//! 核对: now and then, and when a snapshot is in, what was made of the feed here is held against what
//! the center made of it. The feed itself is verified entry by entry; this finds what was lost on the
//! way from the entries to the lists.

use anyhow::Result;
use wire::{Cursor, Verification, VerifyRequest};

use super::{Asked, DeskNow, Fetch, Known, Notice, Output, Sync};
use crate::ledger::{Change, DeskLedger, Position};

/// What is known of it since the program started.
#[derive(Debug, Default)]
pub(super) struct Verifying {
    last_ms: u64,
    /// Not only when its time has come.
    pub(super) is_due: bool,
    differs: bool,
    /// Once is enough: what differs then is a mistake that drawing does not mend.
    has_drawn_anew: bool,
}

impl Sync {
    /// Asks the center, if it is time, all is read and all is drawn.
    pub(super) fn verify(
        &mut self,
        known: Known,
        position: &Position,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Option<Vec<Output>>> {
        let since_ms = now.moment.ms.saturating_sub(self.verifying.last_ms);
        let is_due = self.verifying.is_due || since_ms >= self.settings.verify_every_ms;
        let is_read =
            !known.is_behind && known.epoch == position.epoch && position.cursor != Cursor::START;
        if !is_due || !is_read || position.is_quarantined {
            return Ok(None);
        }
        self.verifying.is_due = false;
        self.verifying.last_ms = now.moment.ms;
        let Some(tally) = ledger.tally()? else {
            return Ok(None);
        };
        let at = position.cursor;
        let request = VerifyRequest {
            epoch: position.epoch,
            at,
            tally,
        };
        Ok(Some(
            self.fetch(Asked::Verify { at }, Fetch::Verify(request)),
        ))
    }

    /// What differs is told, and drawn anew from the entries, which both have; then asked again.
    pub(super) fn verified(
        &mut self,
        verification: Verification,
        at: Cursor,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        self.backoff.reset();
        let seq = at.seq;
        match verification {
            Verification::Same if self.verifying.differs => {
                self.verifying.differs = false;
                let mut outputs = vec![Output::Tell(Notice::SameAgain { seq })];
                outputs.extend(self.ask_next(now, ledger)?);
                Ok(outputs)
            }
            Verification::Same | Verification::Elsewhere => self.ask_next(now, ledger),
            Verification::Differs { tally: _ } => {
                self.verifying.differs = true;
                let mut outputs = vec![Output::Tell(Notice::Differs { seq })];
                if self.verifying.has_drawn_anew {
                    outputs.extend(self.ask_next(now, ledger)?);
                } else {
                    self.verifying.has_drawn_anew = true;
                    self.verifying.is_due = true;
                    outputs.push(self.commit(Change::DrawAnew));
                }
                Ok(outputs)
            }
        }
    }
}
