//! The one door: a request in, an answer out; and what the center does of itself.

use anyhow::{Context as _, Result, ensure};
use chrono::{DateTime, Utc};
use domain::calendar::WorkCalendar;
use domain::rule_set::RuleSets;
use sha2::{Digest as _, Sha256};
use wire::limit::{ID_MAX_CHARS, REFERENCE_MAX_BYTES};
use wire::{
    Answer, DeskId, EnrolRequest, Enrolled, EntryBody, Ground, Hash, Head, PROTOCOL, PushRequest,
    REDACTED_ORDERS_MAX, RedactedSubject, Redaction, Reference, References, Request, Salts,
    Subject, agree,
};

use crate::draft::Draft;
use crate::folds::Folds;
use crate::ledger::{DeskRecord, Enrolment, Epoch, Ledger};
use crate::plan::{Acted, Errand, Plan, Planned};
use crate::prepared::Prepared;
use crate::reading::{read, subject};
use crate::redaction::{self, Redacted, RedactionOrder};

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
    salts: Salts,
    /// After a commit that failed: it may have been done all the same, and what is remembered here
    /// is to be read again.
    is_behind: bool,
}

impl<L: Ledger> Center<L> {
    /// Opens a ledger. A new one gets its first epoch; one that was put back from a backup gets
    /// another by [`Center::begin_epoch`].
    pub fn open(ledger: L, rules: Rules, now: DateTime<Utc>) -> Result<Self> {
        Self::open_with(ledger, rules, Salts::System, now)
    }

    /// The same with salts of another source.
    pub fn open_with(ledger: L, rules: Rules, salts: Salts, now: DateTime<Utc>) -> Result<Self> {
        let references = references_of(&ledger)?;
        let mut center = Self {
            ledger,
            rules,
            references,
            folds: Folds::default(),
            salts,
            is_behind: false,
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
        Ground {
            references: &self.references,
            calendar: self.references.calendar(&self.rules.calendar),
            rule_sets: &self.rules.rule_sets,
        }
    }

    /// Answers a request. Whatever it changes is on the disk before the answer is there. An error is
    /// a fault of this side, after which nothing has changed.
    pub fn handle(&mut self, request: &Request, now: DateTime<Utc>) -> Result<Answer> {
        match request {
            Request::Enrol(request) => self.enrol(request, now),
            Request::Push(request) => self.push(request, now),
            Request::Recover(request) => self.recover(request, now),
            Request::Hello(_) | Request::Pull(_) | Request::Recall(_) => {
                let answer = read(&self.ledger, request, now)?;
                answer.context("A request that changes nothing is answered by a reader")
            }
        }
    }

    fn push(&mut self, request: &PushRequest, now: DateTime<Utc>) -> Result<Answer> {
        let push = Prepared::of(request.clone())?;
        let mut plan = self.plan()?;
        let answer = plan.push(&push, now)?;
        let planned = plan.finish();
        self.commit(planned)?;
        Ok(answer)
    }

    fn recover(&mut self, request: &PushRequest, now: DateTime<Utc>) -> Result<Answer> {
        let push = Prepared::of(request.clone())?;
        let mut plan = self.plan()?;
        let answer = plan.recover(&push, now)?;
        let planned = plan.finish();
        self.commit(planned)?;
        Ok(answer)
    }

    /// Begins a batch for several requests, to be handed to [`Center::commit`].
    pub fn plan(&mut self) -> Result<Plan<'_, L>> {
        self.catch_up()?;
        Plan::new(&self.ledger, &self.folds, &self.salts, self.ground())
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
        let machine = request.machine.chars().filter(|it| !it.is_control());
        let machine: String = machine.take(ID_MAX_CHARS).collect();
        let desk = match enrolment.desk {
            Some(desk) => desk,
            None => self.new_desk(code_hash, machine, now)?,
        };
        Ok(Answer::Enrolled(Enrolled {
            desk,
            protocol,
            epoch,
            certificate: String::new(),
        }))
    }

