//! 备份 and 恢复.
//!
//! A backup is a folder: the database as it was at one moment, the authority, the configuration,
//! and a manifest with the hash of each. Attachments never change and stand beside the backups,
//! once for all of them. All but the manifest is sealed ([`crate::sealed_file`]) under the key of the center,
//! which is in no backup. It bears its name only when it is whole and was read again from where it
//! stands; and only then, if it stands on another machine, may desks forget what it has.
//!
//! What is restored begins a new epoch before any desk can see it: desks send again what the
//! backup did not have.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use center::{Center, Ledger as _, check_sqlite, copy_sqlite};
use chrono::{DateTime, Utc};
use domain::clock_face;
use serde::{Deserialize, Serialize};
use wire::Hash;

use super::{AdminRefusal, Lines};
use crate::authority;
use crate::clock::Clock;
use crate::config::{CONFIG_FILE, Config};
use crate::database::Database;
use crate::folder::{
    BLOBS_FOLDER, FolderLock, SNAPSHOT_FOLDER, copy_file, hash_file, make_private, new_private,
    replace_file, sync_file, sync_folder,
};
use crate::office::Office;
use crate::sealed_file::{BackupKey, KEY_FILE};
use crate::server::rules;

/// Sealed. Backups of the first form, which anybody reads, are still restored.
const FORMAT: u32 = 2;
const PLAIN_FORMAT: u32 = 1;
/// Behind the name of a file that is sealed.
const SEALED: &str = "sealed";
/// Where the database is copied to before it is sealed, and where one is opened to be looked at.
const WORK_FOLDER: &str = "backing-up";
const DRILL_FOLDER: &str = "drill";
const MANIFEST: &str = "manifest.json";
const DATABASE: &str = "center.db";
/// What a backup takes along where it is there.
const BESIDE: [&str; 3] = [
    authority::CERTIFICATE_FILE,
    authority::KEY_FILE,
    CONFIG_FILE,
];
/// What belongs to one database, the log before the file it belongs to.
const SET_ASIDE: [&str; 3] = ["center.db-wal", "center.db-shm", DATABASE];

/// What is in a backup.
#[derive(Debug, Serialize, Deserialize)]
struct Manifest {
    format: u32,
    #[serde(with = "chrono::serde::ts_milliseconds")]
    made_at: DateTime<Utc>,
    epoch: u64,
    /// The last entry of the feed in it.
    seq: u64,
    hash: Hash,
    /// Of what they say, not of how they stand there.
    files: Vec<FileHash>,
    n_blobs: u64,
    /// Which key seals it; empty for none.
    #[serde(default)]
    key_id: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct FileHash {
    name: String,
    sha256: String,
}

/// Makes a backup in `to` while everything goes on.
pub(super) async fn back_up(office: &Office, to: PathBuf, is_off_machine: bool) -> Lines {
    let Some(database) = office.config.database.file() else {
        return Err(AdminRefusal::OtherDatabase.into());
    };
    let database = database.to_owned();
    if !to.is_dir() {
        let folder = to.display().to_string();
        return Err(AdminRefusal::NoFolder { folder }.into());
    }
    let (data, now) = (office.config.data.clone(), office.clock.now());
    let made = tokio::task::spawn_blocking(move || make(&database, &data, &to, now)).await;
    let (folder, seq) = made.context("Making the backup")??;
    let key = BackupKey::of(&office.config.data)?;
    let mut lines = vec![
        format!("备份已加密并核对：{}（到第 {seq} 条）", folder.display()),
        format!(
            "密钥编号 {}：没有密钥，备份打不开。用 backup-key 显示，另抄一份存放",
            key.id()
        ),
    ];
    if is_off_machine {
        let setting = office.writer.alone(move |desk| {
            let durable_seq = desk.center.ledger().feed()?.durable_seq;
            desk.center.set_durable(seq.max(durable_seq))
        });
        let setting = setting.map_err(anyhow::Error::from)?;
        setting.done().await.map_err(anyhow::Error::from)?;
        lines.push(format!(
            "已记为异机备份：工作站可以清理第 {seq} 条以前的记录"
        ));
    }
    tracing::info!(seq, is_off_machine, "A backup was made");
    Ok(lines)
}

fn make(database: &Path, data: &Path, to: &Path, now: DateTime<Utc>) -> Result<(PathBuf, u64)> {
    let stamp = stamp(now);
    let (folder, partial) = (
        to.join(format!("center-{stamp}")),
        to.join(format!("center-{stamp}.partial")),
    );
    ensure!(!folder.exists(), "{} 已经存在", folder.display());
    make_private(&partial)?;
    let key = BackupKey::of(data)?;
    let work = data.join(WORK_FOLDER);
    clear(&work)?;
    make_private(&work)?;
    let filled = fill(&key, database, data, (to, &partial, &work), now);
    clear(&work)?;
    if filled.is_err() {
        // What is not whole is of no use, and takes the room of the next one.
        std::fs::remove_dir_all(&partial)?;
    }
    let seq = filled?;
    std::fs::rename(&partial, &folder).with_context(|| format!("写入 {}", folder.display()))?;
    sync_folder(to)?;
    check(&folder, Some(&key))?;
    Ok((folder, seq))
}

/// Takes a folder away with what a try before left in it.
fn clear(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).with_context(|| format!("清理 {}", folder.display()))?;
    }
    Ok(())
}

