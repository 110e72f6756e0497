//! 对照与合并: in which fields two versions of an article differ, and a third made of both, field by
//! field. How the texts of a field differ is for the eyes and no rule; it is worked out at the desk.

use super::{KbContent, KbField, KbSection};

/// 改动方: who has changed a field since the version that both set out from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KbChangedBy {
    /// 草稿.
    Draft,
    /// 修改稿.
    Proposal,
    /// 两边都改了, each in its own way; a person must choose.
    Both,
}

/// 对照项: a field in which draft and proposal differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbMergeField {
    pub field: KbField,
    pub changed_by: KbChangedBy,
}

impl KbContent {
    /// 不同之处: the fields in which `other` says something else, in the order of the form.
    pub fn differing(&self, other: &Self) -> Vec<KbField> {
        fields_of(self, other)
            .into_iter()
            .filter(|field| !is_same(self, other, field))
            .collect()
    }

    /// 合并: the same with `fields` as `other` has them.
    #[must_use]
    pub fn with_fields_of(&self, other: &Self, fields: &[KbField]) -> Self {
        let mut content = self.clone();
        for field in fields {
            content.take(other, field);
        }
        content
    }

    fn take(&mut self, other: &Self, field: &KbField) {
        match field {
            KbField::Template => self.template = other.template,
            KbField::Title => self.title.clone_from(&other.title),
            KbField::Questions => self.questions.clone_from(&other.questions),
            KbField::Answer => self.answer.clone_from(&other.answer),
            KbField::Section { label } => self.take_section(other, label),
            KbField::InternalNote => self.internal_note.clone_from(&other.internal_note),
            KbField::Unit => {
                self.unit.clone_from(&other.unit);
                self.unit_id.clone_from(&other.unit_id);
            }
            KbField::ResponsiblePerson => {
                self.responsible_person
                    .clone_from(&other.responsible_person);
            }
            KbField::Source => self.source.clone_from(&other.source),
            KbField::Category => self.category_id.clone_from(&other.category_id),
            KbField::Township => self.township_code.clone_from(&other.township_code),
            KbField::Validity => {
                self.valid_from = other.valid_from;
                self.valid_until = other.valid_until;
            }
            KbField::NextReview => self.next_review_on = other.next_review_on,
            // No content has these.
            KbField::Reason | KbField::Evidence | KbField::Note => {}
        }
    }

    fn take_section(&mut self, other: &Self, label: &str) {
        let theirs = other.section(label).cloned();
        let place = self.sections.iter().position(|it| it.label == label);
        match (place, theirs) {
            (Some(_), None) => self.sections.retain(|it| it.label != label),
            (Some(_), Some(theirs)) => {
                for section in &mut self.sections {
                    if section.label == label {
                        *section = theirs.clone();
                    }
                }
            }
            (None, Some(theirs)) => self.sections.push(theirs),
            (None, None) => {}
        }
    }

    fn section(&self, label: &str) -> Option<&KbSection> {
        self.sections.iter().find(|it| it.label == label)
    }
}

/// 三方对照 of a draft and a proposal, field by field. Without a base, whatever differs was changed
/// by both.
pub fn merge_fields(
    base: Option<&KbContent>,
    draft: &KbContent,
    proposal: &KbContent,
) -> Vec<KbMergeField> {
    draft
        .differing(proposal)
        .into_iter()
        .map(|field| {
            let is_kept = |side| base.is_some_and(|base| is_same(base, side, &field));
            let changed_by = match (is_kept(draft), is_kept(proposal)) {
                (true, _) => KbChangedBy::Proposal,
                (false, true) => KbChangedBy::Draft,
                (false, false) => KbChangedBy::Both,
            };
            KbMergeField { field, changed_by }
        })
        .collect()
}

/// Every field that either has; the sections of the first and then what only the other has.
fn fields_of(one: &KbContent, other: &KbContent) -> Vec<KbField> {
    let mut labels: Vec<&str> = Vec::new();
    for section in one.sections.iter().chain(&other.sections) {
        if !labels.contains(&section.label.as_str()) {
            labels.push(&section.label);
        }
    }
    let sections = labels.into_iter().map(|label| KbField::Section {
        label: label.to_owned(),
    });
    let mut fields = vec![
        KbField::Template,
        KbField::Title,
        KbField::Questions,
        KbField::Answer,
    ];
    fields.extend(sections);
    fields.extend([
        KbField::InternalNote,
        KbField::Unit,
        KbField::ResponsiblePerson,
        KbField::Source,
        KbField::Category,
        KbField::Township,
        KbField::Validity,
        KbField::NextReview,
    ]);
    fields
}

fn is_same(one: &KbContent, other: &KbContent, field: &KbField) -> bool {
    match field {
        KbField::Template => one.template == other.template,
        KbField::Title => one.title == other.title,
        KbField::Questions => one.questions == other.questions,
        KbField::Answer => one.answer == other.answer,
        KbField::Section { label } => one.section(label) == other.section(label),
        KbField::InternalNote => one.internal_note == other.internal_note,
        KbField::Unit => one.unit == other.unit && one.unit_id == other.unit_id,
        KbField::ResponsiblePerson => one.responsible_person == other.responsible_person,
        KbField::Source => one.source == other.source,
        KbField::Category => one.category_id == other.category_id,
        KbField::Township => one.township_code == other.township_code,
        KbField::Validity => {
            one.valid_from == other.valid_from && one.valid_until == other.valid_until
        }
        KbField::NextReview => one.next_review_on == other.next_review_on,
        KbField::Reason | KbField::Evidence | KbField::Note => true,
    }
}
