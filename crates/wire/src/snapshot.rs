//! What is fetched in files: the feed for a desk that is new, and attachments; and how two sides are
//! held against each other.

use std::io::Read as _;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::entry::{Cursor, Entry, Stream};
use crate::hash::Hash;
use crate::limit::{MESSAGE_MAX_BYTES, SNAPSHOT_PARTS_MAX};
use crate::tally::Tally;

/// Packed once, read by every desk: worth some time.
const PACK_LEVEL: i32 = 9;

/// 快照 of the feed: its beginning in parts that never change, packed once for all desks. A desk
/// needs the whole of it: it shows stories, it takes back what the center lost, and until the next
/// backup it is one. What comes after the last part comes by pulling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotManifest {
    pub stream: Stream,
    pub epoch: u64,
    /// Where the last part ends.
    pub at: Cursor,
    /// Where the feed ends.
    pub feed: Cursor,
    pub n_bytes: u64,
    pub parts: Vec<SnapshotPart>,
}

/// One part: [`PartBody`] as JSON, packed with zstd. Fetched by its place in the manifest, from 0,
/// and taken up again anywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotPart {
    /// Of the packed bytes.
    pub sha256: Hash,
    pub n_bytes: u64,
    /// Of the bytes when they are unpacked; no part may ask for more.
    pub n_unpacked: u64,
    /// Where its entries end; they begin where those of the part before it end.
    pub end: Cursor,
}

/// What is in a part. It is verified as any page is: each entry has to follow from the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartBody {
    pub entries: Vec<Entry>,
}

/// Why a part is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PartFault {
    #[error("it is not what the manifest says")]
    OtherBytes,
    #[error("what is in it cannot be read")]
    Unreadable,
    #[error("it does not end where the manifest says")]
    OtherEnd,
}

impl SnapshotManifest {
    /// Whether the parts can be what they say: one after the other, and none beyond the limits.
    pub fn is_sound(&self) -> bool {
        let limit = MESSAGE_MAX_BYTES as u64;
        let mut seq = 0;
        let is_next = |part: &SnapshotPart| {
            let is_further = part.end.seq > seq;
            seq = part.end.seq;
            is_further && part.n_bytes > 0 && part.n_bytes <= limit && part.n_unpacked <= limit
        };
        self.parts.len() <= SNAPSHOT_PARTS_MAX && self.parts.iter().all(is_next)
    }

    /// The first part with something after `cursor`, and its place.
    pub fn part_after(&self, cursor: Cursor) -> Option<(usize, SnapshotPart)> {
        let nth = self.parts.partition_point(|it| it.end.seq <= cursor.seq);
        self.parts.get(nth).map(|part| (nth, *part))
    }
}

impl SnapshotPart {
    /// Packs the entries of a part; `None` for one that has none.
    pub fn pack(body: &PartBody) -> std::io::Result<Option<(Self, Vec<u8>)>> {
        let Some(last) = body.entries.last() else {
            return Ok(None);
        };
        let plain = serde_json::to_vec(body)?;
        let packed = zstd::encode_all(plain.as_slice(), PACK_LEVEL)?;
        let part = Self {
            sha256: Hash::of(&packed),
            n_bytes: packed.len() as u64,
            n_unpacked: plain.len() as u64,
            end: last.cursor(),
        };
        Ok(Some((part, packed)))
    }

    /// What is in the packed bytes, if they are this part's.
    pub fn open(&self, packed: &[u8]) -> Result<Vec<Entry>, PartFault> {
        if packed.len() as u64 != self.n_bytes || Hash::of(packed) != self.sha256 {
            return Err(PartFault::OtherBytes);
        }
        let unpacked = zstd::Decoder::new(packed).map_err(|_not_packed| PartFault::Unreadable)?;
        let mut plain = Vec::new();
        unpacked
            .take(self.n_unpacked.min(MESSAGE_MAX_BYTES as u64))
            .read_to_end(&mut plain)
            .map_err(|_torn| PartFault::Unreadable)?;
        let body: PartBody =
            serde_json::from_slice(&plain).map_err(|_unread| PartFault::Unreadable)?;
        if body.entries.last().map(Entry::cursor) != Some(self.end) {
            return Err(PartFault::OtherEnd);
        }
        Ok(body.entries)
    }
}

/// How much of an attachment is there. An attachment is named by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobState {
    pub sha256: Hash,
    /// From the beginning on.
    pub n_bytes: u64,
    pub is_whole: bool,
}

/// Asks whether both sides have the same at one place of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRequest {
    pub epoch: u64,
    pub at: Cursor,
    pub tally: Tally,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verified", rename_all = "snake_case")]
pub enum Verification {
    Same,
    /// The desk keeps its intents, builds what is confirmed anew, and reports it.
    Differs {
        tally: Tally,
    },
    /// The center does not stand there any more, or not yet.
    Elsewhere,
}
