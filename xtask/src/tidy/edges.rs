//! Which crate may depend on which.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use crate::repo::Repo;
use crate::sh;

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// A package of the workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(super) dependencies: Vec<Dependency>,
    pub(crate) targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// `None` is a normal dependency, else `dev` or `build`.
    pub(super) kind: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Target {
    pub(crate) name: String,
    kind: Vec<String>,
}

impl Target {
    /// Whether it is an integration test.
    pub(crate) fn is_test(&self) -> bool {
        self.kind.iter().any(|kind| kind == "test")
    }
}

/// A rule on the normal and build dependencies of some packages.
struct Rule {
    applies_to: fn(&str) -> bool,
    forbids: fn(&str) -> bool,
    why: &'static str,
}

const RULES: [Rule; 11] = [
    Rule {
        applies_to: |name| name == "domain",
        forbids: |name| !matches!(name, "chrono" | "serde" | "thiserror"),
        why: "domain is pure: chrono, serde and thiserror are all it may know",
    },
    Rule {
        applies_to: |name| name == "audit",
        forbids: |name| !matches!(name, "data-encoding" | "serde" | "sha2" | "thiserror"),
        why: "audit is pure: stores and clocks stay with whoever keeps a chain",
    },
    Rule {
        applies_to: |name| name == "desk" || name.starts_with("desk-"),
        forbids: |name| name == "tauri" || name.starts_with("tauri-"),
        why: "only the shell (src-tauri) knows Tauri",
    },
    Rule {
        applies_to: |name| name == "search",
        forbids: |name| name == "rusqlite",
        why: "the index can be rebuilt from any source; SQL stays in desk-store",
    },
    Rule {
        applies_to: |name| name == "intake",
        forbids: |name| {
            !matches!(
                name,
                "domain" | "chrono" | "serde" | "thiserror" | "fast2s" | "rustc-hash"
            )
        },
        why: "intake is handed texts, tables and times; it reads no store, no network and no clock",
    },
    Rule {
        applies_to: |name| matches!(name, "center" | "center-server"),
        forbids: |name| name == "desk" || name.starts_with("desk-"),
        why: "the center must not contain the workstation",
    },
    Rule {
        applies_to: |name| name == "wire",
        forbids: |name| {
            matches!(
                name,
                "center" | "desk" | "search" | "documents" | "rusqlite" | "tokio"
            ) || name.starts_with("desk-")
        },
        why: "what crosses the network knows the rules and nothing else of ours",
    },
    Rule {
        applies_to: |name| name == "wording",
        forbids: |name| {
            matches!(name, "search" | "documents" | "rusqlite" | "tokio")
                || name.starts_with("desk")
        },
        why: "what people read of the rules is the same wherever they read it",
    },
    Rule {
        applies_to: |name| name == "desk-sync",
        forbids: |name| matches!(name, "center" | "rusqlite" | "desk-store"),
        why: "sync decides what to do; the store and the network are handed in",
    },
    Rule {
        applies_to: |name| {
            !matches!(
                name,
                "paper" | "desk" | "hotline-desk" | "year" | "load" | "fuzz"
            )
        },
        forbids: |name| matches!(name, "krilla" | "subsetter" | "ttf-parser"),
        why: "how a PDF is made stays in paper, and only what has a desk in it prints",
    },
    Rule {
        applies_to: |_| true,
        forbids: |name| matches!(name, "testkit" | "fault-disk"),
        why: "testkit and fault-disk are for tests: dev-dependencies only",
    },
];

/// The packages of the workspace. `--no-deps` keeps it independent of what was downloaded.
pub(crate) fn packages(repo: &Repo) -> Result<Vec<Package>> {
    let mut command = repo.cargo();
    command.args([
        "metadata",
        "--offline",
        "--no-deps",
        "--format-version",
        "1",
    ]);
    let (json, is_success) = sh::read(&mut command)?;
    ensure!(is_success, "`{}` failed", sh::line(&command));
    let metadata: Metadata = serde_json::from_str(&json).context("Reading cargo metadata")?;
    Ok(metadata.packages)
}

/// The forbidden edges, those by way of other packages of the workspace included.
pub(super) fn check(packages: &[Package]) -> Vec<String> {
    let mut violations = Vec::new();
    for rule in &RULES {
        for package in packages
            .iter()
            .filter(|package| (rule.applies_to)(&package.name))
        {
            let forbidden = reached(packages, package).into_iter();
            violations.extend(forbidden.filter(|name| (rule.forbids)(name)).map(|name| {
                format!(
                    "Cargo.toml of {}: depends on {name}; {}",
                    package.name, rule.why
                )
            }));
        }
    }
    violations
}

/// Names of everything a package pulls into a build that is not a test.
fn reached<'a>(packages: &'a [Package], start: &'a Package) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut to_visit = vec![start];
    while let Some(package) = to_visit.pop() {
        let normal = package
            .dependencies
            .iter()
            .filter(|edge| edge.kind.as_deref() != Some("dev"));
        for edge in normal {
            let is_new = reached.insert(edge.name.as_str());
            if is_new {
                to_visit.extend(packages.iter().find(|package| package.name == edge.name));
            }
        }
    }
    reached
}
