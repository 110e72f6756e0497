//! What an answer means.

use anyhow::Result;
use chrono::{DateTime, Utc};
use wire::{
    Answer, Cursor, Entry, EntryBody, Envelope, Greeting, Hash, Head, Page, PushAnswer, Recalled,
    Rewind, verify_page,
};

use super::{Asked, DeskNow, Known, Notice, Output, Sync};
use crate::ledger::{Change, DeskLedger, Position};

impl Sync {
    pub(super) fn answered(
        &mut self,
        answer: Answer,
        asked: &Asked,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let mut outputs = self.reached();
        outputs.extend(match (answer, asked) {
            (Answer::Greeting(greeting), Asked::Hello { sent }) => {
                self.greeted(&greeting, sent, now, ledger)?
            }
            (Answer::Pushed(answer), Asked::Push | Asked::Recover) => {
                self.pushed(answer, asked, now, ledger)?
            }
            (Answer::Page(page), Asked::Pull) => self.turned(page, now, ledger)?,
            (Answer::Rewind(rewind), Asked::Pull) => self.rewound(rewind, ledger)?,
            (Answer::Recalled(recalled), Asked::Recall) => self.recalled(recalled, now, ledger)?,
            (Answer::Enrolled(enrolled), Asked::Enrol) => {
                self.enrolment = None;
                self.known = None;
                self.suspect = None;
                self.is_unknown = false;
                self.backoff.reset();
                let change = Change::Enrolled {
                    desk: enrolled.desk,
                };
                vec![Output::Tell(Notice::Enrolled), self.commit(change)]
            }
            (Answer::Quarantined(_), _) => self.quarantined(now, ledger)?,
            (Answer::TooOld { who }, _) => self.stuck(Notice::TooOld { who }),
            (Answer::Unauthorised, Asked::Enrol) => {
                self.enrolment = None;
                self.stuck(Notice::Unauthorised)
            }
            // Somebody typed a code while this was asked.
            (Answer::Unauthorised, _) if self.enrolment.is_some() => {
                self.is_unknown = true;
                self.known = None;
                self.ask_next(now, ledger)?
            }
            (Answer::Unauthorised, _) => {
                self.is_unknown = true;
                self.stuck(Notice::Unauthorised)
            }
            (Answer::Malformed { because }, _) => self.stuck(Notice::Malformed { because }),
            (Answer::Busy { after_ms }, _) => {
                let wait_ms = self.backoff.next_ms();
                self.wait_for(wait_ms.max(after_ms.min(self.settings.stuck_retry_ms)))
            }
            // The center has less than it said, since it was restored meanwhile; or an answer to
            // another question.
            (
                Answer::Enrolled(_)
                | Answer::Greeting(_)
                | Answer::Pushed(_)
                | Answer::Page(_)
                | Answer::Rewind(_)
                | Answer::Recalled(_)
                | Answer::Gap { .. },
                _,
            ) => self.start_over(),
        });
        Ok(outputs)
    }

    fn greeted(
        &mut self,
        greeting: &Greeting,
        sent: &DeskNow,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let position = ledger.position()?;
        self.last_hello_ms = now.moment.ms;
        self.is_unknown = false;
        let skew_ms = skew_ms(sent, now, greeting.center_time);
        self.skew_ms = Some(skew_ms);
        self.known = Some(Known {
            protocol: greeting.protocol,
            epoch: greeting.epoch,
            head: greeting.head,
            feed: greeting.feed,
            is_behind: greeting.feed != position.cursor || greeting.epoch != position.epoch,
            is_handed_over: false,
            is_without_snapshot: false,
        });
        let mut outputs = Vec::new();
        if skew_ms.unsigned_abs() >= self.settings.skew_told_ms {
            outputs.push(Output::Tell(Notice::ClockOff { skew_ms }));
        }
        outputs.extend(self.ask_next(now, ledger)?);
        Ok(outputs)
    }

    fn pushed(
        &mut self,
        answer: PushAnswer,
        asked: &Asked,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let Some(known) = &mut self.known else {
            return Ok(self.start_over());
        };
        let is_further = answer.head != known.head || *asked == Asked::Recover;
        known.head = answer.head;
        known.feed = answer.feed;
        known.is_behind = true;
        known.is_handed_over = *asked == Asked::Recover;
        self.suspect = None;
        if !is_further {
            // Nothing came of it: not again at once.
            return Ok(self.start_over());
        }
        self.backoff.reset();
        self.ask_next(now, ledger)
    }

    /// A page is applied if it follows from what is there, and knows of this desk what this desk
    /// knows.
    fn turned(
        &mut self,
        page: Page,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let position = ledger.position()?;
        let follows = verify_page(position.cursor, position.epoch, &page.entries);
        let Ok(end) = follows else {
            return Ok(self.start_over());
        };
        if page.epoch != position.epoch {
            return Ok(self.start_over());
        }
        if let Some(number) = strange_intent(&page.entries, &position, ledger)? {
            self.note_strange(number, &position);
            return self.ask_next(now, ledger);
        }
        self.backoff.reset();
        if let Some(known) = &mut self.known {
            known.feed = page.feed;
            known.is_behind = end != page.feed;
            known.is_handed_over = false;
        }
        if page.entries.is_empty() {
            if page.durable_seq > position.durable_seq {
                let seq = page.durable_seq;
                return Ok(vec![self.commit(Change::Durable { seq })]);
            }
            if end != page.feed {
                return Ok(self.start_over());
            }
            return self.ask_next(now, ledger);
        }
        let change = Change::Page {
            entries: page.entries,
            durable_seq: page.durable_seq.max(position.durable_seq),
        };
        Ok(vec![self.commit(change)])
    }

