//! 条目内容 as the form of the portal shows and sends it. 内部口径, category and place are the center's
//! own: they are not shown to a unit, and a unit's edit leaves them as they are.

use chrono::NaiveDate;
use domain::HandlingUnitId;
use domain::kb::{KbContent, KbSection, KbTemplate};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wording::reference::wire_name;

use super::error::CallError;

/// What an article says. Days are `2026-11-24`, empty for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub(super) struct UnitKbForm {
    /// `service_guide`, `policy`, `interpretation` or `standard_answer`.
    pub(super) template: String,
    pub(super) title: String,
    pub(super) questions: Vec<String>,
    pub(super) answer: String,
    pub(super) sections: Vec<UnitKbSection>,
    pub(super) responsible_person: String,
    pub(super) source: String,
    pub(super) valid_from: String,
    pub(super) valid_until: String,
    pub(super) next_review_on: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub(super) struct UnitKbSection {
    pub(super) label: String,
    pub(super) text: String,
}

impl UnitKbForm {
    pub(super) fn of(content: &KbContent) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        let content = content.clone();
        let sections = content.sections.into_iter();
        Self {
            template: wire_name(&content.template),
            title: content.title,
            questions: content.questions,
            answer: content.answer,
            sections: sections
                .map(|KbSection { label, text }| UnitKbSection { label, text })
                .collect(),
            responsible_person: content.responsible_person,
            source: content.source,
            valid_from: day(content.valid_from),
            valid_until: day(content.valid_until),
            next_review_on: day(content.next_review_on),
        }
    }

    /// As the unit's own words, over what stood there.
    pub(super) fn into_content(
        self,
        before: Option<&KbContent>,
        (unit_id, unit): (&HandlingUnitId, String),
    ) -> Result<KbContent, CallError> {
        let template = KbTemplate::ALL
            .into_iter()
            .find(|template| wire_name(template) == self.template)
            .ok_or_else(|| CallError::invalid("请选择知识模板。"))?;
        let sections = self.sections.into_iter();
        // What the center's editors see to.
        let kept =
            |field: fn(&KbContent) -> &String| before.map(field).cloned().unwrap_or_default();
        let content = KbContent {
            template,
            title: self.title,
            questions: self.questions,
            answer: self.answer,
            sections: sections
                .map(|UnitKbSection { label, text }| KbSection { label, text })
                .collect(),
            internal_note: kept(|it| &it.internal_note),
            category_id: kept(|it| &it.category_id),
            township_code: kept(|it| &it.township_code),
            unit,
            unit_id: Some(unit_id.clone()),
            responsible_person: self.responsible_person,
            source: self.source,
            valid_from: day("生效日", &self.valid_from)?,
            valid_until: day("有效期", &self.valid_until)?,
            next_review_on: day("下次复核日", &self.next_review_on)?,
        };
        Ok(content.tidied())
    }
}

pub(super) fn day(label: &str, text: &str) -> Result<Option<NaiveDate>, CallError> {
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
