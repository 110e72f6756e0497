//! 来料: each sheet and each document of the files, as rows under names.

use documents::ReadError;
use documents::table::Table;
use domain::kb::KbTemplate;

use super::document;
use crate::kb_columns::{self, KbColumn};
use crate::text;

/// Rows of one import, in all files together. More are imported in several goes: each is looked
/// through by a person.
pub(crate) const ROWS_MAX: usize = 10_000;

/// What the first cell of a row begins with that is for people to read and not to import.
pub(crate) const NOTE_MARK: &str = "【说明】";
pub(crate) const EXAMPLE_MARK: &str = "【示例】";

/// A sheet or a document.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) file: String,
    /// The sheet; empty for a csv and for a document.
    pub(super) sheet: String,
    pub(super) is_document: bool,
    pub(super) names: Vec<String>,
    pub(super) columns: Vec<KbColumn>,
    /// Of the rows that name none.
    pub(super) template: KbTemplate,
    pub(super) rows: Vec<SourceRow>,
    /// Rows that only explained.
    pub(super) n_notes: usize,
    /// What was left out and why, said to the person.
    pub(super) notes: Vec<String>,
    /// How a document may be cut, and how it is: 0 whole, else by headings of that level.
    pub(super) levels: Vec<u8>,
    pub(super) level: u8,
}

#[derive(Debug, Clone)]
pub(super) struct SourceRow {
    /// The number the spreadsheet shows, or which article of the document, from 1.
    pub(super) number: u32,
    pub(super) cells: Vec<String>,
}

/// Why a file gives nothing.
#[derive(Debug, Clone)]
pub(super) struct BrokenFile {
    pub(super) file: String,
    pub(super) reason: String,
}

impl Source {
    /// 第 7 行 / 第 2 篇, with the file and the sheet where there are several.
    pub(super) fn place(&self, row: &SourceRow, names_the_file: bool) -> String {
        let what = if self.is_document { "篇" } else { "行" };
        let place = format!("第 {} {what}", row.number);
        let file = match (names_the_file, self.sheet.as_str()) {
            (false, _) => return place,
            (true, "") => self.file.clone(),
            (true, sheet) => format!("{}〔{sheet}〕", self.file),
        };
        format!("{file} {place}")
    }

    /// Whether it says what each article is called; without that nothing of it is imported.
    pub(super) fn has_titles(&self) -> bool {
        self.columns.contains(&KbColumn::Title)
    }
}

/// What a file says: its sheets, or its articles cut by headings of `level`, or as it seems best.
pub(super) fn read(file: &str, bytes: &[u8], level: Option<u8>) -> Result<Vec<Source>, BrokenFile> {
    let broken = |reason: String| BrokenFile {
        file: file.to_owned(),
        reason,
    };
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_named = file.rsplit('/').next().unwrap_or(file);
    if is_named.starts_with("~$") || is_named.starts_with('.') {
        return Err(broken("是系统或办公软件的临时文件，已略过".to_owned()));
    }
    match ending.to_lowercase().as_str() {
        "docx" => documents::word::read(bytes)
            .map(|blocks| vec![document::source(file, &blocks, level)])
            .map_err(|error| broken(text::read_error(&error))),
        "xlsx" | "xlsm" | "xls" | "ods" | "csv" | "tsv" | "txt" => Table::read(bytes)
            .map(|tables| {
                tables
                    .into_iter()
                    .map(|table| of_table(file, table))
                    .collect()
            })
            .map_err(|error: ReadError| broken(text::read_error(&error))),
        "doc" | "wps" | "rtf" | "odt" => {
            Err(broken("请用 Word 或 WPS 另存为 docx 后再导入".to_owned()))
        }
        "et" | "xlsb" => Err(broken("请用 Excel 或 WPS 另存为 xlsx 后再导入".to_owned())),
        _ => Err(broken(
            "不是可以导入的文件，可导入 xlsx、xls、ods、csv 和 docx".to_owned(),
        )),
    }
}

fn of_table(file: &str, table: Table) -> Source {
    let table = table.headed_by(kb_columns::n_known);
    let columns = kb_columns::proposed(&table.names);
    let called = format!("{file} {}", table.sheet);
    let n_rows = table.rows.len();
    let rows: Vec<SourceRow> = table
        .rows
        .into_iter()
        .filter(|row| {
            let first = row.cells.iter().find(|cell| !cell.is_empty());
            first.is_none_or(|cell| !cell.starts_with(NOTE_MARK) && !cell.starts_with(EXAMPLE_MARK))
        })
        .map(|row| SourceRow {
            number: row.number,
            cells: row.cells,
        })
        .collect();
    Source {
        file: file.to_owned(),
        sheet: table.sheet,
        is_document: false,
        template: kb_columns::template_of(&called, &columns),
        n_notes: n_rows - rows.len(),
        names: table.names,
        columns,
        rows,
        notes: Vec::new(),
        levels: Vec::new(),
        level: 0,
    }
}
