//! 导出分析的工单: the orders behind a number as a ledger, so those of a unit, of a field of matters or of a
//! township over any days (第十五条). What of them is seen is what the person sees of them anywhere.

use chrono::{DateTime, Utc};
use desk_store::OrderPosition;
use domain::analysis::Figure;
use domain::clock_face::date_of;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AnalysisAsk, orders_title};
use crate::desk::Desk;
use crate::error::CallError;
use crate::export::{Export, Extent, WantedExport};
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::ledger;

/// Orders of a csv file; a workbook takes as many as its format.
const CSV_MAX: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FigureOutput {
    Xlsx,
    Csv,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ExportFigure {
    pub ask: AnalysisAsk,
    #[ts(type = "Figure")]
    pub figure: Figure,
    pub output: FigureOutput,
    /// 用途, which stands at the foot of the workbook and in the record.
    pub purpose: String,
}

/// The orders behind a number, and what they are called.
struct Behind {
    /// 2026年11月1日至26日，县水务局，超期.
    title: String,
    /// Eight bytes for each; what they say is read one by one.
    places: Vec<OrderPosition>,
}

fn behind(desk: &Desk, request: &ExportFigure, now: DateTime<Utc>) -> Result<Behind, CallError> {
    let asked = request.ask.resolved(&desk.reference, now)?;
    let places = desk
        .store
        .read(|reader| Ok(reader.all_orders_behind(&asked, request.figure)?))?;
    Ok(Behind {
        title: orders_title(desk, &request.ask, asked.period, request.figure),
        places,
    })
}

/// How many orders go out, and which: callers are not among them.
///
/// # Errors
///
/// As [`export_figure`], before anybody is asked to approve of it.
pub(crate) fn extent(
    desk: &Desk,
    request: &ExportFigure,
    now: DateTime<Utc>,
) -> Result<Extent, CallError> {
    let purpose = ledger::purpose(&request.purpose)?;
    let Behind { title, places } = behind(desk, request, now)?;
    let n_rows = places.len();
    Ok(Extent {
        n_rows,
        names_caller: false,
        text: format!("台账“{title}”{n_rows} 件"),
        purpose: purpose.to_owned(),
    })
}

/// 导出一个数字背后的工单.
///
/// # Errors
///
/// Refuses without a purpose, where there are no orders, and a csv file of more than [`CSV_MAX`].
pub(crate) fn export_figure(
    host: &DeskHost,
    export: Export<'_>,
    request: ExportFigure,
) -> Result<Handed, CallError> {
    let purpose = ledger::purpose(&request.purpose)?;
    let Behind { title, places } = behind(export.desk, &request, export.now)?;
    if request.output == FigureOutput::Csv && places.len() > CSV_MAX {
        return Err(CallError::invalid(format!(
            "超过 {CSV_MAX} 件，请导出为 Excel，或缩小范围。"
        )));
    }
    let export = export.cleared(&WantedExport::Figure(request.clone()))?;
    let day = date_of(export.now).format("%Y%m%d");
    let name = format!("工单台账（{title}）{day}");
    match request.output {
        FigureOutput::Xlsx => {
            ledger::long_of(host, export, &places, &format!("{name}.xlsx"), purpose)
        }
        FigureOutput::Csv => ledger::csv_of(host, export, &places, &format!("{name}.csv"), purpose),
    }
}
