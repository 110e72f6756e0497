//! 长表: xlsx of as many rows as a sheet may have, written as the rows come.
//!
//! [`crate::workbook`] keeps a workbook in memory to find out how wide its columns should be. Here a
//! row is compressed and gone once it is written, so half a million take no more room than ten, and
//! no text of a citizen lies in a temporary file meanwhile. Cells are text where they are handed in as
//! text: no sign at their beginning makes them a formula.

use std::io::{self, Write};

use quick_xml::escape::escape;
use thiserror::Error;
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter};

use crate::watermark::Watermark;
use crate::workbook::{CELL_MAX_CHARS, SERIAL_NAME, SERIAL_PROPERTY};

/// What a sheet may have, the row of names included.
pub const LONG_ROWS_MAX: usize = 1_048_576;
/// What a sheet may be called, in UTF-16 units.
const SHEET_NAME_MAX: usize = 31;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties" Target="docProps/custom.xml"/></Relationships>"#;
const WORKBOOK_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 0 is a number, 1 text (format 49, so that it stays text when somebody edits it), 2 a name, 3 the
/// watermark.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="3"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="11"/><name val="宋体"/></font><font><i/><sz val="9"/><color rgb="FF575E66"/><name val="宋体"/></font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFF1F2F4"/></patternFill></fill></fills><borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/></border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyBorder="1"/><xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf><xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs></styleSheet>"#;
const NAMESPACE: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
/// How wide the column is whose name is the watermark.
const MARK_WIDTH: u8 = 44;
const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;

/// A column: its name, and how wide it is in characters of a digit's width.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongColumn {
    pub name: String,
    pub width: u8,
}

/// 单元格.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LongCell<'a> {
    /// Text, whatever it looks like.
    Text(&'a str),
    /// A number that can be added up; none where it is not finite.
    Number(f64),
}

