//! All that a desk asks the center, and what it is answered.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::entry::{Cursor, Entry};
use crate::envelope::{DeskId, DeskMoment, Envelope, Head};
use crate::version::{ProtocolRange, TooOld};

/// What a desk asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// 登记 of a desk with a code that is good once.
    Enrol(EnrolRequest),
    Hello(Hello),
    Push(PushRequest),
    /// 补传: intents of a desk in quarantine, for a person to decide on.
    Recover(PushRequest),
    Pull(PullRequest),
    /// The desk's own intents, which it lost.
    Recall(RecallRequest),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    pub protocol: ProtocolRange,
    pub code: String,
    /// What the machine is called, for the list of desks.
    pub machine: String,
    /// The key the desk has made for itself: `SubjectPublicKeyInfo`, DER, base64. The center's
    /// certificate for it is what the desk shows from then on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub public_key: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    pub desk: DeskId,
    pub protocol: ProtocolRange,
    /// The program's version, for the list of desks.
    pub program: String,
    /// The desk's clock when it asked.
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub desk_time: DateTime<Utc>,
    /// Where the desk's chain of intents ends.
    pub head: Head,
    pub epoch: u64,
    pub cursor: Cursor,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    pub desk: DeskId,
    pub protocol: u32,
    /// When the push left the desk, by the clock that nobody sets.
    pub sent: DeskMoment,
    pub envelopes: Vec<Envelope>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullRequest {
    pub desk: DeskId,
    pub protocol: u32,
    pub epoch: u64,
    pub cursor: Cursor,
    pub entries_max: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecallRequest {
    pub desk: DeskId,
    pub protocol: u32,
    /// The last intent that the desk still has.
    pub after: u64,
}

/// What the center answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    Enrolled(Enrolled),
    Greeting(Greeting),
    Pushed(PushAnswer),
    /// Intents are missing before what was pushed.
    Gap {
        expected: u64,
    },
    Page(Page),
    Rewind(Rewind),
    Recalled(Recalled),
    /// 隔离: nothing of this desk is decided any more.
    Quarantined(Quarantine),
    /// 需要升级.
    TooOld {
        who: TooOld,
    },
    /// 未登记 or 已注销, or a code that is not good.
    Unauthorised,
    /// More than the limits allow, or not what it says it is; sending it again changes nothing.
    Malformed {
        because: String,
    },
    /// Come again later.
    Busy {
        after_ms: u64,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    pub desk: DeskId,
    pub protocol: u32,
    pub epoch: u64,
    /// For the desk's key, PEM; empty where it sent none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub certificate: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Greeting {
    pub protocol: u32,
    pub epoch: u64,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    pub center_time: DateTime<Utc>,
    /// Where the center has this desk's chain end.
    pub head: Head,
    pub feed: Cursor,
    /// 已异机备份: what stands up to here the center cannot lose any more.
    pub durable_seq: u64,
    /// 本机保留: days for which desks keep what was said in orders that are over; `None`: for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
}

/// 调阅: asks for the story of an order that the desk has put away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryRequest {
    pub subject: String,
}

/// All entries of it, in order. The desk has the hash of each and takes no other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryTold {
    pub entries: Vec<Entry>,
}

/// What became of a push. Advice: what counts comes with the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushAnswer {
    pub epoch: u64,
    pub head: Head,
    pub feed: Cursor,
    pub durable_seq: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub epoch: u64,
    pub entries: Vec<Entry>,
    /// Where the feed ends.
    pub feed: Cursor,
    pub durable_seq: u64,
}

/// The center does not have what the desk has read: back to where both are sure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rewind {
    pub epoch: u64,
    pub to: Cursor,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recalled {
    pub envelopes: Vec<Envelope>,
    /// Where the center has this desk's chain end.
    pub head: Head,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    pub fork_at: u64,
}
