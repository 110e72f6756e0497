//! 知识导入: files become drafts, after a person has looked every row through (第十三条).
//!
//! Files come in as an upload. A preview reads them, proposes what each column is, and tells of every
//! row what would become of it; nothing is changed by it. An import makes drafts of the rows that
//! were chosen, all in one transaction or none. It publishes nothing.

mod day;
mod document;
mod errors;
mod known;
mod mapping;
mod plan;
mod preview;
mod row;
mod run;
mod source;
mod template;

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(crate) use self::day::half_width;
pub use self::errors::KbImportErrors;
pub(crate) use self::errors::kb_import_errors;
pub(crate) use self::known::content_of;
use self::plan::PlannedRow;
pub(crate) use self::preview::kb_import_preview;
pub(crate) use self::run::kb_import_run;
use self::source::Source;
pub use self::template::KbTemplateAsk;
pub(crate) use self::template::kb_import_template;
use crate::error::CallError;
use crate::reference::Choice;

/// Previews kept for their import; the oldest goes first.
const PLANS_MAX: usize = 4;

/// How one sheet or document is to be read, where that is not as proposed.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbSourceChoice {
    pub file: String,
    pub sheet: String,
    /// A key for each column; none for the proposal.
    pub keys: Option<Vec<String>>,
    /// Of the rows that name none.
    pub template: Option<String>,
    /// Of a document: 0 as one article, else by the headings of that level.
    pub level: Option<u8>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbImportAsk {
    pub upload_id: String,
    pub sources: Vec<KbSourceChoice>,
}

/// What would become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbImportState {
    /// 新条目.
    New,
    /// 改已有条目.
    Change,
    /// 疑似已有.
    Alike,
    /// 没有变化.
    Same,
    /// 已导入过.
    Imported,
    /// 有差错.
    Faulty,
}

/// What a person chooses for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbImportChoice {
    /// 新草稿.
    New,
    /// 改已有条目 as its draft.
    Change,
    /// 另存修改稿 beside the draft that is there.
    Beside,
    /// 跳过.
    Skip,
}

/// A sheet or a document, and how it is read.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbImportSource {
    pub file: String,
    pub sheet: String,
    pub is_document: bool,
    pub names: Vec<String>,
    /// Which column each name is, by key.
    pub keys: Vec<String>,
    /// What the first row says under each name, shortened.
    pub samples: Vec<String>,
    pub template: String,
    pub levels: Vec<u8>,
    pub level: u8,
    pub n_rows: usize,
    /// As it was for the last file with these names.
    pub is_remembered: bool,
    /// Why nothing of it is imported, and what was left out.
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbBrokenFile {
    pub file: String,
    pub reason: String,
}

/// A row of the preview.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbImportRow {
    pub row: u32,
    pub place: String,
    pub title: String,
    pub unit: String,
    pub template_text: String,
    pub state: KbImportState,
    pub state_text: String,
    /// The article it is about, or like.
    pub existing_title: String,
    /// 标准答案、来源: what of that article would change.
    pub changes_text: String,
    pub faults: Vec<String>,
    /// What must be filled before the draft can be handed on.
    pub missing: Vec<String>,
    pub notes: Vec<String>,
    /// The first is proposed.
    pub choices: Vec<KbImportChoice>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbImportCount {
    pub state: KbImportState,
    pub text: String,
    pub n: usize,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbImportPreview {
    /// Which preview an import is of.
    pub preview_no: u32,
    pub sources: Vec<KbImportSource>,
    pub broken: Vec<KbBrokenFile>,
    /// What a column can be.
    pub columns: Vec<Choice>,
    pub rows: Vec<KbImportRow>,
    pub counts: Vec<KbImportCount>,
    /// Why the person at the desk may not import.
    pub refusal: Option<String>,
    /// 这些内容都已导入过，再导入不会有任何改动。
    pub message: String,
}

/// What was chosen for a row, where it is not as proposed.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbRowChoice {
    pub row: u32,
    pub choice: KbImportChoice,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbImportRun {
    pub upload_id: String,
    pub preview_no: u32,
    pub choices: Vec<KbRowChoice>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbImportDone {
    pub n_new: usize,
    pub n_changed: usize,
    pub n_beside: usize,
    pub message: String,
}

/// A preview with all that its import needs.
#[derive(Debug)]
struct Plan {
    upload_id: String,
    preview_no: u32,
    sources: Vec<Source>,
    rows: Vec<PlannedRow>,
}

/// The previews of this desk, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct KbImports(Mutex<Plans>);

#[derive(Debug, Default)]
struct Plans {
    last_no: u32,
    kept: Vec<Arc<Plan>>,
}

impl KbImports {
    fn keep(&self, upload_id: &str, sources: Vec<Source>, rows: Vec<PlannedRow>) -> Arc<Plan> {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.last_no += 1;
        let plan = Arc::new(Plan {
            upload_id: upload_id.to_owned(),
            preview_no: plans.last_no,
            sources,
            rows,
        });
        plans.kept.retain(|kept| kept.upload_id != upload_id);
        if plans.kept.len() >= PLANS_MAX {
            plans.kept.remove(0);
        }
        plans.kept.push(Arc::clone(&plan));
        plan
    }

    /// The preview that the window shows.
    fn shown(&self, upload_id: &str, preview_no: u32) -> Result<Arc<Plan>, CallError> {
        let plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let plan = plans
            .kept
            .iter()
            .find(|plan| plan.upload_id == upload_id && plan.preview_no == preview_no);
        plan.map(Arc::clone)
            .ok_or_else(|| CallError::invalid("预览已变，请重新核对后再导入。"))
    }

    pub(crate) fn forget(&self, upload_id: &str) {
        let mut plans = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        plans.kept.retain(|plan| plan.upload_id != upload_id);
    }
}

impl Plan {
    /// What becomes of each row: as it was chosen, else as proposed. Refuses what a row does not
    /// allow.
    fn choices(&self, chosen: &[KbRowChoice]) -> Result<Vec<KbImportChoice>, CallError> {
        let mut choices: Vec<KbImportChoice> = self.rows.iter().map(proposed).collect();
        for KbRowChoice { row, choice } in chosen {
            let at = usize::try_from(*row).unwrap_or(usize::MAX);
            let is_allowed = self
                .rows
                .get(at)
                .is_some_and(|row| row.choices().contains(choice));
            match choices.get_mut(at).filter(|_| is_allowed) {
                Some(slot) => *slot = *choice,
                None => return Err(CallError::invalid("选中的行不能这样导入，请重新核对。")),
            }
        }
        Ok(choices)
    }
}

fn proposed(row: &PlannedRow) -> KbImportChoice {
    row.choices()
        .first()
        .copied()
        .unwrap_or(KbImportChoice::Skip)
}
