//! 佐证材料: files that a unit hands in with what it asks (第十二条(一)). Kept under the hash of their
//! bytes; an act names them by it, so what was looked at is what was handed in.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use center::{RecordChange, Records, Written};
use domain::WorkOrder;
use domain::work_order::EventKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Hash;
use wire::limit::PART_BYTES;
use wording::attachment;

use super::error::CallError;
use super::unit_order::{SEPARATOR, is_sealed, key};
use super::visit::{OwnOrder, Visit};
use crate::blob::{BlobRefusal, Blobs};

/// Files that a unit hands in for one order.
const FILES_MAX: usize = 40;
/// What was uploaded, by unit, order and hash.
const KIND: &str = "unit_upload";
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A file that was handed in.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct EvidenceFile {
    pub(super) sha256: String,
    pub(super) name: String,
}

/// A file as it was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Upload {
    name: String,
    n_bytes: usize,
    person: String,
    at_ms: i64,
}

/// A file on its way out.
pub(super) struct Download {
    pub(super) name: String,
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// 上传 one file for an order of the unit.
pub(super) async fn upload(
    visit: &Visit,
    order_id: &str,
    name: &str,
    bytes: Vec<u8>,
) -> Result<EvidenceFile, CallError> {
    let own = visit.order(order_id).await?;
    let checked = attachment::check(name, &bytes).map_err(CallError::invalid)?;
    let name = checked.name;
    let n_bytes = bytes.len();
    let sha256 = Hash::of(&bytes);
    let upload = Upload {
        name: name.clone(),
        n_bytes,
        person: visit.actor.id.0.clone(),
        at_ms: visit.now.timestamp_millis(),
    };
    check_room(visit, &own.id).await?;
    let blobs = Arc::clone(&visit.office.blobs);
    let kept = tokio::task::spawn_blocking(move || keep(&blobs, sha256, &bytes)).await;
    if let Err(refusal) = kept.context("Keeping a file")?? {
        tracing::warn!(%refusal, "A file was not kept");
        return Err(CallError::invalid(format!(
            "“{name}”没有传成，请稍候再试。"
        )));
    }
    let sha256 = sha256.to_string();
    let body = serde_json::to_string(&upload).map_err(anyhow::Error::from)?;
    let put = RecordChange::put(KIND, upload_key(visit, &own.id, &sha256), body);
    match visit.office.write(vec![put]).await? {
        Written::Done | Written::Conflict => Ok(EvidenceFile { sha256, name }),
    }
}

/// 下载 what the unit itself handed in for an order it was given, or what was attached to it at a desk.
pub(super) async fn download(
    visit: &Visit,
    order_id: &str,
    sha256: &str,
) -> Result<Download, CallError> {
    let own = visit.order(order_id).await?;
    let hash: Hash = sha256.parse().map_err(|_no_hash| gone())?;
    let name = if let Some(upload) = uploaded(visit, &own.id, sha256).await? {
        upload.name
    } else {
        let mut files = supplied(&own).into_iter();
        let file = files.find(|it| it.sha256 == sha256);
        file.ok_or_else(gone)?.name
    };
    let blobs = Arc::clone(&visit.office.blobs);
    let bytes = tokio::task::spawn_blocking(move || read(&blobs, hash)).await;
    let bytes = bytes.context("Reading a file")??.ok_or_else(not_yet)?;
    let media_type = attachment::media_type(&name, &bytes).unwrap_or(UNKNOWN_TYPE);
    Ok(Download {
        name,
        media_type,
        bytes,
    })
}

/// What an act says of files that were uploaded for its order.
pub(super) async fn cited(
    visit: &Visit,
    own: &OwnOrder,
    hashes: Vec<String>,
) -> Result<Vec<String>, CallError> {
    let mut cited = Vec::new();
    for sha256 in hashes {
        let upload = uploaded(visit, &own.id, &sha256).await?.ok_or_else(gone)?;
        cited.push(attachment::named(&upload.name, &sha256));
    }
    Ok(cited)
}

/// What the unit has handed in with its acts, each file once.
pub(super) fn attached(own: &OwnOrder) -> Vec<EvidenceFile> {
    let of_unit = own
        .events
        .iter()
        .filter(|it| it.kind.assignment() == Some(own.assignment.number));
    files(of_unit.filter_map(|it| {
        let (EventKind::ScreeningRequested { evidence, .. }
        | EventKind::EvidenceSupplied { evidence, .. }) = &it.kind
        else {
            return None;
        };
        Some(evidence)
    }))
}

/// 诉求材料: what was attached at a desk. Nothing of it on a sealed order: a picture tells who took it,
/// and cannot be masked.
pub(super) fn supplied(own: &OwnOrder) -> Vec<EvidenceFile> {
    let is_sealed = is_sealed(&own.order);
    let events = own.events.iter().filter(|_| !is_sealed);
    files(events.filter_map(|it| {
        let EventKind::Supplemented { files, .. } = &it.kind else {
            return None;
        };
        Some(files)
    }))
}

fn files<'a>(named: impl Iterator<Item = &'a Vec<String>>) -> Vec<EvidenceFile> {
    let mut files: Vec<EvidenceFile> = Vec::new();
    for piece in named.flatten() {
        if let (name, Some(sha256)) = attachment::read(piece)
            && !files.iter().any(|it| it.sha256 == sha256)
        {
            files.push(EvidenceFile {
                sha256: sha256.to_owned(),
                name: name.to_owned(),
            });
        }
    }
    files
}

