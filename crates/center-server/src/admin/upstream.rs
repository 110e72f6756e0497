//! 上级文件: orders and ratings in by file, results out.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use center::Records as _;
use domain::matter::Source;
use domain::work_order::ResultReturn;
use serde::{Deserialize, Serialize};

use super::{AdminRefusal, Lines};
use crate::office::Office;
use crate::upstream::fields::{CellFault, Field};
use crate::upstream::import::{self, Became, Faulty, Wish};
use crate::upstream::mapping::{self, Mapping};
use crate::upstream::table::Sheet;
use crate::upstream::{rating, results, sheet};

/// Rows of a preview that are printed.
const SHOWN_MAX: usize = 20;

/// What a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpstreamFile {
    Orders,
    Ratings,
}

impl UpstreamFile {
    /// The fields that its columns may be.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Orders => Field::OF_ORDER,
            Self::Ratings => Field::OF_RATING,
        }
    }
}

/// 导入.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpstreamImport {
    pub file: UpstreamFile,
    pub source: Source,
    pub sheet: Sheet,
    /// Under which name the mapping is kept and found; none for the columns' own.
    pub mapping: Option<String>,
    /// 列名=字段, over what is proposed.
    pub columns: Vec<String>,
    pub is_preview: bool,
    /// Where the table of faults is written.
    pub faults_to: PathBuf,
}

pub(super) async fn import(office: &Office, asked: UpstreamImport) -> Lines {
    let now = office.clock.now();
    let faults_to = asked.faults_to.clone();
    let job = office.writer.alone(move |desk| {
        let UpstreamImport {
            file,
            source,
            sheet,
            mapping: name,
            columns,
            is_preview,
            ..
        } = asked;
        let among = file.fields();
        let name = name.unwrap_or_else(|| mapping::name_of(&sheet.names));
        let kept = Mapping::remembered(&*desk.records, source, &name, &sheet.names, among)?;
        let is_remembered = kept.is_some();
        let proposed = kept.unwrap_or_else(|| Mapping::proposed(&sheet.names, among));
        let mapping = match proposed.with(&sheet.names, &columns, among) {
            Ok(mapping) => mapping,
            Err(error) => return Ok(Err(AdminRefusal::BadMapping(error.to_string()))),
        };
        let wish = if is_preview {
            Wish::Preview
        } else {
            Wish::Import
        };
        let rows = sheet.rows_by(&mapping);
        let imported = match file {
            UpstreamFile::Orders => import::import(desk, source, rows, now, wish)?,
            UpstreamFile::Ratings => rating::import(desk, source, rows, now, wish)?,
        };
        if imported.is_ok() && !is_preview {
            let row = mapping.row(source, &name, &sheet.names)?;
            let written = desk.records.write(&[row])?;
            anyhow::ensure!(written == center::Written::Done, "Whatever stood there");
        }
        Ok(Ok((sheet, mapping, is_remembered, is_preview, imported)))
    });
    let job = job.map_err(anyhow::Error::from)?;
    let done = job.done().await.map_err(anyhow::Error::from)??;
    let (sheet, mapping, is_remembered, is_preview, imported) = done;
    let mut lines = mapping_lines(&sheet, &mapping, is_remembered);
    match imported {
        Ok(became) => {
            let n_known = became
                .iter()
                .filter(|(_, became)| matches!(became, Became::Known { .. }))
                .count();
            let n_new = became.len() - n_known;
            lines.extend(became.iter().take(SHOWN_MAX).map(|(row, became)| {
                let of =
                    |number: &str| if number.is_empty() { "新" } else { "" }.to_owned() + number;
                let (what, number) = match became {
                    Became::Registered { number } => ("登记", of(number)),
                    Became::Known { number } => ("已有", number.clone()),
                };
                let upstream = row.cells.get(&Field::Number).map_or("", String::as_str);
                format!("第{}行\t{upstream}\t{what}\t{number}", row.number)
            }));
            let done = if is_preview {
                "预览：没有写入任何内容"
            } else {
                "已写入"
            };
            lines.push(format!("{done}。新的 {n_new} 件，已有的 {n_known} 件"));
            Ok(lines)
        }
        Err(faulty) => Err(refused(&sheet, &mapping, &faulty, &faults_to)?.into()),
    }
}

fn mapping_lines(sheet: &Sheet, mapping: &Mapping, is_remembered: bool) -> Vec<String> {
    let columns = sheet.names.iter().zip(&mapping.0);
    let columns: Vec<String> = columns
        .map(|(name, field)| format!("{name}→{}", field.map_or("不用", Field::name)))
        .collect();
    let how = if is_remembered {
        "列对应（沿用上次）"
    } else {
        "列对应（按列名）"
    };
    vec![format!("{how}：{}", columns.join("，"))]
}

/// All that is wrong, as a table that can be put right and handed in again.
fn refused(
    sheet: &Sheet,
    mapping: &Mapping,
    faulty: &[Faulty],
    faults_to: &Path,
) -> anyhow::Result<AdminRefusal> {
    let table = sheet::faults(sheet, mapping, faulty)?;
    if faults_to.exists() {
        let file = faults_to.display().to_string();
        return Ok(AdminRefusal::FileThere { file });
    }
    std::fs::write(faults_to, table)
        .with_context(|| format!("写入差错表 {}", faults_to.display()))?;
    let first = faulty.first().map_or_else(String::new, |it| {
        let texts: Vec<String> = it.faults.iter().map(CellFault::text).collect();
        format!("第{}行{}", it.row, texts.join("；"))
    });
    Ok(AdminRefusal::UpstreamFaults {
        n_rows: faulty.len(),
        first,
        file: faults_to.display().to_string(),
    })
}

/// 导出结果 that wait, and have been sent by that.
pub(super) async fn export_results(
    office: &Office,
    source: Source,
    to: PathBuf,
    is_all: bool,
) -> Lines {
    if to.exists() {
        let file = to.display().to_string();
        return Err(AdminRefusal::FileThere { file }.into());
    }
    let state = (!is_all).then_some(ResultReturn::Pending);
    let read = office
        .readers
        .read(move |it| results::list(&*it.records, source, state));
    let found = read.await?;
    if found.is_empty() {
        return Ok(vec!["没有待回传的结果".to_owned()]);
    }
    let is_json = to.extension().is_some_and(|it| it == "json");
    let bytes = if is_json {
        serde_json::to_vec_pretty(&found).map_err(anyhow::Error::from)?
    } else {
        sheet::results(&found)?
    };
    std::fs::write(&to, bytes).with_context(|| format!("写入 {}", to.display()))?;
    let pending = found.iter().filter(|it| it.state == ResultReturn::Pending);
    let ids: Vec<String> = pending.map(|it| it.id.clone()).collect();
    mark(office, source, ids, ResultReturn::Sent).await?;
    Ok(vec![format!(
        "已导出 {} 件办理结果到 {}",
        found.len(),
        to.display()
    )])
}

/// 登记上级已接收.
pub(super) async fn acknowledge(office: &Office, source: Source, ids: Vec<String>) -> Lines {
    let n = mark(office, source, ids, ResultReturn::Received).await?;
    Ok(vec![format!("已登记上级接收 {n} 件")])
}

async fn mark(
    office: &Office,
    source: Source,
    ids: Vec<String>,
    state: ResultReturn,
) -> anyhow::Result<usize> {
    let marking = office
        .writer
        .alone(move |desk| results::mark(&mut *desk.records, source, &ids, state))?;
    Ok(marking.done().await?)
}
