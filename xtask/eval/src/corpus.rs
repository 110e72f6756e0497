//! Reads articles and queries from files with one JSON object a line.

use std::{
    collections::HashSet,
    fs::File,
    io::{BufRead as _, BufReader},
    path::Path,
};

use anyhow::{Context as _, Result, bail, ensure};
use search::Document;
use serde::Deserialize;
use serde_json::{Map, Value};

/// A query and the ids of the articles that answer it.
#[derive(Debug)]
pub(crate) struct LabelledQuery {
    /// Its line in the file, counted from 1.
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) right: HashSet<String>,
}

#[derive(Deserialize)]
struct QueryLine {
    query: String,
    items: Vec<Value>,
}

/// Reads the articles.
pub(crate) fn read_kb(path: &Path) -> Result<Vec<Document>> {
    let mut ids = HashSet::new();
    read_lines(path, |_, line| {
        let document = document(serde_json::from_str(line)?)?;
        ensure!(
            ids.insert(document.id.clone()),
            "the id {:?} is there twice",
            document.id
        );
        Ok(document)
    })
}

/// Reads the queries; each names at least one article of the knowledge base.
pub(crate) fn read_queries(path: &Path, kb: &[Document]) -> Result<Vec<LabelledQuery>> {
    let ids: HashSet<&str> = kb.iter().map(|document| document.id.as_str()).collect();
    read_lines(path, |number, line| {
        let QueryLine { query, items } = serde_json::from_str(line)?;
        let right = items.into_iter().map(id).collect::<Result<HashSet<_>>>()?;
        ensure!(!right.is_empty(), "items is empty");
        for id in &right {
            ensure!(
                ids.contains(id.as_str()),
                "the knowledge base has no article {id:?}"
            );
        }
        Ok(LabelledQuery {
            line: number,
            text: query,
            right,
        })
    })
}

fn read_lines<T>(path: &Path, mut read: impl FnMut(usize, &str) -> Result<T>) -> Result<Vec<T>> {
    let file = File::open(path).with_context(|| format!("Opening {}", path.display()))?;
    let mut rows = Vec::new();
    for (number, line) in (1..).zip(BufReader::new(file).lines()) {
        let place = || format!("{}, line {number}", path.display());
        let line = line.with_context(place)?;
        if !line.trim().is_empty() {
            rows.push(read(number, &line).with_context(place)?);
        }
    }
    ensure!(!rows.is_empty(), "{} has no lines", path.display());
    Ok(rows)
}

fn document(mut fields: Map<String, Value>) -> Result<Document> {
    let id_field = take_first(&mut fields, &["id", "item"]).context("id (or item) is missing")?;
    let title = match take_first(&mut fields, &["title", "name"]) {
        Some(Value::String(title)) => title,
        Some(other) => bail!("the title is not a text: {other}"),
        None => bail!("title (or name) is missing"),
    };
    let mut texts: Vec<String> = Vec::new();
    texts.extend(fields.remove("body").and_then(text_of));
    texts.extend(fields.into_values().filter_map(text_of));
    Ok(Document {
        id: id(id_field)?,
        title,
        names: Vec::new(),
        body: texts.join("\n"),
        ..Document::default()
    })
}

fn take_first(fields: &mut Map<String, Value>, names: &[&str]) -> Option<Value> {
    names.iter().find_map(|name| fields.remove(*name))
}

/// Returns the words of a text field, and nothing for numbers, objects and the like.
fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(values) => {
            let texts: Vec<String> = values.into_iter().filter_map(text_of).collect();
            (!texts.is_empty()).then(|| texts.join("\n"))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

fn id(value: Value) -> Result<String> {
    match value {
        Value::String(id) => Ok(id),
        Value::Number(id) => Ok(id.to_string()),
        other @ (Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) => {
            bail!("an id is a text or a number, not {other}")
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use expect_test::{Expect, expect};

    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(text.as_bytes()).expect("written");
        file
    }

    #[test]
    fn both_forms_of_articles() {
        let file = file(concat!(
            r#"{"id":"a","title":"医保卡补办","body":"带身份证。","tags":["医保",1],"n":3}"#,
            "\n\n",
            r#"{"item":7,"name":"低保","department":"民政局","materials":[]}"#,
        ));
        let kb = read_kb(file.path()).expect("good");
        let shown: Vec<_> = kb.iter().map(|d| (&*d.id, &*d.title, &*d.body)).collect();
        assert_eq!(
            shown,
            [
                ("a", "医保卡补办", "带身份证。\n医保"),
                ("7", "低保", "民政局")
            ]
        );
    }

    fn check_kb(text: &str, expected: &Expect) {
        let file = file(text);
        let error = read_kb(file.path()).expect_err("bad");
        let shown = format!("{error:#}").replace(&file.path().display().to_string(), "FILE");
        expected.assert_eq(&shown);
    }

    #[test]
    fn bad_articles_are_named() {
        check_kb("", &expect!["FILE has no lines"]);
        check_kb(
            "{\"id\":1,\"title\":\"x\"}\n{",
            &expect!["FILE, line 2: EOF while parsing an object at line 1 column 1"],
        );
        check_kb(
            r#"{"title":"x"}"#,
            &expect!["FILE, line 1: id (or item) is missing"],
        );
        check_kb(
            r#"{"id":1}"#,
            &expect!["FILE, line 1: title (or name) is missing"],
        );
        check_kb(
            r#"{"id":[],"title":"x"}"#,
            &expect!["FILE, line 1: an id is a text or a number, not []"],
        );
        check_kb(
            "{\"id\":1,\"title\":\"x\"}\n{\"id\":\"1\",\"title\":\"y\"}",
            &expect![[r#"FILE, line 2: the id "1" is there twice"#]],
        );
    }

    #[test]
    fn a_query_names_articles_that_are_there() {
        let kb = [Document {
            id: "1".to_owned(),
            title: String::new(),
            names: Vec::new(),
            body: String::new(),
            ..Document::default()
        }];
        let read = |text: &str| read_queries(file(text).path(), &kb);
        assert_eq!(
            read(r#"{"query":"水","items":[1,"1"]}"#)
                .expect("good")
                .len(),
            1
        );
        assert!(read(r#"{"query":"水","items":[]}"#).is_err());
        assert!(read(r#"{"query":"水","items":[2]}"#).is_err());
        assert!(read(r#"{"items":[1]}"#).is_err());
    }
}