fn gone() -> CallError {
    CallError::invalid("没有找到这个文件，请重新上传。")
}

fn not_yet() -> CallError {
    CallError::invalid("文件还没有从工作站传到中心，请稍后再试。")
}

/// 涂销: the rows of what the units handed in for an order.
pub(crate) fn uploads_of(
    records: &(impl Records + ?Sized),
    order: &WorkOrder,
    subject: &str,
) -> Result<Vec<RecordChange>> {
    let mut rows = Vec::new();
    for assignment in &order.assignments {
        let prefix = format!("{}{SEPARATOR}", key(&assignment.unit, subject));
        let uploads = records.range(KIND, &prefix, "", FILES_MAX)?;
        rows.extend(
            uploads
                .into_iter()
                .map(|row| RecordChange::remove(KIND, row.key)),
        );
    }
    Ok(rows)
}

fn upload_key(visit: &Visit, order_id: &str, sha256: &str) -> String {
    format!("{}{SEPARATOR}{sha256}", key(&visit.unit, order_id))
}

async fn uploaded(
    visit: &Visit,
    order_id: &str,
    sha256: &str,
) -> Result<Option<Upload>, CallError> {
    let key = upload_key(visit, order_id, sha256);
    let read = visit.office.readers.read(move |reader| {
        let body = reader.records.get(KIND, &key)?;
        Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
    });
    Ok(read.await?)
}

async fn check_room(visit: &Visit, order_id: &str) -> Result<(), CallError> {
    let prefix = format!("{}{SEPARATOR}", key(&visit.unit, order_id));
    let read = visit
        .office
        .readers
        .read(move |reader| reader.records.range(KIND, &prefix, &prefix, FILES_MAX));
    if read.await?.len() >= FILES_MAX {
        return Err(CallError::invalid(format!(
            "一件工单最多上传 {FILES_MAX} 个文件。"
        )));
    }
    Ok(())
}

/// Keeps a file as attachments are kept: in parts, and named when it is whole.
fn keep(blobs: &Blobs, sha256: Hash, bytes: &[u8]) -> Result<Result<(), BlobRefusal>> {
    let of_bytes = bytes.len() as u64;
    let mut state = blobs.state(sha256)?;
    while !state.is_whole {
        let from = usize::try_from(state.n_bytes)?;
        let part = bytes.iter().skip(from).take(PART_BYTES).copied();
        let part: Vec<u8> = part.collect();
        state = match blobs.put(sha256, state.n_bytes, of_bytes, &part)? {
            Ok(state) => state,
            Err(refusal) => return Ok(Err(refusal)),
        };
    }
    Ok(Ok(()))
}

/// The whole file; `None` while not all of it is here.
fn read(blobs: &Blobs, sha256: Hash) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(stretch) = blobs.read(sha256, bytes.len() as u64)? {
        bytes.extend(stretch.bytes);
        if bytes.len() as u64 >= stretch.of_bytes {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}
