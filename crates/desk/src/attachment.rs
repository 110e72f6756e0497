//! 附件 of an order: what units handed in and what was attached here, to look at and to save. Files
//! are named by the hash of their bytes; one that is not here is fetched from the center.

use desk_store::{BlobHere, StoreFault, StoredEvent, Writer};
use domain::work_order::EventKind;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Hash;
use wording::attachment::{self, FILE_MAX_BYTES};

use crate::desk::Desk;
use crate::error::CallError;
use crate::export::{Export, note_file};
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::sync::Fetching;
use crate::work_order::WorkOrderId;
use crate::{text, time_text};

/// Where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// It can be saved.
    Here,
    /// It can be fetched.
    AtCenter,
    /// It is being fetched.
    Fetching,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct AttachmentView {
    pub sha256: String,
    pub name: String,
    /// 县住建局补证, 11月23日 10:05.
    pub from_text: String,
    pub state: AttachmentState,
    /// 未上传, 正在取回 40%, or why it was not fetched; empty where nothing is to be said.
    pub state_text: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct AttachmentKey {
    pub work_order_id: String,
    pub sha256: String,
}

/// 附件 of one order.
pub(crate) fn attachments(
    desk: &Desk,
    request: WorkOrderId,
) -> Result<Vec<AttachmentView>, CallError> {
    desk.store
        .read(|reader| {
            let mut views: Vec<AttachmentView> = Vec::new();
            for file in files_of(&reader.events_of(&request.id)?) {
                let here = reader.blob(file.sha256)?;
                let fetching = desk.link.fetching(file.sha256);
                let (state, state_text) = state_of(here, fetching);
                views.push(AttachmentView {
                    sha256: file.sha256.to_string(),
                    name: file.name.to_owned(),
                    from_text: format!(
                        "{}，{}",
                        file.from(desk),
                        time_text::moment(file.event.event.occurred_at)
                    ),
                    state,
                    state_text,
                });
            }
            Ok(views)
        })
        .map_err(CallError::Fault)
}

/// 取回; how it ends is heard by the tag `attachments`.
pub(crate) fn fetch_attachment(desk: &Desk, request: AttachmentKey) -> Result<(), CallError> {
    let (sha256, _) = named(desk, &request)?;
    let here = desk.store.read(|reader| Ok(reader.blob(sha256)?))?;
    let is_here = here.is_some_and(|it| it.is_whole());
    let is_under = matches!(desk.link.fetching(sha256), Some(Fetching::Under { .. }));
    if !is_here && !is_under {
        desk.link.fetch(sha256);
    }
    Ok(())
}

/// 保存 one that is here. It stays as it was handed in, so the record knows it by its hash.
pub(crate) fn save_attachment(
    host: &DeskHost,
    export: Export<'_>,
    request: AttachmentKey,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let export = export.freely("one file, for whoever handles the order that it belongs to");
    let (sha256, name) = named(desk, &request)?;
    let bytes = desk.store.read(|reader| {
        let here = reader.blob(sha256)?;
        if !here.is_some_and(|it| it.is_whole()) {
            return Ok(None);
        }
        Ok(Some(reader.blob_bytes(sha256, 0, FILE_MAX_BYTES)?))
    })?;
    let bytes = bytes.ok_or_else(|| CallError::invalid("这个文件还没有取回，请先取回。"))?;
    note_file(sha256);
    desk.store
        .commit(|writer| -> Result<(), StoreFault> { writer.use_blob(sha256, export.now) })?;
    host.hand_out(export, &name, bytes, format!("已保存“{name}”。"))
}

/// Files of an upload that go with an act.
#[derive(Debug, Default)]
pub(crate) struct Attached(Vec<(Hash, Vec<u8>, String)>);

impl Attached {
    /// The files of an upload, if each may be handed in.
    pub(crate) fn uploaded(desk: &Desk, upload_id: &str) -> Result<Self, CallError> {
        let mut attached = Vec::new();
        for file in desk.uploads.files(upload_id)? {
            let checked = attachment::check(&file.name, &file.bytes).map_err(CallError::invalid)?;
            let sha256 = Hash::of(&file.bytes);
            attached.push((sha256, file.bytes.to_vec(), checked.name));
        }
        Ok(Self(attached))
    }

    /// As a command names them.
    pub(crate) fn names(&self) -> Vec<String> {
        let named = |(sha256, _, name): &(Hash, Vec<u8>, String)| {
            attachment::named(name, &sha256.to_string())
        };
        self.0.iter().map(named).collect()
    }

    /// In the transaction of the act.
    pub(crate) fn keep(
        &self,
        writer: &mut Writer,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Result<(), StoreFault> {
        self.0
            .iter()
            .try_for_each(|(sha256, bytes, _)| writer.keep_blob(*sha256, bytes, now))
    }
}

/// A file that an event names.
struct FileOf<'a> {
    sha256: Hash,
    name: &'a str,
    event: &'a StoredEvent,
}

impl FileOf<'_> {
    /// Whose it is, and for what.
    fn from(&self, desk: &Desk) -> String {
        let actor = &self.event.event.actor;
        let person = desk.person_text(actor);
        format!("{person} {}", text::act_of_files(&self.event.event.kind))
    }
}

/// Each file once, as it was handed in first.
fn files_of(events: &[StoredEvent]) -> Vec<FileOf<'_>> {
    let mut files: Vec<FileOf<'_>> = Vec::new();
    for event in events {
        let (EventKind::ScreeningRequested {
            evidence: named, ..
        }
        | EventKind::EvidenceSupplied {
            evidence: named, ..
        }
        | EventKind::Supplemented { files: named, .. }) = &event.event.kind
        else {
            continue;
        };
        for text in named {
            if let (name, Some(hash)) = attachment::read(text)
                && let Ok(sha256) = hash.parse::<Hash>()
                && !files.iter().any(|it| it.sha256 == sha256)
            {
                files.push(FileOf {
                    sha256,
                    name,
                    event,
                });
            }
        }
    }
    files
}

/// The file, if the order names it: nothing else is fetched or handed out.
fn named(desk: &Desk, key: &AttachmentKey) -> Result<(Hash, String), CallError> {
    let events = desk
        .store
        .read(|reader| Ok(reader.events_of(&key.work_order_id)?))?;
    let files = files_of(&events);
    let file = files.iter().find(|it| it.sha256.to_string() == key.sha256);
    let file = file.ok_or_else(|| CallError::invalid("这件工单没有这个附件。"))?;
    Ok((file.sha256, file.name.to_owned()))
}

fn state_of(here: Option<BlobHere>, fetching: Option<Fetching>) -> (AttachmentState, String) {
    match (here, fetching) {
        (Some(here), _) if here.is_whole() => {
            let text = if here.is_at_center {
                String::new()
            } else {
                "已保存在本机，未上传".to_owned()
            };
            (AttachmentState::Here, text)
        }
        (_, Some(Fetching::Under { n_bytes, of_bytes })) => {
            let percent = (n_bytes * 100).checked_div(of_bytes).unwrap_or(0);
            (AttachmentState::Fetching, format!("正在取回 {percent}%"))
        }
        (_, Some(Fetching::Failed(why))) => {
            (AttachmentState::AtCenter, text::not_fetched(why).to_owned())
        }
        (_, None) => (AttachmentState::AtCenter, String::new()),
    }
}
