//! The feed: one entry for whatever all have to know, numbered without a gap and chained.

use chrono::{DateTime, Utc};
use domain::ActorId;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::act::Unread;
use crate::cover::{Cover, Salt};
use crate::envelope::{DeskId, Envelope};
use crate::hash::{Canonical, Hash};
use crate::redaction::Redaction;
use crate::reference::Reference;
use crate::verdict::{Accepted, LateFact, Parked, Refused};

/// Which feed. There is one; a field for it stands in every entry, so that others can come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    Work,
}

impl Stream {
    fn name(self) -> &'static str {
        match self {
            Self::Work => "work",
        }
    }
}

/// How far somebody has read: the last entry, and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    pub seq: u64,
    pub hash: Hash,
}

impl Cursor {
    /// Of somebody who has read nothing.
    pub const START: Self = Self {
        seq: 0,
        hash: Hash::CHAIN_START,
    };
}

/// One entry of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub stream: Stream,
    /// 期: one more each time the center was restored from a backup.
    pub epoch: u64,
    /// From 1 without a gap.
    pub seq: u64,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub recorded_at: DateTime<Utc>,
    /// The order or article whose story goes on; empty for what is about none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The intent that is answered; `None` for news.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// [`EntryBody`] as JSON, to the letter; once it is redacted, what is left of it.
    pub body: String,
    /// How the body stands in the hash.
    #[serde(default, skip_serializing_if = "Cover::is_bare")]
    pub cover: Cover,
    pub previous_hash: Hash,
    pub hash: Hash,
}

/// How the text of [`EntryBody::Accepted`] begins.
const ACCEPTED: &str = "{\"entry\":\"accepted\",";

/// Whose intent it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub desk: DeskId,
    pub number: u64,
    pub id: String,
    pub hash: Hash,
    pub kind: String,
    pub actor: ActorId,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum EntryBody {
    /// 已采纳.
    Accepted(Accepted),
    /// 已转至 another order: what was wanted of the one happened to the one it was merged into.
    Redirected {
        from: String,
        #[serde(flatten)]
        accepted: Accepted,
    },
    /// 未采纳.
    Refused(Refused),
    /// 事后事实.
    LateFact(LateFact),
    /// 暂存.
    Parked(Parked),
    /// 待认领: from the branch of a desk that has gone another way; a person decides what holds.
    Recovered {
        kind: String,
        command: String,
        /// The story it is about, in which it stands; in entries of before, it stands in none.
        about: String,
        /// When it counts as done; `None` in entries of before.
        #[serde(
            default,
            with = "chrono::serde::ts_milliseconds_option",
            skip_serializing_if = "Option::is_none"
        )]
        acted_at: Option<DateTime<Utc>>,
    },
    /// 参照表已更新.
    ReferenceChanged { reference: Reference },
    /// 工作站已登记.
    DeskEnrolled { desk: DeskId },
    /// 工作站已隔离: two went on under one number, or one was put back to an earlier day.
    DeskQuarantined { desk: DeskId, fork_at: u64 },
    /// 新的一期: the center was restored, and `restored_to` is all it had.
    EpochBegan { restored_to: u64, reason: String },
    /// 已涂销: who reads it takes out what it has of these stories up to here.
    Redacted(Redaction),
}

impl EntryBody {
    /// What happened, and to a merged order instead of which.
    pub fn accepted(&self) -> Option<&Accepted> {
        match self {
            Self::Accepted(accepted) | Self::Redirected { accepted, .. } => Some(accepted),
            Self::Refused(_)
            | Self::LateFact(_)
            | Self::Parked(_)
            | Self::Recovered { .. }
            | Self::ReferenceChanged { .. }
            | Self::DeskEnrolled { .. }
            | Self::DeskQuarantined { .. }
            | Self::EpochBegan { .. }
            | Self::Redacted(_) => None,
        }
    }

    /// As [`Self::accepted`], to keep.
    pub fn into_accepted(self) -> Option<Accepted> {
        if let Self::Accepted(accepted) | Self::Redirected { accepted, .. } = self {
            return Some(accepted);
        }
        None
    }

    /// When what it tells of was done, where somebody did something.
    pub fn acted_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Accepted(accepted) | Self::Redirected { accepted, .. } => Some(accepted.acted_at),
            Self::Refused(refused) => refused.kept.as_ref().and_then(|kept| kept.acted_at),
            Self::LateFact(late) => late.told.acted_at,
            Self::Recovered { acted_at, .. } => *acted_at,
            Self::Parked(_)
            | Self::ReferenceChanged { .. }
            | Self::DeskEnrolled { .. }
            | Self::DeskQuarantined { .. }
            | Self::EpochBegan { .. }
            | Self::Redacted(_) => None,
        }
    }

    /// Whether a person has to see to it: every such entry is one task of the list 待处理.
    pub fn is_task(&self) -> bool {
        match self {
            Self::Refused(refused) => !refused.conflict.is_settled(),
            Self::LateFact(_)
            | Self::Parked(_)
            | Self::Recovered { .. }
            | Self::DeskQuarantined { .. } => true,
            Self::Accepted(_)
            | Self::Redirected { .. }
            | Self::ReferenceChanged { .. }
            | Self::DeskEnrolled { .. }
            | Self::EpochBegan { .. }
            | Self::Redacted(_) => false,
        }
    }
}

