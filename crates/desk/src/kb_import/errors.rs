//! 差错表: the rows that were not imported and why, to be put right and imported again.

use documents::table::cell_name;
use documents::workbook::{self, Sheet, sheet_name};
use serde::Deserialize;
use ts_rs::TS;

use super::plan::PlannedRow;
use super::source::Source;
use super::{KbImportChoice, KbRowChoice, Plan};
use crate::error::CallError;
use crate::export::Export;
use crate::handed::Handed;
use crate::host::DeskHost;
use crate::kb_columns::KbColumn;
use crate::text;

/// The last column of the sheet; the import passes it over.
const REASON: &str = "原因";
/// What the sheet is for, on its watermark.
const PURPOSE: &str = "改正后再导入";

#[derive(Debug, Clone, Deserialize, TS)]
pub struct KbImportErrors {
    pub upload_id: String,
    pub preview_no: u32,
    pub choices: Vec<KbRowChoice>,
}

/// 导出差错表: rows with faults, and those that lack something and are skipped.
pub(crate) fn kb_import_errors(
    host: &DeskHost,
    export: Export<'_>,
    request: KbImportErrors,
) -> Result<Handed, CallError> {
    let export = export.freely("goes back to whoever brought it a moment ago");
    let plan = export
        .desk
        .imports
        .shown(&request.upload_id, request.preview_no)?;
    let choices = plan.choices(&request.choices)?;
    let (sheets, n_rows) = sheets(&plan, &choices);
    if n_rows == 0 {
        return Err(CallError::invalid("没有差错行。"));
    }
    let mark = export.watermark(PURPOSE);
    let bytes = workbook::write(&sheets, Some(&mark)).map_err(anyhow::Error::from)?;
    let name = match plan.sources.as_slice() {
        [source] => format!("{} 差错表.xlsx", stem(&source.file)),
        _ => "知识导入差错表.xlsx".to_owned(),
    };
    let message = format!("差错表共 {n_rows} 行。改正标红的格子后可直接再导入。");
    host.hand_out(export, &name, bytes, message)
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    stem.trim_end_matches(" 差错表")
}

fn sheets(plan: &Plan, choices: &[KbImportChoice]) -> (Vec<Sheet>, usize) {
    let mut sheets: Vec<Sheet> = Vec::new();
    let mut n_rows = 0;
    for (at, source) in plan.sources.iter().enumerate() {
        let rows: Vec<&PlannedRow> = plan
            .rows
            .iter()
            .zip(choices)
            .filter(|(row, choice)| row.source == at && is_for_the_sheet(row, **choice))
            .map(|(row, _)| row)
            .collect();
        if rows.is_empty() {
            continue;
        }
        n_rows += rows.len();
        let called = match source.sheet.as_str() {
            "" => stem(&source.file),
            sheet => sheet,
        };
        let name = sheet_name(called, |name| sheets.iter().all(|sheet| sheet.name != name));
        sheets.push(sheet(&name, source, &rows));
    }
    (sheets, n_rows)
}

fn is_for_the_sheet(row: &PlannedRow, choice: KbImportChoice) -> bool {
    let read = row.read();
    let is_incomplete = choice == KbImportChoice::Skip && !read.missing.is_empty();
    let is_new = row.state != super::KbImportState::Same;
    !read.faults.is_empty() || (is_incomplete && is_new)
}

fn sheet(name: &str, source: &Source, rows: &[&PlannedRow]) -> Sheet {
    // A sheet that is one of ours already has its old reasons, which hold no longer.
    let kept: Vec<usize> = (0..source.names.len())
        .filter(|at| source.names.get(*at).is_none_or(|name| name != REASON))
        .collect();
    let own = |cells: &[String]| -> Vec<String> {
        let cell = |at: &usize| cells.get(*at).cloned().unwrap_or_default();
        kept.iter().map(cell).collect()
    };
    let mut sheet = Sheet::new(name, &[]);
    sheet.names = own(&source.names);
    sheet.names.push(REASON.to_owned());
    for (at, row) in rows.iter().enumerate() {
        let Some(original) = source.rows.get(row.row) else {
            continue;
        };
        let mut cells = own(&original.cells);
        cells.push(reason(source, row, original.number));
        sheet.rows.push(cells);
        let place = |column: &KbColumn| source.columns.iter().position(|it| it == column);
        for column in columns_of(row).iter().filter_map(place) {
            if let Some(place) = kept.iter().position(|kept| *kept == column) {
                sheet.marked.push((at, place));
            }
        }
    }
    sheet
}

/// The columns in which something is wrong or missing.
fn columns_of(row: &PlannedRow) -> Vec<KbColumn> {
    let read = row.read();
    let faults = read.faults.iter().filter_map(|fault| fault.column.clone());
    let missing = read.missing.iter().filter_map(KbColumn::of_field);
    faults.chain(missing).collect()
}

/// 原表 D7：有效期至“明年”不是日期，请写成 2026-11-24；缺来源.
fn reason(source: &Source, row: &PlannedRow, number: u32) -> String {
    let read = row.read();
    let cell = |column: &Option<KbColumn>| {
        let at = source
            .columns
            .iter()
            .position(|it| Some(it) == column.as_ref())?;
        (!source.is_document).then(|| format!("原表 {}：", cell_name(at, number)))
    };
    let faults = read.faults.iter().map(|fault| {
        let place = cell(&fault.column).unwrap_or_default();
        format!("{place}{}", fault.text)
    });
    let mut reasons: Vec<String> = faults.collect();
    if !read.missing.is_empty() {
        let missing: Vec<String> = read.missing.iter().map(text::kb_field).collect();
        reasons.push(format!("缺{}", missing.join("、")));
    }
    reasons.join("；")
}
