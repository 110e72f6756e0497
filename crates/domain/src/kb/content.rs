//! 条目内容: what an article says, and what each of the four templates must say (第十三条, 第十四条).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{KbArticle, KbArticleId, KbRefusal, KbSection, KbTemplate};
use crate::handling_unit::HandlingUnitId;

/// The longest title and the longest label, in characters.
pub const KB_TITLE_MAX_CHARS: usize = 100;
/// The longest single question, name or source, in characters.
pub const KB_FIELD_MAX_CHARS: usize = 500;
/// The longest answer, section or internal note, in characters.
pub const KB_TEXT_MAX_CHARS: usize = 20_000;
/// So many questions and so many sections at most.
pub const KB_PARTS_MAX: usize = 50;

/// 条目内容: one whole version of an article as it is written, confirmed and reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KbContent {
    pub template: KbTemplate,
    pub title: String,
    /// 群众的说法.
    pub questions: Vec<String>,
    /// 标准答案, in Markdown.
    pub answer: String,
    pub sections: Vec<KbSection>,
    /// 内部口径: for the center only; no public version has it (第十四条).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub internal_note: String,
    /// 责任单位, as people call it.
    pub unit: String,
    /// 责任单位, where it is one of the handling units: then its own people may confirm.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_id: Option<HandlingUnitId>,
    /// 责任人 at the unit (谁提供、谁负责、谁更新).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub responsible_person: String,
    /// 来源.
    pub source: String,
    /// 三级分类的编号; empty when not classified.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category_id: String,
    /// 适用地点: the township or street it holds for; empty for the whole county.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub township_code: String,
    pub valid_from: Option<NaiveDate>,
    /// 有效期至, the day included.
    pub valid_until: Option<NaiveDate>,
    /// 下次复核日.
    pub next_review_on: Option<NaiveDate>,
}

/// 条目字段: what a refusal names, and what is compared and taken on its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum KbField {
    /// 模板.
    Template,
    /// 标题.
    Title,
    /// 群众的说法.
    Questions,
    /// 标准答案.
    Answer,
    /// 段落, by its label.
    Section { label: String },
    /// 内部口径.
    InternalNote,
    /// 责任单位.
    Unit,
    /// 责任人.
    ResponsiblePerson,
    /// 来源.
    Source,
    /// 事项分类.
    Category,
    /// 适用地点.
    Township,
    /// 有效期.
    Validity,
    /// 下次复核日.
    NextReview,
    /// 理由.
    Reason,
    /// 确认依据.
    Evidence,
    /// 说明.
    Note,
}

impl KbTemplate {
    /// 必填段落: the labels that an article of this template has (第十三条).
    pub fn required_sections(self) -> &'static [&'static str] {
        match self {
            Self::ServiceGuide => &[
                "受理条件",
                "申请材料",
                "办理流程",
                "办理地点",
                "办理时间",
                "咨询电话",
            ],
            Self::Policy => &["文号", "发布机关", "施行日期"],
            Self::Interpretation => &["解读依据"],
            Self::StandardAnswer => &[],
        }
    }

    /// Whether people's own way of asking must be given: a standard answer answers a question.
    fn needs_questions(self) -> bool {
        match self {
            Self::StandardAnswer => true,
            Self::ServiceGuide | Self::Policy | Self::Interpretation => false,
        }
    }
}

