//! 单位的知识 as its lists show them: one row for each article that the unit answers for, and one for
//! each task it was given.

use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use domain::HandlingUnitId;
use domain::indicators::KbUpdateTask;
use domain::kb::task::{KbTask, KbTaskKind, KbTaskStage};
use domain::kb::{DraftStage, KbContent, KbHolding, KbRecord, ReportOutcome};
use serde::{Deserialize, Serialize};
use wire::Subject;

use super::unit_order::key;
use crate::follower::{Projection, Seen, Sheet};

/// Articles, by unit.
pub(super) const ARTICLE: &str = "unit_article";
/// Tasks, by unit.
pub(super) const TASK: &str = "unit_kb_task";

/// One article of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnitArticle {
    pub(super) unit: HandlingUnitId,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) draft_stage: Option<RowDraftStage>,
    /// 退改, and nobody has taken it up.
    pub(super) is_returned: bool,
    /// Published, and read out.
    pub(super) is_in_use: bool,
    pub(super) is_published: bool,
    pub(super) next_review_on: Option<NaiveDate>,
    /// 纠错 that still leads to something.
    pub(super) n_reports: u32,
}

/// 草稿阶段 as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RowDraftStage {
    Writing,
    AwaitsConfirmation,
    AwaitsReview,
}

/// One task of a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UnitTask {
    pub(super) unit: HandlingUnitId,
    pub(super) number: String,
    pub(super) kind: KbTaskKind,
    pub(super) subject: String,
    pub(super) is_open: bool,
    pub(super) stage_text: String,
    pub(super) due_on: NaiveDate,
    pub(super) was_late: bool,
    /// None for one that was cancelled.
    pub(super) update: Option<UpdateTimes>,
    pub(super) n_returns: u32,
}

/// 责任单位: of what is being written, otherwise of what is published.
pub(super) fn unit_of(record: &KbRecord) -> Option<&HandlingUnitId> {
    content_of(record)?.unit_id.as_ref()
}

pub(super) fn content_of(record: &KbRecord) -> Option<&KbContent> {
    let draft = record.draft.as_ref().map(|draft| &draft.content);
    draft.or_else(|| record.current().map(|version| &version.content))
}

impl UnitArticle {
    pub(super) fn of(record: &KbRecord) -> Option<Self> {
        let content = content_of(record)?;
        let is_open = |outcome: &ReportOutcome| {
            matches!(outcome, ReportOutcome::Open | ReportOutcome::Accepted)
        };
        let n_reports = record
            .reports
            .iter()
            .filter(|it| is_open(&it.outcome))
            .count();
        Some(Self {
            unit: content.unit_id.clone()?,
            id: record.id.0.clone(),
            title: content.title.clone(),
            draft_stage: record.draft.as_ref().map(|draft| match draft.stage {
                DraftStage::Writing => RowDraftStage::Writing,
                DraftStage::AwaitsConfirmation => RowDraftStage::AwaitsConfirmation,
                DraftStage::AwaitsReview => RowDraftStage::AwaitsReview,
            }),
            is_returned: record
                .draft
                .as_ref()
                .is_some_and(|it| it.returned.is_some()),
            is_in_use: record.current().is_some() && record.holding == KbHolding::InUse,
            is_published: record.current().is_some(),
            next_review_on: record.next_review_on,
            n_reports: u32::try_from(n_reports).unwrap_or(u32::MAX),
        })
    }
}

/// 更新及时率 of one task, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UpdateTimes {
    #[serde(with = "chrono::serde::ts_milliseconds")]
    due_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_milliseconds_option")]
    done_at: Option<DateTime<Utc>>,
}

impl UpdateTimes {
    fn of(task: &KbTask) -> Option<Self> {
        let KbUpdateTask {
            due_at, done_at, ..
        } = KbUpdateTask::of(task)?;
        Some(Self { due_at, done_at })
    }
}

impl UnitTask {
    /// 更新任务, as the figures count it; none for one that was cancelled.
    pub(super) fn update_task(&self) -> Option<KbUpdateTask> {
        let UpdateTimes { due_at, done_at } = self.update.clone()?;
        Some(KbUpdateTask {
            id: self.number.clone(),
            unit: self.unit.clone(),
            due_at,
            done_at,
        })
    }

    pub(super) fn of(task: &KbTask) -> Self {
        Self {
            unit: task.unit.clone(),
            number: task.number.clone(),
            kind: task.kind,
            subject: task.subject.clone(),
            is_open: task.stage == KbTaskStage::Open,
            stage_text: wording::text::kb_task_stage(task.stage).to_owned(),
            due_on: task.due_on,
            was_late: task.missed_on.is_some(),
            update: UpdateTimes::of(task),
            n_returns: task.n_returns,
        }
    }
}

/// Draws the rows of all units.
pub(super) struct UnitArticles;

impl Projection for UnitArticles {
    fn kinds(&self) -> &'static [&'static str] {
        &[ARTICLE, TASK]
    }

    fn version(&self) -> u32 {
        2
    }

    fn touch(&mut self, seen: &Seen<'_>, sheet: &mut Sheet<'_>) -> Result<()> {
        let row = |of: Option<&Subject>| of.and_then(Subject::article).and_then(UnitArticle::of);
        if let Some(before) = row(seen.before) {
            sheet.remove(ARTICLE, key(&before.unit, &before.id));
        }
        if let Some(after) = row(seen.after) {
            sheet.write(ARTICLE, key(&after.unit, &after.id), &after)?;
        }
        if let Some(task) = seen.after.and_then(Subject::task) {
            let row = UnitTask::of(task);
            sheet.write(TASK, key(&row.unit, &row.number), &row)?;
        }
        Ok(())
    }
}
