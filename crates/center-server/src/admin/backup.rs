//! 备份 and 恢复.
//!
//! A backup is a folder: the database as it was at one moment, the authority, the configuration,
//! and a manifest with the hash of each. Attachments never change and stand beside the backups,
//! once for all of them. It bears its name only when it is whole and was read again from where it
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
    BLOBS_FOLDER, FolderLock, SNAPSHOT_FOLDER, copy_file, hash_file, make_private, replace_file,
    sync_file, sync_folder,
};
use crate::office::Office;
use crate::server::rules;

const FORMAT: u32 = 1;
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
    files: Vec<FileHash>,
    n_blobs: u64,
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
    let mut lines = vec![format!("备份已核对：{}（到第 {seq} 条）", folder.display())];
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
    let filled = fill(database, data, to, &partial, now);
    if filled.is_err() {
        // What is not whole is of no use, and takes the room of the next one.
        std::fs::remove_dir_all(&partial)?;
    }
    let seq = filled?;
    std::fs::rename(&partial, &folder).with_context(|| format!("写入 {}", folder.display()))?;
    sync_folder(to)?;
    check(&folder)?;
    Ok((folder, seq))
}

fn fill(
    database: &Path,
    data: &Path,
    to: &Path,
    partial: &Path,
    now: DateTime<Utc>,
) -> Result<u64> {
    let copy = partial.join(DATABASE);
    copy_sqlite(database, &copy)?;
    sync_file(&copy)?;
    check_sqlite(&copy)?;
    let (epoch, end) = read_copy(partial, &copy)?;
    let mut files = vec![FileHash {
        name: DATABASE.to_owned(),
        sha256: hash_file(&copy)?,
    }];
    for name in BESIDE {
        let from = data.join(name);
        if from.exists() {
            files.push(FileHash {
                name: name.to_owned(),
                sha256: copy_file(&from, &partial.join(name))?,
            });
        }
    }
    let n_blobs = copy_blobs(&data.join(BLOBS_FOLDER), &to.join(BLOBS_FOLDER))?;
    let manifest = Manifest {
        format: FORMAT,
        made_at: now,
        epoch,
        seq: end.seq,
        hash: end.hash,
        files,
        n_blobs,
    };
    replace_file(
        &partial.join(MANIFEST),
        &serde_json::to_vec_pretty(&manifest)?,
    )?;
    sync_folder(partial)?;
    Ok(end.seq)
}

/// Opens a copy of the copy's log-less file beside it, so that the copy itself is never written to:
/// its hash is what the manifest says.
fn read_copy(partial: &Path, copy: &Path) -> Result<(u64, wire::Cursor)> {
    let looked_at = partial.join("looked-at");
    make_private(&looked_at)?;
    let beside = looked_at.join(DATABASE);
    copy_file(copy, &beside)?;
    let ledger = Database::Sqlite(beside).open_ledger()?;
    let epoch = ledger.feed()?.epoch;
    let end = center::verify(&*ledger)?;
    drop(ledger);
    std::fs::remove_dir_all(&looked_at)?;
    Ok((epoch, end))
}

/// Attachments that the folder of backups does not have yet. They are named by their hashes, and
/// what was copied is held against its name.
fn copy_blobs(from: &Path, to: &Path) -> Result<u64> {
    make_private(to)?;
    let mut n_blobs = 0;
    for folder in folders_in(from)? {
        let Some(name) = folder.file_name() else {
            continue;
        };
        let beside = to.join(name);
        make_private(&beside)?;
        for file in files_in(&folder)? {
            let Some(name) = file.file_name().and_then(|it| it.to_str()) else {
                continue;
            };
            n_blobs += 1;
            let (copy, partial) = (beside.join(name), beside.join(format!("{name}.partial")));
            if copy.exists() {
                continue;
            }
            if partial.exists() {
                std::fs::remove_file(&partial)?;
            }
            let hash = copy_file(&file, &partial)?;
            ensure!(hash == name, "附件 {name} 的内容与名称不符");
            std::fs::rename(&partial, &copy)?;
        }
        sync_folder(&beside)?;
    }
    sync_folder(to)?;
    Ok(n_blobs)
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

/// Whether a backup is what its manifest says.
fn check(folder: &Path) -> Result<Manifest> {
    let text = std::fs::read(folder.join(MANIFEST))
        .with_context(|| format!("{} 不是备份", folder.display()))?;
    let manifest: Manifest = serde_json::from_slice(&text).context("备份的清单有误")?;
    ensure!(
        manifest.format == FORMAT,
        "备份的格式 {} 是更新的程序写的",
        manifest.format
    );
    for file in &manifest.files {
        let is_plain = BESIDE.contains(&file.name.as_str()) || file.name == DATABASE;
        ensure!(is_plain, "备份的清单里有不该有的文件 {}", file.name);
        let hash = hash_file(&folder.join(&file.name))?;
        ensure!(hash == file.sha256, "备份里的 {} 已损坏", file.name);
    }
    Ok(manifest)
}

/// Puts a backup in the place of what stands in the data folder, which is set aside. No center may
/// run there. What is said is for people.
pub fn restore(backup: &Path, config: &Config, clock: &dyn Clock) -> Result<Vec<String>> {
    let data = config.data.as_path();
    ensure!(
        config.database.file() == Some(data.join(DATABASE).as_path()),
        "配置里的 database 不是数据目录里的 {DATABASE}，没有恢复；请先改好配置"
    );
    let manifest = check(backup)?;
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
        let hash = copy_file(&backup.join(&file.name), &restoring.join(&file.name))?;
        ensure!(hash == file.sha256, "备份里的 {} 已损坏", file.name);
    }
    begin_epoch(&restoring.join(DATABASE), &manifest, now)?;
    if let Some(blobs) = backup.parent().map(|parent| parent.join(BLOBS_FOLDER)) {
        copy_blobs(&blobs, &data.join(BLOBS_FOLDER))?;
    }
    let aside = set_aside(data, &manifest, now)?;
    for file in &manifest.files {
        std::fs::rename(restoring.join(&file.name), data.join(&file.name))?;
    }
    std::fs::remove_dir_all(&restoring)?;
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
