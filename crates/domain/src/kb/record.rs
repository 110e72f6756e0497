//! 知识档案: an article with its versions, its draft and what was said of it, folded from events.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    ErrorKind, KbArticle, KbArticleId, KbCommand, KbContent, KbEvent, ReportNumber,
    UnitConfirmation,
};
use crate::actor::ActorId;

/// 知识档案.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbRecord {
    pub id: KbArticleId,
    /// 版本, the first first. None is ever changed or lost.
    pub versions: Vec<KbVersion>,
    pub draft: Option<KbDraft>,
    /// 另存的修改稿.
    pub proposals: Vec<KbProposal>,
    pub holding: KbHolding,
    /// 下次复核日: of the version in force, or as the last recheck set it.
    pub next_review_on: Option<NaiveDate>,
    pub reports: Vec<ErrorReport>,
    /// How many events made it.
    pub n_events: u32,
    pub last_event_at: DateTime<Utc>,
}

/// 版本.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbVersion {
    /// Without a gap, from 1 or from the one that came with the program.
    pub number: u32,
    pub content: KbContent,
    /// Whoever wrote or changed it, each once, in that order.
    pub editors: Vec<ActorId>,
    /// `None` for what came with the program.
    pub signatures: Option<KbSignatures>,
    /// When it was published, or its record begun.
    pub published_at: DateTime<Utc>,
}

/// 版本签署: who confirmed a version for the unit, and who reviewed it (第十四条).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbSignatures {
    pub confirmation: UnitConfirmation,
    pub confirmed_by: ActorId,
    pub published_by: ActorId,
    /// Articles that answered the same question otherwise when it was published …
    pub contradicts: Vec<KbArticleId>,
    /// … and why it was published all the same.
    pub contradiction_reason: String,
}

/// 草稿.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbDraft {
    pub content: KbContent,
    /// From 1; every change makes it one more.
    pub revision: u32,
    /// The version it set out from; 0 for none.
    pub base_version: u32,
    pub editors: Vec<ActorId>,
    pub stage: DraftStage,
    /// Who confirmed it for the unit, and how; `None` before.
    pub confirmation: Option<(ActorId, UnitConfirmation)>,
    /// 退改, until it is handed on again.
    pub returned: Option<KbReturn>,
}

/// 草稿阶段 (第十四条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DraftStage {
    /// 编写中.
    Writing,
    /// 待单位确认.
    AwaitsConfirmation,
    /// 待中心审核.
    AwaitsReview,
}

/// 退改.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbReturn {
    pub by: ActorId,
    pub at: DateTime<Utc>,
    pub reason: String,
}

/// 修改稿 kept beside a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KbProposal {
    /// From 1 within the record; a number is used once.
    pub number: u32,
    pub by: ActorId,
    pub at: DateTime<Utc>,
    pub base_version: u32,
    pub content: KbContent,
}

/// 使用状态 of what is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KbHolding {
    /// 使用中.
    InUse,
    /// 停用待核.
    Suspended { reason: String },
    /// 已废止.
    Withdrawn { reason: String },
    /// 已被替代.
    Superseded { by: KbArticleId },
    /// 已并入.
    Merged { into: KbArticleId },
}

/// 纠错.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorReport {
    pub number: ReportNumber,
    pub kind: ErrorKind,
    pub version: u32,
    pub passage: String,
    pub note: String,
    pub by: ActorId,
    pub at: DateTime<Utc>,
    pub outcome: ReportOutcome,
}

/// 纠错结果: what the reporter is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportOutcome {
    /// 待处理.
    Open,
    /// 已受理，修改中.
    Accepted,
    /// 不采纳.
    Rejected { reason: String },
    /// 已更正 by that version.
    Corrected { version: u32 },
    /// 条目已停止使用.
    Retired,
}

/// 条目状态 on a day: what people are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KbStanding {
    /// 未发布.
    Unpublished,
    /// 尚未生效.
    NotYetValid,
    /// 使用中.
    InUse,
    /// 已失效.
    Expired,
    /// 停用待核.
    Suspended,
    /// 已废止.
    Withdrawn,
    /// 已被替代.
    Superseded,
    /// 已并入.
    Merged,
}

impl KbRecord {
    /// The version in force or last in force.
    pub fn current(&self) -> Option<&KbVersion> {
        self.versions.last()
    }

    /// 已发布的条目, with the review day as it stands now; whatever became of it since, see
    /// [`Self::standing_on`].
    pub fn article(&self) -> Option<KbArticle> {
        let version = self.current()?;
        Some(KbArticle {
            next_review_on: self.next_review_on,
            ..version.content.article(&self.id)
        })
    }