    fn new_desk(&mut self, code_hash: Hash, machine: String, now: DateTime<Utc>) -> Result<DeskId> {
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
        // The epoch tells two desks apart of which the center has forgotten one.
        let epoch = self.ledger.feed()?.epoch;
        let known = self.ledger.desks()?;
        let is_free = |code: &String| known.iter().all(|it| it.id.code() != code);
        let mut codes = (1_usize..).map(|nth| format!("W{nth:02}"));
        let code = codes.find(is_free).context("A code that is free")?;
        let id = DeskId(format!("{code}-{epoch}"));
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
        self.commit(Planned(drafted))?;
        Ok(id)
    }

    /// 发放登记码: the one who holds it may enrol one desk.
    pub fn allow_enrolment(&mut self, code: &str) -> Result<()> {
        let code_hash = hash_of(code);
        ensure!(
            self.ledger.enrolment(code_hash)?.is_none(),
            "The code was given before"
        );
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
        let desk = None;
        draft.batch.enrolments.push(Enrolment { code_hash, desk });
        let drafted = draft.finish();
        self.commit(Planned(drafted))
    }

    /// 注销 a desk.
    pub fn revoke(&mut self, desk: &DeskId) -> Result<()> {
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
        let record = draft.desk(desk)?;
        let record = record.with_context(|| format!("No desk {}", desk.0))?;
        draft.put_desk(DeskRecord {
            is_revoked: true,
            ..record
        });
        let drafted = draft.finish();
        self.commit(Planned(drafted))
    }

    /// 更新参照表, for all from here on.
    pub fn change_reference(&mut self, reference: &Reference, now: DateTime<Utc>) -> Result<()> {
        let n_bytes = serde_json::to_string(reference)?.len();
        ensure!(
            n_bytes <= REFERENCE_MAX_BYTES,
            "A table of {n_bytes} bytes is too large"
        );
        self.catch_up()?;
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
        let mut references = self.references.clone();
        references.change(reference);
        draft.references = Some(references);
        let reference = reference.clone();
        draft.append("", None, &EntryBody::ReferenceChanged { reference }, now)?;
        let drafted = draft.finish();
        self.commit(Planned(drafted))
    }

    /// 新的一期, after the ledger was put back from a backup: whoever has read on comes back to here.
    pub fn begin_epoch(&mut self, reason: &str, now: DateTime<Utc>) -> Result<()> {
        let last = self.ledger.feed()?;
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let number = seconds.max(last.epoch + 1);
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
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
        self.commit(Planned(drafted))
    }

    /// 涂销: takes out what was said in these stories, in the feed and in the intents that it answers, and
    /// tells all desks to do the same. What was done, when and by whom stays.
    ///
    /// # Errors
    /// When a subject has no story; nothing is changed then.
    pub fn redact(
        &mut self,
        subjects: &[String],
        order: &RedactionOrder,
        now: DateTime<Utc>,
    ) -> Result<Redacted> {
        self.take_out(subjects, None, order, now)
    }

    /// 再次涂销 of stories in which words [have come back](crate::has_come_back) that were said by the moment at
    /// which they were redacted.
    ///
    /// # Errors
    /// As [`Center::redact`].
    pub fn redact_again(
        &mut self,
        subjects: &[String],
        said_by: DateTime<Utc>,
        order: &RedactionOrder,
        now: DateTime<Utc>,
    ) -> Result<Redacted> {
        self.take_out(subjects, Some(said_by), order, now)
    }

