//! The words for lists that only a workstation has.

use desk_store::{DueCounts, GapFilter};

use crate::kb_import::KbImportState;

pub(crate) fn gap_filter(filter: GapFilter) -> &'static str {
    match filter {
        GapFilter::Open => "待处理",
        GapFilter::Assigned => "已下达任务",
        GapFilter::Linked => "已归入条目",
        GapFilter::SetAside => "已搁置",
    }
}

pub(crate) fn import_state(state: KbImportState) -> &'static str {
    match state {
        KbImportState::New => "新条目",
        KbImportState::Change => "改已有条目",
        KbImportState::Alike => "疑似已有",
        KbImportState::Same => "没有变化",
        KbImportState::Imported => "已导入过",
        KbImportState::Faulty => "有差错",
    }
}

/// 复核 3 条，到期 1 条.
pub(crate) fn due_counts(counts: DueCounts) -> String {
    let counts = [("复核", counts.n_reviews), ("到期", counts.n_expiries)];
    let said = counts.iter().filter(|(_, n)| *n > 0);
    let said: Vec<String> = said.map(|(what, n)| format!("{what} {n} 条")).collect();
    said.join("，")
}
