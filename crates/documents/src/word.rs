//! Word 文档: what a docx says, as headings, paragraphs and tables.
//!
//! Only what a reader sees: no deleted text of tracked changes, no field codes, no second copy of a
//! text box for older programs.

use std::collections::HashMap;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::archive::{self, Archive};
use crate::{Part, ReadError, check_size, watermark};

mod chart;
mod form;
mod template;
mod write;

pub use self::form::write_form;
pub use self::template::{TemplateError, fill_template};
pub use self::write::write;

/// More is refused.
pub const BLOCKS_MAX: usize = 20_000;

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// 标题 of a level from 1.
    Heading { level: u8, text: String },
    /// 段落 that says anything.
    Paragraph { text: String },
    /// 列项: a paragraph that Word numbers or marks with a dot.
    Item { text: String },
    /// 表格, row by row; the paragraphs of a cell are lines.
    Table { rows: Vec<Vec<String>> },
}

/// Reads a docx from its beginning to its end.
pub fn read(bytes: &[u8]) -> Result<Vec<Block>, ReadError> {
    check_size(bytes)?;
    if archive::is_compound(bytes) {
        // What is encrypted and what Word before 2007 wrote look alike from outside.
        return Err(ReadError::Encrypted);
    }
    if !archive::is_zip(bytes) {
        return Err(ReadError::broken("not a docx"));
    }
    let mut archive = Archive::open(bytes)?;
    let styles = match archive.text("word/styles.xml")? {
        Some(xml) => heading_levels(&xml)?,
        None => HashMap::new(),
    };
    let xml = archive.text("word/document.xml")?;
    let xml = xml.ok_or_else(|| ReadError::broken("no document inside"))?;
    let mut reading = Reading::new(&styles);
    read_events(&xml, |event| reading.take(event))?;
    let blocks = reading.blocks;
    if blocks.is_empty() {
        return Err(ReadError::Empty);
    }
    Ok(blocks)
}

/// The heading level of each style that has one, by the style's id.
fn heading_levels(xml: &str) -> Result<HashMap<String, u8>, ReadError> {
    let mut levels = HashMap::new();
    let mut style = String::new();
    read_events(xml, |event| {
        match event {
            Step::Begin { name: "style", tag } => {
                style = attribute(tag, "w:styleId")?.unwrap_or_default();
            }
            Step::Begin { name: "name", tag } => {
                let name = attribute(tag, "w:val")?.unwrap_or_default().to_lowercase();
                let level = name
                    .strip_prefix("heading ")
                    .or_else(|| name.strip_prefix("标题 "))
                    .and_then(|level| level.parse().ok());
                if let Some(level) = level {
                    levels.insert(style.clone(), level);
                }
            }
            Step::Begin {
                name: "outlineLvl",
                tag,
            } => {
                if let Some(level) = outline_level(tag)? {
                    levels.insert(style.clone(), level);
                }
            }
            Step::Begin { .. } | Step::End { .. } | Step::Text(_) => {}
        }
        Ok(())
    })?;
    Ok(levels)
}

/// Word counts outline levels from 0 and calls 9 the text body.
fn outline_level(tag: &BytesStart<'_>) -> Result<Option<u8>, ReadError> {
    let level = attribute(tag, "w:val")?.and_then(|level| level.parse::<u8>().ok());
    Ok(level.filter(|level| *level < 9).map(|level| level + 1))
}

/// The document as far as it is read.
struct Reading<'a> {
    styles: &'a HashMap<String, u8>,
    blocks: Vec<Block>,
    /// The paragraph under way.
    text: String,
    level: Option<u8>,
    is_item: bool,
    /// Inside `w:t`.
    is_text: bool,
    /// Inside what a reader does not see, so deep.
    n_hidden: usize,
    /// The tables under way; one inside a cell is read as lines of that cell.
    tables: Vec<Vec<Vec<String>>>,
}

impl<'a> Reading<'a> {
    fn new(styles: &'a HashMap<String, u8>) -> Self {
        Self {
            styles,
            blocks: Vec::new(),
            text: String::new(),
            level: None,
            is_item: false,
            is_text: false,
            n_hidden: 0,
            tables: Vec::new(),
        }
    }

