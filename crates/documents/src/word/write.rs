//! Writes a docx as offices like it: 标题 in 黑体, text in 仿宋, A4.
//!
//! A docx is a zip with some XML in it; what is written here needs two of its files. A library would
//! bring pictures, fonts and a model of the whole format.

use quick_xml::escape::escape;
use zip::result::ZipError;

use crate::bundle::{self, File};
use crate::markdown::{Piece, Run};
use crate::watermark::Watermark;

/// The font of headings and of the text, as Windows has them, and what most other systems have in
/// their place. Word and WPS take the second where the first is not there.
const HEADING_FONT: (&str, &str) = ("黑体", "Noto Sans CJK SC");
const TEXT_FONT: (&str, &str) = ("仿宋", "FangSong");
/// Half points: 三号, 小三, 四号, and 小四 for what is lower.
const HEADING_SIZES: [u32; 4] = [32, 30, 28, 24];
const TEXT_SIZE: u32 = 24;

/// The property of a docx in which the number of an export stands.
const SERIAL_PROPERTY: &str = "ExportSerial";
const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/fontTable.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/></Types>"#;
pub(super) const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties" Target="docProps/custom.xml"/></Relationships>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/fontTable" Target="fontTable.xml"/><Relationship Id="rIdHeader" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/></Relationships>"#;
const NAMESPACE: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships""#;
pub(super) const DECLARATION: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const TABLE_BORDERS: &str = r#"<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr>"#;
/// A4 with margins of 2.5 cm, in twentieths of a point.
const PAGE: &str = r#"<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" w:right="1417" w:bottom="1417" w:left="1417" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr>"#;

/// Writes a document of those pieces. `mark` says whose it is: over every page, in its properties, and hidden
/// behind its first and last words; none for what does not leave the house.
pub fn write(pieces: &[Piece], mark: Option<&Watermark>) -> Result<Vec<u8>, ZipError> {
    let file = |name: &str, text: String| File {
        name: name.to_owned(),
        bytes: text.into_bytes(),
    };
    bundle::write(&[
        file("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        file("_rels/.rels", RELATIONS.to_owned()),
        file("word/document.xml", document(pieces, mark)),
        file("word/styles.xml", styles()),
        file("word/fontTable.xml", font_table()),
        file("word/header1.xml", header(mark)),
        file("docProps/custom.xml", serial_property(mark)),
        file(
            "word/_rels/document.xml.rels",
            DOCUMENT_RELATIONS.to_owned(),
        ),
    ])
}

/// The properties of a file: the number of the export, if it is one.
pub(super) fn serial_property(mark: Option<&Watermark>) -> String {
    let serial = mark.map(Watermark::serial_text).unwrap_or_default();
    let property = if serial.is_empty() {
        String::new()
    } else {
        format!(
            r#"<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{SERIAL_PROPERTY}"><vt:lpwstr>{}</vt:lpwstr></property>"#,
            escape(serial.as_str())
        )
    };
    format!(
        r#"{DECLARATION}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">{property}</Properties>"#
    )
}

fn header(mark: Option<&Watermark>) -> String {
    let text = text_xml(&mark.map(Watermark::text).unwrap_or_default());
    format!(
        r#"{DECLARATION}<w:hdr {NAMESPACE}><w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:color w:val="808080"/><w:sz w:val="16"/><w:szCs w:val="16"/></w:rPr>{text}</w:r></w:p></w:hdr>"#
    )
}

fn document(pieces: &[Piece], mark: Option<&Watermark>) -> String {
    let last = pieces.len().saturating_sub(1);
    let hidden = mark.map(Watermark::hidden).unwrap_or_default();
    let body = pieces.iter().enumerate().map(|(at, piece)| {
        if at == 0 || at == last {
            piece_xml(&with_hidden(piece, &hidden))
        } else {
            piece_xml(piece)
        }
    });
    let body: String = body.collect();
    format!("{DECLARATION}<w:document {NAMESPACE}><w:body>{body}{PAGE}</w:body></w:document>")
}

/// The piece with something behind its words that nobody sees.
fn with_hidden(piece: &Piece, hidden: &str) -> Piece {
    let mut piece = piece.clone();
    match &mut piece {
        Piece::Heading { text, .. } => text.push_str(hidden),
        Piece::Paragraph { runs } | Piece::Item { runs, .. } => runs.push(Run::plain(hidden)),
        Piece::Table { rows } => {
            if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                cell.push_str(hidden);
            }
        }
    }
    piece
}

