//! 本机备份: a copy of the whole store under the same key, with the slots that hold the key, in a folder of
//! its own. It bears its name only once it was opened again from where it stands and every page, the chain
//! of intents and the audit were found in order.
//!
//! `VACUUM INTO` and not the stepwise copy of SQLite: that one begins anew with every commit meanwhile. To
//! put a backup back, its two files go into an empty data folder; the center then gives the desk back what
//! it had pushed since, and takes note that its audit does not go on from what is kept.

use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use domain::clock_face;

use crate::connection;
use crate::fault::StoreFault;
use crate::folder::{DATABASE, KEYS, replace_file, sync_folder};
use crate::intent::ChainError;
use crate::key::DatabaseKey;
use crate::store::{Reader, Store, check};

/// What the names of backups begin with.
const PREFIX: &str = "hotline-desk-";
/// Behind the name of one that is not whole yet.
const UNFINISHED: &str = "unfinished";
/// So many are kept; the oldest go.
pub const BACKUPS_MAX: usize = 7;

/// What a backup was found to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupCheck {
    pub n_intents: u64,
    pub n_audited: u64,
}

impl Store {
    /// Copies the store into a new folder inside `into`, and verifies the copy. Where it is.
    pub fn back_up(&self, into: &Path, now: DateTime<Utc>) -> Result<PathBuf, StoreFault> {
        std::fs::create_dir_all(into).map_err(fault)?;
        let (date, time) = (clock_face::date_of(now), clock_face::time_of(now));
        let name = format!(
            "{PREFIX}{}-{}",
            date.format("%Y%m%d"),
            time.format("%H%M%S")
        );
        let whole = into.join(&name);
        if whole.exists() {
            return Err(anyhow::anyhow!("There is a backup of that second already").into());
        }
        let unfinished = whole.with_added_extension(UNFINISHED);
        let made = self.copy_into(&unfinished).and_then(|()| {
            check_backup_files(&unfinished, self.key())?;
            std::fs::rename(&unfinished, &whole).map_err(fault)?;
            sync_folder(into).map_err(fault)
        });
        if let Err(error) = made {
            // Half a backup would be taken for a whole one.
            std::fs::remove_dir_all(&unfinished).ok();
            return Err(error);
        }
        forget_the_oldest(into).map_err(fault)?;
        Ok(whole)
    }

    fn copy_into(&self, folder: &Path) -> Result<(), StoreFault> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).map_err(fault)?;
        }
        std::fs::create_dir(folder).map_err(fault)?;
        let copy = folder.join(DATABASE);
        // A connection of its own: the writer goes on meanwhile.
        let connection = connection::open_writer(self.path(), self.key())?;
        let target = copy
            .to_str()
            .ok_or_else(|| anyhow::anyhow!("The folder's name is no text"))?;
        connection.execute("VACUUM INTO ?1", [target])?;
        let file = std::fs::File::open(&copy).map_err(fault)?;
        file.sync_all().map_err(fault)?;
        let keys = self.path().with_file_name(KEYS);
        if keys.exists() {
            let bytes = std::fs::read(keys).map_err(fault)?;
            replace_file(&folder.join(KEYS), &bytes).map_err(fault)?;
        }
        sync_folder(folder).map_err(fault)
    }

    /// 演练: opens a backup of this store where it stands and reads all of it. Nothing is changed.
    pub fn check_backup(&self, backup: &Path) -> Result<BackupCheck, StoreFault> {
        check_backup_files(backup, self.key())
    }
}

fn check_backup_files(backup: &Path, key: &DatabaseKey) -> Result<BackupCheck, StoreFault> {
    let connection = connection::open_reader(&backup.join(DATABASE), key)?;
    check(&connection)?;
    let reader = Reader::over(connection);
    match reader.verify_chain() {
        Ok(()) => {}
        Err(ChainError::Broken(broken)) => return Err(StoreFault::damaged(broken.to_string())),
        Err(ChainError::Fault(error)) => return Err(error),
    }
    let audit = reader.verify_audit()?;
    let head = audit.map_err(|broken| StoreFault::damaged(broken.to_string()))?;
    Ok(BackupCheck {
        n_intents: reader.own_head()?.number,
        n_audited: head.n,
    })
}

/// The whole backups of a folder, the latest last.
pub fn backups(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && !name.ends_with(UNFINISHED) && entry.file_type()?.is_dir() {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn forget_the_oldest(folder: &Path) -> io::Result<()> {
    let all = backups(folder)?;
    let n_old = all.len().saturating_sub(BACKUPS_MAX);
    all.iter().take(n_old).try_for_each(std::fs::remove_dir_all)
}

fn fault(error: io::Error) -> StoreFault {
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    if full.contains(&error.kind()) {
        StoreFault::DiskFull
    } else {
        StoreFault::Other(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{Desk, at, bytes_of, register_order};

    #[test]
    fn a_backup_is_encrypted_whole_and_opens_with_the_same_key() {
        let desk = Desk::new();
        desk.change(|writer| register_order(writer, 1, "金丝雀小区停水"));
        let into = tempfile::tempdir().unwrap();
        let now = at("2026-11-23 02:00");
        let backup = desk.store().back_up(into.path(), now).unwrap();
        assert!(
            backup.ends_with("hotline-desk-20261123-020000"),
            "{backup:?}"
        );
        for (path, bytes) in bytes_of(&backup) {
            let canary = "金丝雀".as_bytes();
            let is_readable = bytes.windows(canary.len()).any(|it| it == canary);
            assert!(!is_readable, "{}", path.display());
        }
        let checked = desk.store().check_backup(&backup).unwrap();
        assert_eq!((checked.n_intents, checked.n_audited), (1, 0));
        // What came since is in the next one.
        desk.change(|writer| register_order(writer, 2, "小区停水"));
        assert_eq!(desk.store().check_backup(&backup).unwrap(), checked);
        assert!(desk.store().back_up(into.path(), now).is_err());
    }

    #[test]
    fn a_damaged_backup_is_found_out() {
        let desk = Desk::new();
        desk.change(|writer| register_order(writer, 1, "小区停水"));
        let into = tempfile::tempdir().unwrap();
        let backup = desk
            .store()
            .back_up(into.path(), at("2026-11-23 02:00"))
            .unwrap();
        let copy = backup.join(DATABASE);
        let mut bytes = std::fs::read(&copy).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 64].fill(0xa5);
        std::fs::write(&copy, &bytes).unwrap();
        assert!(desk.store().check_backup(&backup).is_err());
        std::fs::remove_file(&copy).unwrap();
        assert!(desk.store().check_backup(&backup).is_err());
    }

    #[test]
    fn the_last_seven_are_kept() {
        let desk = Desk::new();
        let into = tempfile::tempdir().unwrap();
        for minute in 10..20 {
            let now = at(&format!("2026-11-23 02:{minute}"));
            desk.store().back_up(into.path(), now).unwrap();
        }
        let names: Vec<_> = backups(into.path()).unwrap();
        assert_eq!(names.len(), BACKUPS_MAX);
        assert!(
            names[0].ends_with("hotline-desk-20261123-021300"),
            "{names:?}"
        );
    }
}
