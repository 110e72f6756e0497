//! Clients of others that the tests run against the center: an environment of Python of their own.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::repo::Repo;
use crate::sh;

/// Every package with its version.
const REQUIREMENTS: &str = "crates/center-server/tests/outward/clients/requirements.txt";
/// The requirements that the environment was made from, kept inside it.
const STAMP: &str = ".installed-from";

pub(crate) fn install(repo: &Repo) -> Result<()> {
    let wanted = repo.path(REQUIREMENTS);
    let text = fs::read(&wanted).with_context(|| format!("Reading {}", wanted.display()))?;
    let folder = repo.target().join("clients");
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(());
    }
    sh::run(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    let pip = folder.join("bin/pip");
    sh::run(
        Command::new(pip)
            .args(["install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(&wanted),
    )?;
    fs::write(stamp, text).context("Noting what the clients were installed from")
}
