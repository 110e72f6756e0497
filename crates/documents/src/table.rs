//! 表格: the sheets of a workbook, or a csv, as rows of text.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Ods, Reader as _, Xls, Xlsx};

use crate::{Part, ReadError, archive, check_size};

mod hostile;

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
        let names = rows.remove(0);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::{self, Sheet};
    use proptest::prelude::*;

    /// The one table of a file.
    fn read(bytes: &[u8]) -> Table {
        let [table] = <[Table; 1]>::try_from(Table::read(bytes).unwrap()).unwrap();
        table
    }

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
        assert_eq!(shown(&read(text.as_bytes())), expected);
        let (gb, _, is_wrong) = encoding_rs::GB18030.encode(text.trim_start_matches('\u{FEFF}'));
        assert!(!is_wrong);
        assert_eq!(shown(&read(&gb)), expected);
        let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes);
        assert_eq!(shown(&read(&utf16.collect::<Vec<_>>())), expected);
        let tabs = "标题\t答案\n身份证\t到派出所，带户口簿";
        assert_eq!(
            shown(&read(tabs.as_bytes())),
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
        let table = read(&bytes);
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
            (&[0xFF, 0x00, 0xFF, 0x80], "Broken"),
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

    /// A workbook with that sheet and those shared strings.
    fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
        let empty = workbook::write(&[Sheet::new("知识", &["标题"])]).unwrap();
        let mut from = zip::ZipArchive::new(Cursor::new(&empty)).unwrap();
        let mut to = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for at in 0..from.len() {
            let mut file = from.by_index(at).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut file, &mut text).unwrap();
            let name = file.name().unwrap().into_owned();
            if name == "xl/worksheets/sheet1.xml" {
                text = format!(
                    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>"#
                );
            } else if name == "xl/sharedStrings.xml" {
                text = format!(
                    r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>"#
                );
            }
            to.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            std::io::Write::write_all(&mut to, text.as_bytes()).unwrap();
        }
        to.finish().unwrap().into_inner()
    }

    fn ods(rows: &str) -> Vec<u8> {
        let content = format!(
            r#"<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="表">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
        );
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", content.as_str()),
            (
                "META-INF/manifest.xml",
                r#"<manifest:manifest xmlns:manifest="m"/>"#,
            ),
        ] {
            zip.start_file(name, zip::write::SimpleFileOptions::default())
                .unwrap();
            std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_small_file_does_not_swell() {
        let far = r#"<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="1048576"><c r="XFD1048576" t="s"><v>0</v></c></row>"#;
        let shared = "<si><t>水</t></si>";
        let error = Table::read(&xlsx(far, shared)).unwrap_err();
        assert_eq!(
            error,
            ReadError::TooMany {
                what: Part::Columns,
                limit: COLUMNS_MAX
            }
        );
        // A long text that every cell names.
        let long = format!("<si><t>{}</t></si>", "水".repeat(1 << 20));
        let cells = (1..=60)
            .map(|row| format!(r#"<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>"#))
            .collect::<Vec<_>>()
            .concat();
        assert!(matches!(
            Table::read(&xlsx(&cells, &long)),
            Err(ReadError::TooLarge { .. })
        ));
        let text = |repeats: &str| {
            format!(
                r#"<table:table-cell {repeats} office:value-type="string"><text:p>水</text:p></table:table-cell>"#
            )
        };
        let repeated = format!(
            r#"<table:table-row table:number-rows-repeated="1000000">{}</table:table-row>"#,
            text(r#"table:number-columns-repeated="16000""#)
        );
        assert!(matches!(
            Table::read(&ods(&repeated)),
            Err(ReadError::TooMany { .. })
        ));
        // What offices write behind the last cell costs nothing.
        let usual = format!(
            r#"<table:table-row>{}<table:table-cell table:number-columns-repeated="16383"/></table:table-row><table:table-row table:number-rows-repeated="1048575"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
            text("")
        );
        assert_eq!(shown(&read(&ods(&usual))), "水");
    }

    #[test]
    fn the_names_may_stand_under_a_title() {
        let text = "渠县12345知识采集表\n填报单位：县人社局\n标题,答案\n身份证,到派出所\n";
        let is_name = |cell: &&String| ["标题", "答案"].contains(&cell.as_str());
        let table = read(text.as_bytes()).headed_by(|cells| cells.iter().filter(is_name).count());
        assert_eq!(shown(&table), "标题|答案\n4 身份证|到派出所");
        assert_eq!(table.names_number, 3);
    }

    #[test]
    fn cells_have_the_names_the_spreadsheet_shows() {
        for (column, name) in [
            (0, "A7"),
            (25, "Z7"),
            (26, "AA7"),
            (701, "ZZ7"),
            (702, "AAA7"),
        ] {
            assert_eq!(cell_name(column, 7), name);
        }
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
