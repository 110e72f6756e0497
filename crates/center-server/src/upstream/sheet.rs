//! 差错表与结果表: what is handed back as a table. Everything is text, so what a superior wrote does
//! not become a formula.

use anyhow::{Context as _, Result};
use documents::workbook::{self, CELL_MAX_CHARS};
use wording::text;

use super::import::Faulty;
use super::mapping::Mapping;
use super::results::UpstreamResult;
use super::table::Sheet;

/// The table as it came, with what is wrong beside each row and the cells marked.
pub fn faults(sheet: &Sheet, mapping: &Mapping, faulty: &[Faulty]) -> Result<Vec<u8>> {
    let mut names: Vec<&str> = vec!["差错"];
    names.extend(sheet.names.iter().map(String::as_str));
    let mut table = workbook::Sheet::new("差错表", &names);
    for (number, cells) in &sheet.rows {
        let Some(faulty) = faulty.iter().find(|it| it.row == *number) else {
            continue;
        };
        let at = table.rows.len();
        for fault in &faulty.faults {
            let column = mapping
                .0
                .iter()
                .position(|it| it.is_some() && *it == fault.field);
            table
                .marked
                .push((at, column.map_or(0, |column| column + 1)));
        }
        let texts: Vec<String> = faulty
            .faults
            .iter()
            .map(super::fields::CellFault::text)
            .collect();
        let mut row = vec![fit(&format!("第{number}行：{}", texts.join("；")))];
        row.extend(cells.iter().map(|cell| fit(cell)));
        table.rows.push(row);
    }
    workbook::write(&[table], None).context("Writing the table of faults")
}

/// Results for a superior that takes them by file.
pub fn results(results: &[UpstreamResult]) -> Result<Vec<u8>> {
    let names = [
        "回执编号",
        "上级编号",
        "县工单编号",
        "办理结果",
        "承办单位",
        "答复内容",
        "办结时间",
        "回传状态",
    ];
    let mut table = workbook::Sheet::new("办理结果", &names);
    for result in results {
        table.rows.push(vec![
            result.id.clone(),
            fit(&result.upstream_number),
            result.order_number.clone(),
            result.outcome.text().to_owned(),
            fit(&result.units.join("、")),
            fit(&result.answer),
            result.answered_at.clone(),
            text::result_return(result.state).to_owned(),
        ]);
    }
    workbook::write(&[table], None).context("Writing the table of results")
}

fn fit(text: &str) -> String {
    text.chars().take(CELL_MAX_CHARS).collect()
}
