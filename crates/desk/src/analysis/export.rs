//! 导出分析的工单: the orders behind a number as a ledger, so those of a unit, of a field of matters or of a
//! township over any days (第十五条). What of them is seen is what the person sees of them anywhere.

use desk_store::OrderPosition;
use domain::analysis::Figure;
use domain::clock_face::date_of;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AnalysisAsk, orders_title};
use crate::error::CallError;
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

#[derive(Debug, Clone, Deserialize, TS)]
pub struct ExportFigure {
    pub ask: AnalysisAsk,
    #[ts(type = "Figure")]
    pub figure: Figure,
    pub output: FigureOutput,
    /// 用途, which stands at the foot of the workbook and in the record.
    pub purpose: String,
}

/// 导出一个数字背后的工单.
pub(crate) fn export_figure(host: &DeskHost, request: ExportFigure) -> Result<Handed, CallError> {
    let desk = host.desk()?;
    let now = desk.now();
    let purpose = ledger::purpose(&request.purpose)?;
    let asked = request.ask.resolved(&desk.reference, now)?;
    let title = orders_title(&desk, &request.ask, asked.period, request.figure);
    // Eight bytes for each; what they say is read one by one.
    let places: Vec<OrderPosition> = desk
        .store
        .read(|reader| Ok(reader.all_orders_behind(&asked, request.figure)?))?;
    let day = date_of(now).format("%Y%m%d");
    let name = format!("工单台账（{title}）{day}");
    match request.output {
        FigureOutput::Xlsx => {
            ledger::long_of(host, &desk, &places, &format!("{name}.xlsx"), purpose)
        }
        FigureOutput::Csv if places.len() > CSV_MAX => Err(CallError::invalid(format!(
            "超过 {CSV_MAX} 件，请导出为 Excel，或缩小范围。"
        ))),
        FigureOutput::Csv => ledger::csv_of(host, &desk, &places, &format!("{name}.csv")),
    }
}
