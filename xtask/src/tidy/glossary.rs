//! docs/GLOSSARY.md and `domain` say the same words.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Result;

use crate::repo::Repo;

const GLOSSARY: &str = "docs/GLOSSARY.md";
const DOMAIN: &str = "crates/domain/src";

pub(super) fn check(repo: &Repo) -> Result<Vec<String>> {
    let Ok(glossary) = fs::read_to_string(repo.path(GLOSSARY)) else {
        return Ok(vec![format!("{GLOSSARY}: it is missing")]);
    };
    let mut code = String::new();
    for path in repo.files(DOMAIN)? {
        code.push_str(&fs::read_to_string(&path)?);
    }
    Ok(differences(&glossary, &code))
}

/// Words of the glossary that the code does not have, and public types that have no row.
pub(super) fn differences(glossary: &str, code: &str) -> Vec<String> {
    let listed: BTreeSet<&str> = identifiers(glossary);
    let words: BTreeSet<&str> = words_of(code).collect();
    let types: BTreeSet<&str> = code.lines().filter_map(public_type).collect();
    let unknown = listed
        .difference(&words)
        .map(|word| format!("{GLOSSARY}: `{word}` is not in {DOMAIN}; remove it or use it there"));
    let unlisted = types
        .difference(&listed)
        .map(|name| format!("{DOMAIN}: `{name}` is public and has no row in {GLOSSARY}"));
    unknown.chain(unlisted).collect()
}

/// The identifiers in the second column of the glossary's tables; in a cell with code spans, only
/// what stands in them.
fn identifiers(glossary: &str) -> BTreeSet<&str> {
    let rows = glossary
        .lines()
        .filter(|line| line.trim_start().starts_with('|'));
    rows.filter_map(|row| row.trim().split('|').nth(2))
        .filter(|cell| cell.trim() != "identifier")
        .flat_map(|cell| {
            let with_ticks = cell.contains('`');
            cell.split('`')
                .enumerate()
                .filter(move |(at, _)| !with_ticks || at % 2 == 1)
                .flat_map(|(_, part)| words_of(part))
        })
        .collect()
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .filter(|word| word.starts_with(|first: char| first.is_ascii_alphabetic()))
}

/// The name in `pub struct Name`, `pub enum Name` or `pub trait Name`.
fn public_type(line: &str) -> Option<&str> {
    let declared = line.trim_start().strip_prefix("pub ")?;
    let name = ["struct ", "enum ", "trait "]
        .iter()
        .find_map(|kind| declared.strip_prefix(kind))?;
    words_of(name).next()
}
