//! The words for the parts of an answer, and for articles that answer the same question.

use domain::kb::KbArticleId;
use search::parts::PartKind;
use search::twins::{Apart, Level, Likeness};

pub(crate) fn part_kind(kind: PartKind) -> &'static str {
    match kind {
        PartKind::Amount => "费用",
        PartKind::Material => "材料",
        PartKind::Place => "地点",
        PartKind::Hours => "时间",
        PartKind::Phone => "电话",
        PartKind::Period => "期限",
        PartKind::Date => "日期",
        PartKind::Condition => "条件",
        PartKind::Link => "网址",
    }
}

pub(crate) fn twin_level(level: Level) -> &'static str {
    match level {
        Level::Same => "同一问题",
        Level::Near => "相近",
    }
}

/// Why two articles stand beside each other: “社保卡补办”与“社会保障卡遗失补办”.
pub(crate) fn twin_ground(likeness: &Likeness) -> String {
    let headings = format!("“{}”与“{}”", likeness.ours, likeness.theirs);
    let why = match likeness.apart {
        None => "问的是同一件事",
        Some(Apart::Place) => "说法相近，地点不同",
        Some(Apart::Action) => "说法相近，办的事不同",
        Some(Apart::Group) => "说法相近，对象不同",
        Some(Apart::Aspect) => "同一事项，问的方面不同",
        Some(Apart::Words) => "说法相近",
    };
    format!("{headings}{why}")
}

/// What a version contradicted when it was published, and why it was published all the same.
pub(crate) fn contradiction(contradicts: &[KbArticleId], reason: &str) -> String {
    if contradicts.is_empty() {
        return String::new();
    }
    let ids: Vec<&str> = contradicts.iter().map(|id| id.0.as_str()).collect();
    format!("与 {} 口径不一致，理由：{reason}", ids.join("、"))
}