    /// 条目状态 on `date`.
    pub fn standing_on(&self, date: NaiveDate) -> KbStanding {
        let Some(version) = self.current() else {
            return KbStanding::Unpublished;
        };
        match &self.holding {
            KbHolding::Suspended { .. } => KbStanding::Suspended,
            KbHolding::Withdrawn { .. } => KbStanding::Withdrawn,
            KbHolding::Superseded { .. } => KbStanding::Superseded,
            KbHolding::Merged { .. } => KbStanding::Merged,
            KbHolding::InUse => {
                let KbContent {
                    valid_from,
                    valid_until,
                    ..
                } = &version.content;
                if valid_from.is_some_and(|first| date < first) {
                    KbStanding::NotYetValid
                } else if valid_until.is_some_and(|last| date > last) {
                    KbStanding::Expired
                } else {
                    KbStanding::InUse
                }
            }
        }
    }

    /// 复核到期: in use and to be checked by `date` (第六条(四)).
    pub fn is_review_due_on(&self, date: NaiveDate) -> bool {
        let is_in_use = match self.standing_on(date) {
            KbStanding::InUse | KbStanding::NotYetValid | KbStanding::Expired => true,
            KbStanding::Unpublished
            | KbStanding::Suspended
            | KbStanding::Withdrawn
            | KbStanding::Superseded
            | KbStanding::Merged => false,
        };
        is_in_use && self.next_review_on.is_some_and(|on| on <= date)
    }

    pub(super) fn report(&self, number: ReportNumber) -> Option<&ErrorReport> {
        self.reports.iter().find(|report| report.number == number)
    }

    fn new(event: &KbEvent) -> Self {
        Self {
            id: event.article.clone(),
            versions: Vec::new(),
            draft: None,
            proposals: Vec::new(),
            holding: KbHolding::InUse,
            next_review_on: None,
            reports: Vec::new(),
            n_events: 0,
            last_event_at: event.occurred_at,
        }
    }

    fn n_versions(&self) -> u32 {
        self.versions.last().map_or(0, |version| version.number)
    }

    /// Puts `content` into the draft, or begins one.
    fn write(&mut self, content: &KbContent, by: &ActorId) {
        let base_version = self.n_versions();
        let draft = self.draft.get_or_insert_with(|| KbDraft {
            content: content.clone(),
            revision: 0,
            base_version,
            editors: Vec::new(),
            stage: DraftStage::Writing,
            confirmation: None,
            returned: None,
        });
        draft.content = content.clone();
        draft.revision += 1;
        if !draft.editors.contains(by) {
            draft.editors.push(by.clone());
        }
    }

    fn publish(&mut self, event: &KbEvent, contradicts: &[KbArticleId], reason: &str) {
        let Some(draft) = self.draft.take() else {
            return;
        };
        let Some((confirmed_by, confirmation)) = draft.confirmation else {
            return;
        };
        let number = self.n_versions() + 1;
        self.next_review_on = draft.content.next_review_on;
        self.versions.push(KbVersion {
            number,
            content: draft.content,
            editors: draft.editors,
            signatures: Some(KbSignatures {
                confirmation,
                confirmed_by,
                published_by: event.actor.clone(),
                contradicts: contradicts.to_vec(),
                contradiction_reason: reason.to_owned(),
            }),
            published_at: event.occurred_at,
        });
        self.holding = KbHolding::InUse;
        self.answer_reports(&ReportOutcome::Corrected { version: number });
    }

    fn answer_reports(&mut self, outcome: &ReportOutcome) {
        for report in &mut self.reports {
            if report.outcome == ReportOutcome::Accepted {
                report.outcome = outcome.clone();
            }
        }
    }

    fn retire(&mut self, holding: KbHolding) {
        self.holding = holding;
        self.answer_reports(&ReportOutcome::Retired);
    }

    fn hand_back(&mut self, event: &KbEvent, reason: &str) {
        if let Some(draft) = &mut self.draft {
            draft.stage = DraftStage::Writing;
            draft.confirmation = None;
            draft.returned = Some(KbReturn {
                by: event.actor.clone(),
                at: event.occurred_at,
                reason: reason.to_owned(),
            });
        }
    }

    /// What came with the program is a version like any other, but for the signatures.
    fn adopt(&mut self, content: &KbContent, number: u32, event: &KbEvent) {
        self.next_review_on = content.next_review_on;
        self.versions.push(KbVersion {
            number,
            content: content.clone(),
            editors: Vec::new(),
            signatures: None,
            published_at: event.occurred_at,
        });
    }

