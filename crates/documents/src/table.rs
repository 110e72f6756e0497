//! 表格: the sheets of a workbook, or a csv, as rows of text.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Ods, Reader as _, Xls, Xlsx};

use crate::{Part, ReadError, archive, check_size, watermark};

mod hostile;
#[cfg(test)]
mod tests;

/// More rows are refused, not cut off: what is missing would be missed by nobody.
pub const ROWS_MAX: usize = 50_000;
pub const COLUMNS_MAX: usize = 200;
/// So many sheets that say anything, at most.
pub const SHEETS_MAX: usize = 50;
/// Cells that say anything, in all sheets together.
pub const CELLS_MAX: usize = 2_000_000;
/// Bytes of text in all cells together: one long text can be named by every cell of a small file.
pub const TEXT_MAX_BYTES: usize = 64 << 20;
/// The row of names is looked for among so many rows: above it often stands the title of the sheet.
const NAMES_WITHIN_ROWS: usize = 10;

/// 表格: the row of names, and the rows under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The name of the sheet; empty for a csv, which has none.
    pub sheet: String,
    /// The number of the row of names.
    pub names_number: u32,
    /// The first row that says anything, each name without the space around it, and without the watermark
    /// of an export of ours.
    pub names: Vec<String>,
    /// The rows under it that say anything.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The number the spreadsheet shows beside it, from 1.
    pub number: u32,
    /// One text for each name; an empty cell is an empty text.
    pub cells: Vec<String>,
}

impl Table {
    /// Reads every sheet that says anything; `bytes` may be xlsx, xls, ods, or csv in UTF-8, UTF-16
    /// or GB18030, which Excel writes in China. Numbers and dates become the text a person would
    /// type: `20`, `0.5`, `2026-11-24`, `2026-11-24 09:30:00`.
    pub fn read(bytes: &[u8]) -> Result<Vec<Self>, ReadError> {
        check_size(bytes)?;
        let sheets = if archive::is_zip(bytes) {
            let mut archive = archive::Archive::open(bytes)?;
            archive.measure()?;
            if archive.has("xl/workbook.xml") {
                guarded(|| sheets_of_xlsx(bytes))?
            } else {
                // What is repeated a billion times is written once.
                let content = archive.text("content.xml")?;
                let content = content.ok_or_else(|| ReadError::broken("not a workbook"))?;
                hostile::check_repeats(&content)?;
                guarded(|| {
                    let ods = Ods::new(Cursor::new(bytes)).map_err(|it| read_error(&it))?;
                    sheets_of(calamine::Sheets::Ods(ods))
                })?
            }
        } else if archive::is_encrypted_package(bytes) {
            return Err(ReadError::Encrypted);
        } else if archive::is_compound(bytes) {
            hostile::check_room(bytes)?;
            guarded(|| {
                let xls = Xls::new(Cursor::new(bytes)).map_err(|it| read_error(&it))?;
                sheets_of(calamine::Sheets::Xls(xls))
            })?
        } else {
            vec![(String::new(), rows_of_csv(bytes)?)]
        };
        let tables: Vec<Self> = sheets
            .into_iter()
            .filter_map(|(sheet, rows)| Self::of_rows(sheet, rows))
            .collect();
        if tables.is_empty() {
            return Err(ReadError::Empty);
        }
        Ok(tables)
    }

    fn of_rows(sheet: String, rows: Vec<Row>) -> Option<Self> {
        let mut rows: Vec<Row> = rows.into_iter().filter(Row::says_anything).collect();
        let last = |row: &Row| row.cells.iter().rposition(|cell| !cell.is_empty());
        let width = rows.iter().filter_map(last).max()? + 1;
        for row in &mut rows {
            row.cells.resize(width, String::new());
        }
        let mut names = rows.remove(0);
        let is_marked = names.cells.last().is_some_and(|it| watermark::is_mark(it));
        let is_beside = rows
            .iter()
            .all(|row| row.cells.last().is_none_or(String::is_empty));
        if is_marked && is_beside {
            for row in rows.iter_mut().chain([&mut names]) {
                row.cells.pop();
            }
        }
        for name in &mut names.cells {
            *name = watermark::without_hidden(name);
        }
        Some(Self {
            sheet,
            names_number: names.number,
            names: names.cells,
            rows,
        })
    }

