//! Where a file comes from, and why it was not fetched.

use domain::work_order::EventKind;

use crate::sync::NotFetched;

/// For which act a file was handed in.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "no other event names files; one that does is shown all the same"
)]
pub(crate) fn act_of_files(kind: &EventKind) -> &'static str {
    match kind {
        EventKind::ScreeningRequested { .. } => "申请甄别",
        EventKind::EvidenceSupplied { .. } => "补证",
        EventKind::Supplemented { .. } => "补充",
        _ => "附上",
    }
}

pub(crate) fn not_fetched(why: NotFetched) -> &'static str {
    match why {
        NotFetched::Offline => "连不上中心，没有取回。连上后请再取一次。",
        NotFetched::NotThere => "中心还没有这个文件，请稍后再取。",
        NotFetched::TooLarge => "文件太大，请到中心查看。",
        NotFetched::OtherContent => {
            "取回的内容与登记的不符，没有保留。请再取一次，仍不行请告诉管理员。"
        }
        NotFetched::Fault => "没有取回，请再取一次。仍不行请告诉管理员。",
    }
}