/// What the center knows of an entry before it is sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    pub epoch: u64,
    pub after: Cursor,
    pub recorded_at: DateTime<Utc>,
    pub subject: String,
    pub origin: Option<Origin>,
    pub salt: Salt,
}

impl Entry {
    /// The next entry of the work stream.
    pub fn seal(sealing: Sealing, body: &EntryBody) -> serde_json::Result<Self> {
        let mut entry = Self {
            stream: Stream::Work,
            epoch: sealing.epoch,
            seq: sealing.after.seq + 1,
            recorded_at: sealing.recorded_at,
            subject: sealing.subject,
            origin: sealing.origin,
            body: serde_json::to_string(body)?,
            cover: Cover::Salted(sealing.salt),
            previous_hash: sealing.after.hash,
            hash: Hash::CHAIN_START,
        };
        entry.hash = entry.computed_hash();
        Ok(entry)
    }

    /// The hash over everything but `hash`; of a body with a cover over that instead. Frozen.
    pub fn computed_hash(&self) -> Hash {
        let covered = self.cover.hash_of(&self.body);
        let mut form = Canonical::new(match covered {
            None => b"hotline-desk/entry/1\0",
            Some(_) => b"hotline-desk/entry/2\0",
        });
        form.text(self.stream.name());
        form.number(self.epoch);
        form.number(self.seq);
        form.signed(self.recorded_at.timestamp_millis());
        form.text(&self.subject);
        form.present(self.origin.is_some());
        if let Some(origin) = &self.origin {
            form.text(&origin.desk.0);
            form.number(origin.number);
            form.text(&origin.id);
            form.hash(origin.hash);
            form.text(&origin.kind);
            form.text(&origin.actor.0);
        }
        match covered {
            None => form.text(&self.body),
            Some(covered) => form.hash(covered),
        }
        form.hash(self.previous_hash);
        form.finish()
    }

    /// Reads the body. What is not known yet stays as it is until the next update.
    pub fn read(&self) -> Result<EntryBody, Unread> {
        // Nearly all begin so. They are read as what they are, and not first into pieces of which nobody knows yet
        // what they are.
        let read = if self.body.starts_with(ACCEPTED) {
            serde_json::from_str(&self.body).map(EntryBody::Accepted)
        } else {
            serde_json::from_str(&self.body)
        };
        read.map_err(|error| Unread::Unsound {
            kind: "entry".to_owned(),
            because: error.to_string(),
        })
    }

    pub fn cursor(&self) -> Cursor {
        Cursor {
            seq: self.seq,
            hash: self.hash,
        }
    }
}

impl Origin {
    pub fn of(envelope: &Envelope) -> Self {
        Self {
            desk: envelope.desk.clone(),
            number: envelope.number,
            id: envelope.id.clone(),
            hash: envelope.hash,
            kind: envelope.kind.clone(),
            actor: envelope.actor.clone(),
        }
    }
}

/// Where a page does not follow from what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PageBreak {
    #[error("after {after} comes {found}")]
    NotNext { after: u64, found: u64 },
    #[error("{seq} does not follow from what stands before it")]
    OtherPast { seq: u64 },
    #[error("{seq} was changed on its way")]
    Changed { seq: u64 },
    #[error("{seq} is of epoch {found}, later than {epoch}")]
    LaterEpoch { seq: u64, epoch: u64, found: u64 },
}

/// Whether the entries follow one after the other from `after`; and where they lead. Every page is
/// verified before it is applied, whatever was agreed when it was asked for: it may have been
/// written before the center was restored.
pub fn verify_page(after: Cursor, epoch: u64, entries: &[Entry]) -> Result<Cursor, PageBreak> {
    let mut cursor = after;
    for entry in entries {
        let seq = entry.seq;
        if seq != cursor.seq + 1 {
            return Err(PageBreak::NotNext {
                after: cursor.seq,
                found: seq,
            });
        }
        if entry.previous_hash != cursor.hash {
            return Err(PageBreak::OtherPast { seq });
        }
        if entry.computed_hash() != entry.hash {
            return Err(PageBreak::Changed { seq });
        }
        if entry.epoch > epoch {
            return Err(PageBreak::LaterEpoch {
                seq,
                epoch,
                found: entry.epoch,
            });
        }
        cursor = entry.cursor();
    }
    Ok(cursor)
}

/// Entries that follow one from the other, and the first of them from `after`. Nothing but
/// [`verified`] makes one, so who has one need not look again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    after: Cursor,
    end: Cursor,
    entries: Vec<Entry>,
}

/// The entries as [`verify_page`] found them.
pub fn verified(after: Cursor, epoch: u64, entries: Vec<Entry>) -> Result<Verified, PageBreak> {
    let end = verify_page(after, epoch, &entries)?;
    Ok(Verified {
        after,
        end,
        entries,
    })
}

impl Verified {
    pub fn after(&self) -> Cursor {
        self.after
    }

    pub fn end(&self) -> Cursor {
        self.end
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}
