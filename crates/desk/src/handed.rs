//! 交出文件: how a file that the program made comes into people's hands.
//!
//! In the window it is written into the person's download folder, under a name that is free: a
//! WebKitGTK window drops what a page wants to download, without a word. In a browser on the
//! loopback host it waits in memory until the page fetches it.

use std::collections::VecDeque;
use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use documents::bundle::{free_name, safe_name};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::new_id;
use crate::error::CallError;
use crate::export::Cleared;
use crate::host::DeskHost;

/// Files that wait to be fetched, and that can still be shown in their folder; the oldest go first.
const KEPT_MAX: usize = 8;
/// Bytes that wait to be fetched.
const KEPT_MAX_BYTES: usize = 256 << 20;

/// What a window has of the computer that a browser page has not.
pub trait Desktop: Send + Sync {
    /// 下载文件夹 of the person at the desk.
    fn downloads(&self) -> Option<PathBuf>;
    /// Opens the folder of a file for the person to see.
    fn show_folder(&self, folder: &Path) -> io::Result<()>;
}

/// A file that is ready.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Handed {
    /// Names it in `show_handed` and when it is fetched.
    pub ticket: String,
    pub file_name: String,
    pub n_bytes: usize,
    /// Where it was written; none where it is to be fetched.
    pub path: Option<String>,
    /// 已导出 12 条。
    pub message: String,
    /// 导出编号, which stands in the file; empty for an empty form.
    pub serial: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct HandedTicket {
    pub ticket: String,
}

enum Kept {
    Written(PathBuf),
    Waiting { bytes: Vec<u8> },
}

/// What was handed out lately, the oldest first.
#[derive(Default)]
pub(crate) struct HandedOut(Mutex<VecDeque<(String, Kept)>>);

/// 打开所在文件夹 of a file that was written.
pub(crate) fn show_handed(host: &DeskHost, request: HandedTicket) -> Result<(), CallError> {
    let path = host.handed_out.with(&request.ticket, |kept| match kept {
        Kept::Written(path) => Some(path.clone()),
        Kept::Waiting { .. } => None,
    });
    let path = path.ok_or_else(|| CallError::invalid("找不到这个文件，请重新导出。"))?;
    let desktop = host.desktop.as_ref();
    let desktop = desktop.ok_or_else(|| CallError::invalid("请在浏览器的下载记录中查看。"))?;
    let folder = path.parent().unwrap_or(&path);
    desktop.show_folder(folder).map_err(|error| {
        CallError::invalid(format!("不能打开文件夹 {}：{error}。", folder.display()))
    })
}

impl DeskHost {
    /// Gives an export to the person, `name` with its ending.
    pub(crate) fn hand_out(
        &self,
        export: Cleared<'_>,
        name: &str,
        bytes: Vec<u8>,
        message: String,
    ) -> Result<Handed, CallError> {
        self.hand_out_written(export, name, |out| {
            out.write_all(&bytes).map_err(unwritten)?;
            Ok(message)
        })
    }

    /// Gives an export to the person that is written as it is made, and never held whole in the window:
    /// `write` returns what is said of it.
    pub(crate) fn hand_out_written(
        &self,
        export: Cleared<'_>,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<String, CallError>,
    ) -> Result<Handed, CallError> {
        let serial = export.serial().to_string();
        self.put_out(name, serial, |out| {
            export.record()?;
            write(out)
        })
    }

    /// Gives an empty form to the person: nothing is in it that would have to be found again.
    pub(crate) fn hand_out_blank(
        &self,
        name: &str,
        bytes: &[u8],
        message: String,
    ) -> Result<Handed, CallError> {
        self.put_out(name, String::new(), |out| {
            out.write_all(bytes).map_err(unwritten)?;
            Ok(message)
        })
    }

