//! 工作专报: drafted from the figures, written by people, kept in versions, handed out as a form (第十六条).
//!
//! The text is Markdown, and it is all there is: tables and charts are of the numbers that stand in it
//! (`documents::form::written`). What is shown beside the text while it is written are the parts of the
//! form that is printed.

pub mod act;
mod draft;
pub mod export;
mod figures;
#[cfg(test)]
mod tests;

use documents::form::{Align, ChartKind, LineStyle, Part, Table, body_lines, written};
use domain::analysis::{AnalysisPeriod, Dimension};
use domain::work_report::{
    WORK_REPORT_WRITERS, WorkReportKind, WorkReportRefusal, WorkReportStage, WorkReportVersion,
    check_text,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::analysis::{AnalysisDays, period_text};
use crate::desk::Desk;
use crate::difference::{DiffSegment, difference};
use crate::error::CallError;
use crate::{text, time_text};

/// What is drafted.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DraftWorkReport {
    /// The report of that day, as 2026-11-26, or of the week or the month that it lies in.
    Daily {
        day: String,
    },
    Weekly {
        day: String,
    },
    Monthly {
        day: String,
    },
    Topic {
        days: AnalysisDays,
        #[ts(type = "Dimension")]
        dimension: Dimension,
        value: String,
    },
    /// The hot issue that an order belongs to.
    HotIssue {
        order_id: String,
    },
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkReportId {
    pub id: String,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkReportVersionKey {
    pub id: String,
    pub version: u32,
}

/// 专报 as it stands in the list.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReportRowView {
    pub id: String,
    #[ts(type = "WorkReportKind")]
    pub kind: WorkReportKind,
    pub kind_text: String,
    pub title: String,
    #[ts(type = "WorkReportStage")]
    pub stage: WorkReportStage,
    pub stage_text: String,
    pub period_text: String,
    pub n_versions: u32,
    /// 罗兰 2001 11月26日（周四）09:15.
    pub changed_text: String,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReports {
    /// The last drafted first.
    pub rows: Vec<WorkReportRowView>,
    /// Why the person cannot draft one; null when he can.
    pub refusal: Option<String>,
    /// Today, for the form.
    pub today: String,
}

/// One version in the list of versions.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReportVersionLine {
    pub number: u32,
    /// 恢复第 1 版.
    pub act_text: String,
    pub by_text: String,
    pub at_text: String,
    /// How many characters it has more and less than the one before.
    pub n_added: u32,
    pub n_removed: u32,
}

#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReportDetail {
    pub row: WorkReportRowView,
    /// The number of the last version, to be given back with an act.
    pub version: u32,
    pub title: String,
    pub body: String,
    /// 期号; empty while it is a draft, or without one.
    pub issue: String,
    pub may_write: bool,
    /// The latest first.
    pub versions: Vec<WorkReportVersionLine>,
}

/// An older version, beside the one before it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReportVersionView {
    pub number: u32,
    pub title: String,
    pub parts: Vec<WorkReportPart>,
    /// What it changed; empty for the first.
    pub changes: Vec<DiffSegment>,
}

/// What the person has typed.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct WorkReportText {
    pub title: String,
    pub body: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WorkReportChart {
    Bars,
    Line,
}

