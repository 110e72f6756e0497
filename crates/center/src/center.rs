//! The one door: a request in, an answer out; and what the center does of itself.

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use domain::calendar::WorkCalendar;
use domain::clock_face::date_of;
use domain::rule_set::RuleSets;
use domain::{ActorId, Command};
use sha2::{Digest as _, Sha256};
use wire::limit::{ID_MAX_CHARS, PUSH_INTENTS_MAX, PUSH_MAX_BYTES, REFERENCE_MAX_BYTES};
use wire::{
    Act, Answer, DeskId, DeskMoment, EnrolRequest, Enrolled, EntryBody, Envelope, Greeting, Ground,
    Hash, Head, Hello, PROTOCOL, PushRequest, RecallRequest, Recalled, Reference, References,
    Request, RuleSays, Subject, TooOld, agree,
};

use crate::draft::{Draft, Drafted, Folds, folded};
use crate::feed;
use crate::ledger::{DeskRecord, Enrolment, Epoch, Ledger};
use crate::push;

/// So many folded subjects are kept at hand.
const FOLDS_MAX: usize = 20_000;
/// The name under which the center gives commands of its own, and keeps their chain.
const OWN_DESK: &str = "center";

/// What the center decides by besides the reference tables, which are in the feed.
#[derive(Debug, Clone)]
pub struct Rules {
    pub calendar: WorkCalendar,
    pub rule_sets: RuleSets,
}

/// 中心.
#[derive(Debug)]
pub struct Center<L> {
    ledger: L,
    rules: Rules,
    references: References,
    folds: Folds,
}

impl<L: Ledger> Center<L> {
    /// Opens a ledger. A new one gets its first epoch; one that was put back from a backup gets
    /// another by [`Center::begin_epoch`].
    pub fn open(ledger: L, rules: Rules, now: DateTime<Utc>) -> Result<Self> {
        let mut references = References::default();
        for entry in ledger.news()? {
            let body = entry.read();
            let body = body.with_context(|| format!("Reading entry {}", entry.seq))?;
            if let EntryBody::ReferenceChanged { reference } = body {
                references.change(&reference);
            }
        }
        let mut center = Self {
            ledger,
            rules,
            references,
            folds: Folds::new(),
        };
        if center.ledger.feed()?.epoch == 0 {
            center.begin_epoch("first", now)?;
        }
        Ok(center)
    }

    pub fn ledger(&self) -> &L {
        &self.ledger
    }

    pub fn into_ledger(self) -> L {
        self.ledger
    }

    pub fn references(&self) -> &References {
        &self.references
    }

