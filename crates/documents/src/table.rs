//! 表格: the first sheet of a workbook, or a csv, as rows of text.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Reader as _};

use crate::{Part, ReadError, archive, check_size};

/// More rows are refused, not cut off: what is missing would be missed by nobody.
pub const ROWS_MAX: usize = 50_000;
pub const COLUMNS_MAX: usize = 200;

/// 表格: the row of names, and the rows under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The first row that says anything, each name without the space around it.
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
    /// Reads the first sheet that says anything; `bytes` may be xlsx, xls, ods, or csv in UTF-8 or
    /// GB18030, which Excel writes in China. Numbers and dates become the text a person would type:
    /// `20`, `0.5`, `2026-11-24`, `2026-11-24 09:30:00`.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        check_size(bytes)?;
        let rows = if archive::is_zip(bytes) {
            archive::Archive::open(bytes)?;
            rows_of_workbook(bytes)?
        } else if archive::is_compound(bytes) {
            rows_of_workbook(bytes)?
        } else {
            rows_of_csv(bytes)?
        };
        Self::of_rows(rows)
    }

    fn of_rows(rows: Vec<Row>) -> Result<Self, ReadError> {
        let mut rows = rows.into_iter().filter(Row::says_anything);
        let mut names = rows.next().ok_or(ReadError::Empty)?.cells;
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        let rows = rows
            .map(|mut row| {
                row.cells.resize(names.len(), String::new());
                row
            })
            .filter(Row::says_anything)
            .collect();
        Ok(Self { names, rows })
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

fn rows_of_workbook(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    // The library panics on some broken files.
    let read = catch_unwind(AssertUnwindSafe(|| first_sheet(bytes)));
    read.unwrap_or_else(|_| Err(ReadError::broken("the workbook makes no sense")))
}

fn first_sheet(bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    let mut workbook = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))
        .map_err(|error| read_error(&error))?;
    for name in workbook.sheet_names() {
        let range = workbook
            .worksheet_range(&name)
            .map_err(|error| read_error(&error))?;
        if range.is_empty() {
            continue;
        }
        let (first_row, first_column) = range.start().unwrap_or_default();
        let width = range.width() + first_column as usize;
        check_counts(range.height(), width)?;
        return Ok((first_row + 1..)
            .zip(range.rows())
            .map(|(number, cells)| Row {
                number,
                cells: std::iter::repeat_n(String::new(), first_column as usize)
                    .chain(cells.iter().map(text_of))
                    .collect(),
            })
            .collect());
    }
    Err(ReadError::Empty)
}

fn read_error(error: &calamine::Error) -> ReadError {
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

/// Spaces at the ends and what no person sees are dropped; lines inside a cell stay.
fn clean(text: &str) -> String {
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
    let (text, is_wrong) = match std::str::from_utf8(bytes) {
        Ok(text) => (text.into(), false),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(bytes),
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
    for record in reader.records() {
        let record = record.map_err(ReadError::broken)?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(Row {
            number: u32::try_from(line).unwrap_or(u32::MAX),
            cells: record.iter().map(clean).collect(),
        });
        check_counts(rows.len(), record.len())?;
    }
    Ok(rows)
}

fn check_counts(n_rows: usize, n_columns: usize) -> Result<(), ReadError> {
    for (what, n, limit) in [
        (Part::Rows, n_rows, ROWS_MAX),
        (Part::Columns, n_columns, COLUMNS_MAX),
    ] {
        if n > limit {
            return Err(ReadError::TooMany { what, limit });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::{self, Sheet};
    use proptest::prelude::*;

    fn shown(table: &Table) -> String {
        let mut lines = vec![table.names.join("|")];
        lines.extend(
            table
                .rows
                .iter()
                .map(|row| format!("{} {}", row.number, row.cells.join("|"))),
        );
        lines.join("\n")
    }

    #[test]
    fn a_csv_of_utf8_and_of_gb18030_and_with_tabs() {
        let text = "\u{FEFF}\n标题,答案 ,空\n社保卡挂失,\"先拨打12333，\n再到窗口\",\n,,\n身份证,\u{A0}派出所\u{200B}\n";
        let expected = "标题|答案|空\n3 社保卡挂失|先拨打12333，\n再到窗口|\n6 身份证|派出所|";
        assert_eq!(shown(&Table::read(text.as_bytes()).unwrap()), expected);
        let (gb, _, is_wrong) = encoding_rs::GB18030.encode(text.trim_start_matches('\u{FEFF}'));
        assert!(!is_wrong);
        assert_eq!(shown(&Table::read(&gb).unwrap()), expected);
        let tabs = "标题\t答案\n身份证\t到派出所，带户口簿";
        assert_eq!(
            shown(&Table::read(tabs.as_bytes()).unwrap()),
            "标题|答案\n2 身份证|到派出所，带户口簿"
        );
    }

    #[test]
    fn what_was_written_is_read_back() {
        let mut sheet = Sheet::new("知识", &["标题", "答案"]);
        sheet
            .rows
            .push(vec!["=1+1".to_owned(), "第一行\n第二行".to_owned()]);
        sheet
            .rows
            .push(vec![String::new(), "0827-7300000".to_owned()]);
        let bytes = workbook::write(&[sheet]).unwrap();
        let table = Table::read(&bytes).unwrap();
        assert_eq!(
            shown(&table),
            "标题|答案\n2 =1+1|第一行\n第二行\n3 |0827-7300000"
        );
        assert_eq!(table.column(&["标准答案", "答案"]), Some(1));
        assert_eq!(table.column(&["单位"]), None);
        let first = table.rows.first().unwrap();
        assert_eq!(first.cell(Some(0)), "=1+1");
        assert_eq!(first.cell(None), "");
    }

    #[test]
    fn broken_files_are_said_to_be_broken() {
        let sheet = Sheet::new("知识", &["标题"]);
        let bytes = workbook::write(&[sheet]).unwrap();
        for (bytes, is) in [
            (&b""[..], "Empty"),
            (b"\n\n", "Empty"),
            (b"PK\x03\x04nothing", "Broken"),
            (&[0xD0, 0xCF, 0x11, 0xE0, 0, 0], "Broken"),
            (&[0xFF, 0xFE, 0x00, 0x80], "Broken"),
            (&bytes[..bytes.len() / 2], "Broken"),
        ] {
            let error = Table::read(bytes).unwrap_err();
            assert!(format!("{error:?}").starts_with(is), "{error:?}");
        }
        let many = "a\n".repeat(ROWS_MAX + 1);
        assert_eq!(
            Table::read(many.as_bytes()),
            Err(ReadError::TooMany {
                what: Part::Rows,
                limit: ROWS_MAX
            })
        );
        let wide = ",a".repeat(COLUMNS_MAX);
        assert!(matches!(
            Table::read(wide.as_bytes()),
            Err(ReadError::TooMany { .. })
        ));
        let large = vec![b'a'; crate::FILE_MAX_BYTES + 1];
        assert!(matches!(
            Table::read(&large),
            Err(ReadError::TooLarge { .. })
        ));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// One byte of a workbook changed: it is read or it is broken, and nothing panics.
        #[test]
        fn a_damaged_workbook_does_not_panic(at in 0_usize..6_000, byte in any::<u8>()) {
            let mut sheet = Sheet::new("知识", &["标题", "答案"]);
            sheet.rows.push(vec!["身份证".to_owned(), "到派出所".to_owned()]);
            let mut bytes = workbook::write(&[sheet]).unwrap();
            let at = at % bytes.len();
            bytes[at] = byte;
            drop(Table::read(&bytes));
        }
    }
}
