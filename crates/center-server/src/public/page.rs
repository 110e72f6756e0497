//! 页面: the citizens' page, written whole by the center. It needs no script: old browsers, those
//! inside other programs and readers for the blind get the same.
//!
//! Whatever comes from elsewhere goes through [`escape`], or through the Markdown of `documents`,
//! which makes no element that runs.

use documents::markdown;
use domain::kb::KbContent;
use wording::{text, time_text};

use super::follow::Followed;
use super::knowledge::{Found, PublicArticle};
use super::progress::{Progress, Standing};

pub(super) const STYLE: &str = include_str!("../../public/page.css");
pub(super) const TOKENS: &str = include_str!("../../../../ui/src/app/tokens.css");
pub(super) const SCRIPT: &str = include_str!("../../public/page.js");

const HOUSE: &str = "渠县12345热线";

/// What stands in the two doors of the first page.
#[derive(Default)]
pub(super) struct Typed<'a> {
    pub(super) question: &'a str,
    pub(super) number: &'a str,
    /// Why nothing is told of an order.
    pub(super) wrong: Option<String>,
}

pub(super) fn escape(text: &str) -> String {
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

fn document(title: &str, main: &str) -> String {
    let title = escape(title);
    format!(
        r##"<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} - {HOUSE}</title>
<link rel="stylesheet" href="/assets/public/tokens.css">
<link rel="stylesheet" href="/assets/public/page.css">
<script src="/assets/public/page.js" defer></script>
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<header class="band"><div class="wrap">
<a class="name" href="/">{HOUSE}</a>
<p class="what">群众自助查询</p>
<button class="larger" id="larger" type="button" aria-pressed="false" hidden>大字</button>
</div></header>
<main id="main" class="wrap">
{main}
</main>
<footer><div class="wrap">
<p class="call"><span>仍不清楚，或要反映问题，请拨打</span><a class="number" href="tel:12345">12345</a></p>
<p class="quiet small">遇到危险、火情、伤病、交通事故，请直接拨打 110、119、120、122。</p>
<p class="quiet small">本页不使用 Cookie，不记录您是谁。</p>
</div></footer>
</body>
</html>
"##
    )
}

/// `often` stands under the question.
fn doors(typed: &Typed<'_>, often: &str) -> String {
    let question = escape(typed.question);
    let number = escape(typed.number);
    let (wrong, described) = match &typed.wrong {
        Some(why) => (
            format!(
                "<p class=\"wrong\" id=\"wrong\" role=\"alert\">{}</p>\n",
                escape(why)
            ),
            " aria-describedby=\"wrong\" aria-invalid=\"true\"",
        ),
        None => (String::new(), ""),
    };
    format!(
        r##"<div class="doors">
<section class="door" aria-labelledby="ask-title">
<h2 id="ask-title">问政策、问办事</h2>
<form action="/" method="get" role="search">
<label for="question">您想问什么</label>
<input class="field" id="question" name="q" type="search" value="{question}" maxlength="200" autocomplete="off" aria-describedby="question-note">
<p class="quiet small" id="question-note">如：社保卡丢了怎么补办、停水找哪个单位</p>
<button class="go" type="submit">查询</button>
</form>
{often}</section>
<section class="door" aria-labelledby="follow-title">
<h2 id="follow-title">查办理进度</h2>
<form action="/follow" method="post">
<label for="number">工单编号</label>
<input class="field digits" id="number" name="number" value="{number}" maxlength="40" autocomplete="off" autocapitalize="characters" spellcheck="false" required{described}>
<label for="code">查询码</label>
<input class="field digits" id="code" name="code" inputmode="numeric" maxlength="20" autocomplete="off" spellcheck="false" required aria-describedby="code-note">
<p class="quiet small" id="code-note">8 位数字，登记时由热线告知，或见短信</p>
{wrong}<button class="go" type="submit">查看进度</button>
</form>
</section>
</div>
"##
    )
}

/// The first page, with some of what is often asked.
pub(super) fn home(typed: &Typed<'_>, articles: &[(String, PublicArticle)]) -> String {
    let mut links = String::new();
    for (id, article) in articles {
        let (id, title) = (url_part(id), escape(&article.content.title));
        links.push_str(&format!("<li><a href=\"/article/{id}\">{title}</a></li>\n"));
    }
    let often = if links.is_empty() {
        String::new()
    } else {
        format!("<h3 class=\"often\">常见问题</h3>\n<ul class=\"list questions\">\n{links}</ul>\n")
    };
    let title = "自助查询";
    let main = format!(
        "<h1>有问题，先查一查</h1>\n<p class=\"quiet\">答案由责任单位提供并经审核；查不到的请拨打 12345。</p>\n<div class=\"section\">{}</div>",
        doors(typed, &often)
    );
    document(title, &main)
}

/// What was found for a question; `unready` where the index is being built.
pub(super) fn answers(
    question: &str,
    found: Option<(&Found, &[(String, PublicArticle)])>,
) -> String {
    let asked = escape(question);
    let mut main = format!("<h1 id=\"told\" tabindex=\"-1\">“{asked}”的查询结果</h1>\n");
    match found {
        None => main.push_str(&nothing("查询正在准备，请稍后再试。")),
        Some((found, articles)) => {
            let of = |id: &str| articles.iter().find(|(it, _)| it == id).map(|(_, it)| it);
            let answer = found
                .answer
                .as_ref()
                .and_then(|answer| Some((answer, of(&answer.id)?)));
            if let Some((answer, article)) = answer {
                main.push_str(&answer_card(answer, article));
            } else if found.hits.is_empty() {
                main.push_str(&nothing("没有找到相关内容。请换个说法再查。"));
            } else {
                main.push_str(&nothing("没有可以直接答复的内容，下面的条目可能有关。"));
            }
            let others: String = found
                .hits
                .iter()
                .filter_map(|hit| Some(hit_line(hit, of(&hit.id)?)))
                .collect();
            if !others.is_empty() {
                main.push_str(&format!(
                    "<section class=\"section\" aria-labelledby=\"hits\"><h2 id=\"hits\">相关条目</h2>\n<ul class=\"list\">\n{others}</ul></section>"
                ));
            }
        }
    }
    let typed = Typed {
        question,
        ..Typed::default()
    };
    main.push_str(&format!(
        "<div class=\"section\">{}</div>",
        doors(&typed, "")
    ));
    document(&format!("{question} 的查询结果"), &main)
}

fn nothing(why: &str) -> String {
    format!(
        "<div class=\"section card\"><p>{why}</p><p class=\"call\"><span>要问人的，请拨打</span><a class=\"number\" href=\"tel:12345\">12345</a></p></div>"
    )
}

fn answer_card(answer: &search::Answer, article: &PublicArticle) -> String {
    let label = if answer.label.is_empty() {
        String::new()
    } else {
        format!("<h3>{}</h3>", escape(&answer.label))
    };
    format!(
        "<section class=\"section card answer\" aria-labelledby=\"answer\"><h2 id=\"answer\">答复</h2>{label}<p class=\"passage\">{}</p><p class=\"about\">出处：<a href=\"/article/{}\">{}</a> · {}</p></section>",
        escape(&answer.passage),
        url_part(&answer.id),
        escape(&article.content.title),
        escape(&source_line(&article.content)),
    )
}

fn hit_line(hit: &search::Hit, article: &PublicArticle) -> String {
    format!(
        "<li><a href=\"/article/{}\">{}</a><p>{}</p><p class=\"quiet small\">{}</p></li>\n",
        url_part(&hit.id),
        marked(&hit.title),
        marked(&hit.snippet),
        escape(&source_line(&article.content)),
    )
}

fn marked(segments: &[search::Segment]) -> String {
    let mut html = String::new();
    for segment in segments {
        let text = escape(&segment.text);
        if segment.is_hit {
            html.push_str(&format!("<mark>{text}</mark>"));
        } else {
            html.push_str(&text);
        }
    }
    html
}

fn source_line(content: &KbContent) -> String {
    let valid = match content.valid_until {
        Some(last) => format!("有效期至{}", time_text::date(last)),
        None => "长期有效".to_owned(),
    };
    format!("责任单位：{} · {valid}", content.unit)
}

/// One article, whole.
pub(super) fn article(article: &PublicArticle) -> String {
    let content = &article.content;
    let mut main = format!(
        "<a class=\"back\" href=\"/\">返回查询</a>\n<article class=\"card article\"><p class=\"quiet small\">{}</p><h1>{}</h1>\n<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"正文\">{}</div>",
        text::template(content.template),
        escape(&content.title),
        markdown::to_html(&content.answer),
    );
    for section in &content.sections {
        main.push_str(&format!(
            "<h2>{}</h2><div>{}</div>",
            escape(&section.label),
            markdown::to_html(&section.text)
        ));
    }
    main.push_str(&format!(
        "<p class=\"about\">{}<br>来源：{} · 第{}版</p></article>",
        escape(&source_line(content)),
        escape(&content.source),
        article.version,
    ));
    document(&content.title, &main)
}

/// What somebody who follows an order is shown.
pub(super) fn followed(followed: &Followed, number: &str) -> String {
    match followed {
        Followed::Told(progress) => document(
            &format!("工单 {}", progress.number),
            &progress_html(progress),
        ),
        Followed::Wrong { because } => {
            let typed = Typed {
                number,
                wrong: Some(because.clone()),
                ..Typed::default()
            };
            let main = format!(
                "<h1>没有查到</h1>\n<div class=\"section\">{}</div>",
                doors(&typed, "")
            );
            document("没有查到", &main)
        }
    }
}

fn progress_html(progress: &Progress) -> String {
    let mut html = format!(
        "<a class=\"back\" href=\"/\">返回查询</a>\n<section class=\"card\" aria-labelledby=\"told\"><h1 id=\"told\" tabindex=\"-1\">工单 {}</h1><p class=\"quiet\">{}登记</p><p class=\"stage\">{}</p><p>{}</p>",
        escape(&progress.number),
        progress.registered_text,
        progress.stage,
        escape(&progress.next),
    );
    if progress.is_reduced {
        html.push_str("<p class=\"quiet small\">这件工单保密，网上只显示办到哪一步。</p>");
    }
    if !progress.steps.is_empty() {
        html.push_str("<ol class=\"steps\">");
        for step in &progress.steps {
            let (class, at) = match step.standing {
                Standing::Done => ("done", step.at_text.as_str()),
                Standing::Now => ("now", "进行中"),
                Standing::ToCome => ("to-come", "待进行"),
            };
            html.push_str(&format!(
                "<li class=\"{class}\">{}<span class=\"at\">{}</span></li>",
                escape(&step.text),
                escape(at)
            ));
        }
        html.push_str("</ol>");
    }
    html.push_str("</section>");
    for told in &progress.answers {
        html.push_str(&format!(
            "<section class=\"section card answer\"><h2>{}答复</h2><p class=\"passage\">{}</p><p class=\"about\">{}</p></section>",
            escape(&told.by),
            escape(&told.text),
            escape(&told.at_text),
        ));
    }
    html
}

/// Nothing is here, or too much was asked.
pub(super) fn plain_page(title: &str, why: &str) -> String {
    let main = format!(
        "<a class=\"back\" href=\"/\">返回查询</a>\n<section class=\"card\"><h1>{}</h1><p>{}</p></section>",
        escape(title),
        escape(why)
    );
    document(title, &main)
}

/// An identity as a part of an address.
fn url_part(id: &str) -> String {
    let mut part = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            part.push_str(&format!("%{byte:02X}"));
        }
    }
    part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_typed_is_shown_and_does_not_run() {
        let hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
        let typed = Typed {
            question: hostile,
            number: hostile,
            wrong: Some(hostile.to_owned()),
        };
        for page in [
            home(&typed, &[]),
            answers(hostile, None),
            plain_page(hostile, hostile),
        ] {
            assert!(!page.contains("<script>alert"), "{page}");
            assert!(!page.contains("<img"), "{page}");
        }
        assert_eq!(url_part("a/../b?\u{6c34}"), "a%2F..%2Fb%3F%E6%B0%B4");
    }
}
