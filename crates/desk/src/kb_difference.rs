//! 对照: what is different between two versions of an article, and a draft and a proposal put together
//! field by field.

use domain::kb::merge::{KbChangedBy, merge_fields};
use domain::kb::{KbArticleId, KbContent, KbField, KbProposal, KbRecord};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::Desk;
use crate::difference::{DiffKind, DiffSegment, difference};
use crate::error::CallError;
use crate::{text, time_text};

/// One of the texts that an article has or had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KbSide {
    Draft,
    Version { number: u32 },
    Proposal { number: u32 },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbCompared {
    pub id: String,
    pub before: KbSide,
    pub after: KbSide,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbFieldDifference {
    pub key: String,
    pub label: String,
    pub segments: Vec<DiffSegment>,
}

/// Only the fields that differ; none where nothing does.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbDifference {
    pub before_text: String,
    pub after_text: String,
    pub fields: Vec<KbFieldDifference>,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbMergeRequest {
    pub id: String,
    pub proposal: u32,
}

/// A field in which draft and proposal differ, each shown against what both set out from.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbMergeFieldView {
    pub key: String,
    pub label: String,
    /// Empty where there is no such text, or no version to set out from.
    pub base: String,
    pub draft: Vec<DiffSegment>,
    pub proposal: Vec<DiffSegment>,
    pub changed_by_text: String,
    /// What is taken unless the editor says otherwise: what one side alone has changed.
    pub takes_proposal: bool,
    /// Both have changed it: an editor must look.
    pub is_contested: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbMerge {
    pub base_text: String,
    pub draft_text: String,
    pub proposal_text: String,
    /// Sent back with what was chosen.
    pub base_revision: u32,
    pub fields: Vec<KbMergeFieldView>,
}

/// 对照 of two texts.
pub(crate) fn kb_difference(desk: &Desk, request: KbCompared) -> Result<KbDifference, CallError> {
    let record = load(desk, request.id)?;
    let (before, before_text) = side_of(&record, request.before)?;
    let (after, after_text) = side_of(&record, request.after)?;
    let fields = before.differing(after);
    Ok(KbDifference {
        before_text,
        after_text,
        fields: fields
            .iter()
            .map(|field| KbFieldDifference {
                key: key_of(field),
                label: text::kb_field(field),
                segments: difference(&said(desk, before, field), &said(desk, after, field)),
            })
            .collect(),
    })
}

/// 三方对照 of the draft, a proposal, and the version both set out from.
pub(crate) fn kb_merge(desk: &Desk, request: KbMergeRequest) -> Result<KbMerge, CallError> {
    let record = load(desk, request.id)?;
    let Sides {
        base,
        draft,
        proposal,
    } = sides_of(&record, request.proposal)?;
    let draft_text = match &record.draft {
        Some(it) => format!("草稿第 {} 稿", it.revision),
        None => format!("第 {} 版", record.current().map_or(0, |it| it.number)),
    };
    let fields = merge_fields(base, draft, &proposal.content);
    Ok(KbMerge {
        base_text: match base {
            Some(_) => format!("第 {} 版", proposal.base_version),
            None => String::new(),
        },
        draft_text,
        proposal_text: format!(
            "{} {}",
            desk.person_text(&proposal.by),
            time_text::moment(proposal.at)
        ),
        base_revision: record.draft.as_ref().map_or(0, |draft| draft.revision),
        fields: fields
            .into_iter()
            .map(|it| {
                let (ours, theirs) = (
                    said(desk, draft, &it.field),
                    said(desk, &proposal.content, &it.field),
                );
                let base_said = base.map(|base| said(desk, base, &it.field));
                KbMergeFieldView {
                    key: key_of(&it.field),
                    label: text::kb_field(&it.field),
                    draft: match &base_said {
                        Some(base) => difference(base, &ours),
                        None => whole(&ours),
                    },
                    proposal: difference(base_said.as_ref().unwrap_or(&ours), &theirs),
                    base: base_said.unwrap_or_default(),
                    changed_by_text: text::changed_by(it.changed_by).to_owned(),
                    takes_proposal: it.changed_by == KbChangedBy::Proposal,
                    is_contested: it.changed_by == KbChangedBy::Both,
                }
            })
            .collect(),
    })
}

/// The draft with the fields of that name as the proposal has them.
pub(crate) fn merged(
    record: Option<&KbRecord>,
    proposal: u32,
    keys: &[String],
) -> Result<KbContent, CallError> {
    let record = record.ok_or(domain::kb::KbRefusal::NotThere)?;
    let sides = sides_of(record, proposal)?;
    let theirs = &sides.proposal.content;
    let mut taken = Vec::new();
    let differing = sides.draft.differing(theirs);
    for key in keys {
        let field = differing.iter().find(|field| key_of(field) == *key);
        let unknown =
            || CallError::invalid(format!("草稿与修改稿在“{key}”上没有不同，请重新对照。"));
        taken.push(field.cloned().ok_or_else(unknown)?);
    }
    Ok(sides.draft.with_fields_of(theirs, &taken))
}

struct Sides<'a> {
    base: Option<&'a KbContent>,
    /// The draft, or the version in force where there is none now.
    draft: &'a KbContent,
    proposal: &'a KbProposal,
}