/// Why a table cannot be written.
#[derive(Debug, Error)]
pub enum LongTableError {
    /// 行数过多.
    #[error("a sheet has no more than {limit} rows")]
    TooMany { limit: usize },
    /// 一格的字数过多.
    #[error("row {row}, column {column} has more than {limit} characters")]
    CellTooLong {
        row: usize,
        column: usize,
        limit: usize,
    },
    #[error("the table cannot be written")]
    Unwritten(#[from] io::Error),
    #[error("the table cannot be packed")]
    Unpacked(#[from] ZipError),
}

/// A table under way.
pub struct LongTable<W: Write> {
    zip: ZipWriter<StreamWriter<W>>,
    n_columns: usize,
    n_rows: usize,
    /// The row under way, as XML.
    row: String,
    foot: String,
}

impl<W: Write> LongTable<W> {
    /// Begins a workbook of one sheet. `mark` says whose it is: beside the names, which stay in sight,
    /// under each printed page, and where nobody looks.
    pub fn begin(
        out: W,
        sheet: &str,
        columns: &[LongColumn],
        mark: &Watermark,
    ) -> Result<Self, LongTableError> {
        let mut zip = ZipWriter::new_stream(out);
        let sheet = crate::workbook::sheet_name(sheet, |name| {
            name.encode_utf16().count() <= SHEET_NAME_MAX
        });
        let mut serial = String::new();
        push_text(&mut serial, &mark.serial_text());
        let workbook = format!(
            r#"{DECLARATION}<workbook xmlns="{NAMESPACE}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets><definedNames><definedName name="{SERIAL_NAME}">"{serial}"</definedName></definedNames></workbook>"#,
            escape(sheet.as_str())
        );
        let properties = format!(
            r#"{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"><property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{SERIAL_PROPERTY}"><vt:lpwstr>{serial}</vt:lpwstr></property></Properties>"#
        );
        for (name, text) in [
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", RELATIONS),
            ("xl/workbook.xml", workbook.as_str()),
            ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS),
            ("xl/styles.xml", STYLES),
            ("docProps/custom.xml", properties.as_str()),
        ] {
            zip.start_file(name, SimpleFileOptions::default())?;
            zip.write_all(text.as_bytes())?;
        }
        zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())?;
        let mut widths = String::new();
        for (n, column) in (1_usize..).zip(columns) {
            let width = column.width;
            widths.push_str(&format!(
                r#"<col min="{n}" max="{n}" width="{width}" customWidth="1"/>"#
            ));
        }
        let n = columns.len() + 1;
        widths.push_str(&format!(
            r#"<col min="{n}" max="{n}" width="{MARK_WIDTH}" customWidth="1"/>"#
        ));
        write!(
            zip,
            r#"{DECLARATION}<worksheet xmlns="{NAMESPACE}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>{widths}</cols><sheetData>"#
        )?;
        let mut table = Self {
            zip,
            n_columns: columns.len(),
            n_rows: 0,
            row: String::new(),
            foot: mark.text(),
        };
        let hidden = mark.hidden();
        let names = columns.iter();
        let names: Vec<String> = names.map(|it| format!("{}{hidden}", it.name)).collect();
        let names = names.iter().map(|it| (LongCell::Text(it), 2));
        let seen = mark.text();
        table.write_row(names.chain([(LongCell::Text(&seen), 3)]))?;
        Ok(table)
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[LongCell<'_>]) -> Result<(), LongTableError> {
        self.write_row(cells.iter().map(|cell| (*cell, 1)))
    }

    /// How many rows there are, the row of names not counted.
    pub fn n_rows(&self) -> usize {
        self.n_rows.saturating_sub(1)
    }

    /// Each cell with the style of its text.
    fn write_row<'c>(
        &mut self,
        cells: impl Iterator<Item = (LongCell<'c>, u8)>,
    ) -> Result<(), LongTableError> {
        if self.n_rows >= LONG_ROWS_MAX {
            return Err(LongTableError::TooMany {
                limit: LONG_ROWS_MAX,
            });
        }
        let mut row = std::mem::take(&mut self.row);
        row.clear();
        row.push_str("<row>");
        for (at, (cell, style)) in cells.enumerate() {
            match cell {
                LongCell::Text(text) => {
                    if text.encode_utf16().count() > CELL_MAX_CHARS {
                        return Err(LongTableError::CellTooLong {
                            row: self.n_rows + 1,
                            column: at + 1,
                            limit: CELL_MAX_CHARS,
                        });
                    }
                    row.push_str(&format!(
                        r#"<c s="{style}" t="inlineStr"><is><t xml:space="preserve">"#
                    ));
                    push_text(&mut row, text);
                    row.push_str("</t></is></c>");
                }
                LongCell::Number(number) if number.is_finite() => {
                    row.push_str(&format!("<c><v>{number}</v></c>"));
                }
                LongCell::Number(_) => row.push_str("<c/>"),
            }
        }
        row.push_str("</row>");
        self.zip.write_all(row.as_bytes())?;
        self.row = row;
        self.n_rows += 1;
        Ok(())
    }

    /// Ends the table and gives back where it was written to.
    pub fn finish(mut self) -> Result<W, LongTableError> {
        let filter = match self.n_columns {
            0 => String::new(),
            n => format!(
                r#"<autoFilter ref="A1:{}{}"/>"#,
                column_name(n),
                self.n_rows
            ),
        };
        let mut foot = String::new();
        push_text(&mut foot, &self.foot.replace('&', "&&"));
        write!(
            self.zip,
            r#"</sheetData>{filter}<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.7" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/><headerFooter><oddFooter>&amp;L{foot}&amp;R第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"#
        )?;
        Ok(self.zip.finish()?.into_inner())
    }
}

/// Text in XML, and so that Excel does not read `_x0041_` in it as a character.
fn push_text(row: &mut String, text: &str) {
    let clean: String = text
        .chars()
        .filter(|c| {
            matches!(c, '\n' | '\t') || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        })
        .collect();
    let mut rest = clean.as_str();
    while let Some((before, after)) = rest.split_once("_x") {
        row.push_str(&escape(before));
        let mut code = after.chars();
        let is_code = code
            .by_ref()
            .take(4)
            .filter(char::is_ascii_hexdigit)
            .count()
            == 4
            && code.next() == Some('_');
        row.push_str(if is_code { "_x005F_x" } else { "_x" });
        rest = after;
    }
    row.push_str(&escape(rest));
}

/// A, B, …, Z, AA: the name of a column from 1.
fn column_name(mut n: usize) -> String {
    let mut name = Vec::new();
    while n > 0 {
        let letter = u8::try_from((n - 1) % 26).unwrap_or_default();
        name.push(char::from(b'A' + letter));
        n = (n - 1) / 26;
    }
    name.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    fn columns(names: &[&str]) -> Vec<LongColumn> {
        let column = |name: &&str| LongColumn {
            name: (*name).to_owned(),
            width: 20,
        };
        names.iter().map(column).collect()
    }

    fn mark() -> Watermark {
        Watermark {
            person: "张三&李四".to_owned(),
            at_text: String::new(),
            purpose: String::new(),
            serial: "W01-K7Q4M-X9P2T".to_owned(),
        }
    }

    #[test]
    fn what_was_written_is_read_back_and_nothing_is_a_formula() {
        let hostile = [
            "=1+1",
            "+8613800000000",
            "@SUM(A1)",
            "-2",
            "0018",
            "<c>&\"",
            "_x0041_与_x41_",
            "一\n二\u{0}\u{FFFF}",
            "",
        ];
        let names = ["甲"; 9];
        let numbers = [
            LongCell::Number(12.5),
            LongCell::Number(f64::NAN),
            LongCell::Text("终"),
        ];
        let table = LongTable::begin(Vec::new(), "台账/2026", &columns(&names), &mark());
        let mut table = table.unwrap();
        table.row(&hostile.map(LongCell::Text)).unwrap();
        table.row(&numbers).unwrap();
        assert_eq!(table.n_rows(), 2);
        let bytes = table.finish().unwrap();
        let read = Table::read(&bytes).unwrap();
        let [sheet] = read.as_slice() else {
            panic!("one sheet");
        };
        assert_eq!(sheet.sheet, "台账2026");
        assert_eq!(sheet.names, names);
        let mut expected = hostile.map(str::to_owned);
        "一\n二".clone_into(&mut expected[7]);
        assert_eq!(sheet.rows[0].cells, expected);
        assert_eq!(sheet.rows[1].cells[..3], ["12.5", "", "终"]);
    }

    #[test]
    fn a_cell_that_excel_does_not_take_is_told_by_its_place() {
        let mut table =
            LongTable::begin(Vec::new(), "表", &columns(&["甲", "乙"]), &mark()).unwrap();
        let long = "水".repeat(CELL_MAX_CHARS + 1);
        let refused = table.row(&[LongCell::Text("一"), LongCell::Text(&long)]);
        assert!(matches!(
            refused,
            Err(LongTableError::CellTooLong {
                row: 2,
                column: 2,
                ..
            })
        ));
    }

    #[test]
    fn names_of_columns() {
        for (n, name) in [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (703, "AAA")] {
            assert_eq!(column_name(n), name);
        }
    }
}
