//! docs/安全核对.md: fifty statements, each with the tests that hold it. A test that is named must be there,
//! and a statement that must hold in CI has one or stands among the exceptions by its number.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context as _, Result};

use super::asvs;
use crate::repo::Repo;

const PAGE: &str = "docs/安全核对.md";
const N_STATEMENTS: u32 = 50;
/// What stands before the numbers of the exceptions.
const EXCEPTIONS: &str = "未达到的 S 项：";

/// 陈述.
struct Statement<'a> {
    number: u32,
    is_held_in_ci: bool,
    /// What stands in backticks in the last cell.
    tests: Vec<&'a str>,
}

pub(super) fn check(repo: &Repo) -> Result<Vec<String>> {
    let page = fs::read_to_string(repo.path(PAGE)).with_context(|| format!("Reading {PAGE}"))?;
    let mut names = BTreeSet::new();
    for path in repo.files("")? {
        let name = repo.relative(&path);
        let is_code = ["rs", "ts", "mjs"]
            .iter()
            .any(|end| path.extension().is_some_and(|it| it == *end));
        if is_code {
            let text = fs::read_to_string(&path).with_context(|| format!("Reading {name}"))?;
            names.extend(test_names(&text));
            names.insert(name);
        }
    }
    let mut found = differences(&page, &names);
    let page = fs::read_to_string(repo.path(asvs::PAGE));
    let page = page.with_context(|| format!("Reading {}", asvs::PAGE))?;
    found.extend(asvs::differences(&page, &names));
    Ok(found)
}

/// The functions of a file that follow a line with `test` in its attribute.
pub(super) fn test_names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            is_test |= line.contains("test");
            continue;
        }
        let function = line.trim_start_matches("pub ").trim_start_matches("async ");
        let name = function
            .strip_prefix("fn ")
            .and_then(|it| it.split('(').next());
        // A property of proptest is a function with an attribute of its own, too.
        if let Some(name) = name.filter(|_| is_test) {
            names.push(name.to_owned());
        }
        is_test &= line.is_empty() || line.starts_with("//");
    }
    names
}

/// What the page and the tests do not agree on.
pub(super) fn differences(page: &str, names: &BTreeSet<String>) -> Vec<String> {
    let statements: Vec<Statement<'_>> = page.lines().filter_map(statement_of).collect();
    let exceptions = exceptions_of(page);
    let mut found = Vec::new();
    for number in 1..=N_STATEMENTS {
        let n = statements.iter().filter(|it| it.number == number).count();
        if n != 1 {
            found.push(format!("{PAGE}: statement {number} stands there {n} times"));
        }
    }
    for statement in &statements {
        let number = statement.number;
        for test in &statement.tests {
            if !names.contains(*test) {
                found.push(format!("{PAGE}: {number} names `{test}`, which is no test"));
            }
        }
        let is_exception = exceptions.contains(&number);
        if statement.is_held_in_ci && statement.tests.is_empty() && !is_exception {
            found.push(format!("{PAGE}: {number} must hold in CI and has no test"));
        }
        if is_exception && (!statement.is_held_in_ci || !statement.tests.is_empty()) {
            found.push(format!("{PAGE}: {number} is no exception any more"));
        }
    }
    found
}

/// `| 9 S | what must hold | whether it does | `test` |`.
fn statement_of(line: &str) -> Option<Statement<'_>> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let [number, _, _, tests, ..] = cells.as_slice() else {
        return None;
    };
    let mut words = number.split(' ');
    let number = words.next()?.parse().ok()?;
    let is_held_in_ci = words.next() == Some("S");
    Some(Statement {
        number,
        is_held_in_ci,
        tests: tests.split('`').skip(1).step_by(2).collect(),
    })
}

fn exceptions_of(page: &str) -> BTreeSet<u32> {
    let line = page.lines().find_map(|line| line.strip_prefix(EXCEPTIONS));
    let numbers = line.unwrap_or_default().split(['、', '。', ' ']);
    numbers.filter_map(|it| it.parse().ok()).collect()
}
