//! 台账: the orders of a list as a table, without the callers.
//!
//! As xlsx it is written row by row, page by page of the list, so half a million orders take no more
//! memory than a hundred. PDF and docx are for what is printed; they end where nobody would.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use desk_store::{OrderFilter, OrderPosition, PAGE_MAX, Reader, WorkOrderRecord};
use documents::blank::FormKind;
use documents::form::Values;
use documents::long_table::{LONG_ROWS_MAX, LongCell, LongColumn, LongTable, LongTableError};
use documents::separated;
use domain::clock_face::{date_of, time_of};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use wording::mask;

use crate::desk::Desk;
use crate::error::CallError;
use crate::export::{Cleared, Export, Extent, WantedExport};
use crate::handed::{Handed, unwritten};
use crate::host::DeskHost;
use crate::order_form::{self, FormOutput};
use crate::sight::{self, Sight};
use crate::work_order::{QueueName, searched};
use crate::{text, time_text};

/// Orders of a ledger as PDF, docx or csv.
const SHORT_MAX: usize = 5_000;
/// What was found by a search is counted no further, to say how much of it there is.
const COUNTED_MAX: usize = 5_000;
/// The longest purpose, in characters.
const PURPOSE_MAX_CHARS: usize = 40;

const COLUMNS: [(&str, u8); 10] = [
    ("序号", 8),
    ("工单编号", 18),
    ("受理时间", 18),
    ("诉求类型", 10),
    ("事项分类", 24),
    ("诉求标题", 44),
    ("事发地点", 28),
    ("承办单位", 24),
    ("期限", 18),
    ("状态", 12),
];

/// As what a ledger is handed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LedgerOutput {
    Xlsx,
    Pdf,
    Docx,
    Csv,
}

#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ExportLedger {
    pub queue: QueueName,
    pub search: String,
    pub output: LedgerOutput,
    /// 用途, which stands on every page.
    pub purpose: String,
}

/// 导出台账.
pub(crate) fn export_ledger(
    host: &DeskHost,
    export: Export<'_>,
    request: ExportLedger,
) -> Result<Handed, CallError> {
    let (desk, now) = (export.desk, export.now);
    let filter = listed(desk, &request, now)?;
    let purpose = purpose(&request.purpose)?;
    let export = export.cleared(&WantedExport::Ledger(request.clone()))?;
    let list = request.queue.text();
    let day = date_of(now).format("%Y%m%d");
    let name = format!("工单台账（{list}）{day}");
    let output = match request.output {
        LedgerOutput::Xlsx => {
            return long(host, export, filter, &format!("{name}.xlsx"), purpose);
        }
        LedgerOutput::Csv => return csv(host, export, filter, &format!("{name}.csv"), purpose),
        LedgerOutput::Pdf => FormOutput::Pdf,
        LedgerOutput::Docx => FormOutput::Docx,
    };
    let rows = short(desk, filter)?;
    let mut values = Values::default();
    values.set("清单", list);
    values.set("件数", rows.len().to_string());
    values.set("统计时点", time_text::dated(now));
    for row in &rows {
        let fields: Vec<(&str, String)> = COLUMNS
            .iter()
            .zip(row)
            .map(|((field, _), cell)| (*field, cell.clone()))
            .collect();
        values.push("工单", &fields);
    }
    order_form::hand_out(
        host,
        export,
        FormKind::Ledger,
        &values,
        purpose,
        output,
        &name,
    )
}

/// What of the orders is wanted, if it may be.
fn listed(
    desk: &Desk,
    request: &ExportLedger,
    now: DateTime<Utc>,
) -> Result<OrderFilter, CallError> {
    purpose(&request.purpose)?;
    if !request.search.trim().is_empty() && !sight::searches_people(&desk.operator) {
        return Err(CallError::invalid(
            "您的岗位只能按清单导出，请清空查找内容。",
        ));
    }
    Ok(OrderFilter {
        queue: request.queue.queue(now),
        search: Some(searched(request.search.clone())?),
        after: None,
        limit: PAGE_MAX,
    })
}

