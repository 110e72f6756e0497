//! 导出: what leaves the desk as a file has a number, which stands in the file and in the record of it.
//!
//! An [`Export`] is made by the table of calls, for the calls that it names as exports, and used up where the
//! file is handed out ([`DeskHost::hand_out`]): there is no other way out for what is no empty form. The number
//! is in the entry of the call, and the entry is on the disk before the file is. Nothing is handed out that was
//! not cleared: what takes a second person was granted by one, of everything else is said why it does not.
//!
//! [`DeskHost::hand_out`]: crate::host::DeskHost

mod approval;
mod trace;

use chrono::{DateTime, Utc};
use desk_store::{MetaKey, note_field};
use documents::watermark::Watermark;
use domain::export_serial::ExportSerial;

pub use self::approval::{AskedExport, DecideExport, ExportAsked, WantedExport};
pub(crate) use self::approval::{Extent, asked_text, may_decide};
pub(crate) use self::approval::{ask_to_export, decide_export, export_requests};
pub(crate) use self::trace::trace_export;
pub use self::trace::{ExportTrace, TraceExport};

use crate::desk::Desk;
use crate::error::CallError;
use crate::time_text;

/// What stands before the number among the fields of an entry. Frozen.
pub(crate) const SERIAL_FIELD: &str = "serial:";
/// The same before the hash of a file that is handed out as it came, and carries no number. Frozen.
pub(crate) const FILE_FIELD: &str = "file:";

/// 导出 under way.
pub(crate) struct Export<'a> {
    /// The desk that the call was admitted to.
    pub(crate) desk: &'a Desk,
    pub(crate) now: DateTime<Utc>,
    serial: ExportSerial,
}

impl<'a> Export<'a> {
    /// Draws the number, which goes into the entry of the call.
    pub(crate) fn begin(desk: &'a Desk) -> Result<Self, CallError> {
        let code = desk
            .store
            .read(|reader| Ok(reader.meta(MetaKey::DeskCode)?))?;
        let drawn = uuid::Uuid::new_v4().as_u128();
        // What a version of an UUID says of itself is no chance.
        let drawn = (drawn >> 80) ^ (drawn << 64);
        let serial = ExportSerial::of(&code.unwrap_or_default(), drawn);
        note_field(&format!("{SERIAL_FIELD}{serial}"));
        Ok(Self {
            desk,
            now: desk.now(),
            serial,
        })
    }

    pub(crate) fn serial(&self) -> &ExportSerial {
        &self.serial
    }

    /// Who hands it out, when, what for, and under which number.
    pub(crate) fn watermark(&self, purpose: &str) -> Watermark {
        Watermark {
            person: self.desk.person_text(&self.desk.operator.id),
            at_text: time_text::dated(self.now),
            purpose: purpose.to_owned(),
            serial: self.serial.to_string(),
        }
    }

    /// What takes no second person, and why.
    pub(crate) fn freely(self, because: &'static str) -> Cleared<'a> {
        tracing::trace!(because, "goes out without asking");
        Cleared {
            export: self,
            approval: None,
        }
    }

    /// What may take a second person: then one has granted exactly this, lately, and it has not gone out.
    pub(crate) fn cleared(self, wanted: &WantedExport) -> Result<Cleared<'a>, CallError> {
        let approval = approval::granted(self.desk, wanted, self.now)?;
        Ok(Cleared {
            export: self,
            approval,
        })
    }
}

/// A file that goes out as it came: the record of the call under way knows it by its hash.
pub(crate) fn note_file(sha256: impl std::fmt::Display) {
    note_field(&format!("{FILE_FIELD}{sha256}"));
}

/// 可以交出: an export that nothing stands in the way of.
pub(crate) struct Cleared<'a> {
    export: Export<'a>,
    /// The request that was granted; none where none is needed.
    approval: Option<String>,
}

impl<'a> std::ops::Deref for Cleared<'a> {
    type Target = Export<'a>;

    fn deref(&self) -> &Self::Target {
        &self.export
    }
}

impl Cleared<'_> {
    /// The entry of the call is on the disk, and what was granted is used up, or the file does not go out.
    pub(crate) fn record(&self) -> Result<(), CallError> {
        self.desk.store.commit(|writer| {
            let Some(request_id) = &self.approval else {
                return Ok(());
            };
            if writer.is_export_made(request_id)? {
                return Err(CallError::invalid("这项批准已经用过，请重新申请。"));
            }
            let serial = self.serial.as_str();
            Ok(writer.keep_export_made(request_id, serial, self.now)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::api;

    /// What is handed out without a number: forms in which nothing is filled in.
    const BLANK: [&str; 2] = ["kb_import_template", "order_form_template"];

    #[test]
    fn every_call_that_hands_out_a_file_is_an_export_or_an_empty_form() {
        wording::typescript::generated_typescript("", &[], |types| {
            let calls = api::call_types(types);
            for call in &calls {
                let hands_out = call.response == "Handed";
                let is_blank = BLANK.contains(&call.name);
                assert!(hands_out || !is_blank, "{}", call.name);
                assert_eq!(
                    api::exports(call.name),
                    hands_out && !is_blank,
                    "{}",
                    call.name
                );
            }
            calls
        });
    }
}
