//! 我的纠错: what became of what the person at the desk has reported, until it was put right (第十四条).

use domain::kb::ReportOutcome;
use serde::Serialize;
use ts_rs::TS;

use crate::desk::Desk;
use crate::error::CallError;
use crate::{text, time_text};

/// Reports of so many articles, those reported last.
const ARTICLES_MAX: u32 = 50;

#[derive(Debug, Clone, Serialize, TS)]
pub struct MyKbReport {
    pub article_id: String,
    pub title: String,
    pub report: u32,
    pub kind_text: String,
    pub version: u32,
    pub passage: String,
    pub note: String,
    pub at: i64,
    pub at_text: String,
    pub outcome_text: String,
    /// Nobody has answered yet: a note can be added.
    pub is_open: bool,
    /// Nothing more will come of it.
    pub is_settled: bool,
}

/// 我的纠错, the last first.
pub(crate) fn my_kb_reports(desk: &Desk, (): ()) -> Result<Vec<MyKbReport>, CallError> {
    let me = &desk.operator.id;
    let records = desk.store.read(|reader| {
        let ids = reader.kb_reported_by(me, ARTICLES_MAX)?;
        let records = ids.iter().map(|id| Ok(reader.load_kb_record(id)?));
        records.collect::<anyhow::Result<Vec<_>>>()
    })?;
    let mut mine = Vec::new();
    for record in records.into_iter().flatten() {
        let title = record.current().map(|it| it.content.title.clone());
        let title = title.unwrap_or_default();
        for report in record.reports.iter().filter(|report| report.by == *me) {
            mine.push(MyKbReport {
                article_id: record.id.0.clone(),
                title: title.clone(),
                report: report.number.0,
                kind_text: text::error_kind(report.kind).to_owned(),
                version: report.version,
                passage: report.passage.clone(),
                note: report.note.clone(),
                at: report.at.timestamp_millis(),
                at_text: time_text::moment(report.at),
                outcome_text: text::report_outcome(&report.outcome),
                is_open: report.outcome == ReportOutcome::Open,
                is_settled: match report.outcome {
                    ReportOutcome::Open | ReportOutcome::Accepted => false,
                    ReportOutcome::Rejected { .. }
                    | ReportOutcome::Corrected { .. }
                    | ReportOutcome::Retired => true,
                },
            });
        }
    }
    mine.sort_by_key(|report| std::cmp::Reverse(report.at));
    Ok(mine)
}
