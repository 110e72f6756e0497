//! 附件: files named by their hash. They come in parts, one after the other, from wherever the last
//! one left off; a file bears its name only when it is whole and the name is right.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result};
use thiserror::Error;
use wire::limit::{BLOB_MAX_BYTES, PART_BYTES};
use wire::{BlobState, Hash};

use crate::folder::{BLOBS_FOLDER, hash_file, make_private, sync_folder};

const PARTIAL_FOLDER: &str = "blobs-partial";
/// Files that have begun and are not whole.
const PARTIALS_MAX: usize = 256;
/// One that nobody goes on with is removed.
const PARTIAL_KEPT: Duration = Duration::from_secs(24 * 3_600);

/// Why a part is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BlobRefusal {
    #[error("an attachment has at most {BLOB_MAX_BYTES} bytes")]
    TooLarge,
    /// It goes on from elsewhere, or somebody else is at it.
    #[error("the attachment goes on from another byte")]
    Elsewhere(BlobState),
    #[error("the attachment is not what it is called")]
    OtherContent,
    #[error("too many attachments have begun")]
    TooMany,
}

/// Where attachments are kept.
#[derive(Debug)]
pub struct Blobs {
    folder: PathBuf,
    partial: PathBuf,
    /// Those that are written to at this moment.
    in_hand: Mutex<BTreeSet<Hash>>,
}

/// A stretch of a file.
#[derive(Debug, PartialEq, Eq)]
pub struct Stretch {
    pub bytes: Vec<u8>,
    pub from_byte: u64,
    pub of_bytes: u64,
}

impl Blobs {
    pub(crate) fn new(data: &Path) -> Self {
        Self {
            folder: data.join(BLOBS_FOLDER),
            partial: data.join(PARTIAL_FOLDER),
            in_hand: Mutex::default(),
        }
    }

    /// How much of it is there.
    pub fn state(&self, sha256: Hash) -> Result<BlobState> {
        let length = |path: PathBuf| match std::fs::metadata(path) {
            Ok(file) => Ok(Some(file.len())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).context("Looking for an attachment"),
        };
        let whole = length(self.path_of(sha256))?;
        let partial = length(self.partial_of(sha256))?;
        Ok(BlobState {
            sha256,
            n_bytes: whole.or(partial).unwrap_or(0),
            is_whole: whole.is_some(),
        })
    }

    /// Takes the next part of a file that has `of_bytes`. What is there already is told and not
    /// written again.
    pub fn put(
        &self,
        sha256: Hash,
        from_byte: u64,
        of_bytes: u64,
        bytes: &[u8],
    ) -> Result<Result<BlobState, BlobRefusal>> {
        if of_bytes > BLOB_MAX_BYTES || bytes.len() > PART_BYTES {
            return Ok(Err(BlobRefusal::TooLarge));
        }
        let Some(_in_hand) = InHand::take(&self.in_hand, sha256) else {
            return Ok(Err(BlobRefusal::Elsewhere(self.state(sha256)?)));
        };
        let state = self.state(sha256)?;
        if state.is_whole {
            return Ok(Ok(state));
        }
        let to_byte = from_byte.saturating_add(bytes.len() as u64);
        if state.n_bytes != from_byte || to_byte > of_bytes {
            return Ok(Err(BlobRefusal::Elsewhere(state)));
        }
        make_private(&self.partial)?;
        if from_byte == 0 && std::fs::read_dir(&self.partial)?.count() >= PARTIALS_MAX {
            return Ok(Err(BlobRefusal::TooMany));
        }
        let partial = self.partial_of(sha256);
        let mut options = OpenOptions::new();
        let mut file = options
            .append(true)
            .create(true)
            .mode(0o600)
            .open(&partial)
            .context("Opening an attachment")?;
        let written = file.write_all(bytes).and_then(|()| file.sync_data());
        if let Err(error) = written {
            // What was written of this part is taken back: the next try goes on from before it.
            file.set_len(from_byte)?;
            return Err(error).context("Writing an attachment");
        }
        if to_byte == of_bytes {
            return self.name(sha256, &partial);
        }
        self.state(sha256).map(Ok)
    }

    /// Gives a file that is whole its name, if it is right.
    fn name(&self, sha256: Hash, partial: &Path) -> Result<Result<BlobState, BlobRefusal>> {
        if hash_file(partial)? != sha256.to_string() {
            std::fs::remove_file(partial)?;
            return Ok(Err(BlobRefusal::OtherContent));
        }
        let path = self.path_of(sha256);
        if let Some(folder) = path.parent() {
            make_private(folder)?;
            std::fs::rename(partial, &path)?;
            sync_folder(folder)?;
            sync_folder(&self.folder)?;
        }
        self.state(sha256).map(Ok)
    }

