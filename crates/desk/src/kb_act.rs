//! 知识操作: what is done with an article, decided and kept in one transaction.

use chrono::{DateTime, Utc};
use desk_store::{StoredArticle, Writer};
use domain::kb::{
    ErrorKind, KbArticleId, KbCommand, KbCommandKind, KbContent, KbEvent, KbFacts, KbHolding,
    KbRecord, ReportNumber, UnitConfirmation, apply, decide,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::kb_form::{KbForm, day};
use crate::kb_twins::contradicted_by;
use crate::{kb_difference, text};

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
    /// 逐项合并修改稿: the fields named are taken from it, the others stay as the draft has them.
    MergeProposal {
        proposal: u32,
        base_revision: u32,
        /// As the comparison names them.
        fields: Vec<String>,
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
    Publish {
        /// Why it is published although another article says otherwise; empty where none does.
        #[serde(default)]
        reason: String,
    },
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
    /// 补充纠错说明.
    NoteReport { report: u32, note: String },
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
    /// 纠错编号 of a report that was just made, to which a note can be added.
    pub report: Option<u32>,
    pub message: String,
}

/// 知识操作.
pub(crate) fn act_on_kb_record(desk: &Desk, request: ActOnKbRecord) -> Result<KbDone, CallError> {
    let id = KbArticleId(
        request
            .id
            .filter(|id| !id.is_empty())
            .unwrap_or_else(new_id),
    );
    let contradicts = if matches!(request.act, KbAct::Publish { .. }) {
        contradicted_by_draft(desk, &id)?
    } else {
        Vec::new()
    };
    let now = desk.now();
    let (record, command) = desk.store.commit(|writer| -> Result<_, CallError> {
        let record = writer.load_kb_record(&id)?;
        let version = record.as_ref().map_or(0, |record| record.n_events);
        let command = request.act.into_command(record.as_ref())?;
        let command = despite(command, contradicts);
        if version != request.version && !goes_with_any_version(command.kind()) {
            return Err(CallError::Stale {
                shown: request.version,
                now: version,
            });
        }
        let record = match (record, writer.article(&id)?) {
            (None, Some(stored)) => Some(desk.adopt(writer, &id, stored, now)?),
            (record, _) => record,
        };
        let command = if record.is_some() {
            about_a_record(command)
        } else {
            command
        };
        let record = desk.act_on_kb(writer, &id, record, &command, now)?;
        Ok((record, command.kind()))
    })?;
    desk.knowledge.catch_up();
    let reported = record
        .reports
        .last()
        .filter(|_| command == KbCommandKind::ReportError);
    Ok(KbDone {
        id: id.0,
        version: record.n_events,
        report: reported.map(|report| report.number.0),
        message: if command == KbCommandKind::ReportError {
            "纠错已报知识编辑，处理结果见“知识库 · 我的纠错”。".to_owned()
        } else {
            format!("{}已保存在本机。", text::kb_command(command))
        },
    })
}

/// 起草 from what has a record, or has just got one, is its first change.
fn about_a_record(command: KbCommand) -> KbCommand {
    if let KbCommand::Draft { content } = command {
        return KbCommand::Edit {
            content,
            base_revision: 0,
        };
    }
    command
}

/// A publication with what it contradicts; the reason came with the act.
fn despite(command: KbCommand, contradicts: Vec<KbArticleId>) -> KbCommand {
    if let KbCommand::Publish { reason, .. } = command {
        return KbCommand::Publish {
            contradicts,
            reason,
        };
    }
    command
}

/// What the reviewer must have been shown. A draft that changes after this is refused as stale.
fn contradicted_by_draft(desk: &Desk, id: &KbArticleId) -> Result<Vec<KbArticleId>, CallError> {
    let record = desk.store.read(|reader| Ok(reader.load_kb_record(id)?))?;
    match record.and_then(|record| record.draft) {
        Some(draft) => contradicted_by(desk, &draft.content.article(id)),
        None => Ok(Vec::new()),
    }
}

/// What loses nothing when somebody else was quicker: an edit has the draft's revision to go by.
fn goes_with_any_version(command: KbCommandKind) -> bool {
    match command {
        KbCommandKind::Draft
        | KbCommandKind::Adopt
        | KbCommandKind::Edit
        | KbCommandKind::ProposeBeside
        | KbCommandKind::TakeProposal
        | KbCommandKind::ReportError
        | KbCommandKind::NoteReport => true,
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
    /// 建档: what came with the program gets its record with the first word that is said of it, so
    /// that nothing said is lost.
    fn adopt(
        &self,
        writer: &mut Writer,
        id: &KbArticleId,
        stored: StoredArticle,
        now: DateTime<Utc>,
    ) -> Result<KbRecord, CallError> {
        let command = KbCommand::Adopt {
            version: stored.version,
            content: Box::new(KbContent::from(stored.article)),
        };
        self.act_on_kb(writer, id, None, &command, now)
    }

    /// Decides a command about an article and stores intent, event, row and the published view, all
    /// in the caller's transaction.
    pub(crate) fn act_on_kb(
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
        if writer.is_unread(&id.0)? {
            return Err(CallError::Unread);
        }
        let base_version = record.as_ref().map_or(0, |record| record.n_events);
        let event = decide(id, record.as_ref(), command, &facts)?;
        let mut after = record;
        apply(&mut after, &event);
        let record = after.ok_or_else(|| anyhow::anyhow!("an event made no record"))?;
        let desk_seq = self.keep_intent(writer, &id.0, command, base_version, now)?;
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
        | KbCommandKind::Adopt
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
        | KbCommandKind::NoteReport
        | KbCommandKind::AcceptReport
        | KbCommandKind::RejectReport => {}
    }
    Ok(())
}

impl KbAct {
    fn into_command(self, record: Option<&KbRecord>) -> Result<KbCommand, CallError> {
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
            Self::MergeProposal {
                proposal,
                base_revision,
                fields,
            } => KbCommand::TakeProposal {
                proposal,
                content: Box::new(kb_difference::merged(record, proposal, &fields)?),
                base_revision,
            },
            Self::DropProposal { proposal, reason } => KbCommand::DropProposal { proposal, reason },
            Self::DiscardDraft { reason } => KbCommand::DiscardDraft { reason },
            Self::Submit { base_revision } => KbCommand::Submit { base_revision },
            Self::RecordConfirmation { name, evidence } => KbCommand::Confirm {
                confirmation: recorded(name, evidence),
            },
            Self::RejectByUnit { reason } => KbCommand::RejectByUnit { reason },
            Self::Publish { reason } => KbCommand::Publish {
                contradicts: Vec::new(),
                reason: reason.trim().to_owned(),
            },
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
            Self::NoteReport { report, note } => KbCommand::NoteReport {
                report: ReportNumber(report),
                note: note.trim().to_owned(),
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
