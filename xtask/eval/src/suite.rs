//! The three retrieval tasks of the measuring data, read from their folder as they lie there.
//!
//! Each becomes a knowledge base and queries of the form that `--kb` and `--queries` take, in a
//! temporary folder that is gone afterwards: nothing of the data stays anywhere.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;

/// So much of a message is the query.
const MESSAGE_CHARACTERS: usize = 100;

/// Answers shorter than this are dates, numbers and names that no question can lead to by its words;
/// the published figures for comparison leave them out.
const MIN_ANSWER_CHARACTERS: usize = 10;

/// One task: its name and its two files.
pub(crate) struct Files {
    pub(crate) name: &'static str,
    pub(crate) kb: PathBuf,
    pub(crate) queries: PathBuf,
}

#[derive(Deserialize)]
struct Message {
    title: Option<String>,
    detail: Option<String>,
    reply_no_quote: Option<String>,
}

#[derive(Deserialize)]
struct Policy {
    question: String,
    answer: String,
}

/// Lays the tasks out below `scratch`.
pub(crate) fn lay_out(data: &Path, scratch: &Path) -> Result<Vec<Files>> {
    let files = |name: &'static str| Files {
        name,
        kb: scratch.join(format!("{name}.kb.jsonl")),
        queries: scratch.join(format!("{name}.queries.jsonl")),
    };
    let services = Files {
        name: "services",
        kb: data.join("service_items.jsonl"),
        queries: data.join("service_item_queries.jsonl"),
    };
    let replies = files("replies");
    write_replies(&data.join("appeals_replies.jsonl"), &replies)?;
    let policies = files("policies");
    let long_policies = files("policies_of_10_characters");
    write_policies(&data.join("policy_qa.jsonl"), &policies, 0)?;
    write_policies(
        &data.join("policy_qa.jsonl"),
        &long_policies,
        MIN_ANSWER_CHARACTERS,
    )?;
    Ok(vec![services, replies, policies, long_policies])
}

/// Title and reply are an article; the first characters of the message ask for it.
fn write_replies(source: &Path, files: &Files) -> Result<()> {
    let rows: Vec<Message> = read(source)?;
    let (mut kb, mut queries) = (create(&files.kb)?, create(&files.queries)?);
    for (number, row) in rows.into_iter().enumerate() {
        let title = row.title.unwrap_or_default();
        let message = row.detail.as_deref().unwrap_or(&title);
        let query: String = message.chars().take(MESSAGE_CHARACTERS).collect();
        let id = number.to_string();
        writeln!(queries, "{}", json!({ "query": query, "items": [id] }))?;
        let body = row.reply_no_quote.unwrap_or_default();
        writeln!(kb, "{}", json!({ "id": id, "title": title, "body": body }))?;
    }
    kb.flush()?;
    Ok(queries.flush()?)
}

/// Each different answer is an article without a title.
fn write_policies(source: &Path, files: &Files, min_characters: usize) -> Result<()> {
    let mut rows: Vec<Policy> = read(source)?;
    rows.retain(|row| row.answer.chars().count() >= min_characters);
    let (mut kb, mut queries) = (create(&files.kb)?, create(&files.queries)?);
    let mut ids: HashMap<&str, String> = HashMap::new();
    for row in &rows {
        let next = ids.len().to_string();
        let mut is_new = false;
        let id = ids.entry(&row.answer).or_insert_with(|| {
            is_new = true;
            next
        });
        if is_new {
            writeln!(
                kb,
                "{}",
                json!({ "id": id, "title": "", "body": row.answer })
            )?;
        }
        writeln!(
            queries,
            "{}",
            json!({ "query": row.question, "items": [id] })
        )?;
    }
    kb.flush()?;
    Ok(queries.flush()?)
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>> {
    let text = fs::read_to_string(path).with_context(|| format!("Reading {}", path.display()))?;
    let lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(number, line)| {
            serde_json::from_str(line).with_context(|| format!("{}, line {number}", path.display()))
        })
        .collect()
}

fn create(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("Creating {}", path.display()))?;
    Ok(BufWriter::new(file))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus;

    #[test]
    fn tasks_are_read_from_a_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("written");
        };
        write(
            "appeals_replies.jsonl",
            r#"{"title":"停水","detail":"家里停水了","reply_no_quote":"已抢修"}"#,
        );
        write(
            "policy_qa.jsonl",
            "{\"question\":\"几号\",\"answer\":\"三日\"}\n\
             {\"question\":\"怎么办\",\"answer\":\"到政务服务中心一楼办理\"}\n\
             {\"question\":\"在哪办\",\"answer\":\"到政务服务中心一楼办理\"}",
        );
        let tasks = lay_out(folder.path(), folder.path()).expect("laid out");
        let sizes: Vec<_> = tasks
            .iter()
            .skip(1)
            .map(|task| {
                let kb = corpus::read_kb(&task.kb).expect("articles");
                let queries = corpus::read_queries(&task.queries, &kb).expect("queries");
                (task.name, kb.len(), queries.len())
            })
            .collect();
        let expected = [
            ("replies", 1, 1),
            ("policies", 2, 3),
            ("policies_of_10_characters", 1, 2),
        ];
        assert_eq!(sizes, expected);
    }
}
