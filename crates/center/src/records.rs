//! What the center's server keeps beside the ledger: accounts, sessions, the rows of units, lookup
//! codes, what is to be sent. A durable ordered table of texts in the same database as the ledger.
//!
//! The feed stays the only truth about orders and articles: what a record says of them is drawn from
//! it and can be drawn again. What is nowhere in the feed (a password's verifier) is here alone.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

/// Bytes of the name of a kind.
pub const KIND_MAX_BYTES: usize = 64;
/// Bytes of a key.
pub const KEY_MAX_BYTES: usize = 512;
/// Bytes of a body.
pub const BODY_MAX_BYTES: usize = 4 << 20;
/// Changes in one write.
pub const CHANGES_MAX: usize = 10_000;

/// One row of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub key: String,
    /// JSON.
    pub body: String,
}

/// What must stand at a key for a change to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    Anything,
    Nothing,
    Body(String),
}

/// A row as it is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordChange {
    /// A table name of ours.
    pub kind: &'static str,
    pub key: String,
    pub expected: Expected,
    /// `None` removes it.
    pub body: Option<String>,
}

impl RecordChange {
    /// Writes a row, whatever stood there.
    pub fn put(kind: &'static str, key: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            kind,
            key: key.into(),
            expected: Expected::Anything,
            body: Some(body.into()),
        }
    }

    /// Removes a row, whether it was there or not.
    pub fn remove(kind: &'static str, key: impl Into<String>) -> Self {
        Self {
            kind,
            key: key.into(),
            expected: Expected::Anything,
            body: None,
        }
    }

    /// Only where no row stands.
    #[must_use]
    pub fn if_new(self) -> Self {
        let expected = Expected::Nothing;
        Self { expected, ..self }
    }

    /// Only where the row is as it was read, to the letter.
    #[must_use]
    pub fn if_still(self, body: impl Into<String>) -> Self {
        let expected = Expected::Body(body.into());
        Self { expected, ..self }
    }
}

/// What became of a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Written {
    Done,
    /// A row was not what a change expected. Nothing was written.
    Conflict,
}

/// A table of records. Several may be open on one database at once; reads show what was written.
///
/// Keys are ordered by their bytes. Kinds have nothing to do with each other.
pub trait Records {
    fn get(&self, kind: &str, key: &str) -> Result<Option<String>>;

    /// At most `n_max` rows whose keys begin with `prefix`, from `from` (inclusive) on, in order.
    fn range(&self, kind: &str, prefix: &str, from: &str, n_max: usize) -> Result<Vec<Record>>;

    /// All of it or nothing, on the disk when it returns. A change sees the ones before it.
    fn write(&mut self, changes: &[RecordChange]) -> Result<Written>;
}

/// Whatever store a configuration names.
impl<R: Records + ?Sized> Records for Box<R> {
    fn get(&self, kind: &str, key: &str) -> Result<Option<String>> {
        (**self).get(kind, key)
    }

    fn range(&self, kind: &str, prefix: &str, from: &str, n_max: usize) -> Result<Vec<Record>> {
        (**self).range(kind, prefix, from, n_max)
    }

    fn write(&mut self, changes: &[RecordChange]) -> Result<Written> {
        (**self).write(changes)
    }
}

/// Faults for what is over a limit. It is the caller who knows how to say so to a person.
pub(crate) fn check_limits(changes: &[RecordChange]) -> Result<()> {
    let n = changes.len();
    ensure!(n <= CHANGES_MAX, "{n} changes are too many for one write");
    for RecordChange {
        kind, key, body, ..
    } in changes
    {
        let n_bytes = body.as_ref().map_or(0, String::len);
        ensure!(
            kind.len() <= KIND_MAX_BYTES && !kind.contains('\0'),
            "Not a kind of record: {kind:?}"
        );
        ensure!(
            key.len() <= KEY_MAX_BYTES && !key.contains('\0'),
            "Not a key of {kind}: {key:?}"
        );
        ensure!(
            n_bytes <= BODY_MAX_BYTES,
            "{n_bytes} bytes are too many for {kind} {key}"
        );
        ensure!(
            !body.as_ref().is_some_and(|body| body.contains('\0')),
            "No JSON at {kind} {key}"
        );
    }
    Ok(())
}

/// What a write leaves at each kind and key it names; `None` where it removes a row.
pub(crate) type Settled<'a> = BTreeMap<(&'static str, &'a str), Option<&'a str>>;

/// Settles a write: each change is held against what is there and what the changes before it made.
/// `None` when one of them did not find what it expected.
pub(crate) fn settled(
    changes: &[RecordChange],
    mut there: impl FnMut(&str, &str) -> Result<Option<String>>,
) -> Result<Option<Settled<'_>>> {
    let mut settled = Settled::new();
    for change in changes {
        let at = (change.kind, change.key.as_str());
        let expected = match &change.expected {
            Expected::Anything => None,
            Expected::Nothing => Some(None),
            Expected::Body(body) => Some(Some(body.as_str())),
        };
        if let Some(expected) = expected {
            let is_met = match settled.get(&at) {
                Some(body) => *body == expected,
                None => there(change.kind, &change.key)?.as_deref() == expected,
            };
            if !is_met {
                return Ok(None);
            }
        }
        settled.insert(at, change.body.as_deref());
    }
    Ok(Some(settled))
}