fn fill(
    key: &BackupKey,
    database: &Path,
    data: &Path,
    (to, partial, work): (&Path, &Path, &Path),
    now: DateTime<Utc>,
) -> Result<u64> {
    // Where the database itself stands: nothing leaves the data folder that is not sealed.
    let copy = work.join(DATABASE);
    copy_sqlite(database, &copy)?;
    check_sqlite(&copy)?;
    let sealed = |from: &Path, name: &str| -> Result<FileHash> {
        Ok(FileHash {
            name: name.to_owned(),
            sha256: key.seal(from, &partial.join(name), name)?,
        })
    };
    let mut files = vec![sealed(&copy, DATABASE)?];
    for name in BESIDE {
        let from = data.join(name);
        if from.exists() {
            files.push(sealed(&from, name)?);
        }
    }
    let (epoch, end) = read_copy(&copy)?;
    let n_blobs = seal_blobs(key, &data.join(BLOBS_FOLDER), &to.join(BLOBS_FOLDER))?;
    let manifest = Manifest {
        format: FORMAT,
        made_at: now,
        epoch,
        seq: end.seq,
        hash: end.hash,
        files,
        n_blobs,
        key_id: key.id(),
    };
    replace_file(
        &partial.join(MANIFEST),
        &serde_json::to_vec_pretty(&manifest)?,
    )?;
    sync_folder(partial)?;
    Ok(end.seq)
}

/// Where a copy of the database ends, and that it holds. It may be written to meanwhile.
fn read_copy(copy: &Path) -> Result<(u64, wire::Cursor)> {
    let ledger = Database::Sqlite(copy.to_owned()).open_ledger()?;
    let epoch = ledger.feed()?.epoch;
    let end = center::verify(&*ledger)?;
    Ok((epoch, end))
}

/// Calls `take` with each attachment in a folder of them: the folder it stands in there, its path, and its
/// name, which is its hash. What is not whole is passed over.
fn each_blob(from: &Path, mut take: impl FnMut(&str, &Path, &str) -> Result<()>) -> Result<u64> {
    let mut n_blobs = 0;
    for folder in folders_in(from)? {
        let Some(beside) = folder.file_name().and_then(|it| it.to_str()) else {
            continue;
        };
        for file in files_in(&folder)? {
            let name = file.file_name().and_then(|it| it.to_str());
            let Some(name) = name.filter(|it| !it.ends_with(".partial")) else {
                continue;
            };
            n_blobs += 1;
            take(beside, &file, name)?;
        }
    }
    Ok(n_blobs)
}