    /// Reads from a byte on, at most [`PART_BYTES`]; `None` for a file that is not there whole.
    pub fn read(&self, sha256: Hash, from_byte: u64) -> Result<Option<Stretch>> {
        let mut file = match File::open(self.path_of(sha256)) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).context("Opening an attachment"),
        };
        let of_bytes = file.metadata()?.len();
        file.seek(SeekFrom::Start(from_byte.min(of_bytes)))?;
        let mut bytes = Vec::new();
        file.take(PART_BYTES as u64).read_to_end(&mut bytes)?;
        Ok(Some(Stretch {
            bytes,
            from_byte,
            of_bytes,
        }))
    }

    /// 涂销: removes a whole file; whether it was there.
    pub(crate) fn remove(&self, sha256: Hash) -> Result<bool> {
        match std::fs::remove_file(self.path_of(sha256)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error).context("Removing an attachment"),
        }
    }

    /// Removes what nobody has gone on with.
    pub(crate) fn sweep(&self) -> Result<usize> {
        if !self.partial.exists() {
            return Ok(0);
        }
        let mut n_removed = 0;
        for entry in std::fs::read_dir(&self.partial)? {
            let entry = entry?;
            let changed_at = entry.metadata()?.modified()?;
            let age = SystemTime::now().duration_since(changed_at);
            if age.is_ok_and(|age| age > PARTIAL_KEPT) {
                std::fs::remove_file(entry.path())?;
                n_removed += 1;
            }
        }
        Ok(n_removed)
    }

    fn path_of(&self, sha256: Hash) -> PathBuf {
        let name = sha256.to_string();
        let folder: String = name.chars().take(2).collect();
        self.folder.join(folder).join(name)
    }

    fn partial_of(&self, sha256: Hash) -> PathBuf {
        self.partial.join(sha256.to_string())
    }
}

/// A file that is written to by one at a time.
struct InHand<'a> {
    all: &'a Mutex<BTreeSet<Hash>>,
    sha256: Hash,
}

impl<'a> InHand<'a> {
    fn take(all: &'a Mutex<BTreeSet<Hash>>, sha256: Hash) -> Option<Self> {
        let mut hashes = all.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.insert(sha256).then_some(Self { all, sha256 })
    }
}

impl Drop for InHand<'_> {
    fn drop(&mut self) {
        let mut hashes = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        hashes.remove(&self.sha256);
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn a_file_comes_in_parts_and_goes_on_where_it_was_cut() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(data.path());
        let text = "渠江".repeat(1_000);
        let bytes = text.as_bytes();
        let of = bytes.len() as u64;
        let sha256 = Hash(Sha256::digest(bytes).into());
        let put = |blobs: &Blobs, from: usize, to: usize| {
            let put = blobs.put(sha256, from as u64, of, &bytes[from..to]);
            put.unwrap()
        };
        assert_eq!(put(&blobs, 0, 1_000).unwrap().n_bytes, 1_000);
        // A part that was sent twice, and one that leaves a hole.
        for from in [0, 2_000] {
            let refused = put(&blobs, from, from + 10).unwrap_err();
            assert!(matches!(refused, BlobRefusal::Elsewhere(it) if it.n_bytes == 1_000));
        }
        let blobs = Blobs::new(data.path());
        assert!(blobs.read(sha256, 0).unwrap().is_none());
        let whole = put(&blobs, 1_000, bytes.len()).unwrap();
        assert!(whole.is_whole);
        assert_eq!(put(&blobs, 0, 10), Ok(whole));
        let read = blobs.read(sha256, 5_990).unwrap().unwrap();
        assert_eq!(
            (read.bytes.as_slice(), read.of_bytes),
            (&bytes[5_990..], of)
        );
        assert!(
            blobs
                .read(sha256, of + 5)
                .unwrap()
                .unwrap()
                .bytes
                .is_empty()
        );
        assert_eq!(blobs.sweep().unwrap(), 0);
    }

    #[test]
    fn what_is_not_what_it_is_called_is_not_kept() {
        let data = tempfile::tempdir().unwrap();
        let blobs = Blobs::new(data.path());
        let sha256 = Hash([7; 32]);
        let put = blobs.put(sha256, 0, 3, b"abc").unwrap();
        assert_eq!(put, Err(BlobRefusal::OtherContent));
        assert_eq!(blobs.state(sha256).unwrap().n_bytes, 0);
        let put = blobs.put(sha256, 0, BLOB_MAX_BYTES + 1, b"abc").unwrap();
        assert_eq!(put, Err(BlobRefusal::TooLarge));
    }
}
