//! Markdown: what answers are written in, as HTML and as pieces of a document.
//!
//! The same small part of it as in the window: paragraphs, lists, emphasis, tables, links. HTML
//! inside is text, pictures are left out, and only pages and telephone numbers may be followed.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Headings inside an answer stand below those of the page.
const HEADING_BELOW: usize = 3;

/// 文书的一段.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Heading {
        level: u8,
        text: String,
    },
    Paragraph {
        runs: Vec<Run>,
    },
    /// 列项 with what stands before it, `1.` or `•`, and how deep it lies in lists, from 0.
    Item {
        mark: String,
        depth: u8,
        runs: Vec<Run>,
    },
    Table {
        rows: Vec<Vec<String>>,
    },
}

/// 一样写法的一串字.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub text: String,
    pub is_bold: bool,
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_bold: false,
        }
    }
}

/// Renders an answer as HTML that runs nothing and loads nothing.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events are many, and what we do not know stays as it is"
)]
pub fn to_html(text: &str) -> String {
    let mut hidden_links = Vec::new();
    let events = events(text).filter_map(|event| match event {
        Event::Start(Tag::Link { ref dest_url, .. }) => {
            let may_follow = may_follow(dest_url);
            hidden_links.push(!may_follow);
            may_follow.then_some(event)
        }
        Event::End(TagEnd::Link) => match hidden_links.pop() {
            Some(true) => None,
            Some(false) | None => Some(event),
        },
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
            level: lowered(level),
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(lowered(level)))),
        other => Some(other),
    });
    let mut page = String::new();
    html::push_html(&mut page, events);
    page
}

/// An answer as pieces of a document.
pub fn to_pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Pieces::default();
    for event in events(text) {
        pieces.take(event);
    }
    pieces.end_block();
    pieces.done
}

/// HTML becomes text, pictures go, and a line that ends is a line that ends.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events are many, and what we do not know stays as it is"
)]
fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    Parser::new_ext(text, Options::ENABLE_TABLES).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(Event::Text(html)),
        Event::Code(code) => Some(Event::Text(CowStr::from(format!("`{code}`")))),
        Event::SoftBreak => Some(Event::HardBreak),
        Event::Start(Tag::Image { .. } | Tag::HtmlBlock)
        | Event::End(TagEnd::Image | TagEnd::HtmlBlock) => None,
        other => Some(other),
    })
}

fn may_follow(url: &str) -> bool {
    let url = url.trim().to_ascii_lowercase();
    ["http://", "https://", "tel:"]
        .iter()
        .any(|start| url.starts_with(start))
}

fn lowered(level: HeadingLevel) -> HeadingLevel {
    HeadingLevel::try_from(level as usize + HEADING_BELOW).unwrap_or(HeadingLevel::H6)
}

#[derive(Default)]
struct Pieces {
    done: Vec<Piece>,
    runs: Vec<Run>,
    n_bold: usize,
    heading: Option<u8>,
    /// The lists under way: the next number, `None` for dots.
    lists: Vec<Option<u64>>,
    /// What stands before the item under way, until it is written.
    mark: Option<String>,
    table: Option<Vec<Vec<String>>>,
}

