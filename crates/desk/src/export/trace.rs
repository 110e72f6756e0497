//! 查导出来源: of a file that was found somewhere, or a number that was read off a page, who made it, when and
//! what for. The record of this desk answers; what another desk made is in the record of that one.

use audit::Link;
use chrono::DateTime;
use documents::watermark::serial_of;
use domain::ActorId;
use domain::export_serial::ExportSerial;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Hash;

use super::{FILE_FIELD, SERIAL_FIELD};
use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

/// The longest number that is looked at, in characters.
const SERIAL_MAX_CHARS: usize = 64;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct TraceExport {
    /// 导出编号 as it was read off a page; empty where a file is asked about.
    pub serial: String,
    /// The file, uploaded; null where a number is asked about.
    pub upload_id: Option<String>,
}

/// What was found.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExportTrace {
    /// Empty where the file carries none.
    pub serial: String,
    /// Whether the record of this desk knows it.
    pub is_known: bool,
    /// 陈晓梅 1001 于 … 导出台账, or why nothing is known.
    pub message: String,
}

/// 查导出来源.
pub(crate) fn trace_export(desk: &Desk, request: TraceExport) -> Result<ExportTrace, CallError> {
    let Some(upload_id) = &request.upload_id else {
        let typed = request.serial.trim();
        let is_long = typed.chars().count() > SERIAL_MAX_CHARS;
        let serial = ExportSerial::read(typed).filter(|_| !is_long);
        let serial = serial.ok_or_else(|| {
            CallError::invalid("导出编号不对，请照水印逐字核对，如 W01-K7Q4M-X9P2T。")
        })?;
        return of_serial(desk, &serial);
    };
    let files = desk.uploads.files(upload_id)?;
    let [file] = files.as_slice() else {
        return Err(CallError::invalid("请选择一个文件。"));
    };
    match serial_of(&file.bytes).and_then(|it| ExportSerial::read(&it)) {
        Some(serial) => of_serial(desk, &serial),
        None => of_file(desk, &file.bytes),
    }
}

fn of_serial(desk: &Desk, serial: &ExportSerial) -> Result<ExportTrace, CallError> {
    let field = format!("{SERIAL_FIELD}{serial}");
    let found = desk
        .store
        .read(|reader| Ok(reader.audit_entry_naming(&field)?))?;
    let message = match &found {
        Some(link) => said(desk, link),
        None if serial.desk().is_empty() => "本机的审计记录里没有这个编号。".to_owned(),
        None => format!(
            "本机的审计记录里没有这个编号，它是工作站 {} 导出的，请到那台工作站查。",
            serial.desk()
        ),
    };
    Ok(ExportTrace {
        serial: serial.to_string(),
        is_known: found.is_some(),
        message,
    })
}

/// An attachment is handed out as it came, so it carries no number; the record knows its hash.
fn of_file(desk: &Desk, bytes: &[u8]) -> Result<ExportTrace, CallError> {
    let field = format!("{FILE_FIELD}{}", Hash::of(bytes));
    let found = desk
        .store
        .read(|reader| Ok(reader.audit_entry_naming(&field)?))?;
    let serial = found.as_ref().and_then(|link| {
        let mut fields = link.entry.fields.iter();
        fields.find_map(|field| field.strip_prefix(SERIAL_FIELD))
    });
    Ok(ExportTrace {
        serial: serial.unwrap_or_default().to_owned(),
        is_known: found.is_some(),
        message: match &found {
            Some(link) => said(desk, link),
            None => "这个文件里没有导出编号，也不是本机保存过的附件。打印件请照水印输入编号。"
                .to_owned(),
        },
    })
}

/// 陈晓梅 1001 于 2026-11-24 09:15 导出台账，见审计第 12 条.
fn said(desk: &Desk, link: &Link) -> String {
    let entry = &link.entry;
    let at = DateTime::from_timestamp_millis(entry.at_ms).unwrap_or_default();
    format!(
        "{} 于 {} {}，见本机审计第 {} 条。",
        desk.person_text(&ActorId(entry.actor.clone())),
        time_text::dated(at),
        text::audited(&entry.act),
        link.n
    )
}
