//! What is done with a report: drafted, written, taken up again, finished.

use desk_store::StoredWorkReport;
use domain::clock_face::date_of;
use domain::work_report::{WorkReportCommand, WorkReportKind, WorkReportVersion, next_version};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::figures::Material;
use super::{DraftWorkReport, draft, not_there};
use crate::desk::{Desk, new_id};
use crate::error::CallError;
use crate::text;

#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WorkReportActForm {
    Revise {
        title: String,
        body: String,
    },
    TakeUp {
        version: u32,
    },
    /// 期号 may be empty.
    Finish {
        issue: String,
    },
    Reopen {
        reason: String,
    },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ActOnWorkReport {
    pub id: String,
    /// The last version that the person saw.
    pub version: u32,
    pub act: WorkReportActForm,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReportDone {
    pub id: String,
    pub version: u32,
    pub message: String,
}

/// 起草专报.
pub(crate) fn draft_work_report(
    desk: &Desk,
    request: DraftWorkReport,
) -> Result<WorkReportDone, CallError> {
    let now = desk.now();
    let (kind, days, subject, drafted) = match Material::of(desk, &request)? {
        Material::Days(figures) => {
            let days = (figures.period.first(), figures.period.last());
            let drafted = draft::of_days(&figures);
            (figures.kind, days, figures.subject, drafted)
        }
        Material::Issue {
            issue,
            as_of_text,
            today,
        } => {
            let drafted = draft::of_issue(&issue, &as_of_text);
            (WorkReportKind::Topic, (today, today), issue.what, drafted)
        }
    };
    let report = StoredWorkReport {
        id: new_id(),
        kind,
        first_on: days.0,
        last_on: days.1,
        subject,
        drafted_at: now,
    };
    let version = WorkReportVersion::first(drafted.title, drafted.body, &desk.operator, now)?;
    desk.store.commit(|writer| -> Result<(), CallError> {
        writer.append_work_report(&report)?;
        writer.append_work_report_version(&report.id, &version)?;
        Ok(())
    })?;
    Ok(WorkReportDone {
        id: report.id,
        version: version.number,
        message: format!(
            "已按截至{}的数据起草，请核对并补写建议。",
            crate::time_text::day(date_of(now))
        ),
    })
}

/// 办理专报.
pub(crate) fn act_on_work_report(
    desk: &Desk,
    request: ActOnWorkReport,
) -> Result<WorkReportDone, CallError> {
    let ActOnWorkReport { id, version, act } = request;
    let now = desk.now();
    desk.store.commit(|writer| {
        let latest = writer.latest_work_report_version(&id)?;
        let latest = latest.ok_or_else(not_there)?;
        CallError::check_shown(version, latest.number)?;
        let command = match act {
            WorkReportActForm::Revise { title, body } => WorkReportCommand::Revise { title, body },
            WorkReportActForm::TakeUp { version } => {
                let older = writer.work_report_version(&id, version)?;
                WorkReportCommand::TakeUp {
                    older: older.ok_or_else(not_there)?,
                }
            }
            WorkReportActForm::Finish { issue } => WorkReportCommand::Finish { issue },
            WorkReportActForm::Reopen { reason } => WorkReportCommand::Reopen { reason },
        };
        let next = next_version(&latest, command, &desk.operator, now)?;
        writer.append_work_report_version(&id, &next)?;
        Ok(WorkReportDone {
            id,
            version: next.number,
            message: format!(
                "第 {} 版：{}。",
                next.number,
                text::work_report_act(&next.act)
            ),
        })
    })
}
