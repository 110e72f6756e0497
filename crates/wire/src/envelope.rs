//! 意图 on its way to the center: the row that the desk keeps, and what the person saw.

use chrono::{DateTime, Utc};
use domain::ActorId;
use domain::desk_clock::{DeskClock, Uptime};
use domain::rule_set::RuleSetId;
use domain::work_order::AssignmentNumber;
use serde::{Deserialize, Serialize};

use crate::cover::Cover;
use crate::hash::{Canonical, Hash};

/// 工作站编号 as the center gave it at the enrolment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeskId(pub String);

impl DeskId {
    /// As it stands in order numbers: what a person reads out. What follows it tells desks of two epochs
    /// apart, which no number needs.
    pub fn code(&self) -> &str {
        self.0.split_once('-').map_or(&self.0, |(code, _)| code)
    }
}

/// Where a chain of intents ends: the number of the last, and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub number: u64,
    pub hash: Hash,
}

impl Head {
    /// Of a desk that has no intent yet.
    pub const START: Self = Self {
        number: 0,
        hash: Hash::CHAIN_START,
    };
}

/// 意图 as it is pushed. Kept by the center for ever, as it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub desk: DeskId,
    /// From 1 without a gap.
    pub number: u64,
    /// `UUIDv7`: an identity, which says nothing about any order.
    pub id: String,
    /// The order, article, task, case or scheme it is about.
    pub subject: String,
    /// The name of the command's kind; those of articles begin with `kb_`, of cases with `supervise_`,
    /// of the assessment with `assess_`.
    pub kind: String,
    /// The command, as JSON, to the letter; empty once it is redacted.
    pub command: String,
    /// How the command stands in the hash.
    #[serde(default, skip_serializing_if = "Cover::is_bare")]
    pub cover: Cover,
    pub actor: ActorId,
    /// The desk's clock.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub occurred_at: DateTime<Utc>,
    /// The rules the desk decided by.
    pub rule_set: RuleSetId,
    /// The version of the subject that the person saw.
    pub base_version: u32,
    pub previous_hash: Hash,
    /// Missing in what was kept before desks recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub witness: Option<Witness>,
    pub hash: Hash,
}

/// 当时所见: under what circumstances the command was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Witness {
    /// The form of the command; the center keeps a reader for every form there ever was.
    pub schema: u32,
    /// The sign-in under which it was given.
    pub session: String,
    /// The hash of the story that was on the screen; `None` for what was not there yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen_hash: Option<Hash>,
    /// 轮次 of the order as the person saw it: its last assignment, 0 for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<AssignmentNumber>,
    /// How far the desk's clock was ahead at the last hello; `None` before the first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skew_ms: Option<i64>,
    /// How long the program had been running.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime: Option<DeskMoment>,
}

/// A moment of one run of the program, by a clock that nobody sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskMoment {
    /// Random for each start: moments of two runs cannot be compared.
    pub run: String,
    pub ms: u64,
}

impl Envelope {
    /// The hash of this form, over everything but `desk` and `hash`; of a command with a cover over that
    /// instead. Frozen. What has no witness is hashed as desks have kept intents from the beginning; a
    /// witness is hashed over that.
    pub fn computed_hash(&self) -> Hash {
        let covered = self.cover.hash_of(&self.command);
        let mut form = Canonical::new(match covered {
            None => b"hotline-desk/intent/1\0",
            Some(_) => b"hotline-desk/intent/3\0",
        });
        form.number(self.number);
        form.text(&self.id);
        form.text(&self.subject);
        form.text(&self.kind);
        match covered {
            None => form.text(&self.command),
            Some(covered) => form.hash(covered),
        }
        // What was taken out does not come back as something else.
        if self.cover.is_redacted() && !self.command.is_empty() {
            form.text(&self.command);
        }
        form.text(&self.actor.0);
        form.signed(self.occurred_at.timestamp_millis());
        form.text(&self.rule_set.0);
        form.signed(i64::from(self.base_version));
        form.hash(self.previous_hash);
        let hash = form.finish();
        self.witness
            .as_ref()
            .map_or(hash, |witness| witness.hash_over(hash))
    }

