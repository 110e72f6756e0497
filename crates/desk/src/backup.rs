//! 本机备份: a copy of the encrypted store in a folder that somebody chose, once a day and when asked, and the
//! trial that it can be read. What is on another disk survives this one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::Builder;

use chrono::{DateTime, TimeDelta, Utc};
use desk_store::{MetaKey, StoreFault, backups};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::host::DeskHost;
use crate::{text, time_text};

/// So long after the last one the next is made.
const EVERY: TimeDelta = TimeDelta::hours(24);
/// So long after a try that failed the next is made.
const AGAIN_AFTER: TimeDelta = TimeDelta::hours(1);
const FOLDER_MAX_CHARS: usize = 500;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct BackupFolder {
    /// On this computer; empty for no backups.
    pub folder: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupState {
    /// Empty where none was chosen.
    pub folder: String,
    /// 11月23日 02:00; empty before the first.
    pub last_text: String,
    /// Why the last try came to nothing; empty where it did not.
    pub problem: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct BackupDone {
    pub message: String,
}

/// 备份情况.
pub(crate) fn backup_state(desk: &Desk, (): ()) -> Result<BackupState, CallError> {
    let (folder, last, problem) = desk.store.read(|reader| {
        Ok((
            reader.meta(MetaKey::BackupFolder)?,
            moment_of(reader.meta(MetaKey::BackupMade)?),
            reader.meta(MetaKey::BackupProblem)?,
        ))
    })?;
    Ok(BackupState {
        folder: folder.unwrap_or_default(),
        last_text: last.map_or_else(String::new, time_text::moment),
        problem: problem.unwrap_or_default(),
    })
}

/// 设定备份文件夹, which must be there and must not be the one that is backed up.
pub(crate) fn choose_backup_folder(
    host: &DeskHost,
    desk: &Desk,
    request: BackupFolder,
) -> Result<BackupState, CallError> {
    let folder = request.folder.trim().to_owned();
    if folder.chars().count() > FOLDER_MAX_CHARS {
        return Err(CallError::invalid("文件夹的路径太长。"));
    }
    let path = Path::new(&folder);
    let is_there = path.is_absolute() && path.is_dir();
    if !folder.is_empty() && !is_there {
        return Err(CallError::invalid(
            "没有这个文件夹，请填写完整路径，如 /media/backup。",
        ));
    }
    if !folder.is_empty() && path.starts_with(&host.folder) {
        return Err(CallError::invalid("备份不能放在数据文件夹里，请另选一处。"));
    }
    desk.store.commit(|writer| -> Result<(), StoreFault> {
        writer.set_meta(MetaKey::BackupFolder, &folder)?;
        writer.set_meta(MetaKey::BackupProblem, "")
    })?;
    backup_state(desk, ())
}

/// 立即备份.
pub(crate) fn back_up(desk: &Desk, (): ()) -> Result<BackupDone, CallError> {
    let folder = folder_of(desk)?;
    let made = desk.make_backup(&folder)?;
    Ok(BackupDone {
        message: format!("已备份到 {}，并已核对。", made.display()),
    })
}

/// 演练: whether the latest backup can be read, all of it.
pub(crate) fn try_backup(desk: &Desk, (): ()) -> Result<BackupDone, CallError> {
    let folder = folder_of(desk)?;
    let all = backups(&folder).map_err(|error| not_reached(&folder, &error))?;
    let latest = all
        .last()
        .ok_or_else(|| CallError::invalid("还没有备份。"))?;
    let found = desk.store.check_backup(latest).map_err(|error| {
        tracing::error!(%error, "the latest backup cannot be read");
        CallError::invalid(format!(
            "备份 {} 读不出来，请重新备份，并检查存放备份的磁盘。",
            latest.display()
        ))
    })?;
    Ok(BackupDone {
        message: format!(
            "备份 {} 可以恢复：操作 {} 条，审计 {} 条，逐页核对无误。",
            latest.display(),
            found.n_intents,
            found.n_audited
        ),
    })
}

/// Makes the backup of the day on a thread of its own, where one is due.
pub(crate) fn begin_if_due(desk: &Arc<Desk>) -> Result<(), CallError> {
    let now = desk.now();
    let due = desk.store.read(|reader| {
        let folder = reader.meta(MetaKey::BackupFolder)?.unwrap_or_default();
        let made = moment_of(reader.meta(MetaKey::BackupMade)?);
        let tried = moment_of(reader.meta(MetaKey::BackupTried)?);
        let is_due = !folder.is_empty()
            && made.is_none_or(|at| now - at >= EVERY)
            && tried.is_none_or(|at| now - at >= AGAIN_AFTER);
        Ok(is_due.then(|| PathBuf::from(folder)))
    })?;
    let Some(folder) = due else {
        return Ok(());
    };
    desk.store.commit(|writer| -> Result<(), StoreFault> {
        writer.set_meta(MetaKey::BackupTried, &now.timestamp_millis().to_string())
    })?;
    let desk = Arc::clone(desk);
    let making = Builder::new().name("backup".to_owned());
    making
        .spawn(move || {
            if let Err(error) = desk.make_backup(&folder) {
                tracing::error!(error = format!("{error:#}"), "no backup was made");
            }
        })
        .map_err(anyhow::Error::from)?;
    Ok(())
}

impl Desk {
    /// Makes one and notes when, or why not.
    fn make_backup(&self, folder: &Path) -> Result<PathBuf, CallError> {
        let now = self.now();
        let made = if folder.is_dir() {
            self.store.back_up(folder, now).map_err(CallError::from)
        } else {
            let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
            Err(not_reached(folder, &gone))
        };
        self.store.commit(|writer| -> Result<(), StoreFault> {
            match &made {
                Ok(_) => {
                    writer.set_meta(MetaKey::BackupMade, &now.timestamp_millis().to_string())?;
                    writer.set_meta(MetaKey::BackupProblem, "")
                }
                Err(error) => {
                    let problem = text::error(error, "—");
                    writer.set_meta(MetaKey::BackupProblem, &problem)
                }
            }
        })?;
        made
    }
}

fn folder_of(desk: &Desk) -> Result<PathBuf, CallError> {
    let folder = desk
        .store
        .read(|reader| Ok(reader.meta(MetaKey::BackupFolder)?))?;
    let folder = folder.filter(|it| !it.is_empty());
    let folder = folder.ok_or_else(|| CallError::invalid("请先填写备份文件夹。"))?;
    Ok(PathBuf::from(folder))
}

fn not_reached(folder: &Path, error: &std::io::Error) -> CallError {
    tracing::warn!(%error, "the folder of backups is not reached");
    CallError::invalid(format!(
        "找不到备份文件夹 {}，请接好磁盘后再试。",
        folder.display()
    ))
}

fn moment_of(kept: Option<String>) -> Option<DateTime<Utc>> {
    let millis = kept?.parse().ok()?;
    DateTime::from_timestamp_millis(millis)
}
