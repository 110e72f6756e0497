//! 文书: a docx as articles, one or several by its headings.

use std::collections::BTreeMap;

use documents::word::Block;

use super::source::{Source, SourceRow};
use crate::kb_columns::{self, KbColumn};

/// Headings below are never the titles of articles.
const LEVEL_MAX: u8 = 4;
/// The longest label of a line 标签：内容, in characters.
const LABEL_MAX_CHARS: usize = 8;

/// The articles of a document, cut by headings of `level` (0 for the whole as one), or as its
/// headings suggest.
pub(super) fn source(file: &str, blocks: &[Block], level: Option<u8>) -> Source {
    let levels = levels_of(blocks);
    let level = level
        .filter(|level| *level == 0 || levels.contains(level))
        .unwrap_or_else(|| suggested(blocks, &levels));
    let (articles, n_before) = cut(file, blocks, level);
    let mut columns = vec![KbColumn::Title];
    for article in &articles {
        for column in article.keys() {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
    }
    let mut notes = Vec::new();
    if n_before > 0 {
        notes.push(format!(
            "第一个条目标题之前的 {n_before} 段文字没有归入任何条目"
        ));
    }
    let called = file.to_owned();
    let rows = (1..)
        .zip(&articles)
        .map(|(number, article)| SourceRow {
            number,
            cells: columns
                .iter()
                .map(|column| article.get(column).map(|it| it.trim().to_owned()))
                .map(Option::unwrap_or_default)
                .collect(),
        })
        .collect();
    let mut levels_and_whole = vec![0];
    levels_and_whole.extend(levels);
    Source {
        file: called.clone(),
        sheet: String::new(),
        is_document: true,
        template: kb_columns::template_of(&called, &columns),
        names: columns.iter().map(KbColumn::name).collect(),
        columns,
        rows,
        n_notes: 0,
        notes,
        levels: levels_and_whole,
        level,
    }
}

/// The headings, with their levels.
fn headings(blocks: &[Block]) -> impl Iterator<Item = (u8, &str)> {
    blocks.iter().filter_map(|block| match block {
        Block::Heading { level, text } => Some((*level, text.as_str())),
        Block::Paragraph { .. } | Block::Item { .. } | Block::Table { .. } => None,
    })
}

fn levels_of(blocks: &[Block]) -> Vec<u8> {
    let levels = headings(blocks).map(|(level, _)| level);
    let mut levels: Vec<u8> = levels.filter(|level| *level <= LEVEL_MAX).collect();
    levels.sort_unstable();
    levels.dedup();
    levels
}

/// The highest level with several headings most of which name no part of an article; where there is
/// none, the whole document is one article.
fn suggested(blocks: &[Block], levels: &[u8]) -> u8 {
    let is_cut = |level: &&u8| {
        let at_level = headings(blocks).filter(|(own, _)| own == *level);
        let at_level = at_level.map(|(_, text)| text);
        let (n, n_parts) = at_level.fold((0, 0), |(n, n_parts), text| {
            (
                n + 1,
                n_parts + usize::from(KbColumn::of_name(text).is_some()),
            )
        });
        n > 1 && n_parts * 2 < n
    };
    levels.iter().find(is_cut).copied().unwrap_or(0)
}

type Article = BTreeMap<KbColumn, String>;

/// The articles, and how many paragraphs stand before the first.
fn cut(file: &str, blocks: &[Block], level: u8) -> (Vec<Article>, usize) {
    let mut articles: Vec<Article> = Vec::new();
    let mut part = KbColumn::Answer;
    let mut n_before = 0;
    let mut has_form = false;
    // A whole document is called as its first heading is, where that one stands alone, or as the file.
    let mut blocks = blocks;
    if level == 0 {
        let mut title = stem(file).to_owned();
        if let Some((Block::Heading { level: first, text }, rest)) = blocks.split_first() {
            let is_alone = !rest
                .iter()
                .any(|block| matches!(block, Block::Heading { level, .. } if level == first));
            if is_alone && KbColumn::of_name(text).is_none() {
                title.clone_from(text);
                blocks = rest;
            }
        }
        articles.push(Article::from([(KbColumn::Title, title)]));
    }
    for block in blocks {
        if let Block::Heading { level: own, text } = block
            && level > 0
            && *own <= level
        {
            part = KbColumn::Answer;
            if *own == level {
                articles.push(Article::from([(KbColumn::Title, text.clone())]));
            }
            continue;
        }
        let Some(article) = articles.last_mut() else {
            n_before += 1;
            continue;
        };
        match block {
            Block::Heading { level: own, text } if *own <= level + 1 || level == 0 => {
                part = part_named(text);
                article.entry(part.clone()).or_default();
            }
            Block::Heading { text, .. } => add(article, &part, &emphasised(&part, text)),
            Block::Paragraph { text } => match labelled(text) {
                Some((column, said)) => add(article, &column, said),
                None => add(article, &part, text),
            },
            Block::Item { text } => add(article, &part, &format!("- {text}")),
            Block::Table { rows } => match fields_of(rows) {
                Some(fields) => {
                    // One form after the other, each with its title: each is an article.
                    let is_titled = fields.iter().any(|(column, _)| *column == KbColumn::Title);
                    if is_titled && std::mem::replace(&mut has_form, is_titled) && level == 0 {
                        articles.push(Article::new());
                    }
                    if let Some(article) = articles.last_mut() {
                        fill_in(article, fields);
                    }
                }
                None => add(article, &part, &format!("\n{}\n", markdown_table(rows))),
            },
        }
    }
    for article in &mut articles {
        article.retain(|_, text| !text.trim().is_empty());
    }
    (articles, n_before)
}

/// What a form says; its title is the title.
fn fill_in(article: &mut Article, fields: Vec<(KbColumn, String)>) {
    for (column, said) in fields {
        if column == KbColumn::Title {
            article.insert(column, said);
        } else {
            add(article, &column, &said);
        }
    }
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn part_named(label: &str) -> KbColumn {
    KbColumn::of_name(label)
        .filter(|column| !matches!(column, KbColumn::Title | KbColumn::Id))
        .or_else(|| KbColumn::of_key(&format!("section:{label}")))
        .unwrap_or(KbColumn::Answer)
}

fn add(article: &mut Article, part: &KbColumn, line: &str) {
    let text = article.entry(part.clone()).or_default();
    if !text.is_empty() {
        // In Markdown a paragraph ends with an empty line; an item of a list does not.
        let is_item = line.starts_with("- ");
        let is_list = text
            .lines()
            .last()
            .is_some_and(|last| last.starts_with("- "));
        let needs_gap = *part == KbColumn::Answer && is_item != is_list;
        text.push_str(if needs_gap { "\n\n" } else { "\n" });
    }
    text.push_str(line);
}

fn emphasised(part: &KbColumn, text: &str) -> String {
    if *part == KbColumn::Answer {
        format!("\n**{text}**\n")
    } else {
        text.to_owned()
    }
}

/// 责任单位：县人社局. Only names that stand for one line of an article, written as we write them: in
/// the text of a section such a line may mean something else.
fn labelled(text: &str) -> Option<(KbColumn, &str)> {
    let (label, said) = text.split_once(['：', ':'])?;
    let label = label.trim();
    if label.chars().count() > LABEL_MAX_CHARS {
        return None;
    }
    let column = KbColumn::of_name(label)?;
    let is_line = matches!(
        column,
        KbColumn::Id
            | KbColumn::Template
            | KbColumn::Unit
            | KbColumn::ResponsiblePerson
            | KbColumn::Source
            | KbColumn::ValidFrom
            | KbColumn::ValidUntil
            | KbColumn::NextReview
    );
    (is_line && column.name() == label).then(|| (column, said.trim()))
}

/// A form of two columns, names on the left: what offices fill in. `None` for any other table.
fn fields_of(rows: &[Vec<String>]) -> Option<Vec<(KbColumn, String)>> {
    let pairs: Option<Vec<(&String, &String)>> = rows
        .iter()
        .map(|row| match row.as_slice() {
            [name, said] => Some((name, said)),
            _ => None,
        })
        .collect();
    let pairs = pairs?;
    let n_known = pairs
        .iter()
        .filter(|(name, _)| KbColumn::of_name(name).is_some());
    if n_known.count() * 2 <= pairs.len() {
        return None;
    }
    let fields = pairs.into_iter().filter(|(name, _)| !name.is_empty());
    Some(
        fields
            .map(|(name, said)| {
                let column = KbColumn::of_name(name).unwrap_or_else(|| part_named(name));
                (column, said.clone())
            })
            .collect(),
    )
}

fn markdown_table(rows: &[Vec<String>]) -> String {
    let n_columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let line = |cells: &[String]| {
        let cells = (0..n_columns).map(|at| {
            let cell = cells.get(at).map_or("", String::as_str);
            cell.replace('\n', " ").replace('|', "\\|")
        });
        format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut lines: Vec<String> = rows.iter().map(|cells| line(cells)).collect();
    if !lines.is_empty() {
        lines.insert(1, format!("|{}", "---|".repeat(n_columns)));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    /// Lines: `# ` a heading, `- ` an item, `|` a row of a table, else a paragraph.
    fn blocks(text: &str) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_table = false;
        for line in text.lines().map(str::trim) {
            let was_table = std::mem::replace(&mut is_table, line.starts_with('|'));
            if line.is_empty() {
                continue;
            }
            let level = line.chars().take_while(|c| *c == '#').count();
            let own = |text: &str| text.trim().to_owned();
            if let Some(row) = line.strip_prefix('|') {
                let row = row.trim_end_matches('|');
                let row: Vec<String> = row.split('|').map(own).collect();
                match blocks.last_mut() {
                    Some(Block::Table { rows }) if was_table => rows.push(row),
                    _ => blocks.push(Block::Table { rows: vec![row] }),
                }
            } else if level > 0 {
                blocks.push(Block::Heading {
                    level: u8::try_from(level).unwrap(),
                    text: own(line.trim_start_matches('#')),
                });
            } else if let Some(text) = line.strip_prefix("- ") {
                blocks.push(Block::Item { text: own(text) });
            } else {
                blocks.push(Block::Paragraph { text: own(line) });
            }
        }
        blocks
    }

    fn check(text: &str, level: Option<u8>, expected: &Expect) {
        let source = source("资料/电子社保卡.docx", &blocks(text), level);
        let mut shown = format!(
            "{:?} 按 {} 级，可按 {:?} {:?}\n",
            source.template, source.level, source.levels, source.notes
        );
        for row in &source.rows {
            shown.push_str(&format!("第 {} 篇\n", row.number));
            for (name, cell) in source.names.iter().zip(&row.cells) {
                if !cell.is_empty() {
                    shown.push_str(&format!("  {name}: {cell:?}\n"));
                }
            }
        }
        expected.assert_eq(&shown);
    }

    const GUIDES: &str = "
        # 人社局知识汇编
        说明文字
        ## 社保卡挂失
        先打12333挂失。
        责任单位：县人社局
        ### 所需材料
        - 身份证
        - 户口簿
        ### 流程
        先挂失
        #### 补卡
        再补卡
        ### 收费标准
        |项目|金额|
        |补卡|20元|
        ## 社保卡激活
        |标题|社保卡怎么激活|
        |答复口径|到银行激活|
        |责任人|陈静|
    ";

    #[test]
    fn several_articles_by_headings() {
        check(
            GUIDES,
            None,
            &expect![[r#"
                ServiceGuide 按 2 级，可按 [0, 1, 2, 3, 4] ["第一个条目标题之前的 1 段文字没有归入任何条目"]
                第 1 篇
                  标题: "社保卡挂失"
                  标准答案: "先打12333挂失。"
                  办理流程: "先挂失\n补卡\n再补卡"
                  段落：收费标准: "| 项目 | 金额 |\n|---|---|\n| 补卡 | 20元 |"
                  申请材料: "- 身份证\n- 户口簿"
                  责任单位: "县人社局"
                第 2 篇
                  标题: "社保卡怎么激活"
                  标准答案: "到银行激活"
                  责任人: "陈静"
            "#]],
        );
    }

    #[test]
    fn one_article_by_its_parts() {
        check(
            "# 社保卡挂失
             ## 答复口径
             先打**12333**挂失。
             ## 群众的说法
             社保卡丢了
             ## 有效期
             2027年12月31日",
            None,
            &expect![[r#"
                StandardAnswer 按 0 级，可按 [0, 1, 2] []
                第 1 篇
                  标题: "社保卡挂失"
                  群众的说法: "社保卡丢了"
                  标准答案: "先打**12333**挂失。"
                  有效期至: "2027年12月31日"
            "#]],
        );
        check(
            "|事项名称|身份证|\n|答复口径|到派出所|\n\n|事项名称|居住证|\n|答复口径|也到派出所|\n",
            None,
            &expect![[r#"
                StandardAnswer 按 0 级，可按 [0] []
                第 1 篇
                  标题: "身份证"
                  标准答案: "到派出所"
                第 2 篇
                  标题: "居住证"
                  标准答案: "也到派出所"
            "#]],
        );
        check(
            "没有标题，只有一段话。\n- 一项\n又一段",
            Some(3),
            &expect![[r#"
                StandardAnswer 按 0 级，可按 [0] []
                第 1 篇
                  标题: "电子社保卡"
                  标准答案: "没有标题，只有一段话。\n\n- 一项\n\n又一段"
            "#]],
        );
    }
}
