//! 智能应答: one question in plain words, the passage that answers it with its source, or nothing.

use domain::clock_face::date_of;
use domain::kb::KbArticleId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::knowledge::{self, SearchScope};
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbQuestion {
    pub text: String,
}

/// A literal passage of an article in force.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbAnswer {
    pub id: String,
    pub title: String,
    pub version: u32,
    pub unit: String,
    /// 有效至 2027年12月31日, 长期有效.
    pub validity_text: String,
    pub is_sample: bool,
    /// The section that was asked for, such as 办理地点; empty for the answer itself.
    pub label: String,
    pub passage: String,
    /// Why this article: 标题含“低保”.
    pub ground: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbAnswered {
    /// None where nothing is sure enough.
    pub answer: Option<KbAnswer>,
}

/// 智能应答. Only what is published and in force answers.
pub(crate) fn answer_question(desk: &Desk, request: KbQuestion) -> Result<KbAnswered, CallError> {
    let filter = knowledge::filter(
        &desk.reference,
        &SearchScope::default(),
        date_of(desk.now()),
    );
    let Some(found) = desk.knowledge.answer(&request.text, &filter)? else {
        return Ok(KbAnswered { answer: None });
    };
    let id = KbArticleId(found.id);
    let stored = desk.store.read(|reader| Ok(reader.article(&id)?))?;
    // Gone from the store since the index was last brought up to date.
    let answer = stored.map(|stored| KbAnswer {
        id: id.0,
        title: stored.article.title.clone(),
        version: stored.version,
        unit: stored.article.unit.clone(),
        validity_text: knowledge::validity_text(&stored.article),
        is_sample: stored.is_sample,
        label: found.label,
        passage: found.passage,
        ground: text::ground(&found.hit.ground),
    });
    Ok(KbAnswered { answer })
}
