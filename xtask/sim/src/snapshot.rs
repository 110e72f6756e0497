//! 快照 at the center, and its parts on their way: cut off, damaged, gone with a feed that is no more.

use anyhow::Result;
use center::{Ledger, PartSize, next_part};
use desk_sync::{Fetch, Fetched, Input, RequestId};
use wire::{Cursor, SnapshotManifest, SnapshotPart, Stream, Verification, VerifyRequest};

use crate::desk_store::{body_of, tally_of};
use crate::world::{Event, World};

/// A day or two of one desk.
const PART: PartSize = PartSize {
    n_entries: 24,
    n_bytes: 1 << 20,
};

/// The files beside the center's database.
#[derive(Debug, Default)]
pub(crate) struct Parts(Vec<(SnapshotPart, Vec<u8>)>);

impl World {
    /// A question for a file on its way.
    pub(crate) fn send_fetch(&mut self, desk: usize, id: RequestId, fetch: Fetch) {
        let Some(it) = self.desks.get_mut(desk) else {
            return;
        };
        it.last_sent = id;
        let run = it.run;
        if self.now_ms < it.cut_until || (self.is_stormy && self.dice.one_in(25)) {
            self.totals.messages_lost += 1;
            if self.dice.one_in(2) {
                self.at(50, Event::NoAnswer { desk, run, id });
            }
            return;
        }
        self.tell(|| format!("桌{desk} → 中心 {fetch:?}"));
        let delay = self.dice.between(5, 400);
        self.at(
            delay,
            Event::FetchAtCenter {
                desk,
                run,
                id,
                fetch,
            },
        );
    }

    pub(crate) fn hand_out(
        &mut self,
        desk: usize,
        run: u64,
        id: RequestId,
        fetch: Fetch,
    ) -> Result<()> {
        let Some(fetched) = self.file(fetch)? else {
            self.at(50, Event::NoAnswer { desk, run, id });
            return Ok(());
        };
        if let Fetched::Bytes(_) = &fetched {
            self.totals.parts += 1;
        }
        let fetched = self.on_its_way(fetched);
        let delay = self.dice.between(5, 400);
        let event = Event::FetchedAtDesk {
            desk,
            run,
            id,
            fetched,
        };
        self.at(delay, event);
        Ok(())
    }

    /// What the center has; `None` while it does not run.
    fn file(&mut self, fetch: Fetch) -> Result<Option<Fetched>> {
        let Some(center) = &self.center else {
            return Ok(None);
        };
        let ledger = center.ledger();
        let parts = &mut self.parts.0;
        // Those that another feed has left behind.
        while let Some((part, _)) = parts.last()
            && ledger.entry_hash(part.end.seq)? != Some(part.end.hash)
        {
            parts.pop();
        }
        let mut end = parts.last().map_or(Cursor::START, |(part, _)| part.end);
        while let Some((part, packed)) = next_part(ledger, end, PART)? {
            end = part.end;
            parts.push((part, packed));
        }
        let feed = ledger.feed()?;
        Ok(Some(match fetch {
            Fetch::Manifest => Fetched::Manifest(Box::new(SnapshotManifest {
                stream: Stream::Work,
                epoch: feed.epoch,
                at: end,
                feed: feed.end,
                n_bytes: parts.iter().map(|(part, _)| part.n_bytes).sum(),
                parts: parts.iter().map(|(part, _)| *part).collect(),
            })),
            Fetch::Verify(request) => Fetched::Verified(verified(ledger, &request)?),
            Fetch::Part { nth, from_byte } => {
                let part = usize::try_from(nth).ok().and_then(|nth| parts.get(nth));
                let from_byte = usize::try_from(from_byte)?;
                match part.and_then(|(_, packed)| packed.get(from_byte..)) {
                    Some(bytes) => Fetched::Bytes(bytes.to_vec()),
                    None => Fetched::NotThere,
                }
            }
        }))
    }

    /// Cut off in the middle, or another byte than was sent.
    fn on_its_way(&mut self, fetched: Fetched) -> Fetched {
        let Fetched::Bytes(mut bytes) = fetched else {
            return fetched;
        };
        if !self.is_stormy {
            return Fetched::Bytes(bytes);
        }
        let at = usize::try_from(self.dice.below(bytes.len() as u64)).unwrap_or(0);
        match self.dice.below(12) {
            0 | 1 => {
                bytes.truncate(at.max(1));
                self.totals.parts_cut += 1;
            }
            2 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 0x10;
                }
                self.totals.parts_damaged += 1;
            }
            _ => {}
        }
        Fetched::Bytes(bytes)
    }

    pub(crate) fn fetched(
        &mut self,
        desk: usize,
        run: u64,
        id: RequestId,
        fetched: Fetched,
    ) -> Result<()> {
        let is_running = self.desks.get(desk).is_some_and(|it| it.run == run);
        if is_running {
            self.drive(desk, Input::Fetched { id, fetched })?;
        }
        Ok(())
    }
}

/// What the center makes of its feed up to there.
fn verified(ledger: &impl Ledger, request: &VerifyRequest) -> Result<Verification> {
    if ledger.entry_hash(request.at.seq)? != Some(request.at.hash) {
        return Ok(Verification::Elsewhere);
    }
    let n_max = usize::try_from(request.at.seq)?;
    let mut told = Vec::new();
    for entry in ledger.entries_after(0, n_max, usize::MAX)? {
        if body_of(&entry)?.accepted().is_some() {
            told.push((entry.subject.clone(), entry.hash));
        }
    }
    let tally = tally_of(told);
    Ok(if tally == request.tally {
        Verification::Same
    } else {
        Verification::Differs { tally }
    })
}
