//! 文书模板: a docx of an office's own, with fields like `{{承办单位}}` in it.
//!
//! The fields are looked for in what a reader sees of a paragraph: Word cuts a text into runs as
//! people type, correct and format it, so a field may lie over several. A row of a table with fields
//! of a list, `{{证据.工单编号}}`, comes as often as the list has rows. Everything else of the file
//! stays as it is. A template that would load something from elsewhere or run something is refused.

use std::io::{Cursor, Read as _, Write as _};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::attribute;
use super::write::is_xml;
use crate::archive::{self, Archive};
use crate::form::{FillError, Scope, Span, Values, spans};
use crate::watermark::Watermark;
use crate::{ReadError, check_size};

mod mark;

/// Elements within elements, at most; Word's own come to some thirty.
const DEPTH_MAX: usize = 100;
/// More elements are refused, before and after lists are filled in.
const NODES_MAX: usize = 2_000_000;

/// Why a template is not taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TemplateError {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Fill(#[from] FillError),
    /// 含宏或外部链接.
    #[error("the template runs or loads something: {what}")]
    Active { what: String },
    /// 内容过多.
    #[error("the document has more than {limit} elements")]
    TooLarge { limit: usize },
}

/// Fills a template; each value becomes text where its field stood. `mark` says whose it is, in a line under
/// the text and hidden behind the first words: what else the office's own file has is left to it.
pub fn fill_template(
    bytes: &[u8],
    values: &Values,
    mark: Option<&Watermark>,
) -> Result<Vec<u8>, TemplateError> {
    check_size(bytes)?;
    if !archive::is_zip(bytes) {
        return Err(ReadError::broken("not a docx").into());
    }
    let mut checked = Archive::open(bytes)?;
    checked.measure()?;
    if !checked.has("word/document.xml") {
        return Err(ReadError::broken("no document inside").into());
    }
    let broken = |error: zip::result::ZipError| TemplateError::from(ReadError::broken(error));
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut filled = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).map_err(broken)?;
        let name = file.name().map_err(broken)?.into_owned();
        let mut content = Vec::new();
        file.read_to_end(&mut content).map_err(ReadError::broken)?;
        if name.to_lowercase().contains("vbaproject") || name.contains("activeX") {
            return Err(TemplateError::Active { what: name });
        }
        if name.to_lowercase().ends_with(".rels") {
            check_relations(&content)?;
        }
        if is_text_part(&name) {
            let xml = std::str::from_utf8(&content).map_err(ReadError::broken)?;
            let mark = mark.filter(|_| name == "word/document.xml");
            content = fill_xml(xml, values, mark)?;
        }
        filled
            .start_file(name, SimpleFileOptions::default())
            .map_err(broken)?;
        filled.write_all(&content).map_err(ReadError::broken)?;
    }
    Ok(filled.finish().map_err(broken)?.into_inner())
}

/// The parts of a docx that a reader sees.
fn is_text_part(name: &str) -> bool {
    let Some(part) = name
        .strip_prefix("word/")
        .and_then(|it| it.strip_suffix(".xml"))
    else {
        return false;
    };
    let kinds = ["document", "header", "footer", "footnotes", "endnotes"];
    !part.contains('/') && kinds.iter().any(|kind| part.starts_with(kind))
}

/// Links that a person follows may lead outside; what is loaded unasked may not.
fn check_relations(content: &[u8]) -> Result<(), TemplateError> {
    let xml = std::str::from_utf8(content).map_err(ReadError::broken)?;
    let mut reader = Reader::from_str(xml);
    loop {
        match reader.read_event().map_err(ReadError::broken)? {
            Event::Start(tag) | Event::Empty(tag) => {
                let is_outside = attribute(&tag, "TargetMode")?.as_deref() == Some("External");
                let kind = attribute(&tag, "Type")?.unwrap_or_default();
                if is_outside && !kind.ends_with("/hyperlink") {
                    let what = attribute(&tag, "Target")?.unwrap_or_default();
                    return Err(TemplateError::Active { what });
                }
            }
            Event::Eof => return Ok(()),
            Event::DocType(_) => return Err(ReadError::broken("a document type inside").into()),
            Event::End(_)
            | Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_) => {}
        }
    }
}

