//! What is fetched in files: the feed for a desk that is new, and attachments; and how two sides are
//! held against each other.

use serde::{Deserialize, Serialize};

use crate::entry::{Cursor, Entry, Stream};
use crate::hash::Hash;
use crate::tally::Tally;

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
