//! What to ask next. Read off the ledger each time, so that nothing is remembered that a crash
//! would lose.

use anyhow::Result;
use wire::limit::{PUSH_INTENTS_MAX, PUSH_MAX_BYTES};
use wire::{
    DeskId, EnrolRequest, Envelope, Hello, PROTOCOL, PullRequest, PushRequest, RecallRequest,
    Request,
};

use super::{Asked, DeskNow, Known, Notice, Output, State, Sync};
use crate::ledger::{DeskLedger, Position};

impl Sync {
    pub(super) fn ask_next(
        &mut self,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let position = ledger.position()?;
        if let Some(outputs) = self.enrol(&position, ledger)? {
            return Ok(outputs);
        }
        let Some(desk) = position.desk.clone() else {
            return Ok(self.rest());
        };
        let is_hello_due =
            now.moment.ms.saturating_sub(self.last_hello_ms) >= self.settings.hello_every_ms;
        let is_cut_off = self.known.is_none() && self.backoff.n_failures() > 0;
        let is_drawing = self.state == State::Committing && position.is_undrawn;
        if is_cut_off && is_drawing {
            return Ok(vec![self.draw()]);
        }
        let known = match self.known {
            Some(known) if !is_hello_due => known,
            Some(_) | None => return Ok(self.say_hello(desk, &position, now)),
        };
        if position.is_quarantined {
            return self.hand_over(desk, known, &position, now, ledger);
        }
        if known.head.number > position.head.number && self.suspect.is_none() {
            let after = position.head.number;
            let protocol = known.protocol;
            let request = RecallRequest {
                desk,
                protocol,
                after,
            };
            return Ok(self.send(Asked::Recall, Request::Recall(request)));
        }
        let (envelopes, missing) = self.to_push(known, &position, ledger)?;
        if !envelopes.is_empty() {
            let push = push_of(desk, known, envelopes, now);
            return Ok(self.send(Asked::Push, Request::Push(push)));
        }
        let mut outputs: Vec<Output> = missing.into_iter().map(Output::Tell).collect();
        outputs.extend(self.read_on(desk, known, &position, now, ledger)?);
        Ok(outputs)
    }

    /// 登记, where somebody typed a code: at once for a desk that is new or that the center does not
    /// know; for one in quarantine after what it had was handed over.
    fn enrol(
        &mut self,
        position: &Position,
        ledger: &impl DeskLedger,
    ) -> Result<Option<Vec<Output>>> {
        let Some((code, machine)) = self.enrolment.clone() else {
            return Ok(None);
        };
        let is_new = position.desk.is_none();
        let is_handed_over = position.is_quarantined && ledger.unanswered(1, 1)?.is_empty();
        if !is_new && !is_handed_over && !self.is_unknown {
            return Ok(None);
        }
        let request = EnrolRequest {
            protocol: PROTOCOL,
            code,
            machine,
            public_key: String::new(),
        };
        Ok(Some(self.send(Asked::Enrol, Request::Enrol(request))))
    }

    fn say_hello(&mut self, desk: DeskId, position: &Position, now: &DeskNow) -> Vec<Output> {
        let hello = Hello {
            desk,
            protocol: PROTOCOL,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            desk_time: now.time,
            head: position.head,
            epoch: position.epoch,
            cursor: position.cursor,
        };
        let sent = now.clone();
        self.send(Asked::Hello { sent }, Request::Hello(hello))
    }

    /// Everything after the last intent that the center has; from an earlier one where the two
    /// chains do not agree, so that the center sees it too.
    fn to_push(
        &self,
        known: Known,
        position: &Position,
        ledger: &impl DeskLedger,
    ) -> Result<(Vec<Envelope>, Option<Notice>)> {
        let mut after = known.head.number;
        let own = ledger.intent_hash(after)?;
        if !known.agrees_with(own) {
            after = after.saturating_sub(1);
        }
        if let Some(suspect) = self.suspect {
            after = after.min(suspect.saturating_sub(1));
        }
        let envelopes = ledger.intents_after(after, PUSH_INTENTS_MAX, PUSH_MAX_BYTES)?;
        let is_missing = envelopes.is_empty() && after < position.head.number;
        let notice = is_missing.then_some(Notice::Missing { from: after + 1 });
        Ok((envelopes, notice))
    }

    /// 补传 in quarantine: what waits goes to people, and then the feed says so. The feed is read
    /// first, since a center that was put back may not know of any quarantine.
    fn hand_over(
        &mut self,
        desk: DeskId,
        known: Known,
        position: &Position,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        if !known.is_behind && !known.is_handed_over {
            let envelopes = ledger.unanswered(PUSH_INTENTS_MAX, PUSH_MAX_BYTES)?;
            if !envelopes.is_empty() {
                let push = push_of(desk, known, envelopes, now);
                return Ok(self.send(Asked::Recover, Request::Recover(push)));
            }
        }
        self.read_on(desk, known, position, now, ledger)
    }

    /// In parts where there is much to read, and then what they touched is drawn; page by page
    /// otherwise.
    fn read_on(
        &mut self,
        desk: DeskId,
        known: Known,
        position: &Position,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        if let Some(outputs) = self.read_parts(known, position, now, ledger)? {
            return Ok(outputs);
        }
        if position.is_undrawn {
            return Ok(vec![self.draw()]);
        }
        // What is known may be other now: the parts are at their end.
        let known = self.known.unwrap_or(known);
        if let Some(outputs) = self.verify(known, position, now, ledger)? {
            return Ok(outputs);
        }
        Ok(self.pull(desk, known, position))
    }

    fn pull(&mut self, desk: DeskId, known: Known, position: &Position) -> Vec<Output> {
        if !known.is_behind {
            return self.rest();
        }
        let request = PullRequest {
            desk,
            protocol: known.protocol,
            epoch: position.epoch,
            cursor: position.cursor,
            entries_max: self.settings.page_entries_max as u64,
        };
        self.send(Asked::Pull, Request::Pull(request))
    }
}

fn push_of(desk: DeskId, known: Known, envelopes: Vec<Envelope>, now: &DeskNow) -> PushRequest {
    PushRequest {
        desk,
        protocol: known.protocol,
        sent: now.moment.clone(),
        envelopes,
    }
}