/// A piece of the XML.
#[derive(Debug, Clone)]
enum Node {
    Element(Element),
    /// What a reader sees, unescaped; only inside `w:t`.
    Text(String),
    /// Everything else, as it came.
    Other(Event<'static>),
}

#[derive(Debug, Clone)]
struct Element {
    start: BytesStart<'static>,
    children: Vec<Node>,
}

impl Element {
    fn is(&self, name: &str) -> bool {
        self.start.local_name().as_ref() == name
    }
}

fn fill_xml(
    xml: &str,
    values: &Values,
    mark: Option<&Watermark>,
) -> Result<Vec<u8>, TemplateError> {
    let mut nodes = parse(xml)?;
    let mut n_left = NODES_MAX;
    fill_nodes(&mut nodes, Scope::new(values), &mut n_left)?;
    if let Some(mark) = mark {
        mark::put(&mut nodes, mark)?;
    }
    let mut writer = Writer::new(Vec::new());
    write_nodes(&mut writer, &nodes)?;
    Ok(writer.into_inner())
}

/// Reads the XML as a tree.
fn parse(xml: &str) -> Result<Vec<Node>, TemplateError> {
    let mut reader = Reader::from_str(xml);
    let mut open: Vec<Element> = Vec::new();
    let mut done: Vec<Node> = Vec::new();
    let mut n_nodes = 0_usize;
    loop {
        let event = reader.read_event().map_err(ReadError::broken)?.into_owned();
        n_nodes += 1;
        if n_nodes > NODES_MAX {
            return Err(TemplateError::TooLarge { limit: NODES_MAX });
        }
        let is_text = open.last().is_some_and(|element| element.is("t"));
        let node = match event {
            Event::Start(start) => {
                if open.len() >= DEPTH_MAX {
                    return Err(ReadError::broken("elements too deep in each other").into());
                }
                open.push(Element {
                    start,
                    children: Vec::new(),
                });
                continue;
            }
            Event::Empty(start) => Node::Element(Element {
                start,
                children: Vec::new(),
            }),
            Event::End(_) => match open.pop() {
                Some(element) => Node::Element(element),
                None => return Err(ReadError::broken("an end without a beginning").into()),
            },
            Event::DocType(_) => return Err(ReadError::broken("a document type inside").into()),
            Event::Eof if open.is_empty() => return Ok(done),
            Event::Eof => return Err(ReadError::broken("the XML ends too soon").into()),
            Event::Text(text) if is_text => Node::Text(text.into_inner().into_owned()),
            Event::CData(text) if is_text => Node::Text(text.into_inner().into_owned()),
            Event::GeneralRef(reference) if is_text => Node::Text(super::character(&reference)?),
            other @ (Event::Text(_)
            | Event::CData(_)
            | Event::GeneralRef(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)) => Node::Other(other),
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(node),
            None => done.push(node),
        }
    }
}

fn fill_nodes(
    nodes: &mut Vec<Node>,
    scope: Scope<'_>,
    n_left: &mut usize,
) -> Result<(), TemplateError> {
    let mut filled = Vec::with_capacity(nodes.len());
    for node in std::mem::take(nodes) {
        *n_left = n_left
            .checked_sub(1)
            .ok_or(TemplateError::TooLarge { limit: NODES_MAX })?;
        let Node::Element(mut element) = node else {
            filled.push(node);
            continue;
        };
        if element.is("tr") {
            let mut paragraphs = Vec::new();
            seen_in_row(&element, &mut paragraphs);
            let rows = scope.rows(paragraphs.iter().map(String::as_str))?;
            for row in rows {
                let mut copy = element.clone();
                fill_nodes(&mut copy.children, row, n_left)?;
                filled.push(Node::Element(copy));
            }
            continue;
        }
        if element.is("p") {
            if let Some(lines) = lines_of_its_only_field(&mut element, scope)? {
                for line in lines {
                    let mut copy = element.clone();
                    say(&mut copy, &line);
                    filled.push(Node::Element(copy));
                }
                continue;
            }
            fill_paragraph(&mut element, scope)?;
        }
        fill_nodes(&mut element.children, scope, n_left)?;
        filled.push(Node::Element(element));
    }
    *nodes = filled;
    Ok(())
}

/// What a reader sees in the paragraphs of a row, without the rows inside it.
fn seen_in_row(element: &Element, paragraphs: &mut Vec<String>) {
    for child in &element.children {
        let Node::Element(child) = child else {
            continue;
        };
        if child.is("tr") {
            continue;
        }
        if child.is("p") {
            let mut texts = Vec::new();
            let mut copy = child.clone();
            texts_of(&mut copy, &mut texts);
            paragraphs.push(texts.iter().map(|text| text.as_str()).collect());
        }
        seen_in_row(child, paragraphs);
    }
}

/// The texts of a paragraph, without those of paragraphs inside it (text boxes).
fn texts_of<'a>(element: &'a mut Element, texts: &mut Vec<&'a mut String>) {
    for child in &mut element.children {
        match child {
            Node::Text(text) => texts.push(text),
            Node::Element(child) if !child.is("p") => texts_of(child, texts),
            Node::Element(_) | Node::Other(_) => {}
        }
    }
}