impl Pieces {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's events are many, and most of them say nothing"
    )]
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.end_block();
                self.heading = u8::try_from(level as usize).ok();
            }
            Event::Start(Tag::List(first)) => {
                self.end_block();
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                self.end_block();
                self.lists.pop();
            }
            Event::Start(Tag::Item) => {
                self.end_block();
                self.mark = Some(match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    Some(None) | None => "•".to_owned(),
                });
            }
            Event::Start(Tag::Strong) => self.n_bold += 1,
            Event::End(TagEnd::Strong) => self.n_bold = self.n_bold.saturating_sub(1),
            Event::Start(Tag::Table(_)) => {
                self.end_block();
                self.table = Some(Vec::new());
            }
            Event::End(TagEnd::Table) => {
                if let Some(rows) = self.table.take() {
                    self.done.push(Piece::Table { rows });
                }
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            Event::End(TagEnd::TableCell) => {
                let text = std::mem::take(&mut self.runs);
                let text: String = text.into_iter().map(|run| run.text).collect();
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(text.trim().to_owned());
                }
            }
            Event::Start(Tag::Paragraph)
            | Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::CodeBlock,
            )
            | Event::Rule => self.end_block(),
            Event::Text(text) => self.say(&text),
            Event::HardBreak => self.say("\n"),
            _ => {}
        }
    }

    fn say(&mut self, text: &str) {
        let is_bold = self.n_bold > 0;
        match self.runs.last_mut() {
            Some(run) if run.is_bold == is_bold => run.text.push_str(text),
            Some(_) | None => self.runs.push(Run {
                text: text.to_owned(),
                is_bold,
            }),
        }
    }

    fn end_block(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let heading = self.heading.take();
        if runs.iter().all(|run| run.text.trim().is_empty()) {
            return;
        }
        let depth = u8::try_from(self.lists.len().saturating_sub(1)).unwrap_or(u8::MAX);
        self.done.push(match (heading, self.mark.take()) {
            (Some(level), _) => Piece::Heading {
                level,
                text: runs.into_iter().map(|run| run.text).collect(),
            },
            (None, Some(mark)) => Piece::Item { mark, depth, runs },
            (None, None) => Piece::Paragraph { runs },
        });
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    const ANSWER: &str = "先打**12333**挂失。\n再到窗口补办：\n\n1. 带身份证\n2. 交 `20` 元\n   - 现金也可以\n\n| 窗口 | 电话 |\n|---|---|\n| 3号 | 0818-7300000 |\n\n# 说明\n[官网](https://www.example.gov.cn) <script>alert(1)</script> [坏](javascript:alert(1)) ![图](https://x/y.png)";

    #[test]
    fn html_runs_nothing_and_loads_nothing() {
        expect![[r#"
            <p>先打<strong>12333</strong>挂失。<br />
            再到窗口补办：</p>
            <ol>
            <li>带身份证</li>
            <li>交 `20` 元
            <ul>
            <li>现金也可以</li>
            </ul>
            </li>
            </ol>
            <table><thead><tr><th>窗口</th><th>电话</th></tr></thead><tbody>
            <tr><td>3号</td><td>0818-7300000</td></tr>
            </tbody></table>
            <h4>说明</h4>
            <p><a href="https://www.example.gov.cn">官网</a> &lt;script&gt;alert(1)&lt;/script&gt; 坏 图</p>
        "#]]
        .assert_eq(&to_html(ANSWER));
        for hostile in [
            "<img src=x onerror=alert(1)>",
            "<div><script>alert(1)</script></div>",
            "[x](data:text/html,<script>alert(1)</script>)",
            "![x](javascript:alert(1))",
            "<https://a.example/\"onmouseover=alert(1)>",
            "[x](  JaVaScRiPt:alert(1))",
        ] {
            let page = to_html(hostile);
            for bad in ["<script", "<img", "<div", "javascript:alert", "href=\"data"] {
                let inside_tag = page.contains(bad) && bad.starts_with('<');
                let as_address = page.contains(&format!("=\"{bad}"));
                assert!(!inside_tag && !as_address, "{hostile} → {page}");
            }
        }
    }

    #[test]
    fn pieces_of_a_document() {
        let shown: Vec<String> = to_pieces(ANSWER)
            .iter()
            .map(|piece| match piece {
                Piece::Heading { level, text } => format!("{level} {text}"),
                Piece::Paragraph { runs } => shown(runs),
                Piece::Item { mark, depth, runs } => format!("{depth}{mark} {}", shown(runs)),
                Piece::Table { rows } => format!("{rows:?}"),
            })
            .collect();
        expect![[r#"
            先打*12333*挂失。
            再到窗口补办：
            01. 带身份证
            02. 交 `20` 元
            1• 现金也可以
            [["窗口", "电话"], ["3号", "0818-7300000"]]
            1 说明
            官网 <script>alert(1)</script> 坏 图"#]]
        .assert_eq(&shown.join("\n"));
    }

    fn shown(runs: &[Run]) -> String {
        let run = |run: &Run| {
            let mark = if run.is_bold { "*" } else { "" };
            format!("{mark}{}{mark}", run.text)
        };
        runs.iter().map(run).collect::<Vec<_>>().concat()
    }
}
