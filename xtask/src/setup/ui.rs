//! The UI's npm packages and its build: redone only when their sources changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result, bail};

use crate::repo::Repo;
use crate::sh;

const NODE_MAJOR_AT_LEAST: u32 = 20;

/// The lock file that `node_modules` was installed from, kept inside it: times cannot be trusted,
/// as a checkout gives every file the time of the checkout.
const STAMP: &str = "ui/node_modules/.installed-from";

/// What the build of the UI is made of, beside `ui/src` and `ui/public`.
const BUILD_INPUTS: [&str; 9] = [
    "ui/index.html",
    "ui/portal.html",
    "ui/package.json",
    "ui/package-lock.json",
    "ui/vite.config.ts",
    "ui/tsconfig.json",
    "ui/tsconfig.app.json",
    "ui/tsconfig.node.json",
    "ui/env.d.ts",
];

pub(crate) fn install(repo: &Repo) -> Result<()> {
    check_node()?;
    let lock_file = repo.path("ui/package-lock.json");
    let lock = fs::read(&lock_file).with_context(|| format!("Reading {}", lock_file.display()))?;
    if fs::read(repo.path(STAMP)).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    sh::run(repo.npm().args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(repo.path(STAMP), lock).context("Noting what node_modules was installed from")
}

pub(crate) fn build(repo: &Repo) -> Result<()> {
    let built_at = modified_at(&repo.path("ui/dist/index.html"));
    let mut inputs: Vec<PathBuf> = BUILD_INPUTS.iter().map(|name| repo.path(name)).collect();
    inputs.extend(repo.files("ui/src")?);
    inputs.extend(repo.files("ui/public")?);
    if is_fresh(built_at, inputs.iter().filter_map(|path| modified_at(path))) {
        return Ok(());
    }
    sh::run(repo.npm().args(["run", "build"]))
}

fn modified_at(path: &Path) -> Option<SystemTime> {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}

fn is_fresh(
    built_at: Option<SystemTime>,
    mut changed_at: impl Iterator<Item = SystemTime>,
) -> bool {
    built_at.is_some_and(|built_at| changed_at.all(|at| at <= built_at))
}

fn check_node() -> Result<()> {
    let wanted = format!(
        "Node {NODE_MAJOR_AT_LEAST} or newer with npm is needed (https://nodejs.org; Debian 12's own is 18)"
    );
    if sh::find("node").is_none() || sh::find("npm").is_none() {
        bail!("{wanted}; node or npm was not found");
    }
    let (version, _) = sh::read(Command::new("node").arg("--version"))?;
    match node_major(&version) {
        Some(major) if major >= NODE_MAJOR_AT_LEAST => Ok(()),
        _ => bail!("{wanted}; this one is {}", version.trim()),
    }
}

fn node_major(version: &str) -> Option<u32> {
    version
        .trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn reads_nodes_version() {
        assert_eq!(node_major("v20.20.2\n"), Some(20));
        assert_eq!(node_major("v8.1.0"), Some(8));
        assert_eq!(node_major("nonsense"), None);
    }

    #[test]
    fn rebuilds_only_after_a_change() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert!(is_fresh(Some(at(5)), [at(3), at(5)].into_iter()));
        assert!(!is_fresh(Some(at(5)), [at(3), at(6)].into_iter()));
        assert!(!is_fresh(None, [at(3)].into_iter()));
    }
}
