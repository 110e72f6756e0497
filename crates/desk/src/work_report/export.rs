//! 导出专报: as PDF or docx in the form of the trade, or as the Markdown that it is.

use anyhow::Context as _;
use chrono::Datelike as _;
use documents::blank::FormKind;
use documents::form::{Form, Part, Values, fill, written};
use domain::analysis::AnalysisPeriod;
use domain::clock_face::date_of;
use domain::work_report::{WorkReportAct, WorkReportKind, WorkReportStage, WorkReportVersion};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::not_there;
use crate::analysis::period_text;
use crate::error::CallError;
use crate::export::Export;
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::order_form::{self, FormOutput};
use crate::time_text;

const PURPOSE: &str = "工作专报";
/// 报送、分送, in characters.
const SENT_TO_MAX_CHARS: usize = 300;
/// What stands where nobody has given a number.
const NO_ISSUE: &str = "　";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WorkReportOutput {
    Pdf,
    Docx,
    Markdown,
}

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportWorkReport {
    pub id: String,
    pub version: u32,
    pub output: WorkReportOutput,
    /// 报送 and 分送 at the foot of a topic; may be empty.
    pub reported_to: String,
    pub copied_to: String,
}

/// 导出专报.
pub(crate) fn export_work_report(
    host: &DeskHost,
    export: Export<'_>,
    request: ExportWorkReport,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let export = export.freely("figures and numbers of orders, no citizen");
    let sent_to = [&request.reported_to, &request.copied_to];
    if sent_to
        .iter()
        .any(|it| it.chars().count() > SENT_TO_MAX_CHARS)
    {
        return Err(CallError::invalid(format!(
            "报送和分送各最多 {SENT_TO_MAX_CHARS} 字。"
        )));
    }
    let (report, version) = desk.store.read(|reader| {
        let version = reader.work_report_version(&request.id, request.version)?;
        Ok((reader.work_report(&request.id)?, version))
    })?;
    let (Some(report), Some(version)) = (report, version) else {
        return Err(not_there());
    };
    let state = match version.stage() {
        WorkReportStage::Finished => String::new(),
        WorkReportStage::Draft => format!("（草稿第{}版）", version.number),
    };
    let name = format!("{}{state}", version.title);
    let output = match request.output {
        WorkReportOutput::Markdown => {
            let foot = export.watermark(PURPOSE).text();
            let text = format!("# {}\n\n{}\n\n{foot}\n", version.title, version.body);
            let (name, bytes) = (format!("{name}.md"), text.into_bytes());
            return host.hand_out(export, &name, bytes, "专报已导出。".to_owned());
        }
        WorkReportOutput::Pdf => FormOutput::Pdf,
        WorkReportOutput::Docx => FormOutput::Docx,
    };
    let kind = form_kind(report.kind);
    let mut values = Values::default();
    let period = AnalysisPeriod::days(report.first_on, report.last_on);
    let fields = [
        ("标题", version.title.clone()),
        ("统计期间", period.map(period_text).unwrap_or_default()),
        ("年份", date_of(version.at).year().to_string()),
        ("期号", issue_or_blank(&version)),
        ("统计时点", time_text::dated(report.drafted_at)),
        ("落款单位", "渠县12345热线受理中心".to_owned()),
        ("成文日期", time_text::date(date_of(version.at))),
        ("报送", or_blank(&request.reported_to)),
        ("分送", or_blank(&request.copied_to)),
    ];
    for (field, value) in fields {
        values.set(field, value);
    }
    let mut form = paper(kind, &values, &version)?;
    let purpose = match version.stage() {
        WorkReportStage::Finished => PURPOSE.to_owned(),
        WorkReportStage::Draft => format!("{PURPOSE}草稿"),
    };
    form.watermark = Some(export.watermark(&purpose));
    order_form::hand_out_form(host, export, &form, "专报", output, &name)
}

/// The form of that kind with the text in the place of its fields: its head, its foot and its articles stay.
fn paper(kind: FormKind, values: &Values, version: &WorkReportVersion) -> Result<Form, CallError> {
    let mut blank = kind.blank();
    blank
        .parts
        .retain(|part| matches!(part, Part::Closing(_) | Part::Note(_)));
    let mut form = fill(&blank, values).with_context(|| format!("Filling {kind:?}"))?;
    form.title.clone_from(&version.title);
    // What a person wrote is put in after the filling: a field in it is text.
    form.parts.splice(0..0, written(&version.body));
    Ok(form)
}

fn form_kind(kind: WorkReportKind) -> FormKind {
    match kind {
        WorkReportKind::Daily => FormKind::DailyReport,
        WorkReportKind::Weekly => FormKind::WeeklyReport,
        WorkReportKind::Monthly => FormKind::MonthlyReport,
        WorkReportKind::Topic => FormKind::SpecialReport,
    }
}

/// 期号 of a finished version; empty without one.
pub(super) fn issue_of(version: &WorkReportVersion) -> &str {
    match &version.act {
        WorkReportAct::Finished { issue } => issue,
        WorkReportAct::Drafted
        | WorkReportAct::Revised
        | WorkReportAct::TakenUp { .. }
        | WorkReportAct::Reopened { .. } => "",
    }
}

fn issue_or_blank(version: &WorkReportVersion) -> String {
    or_blank(issue_of(version))
}

fn or_blank(text: &str) -> String {
    match text.trim() {
        "" => NO_ISSUE.to_owned(),
        text => text.to_owned(),
    }
}
