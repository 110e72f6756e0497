//! 合计 of what the feed made, for desks to hold theirs against: kept by the follower as it reads, and
//! at hand for the last entries, since a desk may be a moment behind.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use center::Records as _;
use serde::{Deserialize, Serialize};
use wire::{Cursor, DeskId, Hash, Tally, Verification, VerifyRequest, told};

use crate::follower::{Projection, Seen, Sheet};
use crate::office::Office;
use crate::readers::Reader;

/// What each subject is made of.
const KIND: &str = "tallied";
/// The sum over all.
const KIND_OF_SUM: &str = "tally";
const KEY_OF_SUM: &str = "sum";
/// Entries for which the sum is at hand.
const KEPT_MAX: usize = 4_096;

/// The sum as it was after each of the last entries.
#[derive(Debug, Default)]
pub(crate) struct Tallies(Mutex<VecDeque<At>>);

/// The sum after one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct At {
    cursor: Cursor,
    tally: Tally,
}

impl Tallies {
    fn keep(&self, at: At) {
        let mut kept = self.kept();
        // What is drawn anew, and what comes after a restore, takes the place of what was there.
        while kept
            .back()
            .is_some_and(|last| last.cursor.seq >= at.cursor.seq)
        {
            kept.pop_back();
        }
        kept.push_back(at);
        if kept.len() > KEPT_MAX {
            kept.pop_front();
        }
    }

    fn at(&self, cursor: Cursor) -> Option<Tally> {
        let kept = self.kept();
        let at = kept.binary_search_by_key(&cursor.seq, |at| at.cursor.seq);
        let at = at.ok().and_then(|nth| kept.get(nth))?;
        (at.cursor == cursor).then_some(at.tally)
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<At>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Office {
    /// 核对 of a desk.
    pub(crate) fn verify(&self, desk: &DeskId, request: &VerifyRequest) -> Verification {
        let Some(tally) = self.tallies.at(request.at) else {
            return Verification::Elsewhere;
        };
        if tally == request.tally {
            return Verification::Same;
        }
        tracing::error!(
            desk = desk.0,
            seq = request.at.seq,
            ?tally,
            of_desk = ?request.tally,
            "A desk has made something else of the feed"
        );
        Verification::Differs { tally }
    }
}

/// Keeps the sum.
#[derive(Debug)]
pub(crate) struct TallyRows {
    tallies: Arc<Tallies>,
}

impl TallyRows {
    pub(crate) fn new(tallies: &Arc<Tallies>) -> Self {
        Self {
            tallies: Arc::clone(tallies),
        }
    }
}

impl Projection for TallyRows {
    fn kinds(&self) -> &'static [&'static str] {
        &[KIND, KIND_OF_SUM]
    }

    fn version(&self) -> u32 {
        1
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let sum: Option<At> = sheet.read(KIND_OF_SUM, KEY_OF_SUM)?;
        let mut tally = sum.map_or(Tally::EMPTY, |at| at.tally);
        let is_told = seen.body.is_some_and(|body| body.accepted().is_some());
        if let Some(after) = seen.after.filter(|_| is_told) {
            let id = &seen.entry.subject;
            let before: Option<Hash> = sheet.read(KIND, id)?;
            if let Some(before) = before {
                tally.take(id, after.into(), before);
            }
            let hash = told(before, seen.entry.hash);
            tally.put(id, after.into(), hash);
            sheet.write(KIND, id.as_str(), &hash)?;
        }
        let cursor = seen.entry.cursor();
        let at = At { cursor, tally };
        sheet.write(KIND_OF_SUM, KEY_OF_SUM, &at)?;
        self.tallies.keep(at);
        Ok(())
    }

    fn drawn(&mut self, _office: &Office, reader: &Reader) -> Result<()> {
        if let Some(body) = reader.records.get(KIND_OF_SUM, KEY_OF_SUM)? {
            let at: At = serde_json::from_str(&body)?;
            if self.tallies.at(at.cursor).is_none() {
                self.tallies.keep(at);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_sums_are_at_hand_and_others_take_their_place() {
        let tallies = Tallies::default();
        let at = |seq: u64, epoch: u8| At {
            cursor: Cursor {
                seq,
                hash: Hash([epoch; 32]),
            },
            tally: Tally {
                n_orders: seq,
                ..Tally::EMPTY
            },
        };
        for seq in 1..=5_000 {
            tallies.keep(at(seq, 1));
        }
        assert_eq!(tallies.at(at(904, 1).cursor), None);
        assert_eq!(tallies.at(at(905, 1).cursor), Some(at(905, 1).tally));
        tallies.keep(at(4_000, 2));
        assert_eq!(tallies.at(at(4_000, 1).cursor), None);
        assert_eq!(tallies.at(at(4_000, 2).cursor), Some(at(4_000, 2).tally));
        assert_eq!(tallies.at(at(4_001, 1).cursor), None);
    }
}
