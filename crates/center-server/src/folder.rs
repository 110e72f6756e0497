//! The data folder: which files stand in it, who may use it, how a file gets to the disk whole.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

use crate::hex::to_hex;

pub(crate) const LOCK_FILE: &str = "center.lock";
const DATABASE_LOCK_ENDING: &str = "-center";
pub(crate) const SOCKET_FILE: &str = "admin.sock";
pub(crate) const BLOBS_FOLDER: &str = "blobs";
pub(crate) const SNAPSHOT_FOLDER: &str = "snapshot";
const COPY_BYTES: usize = 1 << 20;

/// The folder or the database, held against every other center until dropped.
#[derive(Debug)]
pub(crate) struct FolderLock {
    /// The system lets go of it when the process ends, however it ends.
    file: File,
}

impl FolderLock {
    /// `None` where a center runs.
    pub(crate) fn take(data: &Path) -> Result<Option<Self>> {
        Self::take_file(&data.join(LOCK_FILE))
    }

    /// The same for a database in a file, which may stand elsewhere than the folder of its center.
    pub(crate) fn take_database(file: &Path) -> Result<Option<Self>> {
        let mut path = file.as_os_str().to_owned();
        path.push(DATABASE_LOCK_ENDING);
        Self::take_file(Path::new(&path))
    }

    fn take_file(path: &Path) -> Result<Option<Self>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .with_context(|| format!("打开 {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("锁定 {}", path.display()))
            }
        }
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        if let Err(error) = self.file.unlock() {
            tracing::warn!(%error, "The folder stays locked until the program ends");
        }
    }
}

/// Makes a folder that only its owner reads; one that is there stays as it is.
pub(crate) fn make_private(folder: &Path) -> Result<()> {
    let made = std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.with_context(|| format!("建立文件夹 {}", folder.display()))
}

/// Opens a new file that only its owner reads.
pub(crate) fn new_private(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    let file = options.write(true).create_new(true).mode(0o600).open(path);
    file.with_context(|| format!("新建 {}", path.display()))
}

/// Copies a file to where none is, to the disk, and says the hash of what was read.
pub(crate) fn copy_file(from: &Path, to: &Path) -> Result<String> {
    let mut source = File::open(from).with_context(|| format!("读取 {}", from.display()))?;
    let mut copy = new_private(to)?;
    let mut hash = Sha256::new();
    let mut bytes = vec![0; COPY_BYTES];
    loop {
        let n = source.read(&mut bytes)?;
        let Some(read) = bytes.get(..n).filter(|read| !read.is_empty()) else {
            break;
        };
        hash.update(read);
        copy.write_all(read)?;
    }
    copy.sync_all()?;
    Ok(to_hex(&hash.finalize()))
}

/// The hash of a file as it stands on the disk.
pub(crate) fn hash_file(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("读取 {}", path.display()))?;
    let mut hash = Sha256::new();
    let mut bytes = vec![0; COPY_BYTES];
    loop {
        let n = file.read(&mut bytes)?;
        let Some(read) = bytes.get(..n).filter(|read| !read.is_empty()) else {
            return Ok(to_hex(&hash.finalize()));
        };
        hash.update(read);
    }
}

/// Puts what was written to a file on the disk.
pub(crate) fn sync_file(path: &Path) -> Result<()> {
    let file = File::open(path).with_context(|| format!("打开 {}", path.display()))?;
    file.sync_all()
        .with_context(|| format!("写入 {}", path.display()))
}

/// Puts the names of a folder on the disk.
pub(crate) fn sync_folder(folder: &Path) -> Result<()> {
    sync_file(folder)
}

/// Writes a file whole: whoever reads it reads the old one or the new one.
pub(crate) fn replace_file(path: &Path, bytes: &[u8]) -> Result<()> {
    let Some(folder) = path.parent() else {
        bail!("{} 不在文件夹中", path.display());
    };
    let beside = path.with_extension("new");
    match std::fs::remove_file(&beside) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(error).context("清理上次没有写完的文件"),
    }
    let mut file = new_private(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&beside, path).with_context(|| format!("写入 {}", path.display()))?;
    sync_folder(folder)
}