/// 1a2b….3F2A9C01.sealed: under another key it is another file.
fn sealed_name(hash: &str, key: &BackupKey) -> String {
    format!("{hash}.{}.{SEALED}", key.id())
}

/// The hash in the name of an attachment in a backup, and whether it is sealed under this key. None where it
/// is under another.
fn blob_named<'a>(name: &'a str, key: Option<&BackupKey>) -> Option<(&'a str, bool)> {
    match name.split_once('.') {
        None => Some((name, false)),
        Some((hash, _)) => {
            let is_of_key = key.is_some_and(|key| sealed_name(hash, key) == name);
            is_of_key.then_some((hash, true))
        }
    }
}

/// Attachments that the folder of backups does not have yet. They are named by their hashes, and
/// what was sealed is held against its name.
fn seal_blobs(key: &BackupKey, from: &Path, to: &Path) -> Result<u64> {
    make_private(to)?;
    let n_blobs = each_blob(from, |beside, file, name| {
        let beside = to.join(beside);
        make_private(&beside)?;
        let copy = beside.join(sealed_name(name, key));
        if copy.exists() {
            return Ok(());
        }
        let partial = beside.join(format!("{name}.partial"));
        if partial.exists() {
            std::fs::remove_file(&partial)?;
        }
        let hash = key.seal(file, &partial, name)?;
        ensure!(hash == name, "附件 {name} 的内容与名称不符");
        std::fs::rename(&partial, &copy)?;
        sync_folder(&beside)
    })?;
    sync_folder(to)?;
    Ok(n_blobs)
}

/// Attachments of a backup that the data folder does not have.
fn open_blobs(key: Option<&BackupKey>, from: &Path, to: &Path) -> Result<()> {
    make_private(to)?;
    each_blob(from, |beside, file, name| {
        let Some((hash, is_sealed)) = blob_named(name, key) else {
            return Ok(());
        };
        let beside = to.join(beside);
        make_private(&beside)?;
        let (copy, partial) = (beside.join(hash), beside.join(format!("{hash}.partial")));
        if copy.exists() {
            return Ok(());
        }
        if partial.exists() {
            std::fs::remove_file(&partial)?;
        }
        let read = open_file(key.filter(|_| is_sealed), file, hash, &partial)?;
        ensure!(read == hash, "附件 {hash} 的内容与名称不符");
        std::fs::rename(&partial, &copy)?;
        sync_folder(&beside)
    })?;
    sync_folder(to)
}

/// Puts a file of a backup to where none is, opened where there is a key. The hash of what it says.
fn open_file(key: Option<&BackupKey>, from: &Path, name: &str, to: &Path) -> Result<String> {
    let Some(key) = key else {
        return copy_file(from, to);
    };
    let mut file = new_private(to)?;
    let hash = key.open(from, name, &mut file)?;
    file.sync_all()?;
    Ok(hash)
}

fn folders_in(folder: &Path) -> Result<Vec<PathBuf>> {
    in_folder(folder, Path::is_dir)
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    in_folder(folder, Path::is_file)
}

fn in_folder(folder: &Path, is_wanted: fn(&Path) -> bool) -> Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if is_wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a backup is what its manifest says, and can be read with this key.
fn check(folder: &Path, key: Option<&BackupKey>) -> Result<Manifest> {
    let text = std::fs::read(folder.join(MANIFEST))
        .with_context(|| format!("{} 不是备份", folder.display()))?;
    let manifest: Manifest = serde_json::from_slice(&text).context("备份的清单有误")?;
    ensure!(
        [PLAIN_FORMAT, FORMAT].contains(&manifest.format),
        "备份的格式 {} 是更新的程序写的",
        manifest.format
    );
    let key = manifest.key_among(key)?;
    for file in &manifest.files {
        let is_plain = BESIDE.contains(&file.name.as_str()) || file.name == DATABASE;
        ensure!(is_plain, "备份的清单里有不该有的文件 {}", file.name);
        let path = folder.join(&file.name);
        let hash = match key {
            Some(key) => key.open(&path, &file.name, &mut std::io::sink())?,
            None => hash_file(&path)?,
        };
        ensure!(hash == file.sha256, "备份里的 {} 已损坏", file.name);
    }
    Ok(manifest)
}