    fn take_out(
        &mut self,
        subjects: &[String],
        said_by: Option<DateTime<Utc>>,
        order: &RedactionOrder,
        now: DateTime<Utc>,
    ) -> Result<Redacted> {
        ensure!(
            order.asked_by != order.granted_by,
            "Nobody grants what he asked for"
        );
        let mut done = Redacted::default();
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
        for page in subjects.chunks(REDACTED_ORDERS_MAX) {
            let mut redacted = Vec::new();
            for id in page {
                match redaction::of_story(&self.ledger, id, said_by)? {
                    Some(story) => {
                        done.n_entries += story.entries.len();
                        done.n_intents += story.intents.len();
                        draft.batch.redacted.extend(story.entries);
                        draft.batch.redacted_intents.extend(story.intents);
                        draft.batch.unkeyed.push(id.clone());
                        redacted.push(RedactedSubject {
                            id: id.clone(),
                            said_by,
                            remains: story.remains,
                        });
                    }
                    None => done.bare.push(id.clone()),
                }
            }
            if redacted.is_empty() {
                continue;
            }
            done.subjects
                .extend(redacted.iter().map(|subject| subject.id.clone()));
            let body = EntryBody::Redacted(Redaction {
                subjects: redacted,
                ground: order.ground,
                asked_by: order.asked_by.clone(),
                granted_by: order.granted_by.clone(),
            });
            draft.append("", None, &body, now)?;
        }
        let drafted = draft.finish();
        self.commit(Planned(drafted))?;
        for id in &done.subjects {
            drop(self.folds.take(id));
        }
        Ok(done)
    }

    /// Takes what was overwritten off the disk.
    pub fn shred(&mut self) -> Result<()> {
        self.ledger.shred()
    }

    /// 已异机备份 up to there: desks may forget what stands before it.
    pub fn set_durable(&mut self, seq: u64) -> Result<()> {
        let feed = self.ledger.feed()?;
        ensure!(seq <= feed.end.seq, "Nothing stands at {seq} yet");
        let mut draft = Draft::new(&self.ledger, &self.folds, &self.salts)?;
        draft.batch.durable_seq = Some(seq);
        let drafted = draft.finish();
        self.commit(Planned(drafted))
    }

    /// Does what a person without a desk asks, or the center itself, such as 确认送达.
    pub fn act(&mut self, errand: &Errand, now: DateTime<Utc>) -> Result<Acted> {
        let mut plan = self.plan()?;
        let acted = plan.act(errand, now)?;
        let planned = plan.finish();
        self.commit(planned)?;
        Ok(acted)
    }

    /// The subject as the feed makes it.
    pub fn subject(&self, id: &str) -> Result<Option<Subject>> {
        match self.folds.get(id) {
            Some(subject) => Ok(Some(subject.clone())),
            None => subject(&self.ledger, id),
        }
    }

    fn catch_up(&mut self) -> Result<()> {
        if self.is_behind {
            self.references = references_of(&self.ledger)?;
            self.is_behind = false;
        }
        Ok(())
    }

    /// Commits what was planned on the ledger as it stands: all of it, or on a fault nothing.
    pub fn commit(&mut self, planned: Planned) -> Result<()> {
        let Planned(drafted) = planned;
        if drafted.batch.is_empty() {
            self.ledger.give_up();
            return Ok(());
        }
        let committed = self.ledger.commit(&drafted.batch);
        if committed.is_err() {
            self.folds.clear();
            self.is_behind = true;
        }
        committed?;
        for (id, subject) in drafted.folds {
            self.folds.put(id, subject);
        }
        if let Some(references) = drafted.references {
            self.references = references;
        }
        Ok(())
    }
}

/// The reference tables as the feed has them.
fn references_of(ledger: &impl Ledger) -> Result<References> {
    let mut references = References::default();
    for entry in ledger.news()? {
        let body = entry.read();
        let body = body.with_context(|| format!("Reading entry {}", entry.seq))?;
        if let EntryBody::ReferenceChanged { reference } = body {
            references.change(&reference);
        }
    }
    Ok(references)
}

fn hash_of(code: &str) -> Hash {
    let mut hash = Sha256::new();
    hash.update(b"hotline-desk/enrolment/1\0");
    hash.update(code.trim());
    Hash(hash.finalize().into())
}
