//! 知识档案: writing, confirming, reviewing and correcting articles.

use chrono::{DateTime, NaiveDate, Utc};
use desk_store::{KB_ROWS_MAX, KbFilter, KbRow, NewIntent, StoredArticle, Writer};
use domain::HandlingUnitId;
use domain::clock_face::date_of;
use domain::kb::{
    DraftStage, ErrorKind, KbArticleId, KbCommand, KbCommandKind, KbContent, KbEvent, KbFacts,
    KbHolding, KbRecord, KbSection, KbStanding, KbTemplate, ReportNumber, UnitConfirmation, apply,
    commands_at, decide,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::reference::wire_name;
use crate::{knowledge, text, time_text};

/// Reviews that fall due within so many days are shown ahead.
const REVIEWS_AHEAD_DAYS: u64 = 30;

/// The lists of the editors' page, each a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbList {
    /// 编写中.
    Writing,
    /// 待单位确认.
    AwaitsConfirmation,
    /// 待中心审核.
    AwaitsReview,
    /// 纠错待处理.
    Reports,
    /// 复核到期, and those of the next 30 days.
    ReviewDue,
    /// 已停止使用.
    Retired,
    /// 全部.
    All,
}

impl KbList {
    const ALL: [Self; 7] = [
        Self::Writing,
        Self::AwaitsConfirmation,
        Self::AwaitsReview,
        Self::Reports,
        Self::ReviewDue,
        Self::Retired,
        Self::All,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Writing => "编写中",
            Self::AwaitsConfirmation => "待单位确认",
            Self::AwaitsReview => "待中心审核",
            Self::Reports => "纠错待处理",
            Self::ReviewDue => "复核到期",
            Self::Retired => "已停止使用",
            Self::All => "全部",
        }
    }

    fn filter(self, today: NaiveDate) -> KbFilter {
        match self {
            Self::Writing => KbFilter::Draft(DraftStage::Writing),
            Self::AwaitsConfirmation => KbFilter::Draft(DraftStage::AwaitsConfirmation),
            Self::AwaitsReview => KbFilter::Draft(DraftStage::AwaitsReview),
            Self::Reports => KbFilter::Reports,
            Self::ReviewDue => KbFilter::ReviewDue {
                by: today + chrono::Days::new(REVIEWS_AHEAD_DAYS),
            },
            Self::Retired => KbFilter::Retired,
            Self::All => KbFilter::All,
        }
    }
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbListCount {
    pub list: KbList,
    pub title: String,
    pub n: u64,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbRecordList {
    pub list: KbList,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbRecordRow {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub template_text: String,
    /// 第 2 版，编写中.
    pub state_text: String,
    pub n_open_reports: u32,
    pub n_proposals: u32,
    pub next_review_text: String,
    pub is_review_due: bool,
    pub changed_text: String,
}

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
    pub valid_from: String,
    pub valid_until: String,
    pub next_review_on: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KbFormSection {
    pub label: String,
    pub text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbDraftView {
    pub form: KbForm,
    pub revision: u32,
    pub base_version: u32,
    pub stage_text: String,
    pub editors_text: String,
    /// 审核丙退改：缺地址.
    pub returned_text: String,
    /// What must still be filled before it can be handed on.
    pub missing: Vec<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbVersionView {
    pub number: u32,
    pub form: KbForm,
    pub editors_text: String,
    pub confirmed_text: String,
    pub published_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbProposalView {
    pub number: u32,
    pub base_version: u32,
    pub by_text: String,
    pub form: KbForm,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbReportView {
    pub number: u32,
    pub kind_text: String,
    pub version: u32,
    pub passage: String,
    pub note: String,
    pub by_text: String,
    pub outcome_text: String,
    pub is_open: bool,
}

/// A command, and why it may not be given now.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KbCommandState {
    pub command: String,
    pub text: String,
    pub refusal: Option<String>,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbRecordDetail {
    pub id: String,
    /// Sent back with every act.
    pub version: u32,
    pub standing_text: String,
    /// Why it is not in use: 停用：电话有误.
    pub holding_text: String,
    pub is_review_due: bool,
    pub next_review_text: String,
    pub draft: Option<KbDraftView>,
    /// The newest first.
    pub versions: Vec<KbVersionView>,
    pub proposals: Vec<KbProposalView>,
    pub reports: Vec<KbReportView>,
    pub commands: Vec<KbCommandState>,
}

/// One act with what its form asks for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum KbAct {
    /// 起草, or a record for an article that has none.
    Draft { form: KbForm },
    /// 修改.
    Edit { form: KbForm, base_revision: u32 },
    /// 另存修改稿.
    ProposeBeside { form: KbForm, base_version: u32 },
    /// 采用修改稿.
    TakeProposal {
        proposal: u32,
        form: KbForm,
        base_revision: u32,
    },
    /// 放弃修改稿.
    DropProposal { proposal: u32, reason: String },
    /// 放弃草稿.
    DiscardDraft { reason: String },
    /// 送单位确认.
    Submit { base_revision: u32 },
    /// 记录单位确认, told or written to the center.
    RecordConfirmation { name: String, evidence: String },
    /// 单位退改, as the unit told the center.
    RejectByUnit { reason: String },
    /// 审核发布.
    Publish,
    /// 审核退改.
    RejectByCenter { reason: String },
    /// 复核无变化, as the unit told the center.
    RecordRecheck {
        name: String,
        evidence: String,
        next_review_on: String,
    },
    /// 停用待核.
    Suspend { reason: String },
    /// 恢复使用.
    Resume { reason: String },
    /// 废止.
    Withdraw { reason: String },
    /// 由另一条替代.
    Supersede { by: String, reason: String },
    /// 并入另一条.
    MergeInto { into: String, reason: String },
    /// 纠错 of the version that was read.
    ReportError {
        kind: KbErrorKind,
        read_version: u32,
        passage: String,
        note: String,
    },
    /// 受理纠错.
    AcceptReport { report: u32 },
    /// 不采纳纠错.
    RejectReport { report: u32, reason: String },
}

/// 差错种类.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KbErrorKind {
    Wrong,
    Outdated,
    DeadPhone,
    Missing,
    Unclear,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnKbRecord {
    /// None for a new article.
    pub id: Option<String>,
    /// The version the window showed; 0 where there was no record.
    pub version: u32,
    pub act: KbAct,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct KbDone {
    pub id: String,
    pub version: u32,
    pub message: String,
}

/// 编辑清单.
pub(crate) fn kb_lists(desk: &Desk, (): ()) -> Result<Vec<KbListCount>, CallError> {
    let today = date_of(desk.now());
    let counts = desk.store.read(|reader| {
        KbList::ALL
            .iter()
            .map(|list| Ok((*list, reader.count_kb(list.filter(today))?)))
            .collect::<anyhow::Result<Vec<_>>>()
    })?;
    Ok(counts
        .into_iter()
        .map(|(list, n)| KbListCount {
            list,
            title: list.title().to_owned(),
            n,
        })
        .collect())
}

/// 一份清单.
pub(crate) fn kb_records(
    desk: &Desk,
    request: KbRecordList,
) -> Result<Vec<KbRecordRow>, CallError> {
    let today = date_of(desk.now());
    let filter = request.list.filter(today);
    let rows = desk
        .store
        .read(|reader| Ok(reader.kb_rows(filter, KB_ROWS_MAX)?))?;
    Ok(rows.into_iter().map(|row| row_view(row, today)).collect())
}

fn row_view(row: KbRow, today: NaiveDate) -> KbRecordRow {
    let mut state = match row.n_versions {
        0 => "未发布".to_owned(),
        n => format!("第 {n} 版"),
    };
    if row.is_suspended {
        state.push_str("（停用待核）");
    } else if row.is_retired {
        state.push_str("（已停止使用）");
    } else if row.valid_until.is_some_and(|last| today > last) {
        state.push_str("（已失效）");
    }
    if let Some(stage) = row.draft_stage {
        state.push('，');
        state.push_str(text::draft_stage(stage));
    }
    KbRecordRow {
        id: row.id.0,
        title: row.title,
        unit: row.unit,
        template_text: text::template(row.template).to_owned(),
        state_text: state,
        n_open_reports: row.n_open_reports,
        n_proposals: row.n_proposals,
        is_review_due: row.next_review_on.is_some_and(|on| on <= today),
        next_review_text: row.next_review_on.map(time_text::date).unwrap_or_default(),
        changed_text: time_text::moment(row.changed_at),
    }
}

/// 知识档案 of an article. One that came with the program has none yet: it is shown as its first
/// draft would begin.
pub(crate) fn kb_record(
    desk: &Desk,
    request: knowledge::KnowledgeId,
) -> Result<KbRecordDetail, CallError> {
    let id = KbArticleId(request.id);
    let (record, article) = desk
        .store
        .read(|reader| Ok((reader.load_kb_record(&id)?, reader.article(&id)?)))?;
    match (record, article) {
        (Some(record), _) => Ok(detail(desk, &record)),
        (None, Some(stored)) => Ok(without_record(&id, stored)),
        (None, None) => Err(CallError::invalid("这条知识已不存在。")),
    }
}

fn without_record(id: &KbArticleId, stored: StoredArticle) -> KbRecordDetail {
    let content = KbContent::from(stored.article);
    KbRecordDetail {
        id: id.0.clone(),
        version: 0,
        standing_text: text::standing(KbStanding::InUse).to_owned(),
        holding_text: String::new(),
        is_review_due: false,
        next_review_text: content
            .next_review_on
            .map(time_text::date)
            .unwrap_or_default(),
        draft: None,
        versions: vec![KbVersionView {
            number: stored.version,
            form: KbForm::of(&content),
            editors_text: String::new(),
            confirmed_text: String::new(),
            published_text: "随程序载入，未经单位确认和中心审核".to_owned(),
        }],
        proposals: Vec::new(),
        reports: Vec::new(),
        commands: vec![KbCommandState {
            command: wire_name(&KbCommandKind::Draft),
            text: text::kb_command(KbCommandKind::Draft).to_owned(),
            refusal: None,
        }],
    }
}

fn detail(desk: &Desk, record: &KbRecord) -> KbRecordDetail {
    let now = desk.now();
    let today = date_of(now);
    let people = |ids: &[domain::ActorId]| -> String {
        let texts: Vec<String> = ids.iter().map(|id| desk.person_text(id)).collect();
        texts.join("、")
    };
    let by_at = |by: &domain::ActorId, at: DateTime<Utc>| {
        format!("{} {}", desk.person_text(by), time_text::moment(at))
    };
    let facts = KbFacts {
        now,
        actor: &desk.operator,
    };
    KbRecordDetail {
        id: record.id.0.clone(),
        version: record.n_events,
        standing_text: text::standing(record.standing_on(today)).to_owned(),
        holding_text: match &record.holding {
            KbHolding::InUse => String::new(),
            KbHolding::Suspended { reason } => format!("停用待核：{reason}"),
            KbHolding::Withdrawn { reason } => format!("已废止：{reason}"),
            KbHolding::Superseded { by } => format!("已由 {} 替代", by.0),
            KbHolding::Merged { into } => format!("已并入 {}", into.0),
        },
        is_review_due: record.is_review_due_on(today),
        next_review_text: record
            .next_review_on
            .map(time_text::date)
            .unwrap_or_default(),
        draft: record.draft.as_ref().map(|draft| KbDraftView {
            form: KbForm::of(&draft.content),
            revision: draft.revision,
            base_version: draft.base_version,
            stage_text: text::draft_stage(draft.stage).to_owned(),
            editors_text: people(&draft.editors),
            returned_text: draft.returned.as_ref().map_or_else(String::new, |it| {
                format!("{} 退改：{}", by_at(&it.by, it.at), it.reason)
            }),
            missing: draft.content.missing().iter().map(text::kb_field).collect(),
        }),
        versions: record
            .versions
            .iter()
            .rev()
            .map(|version| KbVersionView {
                number: version.number,
                form: KbForm::of(&version.content),
                editors_text: people(&version.editors),
                confirmed_text: format!(
                    "{}：{}",
                    desk.person_text(&version.confirmed_by),
                    text::confirmation(&version.confirmation)
                ),
                published_text: by_at(&version.published_by, version.published_at),
            })
            .collect(),
        proposals: record
            .proposals
            .iter()
            .map(|proposal| KbProposalView {
                number: proposal.number,
                base_version: proposal.base_version,
                by_text: by_at(&proposal.by, proposal.at),
                form: KbForm::of(&proposal.content),
            })
            .collect(),
        reports: record
            .reports
            .iter()
            .map(|report| KbReportView {
                number: report.number.0,
                kind_text: text::error_kind(report.kind).to_owned(),
                version: report.version,
                passage: report.passage.clone(),
                note: report.note.clone(),
                by_text: by_at(&report.by, report.at),
                outcome_text: text::report_outcome(&report.outcome),
                is_open: report.outcome == domain::kb::ReportOutcome::Open,
            })
            .collect(),
        commands: commands_at(record, &facts)
            .filter(|(command, _)| *command != KbCommandKind::Draft)
            .map(|(command, refusal)| KbCommandState {
                command: wire_name(&command),
                text: text::kb_command(command).to_owned(),
                refusal: refusal.as_ref().map(text::kb_refusal),
            })
            .collect(),
    }
}

/// 知识操作.
pub(crate) fn act_on_kb_record(desk: &Desk, request: ActOnKbRecord) -> Result<KbDone, CallError> {
    let id = KbArticleId(
        request
            .id
            .filter(|id| !id.is_empty())
            .unwrap_or_else(new_id),
    );
    let command = request.act.into_command()?;
    let now = desk.now();
    let record = desk.store.commit(|writer| -> Result<_, CallError> {
        let record = writer.load_kb_record(&id)?;
        if record.is_none()
            && command.kind() != KbCommandKind::Draft
            && writer.article(&id)?.is_some()
        {
            return Err(CallError::invalid(
                "这条知识随程序载入，还没有档案。请先由知识编辑据此起草。",
            ));
        }
        let version = record.as_ref().map_or(0, |record| record.n_events);
        if version != request.version && !goes_with_any_version(command.kind()) {
            return Err(CallError::Stale {
                shown: request.version,
                now: version,
            });
        }
        desk.act_on_kb(writer, &id, record, &command, now)
    })?;
    desk.knowledge.catch_up();
    Ok(KbDone {
        id: id.0,
        version: record.n_events,
        message: format!("{}已保存在本机。", text::kb_command(command.kind())),
    })
}

/// What loses nothing when somebody else was quicker: an edit has the draft's revision to go by.
fn goes_with_any_version(command: KbCommandKind) -> bool {
    match command {
        KbCommandKind::Draft
        | KbCommandKind::Edit
        | KbCommandKind::ProposeBeside
        | KbCommandKind::TakeProposal
        | KbCommandKind::ReportError => true,
        KbCommandKind::DropProposal
        | KbCommandKind::DiscardDraft
        | KbCommandKind::Submit
        | KbCommandKind::Confirm
        | KbCommandKind::RejectByUnit
        | KbCommandKind::Publish
        | KbCommandKind::RejectByCenter
        | KbCommandKind::Recheck
        | KbCommandKind::Suspend
        | KbCommandKind::Resume
        | KbCommandKind::Withdraw
        | KbCommandKind::Supersede
        | KbCommandKind::MergeInto
        | KbCommandKind::AcceptReport
        | KbCommandKind::RejectReport => false,
    }
}

impl Desk {
    /// Decides a command about an article and stores intent, event, row and the published view, all
    /// in the caller's transaction.
    fn act_on_kb(
        &self,
        writer: &mut Writer,
        id: &KbArticleId,
        record: Option<KbRecord>,
        command: &KbCommand,
        now: DateTime<Utc>,
    ) -> Result<KbRecord, CallError> {
        let facts = KbFacts {
            now,
            actor: &self.operator,
        };
        let base_version = record.as_ref().map_or(0, |record| record.n_events);
        let event = decide(id, record.as_ref(), command, &facts)?;
        let mut after = record;
        apply(&mut after, &event);
        let record = after.ok_or_else(|| anyhow::anyhow!("an event made no record"))?;
        let desk_seq = writer.append_intent(&NewIntent {
            id: &new_id(),
            subject_id: &id.0,
            command,
            actor_id: &self.operator.id,
            occurred_at: now,
            rule_set: &self.rule_sets.in_force_on(date_of(now)).id,
            base_version,
        })?;
        writer.append_kb_event(desk_seq, base_version, &event)?;
        writer.put_kb_row(&record)?;
        publish(writer, &record, &event)?;
        Ok(record)
    }
}

/// Brings what is searched and read to what the record says.
fn publish(writer: &mut Writer, record: &KbRecord, event: &KbEvent) -> Result<(), CallError> {
    match event.kind.kind() {
        KbCommandKind::Publish | KbCommandKind::Recheck | KbCommandKind::Resume => {
            if let (Some(article), Some(version)) = (record.article(), record.current())
                && record.holding == KbHolding::InUse
            {
                writer.put_article(&StoredArticle {
                    article,
                    version: version.number,
                    is_sample: false,
                })?;
            }
        }
        KbCommandKind::Suspend
        | KbCommandKind::Withdraw
        | KbCommandKind::Supersede
        | KbCommandKind::MergeInto => {
            writer.remove_article(&record.id)?;
        }
        KbCommandKind::Draft
        | KbCommandKind::Edit
        | KbCommandKind::ProposeBeside
        | KbCommandKind::TakeProposal
        | KbCommandKind::DropProposal
        | KbCommandKind::DiscardDraft
        | KbCommandKind::Submit
        | KbCommandKind::Confirm
        | KbCommandKind::RejectByUnit
        | KbCommandKind::RejectByCenter
        | KbCommandKind::ReportError
        | KbCommandKind::AcceptReport
        | KbCommandKind::RejectReport => {}
    }
    Ok(())
}

impl KbAct {
    fn into_command(self) -> Result<KbCommand, CallError> {
        let recorded = |name: String, evidence: String| UnitConfirmation::Recorded {
            name: name.trim().to_owned(),
            evidence: evidence.trim().to_owned(),
        };
        Ok(match self {
            Self::Draft { form } => KbCommand::Draft {
                content: Box::new(form.into_content()?),
            },
            Self::Edit {
                form,
                base_revision,
            } => KbCommand::Edit {
                content: Box::new(form.into_content()?),
                base_revision,
            },
            Self::ProposeBeside { form, base_version } => KbCommand::ProposeBeside {
                content: Box::new(form.into_content()?),
                base_version,
            },
            Self::TakeProposal {
                proposal,
                form,
                base_revision,
            } => KbCommand::TakeProposal {
                proposal,
                content: Box::new(form.into_content()?),
                base_revision,
            },
            Self::DropProposal { proposal, reason } => KbCommand::DropProposal { proposal, reason },
            Self::DiscardDraft { reason } => KbCommand::DiscardDraft { reason },
            Self::Submit { base_revision } => KbCommand::Submit { base_revision },
            Self::RecordConfirmation { name, evidence } => KbCommand::Confirm {
                confirmation: recorded(name, evidence),
            },
            Self::RejectByUnit { reason } => KbCommand::RejectByUnit { reason },
            Self::Publish => KbCommand::Publish,
            Self::RejectByCenter { reason } => KbCommand::RejectByCenter { reason },
            Self::RecordRecheck {
                name,
                evidence,
                next_review_on,
            } => KbCommand::Recheck {
                confirmation: recorded(name, evidence),
                next_review_on: day("下次复核日", &next_review_on)?
                    .ok_or_else(|| CallError::invalid("请填写下次复核日。"))?,
            },
            Self::Suspend { reason } => KbCommand::Suspend { reason },
            Self::Resume { reason } => KbCommand::Resume { reason },
            Self::Withdraw { reason } => KbCommand::Withdraw { reason },
            Self::Supersede { by, reason } => KbCommand::Supersede {
                by: KbArticleId(by),
                reason,
            },
            Self::MergeInto { into, reason } => KbCommand::MergeInto {
                into: KbArticleId(into),
                reason,
            },
            Self::ReportError {
                kind,
                read_version,
                passage,
                note,
            } => KbCommand::ReportError {
                kind: kind.into(),
                version: read_version,
                passage,
                note,
            },
            Self::AcceptReport { report } => KbCommand::AcceptReport {
                report: ReportNumber(report),
            },
            Self::RejectReport { report, reason } => KbCommand::RejectReport {
                report: ReportNumber(report),
                reason,
            },
        })
    }
}

impl From<KbErrorKind> for ErrorKind {
    fn from(kind: KbErrorKind) -> Self {
        match kind {
            KbErrorKind::Wrong => Self::Wrong,
            KbErrorKind::Outdated => Self::Outdated,
            KbErrorKind::DeadPhone => Self::DeadPhone,
            KbErrorKind::Missing => Self::Missing,
            KbErrorKind::Unclear => Self::Unclear,
        }
    }
}

impl KbForm {
    fn of(content: &KbContent) -> Self {
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
            valid_from: day(content.valid_from),
            valid_until: day(content.valid_until),
            next_review_on: day(content.next_review_on),
        }
    }

    fn into_content(self) -> Result<KbContent, CallError> {
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
            valid_from: day("生效日", &self.valid_from)?,
            valid_until: day("有效期", &self.valid_until)?,
            next_review_on: day("下次复核日", &self.next_review_on)?,
        };
        Ok(content.tidied())
    }
}

fn template_of(name: &str) -> Result<KbTemplate, CallError> {
    KbTemplate::ALL
        .into_iter()
        .find(|template| wire_name(template) == name)
        .ok_or_else(|| CallError::invalid("请选择知识模板。"))
}

fn day(label: &str, text: &str) -> Result<Option<NaiveDate>, CallError> {
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