impl KbContent {
    /// The same without spaces at the ends, without empty questions and sections.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for text in [
            &mut self.title,
            &mut self.answer,
            &mut self.internal_note,
            &mut self.unit,
            &mut self.responsible_person,
            &mut self.source,
            &mut self.category_id,
            &mut self.township_code,
        ] {
            *text = text.trim().to_owned();
        }
        let questions = self.questions.iter().map(|text| text.trim().to_owned());
        self.questions = questions.filter(|text| !text.is_empty()).collect();
        let sections = self.sections.iter().map(|section| KbSection {
            label: section.label.trim().to_owned(),
            text: section.text.trim().to_owned(),
        });
        self.sections = sections
            .filter(|section| !(section.label.is_empty() && section.text.is_empty()))
            .collect();
        self
    }

    /// 必填未填: every field that must be filled before the article is handed on, in the order of
    /// the form (第十三条, 第六条(四)).
    pub fn missing(&self) -> Vec<KbField> {
        let mut missing = Vec::new();
        let mut need = |is_there: bool, field: KbField| {
            if !is_there {
                missing.push(field);
            }
        };
        need(!self.title.is_empty(), KbField::Title);
        need(
            !self.template.needs_questions() || !self.questions.is_empty(),
            KbField::Questions,
        );
        need(!self.answer.is_empty(), KbField::Answer);
        for label in self.template.required_sections() {
            let is_there = self
                .sections
                .iter()
                .any(|section| section.label == *label && !section.text.is_empty());
            let label = (*label).to_owned();
            need(is_there, KbField::Section { label });
        }
        need(!self.unit.is_empty(), KbField::Unit);
        need(
            !self.responsible_person.is_empty(),
            KbField::ResponsiblePerson,
        );
        need(!self.source.is_empty(), KbField::Source);
        need(self.next_review_on.is_some(), KbField::NextReview);
        missing
    }

    /// Refuses texts that are too long and dates that contradict each other.
    pub fn check_form(&self) -> Result<(), KbRefusal> {
        let long = |field: KbField, text: &str, max_chars: usize| {
            let n_chars = text.chars().count();
            if n_chars > max_chars {
                return Err(KbRefusal::TextTooLong {
                    field,
                    max_chars,
                    n_chars,
                });
            }
            Ok(())
        };
        long(KbField::Title, &self.title, KB_TITLE_MAX_CHARS)?;
        long(KbField::Answer, &self.answer, KB_TEXT_MAX_CHARS)?;
        long(
            KbField::InternalNote,
            &self.internal_note,
            KB_TEXT_MAX_CHARS,
        )?;
        long(KbField::Unit, &self.unit, KB_TITLE_MAX_CHARS)?;
        long(
            KbField::ResponsiblePerson,
            &self.responsible_person,
            KB_TITLE_MAX_CHARS,
        )?;
        long(KbField::Source, &self.source, KB_FIELD_MAX_CHARS)?;
        long(KbField::Category, &self.category_id, KB_TITLE_MAX_CHARS)?;
        long(KbField::Township, &self.township_code, KB_TITLE_MAX_CHARS)?;
        for question in &self.questions {
            long(KbField::Questions, question, KB_FIELD_MAX_CHARS)?;
        }
        for section in &self.sections {
            let field = || KbField::Section {
                label: section.label.clone(),
            };
            long(field(), &section.label, KB_TITLE_MAX_CHARS)?;
            long(field(), &section.text, KB_TEXT_MAX_CHARS)?;
        }
        for (field, n) in [
            (KbField::Questions, self.questions.len()),
            (
                KbField::Section {
                    label: String::new(),
                },
                self.sections.len(),
            ),
        ] {
            if n > KB_PARTS_MAX {
                return Err(KbRefusal::TooManyParts {
                    field,
                    max: KB_PARTS_MAX,
                });
            }
        }
        let ends_before_it_begins = self
            .valid_from
            .zip(self.valid_until)
            .is_some_and(|(first, last)| last < first);
        if ends_before_it_begins {
            return Err(KbRefusal::DatesContradict {
                field: KbField::Validity,
            });
        }
        // A review after the end of validity would come too late.
        if self.valid_until.is_some() && self.next_review_on > self.valid_until {
            return Err(KbRefusal::DatesContradict {
                field: KbField::NextReview,
            });
        }
        Ok(())
    }

    /// 公开版: without what is for the center only (第十四条).
    #[must_use]
    pub fn public(mut self) -> Self {
        self.internal_note = String::new();
        self.responsible_person = String::new();
        self
    }

    /// The content as the published view shows it.
    pub fn article(&self, id: &KbArticleId) -> KbArticle {
        KbArticle {
            id: id.clone(),
            template: self.template,
            title: self.title.clone(),
            questions: self.questions.clone(),
            answer: self.answer.clone(),
            sections: self.sections.clone(),
            unit: self.unit.clone(),
            source: self.source.clone(),
            category_id: self.category_id.clone(),
            township_code: self.township_code.clone(),
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            next_review_on: self.next_review_on,
        }
    }
}

impl From<KbArticle> for KbContent {
    /// What a published view says; it names no internal note and no person.
    fn from(article: KbArticle) -> Self {
        Self {
            template: article.template,
            title: article.title,
            questions: article.questions,
            answer: article.answer,
            sections: article.sections,
            internal_note: String::new(),
            unit: article.unit,
            unit_id: None,
            responsible_person: String::new(),
            source: article.source,
            category_id: article.category_id,
            township_code: article.township_code,
            valid_from: article.valid_from,
            valid_until: article.valid_until,
            next_review_on: article.next_review_on,
        }
    }
}