impl Manifest {
    /// The key that opens it, if it is this one; none where it is not sealed.
    fn key_among<'a>(&self, key: Option<&'a BackupKey>) -> Result<Option<&'a BackupKey>> {
        if self.format == PLAIN_FORMAT {
            return Ok(None);
        }
        let id = &self.key_id;
        let Some(key) = key else {
            bail!("备份是用编号 {id} 的密钥加密的，请用 --key 给出密钥文件");
        };
        ensure!(
            key.id() == *id,
            "备份是用编号 {id} 的密钥加密的，给出的密钥编号是 {}",
            key.id()
        );
        Ok(Some(key))
    }
}

/// The key that somebody gives, or that of the data folder; none where there is none.
fn key_for(data: &Path, given: Option<&Path>) -> Result<Option<BackupKey>> {
    match given {
        Some(path) => BackupKey::read(path).map(Some),
        None if data.join(KEY_FILE).exists() => BackupKey::of(data).map(Some),
        None => Ok(None),
    }
}

/// 备份密钥, to be copied onto paper.
pub fn show_key(config: &Config) -> Result<Vec<String>> {
    ensure!(
        authority::Authority::exists(&config.data),
        "{} 里没有中心",
        config.data.display()
    );
    let key = BackupKey::of(&config.data)?;
    Ok(vec![
        format!("备份密钥（编号 {}）：", key.id()),
        key.text().to_string(),
        "请抄写或打印两份，由两人分别存放，不要与备份放在一起。".to_owned(),
        "数据目录和密钥都没有了，加密的备份谁也打不开。".to_owned(),
    ])
}

/// 演练恢复: opens all of a backup, the attachments too, and reads the database to its end. Nothing is changed,
/// and the center may run meanwhile.
pub fn drill(backup: &Path, key: Option<&Path>, config: &Config) -> Result<Vec<String>> {
    let data = config.data.as_path();
    let key = key_for(data, key)?;
    let manifest = check(backup, key.as_ref())?;
    make_private(data)?;
    let work = data.join(DRILL_FOLDER);
    clear(&work)?;
    make_private(&work)?;
    let read = (|| {
        let copy = work.join(DATABASE);
        let own = manifest.key_among(key.as_ref())?;
        open_file(own, &backup.join(DATABASE), DATABASE, &copy)?;
        check_sqlite(&copy)?;
        let (epoch, end) = read_copy(&copy)?;
        ensure!(
            (epoch, end.seq, end.hash) == (manifest.epoch, manifest.seq, manifest.hash),
            "备份的数据库与清单不符"
        );
        Ok(())
    })();
    clear(&work)?;
    read?;
    let mut n_read = 0_u64;
    if let Some(blobs) = backup.parent().map(|parent| parent.join(BLOBS_FOLDER)) {
        each_blob(&blobs, |_, file, name| {
            let Some((hash, is_sealed)) = blob_named(name, key.as_ref()) else {
                return Ok(());
            };
            let read = match key.as_ref().filter(|_| is_sealed) {
                Some(key) => key.open(file, hash, &mut std::io::sink())?,
                None => hash_file(file)?,
            };
            ensure!(read == hash, "附件 {hash} 的内容与名称不符");
            n_read += 1;
            Ok(())
        })?;
    }
    ensure!(
        n_read >= manifest.n_blobs,
        "备份里应有 {} 个附件，只有 {n_read} 个读得出",
        manifest.n_blobs
    );
    Ok(vec![format!(
        "演练完成：备份可以恢复，记录到第 {} 条，附件 {n_read} 个，逐一核对无误",
        manifest.seq
    )])
}