    pub fn ground(&self) -> Ground<'_> {
        ground(&self.rules, &self.references)
    }

    /// Answers a request. Whatever it changes is on the disk before the answer is there. An error is
    /// a fault of this side, after which nothing has changed.
    pub fn handle(&mut self, request: &Request, now: DateTime<Utc>) -> Result<Answer> {
        match request {
            Request::Enrol(request) => self.enrol(request, now),
            Request::Hello(hello) => self.greet(hello, now),
            Request::Push(request) => self.push(request, now),
            Request::Recover(request) => self.recover(request, now),
            Request::Pull(request) => match self.admit(&request.desk, request.protocol)? {
                Ok(_) => feed::pull(&self.ledger, request),
                Err(answer) => Ok(answer),
            },
            Request::Recall(request) => self.recall(request),
        }
    }

    /// The desk of a request, or what it is told instead.
    fn admit(&self, desk: &DeskId, protocol: u32) -> Result<Result<DeskRecord, Answer>> {
        if protocol > PROTOCOL.last {
            let who = TooOld::Center;
            return Ok(Err(Answer::TooOld { who }));
        }
        if protocol < PROTOCOL.first {
            let who = TooOld::Desk;
            return Ok(Err(Answer::TooOld { who }));
        }
        Ok(match self.ledger.desk(desk)? {
            Some(record) if !record.is_revoked => Ok(record),
            Some(_) | None => Err(Answer::Unauthorised),
        })
    }

    fn greet(&self, hello: &Hello, now: DateTime<Utc>) -> Result<Answer> {
        let protocol = match agree(hello.protocol, PROTOCOL) {
            Ok(protocol) => protocol,
            Err(who) => return Ok(Answer::TooOld { who }),
        };
        let desk = match self.admit(&hello.desk, protocol)? {
            Ok(desk) => desk,
            Err(answer) => return Ok(answer),
        };
        let feed = self.ledger.feed()?;
        Ok(Answer::Greeting(Greeting {
            protocol,
            epoch: feed.epoch,
            center_time: now,
            head: desk.head,
            feed: feed.end,
            durable_seq: feed.durable_seq,
        }))
    }

    fn push(&mut self, request: &PushRequest, now: DateTime<Utc>) -> Result<Answer> {
        let desk = match self.admit(&request.desk, request.protocol)? {
            Ok(desk) => desk,
            Err(answer) => return Ok(answer),
        };
        let feed = self.ledger.feed()?;
        let epochs = self.ledger.epochs()?;
        let ground = ground(&self.rules, &self.references);
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        let told = push::push(&mut draft, ground, epochs.last(), request, desk, now)?;
        let head = draft.desk(&request.desk)?.map_or(Head::START, |it| it.head);
        let end = draft.end();
        let drafted = draft.finish();
        self.commit(drafted)?;
        Ok(told.unwrap_or_else(|| push::pushed(feed.epoch, head, end, feed.durable_seq)))
    }

    fn recover(&mut self, request: &PushRequest, now: DateTime<Utc>) -> Result<Answer> {
        let desk = match self.admit(&request.desk, request.protocol)? {
            Ok(desk) => desk,
            Err(answer) => return Ok(answer),
        };
        let feed = self.ledger.feed()?;
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        let told = push::recover(&mut draft, request, &desk, now)?;
        let end = draft.end();
        let drafted = draft.finish();
        self.commit(drafted)?;
        Ok(told.unwrap_or_else(|| push::pushed(feed.epoch, desk.head, end, feed.durable_seq)))
    }

    fn recall(&self, request: &RecallRequest) -> Result<Answer> {
        let desk = match self.admit(&request.desk, request.protocol)? {
            Ok(desk) => desk,
            Err(answer) => return Ok(answer),
        };
        let after = request.after;
        let ledger = &self.ledger;
        let envelopes = ledger.intents_after(&desk.id, after, PUSH_INTENTS_MAX, PUSH_MAX_BYTES)?;
        Ok(Answer::Recalled(Recalled {
            envelopes,
            head: desk.head,
        }))
    }

    fn enrol(&mut self, request: &EnrolRequest, now: DateTime<Utc>) -> Result<Answer> {
        let protocol = match agree(request.protocol, PROTOCOL) {
            Ok(protocol) => protocol,
            Err(who) => return Ok(Answer::TooOld { who }),
        };
        let code_hash = hash_of(&request.code);
        let Some(enrolment) = self.ledger.enrolment(code_hash)? else {
            return Ok(Answer::Unauthorised);
        };
        let epoch = self.ledger.feed()?.epoch;
        let machine: String = request.machine.chars().take(ID_MAX_CHARS).collect();
        let desk = match enrolment.desk {
            Some(desk) => desk,
            None => self.new_desk(code_hash, machine, now)?,
        };
        Ok(Answer::Enrolled(Enrolled {
            desk,
            protocol,
            epoch,
        }))
    }

    fn new_desk(&mut self, code_hash: Hash, machine: String, now: DateTime<Utc>) -> Result<DeskId> {
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        // The epoch tells two desks apart of which the center has forgotten one.
        let epoch = self.ledger.feed()?.epoch;
        let nth = self.ledger.desks()?.len() + 1;
        let id = DeskId(format!("W{nth:02}-{epoch}"));
        draft.put_desk(DeskRecord {
            id: id.clone(),
            head: Head::START,
            forked_at: None,
            is_revoked: false,
            machine,
        });
        let desk = Some(id.clone());
        draft.batch.enrolments.push(Enrolment { code_hash, desk });
        let body = EntryBody::DeskEnrolled { desk: id.clone() };
        draft.append("", None, &body, now)?;
        let drafted = draft.finish();
        self.commit(drafted)?;
        Ok(id)
    }

    /// 发放登记码: the one who holds it may enrol one desk.
    pub fn allow_enrolment(&mut self, code: &str) -> Result<()> {
        let code_hash = hash_of(code);
        ensure!(
            self.ledger.enrolment(code_hash)?.is_none(),
            "The code was given before"
        );
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        let desk = None;
        draft.batch.enrolments.push(Enrolment { code_hash, desk });
        let drafted = draft.finish();
        self.commit(drafted)
    }

    /// 注销 a desk.
    pub fn revoke(&mut self, desk: &DeskId) -> Result<()> {
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        let record = draft.desk(desk)?;
        let record = record.with_context(|| format!("No desk {}", desk.0))?;
        draft.put_desk(DeskRecord {
            is_revoked: true,
            ..record
        });
        let drafted = draft.finish();
        self.commit(drafted)
    }

    /// 更新参照表, for all from here on.
    pub fn change_reference(&mut self, reference: &Reference, now: DateTime<Utc>) -> Result<()> {
        let n_bytes = serde_json::to_string(reference)?.len();
        ensure!(
            n_bytes <= REFERENCE_MAX_BYTES,
            "A table of {n_bytes} bytes is too large"
        );
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        let mut references = self.references.clone();
        references.change(reference);
        draft.references = Some(references);
        let reference = reference.clone();
        draft.append("", None, &EntryBody::ReferenceChanged { reference }, now)?;
        let drafted = draft.finish();
        self.commit(drafted)
    }

    /// 新的一期, after the ledger was put back from a backup: whoever has read on comes back to here.
    pub fn begin_epoch(&mut self, reason: &str, now: DateTime<Utc>) -> Result<()> {
        let last = self.ledger.feed()?;
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let number = seconds.max(last.epoch + 1);
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        draft.set_epoch(number);
        draft.batch.epoch = Some(Epoch {
            number,
            from_seq: last.end.seq,
            began_at: now,
            reason: reason.to_owned(),
        });
        let body = EntryBody::EpochBegan {
            restored_to: last.end.seq,
            reason: reason.to_owned(),
        };
        draft.append("", None, &body, now)?;
        let drafted = draft.finish();
        self.commit(drafted)
    }

    /// 已异机备份 up to there: desks may forget what stands before it.
    pub fn set_durable(&mut self, seq: u64) -> Result<()> {
        let feed = self.ledger.feed()?;
        ensure!(seq <= feed.end.seq, "Nothing stands at {seq} yet");
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        draft.batch.durable_seq = Some(seq);
        let drafted = draft.finish();
        self.commit(drafted)
    }

    /// A command that the center gives of itself, such as 确认送达, in a chain of its own. What the
    /// rules refuse is told at once and leaves no trace: nobody was told anything yet.
    pub fn act(
        &mut self,
        actor: &ActorId,
        subject: &str,
        id: &str,
        command: &Command,
        now: DateTime<Utc>,
    ) -> Result<Result<(), RuleSays>> {
        let seen = self.subject(subject)?;
        let act = Act::Order(command.clone());
        let person = self.references.actor(actor);
        let facts = self.ground().facts(now, &person);
        if let Err(says) = Subject::decide(subject, seen.as_ref(), &act, &facts) {
            return Ok(Err(says));
        }
        let desk = DeskId(OWN_DESK.to_owned());
        let record = self.ledger.desk(&desk)?.unwrap_or_else(|| DeskRecord {
            id: desk.clone(),
            head: Head::START,
            forked_at: None,
            is_revoked: false,
            machine: String::new(),
        });
        let base_version = seen.as_ref().map_or(0, Subject::version);
        let (kind, command) = act.write()?;
        let rules = self.rules.rule_sets.in_force_on(date_of(now)).id.clone();
        let envelope = Envelope {
            desk: desk.clone(),
            number: record.head.number + 1,
            id: id.to_owned(),
            subject: subject.to_owned(),
            kind,
            command,
            actor: actor.clone(),
            occurred_at: now,
            rule_set: rules,
            base_version,
            previous_hash: record.head.hash,
            witness: None,
            hash: Hash::CHAIN_START,
        };
        let request = PushRequest {
            desk,
            protocol: PROTOCOL.last,
            sent: DeskMoment {
                run: String::new(),
                ms: 0,
            },
            envelopes: vec![envelope.sealed()],
        };
        let ground = ground(&self.rules, &self.references);
        let mut draft = Draft::new(&self.ledger, &self.folds)?;
        let told = push::push(&mut draft, ground, None, &request, record, now)?;
        ensure!(told.is_none(), "The center's own chain broke: {told:?}");
        let drafted = draft.finish();
        self.commit(drafted)?;
        Ok(Ok(()))
    }

    /// The subject as the feed makes it.
    pub fn subject(&self, id: &str) -> Result<Option<Subject>> {
        match self.folds.get(id) {
            Some(subject) => Ok(Some(subject.clone())),
            None => folded(&self.ledger.story_of(id)?),
        }
    }

    fn commit(&mut self, drafted: Drafted) -> Result<()> {
        if drafted.batch.is_empty() {
            return Ok(());
        }
        self.ledger.commit(&drafted.batch)?;
        if self.folds.len() > FOLDS_MAX {
            self.folds.clear();
        }
        self.folds.extend(drafted.folds);
        if let Some(references) = drafted.references {
            self.references = references;
        }
        Ok(())
    }
}

fn ground<'a>(rules: &'a Rules, references: &'a References) -> Ground<'a> {
    Ground {
        references,
        calendar: &rules.calendar,
        rule_sets: &rules.rule_sets,
    }
}

fn hash_of(code: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/enrolment/1\0");
    hash.update(code.trim());
    Hash(hash.finalize().into())
}