    fn take(&mut self, step: Step<'_>) -> Result<(), ReadError> {
        match step {
            Step::Begin {
                name: "Fallback" | "del",
                ..
            } => self.n_hidden += 1,
            Step::End {
                name: "Fallback" | "del",
            } => {
                self.n_hidden = self.n_hidden.saturating_sub(1);
            }
            _ if self.n_hidden > 0 => {}
            Step::Begin {
                name: "pStyle",
                tag,
            } => {
                let style = attribute(tag, "w:val")?.unwrap_or_default();
                self.level = self.styles.get(&style).copied();
            }
            Step::Begin {
                name: "outlineLvl",
                tag,
            } => self.level = outline_level(tag)?,
            Step::Begin { name: "numPr", .. } => self.is_item = true,
            Step::Begin { name: "t", .. } => self.is_text = true,
            Step::End { name: "t" } => self.is_text = false,
            Step::Begin { name: "tab", .. } => self.text.push(' '),
            Step::Begin {
                name: "br" | "cr", ..
            } => self.text.push('\n'),
            Step::Begin { name: "tbl", .. } => self.tables.push(Vec::new()),
            Step::Begin { name: "tr", .. } => {
                if let Some(table) = self.tables.last_mut() {
                    table.push(Vec::new());
                }
            }
            Step::Begin { name: "tc", .. } => {
                if let Some(row) = self.tables.last_mut().and_then(|table| table.last_mut()) {
                    row.push(String::new());
                }
            }
            Step::End { name: "tbl" } => self.end_table(),
            Step::End { name: "p" } => self.end_paragraph(),
            Step::Text(text) if self.is_text => self.text.push_str(&text),
            Step::Begin { .. } | Step::End { .. } | Step::Text(_) => {}
        }
        if self.blocks.len() > BLOCKS_MAX {
            return Err(ReadError::TooMany {
                what: Part::Paragraphs,
                limit: BLOCKS_MAX,
            });
        }
        Ok(())
    }

    fn end_paragraph(&mut self) {
        let text = watermark::without_hidden(std::mem::take(&mut self.text).trim());
        let level = self.level.take();
        let is_item = std::mem::take(&mut self.is_item);
        if text.is_empty() {
            return;
        }
        if let Some(cell) = self.cell() {
            add_line(cell, &text);
            return;
        }
        self.blocks.push(match level {
            Some(level) => Block::Heading { level, text },
            None if is_item => Block::Item { text },
            None => Block::Paragraph { text },
        });
    }

    fn end_table(&mut self) {
        let Some(rows) = self.tables.pop() else {
            return;
        };
        if let Some(cell) = self.cell() {
            for row in &rows {
                add_line(cell, &row.join(" "));
            }
        } else if rows.iter().flatten().any(|cell| !cell.is_empty()) {
            self.blocks.push(Block::Table { rows });
        }
    }

    fn cell(&mut self) -> Option<&mut String> {
        self.tables.last_mut()?.last_mut()?.last_mut()
    }
}

fn add_line(cell: &mut String, line: &str) {
    if !cell.is_empty() {
        cell.push('\n');
    }
    cell.push_str(line);
}

/// What the readers above ask of XML.
enum Step<'a> {
    Begin {
        name: &'a str,
        tag: &'a BytesStart<'a>,
    },
    End {
        name: &'a str,
    },
    Text(String),
}

/// Goes through XML, tags by their names without the prefix. A DTD, and with it every entity that
/// is not built in, is refused: no office program writes one.
fn read_events(
    xml: &str,
    mut take: impl FnMut(Step<'_>) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(ReadError::broken)? {
            Event::Start(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                take(Step::Begin {
                    name: &name,
                    tag: &tag,
                })?;
            }
            Event::Empty(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                take(Step::Begin {
                    name: &name,
                    tag: &tag,
                })?;
                take(Step::End { name: &name })?;
            }
            Event::End(tag) => {
                let name = tag.local_name().into_inner().to_owned();
                take(Step::End { name: &name })?;
            }
            Event::Text(text) => take(Step::Text(text.into_inner().into_owned()))?,
            Event::GeneralRef(reference) => take(Step::Text(character(&reference)?))?,
            Event::CData(text) => take(Step::Text(text.into_inner().into_owned()))?,
            Event::DocType(_) => return Err(ReadError::broken("a document type inside")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => return Ok(()),
        }
    }
}

