//! 口径核对 while an article is written and reviewed: what else answers the same question, and
//! otherwise (第十三条).

use desk_store::SaidHash;
use domain::clock_face::date_of;
use domain::kb::{KbArticle, KbArticleId, KbFacts, decide_distinct};
use search::parts::sentence_of;
use search::twins::{Contradiction, Level, Side};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::kb_form::KbForm;
use crate::kb_part::passages;
use crate::knowledge::Segment;
use crate::text;
use crate::twins::Twin;

/// So many near articles are told; those on the same matter are told all.
const NEAR_SHOWN_MAX: usize = 4;
/// So many contradictions stand in the summary.
const IN_SUMMARY_MAX: usize = 2;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbTwinsAsk {
    /// None for a new article.
    pub id: Option<String>,
    /// What stands in the form now.
    pub form: KbForm,
}

/// 相近程度.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbTwinLevel {
    /// 同一问题.
    Same,
    /// 相近.
    Near,
}

/// Where two articles say different things about one.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbContradiction {
    pub kind_text: String,
    /// 费用 20元 / 10元.
    pub text: String,
    pub ours: KbContradictionSide,
    pub theirs: KbContradictionSide,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbContradictionSide {
    /// 标准答案, or the label of the section.
    pub passage_label: String,
    /// The sentence, with the part marked.
    pub sentence: Vec<Segment>,
    pub part: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTwin {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub level: KbTwinLevel,
    pub level_text: String,
    /// Why it is told.
    pub ground: String,
    pub contradictions: Vec<KbContradiction>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbTwins {
    /// The same matter first, and of these what contradicts first.
    pub twins: Vec<KbTwin>,
    pub n_contradictions: usize,
    /// 与 3 条相近；1 处口径不一致：费用 20元 / 10元. Empty where there is nothing.
    pub summary: String,
}

/// 不是同一事项.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct TellApart {
    pub id: String,
    pub other_id: String,
    pub reason: String,
}

/// 相近条目 of what is being written.
pub(crate) fn kb_twins(desk: &Desk, request: KbTwinsAsk) -> Result<KbTwins, CallError> {
    let id = KbArticleId(request.id.unwrap_or_default());
    let ours = request.form.into_content()?.article(&id);
    let twins = twins_of(desk, &ours)?;
    Ok(view(&ours, &twins))
}

/// 认定不是同一事项: the pair does not come again until one of the two says something else.
pub(crate) fn tell_apart(desk: &Desk, request: TellApart) -> Result<(), CallError> {
    let (one, other) = (KbArticleId(request.id), KbArticleId(request.other_id));
    let facts = KbFacts {
        now: desk.now(),
        actor: &desk.operator,
    };
    let verdict = decide_distinct(one, other, &request.reason, &facts)?;
    desk.store.commit(|writer| {
        let hash_of = |id: &KbArticleId| -> Result<SaidHash, CallError> {
            let stored = writer.article(id)?;
            let stored = stored.ok_or_else(|| CallError::invalid("这条知识已不存在。"))?;
            Ok(SaidHash::of(&stored.article))
        };
        let (first, second) = (
            hash_of(verdict.pair.first())?,
            hash_of(verdict.pair.second())?,
        );
        Ok(writer.put_distinct(&verdict, first, second)?)
    })
}

/// The articles in use that say otherwise what a draft says; what the reviewer must know of.
pub(crate) fn contradicted_by(
    desk: &Desk,
    draft: &KbArticle,
) -> Result<Vec<KbArticleId>, CallError> {
    let twins = twins_of(desk, draft)?;
    let contradicting = twins
        .into_iter()
        .filter(|twin| !twin.contradictions.is_empty());
    Ok(contradicting.map(|twin| twin.stored.article.id).collect())
}

fn twins_of(desk: &Desk, ours: &KbArticle) -> Result<Vec<Twin>, CallError> {
    Ok(desk.twins.of(&desk.store, ours, date_of(desk.now()))?)
}

fn view(ours: &KbArticle, found: &[Twin]) -> KbTwins {
    let mut n_near = 0;
    let mut twins = Vec::new();
    for twin in found {
        let is_near = twin.likeness.level == Level::Near;
        n_near += usize::from(is_near);
        if !is_near || n_near <= NEAR_SHOWN_MAX {
            twins.push(twin_view(ours, twin));
        }
    }
    let against: Vec<&KbContradiction> = twins
        .iter()
        .flat_map(|twin: &KbTwin| &twin.contradictions)
        .collect();
    KbTwins {
        n_contradictions: against.len(),
        summary: summary(twins.len(), &against),
        twins,
    }
}

fn summary(n_twins: usize, against: &[&KbContradiction]) -> String {
    if n_twins == 0 {
        return String::new();
    }
    if against.is_empty() {
        return format!("与 {n_twins} 条相近");
    }
    let some = against.iter().take(IN_SUMMARY_MAX);
    let texts: Vec<&str> = some.map(|it| it.text.as_str()).collect();
    let more = if against.len() > IN_SUMMARY_MAX {
        "等"
    } else {
        ""
    };
    format!(
        "与 {n_twins} 条相近；{} 处口径不一致：{}{more}",
        against.len(),
        texts.join("；")
    )
}

fn twin_view(ours: &KbArticle, twin: &Twin) -> KbTwin {
    let article = &twin.stored.article;
    KbTwin {
        id: article.id.0.clone(),
        title: article.title.clone(),
        unit: article.unit.clone(),
        level: match twin.likeness.level {
            Level::Same => KbTwinLevel::Same,
            Level::Near => KbTwinLevel::Near,
        },
        level_text: text::twin_level(twin.likeness.level).to_owned(),
        ground: text::twin_ground(&twin.likeness),
        contradictions: contradiction_views(ours, article, &twin.contradictions),
    }
}

pub(crate) fn contradiction_views(
    ours: &KbArticle,
    theirs: &KbArticle,
    contradictions: &[Contradiction],
) -> Vec<KbContradiction> {
    let views = contradictions.iter().map(|it| {
        let kind_text = text::part_kind(it.kind).to_owned();
        KbContradiction {
            text: format!(
                "{kind_text} {} / {}",
                it.ours.part.text, it.theirs.part.text
            ),
            kind_text,
            ours: side_view(ours, &it.ours),
            theirs: side_view(theirs, &it.theirs),
        }
    });
    views.collect()
}

fn side_view(article: &KbArticle, side: &Side) -> KbContradictionSide {
    let passages = passages(article);
    let (label, text) = passages.get(side.passage).copied().unwrap_or_default();
    let sentence = sentence_of(text, &side.part.range);
    let stretch = |range: std::ops::Range<usize>, is_hit| Segment {
        text: text.get(range).unwrap_or_default().to_owned(),
        is_hit,
    };
    let range = side.part.range.clone();
    let sentence = [
        stretch(sentence.start..range.start, false),
        stretch(range.clone(), true),
        stretch(range.end..sentence.end, false),
    ];
    KbContradictionSide {
        passage_label: if label.is_empty() {
            "标准答案"
        } else {
            label
        }
        .to_owned(),
        sentence: sentence
            .into_iter()
            .filter(|it| !it.text.is_empty())
            .collect(),
        part: side.part.text.clone(),
    }
}
