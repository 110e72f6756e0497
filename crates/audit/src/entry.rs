//! One entry, its canonical bytes and its place in the chain.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// The longest text of an entry, in characters; more is cut off.
pub const TEXT_MAX_CHARS: usize = 200;
/// The most names of fields in one entry.
const FIELDS_MAX: usize = 40;
/// What the bytes begin with that are hashed. Frozen.
const FORM: &[u8] = b"hotline audit entry 1\0";

/// 结果.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 已办: written together with what was done.
    Done,
    /// 已查看: written before it was shown.
    Shown,
    /// 被拒: a rule said no.
    Refused,
    /// 无权限: the role may not even ask.
    Denied,
    /// 未成: it was let in and did not come to an end.
    Failed,
}

impl Outcome {
    pub const ALL: [Self; 5] = [
        Self::Done,
        Self::Shown,
        Self::Refused,
        Self::Denied,
        Self::Failed,
    ];

    /// Its name in stores and in the bytes that are hashed. Frozen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Shown => "shown",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// 审计条目. Names of fields, never values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// UTC milliseconds, by the clock of whoever keeps the chain.
    pub at_ms: i64,
    /// 人员编号; as it was typed, for a sign-in that failed.
    pub actor: String,
    /// 工作站, or the center.
    pub desk: String,
    /// The sign-in under which it was done.
    pub session: String,
    /// What was done: the name of a call or a command. Frozen once shipped.
    pub act: String,
    /// To what: an order's id, a masked number.
    pub object: String,
    /// 用途, where one must be given.
    pub purpose: String,
    /// The names of the fields that were shown, and of the commands that were given.
    pub fields: Vec<String>,
    pub outcome: Outcome,
}

impl Entry {
    /// The entry as it is kept: no text is too long, and none has a character that would end a line.
    #[must_use]
    pub fn cleaned(self) -> Self {
        let mut fields: Vec<String> = self.fields.iter().map(|it| clean(it)).collect();
        fields.truncate(FIELDS_MAX);
        Self {
            actor: clean(&self.actor),
            desk: clean(&self.desk),
            session: clean(&self.session),
            act: clean(&self.act),
            object: clean(&self.object),
            purpose: clean(&self.purpose),
            fields,
            ..self
        }
    }
}

/// Control characters and the marks that turn the direction of a line become a visible one.
fn clean(text: &str) -> String {
    let is_plain = |it: char| {
        !it.is_control()
            && !matches!(it, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars()
        .take(TEXT_MAX_CHARS)
        .map(|it| if is_plain(it) { it } else { '�' })
        .collect()
}

/// 散列算法 of a chain, kept with every entry so that another can follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alg {
    #[serde(rename = "sha-256")]
    Sha256,
}

impl Alg {
    /// Frozen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        (name == Self::Sha256.name()).then_some(Self::Sha256)
    }
}

/// A hash; 64 hex digits as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What the first entry has as the hash of the one before it.
    pub const START: Self = Self([0; 32]);

    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = HEXLOWER_PERMISSIVE.decode(text.as_bytes()).ok()?;
        Some(Self(bytes.try_into().ok()?))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEXLOWER.encode_mut_str(&self.0, &mut [0; 64]))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(HEXLOWER.encode_mut_str(&self.0, &mut [0; 64]))
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| D::Error::custom("a hash is 64 hex digits"))
    }
}

/// Where a chain ends: the last number and its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub n: u64,
    pub hash: Digest,
}

impl Head {
    /// Of a chain without an entry.
    pub const START: Self = Self {
        n: 0,
        hash: Digest::START,
    };
}

/// An entry in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// From 1 without a gap.
    pub n: u64,
    pub entry: Entry,
    pub alg: Alg,
    pub previous: Digest,
    pub hash: Digest,
}

impl Link {
    /// The entry as the next of a chain.
    pub fn after(head: Head, entry: Entry) -> Self {
        let link = Self {
            n: head.n + 1,
            entry: entry.cleaned(),
            alg: Alg::Sha256,
            previous: head.hash,
            hash: Digest::START,
        };
        let hash = link.computed();
        Self { hash, ..link }
    }

    pub fn head(&self) -> Head {
        Head {
            n: self.n,
            hash: self.hash,
        }
    }

    /// The hash that the entry must have: numbers as eight bytes, texts as their length in eight bytes
    /// and their UTF-8, all big-endian. Frozen.
    pub fn computed(&self) -> Digest {
        let Entry {
            at_ms,
            actor,
            desk,
            session,
            act,
            object,
            purpose,
            fields,
            outcome,
        } = &self.entry;
        let mut hash = match self.alg {
            Alg::Sha256 => Sha256::new(),
        };
        hash.update(FORM);
        text(&mut hash, self.alg.name());
        hash.update(self.previous.0);
        hash.update(self.n.to_be_bytes());
        hash.update(at_ms.to_be_bytes());
        for part in [actor, desk, session, act, object, purpose] {
            text(&mut hash, part);
        }
        hash.update((fields.len() as u64).to_be_bytes());
        for field in fields {
            text(&mut hash, field);
        }
        text(&mut hash, outcome.name());
        Digest(hash.finalize().into())
    }
}

fn text(hash: &mut Sha256, text: &str) {
    hash.update((text.len() as u64).to_be_bytes());
    hash.update(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn entry() -> Entry {
        Entry {
            at_ms: 1_795_396_500_000,
            actor: "1001".to_owned(),
            desk: "W01".to_owned(),
            session: "s".to_owned(),
            act: "reveal_phone".to_owned(),
            object: "order-1".to_owned(),
            purpose: "call_back".to_owned(),
            fields: vec!["phone".to_owned()],
            outcome: Outcome::Shown,
        }
    }

    #[test]
    fn the_hash_is_frozen() {
        let link = Link::after(Head::START, entry());
        assert_eq!(link.n, 1);
        expect_test::expect!["19098efa0f7c5d219dc9a8ddd550bf467df3a9fda1d99bf06915e47f801a01b9"]
            .assert_eq(&link.hash.to_string());
    }

    /// A line of a log or a report stays one line, whatever was typed where.
    #[test]
    fn nothing_in_an_entry_begins_a_line_of_its_own() {
        let hostile = "1001\r\n2026-11-23 管理员 已注销\u{1b}[2J\u{202e}";
        let kept = Entry {
            actor: hostile.to_owned(),
            object: "长".repeat(500),
            fields: vec!["\n".to_owned(); 100],
            ..entry()
        }
        .cleaned();
        assert_eq!(kept.actor, "1001��2026-11-23 管理员 已注销�[2J�");
        assert_eq!(kept.object.chars().count(), TEXT_MAX_CHARS);
        assert_eq!(kept.fields, vec!["�"; FIELDS_MAX]);
    }

    #[test]
    fn names_there_and_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::named(outcome.name()), Some(outcome));
        }
        assert_eq!(Alg::named(Alg::Sha256.name()), Some(Alg::Sha256));
        assert_eq!(Alg::named("md5"), None);
        let hash = Link::after(Head::START, entry()).hash;
        assert_eq!(Digest::from_hex(&hash.to_string()), Some(hash));
        assert_eq!(Digest::from_hex("00"), None);
    }
}