/// Puts a backup in the place of what stands in the data folder, which is set aside. No center may
/// run there. What is said is for people.
pub fn restore(
    backup: &Path,
    key: Option<&Path>,
    config: &Config,
    clock: &dyn Clock,
) -> Result<Vec<String>> {
    let data = config.data.as_path();
    ensure!(
        config.database.file() == Some(data.join(DATABASE).as_path()),
        "配置里的 database 不是数据目录里的 {DATABASE}，没有恢复；请先改好配置"
    );
    let key = key_for(data, key)?;
    let manifest = check(backup, key.as_ref())?;
    let opening = manifest.key_among(key.as_ref())?;
    make_private(data)?;
    let Some(_lock) = FolderLock::take(data)? else {
        bail!("中心正在运行，请先停止再恢复");
    };
    let now = clock.now();
    let restoring = data.join("restoring");
    if restoring.exists() {
        std::fs::remove_dir_all(&restoring)?;
    }
    make_private(&restoring)?;
    for file in &manifest.files {
        let (from, to) = (backup.join(&file.name), restoring.join(&file.name));
        let hash = open_file(opening, &from, &file.name, &to)?;
        ensure!(hash == file.sha256, "备份里的 {} 已损坏", file.name);
    }
    begin_epoch(&restoring.join(DATABASE), &manifest, now)?;
    if let Some(blobs) = backup.parent().map(|parent| parent.join(BLOBS_FOLDER)) {
        open_blobs(key.as_ref(), &blobs, &data.join(BLOBS_FOLDER))?;
    }
    let aside = set_aside(data, &manifest, now)?;
    for file in &manifest.files {
        std::fs::rename(restoring.join(&file.name), data.join(&file.name))?;
    }
    std::fs::remove_dir_all(&restoring)?;
    // What is backed up from now on has a key that somebody keeps already.
    if let Some(key) = key.filter(|_| !data.join(KEY_FILE).exists()) {
        key.write(data)?;
    }
    sync_folder(data)?;
    let mut lines = vec![format!(
        "已恢复到第 {} 条（{} 的备份），新的一期已经开始",
        manifest.seq,
        wording::time_text::moment(manifest.made_at)
    )];
    if let Some(aside) = aside {
        lines.push(format!("原来的数据移到了 {}", aside.display()));
    }
    lines.push("启动中心后，各工作站会自动补传备份之后的记录".to_owned());
    Ok(lines)
}

fn begin_epoch(database: &Path, manifest: &Manifest, now: DateTime<Utc>) -> Result<()> {
    let ledger = Database::Sqlite(database.to_owned()).open_ledger()?;
    let end = ledger.feed()?.end;
    ensure!(
        (end.seq, end.hash) == (manifest.seq, manifest.hash),
        "备份的数据库与清单不符"
    );
    let mut center = Center::open(ledger, rules(), now)?;
    let reason = format!("restored from the backup of {}", stamp(manifest.made_at));
    center.begin_epoch(&reason, now)?;
    drop(center);
    sync_file(database)
}

/// Moves what stands there into a folder of its own; nothing is deleted. Parts of a snapshot belong
/// to the feed they were made of.
fn set_aside(data: &Path, manifest: &Manifest, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    let beside = manifest.files.iter().map(|file| file.name.as_str());
    let names = SET_ASIDE
        .into_iter()
        .chain(beside.filter(|it| *it != DATABASE));
    let names = names.chain([SNAPSHOT_FOLDER]);
    let there: Vec<&str> = names.filter(|name| data.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(None);
    }
    let mut nth = 1;
    let mut aside = data.join(format!("set-aside-{}", stamp(now)));
    while aside.exists() {
        nth += 1;
        aside = data.join(format!("set-aside-{}-{nth}", stamp(now)));
    }
    make_private(&aside)?;
    for name in there {
        std::fs::rename(data.join(name), aside.join(name))?;
    }
    sync_folder(&aside)?;
    sync_folder(data)?;
    Ok(Some(aside))
}

fn stamp(at: DateTime<Utc>) -> String {
    let (date, time) = (clock_face::date_of(at), clock_face::time_of(at));
    format!("{}-{}", date.format("%Y%m%d"), time.format("%H%M%S"))
}