    /// The same table with the row that has the most names at its head, by `n_names_in`. What stands
    /// above it, such as the title of the sheet, is left out.
    #[must_use]
    pub fn headed_by(mut self, n_names_in: impl Fn(&[String]) -> usize) -> Self {
        let looked_at = self.rows.iter().take(NAMES_WITHIN_ROWS).enumerate();
        let best = looked_at
            .map(|(at, row)| (n_names_in(&row.cells), at))
            // Among equals the first.
            .max_by_key(|(n, at)| (*n, usize::MAX - at));
        let n_now = n_names_in(&self.names);
        if let Some((_, at)) = best.filter(|(n, _)| *n > n_now) {
            let mut rows = self.rows.split_off(at);
            let names = rows.remove(0);
            self.names_number = names.number;
            self.names = names.cells;
            self.rows = rows;
        }
        self
    }

    /// The place of the column with one of these names.
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        self.names
            .iter()
            .position(|name| names.contains(&name.as_str()))
    }
}

impl Row {
    /// The text in a column; empty where the column is not there.
    pub fn cell(&self, column: Option<usize>) -> &str {
        column
            .and_then(|at| self.cells.get(at))
            .map(String::as_str)
            .unwrap_or_default()
    }

    fn says_anything(&self) -> bool {
        self.cells.iter().any(|cell| !cell.is_empty())
    }
}

/// The name of a cell as the spreadsheet shows it, column from 0 and row from 1: `D7`, `AA12`.
pub fn cell_name(column: usize, row: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        let letter = u8::try_from((left - 1) % 26).unwrap_or_default();
        letters.push(char::from(b'A' + letter));
        left = (left - 1) / 26;
    }
    letters.reverse();
    format!("{}{row}", letters.into_iter().collect::<String>())
}

type Sheets = Vec<(String, Vec<Row>)>;

/// The library panics on some broken files.
fn guarded(read: impl FnOnce() -> Result<Sheets, ReadError>) -> Result<Sheets, ReadError> {
    let read = catch_unwind(AssertUnwindSafe(read));
    read.unwrap_or_else(|_| Err(ReadError::broken("the workbook makes no sense")))
}

/// Cell by cell: a file of a kilobyte may name the last cell of a sheet, and a whole sheet in memory
/// would be larger than any computer.
fn sheets_of_xlsx(bytes: &[u8]) -> Result<Sheets, ReadError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|it| read_error(&it))?;
    let mut sheets = Sheets::new();
    let mut taken = Taken::default();
    for name in workbook.sheet_names() {
        let mut cells = match workbook.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            // A sheet of charts has no cells.
            Err(calamine::XlsxError::WorksheetNotFound(_)) => continue,
            Err(error) => return Err(read_error(&error)),
        };
        let mut rows: Vec<Row> = Vec::new();
        while let Some(cell) = cells.next_cell().map_err(|it| read_error(&it))? {
            let (row, column) = cell.get_position();
            let text = text_of_ref(cell.get_value());
            if text.is_empty() {
                continue;
            }
            taken.add(column as usize, &text)?;
            let number = row.saturating_add(1);
            if rows.last().is_none_or(|last| last.number != number) {
                if rows.last().is_some_and(|last| last.number > number) {
                    return Err(ReadError::broken("the rows are out of order"));
                }
                check_count(Part::Rows, rows.len() + 1, ROWS_MAX)?;
                let cells = Vec::new();
                rows.push(Row { number, cells });
            }
            if let Some(last) = rows.last_mut() {
                put(&mut last.cells, column as usize, text);
            }
        }
        sheets.push((name, rows));
        check_count(Part::Sheets, sheets.len(), SHEETS_MAX)?;
    }
    Ok(sheets)
}

fn put(cells: &mut Vec<String>, column: usize, text: String) {
    if cells.len() <= column {
        cells.resize(column + 1, String::new());
    }
    if let Some(cell) = cells.get_mut(column) {
        *cell = text;
    }
}

