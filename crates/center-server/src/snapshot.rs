//! 快照 of the feed for desks that are new: its beginning in packed parts, made once and never
//! changed. A part is made when it is full; what comes after the last is pulled as always.
//!
//! The parts are files beside the database and can be deleted: they are made again. Those that
//! another feed has left behind are found by the hash of the entry they end with.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};
use center::{Ledger as _, PartSize, next_part};
use serde::{Deserialize, Serialize};
use wire::limit::SNAPSHOT_PARTS_MAX;
use wire::{Cursor, SnapshotManifest, SnapshotPart, Stream};

use crate::folder::{SNAPSHOT_FOLDER, make_private, replace_file};
use crate::office::Office;
use crate::readers::Reader;

const INDEX_FILE: &str = "parts.json";
/// Parts made in one go; then others have their turn.
const PARTS_AT_ONCE: usize = 8;

/// The parts that are there.
#[derive(Debug, Default)]
pub(crate) struct Snapshot {
    /// `None` until they were looked at.
    parts: Mutex<Option<Vec<SnapshotPart>>>,
    /// One makes or removes them at a time: what was redacted meanwhile is in none that stays.
    making: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct Index {
    parts: Vec<SnapshotPart>,
}

impl Office {
    /// What a new desk can fetch.
    pub(crate) async fn snapshot_manifest(&self) -> Result<SnapshotManifest> {
        let folder = self.snapshot_folder();
        let feed = self.readers.read(|reader| reader.ledger.feed()).await?;
        let known = self.snapshot_parts().clone();
        let parts = if let Some(parts) = known {
            parts
        } else {
            let read = self.readers.read(move |reader| standing(reader, &folder));
            let parts = read.await?;
            self.snapshot_parts().get_or_insert(parts).clone()
        };
        Ok(SnapshotManifest {
            stream: Stream::Work,
            epoch: feed.epoch,
            at: end_of(&parts),
            feed: feed.end,
            n_bytes: parts.iter().map(|part| part.n_bytes).sum(),
            parts,
        })
    }

    /// The packed bytes of a part; `None` for one that is not there.
    pub(crate) async fn snapshot_part(&self, nth: usize) -> Result<Option<Vec<u8>>> {
        let n_parts = self.snapshot_manifest().await?.parts.len();
        if nth >= n_parts {
            return Ok(None);
        }
        let path = part_file(&self.snapshot_folder(), nth);
        let reading = tokio::task::spawn_blocking(move || {
            std::fs::read(&path).with_context(|| format!("Reading {}", path.display()))
        });
        reading.await?.map(Some)
    }

    /// Makes the parts that are full by now; whether there may be more.
    pub async fn make_snapshot_parts(&self) -> Result<bool> {
        let _making = self.snapshot.making.lock().await;
        let folder = self.snapshot_folder();
        let mut parts = self.snapshot_manifest().await?.parts;
        let making = self.readers.read(move |reader| {
            make_private(&folder)?;
            for _ in 0..PARTS_AT_ONCE {
                let Some(part) = make(reader, &folder, &parts)? else {
                    return Ok((parts, false));
                };
                parts.push(part);
                write_index(&folder, &parts)?;
            }
            Ok((parts, true))
        });
        let (parts, is_more) = making.await?;
        *self.snapshot_parts() = Some(parts);
        Ok(is_more)
    }

    /// 涂销: removes all parts; they are made again of what is left.
    pub(crate) async fn discard_snapshot(&self) -> Result<()> {
        let _making = self.snapshot.making.lock().await;
        let mut parts = self.snapshot_parts();
        *parts = Some(Vec::new());
        match std::fs::remove_dir_all(self.snapshot_folder()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).context("Removing the parts of the snapshot")
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    fn snapshot_folder(&self) -> PathBuf {
        self.config.data.join(SNAPSHOT_FOLDER)
    }

    fn snapshot_parts(&self) -> MutexGuard<'_, Option<Vec<SnapshotPart>>> {
        let parts = self.snapshot.parts.lock();
        parts.unwrap_or_else(PoisonError::into_inner)
    }
}

fn end_of(parts: &[SnapshotPart]) -> Cursor {
    parts.last().map_or(Cursor::START, |part| part.end)
}

/// The parts that are of this feed, and there.
fn standing(reader: &Reader, folder: &Path) -> Result<Vec<SnapshotPart>> {
    let text = match std::fs::read(folder.join(INDEX_FILE)) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error).context("Reading the parts of the snapshot"),
    };
    let Ok(index) = serde_json::from_slice::<Index>(&text) else {
        tracing::warn!("The parts of the snapshot are made anew");
        return Ok(Vec::new());
    };
    let mut standing = Vec::new();
    for (nth, part) in index.parts.into_iter().enumerate() {
        let is_of_feed = reader.ledger.entry_hash(part.end.seq)? == Some(part.end.hash);
        let file = std::fs::metadata(part_file(folder, nth));
        let is_there = file.is_ok_and(|file| file.len() == part.n_bytes);
        if !is_of_feed || !is_there {
            break;
        }
        standing.push(part);
    }
    Ok(standing)
}

/// Makes the next part, if the feed has enough for it.
fn make(reader: &Reader, folder: &Path, parts: &[SnapshotPart]) -> Result<Option<SnapshotPart>> {
    if parts.len() >= SNAPSHOT_PARTS_MAX {
        return Ok(None);
    }
    let next = next_part(&*reader.ledger, end_of(parts), PartSize::COUNTY)?;
    let Some((part, packed)) = next else {
        return Ok(None);
    };
    replace_file(&part_file(folder, parts.len()), &packed)?;
    Ok(Some(part))
}

fn write_index(folder: &Path, parts: &[SnapshotPart]) -> Result<()> {
    let parts = parts.to_vec();
    replace_file(
        &folder.join(INDEX_FILE),
        &serde_json::to_vec(&Index { parts })?,
    )
}

fn part_file(folder: &Path, nth: usize) -> PathBuf {
    folder.join(format!("part-{nth:06}.zst"))
}
