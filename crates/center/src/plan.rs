//! 一组: what several requests ask, decided one after the other and committed as one batch.
//!
//! Each sees what those before it did. A disk that syncs once for all of them does so much more in
//! a second; and since nothing is written before the batch is, a fault leaves nothing by halves.

use anyhow::{Result, ensure};
use chrono::{DateTime, Utc};
use domain::ActorId;
use domain::clock_face::date_of;
use wire::{
    Act, Answer, Cover, DeskId, DeskMoment, Envelope, Ground, Hash, Head, PROTOCOL, PushRequest,
    RuleSays, Salts, Subject,
};

use crate::draft::{Draft, Drafted};
use crate::folds::Folds;
use crate::ledger::{DeskRecord, Epoch, Feed, Ledger};
use crate::prepared::Prepared;
use crate::push;
use crate::reading::admit;

/// The name under which the center gives commands of its own, and keeps their chain.
pub(crate) const OWN_DESK: &str = "center";

/// What a person without a desk does: at the portal, from above, or the center itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Errand {
    pub actor: ActorId,
    pub subject: String,
    /// The identity of the intent: the same again is done once.
    pub id: String,
    pub act: Act,
    /// The version that the person saw; `None` where nobody looked.
    pub seen_version: Option<u32>,
}

/// What became of an errand. What was not done leaves no trace: the person was told at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Acted {
    /// In the feed at `seq`.
    Done {
        seq: u64,
    },
    /// It was answered before.
    Before,
    /// Others have acted since the person looked; being urged is no such act.
    Stale {
        current_version: u32,
    },
    Refused(RuleSays),
}

/// Requests on their way into one batch.
pub struct Plan<'a, L: Ledger> {
    draft: Draft<'a, L>,
    ground: Ground<'a>,
    feed: Feed,
    epoch: Option<Epoch>,
    begun: Begun<'a, L>,
}

/// What the ledger has begun for a plan: given up, unless the plan is finished and its batch committed.
struct Begun<'a, L: Ledger>(Option<&'a L>);

impl<L: Ledger> Drop for Begun<'_, L> {
    fn drop(&mut self) {
        if let Some(ledger) = self.0 {
            ledger.give_up();
        }
    }
}

/// A batch that is complete, and what the center remembers once it is committed.
pub struct Planned(pub(crate) Drafted);

impl<'a, L: Ledger> Plan<'a, L> {
    pub(crate) fn new(
        ledger: &'a L,
        folds: &'a Folds,
        salts: &'a Salts,
        ground: Ground<'a>,
    ) -> Result<Self> {
        ledger.begin()?;
        let begun = Begun(Some(ledger));
        Ok(Self {
            begun,
            draft: Draft::new(ledger, folds, salts)?,
            ground,
            feed: ledger.feed()?,
            epoch: ledger.epochs()?.pop(),
        })
    }

    pub fn push(&mut self, push: &Prepared, now: DateTime<Utc>) -> Result<Answer> {
        let desk = match admit(self.draft.desk(&push.desk)?, push.protocol) {
            Ok(desk) => desk,
            Err(answer) => return Ok(answer),
        };
        let (draft, epoch) = (&mut self.draft, self.epoch.as_ref());
        let told = push::push(draft, self.ground, epoch, push, desk, now)?;
        let head = self.head_of(&push.desk)?;
        Ok(told.unwrap_or_else(|| self.pushed(head)))
    }

    pub fn recover(&mut self, push: &Prepared, now: DateTime<Utc>) -> Result<Answer> {
        let desk = match admit(self.draft.desk(&push.desk)?, push.protocol) {
            Ok(desk) => desk,
            Err(answer) => return Ok(answer),
        };
        let told = push::recover(&mut self.draft, push, &desk, now)?;
        Ok(told.unwrap_or_else(|| self.pushed(desk.head)))
    }

    /// Does what a person without a desk asks, in a chain of the center's own.
    pub fn act(&mut self, errand: &Errand, now: DateTime<Utc>) -> Result<Acted> {
        if self.draft.is_answered(&errand.id)? {
            return Ok(Acted::Before);
        }
        let person = self.ground.references.actor(&errand.actor);
        let facts = self.ground.facts(now, &person);
        let seen = self.draft.subject(&errand.subject)?;
        let base_version = seen.map_or(0, Subject::version);
        let stands = |version| seen.map_or(version == 0, |it| it.stands_as_shown(version));
        if !errand.seen_version.is_none_or(stands) {
            let current_version = base_version;
            return Ok(Acted::Stale { current_version });
        }
        if let Err(says) = Subject::decide(&errand.subject, seen, &errand.act, &facts) {
            return Ok(Acted::Refused(says));
        }
        let desk = DeskId(OWN_DESK.to_owned());
        let record = self.draft.desk(&desk)?.unwrap_or_else(|| DeskRecord {
            id: desk.clone(),
            head: Head::START,
            forked_at: None,
            is_revoked: false,
            machine: String::new(),
        });
        let (kind, command) = errand.act.write()?;
        let rule_set = &self.ground.rule_sets.in_force_on(date_of(now)).id;
        let envelope = Envelope {
            desk: desk.clone(),
            number: record.head.number + 1,
            id: errand.id.clone(),
            subject: errand.subject.clone(),
            kind,
            command,
            cover: Cover::Salted(self.draft.salts.fresh()?),
            actor: errand.actor.clone(),
            occurred_at: now,
            rule_set: rule_set.clone(),
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
        let own = Prepared::of(request)?;
        let told = push::push(&mut self.draft, self.ground, None, &own, record, now)?;
        ensure!(told.is_none(), "The center's own chain broke: {told:?}");
        let seq = self.draft.end().seq;
        Ok(Acted::Done { seq })
    }

    pub fn finish(mut self) -> Planned {
        self.begun.0 = None;
        Planned(self.draft.finish())
    }

    fn head_of(&mut self, desk: &DeskId) -> Result<Head> {
        let record = self.draft.desk(desk)?;
        Ok(record.map_or(Head::START, |record| record.head))
    }

    fn pushed(&self, head: Head) -> Answer {
        let end = self.draft.end();
        push::pushed(self.feed.epoch, head, end, self.feed.durable_seq)
    }
}
