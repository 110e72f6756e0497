//! The data folder: which files stand in it, who may use it, how a file is replaced whole.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use domain::clock_face;

use crate::fault::OpenError;

pub(crate) const DATABASE: &str = "desk.db";
pub(crate) const KEYS: &str = "keys.json";
const LOCK: &str = "desk.lock";
/// How long a folder that is held is tried again: a program that was just closed, or cut off, keeps
/// its files for a moment after its window is gone.
const ENDING_PATIENCE: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(50);
/// What belongs to one database, in the order in which it is set aside: the log before the file it
/// belongs to, because SQLite deletes a log that it finds without a database.
const SET_ASIDE: [&str; 3] = ["desk.db-wal", "desk.db-shm", DATABASE];

/// The folder, held against every other program until dropped.
#[derive(Debug)]
pub(crate) struct FolderLock {
    /// Closed by the system when the process ends, however it ends; the lock goes with it.
    file: File,
}

impl FolderLock {
    /// Locks the folder, and writes this process's number into the lock file for people to read.
    pub(crate) fn take(folder: &Path) -> Result<Self, OpenError> {
        let mut file = private_file(OpenOptions::new().read(true).write(true).create(true))
            .open(folder.join(LOCK))?;
        match lock_patiently(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let pid = match file.read_to_string(&mut text) {
                    Ok(_) => text.trim().parse().ok(),
                    Err(_) => None,
                };
                return Err(OpenError::AnotherProgram { pid });
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        // Only for people to read; a full disk must not keep them from reading the rest.
        let text = format!("{}\n", std::process::id());
        let written = file.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| file.set_len(text.len() as u64)) {
            tracing::warn!(%error, "The lock file does not tell the process");
        }
        Ok(Self { file })
    }
}

/// Whether a program, this one or another, has the database of `folder` open.
pub fn is_held(folder: &Path) -> bool {
    let held = File::open(folder.join(LOCK)).map(|file| file.try_lock());
    matches!(held, Ok(Err(TryLockError::WouldBlock)))
}

/// Locks the file, waiting for [`ENDING_PATIENCE`] where another has it.
fn lock_patiently(file: &File) -> Result<(), TryLockError> {
    let since = Instant::now();
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if since.elapsed() < ENDING_PATIENCE => {
                std::thread::sleep(LOOK_AGAIN);
            }
            locked => return locked,
        }
    }
}

impl Drop for FolderLock {
    /// Lets go of the lock itself: a program being started at this moment has a copy of the file
    /// for an instant, and closing ours alone would leave the folder locked for as long.
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "The folder stays locked until the program ends");
        }
    }
}

/// Moves the database and its keys into `set-aside-<yyyymmdd-hhmmss>` inside the folder, so that a
/// new one can be begun. Nothing is deleted or overwritten; the old keys stay with the old file.
pub(crate) fn set_aside(folder: &Path, now: DateTime<Utc>) -> io::Result<PathBuf> {
    let _lock = FolderLock::take(folder).map_err(io::Error::other)?;
    let aside = new_folder(folder, now)?;
    // A copy first: whenever this is cut off, the set-aside database has its keys beside it.
    let (keys, keys_aside) = (folder.join(KEYS), aside.join(KEYS));
    let has_keys = keys.try_exists()?;
    if has_keys {
        replace_file(&keys_aside, &std::fs::read(&keys)?)?;
    }
    for name in SET_ASIDE {
        let from = folder.join(name);
        if from.try_exists()? {
            std::fs::rename(from, aside.join(name))?;
        }
    }
    if has_keys {
        std::fs::rename(keys, keys_aside)?;
    }
    sync_folder(&aside)?;
    sync_folder(folder)?;
    Ok(aside)
}

fn new_folder(folder: &Path, now: DateTime<Utc>) -> io::Result<PathBuf> {
    let (date, time) = (clock_face::date_of(now), clock_face::time_of(now));
    let name = format!(
        "set-aside-{}-{}",
        date.format("%Y%m%d"),
        time.format("%H%M%S")
    );
    let mut n = 1;
    loop {
        let aside = match n {
            1 => folder.join(&name),
            n => folder.join(format!("{name}-{n}")),
        };
        match std::fs::create_dir(&aside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => n += 1,
            Err(error) => return Err(error),
            Ok(()) => return Ok(aside),
        }
    }
}

/// Writes a file so that after a power cut it is there whole, or the old one is: a temporary file
/// beside it, forced to the disk, renamed, and the folder forced to the disk. Readable by the owner
/// only.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = path.with_added_extension("new");
    let mut file = private_file(OpenOptions::new().write(true).create(true).truncate(true))
        .open(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

#[cfg(unix)]
fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private_file(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Makes the names in a folder outlast a power cut. Windows writes them through by itself.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Creates the database file for the owner only, before SQLite creates it for everybody.
pub(crate) fn create_private(path: &Path) -> io::Result<()> {
    private_file(OpenOptions::new().write(true).create(true)).open(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_just_ending_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let ending = FolderLock::take(folder.path()).unwrap();
        let ended = std::thread::spawn(move || {
            std::thread::sleep(LOOK_AGAIN * 3);
            drop(ending);
        });
        assert!(FolderLock::take(folder.path()).is_ok());
        ended.join().unwrap();
    }
}