    /// The same with the hash that belongs to it.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        self.hash = self.computed_hash();
        self
    }

    pub fn head(&self) -> Head {
        Head {
            number: self.number,
            hash: self.hash,
        }
    }

    /// The desk's clocks, for a push that left the desk at `sent`.
    pub fn clock(&self, sent: &DeskMoment) -> DeskClock {
        let witness = self.witness.as_ref();
        let moment = witness.and_then(|witness| witness.uptime.as_ref());
        let is_one_run = |moment: &&DeskMoment| moment.run == sent.run;
        DeskClock {
            occurred_at: self.occurred_at,
            skew_ms: witness.and_then(|witness| witness.skew_ms),
            uptime: moment.filter(is_one_run).map(|moment| Uptime {
                given_at_ms: moment.ms,
                sent_at_ms: sent.ms,
            }),
        }
    }
}

impl Witness {
    fn hash_over(&self, intent: Hash) -> Hash {
        let mut form = Canonical::new(b"hotline-desk/intent/2\0");
        form.hash(intent);
        form.number(u64::from(self.schema));
        form.text(&self.session);
        form.present(self.seen_hash.is_some());
        self.seen_hash.into_iter().for_each(|hash| form.hash(hash));
        form.present(self.round.is_some());
        self.round
            .into_iter()
            .for_each(|round| form.number(u64::from(round.0)));
        form.present(self.skew_ms.is_some());
        self.skew_ms.into_iter().for_each(|skew| form.signed(skew));
        form.present(self.uptime.is_some());
        if let Some(moment) = &self.uptime {
            form.text(&moment.run);
            form.number(moment.ms);
        }
        form.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cover::Salt;

    fn envelope() -> Envelope {
        Envelope {
            desk: DeskId("W01".to_owned()),
            number: 1,
            id: "a".to_owned(),
            subject: "b".to_owned(),
            kind: "register".to_owned(),
            command: "{}".to_owned(),
            cover: Cover::Bare,
            actor: ActorId("1001".to_owned()),
            occurred_at: DateTime::from_timestamp_millis(1_795_396_500_000).unwrap(),
            rule_set: RuleSetId("QX-2023-66".to_owned()),
            base_version: 0,
            previous_hash: Hash::CHAIN_START,
            witness: None,
            hash: Hash::CHAIN_START,
        }
    }

    fn witness() -> Witness {
        Witness {
            schema: 1,
            session: "s".to_owned(),
            seen_hash: Some(Hash([7; 32])),
            round: Some(AssignmentNumber(2)),
            skew_ms: Some(-3),
            uptime: Some(DeskMoment {
                run: "r".to_owned(),
                ms: 9,
            }),
        }
    }

    /// The desk's own chain is the chain that is pushed: this is the value that its store freezes.
    #[test]
    fn the_hash_is_frozen() {
        assert_eq!(
            envelope().computed_hash().to_string(),
            "ec3a0030c381f63c29b8091ce8cc8b34fac87a5261ed2a78bab69bd8f0e9f9c2"
        );
    }

    #[test]
    fn every_change_changes_the_hash() {
        type Change = fn(&mut Envelope);
        let first = Envelope {
            witness: Some(witness()),
            ..envelope()
        };
        let changes: [Change; 18] = [
            |it| it.number = 2,
            |it| it.id = "c".to_owned(),
            |it| (it.id, it.subject) = ("ab".to_owned(), String::new()),
            |it| it.subject = "c".to_owned(),
            |it| it.kind = "dispatch".to_owned(),
            |it| it.command = "[]".to_owned(),
            |it| it.cover = Cover::Salted(Salt([1; 16])),
            |it| it.actor = ActorId("1002".to_owned()),
            |it| it.occurred_at += chrono::TimeDelta::milliseconds(1),
            |it| it.rule_set = RuleSetId("QX".to_owned()),
            |it| it.base_version = 1,
            |it| it.previous_hash = Hash([1; 32]),
            |it| it.witness = None,
            |it| it.witness.as_mut().unwrap().schema = 2,
            |it| it.witness.as_mut().unwrap().session = "t".to_owned(),
            |it| it.witness.as_mut().unwrap().seen_hash = None,
            |it| it.witness.as_mut().unwrap().skew_ms = None,
            |it| it.witness.as_mut().unwrap().uptime = None,
        ];
        for (nth, change) in changes.iter().enumerate() {
            let mut other = first.clone();
            change(&mut other);
            assert_ne!(other.computed_hash(), first.computed_hash(), "{nth}");
        }
        let elsewhere = Envelope {
            desk: DeskId("W02".to_owned()),
            ..first.clone()
        };
        assert_eq!(elsewhere.computed_hash(), first.computed_hash());
    }
}