fn sides_of(record: &KbRecord, number: u32) -> Result<Sides<'_>, CallError> {
    let proposal = record.proposals.iter().find(|it| it.number == number);
    let proposal = proposal.ok_or(domain::kb::KbRefusal::NoSuchProposal)?;
    let base = record
        .versions
        .iter()
        .find(|it| it.number == proposal.base_version);
    let draft = record.draft.as_ref().map(|draft| &draft.content);
    let draft = draft.or_else(|| record.current().map(|version| &version.content));
    Ok(Sides {
        base: base.map(|version| &version.content),
        // An article that was never published and whose draft was dropped has the proposal only.
        draft: draft.unwrap_or(&proposal.content),
        proposal,
    })
}

fn load(desk: &Desk, id: String) -> Result<KbRecord, CallError> {
    let id = KbArticleId(id);
    let record = desk.store.read(|reader| Ok(reader.load_kb_record(&id)?))?;
    Ok(record.ok_or(domain::kb::KbRefusal::NotThere)?)
}

fn side_of(record: &KbRecord, side: KbSide) -> Result<(&KbContent, String), CallError> {
    Ok(match side {
        KbSide::Draft => {
            let draft = record.draft.as_ref();
            let draft = draft.ok_or(domain::kb::KbRefusal::NoDraft)?;
            (&draft.content, format!("草稿第 {} 稿", draft.revision))
        }
        KbSide::Version { number } => {
            let version = record.versions.iter().find(|it| it.number == number);
            let refusal = domain::kb::KbRefusal::NoSuchVersion { version: number };
            (&version.ok_or(refusal)?.content, format!("第 {number} 版"))
        }
        KbSide::Proposal { number } => {
            let proposal = record.proposals.iter().find(|it| it.number == number);
            let proposal = proposal.ok_or(domain::kb::KbRefusal::NoSuchProposal)?;
            (&proposal.content, format!("修改稿 {number}"))
        }
    })
}

fn whole(text: &str) -> Vec<DiffSegment> {
    vec![DiffSegment {
        text: text.to_owned(),
        kind: DiffKind::Same,
    }]
}

/// The name of a field between window and core.
fn key_of(field: &KbField) -> String {
    match field {
        KbField::Template => "template",
        KbField::Title => "title",
        KbField::Questions => "questions",
        KbField::Answer => "answer",
        KbField::Section { label } => return format!("section {label}"),
        KbField::InternalNote => "internal_note",
        KbField::Unit => "unit",
        KbField::ResponsiblePerson => "responsible_person",
        KbField::Source => "source",
        KbField::Category => "category",
        KbField::Township => "township",
        KbField::Validity => "validity",
        KbField::NextReview => "next_review",
        KbField::Reason | KbField::Evidence | KbField::Note => "none",
    }
    .to_owned()
}

/// What a content says in a field, as people read it.
fn said(desk: &Desk, content: &KbContent, field: &KbField) -> String {
    let names = &desk.reference;
    match field {
        KbField::Template => text::template(content.template).to_owned(),
        KbField::Title => content.title.clone(),
        KbField::Questions => content.questions.join("\n"),
        KbField::Answer => content.answer.clone(),
        KbField::Section { label } => {
            let section = content.sections.iter().find(|it| it.label == *label);
            section.map(|it| it.text.clone()).unwrap_or_default()
        }
        KbField::InternalNote => content.internal_note.clone(),
        KbField::Unit => content.unit.clone(),
        KbField::ResponsiblePerson => content.responsible_person.clone(),
        KbField::Source => content.source.clone(),
        KbField::Category => names.category_text(&content.category_id).to_owned(),
        KbField::Township => names.township_text(&content.township_code).to_owned(),
        KbField::Validity => match (content.valid_from, content.valid_until) {
            (None, None) => "长期有效".to_owned(),
            (Some(first), None) => format!("自 {} 起", time_text::date(first)),
            (None, Some(last)) => format!("至 {}", time_text::date(last)),
            (Some(first), Some(last)) => {
                format!("自 {} 至 {}", time_text::date(first), time_text::date(last))
            }
        },
        KbField::NextReview => content
            .next_review_on
            .map(time_text::date)
            .unwrap_or_default(),
        KbField::Reason | KbField::Evidence | KbField::Note => String::new(),
    }
}