fn piece_xml(piece: &Piece) -> String {
    match piece {
        Piece::Heading { level, text } => {
            let style = format!(r#"<w:pStyle w:val="Heading{}"/>"#, (*level).clamp(1, 9));
            paragraph(&style, &[Run::plain(text)])
        }
        Piece::Paragraph { runs } => paragraph("", runs),
        Piece::Item { mark, depth, runs } => {
            let left = 420 * (u32::from(*depth) + 1);
            let indent = format!(r#"<w:ind w:left="{left}" w:hanging="420"/>"#);
            let mut all = vec![Run::plain(format!("{mark}\t"))];
            all.extend(runs.iter().cloned());
            paragraph(&indent, &all)
        }
        Piece::Table { rows } => table(rows),
    }
}

fn paragraph(properties: &str, runs: &[Run]) -> String {
    let runs: String = runs.iter().map(run).collect();
    format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>")
}

fn run(run: &Run) -> String {
    let bold = if run.is_bold {
        "<w:rPr><w:b/></w:rPr>"
    } else {
        ""
    };
    let text = text_xml(&run.text);
    format!("<w:r>{bold}{text}</w:r>")
}

/// The text of a run, its line ends and tabs as Word has them.
pub(super) fn text_xml(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let parts = line.split('\t').map(|part| {
            let part: String = part.chars().filter(|c| is_xml(*c)).collect();
            format!(
                r#"<w:t xml:space="preserve">{}</w:t>"#,
                escape(part.as_str())
            )
        });
        parts.collect::<Vec<_>>().join("<w:tab/>")
    });
    lines.collect::<Vec<_>>().join("<w:br/>")
}

/// What XML 1.0 has no way to write makes a document that Word does not open.
pub(super) fn is_xml(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

fn table(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    if n_columns == 0 {
        return String::new();
    }
    let grid = "<w:gridCol/>".repeat(n_columns);
    let rows: Vec<String> = rows
        .iter()
        .map(|cells| table_row(cells, n_columns))
        .collect();
    let rows = rows.concat();
    // Word wants a paragraph behind a table.
    let behind = paragraph("", &[]);
    format!("<w:tbl>{TABLE_BORDERS}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{behind}")
}

fn table_row(cells: &[String], n_columns: usize) -> String {
    let mut row = String::new();
    for at in 0..n_columns {
        let text = cells.get(at).map_or("", String::as_str);
        let text = paragraph("", &[Run::plain(text)]);
        row.push_str(&format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>{text}</w:tc>"#
        ));
    }
    format!("<w:tr>{row}</w:tr>")
}

fn styles() -> String {
    let fonts = |(chinese, _): (&str, &str)| {
        format!(
            r#"<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="{chinese}"/>"#
        )
    };
    let size = |size: u32| format!(r#"<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>"#);
    let text = format!("{}{}", fonts(TEXT_FONT), size(TEXT_SIZE));
    let mut styles = format!(
        r#"<w:docDefaults><w:rPrDefault><w:rPr>{text}<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:line="360" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>"#
    );
    for level in 1..=9_u32 {
        let at = usize::try_from(level - 1).unwrap_or_default();
        let heading = HEADING_SIZES.get(at).copied().unwrap_or(TEXT_SIZE);
        styles.push_str(&format!(
            r#"<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:outlineLvl w:val="{}"/></w:pPr><w:rPr>{}<w:b/>{}</w:rPr></w:style>"#,
            level - 1,
            fonts(HEADING_FONT),
            size(heading),
        ));
    }
    format!("{DECLARATION}<w:styles {NAMESPACE}>{styles}</w:styles>")
}

pub(super) fn font_table() -> String {
    let mut fonts = String::new();
    for (name, other) in [HEADING_FONT, TEXT_FONT] {
        fonts.push_str(&format!(
            r#"<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>"#
        ));
    }
    format!("{DECLARATION}<w:fonts {NAMESPACE}>{fonts}</w:fonts>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::Archive;
    use crate::word::{Block, read};

    #[test]
    fn what_was_written_is_read_back() {
        let text = |text: &str| vec![Run::plain(text)];
        let pieces = [
            Piece::Heading {
                level: 1,
                text: "社保卡 <挂失> & 补办".to_owned(),
            },
            Piece::Paragraph {
                runs: vec![
                    Run::plain("先打"),
                    Run {
                        text: "12333".to_owned(),
                        is_bold: true,
                    },
                    Run::plain("。\n再到窗口\u{B}"),
                ],
            },
            Piece::Item {
                mark: "1.".to_owned(),
                depth: 0,
                runs: text("带身份证"),
            },
            Piece::Table {
                rows: vec![
                    vec!["窗口".to_owned(), "电话".to_owned()],
                    vec!["3号".to_owned()],
                ],
            },
            Piece::Table { rows: Vec::new() },
        ];
        let mark = Watermark {
            person: "张三".to_owned(),
            at_text: String::new(),
            purpose: String::new(),
            serial: "W01-K7Q4M-X9P2T".to_owned(),
        };
        let bytes = write(&pieces, Some(&mark)).unwrap();
        let cell = |text: &str| text.to_owned();
        assert_eq!(
            read(&bytes).unwrap(),
            [
                Block::Heading {
                    level: 1,
                    text: cell("社保卡 <挂失> & 补办")
                },
                Block::Paragraph {
                    text: cell("先打12333。\n再到窗口")
                },
                Block::Paragraph {
                    text: cell("1. 带身份证")
                },
                Block::Table {
                    rows: vec![
                        vec![cell("窗口"), cell("电话")],
                        vec![cell("3号"), String::new()]
                    ]
                },
            ]
        );
        let mut archive = Archive::open(&bytes).unwrap();
        let styles = archive.text("word/styles.xml").unwrap().unwrap();
        assert!(styles.contains(r#"w:eastAsia="仿宋""#) && styles.contains(r#"w:eastAsia="黑体""#));
    }
}
