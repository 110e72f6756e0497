//! Whole states and files: forms for starting a desk from a snapshot, for attachments, and for
//! comparing two sides.

use serde::{Deserialize, Serialize};

use crate::entry::{Cursor, Stream};
use crate::hash::Hash;

/// What a snapshot is made of. Its parts are fetched one by one and can be taken up again anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotManifest {
    pub stream: Stream,
    pub epoch: u64,
    /// The feed goes on from here.
    pub at: Cursor,
    /// The hash of every story in it, in the order of the subjects.
    pub state_hash: Hash,
    pub n_bytes: u64,
    pub parts: Vec<PartHash>,
}

/// One part of a file, of [`crate::limit::PART_BYTES`] but for the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartHash {
    pub sha256: Hash,
}

/// A stretch of an attachment, which is named by its hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlobRange {
    pub sha256: Hash,
    pub from_byte: u64,
    pub n_bytes: u64,
    pub of_bytes: u64,
}

/// Asks whether both sides have the same state at one place of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyRequest {
    pub epoch: u64,
    pub at: Cursor,
    pub state_hash: Hash,
    pub n_orders: u64,
    pub n_articles: u64,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verified", rename_all = "snake_case")]
pub enum Verification {
    Same,
    /// The desk keeps its intents, builds what is confirmed anew, and reports it.
    Differs {
        n_orders: u64,
        n_articles: u64,
    },
    /// The center does not stand there any more, or not yet.
    Elsewhere,
}
