//! 答案要素: what of an answer can be copied by itself, with where it comes from.

use desk_store::StoredArticle;
use domain::kb::KbArticle;
use search::parts::{Part, PartKind, parts};
use serde::Serialize;
use ts_rs::TS;

use crate::{text, time_text};

/// The most parts shown of one article.
const PARTS_SHOWN_MAX: usize = 40;
/// Sections that say on what the answer rests or what a call-taker asks: nothing of it is told to a
/// citizen as an answer.
const NO_ANSWER: [&str; 6] = ["依据", "文号", "文件名称", "发布机关", "需要记录", "先问"];

/// 要素种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbPartKind {
    Amount,
    Phone,
    Place,
    Hours,
    Period,
    Material,
    Date,
    Condition,
    Link,
}

/// A literal stretch of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct KbPart {
    pub kind: KbPartKind,
    pub kind_text: String,
    /// What it is about, empty where the text does not say: 工本费.
    pub label: String,
    pub text: String,
    /// With label and source, for the clipboard.
    pub copy_text: String,
}

impl From<PartKind> for KbPartKind {
    fn from(kind: PartKind) -> Self {
        match kind {
            PartKind::Amount => Self::Amount,
            PartKind::Material => Self::Material,
            PartKind::Place => Self::Place,
            PartKind::Hours => Self::Hours,
            PartKind::Phone => Self::Phone,
            PartKind::Period => Self::Period,
            PartKind::Date => Self::Date,
            PartKind::Condition => Self::Condition,
            PartKind::Link => Self::Link,
        }
    }
}

/// The passages of an article that are told to a citizen: the answer under no heading, the sections
/// under their labels.
pub(crate) fn passages(article: &KbArticle) -> Vec<(&str, &str)> {
    let sections = article
        .sections
        .iter()
        .map(|section| (section.label.as_str(), section.text.as_str()))
        .filter(|(label, _)| !NO_ANSWER.iter().any(|word| label.contains(word)));
    std::iter::once(("", article.answer.as_str()))
        .chain(sections)
        .collect()
}

/// The parts of an article, each once, those of a kind together.
pub(crate) fn parts_of(stored: &StoredArticle, is_expired: bool) -> Vec<KbPart> {
    let source = source_line(stored, is_expired);
    let mut shown: Vec<KbPart> = Vec::new();
    for (heading, text) in passages(&stored.article) {
        for part in parts(heading, text) {
            let part = view(&part, &source);
            let is_there = shown
                .iter()
                .any(|other| (other.kind, &other.text) == (part.kind, &part.text));
            if !is_there {
                shown.push(part);
            }
        }
    }
    shown.sort_by_key(|part| part.kind);
    shown.truncate(PARTS_SHOWN_MAX);
    shown
}

/// 〔县人社局·社保卡补办·第2版·有效至2027年12月31日〕.
pub(crate) fn source_line(stored: &StoredArticle, is_expired: bool) -> String {
    let article = &stored.article;
    let validity = match article.valid_until {
        None => "长期有效".to_owned(),
        Some(last) if is_expired => format!("已于{}失效", time_text::date(last)),
        Some(last) => format!("有效至{}", time_text::date(last)),
    };
    let sample = if stored.is_sample { "示例·" } else { "" };
    format!(
        "〔{sample}{}·{}·第{}版·{validity}〕",
        article.unit, article.title, stored.version
    )
}

fn view(part: &Part, source: &str) -> KbPart {
    let kind_text = text::part_kind(part.kind()).to_owned();
    let label = part.label.clone();
    let about = if label.is_empty() { &kind_text } else { &label };
    KbPart {
        kind: part.kind().into(),
        copy_text: format!("{about}：{}{source}", part.text),
        kind_text,
        label,
        text: part.text.clone(),
    }
}