fn sheets_of(mut workbook: calamine::Sheets<Cursor<&[u8]>>) -> Result<Sheets, ReadError> {
    let mut sheets = Sheets::new();
    let mut taken = Taken::default();
    for name in workbook.sheet_names() {
        let range = workbook
            .worksheet_range(&name)
            .map_err(|it| read_error(&it))?;
        let Some((first_row, first_column)) = range.start() else {
            continue;
        };
        let mut rows = Vec::new();
        for (number, cells) in (first_row + 1..).zip(range.rows()) {
            let texts: Vec<String> = cells.iter().map(text_of).collect();
            if texts.iter().all(String::is_empty) {
                continue;
            }
            let mut row = vec![String::new(); first_column as usize];
            for (column, text) in (first_column as usize..).zip(texts) {
                if !text.is_empty() {
                    taken.add(column, &text)?;
                }
                row.push(text);
            }
            check_count(Part::Rows, rows.len() + 1, ROWS_MAX)?;
            rows.push(Row { number, cells: row });
        }
        sheets.push((name, rows));
        check_count(Part::Sheets, sheets.len(), SHEETS_MAX)?;
    }
    Ok(sheets)
}

/// What was taken from a file so far.
#[derive(Default)]
struct Taken {
    n_cells: usize,
    n_bytes: usize,
}

impl Taken {
    fn add(&mut self, column: usize, text: &str) -> Result<(), ReadError> {
        check_count(Part::Columns, column + 1, COLUMNS_MAX)?;
        self.n_cells += 1;
        self.n_bytes += text.len();
        check_count(Part::Cells, self.n_cells, CELLS_MAX)?;
        if self.n_bytes > TEXT_MAX_BYTES {
            return Err(ReadError::TooLarge {
                limit: TEXT_MAX_BYTES as u64,
            });
        }
        Ok(())
    }
}

fn read_error(error: &impl std::fmt::Display) -> ReadError {
    let detail = error.to_string();
    if detail.to_ascii_lowercase().contains("password") {
        return ReadError::Encrypted;
    }
    ReadError::broken(detail)
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => clean(text),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(true) => "是".to_owned(),
        Data::Bool(false) => "否".to_owned(),
        Data::DateTime(moment) => {
            let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
            let date = format!("{year:04}-{month:02}-{day:02}");
            let time = format!("{hour:02}:{minute:02}:{second:02}");
            if time == "00:00:00" {
                date
            } else if moment.as_f64() < 1.0 {
                time
            } else {
                format!("{date} {time}")
            }
        }
        Data::Error(_) | Data::Empty => String::new(),
    }
}

fn text_of_ref(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::SharedString(text) => clean(text),
        DataRef::String(text) => clean(text),
        other @ (DataRef::Int(_)
        | DataRef::Float(_)
        | DataRef::Bool(_)
        | DataRef::DateTime(_)
        | DataRef::DateTimeIso(_)
        | DataRef::DurationIso(_)
        | DataRef::Error(_)
        | DataRef::Empty) => text_of(&Data::from(other.clone())),
    }
}

/// Spaces at the ends and what no person sees are dropped; lines inside a cell stay.
pub fn clean(text: &str) -> String {
    let visible: String = text
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\u{A0}', " ")
        .chars()
        .filter(|c| !matches!(c, '\u{FEFF}' | '\u{200B}') && (*c == '\n' || !c.is_control()))
        .collect();
    visible.trim().to_owned()
}

fn rows_of_csv(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    let (text, is_wrong) = match (
        std::str::from_utf8(bytes),
        encoding_rs::Encoding::for_bom(bytes),
    ) {
        (Ok(text), _) => (text.into(), false),
        (Err(_), Some((encoding, _))) => encoding.decode_with_bom_removal(bytes),
        (Err(_), None) => encoding_rs::GB18030.decode_without_bom_handling(bytes),
    };
    if is_wrong || text.contains('\0') {
        return Err(ReadError::broken("not a table and not a text"));
    }
    let text = text.trim_start_matches('\u{FEFF}');
    let first_line = text.lines().next().unwrap_or_default();
    let count = |mark: char| first_line.chars().filter(|c| *c == mark).count();
    let delimiter = if count('\t') > count(',') {
        b'\t'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    let mut taken = Taken::default();
    for record in reader.records() {
        let record = record.map_err(ReadError::broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells: Vec<String> = record.iter().map(clean).collect();
        for (column, text) in cells
            .iter()
            .enumerate()
            .filter(|(_, text)| !text.is_empty())
        {
            taken.add(column, text)?;
        }
        check_count(Part::Rows, rows.len() + 1, ROWS_MAX)?;
        rows.push(Row {
            number: u32::try_from(line).unwrap_or(u32::MAX),
            cells,
        });
    }
    Ok(rows)
}

fn check_count(what: Part, n: usize, limit: usize) -> Result<(), ReadError> {
    if n > limit {
        return Err(ReadError::TooMany { what, limit });
    }
    Ok(())
}
