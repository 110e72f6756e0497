//! Writes a form as a docx: the same parts as on paper, to be worked on in Word or WPS.
//!
//! Whatever was filled in becomes text of a run, escaped; nothing of it can be a tag or a field.

mod package;

use quick_xml::escape::escape;
use zip::result::ZipError;

use self::package::{content_types, relations};
use super::chart;
use super::write::{DECLARATION, RELATIONS, font_table, is_xml, serial_property, text_xml};
use crate::bundle::{self, File};
use crate::form::{
    Align, Form, GRID_COLUMNS, GridCell, GridRole, GridRow, Head, LineStyle, Page, Part, Table,
    Watermark, body_lines,
};

const NAMESPACES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office""#;
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const BORDERS: &str = r#"<w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="80" w:type="dxa"/><w:bottom w:w="30" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>"#;

const SONG: &str = "宋体";
const FANGSONG: &str = "仿宋";
const HEI: &str = "黑体";
const RED: &str = "D21F1F";
const GREY: &str = "555B63";
const PALE: &str = "F1F2F4";
const BLACK: &str = "000000";

/// A4, and the margins of the two kinds of paper, in twentieths of a point: top, right, bottom, left.
const A4: (u32, u32) = (11_906, 16_838);
const RED_MARGINS: [u32; 4] = [2_098, 1_474, 1_984, 1_588];
const PLAIN_MARGINS: [u32; 4] = [1_134, 1_134, 1_134, 1_134];
/// A line of a form, in twentieths of a point.
const GRID_LINE: u32 = 340;
const MANY_COLUMNS: usize = 9;

/// How a text looks. Sizes in half points.
#[derive(Clone, Copy)]
struct Look {
    font: &'static str,
    size: u32,
    is_bold: bool,
    color: &'static str,
}

impl Look {
    const fn new(font: &'static str, size: u32) -> Self {
        Self {
            font,
            size,
            is_bold: false,
            color: BLACK,
        }
    }

    const fn bold(self) -> Self {
        Self {
            is_bold: true,
            ..self
        }
    }

    const fn in_color(self, color: &'static str) -> Self {
        Self { color, ..self }
    }

    fn properties(self) -> String {
        let Self {
            font, size, color, ..
        } = self;
        let bold = if self.is_bold { "<w:b/>" } else { "" };
        format!(
            r#"<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="{font}"/>{bold}<w:color w:val="{color}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>"#
        )
    }
}

const TITLE: Look = Look::new(SONG, 44).bold();
const GRID_LABEL: Look = Look::new(HEI, 21);
const GRID_VALUE: Look = Look::new(FANGSONG, 21);
const SMALL: Look = Look::new(SONG, 18).in_color(GREY);

/// Writes a form as a docx.
pub fn write_form(form: &Form) -> Result<Vec<u8>, ZipError> {
    let mut writing = Writing {
        form,
        charts: Vec::new(),
    };
    let body = writing.body();
    let document = format!(
        "{DECLARATION}<w:document {NAMESPACES}><w:body>{body}{}</w:body></w:document>",
        writing.section()
    );
    let mut files = vec![
        (
            "[Content_Types].xml".to_owned(),
            content_types(writing.charts.len()),
        ),
        ("_rels/.rels".to_owned(), RELATIONS.to_owned()),
        ("word/document.xml".to_owned(), document),
        (
            "docProps/custom.xml".to_owned(),
            serial_property(form.watermark.as_ref()),
        ),
        ("word/styles.xml".to_owned(), styles(form.head)),
        ("word/settings.xml".to_owned(), settings(form.head)),
        ("word/fontTable.xml".to_owned(), font_table()),
        (
            "word/header1.xml".to_owned(),
            header(form.watermark.as_ref()),
        ),
        ("word/footer1.xml".to_owned(), footer(form.head, true)),
        ("word/footer2.xml".to_owned(), footer(form.head, false)),
        (
            "word/_rels/document.xml.rels".to_owned(),
            relations(writing.charts.len()),
        ),
    ];
    for (n, chart) in (1..).zip(writing.charts) {
        files.push((format!("word/charts/chart{n}.xml"), chart));
    }
    let files: Vec<File> = files
        .into_iter()
        .map(|(name, text)| File {
            name,
            bytes: text.into_bytes(),
        })
        .collect();
    bundle::write(&files)
}

