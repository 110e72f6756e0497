//! 上传: files on their way from the window into the program.
//!
//! The window sends a file in parts, because a request has a limit and a file a larger one. What has
//! arrived is kept in memory and nowhere else: it may be anything, and the data folder has no place
//! for text that is not encrypted.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use documents::FILE_MAX_BYTES;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;

/// The longest part of a file in one request. As base64 it still fits into a request with room for
/// the rest of it.
pub const PART_MAX_BYTES: usize = 512 << 10;
/// Files of one upload: a folder.
pub const FILES_MAX: usize = 200;
/// All files of one upload together.
pub const UPLOAD_MAX_BYTES: usize = 64 << 20;
/// Uploads at a time; the oldest goes when another begins. A window has one.
const UPLOADS_MAX: usize = 4;
/// The longest name of a file, its folders included, in characters.
const NAME_MAX_CHARS: usize = 400;

/// A part of a file.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct UploadPart {
    /// Empty for the first part of the first file.
    pub upload_id: String,
    /// With its folders where a folder was chosen.
    pub file_name: String,
    /// How many bytes of the file were sent before.
    pub offset: usize,
    /// At most 512 KB, as base64.
    pub content: String,
}

/// What has arrived.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Uploaded {
    pub upload_id: String,
    pub n_files: usize,
    pub n_bytes: usize,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct UploadId {
    pub upload_id: String,
}

/// One file, whole or as far as it has come.
#[derive(Debug, Clone)]
pub(crate) struct UploadedFile {
    pub(crate) name: String,
    pub(crate) bytes: Arc<Vec<u8>>,
}

#[derive(Debug, Default)]
struct Upload {
    id: String,
    files: Vec<UploadedFile>,
}

/// The uploads of this desk, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Uploads(Mutex<Vec<Upload>>);

/// 上传文件的一段.
pub(crate) fn upload_part(desk: &Desk, request: UploadPart) -> Result<Uploaded, CallError> {
    desk.uploads.take(request)
}

/// 放弃上传: what has arrived is forgotten.
pub(crate) fn drop_upload(desk: &Desk, request: UploadId) -> Result<(), CallError> {
    desk.uploads.forget(&request.upload_id);
    desk.imports.forget(&request.upload_id);
    Ok(())
}

impl Uploads {
    fn take(&self, part: UploadPart) -> Result<Uploaded, CallError> {
        let UploadPart {
            upload_id,
            file_name,
            offset,
            content,
        } = part;
        let bytes = BASE64
            .decode(&content)
            .map_err(|_not_base64| CallError::invalid("文件内容在传送中损坏，请重新选择文件。"))?;
        if bytes.len() > PART_MAX_BYTES {
            return Err(CallError::invalid("一次传送的内容过大。"));
        }
        let n_chars = file_name.chars().count();
        if file_name.is_empty() || n_chars > NAME_MAX_CHARS {
            return Err(CallError::invalid(format!(
                "文件名应有 1 至 {NAME_MAX_CHARS} 字，现有 {n_chars} 字。"
            )));
        }
        let mut uploads = self.lock();
        if upload_id.is_empty() {
            if uploads.len() >= UPLOADS_MAX {
                uploads.remove(0);
            }
            uploads.push(Upload {
                id: new_id(),
                files: Vec::new(),
            });
        }
        let upload = match upload_id.as_str() {
            "" => uploads.last_mut(),
            id => uploads.iter_mut().find(|upload| upload.id == id),
        };
        upload.ok_or_else(gone)?.put(&file_name, offset, &bytes)
    }

    /// The files of an upload, in the order in which they came.
    pub(crate) fn files(&self, upload_id: &str) -> Result<Vec<UploadedFile>, CallError> {
        let uploads = self.lock();
        let upload = uploads.iter().find(|upload| upload.id == upload_id);
        Ok(upload.ok_or_else(gone)?.files.clone())
    }

    pub(crate) fn forget(&self, upload_id: &str) {
        self.lock().retain(|upload| upload.id != upload_id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Upload>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Upload {
    fn put(&mut self, name: &str, offset: usize, bytes: &[u8]) -> Result<Uploaded, CallError> {
        let n_before: usize = self.files.iter().map(|file| file.bytes.len()).sum();
        if n_before + bytes.len() > UPLOAD_MAX_BYTES {
            return Err(CallError::invalid(format!(
                "所选文件合计超过 {} MB，请分几次导入。",
                UPLOAD_MAX_BYTES >> 20
            )));
        }
        let at = self.files.iter().position(|file| file.name == name);
        let at = match at {
            Some(at) => at,
            None if self.files.len() >= FILES_MAX => {
                return Err(CallError::invalid(format!(
                    "一次最多导入 {FILES_MAX} 个文件，请分几次导入。"
                )));
            }
            None => {
                self.files.push(UploadedFile {
                    name: name.to_owned(),
                    bytes: Arc::new(Vec::new()),
                });
                self.files.len() - 1
            }
        };
        let file = self.files.get_mut(at).ok_or_else(gone)?;
        // A part that came twice, or out of its turn, would make another file of it.
        if file.bytes.len() != offset {
            return Err(CallError::invalid("文件内容在传送中断开，请重新选择文件。"));
        }
        if offset + bytes.len() > FILE_MAX_BYTES {
            return Err(CallError::invalid(format!(
                "“{name}”超过 {} MB，请拆成几个文件。",
                FILE_MAX_BYTES >> 20
            )));
        }
        Arc::make_mut(&mut file.bytes).extend_from_slice(bytes);
        Ok(Uploaded {
            upload_id: self.id.clone(),
            n_files: self.files.len(),
            n_bytes: n_before + bytes.len(),
        })
    }
}

fn gone() -> CallError {
    CallError::invalid("所选文件已不在，请重新选择。")
}