/// How much a ledger takes out of the house: callers are not in it.
pub(crate) fn extent(
    desk: &Desk,
    request: &ExportLedger,
    now: DateTime<Utc>,
) -> Result<Extent, CallError> {
    let filter = listed(desk, request, now)?;
    let is_whole = request.search.trim().is_empty();
    let n_rows = desk.store.read(|reader| {
        if is_whole {
            return Ok(usize::try_from(reader.count(filter.queue)?).unwrap_or(usize::MAX));
        }
        let mut n_rows = 0;
        each_page(reader, filter, |records| {
            n_rows += records.len();
            Ok(n_rows <= COUNTED_MAX)
        })?;
        Ok(n_rows)
    })?;
    let list = request.queue.text();
    let among = if is_whole { "" } else { "中查找所得" };
    let more = if n_rows > COUNTED_MAX && !is_whole {
        "以上"
    } else {
        ""
    };
    Ok(Extent {
        n_rows,
        names_caller: false,
        text: format!("台账“{list}”{among} {n_rows} 件{more}"),
        purpose: purpose(&request.purpose)?.to_owned(),
    })
}

/// 用途, which must be said.
pub(crate) fn purpose(text: &str) -> Result<&str, CallError> {
    let purpose = text.trim();
    if purpose.is_empty() {
        return Err(CallError::invalid("请写明用途，台账的每一页都会印上。"));
    }
    if purpose.chars().count() > PURPOSE_MAX_CHARS {
        return Err(CallError::invalid(format!(
            "用途最多 {PURPOSE_MAX_CHARS} 字。"
        )));
    }
    Ok(purpose)
}

/// What is done with a page of orders; whether to go on.
type TakePage<'a> = dyn FnMut(&[WorkOrderRecord]) -> anyhow::Result<bool> + 'a;

/// Calls `take` with the pages of the list as long as it says to go on.
fn each_page(
    reader: &Reader,
    mut filter: OrderFilter,
    mut take: impl FnMut(&[WorkOrderRecord]) -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    loop {
        let (records, next) = reader.list_work_orders(&filter)?;
        if !take(&records)? || next.is_none() {
            return Ok(());
        }
        filter.after = next;
    }
}

/// The cells of an order, in the order of [`COLUMNS`]. Numbers of persons in titles are masked.
fn cells(desk: &Desk, place: usize, record: &WorkOrderRecord) -> [String; 10] {
    let category = desk.reference.category_text(&record.category_id);
    let due = record.limits.first().map(|limit| limit.due_at);
    let sight = Sight::of(&desk.operator, record.kind, record.is_confidential);
    [
        place.to_string(),
        record.number.clone(),
        short_time(record.registered_at),
        text::kind(record.kind).to_owned(),
        category.to_owned(),
        mask::masked_in_text(&sight.title(record)),
        mask::masked_in_text(&record.place_text),
        record.unit_name.clone(),
        due.map(time_text::deadline).unwrap_or_default(),
        text::stage(record.stage).to_owned(),
    ]
}

/// 2026-11-24 09:15: what a table sorts by.
fn short_time(at: DateTime<Utc>) -> String {
    date_of(at)
        .and_time(time_of(at))
        .format("%Y-%m-%d %H:%M")
        .to_string()
}

fn none_there() -> CallError {
    CallError::invalid("这个清单里没有工单。")
}

fn long(
    host: &DeskHost,
    export: Cleared<'_>,
    filter: OrderFilter,
    name: &str,
    purpose: &str,
) -> Result<Handed, CallError> {
    // Before it is recorded as done.
    let any = OrderFilter {
        limit: 1,
        ..filter.clone()
    };
    let (first, _) = export
        .desk
        .store
        .read(|reader| Ok(reader.list_work_orders(&any)?))?;
    if first.is_empty() {
        return Err(none_there());
    }
    written_long(host, export, name, purpose, |reader, take| {
        each_page(reader, filter, take)
    })
}

/// The orders at some places as a workbook.
pub(crate) fn long_of(
    host: &DeskHost,
    export: Cleared<'_>,
    places: &[OrderPosition],
    name: &str,
    purpose: &str,
) -> Result<Handed, CallError> {
    if places.is_empty() {
        return Err(none_there());
    }
    written_long(host, export, name, purpose, |reader, take| {
        each_place(reader, places, take)
    })
}

/// The orders at some places as a csv file.
pub(crate) fn csv_of(
    host: &DeskHost,
    export: Cleared<'_>,
    places: &[OrderPosition],
    name: &str,
    purpose: &str,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let mut rows = Vec::new();
    desk.store.read(|reader| {
        each_place(reader, places, |records| {
            for record in records {
                rows.push(cells(desk, rows.len() + 1, record));
            }
            Ok(true)
        })
    })?;
    if rows.is_empty() {
        return Err(none_there());
    }
    written_csv(host, export, &rows, name, purpose)
}