fn character(reference: &BytesRef<'_>) -> Result<String, ReadError> {
    if let Some(c) = reference.resolve_char_ref().map_err(ReadError::broken)? {
        return Ok(c.to_string());
    }
    quick_xml::escape::resolve_predefined_entity(reference)
        .map(str::to_owned)
        .ok_or_else(|| ReadError::broken(format!("an unknown entity {}", &**reference)))
}

pub(crate) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, ReadError> {
    let found = tag.try_get_attribute(name).map_err(ReadError::broken)?;
    let value = found.map(|found| found.normalized_value(XmlVersion::Explicit1_0));
    Ok(value
        .transpose()
        .map_err(ReadError::broken)?
        .map(std::borrow::Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use expect_test::expect;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn docx(files: &[(&str, &str)]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    const STYLES: &str = r#"<w:styles xmlns:w="w">
        <w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style>
        <w:style w:styleId="ab"><w:name w:val="我的小标题"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
        <w:style w:styleId="text"><w:name w:val="Normal"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
        </w:styles>"#;

    #[test]
    fn headings_paragraphs_and_tables() {
        let document = r#"<?xml version="1.0"?><w:document xmlns:w="w"><w:body>
            <w:p><w:pPr><w:pStyle w:val="a1"/></w:pPr><w:r><w:t>社保卡</w:t></w:r><w:r><w:t>挂失</w:t></w:r></w:p>
            <w:p><w:pPr><w:pStyle w:val="ab"/></w:pPr><w:r><w:t>申请材料</w:t></w:r></w:p>
            <w:p><w:pPr><w:pStyle w:val="text"/></w:pPr><w:r><w:t xml:space="preserve">身份证 &amp; 户口簿&#x3002;</w:t><w:br/><w:t>代办另带委托书</w:t></w:r>
               <w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>
            <w:p><w:r><w:t> </w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>窗口</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>电话</w:t></w:r></w:p><w:p><w:r><w:t>上班时间</w:t></w:r></w:p></w:tc></w:tr>
               <w:tr><w:tc><w:p><w:r><w:t>3号</w:t></w:r></w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>9:00</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>17:00</w:t></w:r></w:p></w:tc></w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>
            </w:body></w:document>"#;
        let blocks = read(&docx(&[
            ("word/styles.xml", STYLES),
            ("word/document.xml", document),
        ]));
        expect![[r#"
            Ok(
                [
                    Heading {
                        level: 1,
                        text: "社保卡挂失",
                    },
                    Heading {
                        level: 2,
                        text: "申请材料",
                    },
                    Paragraph {
                        text: "身份证 & 户口簿。\n代办另带委托书",
                    },
                    Table {
                        rows: [
                            [
                                "窗口",
                                "电话\n上班时间",
                            ],
                            [
                                "3号",
                                "9:00 17:00",
                            ],
                        ],
                    },
                ],
            )
        "#]]
        .assert_debug_eq(&blocks);
    }

    #[test]
    fn broken_and_hostile_documents_are_refused() {
        let body = |text: &str| docx(&[("word/document.xml", text)]);
        let bomb = r#"<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:p xmlns:w="w"><w:t>&b;</w:t></w:p>"#;
        for (bytes, is) in [
            (Vec::new(), "Empty"),
            (b"plain text".to_vec(), "Broken"),
            (vec![0xD0, 0xCF, 0x11, 0xE0], "Encrypted"),
            (docx(&[("word/other.xml", "")]), "Broken"),
            (body(bomb), "Broken"),
            (body("<w:p><w:t>不配对</w:p>"), "Broken"),
            (body("<w:p><w:t>&nbsp;</w:t></w:p>"), "Broken"),
            (body("<w:p/>"), "Empty"),
        ] {
            let error = read(&bytes).unwrap_err();
            assert!(format!("{error:?}").starts_with(is), "{error:?}");
        }
        let many = "<w:p><w:t>一</w:t></w:p>".repeat(BLOCKS_MAX + 1);
        assert!(matches!(
            read(&body(&format!("<w:body>{many}</w:body>"))),
            Err(ReadError::TooMany { .. })
        ));
    }
}