/// The lines of a value that is all a paragraph says, where there are several: each becomes a
/// paragraph of the same make.
fn lines_of_its_only_field(
    paragraph: &mut Element,
    scope: Scope<'_>,
) -> Result<Option<Vec<String>>, TemplateError> {
    let mut texts = Vec::new();
    texts_of(paragraph, &mut texts);
    let whole: String = texts.iter().map(|text| text.as_str()).collect();
    if !whole.contains("{{") {
        return Ok(None);
    }
    let spans = spans(whole.trim())?;
    let [Span::Field(name)] = spans.as_slice() else {
        return Ok(None);
    };
    let lines = scope
        .value(name)?
        .lines()
        .filter(|line| !line.trim().is_empty());
    let lines: Vec<String> = lines.map(str::to_owned).collect();
    Ok((lines.len() > 1).then_some(lines))
}

/// Makes a paragraph say this, in the look in which it begins.
fn say(paragraph: &mut Element, line: &str) {
    let mut texts = Vec::new();
    texts_of(paragraph, &mut texts);
    for (n, text) in texts.into_iter().enumerate() {
        text.clear();
        if n == 0 {
            text.extend(line.chars().filter(|c| is_xml(*c)));
        }
    }
}

/// Puts values in the place of the fields of a paragraph, each into the text in which it begins.
fn fill_paragraph(paragraph: &mut Element, scope: Scope<'_>) -> Result<(), TemplateError> {
    let mut texts = Vec::new();
    texts_of(paragraph, &mut texts);
    let whole: String = texts.iter().map(|text| text.as_str()).collect();
    if !whole.contains("{{") {
        return Ok(());
    }
    let spans = spans(&whole)?;
    // Where each text ends, in bytes of the whole.
    let mut ends = Vec::with_capacity(texts.len());
    let mut end = 0;
    for text in &texts {
        end += text.len();
        ends.push(end);
    }
    let mut filled = vec![String::new(); texts.len()];
    let text_at = |place: usize| ends.iter().position(|end| place < *end).unwrap_or_default();
    let mut place = 0;
    let mut rest = whole.as_str();
    for span in spans {
        match span {
            Span::Text(text) => {
                for c in text.chars() {
                    if let Some(into) = filled.get_mut(text_at(place)) {
                        into.push(c);
                    }
                    place += c.len_utf8();
                }
                rest = rest.strip_prefix(text).unwrap_or(rest);
            }
            Span::Field(name) => {
                let value = scope.value(name)?;
                if let Some(into) = filled.get_mut(text_at(place)) {
                    into.extend(value.chars().filter(|c| *c == '\n' || is_xml(*c)));
                }
                // The field as it was written, spaces in the braces included.
                let written = rest
                    .split_once("}}")
                    .map_or(rest.len(), |(field, _)| field.len() + 2);
                place += written;
                rest = rest.get(written..).unwrap_or_default();
            }
        }
    }
    for (text, new) in texts.into_iter().zip(filled) {
        *text = new;
    }
    Ok(())
}

