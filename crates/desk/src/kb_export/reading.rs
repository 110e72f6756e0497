//! 文稿: articles to read, as one docx or as a folder of Markdown.

use anyhow::Context as _;
use documents::bundle::{File, safe_name};
use documents::markdown::{Piece, Run, to_pieces};
use documents::watermark::Watermark;
use documents::word;
use domain::kb::KbContent;

use super::Exported;
use crate::error::CallError;
use crate::reference::ReferenceTables;
use crate::{text, time_text};

/// The lines about an article: what it is called, and what there is to say.
fn about(
    article: &Exported,
    with_internal: bool,
    names: &ReferenceTables,
) -> Vec<(&'static str, String)> {
    let content = &article.content;
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut lines = vec![
        ("模板", text::template(content.template).to_owned()),
        ("状态", article.state_text.clone()),
        ("责任单位", content.unit.clone()),
        ("来源", content.source.clone()),
        (
            "事项分类",
            names.category_text(&content.category_id).to_owned(),
        ),
        (
            "适用地点",
            names.township_text(&content.township_code).to_owned(),
        ),
        ("有效期自", day(content.valid_from)),
        ("有效期至", day(content.valid_until)),
        ("下次复核日", day(content.next_review_on)),
    ];
    if with_internal {
        lines.insert(3, ("责任人", content.responsible_person.clone()));
    }
    lines.retain(|(_, text)| !text.is_empty());
    lines
}

/// One docx: a heading for each article, and under it its parts.
pub(super) fn document(
    articles: &[Exported],
    with_internal: bool,
    names: &ReferenceTables,
    mark: &Watermark,
) -> Result<Vec<u8>, CallError> {
    let pieces: Vec<Piece> = articles
        .iter()
        .flat_map(|article| pieces_of(article, with_internal, names))
        .collect();
    Ok(word::write(&pieces, Some(mark)).context("Writing the document")?)
}

fn pieces_of(article: &Exported, with_internal: bool, names: &ReferenceTables) -> Vec<Piece> {
    let content = &article.content;
    let heading = |level: u8, text: &str| Piece::Heading {
        level,
        text: text.to_owned(),
    };
    let plain = |text: &str| Piece::Paragraph {
        runs: vec![Run::plain(text)],
    };
    let mut pieces = vec![heading(1, &content.title)];
    for (label, text) in about(article, with_internal, names) {
        pieces.push(plain(&format!("{label}：{text}")));
    }
    if !content.questions.is_empty() {
        pieces.push(heading(2, "群众的说法"));
        pieces.extend(content.questions.iter().map(|question| plain(question)));
    }
    if !content.answer.is_empty() {
        pieces.push(heading(2, "标准答案"));
        pieces.extend(to_pieces(&content.answer).into_iter().map(lowered));
    }
    for section in &content.sections {
        pieces.push(heading(2, &section.label));
        pieces.extend(to_pieces(&section.text).into_iter().map(lowered));
    }
    if with_internal && !content.internal_note.is_empty() {
        pieces.push(heading(2, "内部口径"));
        pieces.push(plain(&content.internal_note));
    }
    pieces
}

/// Headings inside an answer stand below those of its parts.
fn lowered(piece: Piece) -> Piece {
    match piece {
        Piece::Heading { level, text } => Piece::Heading {
            level: level.saturating_add(2),
            text,
        },
        other @ (Piece::Paragraph { .. } | Piece::Item { .. } | Piece::Table { .. }) => other,
    }
}

/// A file for each article, in a folder for each unit.
pub(super) fn markdown_files(
    articles: &[Exported],
    with_internal: bool,
    names: &ReferenceTables,
    mark: &Watermark,
) -> Vec<File> {
    articles
        .iter()
        .map(|article| {
            let content = &article.content;
            let (unit, title) = (safe_name(&content.unit), safe_name(&content.title));
            File {
                name: format!("{unit}/{title}.md"),
                bytes: format!(
                    "{}\n---\n\n{}\n",
                    markdown(article, content, with_internal, names),
                    mark.text()
                )
                .into_bytes(),
            }
        })
        .collect()
}

fn markdown(
    article: &Exported,
    content: &KbContent,
    with_internal: bool,
    names: &ReferenceTables,
) -> String {
    let mut page = format!("# {}\n\n", content.title);
    for (label, text) in about(article, with_internal, names) {
        page.push_str(&format!("- {label}：{text}\n"));
    }
    if !content.questions.is_empty() {
        page.push_str("\n## 群众的说法\n\n");
        for question in &content.questions {
            page.push_str(&format!("- {question}\n"));
        }
    }
    let mut part = |label: &str, text: &str| {
        if !text.is_empty() {
            page.push_str(&format!("\n## {label}\n\n{text}\n"));
        }
    };
    part("标准答案", &content.answer);
    for section in &content.sections {
        part(&section.label, &section.text);
    }
    if with_internal {
        part("内部口径", &content.internal_note);
    }
    page
}

/// 2026年11月24日.
pub(super) fn day_text(day: Option<chrono::NaiveDate>) -> String {
    day.map(time_text::date).unwrap_or_default()
}
