//! What is inside: crates that the two programs are built of, and packages that their pages are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::licence;
use crate::repo::Repo;
use crate::sh;

/// What is shipped, see `dist`.
const PROGRAMS: [&str; 2] = ["hotline-desk", "center-server"];
/// For which system; the list is the same wherever it is made.
const SYSTEM: &str = "x86_64-unknown-linux-gnu";
const PAGES_LOCK: &str = "ui/package-lock.json";

/// A part of somebody else's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) version: String,
    /// An expression of SPDX.
    pub(super) licence: String,
    pub(super) purl: String,
    /// The algorithm and the hash in hex, where the lock file has one in it.
    pub(super) hash: Option<(&'static str, String)>,
    /// The purls of what it is built of itself.
    pub(super) needs: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    /// None for what is ours.
    source: Option<String>,
}

impl Package {
    fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Edge>,
}

#[derive(Deserialize)]
struct Edge {
    pkg: String,
    dep_kinds: Vec<EdgeKind>,
}

#[derive(Deserialize)]
struct EdgeKind {
    /// `build`, `dev`, or none for what is built in.
    kind: Option<String>,
}

impl Edge {
    fn is_built_in(&self) -> bool {
        self.dep_kinds.iter().any(|it| it.kind.is_none())
    }
}

#[derive(Deserialize)]
struct PagesLock {
    packages: BTreeMap<String, PagesPackage>,
}

#[derive(Deserialize)]
struct PagesPackage {
    #[serde(default)]
    version: String,
    license: Option<String>,
    #[serde(default)]
    dev: bool,
}

/// Everything, by name.
pub(super) fn shipped(repo: &Repo) -> Result<Vec<Part>> {
    let mut parts = crates(repo)?;
    let text = fs::read_to_string(repo.path(PAGES_LOCK));
    parts.extend(pages(
        &text.with_context(|| format!("Reading {PAGES_LOCK}"))?,
    )?);
    parts.sort();
    parts.dedup();
    Ok(parts)
}

fn crates(repo: &Repo) -> Result<Vec<Part>> {
    let mut command = repo.cargo();
    command.args(["metadata", "--offline", "--locked", "--format-version", "1"]);
    command.args(["--filter-platform", SYSTEM]);
    let (json, is_success) = sh::read(&mut command)?;
    ensure!(is_success, "`{}` failed", sh::line(&command));
    let metadata: Metadata = serde_json::from_str(&json).context("Reading cargo metadata")?;
    let lock = fs::read_to_string(repo.path("Cargo.lock")).context("Reading Cargo.lock")?;
    let hashes = hashes(&lock);
    let packages: BTreeMap<&str, &Package> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package))
        .collect();
    let nodes: BTreeMap<&str, &Node> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let programs = metadata
        .packages
        .iter()
        .filter(|it| it.source.is_none() && PROGRAMS.contains(&it.name.as_str()));
    let mut to_visit: Vec<&str> = programs.map(|it| it.id.as_str()).collect();
    let mut reached: BTreeSet<&str> = to_visit.iter().copied().collect();
    let mut parts = Vec::new();
    while let Some(id) = to_visit.pop() {
        let (Some(package), Some(node)) = (packages.get(id), nodes.get(id)) else {
            continue;
        };
        let built_in: Vec<&str> = node
            .deps
            .iter()
            .filter(|edge| edge.is_built_in())
            .map(|edge| edge.pkg.as_str())
            .collect();
        to_visit.extend(built_in.iter().copied().filter(|it| reached.insert(it)));
        if package.source.is_none() {
            continue;
        }
        let mut needs: Vec<String> = built_in
            .iter()
            .filter_map(|it| packages.get(it))
            .map(|it| it.purl())
            .collect();
        needs.sort();
        let key = (package.name.as_str(), package.version.as_str());
        parts.push(Part {
            name: package.name.clone(),
            version: package.version.clone(),
            licence: licence::written(package.license.as_deref().unwrap_or_default()),
            purl: package.purl(),
            hash: hashes.get(&key).map(|hash| ("SHA-256", (*hash).to_owned())),
            needs,
        });
    }
    Ok(parts)
}

/// What Cargo.lock says each crate's file must hash to.
fn hashes(lock: &str) -> BTreeMap<(&str, &str), &str> {
    let mut hashes = BTreeMap::new();
    for package in lock.split("[[package]]").skip(1) {
        let field = |name: &str| {
            let mut lines = package.lines();
            let value = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(" = \""));
            value.map(|it| it.trim_end_matches('"'))
        };
        if let (Some(name), Some(version), Some(hash)) =
            (field("name"), field("version"), field("checksum"))
        {
            hashes.insert((name, version), hash);
        }
    }
    hashes
}

fn pages(lock: &str) -> Result<Vec<Part>> {
    const FOLDER: &str = "node_modules/";
    let lock: PagesLock = serde_json::from_str(lock).context("Reading package-lock.json")?;
    let parts = lock.packages.into_iter().filter_map(|(path, package)| {
        let (_, name) = path.rsplit_once(FOLDER)?;
        (!package.dev).then(|| Part {
            name: name.to_owned(),
            licence: licence::written(package.license.as_deref().unwrap_or_default()),
            purl: format!("pkg:npm/{}@{}", name.replace('@', "%40"), package.version),
            version: package.version,
            hash: None,
            needs: Vec::new(),
        })
    });
    Ok(parts.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_for_building_pages_is_not_in_them() {
        let lock = r#"{ "packages": {
            "": { "version": "0.1.0" },
            "node_modules/vue": { "version": "3.5.0", "license": "MIT" },
            "node_modules/a/node_modules/@b/c": { "version": "1.0.0", "license": "ISC" },
            "node_modules/vite": { "version": "8.0.0", "license": "MIT", "dev": true }
        } }"#;
        let parts = pages(lock).unwrap();
        let shown: Vec<String> = parts
            .iter()
            .map(|it| format!("{} {} {}", it.name, it.licence, it.purl))
            .collect();
        assert_eq!(
            shown,
            ["@b/c ISC pkg:npm/%40b/c@1.0.0", "vue MIT pkg:npm/vue@3.5.0"]
        );
    }

    #[test]
    fn hashes_stand_in_the_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nchecksum = \"00ff\"\n\n[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
        assert_eq!(hashes(lock), BTreeMap::from([(("a", "1.0.0"), "00ff")]));
    }
}
