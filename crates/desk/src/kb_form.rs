//! 条目内容 as the form of the window shows and sends it.

use chrono::NaiveDate;
use domain::HandlingUnitId;
use domain::kb::{KbContent, KbSection, KbTemplate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::error::CallError;
use crate::reference::wire_name;

/// What an article says, as the form shows and sends it. Days are `2026-11-24`, empty for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KbForm {
    /// `service_guide`, `policy`, `interpretation` or `standard_answer`.
    pub template: String,
    pub title: String,
    pub questions: Vec<String>,
    pub answer: String,
    pub sections: Vec<KbFormSection>,
    pub internal_note: String,
    pub unit: String,
    /// The handling unit, empty where it is none.
    pub unit_id: String,
    pub responsible_person: String,
    pub source: String,
    /// Empty where it is not classified.
    #[serde(default)]
    pub category_id: String,
    /// The township or street it holds for; empty for the whole county.
    #[serde(default)]
    pub township_code: String,
    pub valid_from: String,
    pub valid_until: String,
    pub next_review_on: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KbFormSection {
    pub label: String,
    pub text: String,
}

impl KbForm {
    pub(crate) fn of(content: &KbContent) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let content = content.clone();
        Self {
            template: wire_name(&content.template),
            title: content.title,
            questions: content.questions,
            answer: content.answer,
            sections: content
                .sections
                .into_iter()
                .map(|KbSection { label, text }| KbFormSection { label, text })
                .collect(),
            internal_note: content.internal_note,
            unit: content.unit,
            unit_id: content.unit_id.map(|id| id.0).unwrap_or_default(),
            responsible_person: content.responsible_person,
            source: content.source,
            category_id: content.category_id,
            township_code: content.township_code,
            valid_from: day(content.valid_from),
            valid_until: day(content.valid_until),
            next_review_on: day(content.next_review_on),
        }
    }

    pub(crate) fn into_content(self) -> Result<KbContent, CallError> {
        let template = template_of(&self.template)?;
        let content = KbContent {
            template,
            title: self.title,
            questions: self.questions,
            answer: self.answer,
            sections: self
                .sections
                .into_iter()
                .map(|KbFormSection { label, text }| KbSection { label, text })
                .collect(),
            internal_note: self.internal_note,
            unit: self.unit,
            unit_id: Some(self.unit_id)
                .filter(|id| !id.is_empty())
                .map(HandlingUnitId),
            responsible_person: self.responsible_person,
            source: self.source,
            category_id: self.category_id,
            township_code: self.township_code,
            valid_from: day("生效日", &self.valid_from)?,
            valid_until: day("有效期", &self.valid_until)?,
            next_review_on: day("下次复核日", &self.next_review_on)?,
        };
        Ok(content.tidied())
    }
}

pub(crate) fn template_of(name: &str) -> Result<KbTemplate, CallError> {
    KbTemplate::ALL
        .into_iter()
        .find(|template| wire_name(template) == name)
        .ok_or_else(|| CallError::invalid("请选择知识模板。"))
}

pub(crate) fn day(label: &str, text: &str) -> Result<Option<NaiveDate>, CallError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(day) => Ok(Some(day)),
        Err(chrono::ParseError { .. }) => Err(CallError::invalid(format!(
            "{label}“{text}”不是日期，请写成 2026-11-24。"
        ))),
    }
}
