//! A ledger on paper, and a desk whose questions the test answers.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use desk_sync::{
    Change, DeskLedger, DeskNow, Fetch, Fetched, Input, Notice, Output, Position, Progress,
    RequestId, Settings, Sync,
};
use domain::ActorId;
use domain::rule_set::RuleSetId;
use wire::{
    Answer, Cover, Cursor, DeskId, DeskMoment, Entry, EntryBody, Envelope, Greeting, Hash, Head,
    Request, Salt, Sealing, Tally,
};

pub(crate) struct Paper {
    pub(crate) position: Position,
    pub(crate) intents: Vec<Envelope>,
    pub(crate) hashes: Vec<Hash>,
    /// What parts have touched and is not drawn.
    pub(crate) n_undrawn: usize,
    pub(crate) tally: Option<Tally>,
}

impl Paper {
    pub(crate) fn enrolled() -> Self {
        Self {
            position: Position {
                desk: Some(desk_id()),
                head: Head::START,
                epoch: 7,
                cursor: Cursor::START,
                durable_seq: 0,
                is_quarantined: false,
                is_undrawn: false,
            },
            intents: Vec::new(),
            hashes: Vec::new(),
            n_undrawn: 0,
            tally: None,
        }
    }

    pub(crate) fn save(&mut self, n: usize) {
        for _ in 0..n {
            let head = self.position.head;
            let envelope = envelope(head, "还没水");
            self.position.head = envelope.head();
            self.intents.push(envelope);
        }
    }
}

impl DeskLedger for Paper {
    fn position(&self) -> Result<Position> {
        Ok(self.position.clone())
    }

    fn intents_after(&self, number: u64, n_max: usize, _: usize) -> Result<Vec<Envelope>> {
        let after = self.intents.iter().filter(|it| it.number > number);
        Ok(after.take(n_max).cloned().collect())
    }

    fn unanswered(&self, n_max: usize, _: usize) -> Result<Vec<Envelope>> {
        Ok(self.intents.iter().take(n_max).cloned().collect())
    }

    fn intent_hash(&self, number: u64) -> Result<Option<Hash>> {
        let intent = self.intents.iter().find(|it| it.number == number);
        Ok(intent.map(|it| it.hash))
    }

    fn entry_hash(&self, seq: u64) -> Result<Option<Hash>> {
        let place = usize::try_from(seq)?.checked_sub(1);
        Ok(place.and_then(|place| self.hashes.get(place)).copied())
    }

    fn tally(&self) -> Result<Option<Tally>> {
        Ok(self.tally.filter(|_| !self.position.is_undrawn))
    }

    fn commit(&mut self, change: &Change) -> Result<()> {
        match change {
            Change::Page { entries, .. } => {
                self.hashes.extend(entries.iter().map(|entry| entry.hash));
                self.position.cursor = entries.last().unwrap().cursor();
            }
            Change::Part { entries } => {
                assert_eq!(entries.after(), self.position.cursor);
                let hashes = entries.entries().iter().map(|entry| entry.hash);
                self.hashes.extend(hashes);
                self.position.cursor = entries.end();
                self.n_undrawn += entries.entries().len();
                self.position.is_undrawn = true;
            }
            Change::Draw { n_max } => {
                self.n_undrawn = self.n_undrawn.saturating_sub(*n_max);
                self.position.is_undrawn = self.n_undrawn > 0;
            }
            Change::DrawAnew => {
                self.n_undrawn = self.hashes.len();
                self.position.is_undrawn = true;
            }
            Change::Durable { seq } => self.position.durable_seq = *seq,
            Change::Rewind { epoch, to } => {
                self.position.epoch = *epoch;
                self.position.cursor = *to;
                self.hashes.truncate(usize::try_from(to.seq)?);
            }
            Change::Recalled { envelopes } => {
                self.position.head = envelopes.last().unwrap().head();
                self.intents.extend(envelopes.iter().cloned());
            }
            Change::Quarantined => self.position.is_quarantined = true,
            Change::Enrolled { desk } => {
                self.position.desk = Some(desk.clone());
                self.position.is_quarantined = false;
            }
        }
        Ok(())
    }
}

/// A desk on paper with its machine.
pub(crate) struct Desk {
    pub(crate) paper: Paper,
    machine: Sync,
    pub(crate) ms: u64,
    open: Option<RequestId>,
    pub(crate) notices: Vec<Notice>,
    pub(crate) changes: Vec<Change>,
    pub(crate) timer_ms: u64,
    /// What is to be fetched, where that was asked last.
    pub(crate) fetch: Option<Fetch>,
}

