//! 水印 in a docx of an office's own.

use super::{Node, TemplateError, parse};
use crate::ReadError;
use crate::watermark::Watermark;
use crate::word::write::text_xml;

/// Says whose the document is: hidden behind its first words, and in a paragraph before the properties of its
/// last section, which stand at the end of the body.
pub(super) fn put(nodes: &mut [Node], mark: &Watermark) -> Result<(), TemplateError> {
    let mut elements = nodes.iter_mut().filter_map(|node| match node {
        Node::Element(element) => Some(element),
        Node::Text(_) | Node::Other(_) => None,
    });
    let document = elements.find(|it| it.is("document"));
    let mut inside = document
        .map_or(&mut [][..], |it| it.children.as_mut_slice())
        .iter_mut();
    let body = inside.find_map(|node| match node {
        Node::Element(element) if element.is("body") => Some(element),
        Node::Element(_) | Node::Text(_) | Node::Other(_) => None,
    });
    let body = body.ok_or_else(|| ReadError::broken("a document without a body"))?;
    if let Some(first) = first_text(&mut body.children) {
        first.push_str(&mark.hidden());
    }
    let seen = format!("{}{}", mark.text(), mark.hidden());
    let text = text_xml(&seen);
    let word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let paragraph = format!(
        r#"<w:p xmlns:w="{word}"><w:r><w:rPr><w:color w:val="808080"/><w:sz w:val="16"/></w:rPr>{text}</w:r></w:p>"#
    );
    let is_section = |node: &Node| matches!(node, Node::Element(it) if it.is("sectPr"));
    let at = body.children.iter().rposition(is_section);
    let at = at.unwrap_or(body.children.len());
    body.children.splice(at..at, parse(&paragraph)?);
    Ok(())
}

fn first_text(nodes: &mut [Node]) -> Option<&mut String> {
    nodes.iter_mut().find_map(|node| match node {
        Node::Text(text) if !text.trim().is_empty() => Some(text),
        Node::Element(element) => first_text(&mut element.children),
        Node::Text(_) | Node::Other(_) => None,
    })
}