/// One piece of the paper, from top to bottom.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum WorkReportPart {
    /// level: 1 for 一、, 2 for （一）.
    Heading {
        level: u8,
        text: String,
    },
    Text {
        text: String,
    },
    Table {
        caption: String,
        columns: Vec<WorkReportColumn>,
        rows: Vec<Vec<String>>,
    },
    Chart {
        chart: WorkReportChart,
        caption: String,
        /// The names of the series.
        series: Vec<String>,
        points: Vec<WorkReportPoint>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct WorkReportColumn {
    pub name: String,
    pub is_figure: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WorkReportPoint {
    pub name: String,
    /// One for each series; null where the cell is no number.
    pub values: Vec<Option<f64>>,
}

/// 预览: the text as it will be on paper.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WorkReportPreview {
    pub parts: Vec<WorkReportPart>,
    /// Why it cannot be kept like this; null when it can.
    pub refusal: Option<String>,
}

/// 专报.
pub(crate) fn work_reports(desk: &Desk, (): ()) -> Result<WorkReports, CallError> {
    let rows = desk.store.read(|reader| Ok(reader.work_reports()?))?;
    let refusal = (!may_write(desk)).then(|| {
        text::work_report_refusal(&WorkReportRefusal::NotPermitted {
            roles: &WORK_REPORT_WRITERS,
        })
    });
    Ok(WorkReports {
        rows: rows.iter().map(|it| row_view(desk, it)).collect(),
        refusal,
        today: domain::clock_face::date_of(desk.now()).to_string(),
    })
}

/// 一份专报, its last version.
pub(crate) fn work_report(
    desk: &Desk,
    request: WorkReportId,
) -> Result<WorkReportDetail, CallError> {
    let (report, versions) = desk.store.read(|reader| {
        let report = reader.work_report(&request.id)?;
        Ok((report, reader.work_report_versions(&request.id)?))
    })?;
    let (Some(report), Some(latest)) = (report, versions.last()) else {
        return Err(not_there());
    };
    let row = desk_store::WorkReportRow {
        report,
        title: latest.title.clone(),
        n_versions: latest.number,
        stage: latest.stage(),
        by: latest.by.clone(),
        at: latest.at,
    };
    Ok(WorkReportDetail {
        row: row_view(desk, &row),
        version: latest.number,
        title: latest.title.clone(),
        body: latest.body.clone(),
        issue: export::issue_of(latest).to_owned(),
        may_write: may_write(desk),
        versions: lines(desk, &versions),
    })
}

/// 一个版本, with what it changed.
pub(crate) fn work_report_version(
    desk: &Desk,
    request: WorkReportVersionKey,
) -> Result<WorkReportVersionView, CallError> {
    let WorkReportVersionKey { id, version } = &request;
    let (found, before) = desk.store.read(|reader| {
        let before = version.saturating_sub(1);
        Ok((
            reader.work_report_version(id, *version)?,
            reader.work_report_version(id, before)?,
        ))
    })?;
    let found = found.ok_or_else(not_there)?;
    let whole = |it: &WorkReportVersion| format!("{}\n\n{}", it.title, it.body);
    Ok(WorkReportVersionView {
        number: found.number,
        parts: parts_of(&found.body),
        changes: before.map_or_else(Vec::new, |it| difference(&whole(&it), &whole(&found))),
        title: found.title,
    })
}

/// 预览 of what is being typed.
pub(crate) fn preview_work_report(
    _desk: &Desk,
    request: WorkReportText,
) -> Result<WorkReportPreview, CallError> {
    let refusal = check_text(&request.title, &request.body).err();
    let is_too_long = matches!(refusal, Some(WorkReportRefusal::BodyTooLong { .. }));
    let body = if is_too_long { "" } else { &request.body };
    Ok(WorkReportPreview {
        parts: parts_of(body),
        refusal: refusal.map(|it| text::work_report_refusal(&it)),
    })
}

fn not_there() -> CallError {
    CallError::invalid("没有这份专报。")
}

fn may_write(desk: &Desk) -> bool {
    desk.operator.holds_any(&WORK_REPORT_WRITERS)
}

fn row_view(desk: &Desk, row: &desk_store::WorkReportRow) -> WorkReportRowView {
    let report = &row.report;
    let period = AnalysisPeriod::days(report.first_on, report.last_on);
    WorkReportRowView {
        id: report.id.clone(),
        kind: report.kind,
        kind_text: text::work_report_kind(report.kind).to_owned(),
        title: row.title.clone(),
        stage: row.stage,
        stage_text: text::work_report_stage(row.stage).to_owned(),
        period_text: period.map(period_text).unwrap_or_default(),
        n_versions: row.n_versions,
        changed_text: format!(
            "{} {}",
            desk.person_text(&row.by),
            time_text::moment(row.at)
        ),
    }
}

fn lines(desk: &Desk, versions: &[WorkReportVersion]) -> Vec<WorkReportVersionLine> {
    let befores = std::iter::once(None).chain(versions.iter().map(Some));
    let mut lines: Vec<WorkReportVersionLine> = (versions.iter().zip(befores))
        .map(|(version, before)| {
            let (n_added, n_removed) = before.map_or((0, 0), |it| n_changed(it, version));
            WorkReportVersionLine {
                number: version.number,
                act_text: text::work_report_act(&version.act),
                by_text: desk.person_text(&version.by),
                at_text: time_text::moment(version.at),
                n_added,
                n_removed,
            }
        })
        .collect();
    lines.reverse();
    lines
}

/// Characters that were put in and taken out.
fn n_changed(before: &WorkReportVersion, after: &WorkReportVersion) -> (u32, u32) {
    if before.body == after.body {
        return (0, 0);
    }
    let mut changed = (0, 0);
    for segment in difference(&before.body, &after.body) {
        let n = u32::try_from(segment.text.chars().count()).unwrap_or(u32::MAX);
        match segment.kind {
            crate::difference::DiffKind::Same => {}
            crate::difference::DiffKind::Added => changed.0 += n,
            crate::difference::DiffKind::Removed => changed.1 += n,
        }
    }
    changed
}

fn parts_of(body: &str) -> Vec<WorkReportPart> {
    let mut parts = Vec::new();
    for part in written(body) {
        match part {
            Part::Body(text) => parts.extend(body_lines(&text).map(|(style, line)| {
                let text = line.to_owned();
                match style {
                    LineStyle::First => WorkReportPart::Heading { level: 1, text },
                    LineStyle::Second => WorkReportPart::Heading { level: 2, text },
                    LineStyle::Text => WorkReportPart::Text { text },
                }
            })),
            Part::Table(table) => parts.push(table_part(table)),
            Part::Chart { kind, table } => parts.push(chart_part(kind, &table)),
            // A text has none of these.
            Part::Grid(_) | Part::Closing(_) | Part::Note(_) => {}
        }
    }
    parts
}

fn table_part(table: Table) -> WorkReportPart {
    let column = |it: documents::form::Column| WorkReportColumn {
        is_figure: it.align == Align::Right,
        name: it.name,
    };
    WorkReportPart::Table {
        caption: table.caption,
        columns: table.columns.into_iter().map(column).collect(),
        rows: table.rows,
    }
}

fn chart_part(kind: ChartKind, table: &Table) -> WorkReportPart {
    let series = table.columns.iter().skip(1).map(|it| it.name.clone());
    let points = table.series().into_iter();
    WorkReportPart::Chart {
        chart: match kind {
            ChartKind::Bars => WorkReportChart::Bars,
            ChartKind::Line => WorkReportChart::Line,
        },
        caption: table.caption.clone(),
        series: series.collect(),
        points: points
            .map(|(name, values)| WorkReportPoint {
                name: name.to_owned(),
                values,
            })
            .collect(),
    }
}
