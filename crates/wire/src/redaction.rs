//! 涂销: what is left of a story when nobody may know any more whose it was.
//!
//! Every text goes but those that are listed here, so that what nobody thought of is gone rather than
//! kept. What stays says what was done, when, by which unit and by whom of the staff: the same rules fold
//! it to the same stage, limits and figures as before.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::ActorId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::entry::{Entry, EntryBody};
use crate::envelope::Envelope;
use crate::hash::{Canonical, Hash};

/// What stands where a text was taken out.
pub const REDACTED_TEXT: &str = "已涂销";
/// Orders in one entry.
pub const REDACTED_ORDERS_MAX: usize = 200;

/// Texts that are numbers, codes and names of the house's own.
const KEPT: [&str; 41] = [
    "actor",
    "article",
    "ask",
    "category_id",
    "channel",
    "class",
    "close_of_day",
    "conflict",
    "count_mode",
    "entry",
    "event",
    "explained",
    "feedback",
    "flag",
    "from",
    "ground",
    "id",
    "kind",
    "lane",
    "last_day",
    "limit",
    "line",
    "number",
    "of",
    "other_province_number",
    "outcome",
    "part",
    "review",
    "rule_set",
    "satisfaction",
    "solved",
    "source",
    "state",
    "subject",
    "superior",
    "township",
    "township_code",
    "unit",
    "until",
    "upstream_number",
    "write_off",
];
/// Names of variants where other forms have what somebody wrote.
const TAGS: [&str; 3] = ["because", "command", "reason"];
/// What is empty when it is not known, rather than a word.
const EMPTIED: [&str; 9] = [
    "address",
    "command",
    "contact_phone",
    "name",
    "phone",
    "about",
    "happened",
    "village_code",
    "wants",
];

/// 涂销事由.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedactionGround {
    /// 保存期满.
    Expired,
    /// 本人请求 (个人信息保护法 第四十七条).
    Asked,
}

/// 已涂销: which stories, and who answers for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// At most [`REDACTED_ORDERS_MAX`].
    pub subjects: Vec<RedactedSubject>,
    pub ground: RedactionGround,
    /// 提出人 and 批准人; two people.
    pub asked_by: ActorId,
    pub granted_by: ActorId,
}

/// One story, and the hash of what was left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedactedSubject {
    pub id: String,
    /// Where it is done again, because words had come back: what was said since then stays. `None` for all of the
    /// story that stands before this.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "chrono::serde::ts_milliseconds_option"
    )]
    pub said_by: Option<DateTime<Utc>>,
    /// Of what was redacted.
    pub remains: Hash,
}

impl RedactedSubject {
    /// Whether an entry of the story was redacted by the entry `seq`, which says this.
    pub fn covers(&self, entry: &Entry, seq: u64) -> bool {
        entry.seq < seq && self.said_by.is_none_or(|at| entry.is_said_by(at))
    }
}

/// The hash of what is left of a story, entry by entry.
pub fn remains(story: &[Entry]) -> Hash {
    let mut form = Canonical::new(b"hotline-desk/remains/1\0");
    for entry in story {
        form.number(entry.seq);
        form.text(&entry.body);
    }
    form.finish()
}

impl Entry {
    /// Whether it was in the feed at that moment, or tells what was done by then: the same of one entry for ever,
    /// whatever came to its story since.
    pub fn is_said_by(&self, at: DateTime<Utc>) -> bool {
        let acted_at = || self.read().ok().as_ref().and_then(EntryBody::acted_at);
        self.recorded_at <= at || acted_at().is_some_and(|acted_at| acted_at <= at)
    }

    /// The same entry without what was said, with the same hash; `None` for one of protocol 1, which has no
    /// salt, and for one that is redacted already.
    pub fn redacted(&self) -> Option<Self> {
        if self.cover.is_redacted() {
            return None;
        }
        Some(Self {
            cover: self.cover.redacted(&self.body)?,
            body: without_texts(&self.body),
            ..self.clone()
        })
    }
}

impl Envelope {
    /// The same intent without its command; `None` as for an entry.
    pub fn redacted(&self) -> Option<Self> {
        if self.cover.is_redacted() {
            return None;
        }
        Some(Self {
            cover: self.cover.redacted(&self.command)?,
            command: String::new(),
            ..self.clone()
        })
    }
}

/// Between the name of a file and the hash of its bytes, in a text.
pub const FILE_MARK: &str = "#sha256=";
const HASH_CHARS: usize = 64;

/// The files that texts name: what is attached goes with what was said.
pub fn files_named(text: &str) -> BTreeSet<Hash> {
    let behind = text.split(FILE_MARK).skip(1);
    let hashes = behind.filter_map(|it| it.get(..HASH_CHARS)?.parse().ok());
    hashes.collect()
}

/// The body of an entry without its texts. What is no JSON is nothing but text.
fn without_texts(body: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(body) else {
        return String::new();
    };
    strip("", &mut value);
    value.to_string()
}

fn strip(key: &str, value: &mut Value) {
    match value {
        Value::String(text) => {
            if !text.is_empty() && !is_kept(key, text) {
                text.clear();
                if !EMPTIED.contains(&key) {
                    text.push_str(REDACTED_TEXT);
                }
            }
        }
        Value::Array(values) => {
            if !KEPT_LISTS.contains(&key) {
                values.retain(|value| !value.is_string());
            }
            for value in values {
                strip(key, value);
            }
        }
        Value::Object(fields) => fields.iter_mut().for_each(|(key, value)| strip(key, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Lists of codes.
const KEPT_LISTS: [&str; 2] = ["kinds", "units"];

fn is_kept(key: &str, text: &str) -> bool {
    let is_tag = || text.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
    KEPT.contains(&key) || KEPT_LISTS.contains(&key) || (TAGS.contains(&key) && is_tag())
}
