//! What a disk may hold after the power went.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::recording::{Op, Recording};

/// A disk writes at least so much whole.
pub const SECTOR_BYTES: usize = 512;

/// The files that are there when the power is back, and what somebody was told before it went.
#[derive(Debug, Clone)]
pub struct Image {
    files: BTreeMap<String, Vec<u8>>,
    /// The last number that was given to [`crate::Disk::acknowledge`].
    pub acknowledged: Option<u64>,
}

/// A file of which some is on the disk and some on its way.
#[derive(Debug, Default)]
struct File {
    /// `None`: the folder does not know it yet, or no longer.
    durable: Option<Vec<u8>>,
    /// Since the last sync.
    pending: Vec<Pending>,
}

#[derive(Debug)]
enum Pending {
    Write { offset: usize, bytes: Vec<u8> },
    Truncate { len: usize },
    Delete,
}

impl Recording {
    /// What the disk may hold when the power goes after the first `n_ops` things: each file as it
    /// was last synced, and of what came since each sector or none, as the dice of `seed` fall.
    pub fn image(&self, n_ops: usize, seed: u64) -> Image {
        let mut files: BTreeMap<&str, File> = BTreeMap::new();
        let mut acknowledged = None;
        for op in self.ops.iter().take(n_ops) {
            match op {
                Op::Write {
                    file,
                    offset,
                    bytes,
                } => {
                    let (offset, bytes) = (*offset, bytes.clone());
                    let pending = &mut files.entry(file).or_default().pending;
                    pending.push(Pending::Write { offset, bytes });
                }
                Op::Truncate { file, len } => {
                    let pending = &mut files.entry(file).or_default().pending;
                    pending.push(Pending::Truncate { len: *len });
                }
                Op::Sync { file, with_folder } => {
                    files.entry(file).or_default().sync();
                    if *with_folder {
                        files.values_mut().for_each(File::sync_name);
                    }
                }
                Op::Delete { file, with_folder } => {
                    let pending = &mut files.entry(file).or_default().pending;
                    pending.push(Pending::Delete);
                    if *with_folder {
                        files.values_mut().for_each(File::sync_name);
                    }
                }
                Op::Acknowledged { n } => acknowledged = Some(*n),
            }
        }
        let mut dice = Dice(seed.wrapping_add(n_ops as u64));
        let files = files.into_iter().filter_map(|(name, file)| {
            let bytes = file.after_power_loss(&mut dice)?;
            Some((name.to_owned(), bytes))
        });
        Image {
            files: files.collect(),
            acknowledged,
        }
    }
}

impl Image {
    /// Writes the files into a folder.
    pub fn write_to(&self, folder: &Path) -> std::io::Result<()> {
        let mut files = self.files.iter();
        files.try_for_each(|(name, bytes)| fs::write(folder.join(name), bytes))
    }
}

impl File {
    /// All that is on its way arrives, and the name of a new file: file systems in use keep that
    /// with its first sync.
    fn sync(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            match pending {
                Pending::Write { offset, bytes } => {
                    put(self.durable.get_or_insert_default(), offset, &bytes);
                }
                Pending::Truncate { len } => self.durable.get_or_insert_default().truncate(len),
                Pending::Delete => self.durable = None,
            }
        }
    }

    /// The folder is synced: what was deleted does not come back.
    fn sync_name(&mut self) {
        let is_delete = |pending: &Pending| matches!(pending, Pending::Delete);
        if let Some(last) = self.pending.iter().rposition(is_delete) {
            self.pending.drain(..=last);
            self.durable = None;
        }
    }

    fn after_power_loss(self, dice: &mut Dice) -> Option<Vec<u8>> {
        let mut content = self.durable;
        for pending in self.pending {
            match pending {
                Pending::Write { offset, bytes } => {
                    for (at, part) in sectors(offset, &bytes) {
                        if dice.is_even() {
                            put(content.get_or_insert_default(), at, part);
                        }
                    }
                }
                Pending::Truncate { len } => {
                    if dice.is_even()
                        && let Some(content) = &mut content
                    {
                        content.truncate(len);
                    }
                }
                Pending::Delete => {
                    if dice.is_even() {
                        content = None;
                    }
                }
            }
        }
        content
    }
}

/// The parts of a write that reach the disk each on its own.
fn sectors(offset: usize, bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut parts = Vec::new();
    let (mut at, mut rest) = (offset, bytes);
    while !rest.is_empty() {
        let n = (SECTOR_BYTES - at % SECTOR_BYTES).min(rest.len());
        let (part, after) = rest.split_at(n);
        parts.push((at, part));
        (at, rest) = (at + n, after);
    }
    parts
}

/// Writes into a file, which grows with zeros where it is too short.
fn put(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    if let Some(place) = content.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

/// `SplitMix64`: the same seed, the same image.
struct Dice(u64);

impl Dice {
    fn is_even(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) & 1 == 0
    }
}