impl Desk {
    /// Starts, and tells the first question.
    pub(crate) fn start(paper: Paper) -> (Self, Option<Request>) {
        Self::start_with(paper, Settings::COUNTY)
    }

    pub(crate) fn start_with(paper: Paper, settings: Settings) -> (Self, Option<Request>) {
        let mut desk = Self {
            paper,
            machine: Sync::new(settings, 1),
            ms: 0,
            open: None,
            notices: Vec::new(),
            changes: Vec::new(),
            timer_ms: 0,
            fetch: None,
        };
        let first = desk.hand(Input::Started);
        (desk, first)
    }

    pub(crate) fn skew_ms(&self) -> Option<i64> {
        self.machine.skew_ms()
    }

    /// Hands over what happened, commits what is to be committed, and tells the next question.
    pub(crate) fn hand(&mut self, input: Input) -> Option<Request> {
        let mut inputs = vec![input];
        let mut asked = None;
        self.fetch = None;
        while let Some(input) = inputs.pop() {
            let now = DeskNow {
                time: start() + TimeDelta::milliseconds(i64::try_from(self.ms).unwrap()),
                moment: DeskMoment {
                    run: "run".to_owned(),
                    ms: self.ms,
                },
            };
            for output in self.machine.handle(input, &now, &self.paper) {
                match output {
                    Output::Send { id, request } => {
                        assert!(asked.is_none(), "one question at a time");
                        self.open = Some(id);
                        asked = Some(*request);
                    }
                    Output::Fetch { id, fetch } => {
                        assert!(self.fetch.is_none(), "one question at a time");
                        self.open = Some(id);
                        self.fetch = Some(fetch);
                    }
                    Output::SetTimer { after_ms } => self.timer_ms = after_ms,
                    Output::Tell(notice) => self.notices.push(notice),
                    Output::Commit(change) => {
                        self.paper.commit(&change).unwrap();
                        self.changes.push(change);
                        inputs.push(Input::Committed);
                    }
                }
            }
        }
        asked
    }

    pub(crate) fn answer(&mut self, answer: Answer) -> Option<Request> {
        let id = self.open.unwrap();
        let answer = Box::new(answer);
        self.hand(Input::Answered { id, answer })
    }

    pub(crate) fn fetched(&mut self, fetched: Fetched) -> Option<Request> {
        let id = self.open.unwrap();
        self.hand(Input::Fetched { id, fetched })
    }

    pub(crate) fn progress(&self) -> Option<Progress> {
        self.machine.progress()
    }

    pub(crate) fn open(&self) -> RequestId {
        self.open.unwrap()
    }
}

pub(crate) fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_395_600, 0).unwrap()
}

pub(crate) fn desk_id() -> DeskId {
    DeskId("W01".to_owned())
}

pub(crate) fn envelope(after: Head, text: &str) -> Envelope {
    let number = after.number + 1;
    Envelope {
        desk: desk_id(),
        number,
        id: format!("intent-{number}"),
        subject: "order-1".to_owned(),
        kind: "supplement".to_owned(),
        command: format!(r#"{{"command":"supplement","text":"{text}"}}"#),
        actor: ActorId("1001".to_owned()),
        occurred_at: start(),
        rule_set: RuleSetId("QX-2023-66".to_owned()),
        base_version: 1,
        cover: Cover::Bare,
        previous_hash: after.hash,
        witness: None,
        hash: Hash::CHAIN_START,
    }
    .sealed()
}

/// News that follow one another.
pub(crate) fn news(after: Cursor, epoch: u64, n: u64) -> Vec<Entry> {
    let mut cursor = after;
    let mut entries = Vec::new();
    for nth in 1..=n {
        let sealing = Sealing {
            epoch,
            after: cursor,
            recorded_at: start(),
            subject: String::new(),
            origin: None,
            salt: Salt([9; 16]),
        };
        let desk = DeskId(format!("N{nth}"));
        let entry = Entry::seal(sealing, &EntryBody::DeskEnrolled { desk }).unwrap();
        cursor = entry.cursor();
        entries.push(entry);
    }
    entries
}

pub(crate) fn greeting(head: Head, feed: Cursor) -> Answer {
    Answer::Greeting(Greeting {
        protocol: wire::PROTOCOL.last,
        epoch: 7,
        center_time: start(),
        head,
        feed,
        durable_seq: 0,
        keep_days: None,
    })
}