/// As [`each_page`], of the orders at some places, one by one; what is not there any more is left out.
fn each_place(
    reader: &Reader,
    places: &[OrderPosition],
    mut take: impl FnMut(&[WorkOrderRecord]) -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    for place in places {
        if let Some(record) = reader.work_order_at(*place)?
            && !take(std::slice::from_ref(&record))?
        {
            return Ok(());
        }
    }
    Ok(())
}

fn written_long(
    host: &DeskHost,
    export: Cleared<'_>,
    name: &str,
    purpose: &str,
    each: impl FnOnce(&Reader, &mut TakePage<'_>) -> anyhow::Result<()>,
) -> Result<Handed, CallError> {
    let desk = export.desk;
    let columns = COLUMNS.map(|(name, width)| LongColumn {
        name: name.to_owned(),
        width,
    });
    let mark = export.watermark(purpose);
    host.hand_out_written(export, name, |out| {
        let mut table = LongTable::begin(out, "工单台账", &columns, &mark).map_err(failed)?;
        let mut n_orders = 0;
        let written = desk.store.read(|reader| {
            each(reader, &mut |records| {
                for record in records {
                    n_orders += 1;
                    let cells = cells(desk, n_orders, record);
                    let [_, rest @ ..] = &cells;
                    #[expect(clippy::cast_precision_loss, reason = "at most a million")]
                    let mut row = vec![LongCell::Number(n_orders as f64)];
                    row.extend(rest.iter().map(|cell| LongCell::Text(cell)));
                    table.row(&row)?;
                }
                Ok(true)
            })
        });
        written.map_err(|error| match error.downcast::<LongTableError>() {
            Ok(error) => failed(error),
            Err(other) => CallError::Fault(other),
        })?;
        if n_orders == 0 {
            return Err(none_there());
        }
        table.finish().map_err(failed)?;
        Ok(format!("已导出 {n_orders} 件。"))
    })
}

fn failed(error: LongTableError) -> CallError {
    match error {
        LongTableError::TooMany { .. } => CallError::invalid(format!(
            "超过 {} 件，一张表放不下，请按清单分别导出。",
            LONG_ROWS_MAX - 1
        )),
        LongTableError::CellTooLong { row, .. } => {
            CallError::invalid(format!("第 {row} 行的内容太长，放不进表格的一格。"))
        }
        LongTableError::Unwritten(error) => unwritten(error),
        LongTableError::Unpacked(_) => CallError::Fault(error.into()),
    }
}

/// The rows of a list that is short enough to be read on paper.
fn short(desk: &Desk, filter: OrderFilter) -> Result<Vec<[String; 10]>, CallError> {
    let mut rows = Vec::new();
    desk.store.read(|reader| {
        each_page(reader, filter, |records| {
            for record in records {
                rows.push(cells(desk, rows.len() + 1, record));
            }
            Ok(rows.len() <= SHORT_MAX)
        })
    })?;
    if rows.len() > SHORT_MAX {
        return Err(CallError::invalid(format!(
            "超过 {SHORT_MAX} 件，请导出为 Excel，或缩小范围。"
        )));
    }
    if rows.is_empty() {
        return Err(none_there());
    }
    Ok(rows)
}

fn csv(
    host: &DeskHost,
    export: Cleared<'_>,
    filter: OrderFilter,
    name: &str,
    purpose: &str,
) -> Result<Handed, CallError> {
    let rows = short(export.desk, filter)?;
    written_csv(host, export, &rows, name, purpose)
}

fn written_csv(
    host: &DeskHost,
    export: Cleared<'_>,
    rows: &[[String; 10]],
    name: &str,
    purpose: &str,
) -> Result<Handed, CallError> {
    let names = COLUMNS.map(|(name, _)| name.to_owned());
    let all = std::iter::once(&names).chain(rows);
    // A text with a NUL in it makes of the whole file none that anybody reads.
    let is_text = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let all: Vec<Vec<String>> = all
        .map(|row| {
            let cells = row.iter();
            cells
                .map(|cell| cell.chars().filter(is_text).collect())
                .collect()
        })
        .collect();
    let mark = export.watermark(purpose);
    let bytes = separated::write(all.iter().map(|row| row.iter().map(String::as_str)), &mark);
    let bytes = bytes.context("Writing the table")?;
    host.hand_out(export, name, bytes, format!("已导出 {} 件。", rows.len()))
}
