//! 公开版: what anybody may read, as JSON and as one page that opens without a network.
//!
//! Only what is published, not suspended and valid on the day. No internal note and no person: an
//! article goes through [`KbContent::public`] before a single word of it is written. What a sample
//! says is marked as one. The form of the JSON is described in `docs/公开版数据格式.md` and is frozen:
//! fields are only added.

use anyhow::Context as _;
use chrono::NaiveDate;
use desk_store::Reader;
use documents::bundle::{self, File};
use documents::markdown;
use documents::watermark::Watermark;
use domain::kb::KbContent;
use serde::Serialize;

use super::reading::day_text;
use crate::error::CallError;
use crate::reference::wire_name;
use crate::text;

/// The name and the number of the form, so that whoever reads it can tell.
const FORMAT: &str = "hotline-kb-public";
const FORMAT_VERSION: u32 = 1;

const PAGE: &str = include_str!("../../public/page.html");
const STYLE: &str = include_str!("../../public/page.css");
const SCRIPT: &str = include_str!("../../public/page.js");
const SCHEMA: &str = include_str!("../../public/knowledge.schema.json");

/// An article of the public version.
pub(super) struct PublicArticle {
    id: String,
    version: u32,
    content: KbContent,
    is_sample: bool,
}

#[derive(Serialize)]
struct Knowledge<'a> {
    format: &'static str,
    version: u32,
    made_on: NaiveDate,
    n_articles: usize,
    articles: Vec<Article<'a>>,
}

#[derive(Serialize)]
struct Article<'a> {
    id: &'a str,
    version: u32,
    is_sample: bool,
    template: String,
    template_text: &'static str,
    title: &'a str,
    questions: &'a [String],
    answer_markdown: &'a str,
    answer_html: String,
    sections: Vec<Section<'a>>,
    unit: &'a str,
    source: &'a str,
    valid_from: Option<NaiveDate>,
    valid_until: Option<NaiveDate>,
}

#[derive(Serialize)]
struct Section<'a> {
    label: &'a str,
    text: &'a str,
}

/// What may be read by anybody on that day.
pub(super) fn articles(reader: &Reader, today: NaiveDate) -> anyhow::Result<Vec<PublicArticle>> {
    let mut articles = Vec::new();
    reader.all_articles(|stored| {
        let article = stored.article;
        let is_valid =
            article.valid_from.is_none_or(|first| first <= today) && !article.is_expired_on(today);
        if is_valid {
            articles.push(PublicArticle {
                id: article.id.0.clone(),
                version: stored.version,
                is_sample: stored.is_sample,
                content: KbContent::from(article).public(),
            });
        }
        Ok(())
    })?;
    Ok(articles)
}

/// The zip: the page, the JSON and what the JSON looks like. Anybody may read it, so of the watermark it has
/// nothing but the number, which says nobody's name.
pub(super) fn bundle(
    articles: &[PublicArticle],
    today: NaiveDate,
    mark: &Watermark,
) -> Result<Vec<u8>, CallError> {
    let knowledge = Knowledge {
        format: FORMAT,
        version: FORMAT_VERSION,
        made_on: today,
        n_articles: articles.len(),
        articles: articles.iter().map(article).collect(),
    };
    let json = serde_json::to_vec_pretty(&knowledge).context("Writing the JSON")?;
    let file = |name: &str, bytes: Vec<u8>| File {
        name: name.to_owned(),
        bytes,
    };
    let files = [
        file("index.html", page(articles, today, mark).into_bytes()),
        file("knowledge.json", json),
        file("knowledge.schema.json", SCHEMA.as_bytes().to_vec()),
    ];
    Ok(bundle::write(&files).context("Packing the public version")?)
}

fn article(article: &PublicArticle) -> Article<'_> {
    let content = &article.content;
    Article {
        id: &article.id,
        version: article.version,
        is_sample: article.is_sample,
        template: wire_name(&content.template),
        template_text: text::template(content.template),
        title: &content.title,
        questions: &content.questions,
        answer_markdown: &content.answer,
        answer_html: markdown::to_html(&content.answer),
        sections: content
            .sections
            .iter()
            .map(|section| Section {
                label: &section.label,
                text: &section.text,
            })
            .collect(),
        unit: &content.unit,
        source: &content.source,
        valid_from: content.valid_from,
        valid_until: content.valid_until,
    }
}

/// Every article stands in the page itself: a page that is opened from a folder may load nothing.
fn page(articles: &[PublicArticle], today: NaiveDate, mark: &Watermark) -> String {
    let all: String = articles.iter().map(article_html).collect();
    let n_samples = articles.iter().filter(|it| it.is_sample).count();
    let samples = if n_samples > 0 {
        format!("，其中示例 {n_samples} 条，示例不作为办事依据")
    } else {
        String::new()
    };
    // One pass: what an article says is never looked at as a place to put something in.
    let mut page = String::with_capacity(PAGE.len() + all.len());
    for part in PAGE.split("{{") {
        let Some((name, rest)) = part.split_once("}}") else {
            page.push_str(part);
            continue;
        };
        page.push_str(match name {
            "style" => STYLE,
            "script" => SCRIPT,
            "articles" => &all,
            "samples" => &samples,
            _ => "",
        });
        match name {
            "count" => page.push_str(&articles.len().to_string()),
            "serial" => page.push_str(&mark.serial_text()),
            "day" => page.push_str(&day_text(Some(today))),
            _ => {}
        }
        page.push_str(rest);
    }
    page
}

fn article_html(article: &PublicArticle) -> String {
    let content = &article.content;
    let mut html = format!(
        "<details><summary><span class=\"title\">{}</span>{}<span class=\"kind\">{}</span></summary>",
        escape(&content.title),
        if article.is_sample {
            "<span class=\"sample\">示例</span>"
        } else {
            ""
        },
        text::template(content.template),
    );
    if !content.questions.is_empty() {
        let asked: Vec<String> = content.questions.iter().map(|it| escape(it)).collect();
        html.push_str(&format!("<p class=\"asked\">{}</p>", asked.join("；")));
    }
    html.push_str(&markdown::to_html(&content.answer));
    for section in &content.sections {
        html.push_str(&format!(
            "<h3>{}</h3>{}",
            escape(&section.label),
            markdown::to_html(&section.text)
        ));
    }
    let valid_until = match day_text(content.valid_until) {
        day if day.is_empty() => "长期有效".to_owned(),
        day => format!("有效期至{day}"),
    };
    let about = [
        content.unit.as_str(),
        content.source.as_str(),
        valid_until.as_str(),
    ];
    let about: Vec<String> = about
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| escape(text))
        .collect();
    html.push_str(&format!(
        "<footer>{}</footer></details>\n",
        about.join(" · ")
    ));
    html
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}
