//! Rules on single files: size, imports, and words that must not stand in them.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::repo::Repo;

const LINES_AT_MOST: usize = 600;

/// Machine-made, and guarded by a test of its own.
const GENERATED: [&str; 2] = ["ui/src/backend/generated.ts", "ui/src/portal/generated.ts"];

/// The only folder that may know Tauri.
const TAURI_FOLDER: &str = "ui/src/backend/";

/// Folders of one machine; split so that this file passes.
const MACHINE_FOLDERS: [&str; 2] = [concat!("/wo", "rk/"), concat!("/ro", "ot/")];

/// Data that is for measuring only and must not reach the product. The service guides in the same
/// folder may: their license allows it.
const MEASURING_DATA: [&str; 9] = [
    concat!("data/", "eval"),
    concat!("appeals_", "labelled"),
    concat!("appeals_", "stream"),
    concat!("appeals_", "replies"),
    concat!("appeals_", "unlabelled"),
    concat!("near_duplicate", "_pairs"),
    concat!("third_party_hot", "_clusters"),
    concat!("taxonomy_", "3level"),
    concat!("policy", "_qa"),
];

pub(super) fn check(repo: &Repo) -> Result<Vec<String>> {
    let mut violations = Vec::new();
    for path in repo.files("")? {
        let name = repo.relative(&path);
        if is_lock_or_log(&path) {
            continue;
        }
        let bytes = fs::read(&path).with_context(|| format!("Reading {name}"))?;
        // Pictures and archives have no lines.
        if let Ok(text) = std::str::from_utf8(&bytes) {
            violations.extend(violations_of(&name, text));
        }
    }
    Ok(violations)
}

fn is_lock_or_log(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension == "lock" || extension == "log")
}

/// The violations of one file, named from the root.
pub(super) fn violations_of(name: &str, text: &str) -> Vec<String> {
    let mut violations = Vec::new();
    let n_lines = text.lines().count();
    if is_source(name) && n_lines > LINES_AT_MOST {
        violations.push(format!(
            "{name}: {n_lines} lines; split it, {LINES_AT_MOST} is the most"
        ));
    }
    for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line)) {
        if is_page(name) && !name.starts_with(TAURI_FOLDER) && imports_tauri(line) {
            violations.push(format!(
                "{name}:{at}: only {TAURI_FOLDER} may import @tauri-apps"
            ));
        }
        if let Some(folder) = MACHINE_FOLDERS
            .iter()
            .find(|folder| starts_a_path(line, folder))
        {
            violations.push(format!(
                "{name}:{at}: names {folder}…, a folder of one machine"
            ));
        }
        if is_product(name)
            && let Some(data) = MEASURING_DATA.iter().find(|data| line.contains(*data))
        {
            violations.push(format!(
                "{name}:{at}: names {data}, which is for measuring only"
            ));
        }
    }
    violations
}

fn is_source(name: &str) -> bool {
    let is_code = [".rs", ".ts", ".vue", ".css"]
        .iter()
        .any(|end| name.ends_with(end));
    let is_here = ["src-tauri/src/", "xtask/", "ui/src/"]
        .iter()
        .any(|at| name.starts_with(at))
        || (name.starts_with("crates/") && name.contains("/src/"));
    is_code && is_here && !GENERATED.contains(&name)
}

/// Code of the window; a list in it may name anything.
fn is_page(name: &str) -> bool {
    name.starts_with("ui/src/") && [".ts", ".vue"].iter().any(|end| name.ends_with(end))
}

fn is_product(name: &str) -> bool {
    ["crates/", "ui/", "src-tauri/"]
        .iter()
        .any(|folder| name.starts_with(folder))
}

fn imports_tauri(line: &str) -> bool {
    line.contains("'@tauri-apps/") || line.contains("\"@tauri-apps/")
}

/// Whether `folder` begins a path in the line: the same letters inside a web address do not count.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric() && !"._-/}".contains(letter))
    })
}