    fn set_note(&mut self, number: ReportNumber, note: &str) {
        let report = self.reports.iter_mut().find(|it| it.number == number);
        if let Some(report) = report {
            note.clone_into(&mut report.note);
        }
    }

    fn set_outcome(&mut self, number: ReportNumber, outcome: ReportOutcome) {
        let report = self.reports.iter_mut().find(|it| it.number == number);
        if let Some(report) = report {
            report.outcome = outcome;
        }
    }
}

/// Folds one event. Events that [`super::decide`] gave make whole records; whatever else comes, the
/// record stays one that can be shown.
pub fn apply(record: &mut Option<KbRecord>, event: &KbEvent) {
    let record = record.get_or_insert_with(|| KbRecord::new(event));
    record.n_events += 1;
    record.last_event_at = event.occurred_at;
    match &event.kind {
        KbCommand::Draft { content } | KbCommand::Edit { content, .. } => {
            record.write(content, &event.actor);
        }
        KbCommand::Adopt { content, version } => record.adopt(content, *version, event),
        KbCommand::ProposeBeside {
            content,
            base_version,
        } => {
            let number = record.n_events;
            record.proposals.push(KbProposal {
                number,
                by: event.actor.clone(),
                at: event.occurred_at,
                base_version: *base_version,
                content: content.as_ref().clone(),
            });
        }
        KbCommand::TakeProposal {
            proposal, content, ..
        } => {
            let taken = record.proposals.iter().find(|it| it.number == *proposal);
            // Whoever wrote what is taken has edited the draft too.
            let author = taken.map(|taken| taken.by.clone());
            record.proposals.retain(|it| it.number != *proposal);
            record.write(content, &event.actor);
            if let (Some(author), Some(draft)) = (author, &mut record.draft)
                && !draft.editors.contains(&author)
            {
                draft.editors.push(author);
            }
        }
        KbCommand::DropProposal { proposal, .. } => {
            record.proposals.retain(|it| it.number != *proposal);
        }
        KbCommand::DiscardDraft { .. } => record.draft = None,
        KbCommand::Submit { .. } => {
            if let Some(draft) = &mut record.draft {
                draft.stage = DraftStage::AwaitsConfirmation;
                draft.returned = None;
            }
        }
        KbCommand::Confirm { confirmation } => {
            if let Some(draft) = &mut record.draft {
                draft.stage = DraftStage::AwaitsReview;
                draft.confirmation = Some((event.actor.clone(), confirmation.clone()));
            }
        }
        KbCommand::RejectByUnit { reason } | KbCommand::RejectByCenter { reason } => {
            record.hand_back(event, reason);
        }
        KbCommand::Publish {
            contradicts,
            reason,
        } => record.publish(event, contradicts, reason),
        KbCommand::Recheck { next_review_on, .. } => {
            record.next_review_on = Some(*next_review_on);
        }
        KbCommand::Suspend { reason } => {
            record.holding = KbHolding::Suspended {
                reason: reason.clone(),
            };
        }
        KbCommand::Resume { .. } => record.holding = KbHolding::InUse,
        KbCommand::Withdraw { reason } => record.retire(KbHolding::Withdrawn {
            reason: reason.clone(),
        }),
        KbCommand::Supersede { by, .. } => {
            record.retire(KbHolding::Superseded { by: by.clone() });
        }
        KbCommand::MergeInto { into, .. } => {
            record.retire(KbHolding::Merged { into: into.clone() });
        }
        KbCommand::ReportError {
            kind,
            version,
            passage,
            note,
        } => record.reports.push(ErrorReport {
            number: ReportNumber(u32::try_from(record.reports.len()).unwrap_or(u32::MAX - 1) + 1),
            kind: *kind,
            version: *version,
            passage: passage.clone(),
            note: note.clone(),
            by: event.actor.clone(),
            at: event.occurred_at,
            outcome: ReportOutcome::Open,
        }),
        KbCommand::NoteReport { report, note } => record.set_note(*report, note),
        KbCommand::AcceptReport { report } => record.set_outcome(*report, ReportOutcome::Accepted),
        KbCommand::RejectReport { report, reason } => record.set_outcome(
            *report,
            ReportOutcome::Rejected {
                reason: reason.clone(),
            },
        ),
    }
}

/// The record that a history makes; `None` for an empty one.
pub fn fold<'a>(events: impl IntoIterator<Item = &'a KbEvent>) -> Option<KbRecord> {
    let mut record = None;
    for event in events {
        apply(&mut record, event);
    }
    record
}
