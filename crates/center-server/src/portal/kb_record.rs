//! 本单位的知识: the articles that the unit answers for, and what its people do with them: write,
//! confirm, hand back, check again (谁提供、谁负责、谁更新, 第六条(四), 第十三条, 第十四条).

use domain::clock_face::date_of;
use domain::kb::{
    DraftStage, KbCommand, KbCommandKind, KbFacts, KbRecord, KbStanding, ReportOutcome,
    UnitConfirmation, commands_at,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wire::Act;
use wording::reference::{Choice, KbTemplateChoice};
use wording::{text, time_text};

use super::error::CallError;
use super::kb_form::{UnitKbForm, day};
use super::unit_article::{ARTICLE, RowDraftStage, UnitArticle, content_of};
use super::unit_order::prefix;
use super::visit::{Asked, Visit};

/// Articles of one unit that are shown.
const ARTICLES_MAX: usize = 5_000;

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitArticleRow {
    pub(super) id: String,
    pub(super) title: String,
    /// 使用中 · 待单位确认.
    pub(super) state_text: String,
    /// The unit's turn: to confirm, to take up what was handed back, or to check again.
    pub(super) turn_text: String,
    pub(super) review_text: String,
    pub(super) n_reports: u32,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct UnitArticleId {
    pub(super) id: String,
}

/// 纠错 that call-takers made of it.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitReport {
    pub(super) kind_text: String,
    pub(super) passage: String,
    pub(super) note: String,
    pub(super) at_text: String,
    pub(super) outcome_text: String,
    pub(super) is_open: bool,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitArticleCommand {
    pub(super) command: String,
    pub(super) text: String,
    pub(super) refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitArticleDetail {
    pub(super) row: UnitArticleRow,
    /// Sent back with every act.
    pub(super) version: u32,
    /// Of the draft; 0 for none. An edit names it.
    pub(super) revision: u32,
    /// What is being written, otherwise what is published.
    pub(super) form: UnitKbForm,
    /// What is still to be filled in before it can be confirmed.
    pub(super) missing: Vec<String>,
    /// Who handed it back, and why; empty for nothing.
    pub(super) returned_text: String,
    pub(super) reports: Vec<UnitReport>,
    pub(super) commands: Vec<UnitArticleCommand>,
}

/// What forms choose from.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitReference {
    pub(super) templates: Vec<KbTemplateChoice>,
    pub(super) extension_grounds: Vec<Choice>,
    pub(super) kinds: Vec<Choice>,
    pub(super) classes: Vec<Choice>,
    /// 乡镇街道 as units, which are told of special matters.
    pub(super) townships: Vec<UnitTownship>,
}

/// 乡镇街道 to choose from.
#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitTownship {
    /// As a unit.
    pub(super) id: String,
    pub(super) text: String,
    pub(super) note: String,
    pub(super) pinyin: String,
    pub(super) initials: String,
}

/// One act with what its form asks for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum UnitKbAct {
    /// 起草、修改.
    Write {
        form: Box<UnitKbForm>,
        base_revision: u32,
    },
    /// 送单位确认.
    Submit { base_revision: u32 },
    /// 单位确认.
    Confirm,
    /// 单位退改.
    RejectByUnit { reason: String },
    /// 复核无变化.
    Recheck { next_review_on: String },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub(super) struct ActOnUnitArticle {
    /// Null for a new one.
    pub(super) id: Option<String>,
    pub(super) act_id: String,
    pub(super) version: u32,
    pub(super) act: UnitKbAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub(super) struct UnitArticleDone {
    pub(super) id: String,
    pub(super) message: String,
}

const COMMANDS: &[KbCommandKind] = &[
    KbCommandKind::Edit,
    KbCommandKind::Submit,
    KbCommandKind::Confirm,
    KbCommandKind::RejectByUnit,
    KbCommandKind::Recheck,
];

/// 表单可选项.
pub(super) async fn reference(visit: &Visit, (): ()) -> Result<UnitReference, CallError> {
    let ground = |id: &str, text: &str, note: &str| Choice {
        id: id.to_owned(),
        text: text.to_owned(),
        note: note.to_owned(),
    };
    Ok(UnitReference {
        templates: visit.tables.view.kb_templates.clone(),
        extension_grounds: vec![
            ground("complicated", "一般复杂", "第十一条(三)"),
            ground("grave", "特别重大、复杂", "第十一条(三)、决定 I-8"),
            ground("statutory", "法定另有期限", "第十一条末款"),
        ],
        kinds: visit.tables.view.kinds.clone(),
        classes: visit.tables.view.classes.clone(),
        townships: visit
            .tables
            .view
            .townships
            .iter()
            .filter(|township| !township.unit_id.is_empty())
            .map(|township| UnitTownship {
                id: township.unit_id.clone(),
                text: township.name.clone(),
                note: String::new(),
                pinyin: township.pinyin.clone(),
                initials: township.initials.clone(),
            })
            .collect(),
    })
}

/// 本单位条目: those whose turn it is first.
pub(super) async fn kb_records(visit: &Visit, (): ()) -> Result<Vec<UnitArticleRow>, CallError> {
    let unit = visit.unit.clone();
    let read = visit.office.readers.read(move |reader| {
        let prefix = prefix(&unit);
        let mut articles = Vec::new();
        for record in reader
            .records
            .range(ARTICLE, &prefix, &prefix, ARTICLES_MAX)?
        {
            let article: UnitArticle = serde_json::from_str(&record.body)?;
            if article.unit == unit {
                articles.push(article);
            }
        }
        Ok(articles)
    });
    let rows = read.await?;
    let mut rows: Vec<UnitArticleRow> = rows.iter().map(|row| row_view(visit, row)).collect();
    rows.sort_by(|one, other| {
        let by_turn = one.turn_text.is_empty().cmp(&other.turn_text.is_empty());
        by_turn.then_with(|| one.title.cmp(&other.title))
    });
    Ok(rows)
}

fn row_view(visit: &Visit, row: &UnitArticle) -> UnitArticleRow {
    let today = date_of(visit.now);
    let is_due = row.is_in_use && row.next_review_on.is_some_and(|due| due <= today);
    let standing = if row.is_in_use {
        text::standing(KbStanding::InUse)
    } else if row.is_published {
        "已停止使用"
    } else {
        text::standing(KbStanding::Unpublished)
    };
    let stage = row.draft_stage.map(|stage| match stage {
        RowDraftStage::Writing => text::draft_stage(DraftStage::Writing),
        RowDraftStage::AwaitsConfirmation => text::draft_stage(DraftStage::AwaitsConfirmation),
        RowDraftStage::AwaitsReview => text::draft_stage(DraftStage::AwaitsReview),
    });
    let turn = match row.draft_stage {
        Some(RowDraftStage::AwaitsConfirmation) => "请确认",
        Some(RowDraftStage::Writing) if row.is_returned => "已退改，请修改",
        Some(RowDraftStage::Writing) => "编写中，请完成后提交",
        Some(RowDraftStage::AwaitsReview) | None if is_due => "下次复核日已到",
        Some(RowDraftStage::AwaitsReview) | None => "",
    };
    UnitArticleRow {
        id: row.id.clone(),
        title: row.title.clone(),
        state_text: match stage {
            Some(stage) => format!("{standing} · {stage}"),
            None => standing.to_owned(),
        },
        turn_text: turn.to_owned(),
        review_text: row.next_review_on.map_or_else(String::new, time_text::date),
        n_reports: row.n_reports,
    }
}

/// 条目.
pub(super) async fn kb_record(
    visit: &Visit,
    request: UnitArticleId,
) -> Result<UnitArticleDetail, CallError> {
    let record = visit.article(&request.id).await?;
    let (Some(content), Some(row)) = (content_of(&record), UnitArticle::of(&record)) else {
        return Err(domain::kb::KbRefusal::NotThere.into());
    };
    let facts = KbFacts {
        now: visit.now,
        actor: &visit.actor,
    };
    let allowed: Vec<_> = commands_at(&record, &facts).collect();
    let commands = COMMANDS.iter().filter_map(|command| {
        let (_, refusal) = allowed.iter().find(|(kind, _)| kind == command)?;
        Some(UnitArticleCommand {
            command: wording::reference::wire_name(command),
            text: text::kb_command(*command).to_owned(),
            refusal: refusal.as_ref().map(text::kb_refusal),
        })
    });
    Ok(UnitArticleDetail {
        row: row_view(visit, &row),
        version: record.n_events,
        revision: record.draft.as_ref().map_or(0, |draft| draft.revision),
        form: UnitKbForm::of(content),
        missing: content.missing().iter().map(text::kb_field).collect(),
        returned_text: returned_text(visit, &record),
        reports: reports(&record),
        commands: commands.collect(),
    })
}

fn returned_text(visit: &Visit, record: &KbRecord) -> String {
    let returned = record
        .draft
        .as_ref()
        .and_then(|draft| draft.returned.as_ref());
    returned.map_or_else(String::new, |returned| {
        format!(
            "{}{}退改：{}",
            time_text::moment(returned.at),
            visit.person_text(&returned.by),
            returned.reason
        )
    })
}

/// Call-takers are named to nobody outside the center.
fn reports(record: &KbRecord) -> Vec<UnitReport> {
    let latest = record.reports.iter().rev();
    let report = latest.map(|report| UnitReport {
        kind_text: text::error_kind(report.kind).to_owned(),
        passage: report.passage.clone(),
        note: report.note.clone(),
        at_text: time_text::moment(report.at),
        outcome_text: text::report_outcome(&report.outcome),
        is_open: matches!(
            report.outcome,
            ReportOutcome::Open | ReportOutcome::Accepted
        ),
    });
    report.collect()
}

/// 知识操作.
pub(super) async fn act_on_kb_record(
    visit: &Visit,
    request: ActOnUnitArticle,
) -> Result<UnitArticleDone, CallError> {
    let ActOnUnitArticle {
        id,
        act_id,
        version,
        act,
    } = request;
    let record = match id.as_deref().filter(|id| !id.is_empty()) {
        Some(id) => Some(visit.article(id).await?),
        None => None,
    };
    let command = command_of(visit, record.as_ref(), act)?;
    let kind = command.kind();
    // A new article is named after its act, so that the same sent twice is one article.
    let id = match record {
        Some(record) => record.id.0,
        None => visit.new_subject(&act_id),
    };
    visit
        .act(Asked {
            subject: id.clone(),
            act_id,
            version,
            act: Act::Article(command),
        })
        .await?;
    Ok(UnitArticleDone {
        id,
        message: format!("{}已送达县中心。", text::kb_command(kind)),
    })
}

fn command_of(
    visit: &Visit,
    record: Option<&KbRecord>,
    act: UnitKbAct,
) -> Result<KbCommand, CallError> {
    Ok(match act {
        UnitKbAct::Write {
            form,
            base_revision,
        } => {
            let unit = visit.unit_name(&visit.unit);
            let before = record.and_then(content_of);
            let content = Box::new(form.into_content(before, (&visit.unit, unit))?);
            match record {
                None => KbCommand::Draft { content },
                Some(_) => KbCommand::Edit {
                    content,
                    base_revision,
                },
            }
        }
        UnitKbAct::Submit { base_revision } => KbCommand::Submit { base_revision },
        UnitKbAct::Confirm => KbCommand::Confirm {
            confirmation: UnitConfirmation::InPerson,
        },
        UnitKbAct::RejectByUnit { reason } => KbCommand::RejectByUnit { reason },
        UnitKbAct::Recheck { next_review_on } => KbCommand::Recheck {
            confirmation: UnitConfirmation::InPerson,
            next_review_on: day("下次复核日", &next_review_on)?
                .ok_or_else(|| CallError::invalid("请填写下次复核日。"))?,
        },
    })
}