fn write_nodes(writer: &mut Writer<Vec<u8>>, nodes: &[Node]) -> Result<(), TemplateError> {
    let broken = |error: std::io::Error| TemplateError::from(ReadError::broken(error));
    for node in nodes {
        match node {
            Node::Other(event) => writer.write_event(event.borrow()).map_err(broken)?,
            Node::Text(text) => {
                let escaped = quick_xml::escape::escape(text.as_str());
                writer.get_mut().extend_from_slice(escaped.as_bytes());
            }
            Node::Element(element) if element.is("t") => write_text(writer, element),
            Node::Element(element) if element.children.is_empty() => {
                let empty = Event::Empty(element.start.borrow());
                writer.write_event(empty).map_err(broken)?;
            }
            Node::Element(element) => {
                let start = Event::Start(element.start.borrow());
                writer.write_event(start).map_err(broken)?;
                write_nodes(writer, &element.children)?;
                let end = Event::End(element.start.to_end());
                writer.write_event(end).map_err(broken)?;
            }
        }
    }
    Ok(())
}

/// A text of a run, its lines parted by breaks; spaces at its ends stay.
fn write_text(writer: &mut Writer<Vec<u8>>, element: &Element) {
    let text: String = element
        .children
        .iter()
        .filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) | Node::Other(_) => None,
        })
        .collect();
    let is_words = element.start.name().as_ref() == "w:t";
    let xml = if is_words {
        super::write::text_xml(&text)
    } else {
        // Formulas have texts of their own kind.
        let name = element.start.name().into_inner().to_owned();
        let text = quick_xml::escape::escape(text.as_str());
        format!("<{name}>{text}</{name}>")
    };
    writer.get_mut().extend_from_slice(xml.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blank::{FormKind, example};
    use crate::bundle::{self, File};
    use crate::form::fill;
    use crate::word::{Block, read, write_form};

    fn docx(files: &[(&str, &str)]) -> Vec<u8> {
        let files: Vec<File> = files
            .iter()
            .map(|(name, text)| File {
                name: (*name).to_owned(),
                bytes: text.as_bytes().to_vec(),
            })
            .collect();
        bundle::write(&files).unwrap()
    }

    fn document(body: &str) -> Vec<u8> {
        let xml = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
        docx(&[("word/document.xml", &xml)])
    }

    fn values() -> Values {
        let mut values = Values::default();
        values.set("单位", "县水务局");
        values.set("内容", "停水 <3> 天 & \"{{单位}}\"\n</w:t>请恢复");
        values.push("附件", &[("名称", "照片".to_owned())]);
        values.push("附件", &[("名称", "录音".to_owned())]);
        values
    }

    fn said(bytes: &[u8]) -> Vec<String> {
        let lines = read(bytes)
            .unwrap()
            .into_iter()
            .flat_map(|block| match block {
                Block::Heading { text, .. } | Block::Paragraph { text } | Block::Item { text } => {
                    vec![text]
                }
                Block::Table { rows } => rows.iter().map(|row| row.join("|")).collect(),
            });
        lines.collect()
    }

    #[test]
    fn a_field_may_lie_over_several_runs() {
        let body = r#"<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t>致{</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:rPr><w:b/></w:rPr><w:t>{ 单</w:t></w:r><w:r><w:t>位 }}：</w:t></w:r></w:p>
            <w:sdt><w:sdtContent><w:p><w:r><w:t xml:space="preserve">反映 {{内容}}。</w:t></w:r></w:p></w:sdtContent></w:sdt>"#;
        let filled = fill_template(&document(body), &values(), None).unwrap();
        assert_eq!(
            said(&filled),
            [
                "致县水务局：",
                "反映 停水 <3> 天 & \"{{单位}}\"\n</w:t>请恢复。"
            ]
        );
        let mut archive = Archive::open(&filled).unwrap();
        let xml = archive.text("word/document.xml").unwrap().unwrap();
        assert!(
            xml.contains(r#"<w:pPr><w:jc w:val="center"/></w:pPr>"#),
            "{xml}"
        );
        assert!(
            xml.contains(r#"<w:proofErr w:type="spellStart"/>"#),
            "{xml}"
        );
    }

    #[test]
    fn a_row_comes_as_often_as_its_list_has_rows() {
        let row = |text: &str| {
            format!("<w:tr><w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc></w:tr>")
        };
        let table = |rows: &str| document(&format!("<w:tbl>{rows}</w:tbl>"));
        let rows = [row("材料"), row("{{附件.名称}}（{{单位}}）")].concat();
        let filled = fill_template(&table(&rows), &values(), None).unwrap();
        assert_eq!(
            said(&filled),
            ["材料", "照片（县水务局）", "录音（县水务局）"]
        );
    }

    #[test]
    fn what_a_template_cannot_have_is_named() {
        let p = |text: &str| document(&format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"));
        let unknown = |name: &str| {
            TemplateError::Fill(FillError::UnknownField {
                name: name.to_owned(),
            })
        };
        assert_eq!(
            fill_template(&p("{{科室}}"), &values(), None),
            Err(unknown("科室"))
        );
        let outside = FillError::OutsideRow {
            name: "附件.名称".to_owned(),
        };
        assert_eq!(
            fill_template(&p("{{附件.名称}}"), &values(), None),
            Err(outside.into())
        );
        let active = |what: &str| {
            Err(TemplateError::Active {
                what: what.to_owned(),
            })
        };
        let word = ("word/document.xml", "<w:document/>");
        let macros = docx(&[word, ("word/vbaProject.bin", "x")]);
        assert_eq!(
            fill_template(&macros, &values(), None),
            active("word/vbaProject.bin")
        );
        let remote = r#"<Relationships><Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://x/t.dotm" TargetMode="External"/></Relationships>"#;
        let remote = docx(&[word, ("word/_rels/settings.xml.rels", remote)]);
        assert_eq!(
            fill_template(&remote, &values(), None),
            active("http://x/t.dotm")
        );
        let link = r#"<Relationships><Relationship Id="r1" Type="http://x/hyperlink" Target="http://x" TargetMode="External"/></Relationships>"#;
        let link = docx(&[word, ("word/_rels/document.xml.rels", link)]);
        assert!(fill_template(&link, &values(), None).is_ok());
    }

    #[test]
    fn broken_and_hostile_templates_are_refused() {
        let deep = "<w:sdt>".repeat(DEPTH_MAX + 1);
        for body in [
            deep.as_str(),
            "<w:p>",
            "</w:p>",
            "<!DOCTYPE w [<!ENTITY a \"b\">]><w:p/>",
        ] {
            let refused = fill_template(&docx(&[("word/document.xml", body)]), &values(), None);
            assert!(
                matches!(refused, Err(TemplateError::Read(ReadError::Broken { .. }))),
                "{body}: {refused:?}"
            );
        }
        assert!(fill_template(b"", &values(), None).is_err());
        assert!(fill_template(b"PK\x03\x04broken", &values(), None).is_err());
    }

    #[test]
    fn a_blank_as_a_template_says_what_the_form_says() {
        for kind in FormKind::ALL {
            let template = write_form(&kind.template()).unwrap();
            let filled = fill_template(&template, &example(kind), None).unwrap();
            let form = fill(&kind.template(), &example(kind)).unwrap();
            let written = write_form(&form).unwrap();
            let squeezed = |bytes: &[u8]| {
                let said = said(bytes).concat();
                said.replace([' ', '　', '\n'], "")
            };
            assert_eq!(squeezed(&filled), squeezed(&written), "{kind:?}");
        }
    }
}