    fn put_out(
        &self,
        name: &str,
        serial: String,
        write: impl FnOnce(&mut dyn Write) -> Result<String, CallError>,
    ) -> Result<Handed, CallError> {
        let name = match name.rsplit_once('.') {
            Some((stem, ending)) => format!("{}.{ending}", safe_name(stem)),
            None => safe_name(name),
        };
        let (kept, n_bytes, message) = if let Some(desktop) = &self.desktop {
            let folder = desktop.downloads();
            let folder =
                folder.ok_or_else(|| CallError::invalid("找不到下载文件夹，请先在系统中设置。"))?;
            let (path, n_bytes, message) = write_beside(&folder, &name, write)?;
            (Kept::Written(path), n_bytes, message)
        } else {
            let mut bytes = Vec::new();
            let message = write(&mut bytes)?;
            let n_bytes = bytes.len();
            (Kept::Waiting { bytes }, n_bytes, message)
        };
        let (path, file_name) = match &kept {
            Kept::Written(path) => (
                Some(path.display().to_string()),
                path.file_name()
                    .map_or(name, |name| name.to_string_lossy().into_owned()),
            ),
            Kept::Waiting { .. } => (None, name),
        };
        let ticket = new_id();
        self.handed_out.keep(&ticket, kept);
        Ok(Handed {
            ticket,
            file_name,
            n_bytes,
            path,
            message,
            serial,
        })
    }

    /// The file that waits under a ticket, once.
    pub(crate) fn fetch_handed(&self, ticket: &str) -> Option<Vec<u8>> {
        self.handed_out.take_waiting(ticket)
    }
}

/// What is told when a file cannot be written to its end.
pub(crate) fn unwritten(error: io::Error) -> CallError {
    unwritten_in("文件", error)
}

fn unwritten_in(place: &str, error: io::Error) -> CallError {
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    if full.contains(&error.kind()) {
        return CallError::Store(desk_store::StoreFault::DiskFull);
    }
    CallError::invalid(format!("不能写入 {place}：{error}。"))
}

/// Writes a new file into the folder, under the first name that is free; nothing is overwritten.
fn write_beside(
    folder: &Path,
    name: &str,
    write: impl FnOnce(&mut dyn Write) -> Result<String, CallError>,
) -> Result<(PathBuf, usize, String), CallError> {
    let failed = |error: io::Error| unwritten_in(&folder.display().to_string(), error);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut opened = None;
    let mut failure = None;
    let name = free_name(name, |name| {
        // Whoever makes the file has its name, also when two ask at once.
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(folder.join(name))
        {
            Ok(file) => opened = Some(file),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return false,
            Err(error) => failure = Some(error),
        }
        true
    });
    if let Some(error) = failure {
        return Err(failed(error));
    }
    let path = folder.join(name);
    let Some(file) = opened else {
        return Err(CallError::invalid("没有空闲的文件名。"));
    };
    let mut out = BufWriter::new(file);
    let written = write(&mut out).and_then(|message| {
        let file = out
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        let n_bytes = file.metadata().map_err(failed)?.len();
        Ok((usize::try_from(n_bytes).unwrap_or(usize::MAX), message))
    });
    match written {
        Ok((n_bytes, message)) => Ok((path, n_bytes, message)),
        Err(error) => {
            // Half a file would be taken for a whole one.
            if let Err(error) = std::fs::remove_file(&path) {
                tracing::warn!(%error, path = %path.display(), "half a file stays");
            }
            Err(error)
        }
    }
}

impl HandedOut {
    fn keep(&self, ticket: &str, kept: Kept) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push_back((ticket.to_owned(), kept));
        let n_bytes = |all: &VecDeque<(String, Kept)>| -> usize {
            let sizes = all.iter().map(|(_, kept)| match kept {
                Kept::Written(_) => 0,
                Kept::Waiting { bytes } => bytes.len(),
            });
            sizes.sum()
        };
        while all.len() > 1 && (all.len() > KEPT_MAX || n_bytes(&all) > KEPT_MAX_BYTES) {
            all.pop_front();
        }
    }

    fn with<T>(&self, ticket: &str, look: impl FnOnce(&Kept) -> Option<T>) -> Option<T> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|(own, _)| own == ticket);
        found.and_then(|(_, kept)| look(kept))
    }

    fn take_waiting(&self, ticket: &str) -> Option<Vec<u8>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all
            .iter()
            .position(|(own, kept)| own == ticket && matches!(kept, Kept::Waiting { .. }))?;
        match all.remove(at)?.1 {
            Kept::Waiting { bytes } => Some(bytes),
            Kept::Written(_) => None,
        }
    }
}