    /// An answer has come to an intent that is not this desk's, as far as it knows.
    pub(super) fn note_strange(&mut self, number: u64, position: &Position) {
        if number <= position.head.number {
            self.suspect = Some(number);
        } else if let Some(known) = &mut self.known {
            // Its own, and not here: the desk was put back to an earlier day.
            known.head.number = known.head.number.max(number);
        }
    }

    /// Back to where both are sure, or to the beginning where they are not.
    fn rewound(&mut self, rewind: Rewind, ledger: &impl DeskLedger) -> Result<Vec<Output>> {
        let position = ledger.position()?;
        let is_known =
            rewind.to == Cursor::START || ledger.entry_hash(rewind.to.seq)? == Some(rewind.to.hash);
        let is_back = rewind.to.seq <= position.cursor.seq;
        let to = if is_known && is_back {
            rewind.to
        } else {
            Cursor::START
        };
        if rewind.epoch < position.epoch
            || (rewind.epoch == position.epoch && to == position.cursor)
        {
            return Ok(self.start_over());
        }
        // The center lacks what it had: it says anew where this desk's chain ends.
        self.known = None;
        self.backoff.reset();
        let epoch = rewind.epoch;
        let taken_back = position.cursor.seq - to.seq;
        let told = Notice::CenterRestored { epoch, taken_back };
        let mut outputs = Vec::new();
        if epoch != position.epoch && position.cursor != Cursor::START {
            outputs.push(Output::Tell(told));
        }
        outputs.push(self.commit(Change::Rewind { epoch, to }));
        Ok(outputs)
    }

    fn recalled(
        &mut self,
        recalled: Recalled,
        now: &DeskNow,
        ledger: &impl DeskLedger,
    ) -> Result<Vec<Output>> {
        let position = ledger.position()?;
        if let Some(known) = &mut self.known {
            known.head = recalled.head;
        }
        if recalled.envelopes.is_empty() {
            return Ok(self.start_over());
        }
        if !continues(position.head, &recalled.envelopes) {
            // The desk went on from an earlier day: two chains under one number. The center sees it
            // by the last intent of this one.
            if self.suspect.replace(position.head.number).is_some() {
                return Ok(self.start_over());
            }
            return self.ask_next(now, ledger);
        }
        self.backoff.reset();
        let n_intents = recalled.envelopes.len() as u64;
        let change = Change::Recalled {
            envelopes: recalled.envelopes,
        };
        let told = Notice::DeskRestored { n_intents };
        Ok(vec![Output::Tell(told), self.commit(change)])
    }

    fn quarantined(&mut self, now: &DeskNow, ledger: &impl DeskLedger) -> Result<Vec<Output>> {
        self.suspect = None;
        if ledger.position()?.is_quarantined {
            return self.ask_next(now, ledger);
        }
        let told = Output::Tell(Notice::Quarantined);
        Ok(vec![told, self.commit(Change::Quarantined)])
    }

    /// Something does not fit: forget what was known and ask again, not at once.
    pub(super) fn start_over(&mut self) -> Vec<Output> {
        self.known = None;
        self.wait()
    }

    /// Only people can change it. Tried again all the same: they may have.
    fn stuck(&mut self, notice: Notice) -> Vec<Output> {
        self.known = None;
        let mut outputs = vec![Output::Tell(notice)];
        outputs.extend(self.wait_for(self.settings.stuck_retry_ms));
        outputs
    }
}

/// How far the desk is ahead: its clock in the middle between question and answer, less the
/// center's.
fn skew_ms(sent: &DeskNow, now: &DeskNow, center_time: DateTime<Utc>) -> i64 {
    let under_way_ms = now.moment.ms.saturating_sub(sent.moment.ms);
    let half_ms = i64::try_from(under_way_ms / 2).unwrap_or(0);
    let sent_ms = sent.time.timestamp_millis();
    (sent_ms.saturating_add(half_ms)).saturating_sub(center_time.timestamp_millis())
}

/// The first answer among the entries to an intent of this desk that is not the one it has. What
/// comes after its quarantine is of branches, and of no concern.
pub(super) fn strange_intent(
    entries: &[Entry],
    position: &Position,
    ledger: &impl DeskLedger,
) -> Result<Option<u64>> {
    if position.is_quarantined {
        return Ok(None);
    }
    for entry in entries {
        let Some(origin) = &entry.origin else {
            if let Ok(EntryBody::DeskQuarantined { desk, .. }) = entry.read()
                && Some(&desk) == position.desk.as_ref()
            {
                break;
            }
            continue;
        };
        if Some(&origin.desk) != position.desk.as_ref() {
            continue;
        }
        let is_own = match ledger.intent_hash(origin.number)? {
            Some(hash) => hash == origin.hash,
            None => origin.number <= position.head.number,
        };
        if !is_own {
            return Ok(Some(origin.number));
        }
    }
    Ok(None)
}

/// Whether the intents follow from where the desk's chain ends.
fn continues(head: Head, envelopes: &[Envelope]) -> bool {
    let mut head = head;
    envelopes.iter().all(|envelope| {
        let hash: Hash = envelope.computed_hash();
        let fits = envelope.number == head.number + 1
            && envelope.previous_hash == head.hash
            && envelope.hash == hash;
        head = envelope.head();
        fits
    })
}
