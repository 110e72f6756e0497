//! `deny`: advisories, licences, bans and sources of every crate, judged by `cargo deny` as `deny.toml` says, without
//! a network: the advisories are those of the checkout.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};

use crate::advisories;
use crate::args::Args;
use crate::repo::Repo;
use crate::sh;

const VERSION: &str = "0.20.2";
/// Where `cargo deny` looks for the database of its standard address, inside `db-path` of `deny.toml`.
const DATABASE: &str = "target/advisory-dbs/advisory-db-3157b0e258782691";

pub(crate) fn run(repo: &Repo, args: Args) -> Result<ExitCode> {
    args.finish()?;
    install(repo)?;
    check(repo)?;
    Ok(ExitCode::SUCCESS)
}

/// Brings what is looked at, for every platform, and builds the program where it is missing: quickly rather than for
/// speed, since it runs for seconds.
pub(crate) fn install(repo: &Repo) -> Result<()> {
    sh::run(repo.cargo().args(["fetch", "--locked", "--quiet"]))?;
    let program = program(repo);
    let installed = Command::new(&program).arg("--version").output();
    let wanted = format!("cargo-deny {VERSION}\n");
    if installed.is_ok_and(|it| it.stdout == wanted.as_bytes()) {
        return Ok(());
    }
    let tools = repo.target().join("tools");
    let build = tools.join("build");
    sh::run(
        repo.cargo()
            .args(["install", "cargo-deny", "--version", VERSION, "--locked"])
            .args(["--debug", "--no-default-features", "--quiet", "--force"])
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(&build)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0"),
    )?;
    fs::remove_dir_all(&build).with_context(|| format!("Removing {}", build.display()))
}

/// An accepted advisory that is not found any more fails as well: so each run shows that it finds.
pub(crate) fn check(repo: &Repo) -> Result<()> {
    write_database(repo)?;
    sh::run(
        repo.command(program(repo))
            .args(["--offline", "--all-features", "--log-level", "error"])
            .args(["check", "--deny", "advisory-not-detected"]),
    )
}

fn program(repo: &Repo) -> PathBuf {
    repo.target().join("tools/bin/cargo-deny")
}

/// A repository of git is what it reads, with a page for each advisory.
fn write_database(repo: &Repo) -> Result<()> {
    let folder = repo.path(DATABASE);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    for (path, text) in advisories::pages_of_crates(repo)? {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(&path, text).with_context(|| format!("Writing {}", path.display()))?;
    }
    let git = |args: &[&str]| {
        let nobody = ["-c", "user.name=advisories", "-c", "user.email="];
        sh::read(
            Command::new("git")
                .current_dir(&folder)
                .args(nobody)
                .args(args),
        )
    };
    for args in [
        &["init", "--quiet"][..],
        &["add", "--all"],
        &["commit", "--quiet", "--message", "As taken"],
    ] {
        let (said, is_done) = git(args)?;
        ensure!(is_done, "git {args:?}: {said}");
    }
    Ok(())
}