struct Writing<'a> {
    form: &'a Form,
    charts: Vec<String>,
}

impl Writing<'_> {
    /// The width of the text, in twentieths of a point.
    fn width(&self) -> u32 {
        let (width, _) = page_size(self.form.page);
        let [_, right, _, left] = margins(self.form.head);
        width - left - right
    }

    fn text_size(&self) -> (u32, u32) {
        match self.form.head {
            Head::Red => (32, 578),
            Head::Plain => (24, 420),
        }
    }

    fn body(&mut self) -> String {
        let form = self.form;
        let mut body = match form.head {
            Head::Red => self.red_head(),
            Head::Plain => plain_head(form),
        };
        for part in &form.parts {
            body.push_str(&match part {
                Part::Grid(rows) => self.grid(rows),
                Part::Body(text) => self.lines(text),
                Part::Table(table) => self.table(table),
                Part::Chart { kind, table } => self.chart(*kind, table),
                Part::Closing(closing) => self.closing(closing),
                Part::Note(text) => match form.head {
                    Head::Red => imprint(text),
                    Head::Plain => paragraph(Align::Left, 280, "", text, SMALL),
                },
            });
        }
        body.push_str(&paragraph(Align::Left, 280, "", &form.basis, SMALL));
        if let Some(mark) = &form.watermark {
            // The watermark itself is a shape, which others take away or show without its text.
            let seen = format!("{}{}", mark.text(), mark.hidden());
            body.push_str(&paragraph(Align::Left, 240, "", &seen, SMALL));
        }
        body
    }

    fn red_head(&self) -> String {
        let form = self.form;
        let (size, line) = self.text_size();
        let n_characters = u32::try_from(form.issuer.chars().count()).unwrap_or(u32::MAX);
        // As large as fits on a line, in half points.
        let issuer = (self.width() / 10 / n_characters.max(1)).clamp(36, 92);
        let issuer = Look::new(SONG, issuer).bold().in_color(RED);
        let rule = format!(
            r#"<w:pBdr><w:bottom w:val="single" w:sz="12" w:space="6" w:color="{RED}"/></w:pBdr>"#
        );
        [
            paragraph(Align::Middle, 0, "", &form.issuer, issuer),
            paragraph(Align::Middle, line, "", "", Look::new(FANGSONG, size)),
            paragraph(
                Align::Middle,
                line,
                &rule,
                &form.number,
                Look::new(FANGSONG, size),
            ),
            paragraph(Align::Middle, line, "", "", Look::new(FANGSONG, size)),
            paragraph(Align::Middle, 0, "", &title_of(form, &form.title), TITLE),
            paragraph(Align::Middle, line, "", "", Look::new(FANGSONG, size)),
        ]
        .concat()
    }

    fn lines(&self, text: &str) -> String {
        let (size, line_height) = self.text_size();
        let lines = body_lines(text).map(|(style, line)| {
            let (look, level) = match style {
                LineStyle::First => (
                    Look::new(HEI, size),
                    r#"<w:keepNext/><w:outlineLvl w:val="0"/>"#,
                ),
                LineStyle::Second => (
                    Look::new(FANGSONG, size).bold(),
                    r#"<w:keepNext/><w:outlineLvl w:val="1"/>"#,
                ),
                LineStyle::Text => (Look::new(FANGSONG, size), ""),
            };
            let is_address =
                style == LineStyle::Text && line.ends_with('：') && line.starts_with('各');
            // In characters for Word and WPS, in twentieths of a point for others.
            let indent = if is_address {
                String::new()
            } else {
                let points = size * 20;
                format!(r#"<w:ind w:firstLineChars="200" w:firstLine="{points}"/>"#)
            };
            body_paragraph(line_height, level, &indent, line, look)
        });
        lines.collect()
    }

    fn closing(&self, closing: &[String]) -> String {
        let (size, line) = self.text_size();
        let look = Look::new(FANGSONG, size);
        let mut text = paragraph(Align::Right, line, "<w:keepNext/>", "", look);
        let right = size * 40;
        let place =
            format!(r#"<w:ind w:rightChars="400" w:right="{right}"/><w:jc w:val="right"/>"#);
        for said in closing {
            text.push_str(&body_paragraph(line, "", &place, said, look));
        }
        text
    }

    fn grid(&self, rows: &[GridRow]) -> String {
        let unit = self.width() / u32::from(GRID_COLUMNS);
        let grid = format!(r#"<w:gridCol w:w="{unit}"/>"#).repeat(usize::from(GRID_COLUMNS));
        let rows: String = rows.iter().map(|row| grid_row(row, unit)).collect();
        let width = unit * u32::from(GRID_COLUMNS);
        let behind = paragraph(Align::Left, 60, "", "", Look::new(SONG, 4));
        format!(
            r#"<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/>{BORDERS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{behind}"#
        )
    }

    fn table(&self, table: &Table) -> String {
        if table.columns.is_empty() {
            return String::new();
        }
        let size = if table.columns.len() > MANY_COLUMNS {
            17
        } else {
            19
        };
        let shares: u32 = table.columns.iter().map(|it| u32::from(it.share)).sum();
        let widths: Vec<u32> = table
            .columns
            .iter()
            .map(|column| self.width() * u32::from(column.share) / shares.max(1))
            .collect();
        let all: u32 = widths.iter().sum();
        let mut grid = String::new();
        for width in &widths {
            grid.push_str(&format!(r#"<w:gridCol w:w="{width}"/>"#));
        }
        let names: String = table
            .columns
            .iter()
            .zip(&widths)
            .map(|(column, width)| {
                let name = paragraph(Align::Middle, 280, "", &column.name, Look::new(HEI, size));
                table_cell(*width, 1, Some(PALE), "center", &name)
            })
            .collect();
        let mut rows =
            format!(r#"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{names}</w:tr>"#);
        for row in &table.rows {
            let mut cells = String::new();
            for (at, (column, width)) in table.columns.iter().zip(&widths).enumerate() {
                let text = row.get(at).map_or("", String::as_str);
                let text = paragraph(column.align, 280, "", text, Look::new(FANGSONG, size));
                cells.push_str(&table_cell(*width, 1, None, "center", &text));
            }
            rows.push_str(&format!(
                "<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"
            ));
        }
        if table.rows.is_empty() {
            let none = paragraph(Align::Middle, 280, "", "无", Look::new(FANGSONG, size));
            let none = table_cell(all, table.columns.len(), None, "center", &none);
            rows.push_str(&format!("<w:tr>{none}</w:tr>"));
        }
        let caption = if table.caption.is_empty() {
            String::new()
        } else {
            paragraph(
                Align::Middle,
                400,
                "<w:keepNext/>",
                &table.caption,
                Look::new(HEI, 22),
            )
        };
        let behind = paragraph(Align::Left, 60, "", "", Look::new(SONG, 4));
        format!(
            r#"{caption}<w:tbl><w:tblPr><w:tblW w:w="{all}" w:type="dxa"/>{BORDERS}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{behind}"#
        )
    }

    fn chart(&mut self, kind: crate::form::ChartKind, table: &Table) -> String {
        if table.rows.is_empty() {
            return String::new();
        }
        let height = chart::height(kind, table);
        self.charts.push(chart::chart_space(kind, table));
        let n = self.charts.len();
        // English Metric Units: 635 a twentieth of a point.
        let width = self.width() * 635;
        let name = attribute(&table.caption);
        format!(
            r#"<w:p><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{n}" name="图{n}" descr="{name}"/><wp:cNvGraphicFramePr/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="rIdChart{n}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"#
        )
    }

    fn section(&self) -> String {
        let (width, height) = page_size(self.form.page);
        let turned = match self.form.page {
            Page::Upright => "",
            Page::Wide => r#" w:orient="landscape""#,
        };
        let [top, right, bottom, left] = margins(self.form.head);
        let foot = match self.form.head {
            Head::Red => 1_440,
            Head::Plain => 567,
        };
        format!(
            r#"<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader"/><w:headerReference w:type="even" r:id="rIdHeader"/><w:footerReference w:type="default" r:id="rIdFooter"/><w:footerReference w:type="even" r:id="rIdFooterEven"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="567" w:footer="{foot}" w:gutter="0"/></w:sectPr>"#
        )
    }
}

fn page_size(page: Page) -> (u32, u32) {
    match page {
        Page::Upright => A4,
        Page::Wide => (A4.1, A4.0),
    }
}

fn margins(head: Head) -> [u32; 4] {
    match head {
        Head::Red => RED_MARGINS,
        Head::Plain => PLAIN_MARGINS,
    }
}

fn plain_head(form: &Form) -> String {
    let title = if form.title.chars().count() <= 4 {
        let spread: Vec<String> = form.title.chars().map(String::from).collect();
        spread.join("　")
    } else {
        form.title.clone()
    };
    [
        paragraph(
            Align::Middle,
            0,
            "",
            &form.issuer,
            Look::new(SONG, 30).bold(),
        ),
        paragraph(Align::Middle, 0, "", &title_of(form, &title), TITLE),
        paragraph(Align::Right, 360, "", &form.number, Look::new(SONG, 21)),
    ]
    .concat()
}

/// The title with the number of the export behind it, where nobody sees it.
fn title_of(form: &Form, title: &str) -> String {
    let hidden = form.watermark.as_ref().map(Watermark::hidden);
    format!("{title}{}", hidden.unwrap_or_default())
}

/// 版记, between two rules.
fn imprint(text: &str) -> String {
    let n_lines = text.lines().count();
    let lines = text.lines().enumerate().map(|(n, line)| {
        let top = if n == 0 {
            r#"<w:top w:val="single" w:sz="8" w:space="1"/>"#
        } else {
            ""
        };
        let bottom = if n + 1 == n_lines {
            r#"<w:bottom w:val="single" w:sz="8" w:space="1"/>"#
        } else {
            ""
        };
        let borders = format!("<w:pBdr>{top}{bottom}</w:pBdr>");
        let indent =
            r#"<w:ind w:leftChars="400" w:left="1120" w:hangingChars="300" w:hanging="840"/>"#;
        body_paragraph(480, &borders, indent, line, Look::new(FANGSONG, 28))
    });
    lines.collect()
}

fn grid_row(row: &GridRow, unit: u32) -> String {
    let height = u32::from(row.min_lines) * GRID_LINE + 80;
    let is_tall = row.min_lines > 2;
    let cells = row.cells.iter().map(|cell| grid_cell(cell, unit, is_tall));
    let cells: String = cells.collect();
    let whole = if is_tall { "" } else { "<w:cantSplit/>" };
    format!(
        r#"<w:tr><w:trPr>{whole}<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr>{cells}</w:tr>"#
    )
}

fn grid_cell(cell: &GridCell, unit: u32, is_tall: bool) -> String {
    let (align, look, shade) = match cell.role {
        GridRole::Label => (Align::Middle, GRID_LABEL, Some(PALE)),
        GridRole::Section => (Align::Middle, GRID_LABEL.bold(), Some(PALE)),
        GridRole::Value => (Align::Left, GRID_VALUE, None),
    };
    let mut inside = String::new();
    if cell.foot.is_empty() || !cell.text.is_empty() {
        // What a line announces stands under it.
        let keep = match cell.role {
            GridRole::Section => "<w:keepNext/>",
            GridRole::Label | GridRole::Value => "",
        };
        inside.push_str(&paragraph(align, GRID_LINE, keep, &cell.text, look));
    }
    if !cell.foot.is_empty() {
        inside.push_str(&paragraph(Align::Right, GRID_LINE, "", &cell.foot, look));
    }
    let stands = if !cell.foot.is_empty() && cell.text.is_empty() {
        "bottom"
    } else if is_tall && cell.role == GridRole::Value {
        "top"
    } else {
        "center"
    };
    let span = usize::from(cell.span);
    table_cell(unit * u32::from(cell.span), span, shade, stands, &inside)
}

fn table_cell(width: u32, span: usize, shade: Option<&str>, stands: &str, inside: &str) -> String {
    let span = if span > 1 {
        format!(r#"<w:gridSpan w:val="{span}"/>"#)
    } else {
        String::new()
    };
    let shade = shade.map_or_else(String::new, |fill| {
        format!(r#"<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>"#)
    });
    format!(
        r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="{stands}"/></w:tcPr>{inside}</w:tc>"#
    )
}

/// A paragraph of one look, its lines at least so high; 0 leaves that to the font.
fn paragraph(align: Align, line: u32, properties: &str, text: &str, look: Look) -> String {
    let align = match align {
        Align::Left => "",
        Align::Middle => r#"<w:jc w:val="center"/>"#,
        Align::Right => r#"<w:jc w:val="right"/>"#,
    };
    body_paragraph(line, properties, align, text, look)
}

/// The properties of a paragraph have an order: what keeps it together and its borders, then how
/// high its lines are, then where it stands.
fn body_paragraph(line: u32, before: &str, after: &str, text: &str, look: Look) -> String {
    let (outline, before) = match before.split_once("<w:outlineLvl") {
        Some((before, level)) => (format!("<w:outlineLvl{level}"), before),
        None => (String::new(), before),
    };
    let spacing = match line {
        0 => r#"<w:spacing w:before="0" w:after="0"/>"#.to_owned(),
        line if line < 100 => {
            format!(r#"<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="exact"/>"#)
        }
        line => {
            format!(r#"<w:spacing w:before="0" w:after="0" w:line="{line}" w:lineRule="atLeast"/>"#)
        }
    };
    let run = look.properties();
    let text = text_xml(text);
    format!("<w:p><w:pPr>{before}{spacing}{after}{outline}</w:pPr><w:r>{run}{text}</w:r></w:p>")
}

/// A text as the value of an attribute.
pub(super) fn attribute(text: &str) -> String {
    let clean: String = text.chars().filter(|c| is_xml(*c)).collect();
    escape(clean.as_str()).into_owned()
}

fn footer(head: Head, is_odd: bool) -> String {
    let field = |name: &str, look: Look| {
        let properties = look.properties();
        format!(
            r#"<w:r>{properties}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{properties}<w:instrText xml:space="preserve"> {name} </w:instrText></w:r><w:r>{properties}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{properties}<w:t>1</w:t></w:r><w:r>{properties}<w:fldChar w:fldCharType="end"/></w:r>"#
        )
    };
    let said =
        |text: &str, look: Look| format!("<w:r>{}{}</w:r>", look.properties(), text_xml(text));
    let (place, inside) = match head {
        Head::Red => {
            let look = Look::new(SONG, 28);
            let place = if is_odd {
                r#"<w:ind w:rightChars="100"/><w:jc w:val="right"/>"#
            } else {
                r#"<w:ind w:leftChars="100"/>"#
            };
            let inside = [said("— ", look), field("PAGE", look), said(" —", look)];
            (place, inside.concat())
        }
        Head::Plain => {
            let inside = [
                said("第 ", SMALL),
                field("PAGE", SMALL),
                said(" 页，共 ", SMALL),
                field("NUMPAGES", SMALL),
                said(" 页", SMALL),
            ];
            (r#"<w:jc w:val="center"/>"#, inside.concat())
        }
    };
    format!("{DECLARATION}<w:ftr {NAMESPACES}><w:p><w:pPr>{place}</w:pPr>{inside}</w:p></w:ftr>")
}

/// The header holds the watermark, as Word itself does it.
fn header(watermark: Option<&Watermark>) -> String {
    let shape = watermark.map_or_else(String::new, |watermark| {
        let text = attribute(&watermark.text());
        format!(
            r##"<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas><v:path textpathok="t" o:connecttype="rect"/><v:textpath on="t" fitshape="t"/></v:shapetype><v:shape id="PowerPlusWaterMarkObject1" o:spid="_x0000_s1025" type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;width:430pt;height:26pt;rotation:315;z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" fillcolor="silver" stroked="f"><v:fill opacity=".5"/><v:textpath style="font-family:&quot;仿宋&quot;;font-size:1pt" string="{text}"/></v:shape></w:pict></w:r>"##
        )
    });
    format!("{DECLARATION}<w:hdr {NAMESPACES}><w:p>{shape}</w:p></w:hdr>")
}

fn settings(head: Head) -> String {
    let outer = match head {
        Head::Red => "<w:evenAndOddHeaders/>",
        Head::Plain => "",
    };
    format!("{DECLARATION}<w:settings {NAMESPACES}>{outer}</w:settings>")
}

fn styles(head: Head) -> String {
    let look = match head {
        Head::Red => Look::new(FANGSONG, 32),
        Head::Plain => Look::new(FANGSONG, 24),
    };
    let look = look.properties();
    format!(
        r#"{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault>{look}</w:rPrDefault><w:pPrDefault/></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>"#
    )
}
